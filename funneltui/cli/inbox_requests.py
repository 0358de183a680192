"""Answers the requests of the form server: what is wrong with one, in a status and a sentence, or that it was stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from funneltui.errors import BadInput, FunneltuiError, StorageError
from funneltui.services.inbox import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from funneltui.cli.request_limits import Rates, Token
    from funneltui.domain.inbox import Arrival
    from funneltui.services.inbox import Taken

BODY_LIMIT = 65_536
"""The most bytes of a form."""

_TYPES = ("application/json", "application/x-www-form-urlencoded")

Environment = dict[str, Any]
"""What WSGI tells of a request."""


class Desk(Protocol):
    """Where forms are handed in."""

    def read(self, body: bytes, content_type: str, key: str) -> Arrival:
        """Give what a form says."""

    def take(self, arrival: Arrival) -> Taken:
        """Keep what arrived, and give what became of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: a status, a sentence or what became of it, and headers beside the usual ones."""

    status: HTTPStatus
    said: str
    headers: tuple[tuple[str, str], ...] = ()


class Requests:
    """A WSGI application that takes forms, and refuses everything else clearly before it reads anything of it."""

    def __init__(self, desk: Desk, token: Token, rates: Rates, log: Callable[[str], None]) -> None:
        """Hand forms in at a desk; tell each request in a line of the log that holds nothing of anybody."""
        self._desk, self._token, self._rates, self._log = desk, token, rates, log

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, whatever happens."""
        try:
            answer = self._refused(environ) or self._taken(environ)
        except Exception as error:  # the server stays up, and the log says what broke but not with whose words
            self._log(f"error: {type(error).__name__}")
            answer = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "this should not have happened; nothing was stored")
        good = answer.status < HTTPStatus.BAD_REQUEST
        body = b"" if not answer.said else json.dumps({"state" if good else "error": answer.said}).encode() + b"\n"
        usual = (
            ("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        )  # fmt: skip
        start_response(f"{answer.status.value} {answer.status.phrase}", [*usual, *answer.headers])
        method = environ.get("REQUEST_METHOD", "")
        self._log(f"{method if method in _METHODS else 'other'} {answer.status.value} {_length(environ)}")
        return [body]

    def _refused(self, environ: Environment) -> Answer | None:
        """Say why a request is refused, by what it is and who sends it; nothing if its form may be read."""
        if not self._rates.lets_in(str(environ.get("REMOTE_ADDR", ""))):
            return _too_many("this address sends too many requests")
        if environ.get("PATH_INFO", "/") not in ("", "/"):
            return Answer(HTTPStatus.NOT_FOUND, "forms are posted to /")
        if environ["REQUEST_METHOD"] == "OPTIONS":  # a browser asks whether another site may post: no header says yes
            return Answer(HTTPStatus.NO_CONTENT, "", (_ALLOW,))
        if environ["REQUEST_METHOD"] != "POST":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, "forms are posted: use POST", (_ALLOW,))
        if environ.get("HTTP_ORIGIN"):
            return Answer(HTTPStatus.FORBIDDEN, "a browser may not post here: the web site's own server does")
        if not self._token.is_brought(str(environ.get("HTTP_AUTHORIZATION", ""))):
            challenge = (("WWW-Authenticate", 'Bearer realm="funneltui"'),)
            return Answer(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong", challenge)
        if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity" or _kind(environ) not in _TYPES:
            return Answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {' or '.join(_TYPES)}, not compressed")
        if _length(environ) > BODY_LIMIT:
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a form has at most {BODY_LIMIT} bytes")
        return None if _length(environ) else Answer(HTTPStatus.BAD_REQUEST, "the form is empty")

    def _taken(self, environ: Environment) -> Answer:
        body = environ["wsgi.input"].read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a form has at most {BODY_LIMIT} bytes")
        key = str(environ.get("HTTP_IDEMPOTENCY_KEY", ""))
        try:
            arrival = self._desk.read(body, str(environ.get("CONTENT_TYPE", "")), key)
        except BadInput as error:
            return Answer(HTTPStatus.BAD_REQUEST, str(error))
        if not self._rates.lets_through():
            return _too_many("too many forms come in")
        try:
            taken = self._desk.take(arrival)
        except StorageError:
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, "nothing can be stored now; try again", (_RETRY,))
        except FunneltuiError as error:
            self._log(f"refused: {error}")  # of the settings or the workspace, not of the form
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, "nothing can be stored; the server's log says why", (_RETRY,))
        known = taken.fate is Fate.KNOWN
        return Answer(HTTPStatus.OK if known else HTTPStatus.CREATED, taken.fate.value)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_ALLOW = ("Allow", "POST, OPTIONS")
_RETRY = ("Retry-After", "60")


def stamped(text: str) -> str:
    """Give a line of the log with its moment."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}"


def _too_many(what: str) -> Answer:
    return Answer(HTTPStatus.TOO_MANY_REQUESTS, f"{what}; try again in a minute", (_RETRY,))


def _kind(environ: Environment) -> str:
    return str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def _length(environ: Environment) -> int:
    text = str(environ.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() and len(text) < 16 else 0
