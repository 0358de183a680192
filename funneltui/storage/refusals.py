"""A database's own errors in words: what is wrong, what became of the change, what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

from funneltui.errors import StorageError
from funneltui.storage.database_places import is_server


class Damaged(StorageError):
    """A file is no database any more, or not a whole one: what it holds has to be saved, or restored."""


def storage_error(error: BaseException, location: str = "", holder: str = "") -> StorageError:
    """Give the message for a database's own error: what is wrong and what to do; `holder` is who keeps it locked."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    where = f" ({without_password(location)})" if location else ""
    lower = text.lower()
    for sign, advice in _ADVICE:
        if sign in lower:
            kind = Damaged if (sign, advice) in _DAMAGES else StorageError
            return kind(f"{advice.replace(_SOMEBODY, holder or _SOMEBODY)}{where}")
    return StorageError(f"the database refused{where}: {text}")


_SOMEBODY = "another program"
_DAMAGED = (
    "the database file is damaged; `funneltui doctor --repair` saves what can be read, `funneltui restore FILE` puts a "
    "backup in its place"
)
_FULL = "the disk is full, or a limit of the file's size is reached: nothing was changed; make room and try again"
_NO_DATABASE = (
    "this file is no funneltui workspace, or it is damaged: name another with --db; if it was one, "
    "`funneltui doctor --repair` saves what can be read, `funneltui restore FILE` puts a backup in its place"
)
_DAMAGES = (
    ("not a database", _NO_DATABASE),
    ("unsupported file format", _DAMAGED),
    ("malformed", _DAMAGED),
    ("could not decode", _DAMAGED),
    ("no such table", _DAMAGED),
    ("no such column", _DAMAGED),
    ("no such index", _DAMAGED),
)
_ADVICE = (
    *_DAMAGES,
    ("permission denied", "the database file or its folder may not be entered; check the rights"),
    ("name too long", "the path of the database is too long; name another with --db"),
    ("null byte", "the path of the database has a character that no path can have; name another with --db"),
    ("home directory", "the path of the database names a user that does not exist; name another with --db"),
    ("netloc", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("ipv6", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("locked", f"the database is locked by {_SOMEBODY}; nothing was changed, try again in a moment"),
    ("readonly", "the database is read-only: check the rights of the file and of its folder; nothing was changed"),
    ("disk is full", _FULL),
    ("file too large", _FULL),
    ("no space left", _FULL),
    ("unable to open", "the database file cannot be opened; check the path, and the rights of the file and its folder"),
    (
        "disk i/o",
        "the disk refuses to read or write: it is full, a limit of sizes is reached, or it fails; nothing was changed: "
        "look at the room there is (`df`), then try again",
    ),
    ("terminating connection", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is closed", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection unexpectedly", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is lost", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection refused", "the PostgreSQL server does not answer; check the URL and that the server runs"),
    ("password authentication", "the PostgreSQL server refused the user or the password of the URL"),
    ("foreign key", "a record that this refers to does not exist; nothing was changed"),
)


def without_password(location: str) -> str:
    """Give a location as it may be shown: a URL without the user and his password."""
    if not is_server(location):
        return location
    try:
        parts = urlsplit(location)
    except ValueError:
        return location.split("://")[0]
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
