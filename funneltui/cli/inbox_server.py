"""The form server: waitress in front, one thread with one connection behind it, until a signal ends it."""

from __future__ import annotations

import logging
import signal
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from funneltui.cli.inbox_options import known_labels
from funneltui.cli.inbox_requests import BODY_LIMIT, Requests, stamped
from funneltui.cli.output import remark, say
from funneltui.cli.request_limits import Rates
from funneltui.errors import Conflict, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from funneltui.cli.request_limits import Token
    from funneltui.cli.session import Session
    from funneltui.domain.inbox import Arrival
    from funneltui.exchange.form_in import Labels
    from funneltui.services.context import Context
    from funneltui.services.inbox import Taken
    from funneltui.services.inbox_values import Completion

_HEADERS = 16_384
_CONNECTIONS = 100
_SILENCE = 20
"""The seconds after which a connection that says nothing is closed."""

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, whose word on the sender's address counts, and how many requests a minute are answered."""

    host: str
    port: int
    proxy: str
    rate: int
    rate_all: int


class FormDesk:
    """Takes forms into a workspace; everything of the database happens in one thread, one form after another."""

    def __init__(self, open_workspace: Callable[[], Context], labels: Path | None, said: Completion) -> None:
        """Open the workspace in the thread, and see that what was said of it can be read.

        Raises:
            FunneltuiError: it cannot be opened, or an option or setting is wrong.
        """
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._labels_file, self._said = labels, said
        try:
            self._context = self._in_thread(open_workspace).result()
            self._labels = self._in_thread(self._known).result()
        except BaseException:
            self._pool.shutdown()
            raise

    def read(self, body: bytes, content_type: str, key: str) -> Arrival:
        """Give what a form says."""
        from funneltui.exchange.form_in import read_form

        return read_form(body, content_type, self._labels, key, self._context.clock.today())

    def take(self, arrival: Arrival) -> Taken:
        """Keep what arrived, and give what became of it; a pipeline that was changed is read again."""
        return self._in_thread(lambda: self._take(arrival)).result()

    def close(self, end: Callable[[], None]) -> None:
        """End what was begun, the workspace in its thread, then that."""
        try:
            self._in_thread(end).result()
        finally:
            self._pool.shutdown()

    def _in_thread(self, work: Callable[[], Made]) -> Future[Made]:
        return self._pool.submit(work)

    def _known(self) -> Labels:
        from funneltui.services import inbox

        inbox.check(self._context, self._said)
        chosen = self._said.pipeline
        return known_labels(self._labels_file, self._context.pipeline_of(chosen) if chosen else self._context.pipeline)

    def _take(self, arrival: Arrival) -> Taken:
        from funneltui.services import inbox, workspaces

        try:
            return inbox.take_in(self._context, arrival, self._said)
        except Conflict:
            self._context = workspaces.refreshed(self._context)
            self._labels = self._known()
            return inbox.take_in(self._context, arrival, self._said)


def serve_forms(session: Session, where: Listening, token: Token, labels: Path | None, said: Completion) -> None:
    """Take forms until SIGTERM, SIGINT or SIGHUP.

    Raises:
        StorageError: waitress is not installed, or the place to listen on is taken. FunneltuiError: see `FormDesk`.
    """
    try:
        from waitress.server import create_server
    except ImportError:
        raise StorageError("the form server needs the extra: install funneltui[serve]") from None
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for each other is no news
    desk = FormDesk(session.workspace, labels, said)
    try:
        rates = Rates(where.rate, where.rate_all, time.monotonic)
        application = Requests(desk, token, rates, lambda text: remark(stamped(text)))
        with _listening(where) as place:
            server = create_server(
                application, sockets=[place], threads=4, ident=None, connection_limit=_CONNECTIONS,
                channel_timeout=_SILENCE, cleanup_interval=5, max_request_header_size=_HEADERS,
                max_request_body_size=BODY_LIMIT, clear_untrusted_proxy_headers=True, trusted_proxy=where.proxy or None,
                trusted_proxy_headers={"x-forwarded-for"} if where.proxy else set(),
            )  # fmt: skip
            with _ended_by_signals():
                _tell(where, place.getsockname()[1])
                server.run()
            server.close()
    finally:
        desk.close(session.close)


def _listening(where: Listening) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        return socket.create_server((where.host, where.port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"cannot listen on {where.host}, port {where.port}: {reason}") from error


def _tell(where: Listening, port: int) -> None:
    host = f"[{where.host}]" if ":" in where.host else where.host
    say(f"forms are taken at http://{host}:{port}/; ctrl+c ends it")
    if where.host not in ("127.0.0.1", "::1", "localhost"):
        remark(
            "note: the token travels in clear; let a reverse proxy with TLS stand before an address that others reach"
        )


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit

    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {one: signal.signal(one, end) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
