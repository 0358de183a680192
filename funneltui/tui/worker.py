"""The one storage thread with its one connection: everything of the database runs here, nothing on the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from funneltui.errors import FunneltuiError, StorageError
from funneltui.storage import database as storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

_PATIENCE = 0.3
"""The seconds that leaving the program waits for a query that still runs."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Leaving(Exception):
    """The program is being left: work that takes long ends here, undone."""


class Worker:
    """Runs services one after another in its thread, with the workspace that it opened there.

    Work that takes long calls `give_way` from time to time: what waits meanwhile is then done in between.
    """

    def __init__(self, open_workspace: Callable[[], Context]) -> None:
        """Start the thread and open the workspace in it; whatever that raises, the first `run` raises."""
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._renewed: Context | None = None
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._leaving = False
        self._left: asyncio.Future[None] | None = None
        self._opened: Future[Context] = self._pool.submit(open_workspace)

    @property
    def context(self) -> Context:
        """The open workspace; waits for it to be open."""
        return self._renewed or self._opened.result()

    async def renew(self, service: Callable[[Context], Context]) -> Context:
        """Work in the workspace that a service gives from now on, and give it: its pipelines were changed."""
        self._renewed = await self.run(service)
        return self._renewed

    def submit(
        self, service: Callable[Concatenate[Context, Given], Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Queue a service with the workspace as its first argument, and give its future."""
        return self._queue(lambda: self._served(lambda context: service(context, *args, **kwargs)))

    def _served(self, service: Callable[[Context], Answer]) -> Answer:
        """Run a service; where it falls over what a damaged database holds, that is what is told."""
        context = self.context
        try:
            return service(context)
        except FunneltuiError:
            raise
        except Exception as error:
            from funneltui.services.health import explained

            raise explained(context, error) from error

    async def run(
        self, service: Callable[Concatenate[Context, Given], Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Answer:
        """Run a service in the thread and give its answer, or raise what it raised.

        Raises:
            StorageError: the program is being left, and the storage does not answer; what was asked for may still be done.
        """
        return await self._answer_of(self.submit(service, *args, **kwargs))

    async def apart(self, work: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        """Run other work that waits (files) in the same thread; raises what `run` raises."""
        return await self._answer_of(self._queue(lambda: work(*args, **kwargs)))

    async def _answer_of(self, future: Future[Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        if self._left is None or self._left.get_loop() is not loop:
            self._left = loop.create_future()
        answer = asyncio.wrap_future(future)
        try:
            await asyncio.wait((answer, self._left), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            answer.cancel()  # nobody wants it any more; what has not begun is not done
            raise
        if not answer.done():
            message = "the program is being left before the database has answered"
            raise StorageError(message)
        return answer.result()

    def leave(self) -> None:
        """Let nobody wait any more for what the thread still does: the program is being left."""
        if self._left is not None and not self._left.done():
            self._left.set_result(None)

    def _queue(self, work: Callable[[], Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()
        self._waiting.append((future, work))
        self._pool.submit(self._do_next)
        return future

    def _do_next(self) -> None:
        if not self._waiting:  # `give_way` has done it
            return
        future, work = self._waiting.popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            answer = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(answer)

    def give_way(self, *_: object) -> None:
        """Do now what waits, in the middle of work that takes long; called by that work, in the thread.

        Raises:
            Leaving: the program is being left; nobody waits for that work any more.
        """
        if self._leaving:
            raise Leaving
        while self._waiting:
            self._do_next()

    def close(self) -> None:
        """Close the connection in its own thread, and end the thread; a query that takes long is stopped."""
        self._leaving = True
        if self._opened.done() and self._opened.exception() is None:
            closing = self._pool.submit(storage.close, self.context.database)
            if not wait([closing], timeout=_PATIENCE).done:
                # Only then: SQLite leaves its journal lying when it is interrupted while it closes.
                storage.interrupt(self.context.database)
        self._pool.shutdown(wait=True)
