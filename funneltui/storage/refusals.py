"""A database's own errors in words: what is wrong, what became of the change, what to do."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from funneltui.errors import StorageError
from funneltui.storage import disks
from funneltui.storage.database_places import is_server


class Damaged(StorageError):
    """A file is no database any more, or not a whole one: what it holds has to be saved, or restored."""


class Unsound(Damaged):
    """A copy of a workspace is not whole, or none at all; the message says in which way."""


def storage_error(error: BaseException, location: str = "", holder: str = "", file: Path | None = None) -> StorageError:
    """Give the message for a database's own error: what is wrong and what to do.

    `holder` is who keeps it locked, `file` the file that is known to be meant where no location is to be shown.
    """
    error = what_came_first(error)
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    where = f" ({without_password(location)})" if location else ""
    lower = text.lower()
    for sign, advice in _ADVICE:
        if sign in lower:
            advice = _better_known(sign, file or Path(location)) or advice
            kind = Damaged if (sign, advice) in _DAMAGES else StorageError
            return kind(f"{advice.replace(_SOMEBODY, holder or _SOMEBODY)}{where}")
    return StorageError(f"the database refused{where}: {text}")


def _better_known(sign: str, file: Path) -> str:
    """Say what the disk tells of an error for which SQLite has one word for many causes; nothing if it tells nothing."""
    if sign == _DISK_ERROR and disks.is_full(file):
        return _FULL
    if sign == _DISK_ERROR and file.exists() and not os.access(file, os.W_OK):
        return _READ_ONLY
    if sign == _NOT_OPENED and file.exists() and not os.access(file.parent, os.W_OK):
        return _READ_ONLY_FOLDER
    return ""


def what_came_first(error: BaseException) -> BaseException:
    """Give the error for which SQLite took a transaction back by itself: peewee, which then finds none, says only that."""
    while error.__context__ is not None and any(sign in str(error) for sign in _NOTHING_TO_TAKE_BACK):
        error = error.__context__
    return error


_NOTHING_TO_TAKE_BACK = ("no transaction is active", "no such savepoint")

_SOMEBODY = "another program"
_DAMAGED = (
    "the database file is damaged; `funneltui doctor --repair` saves what can be read, `funneltui restore FILE` puts a "
    "backup in its place"
)
_FULL = "the disk is full, or a limit of the file's size is reached: nothing was changed; make room and try again"
_READ_ONLY = "the database is read-only: check the rights of the file and of its folder; nothing was changed"
_NO_DATABASE = (
    "this file is no funneltui workspace, or it is damaged: name another with --db; if it was one, "
    "`funneltui doctor --repair` saves what can be read, `funneltui restore FILE` puts a backup in its place"
)
_DISK_ERROR = "disk i/o"
"""What SQLite says of anything that a disk refuses, often of one that is full."""

_NOT_OPENED = "unable to open"
_READ_ONLY_FOLDER = (
    "the folder of the database may not be written, which is needed even for reading: check its rights, and whether its "
    "disk is read-only; or copy the file elsewhere and name the copy with --db"
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
_NO_ANSWER = "the PostgreSQL server does not answer; check the URL and that the server runs"
_NOT_READY = "the PostgreSQL server is starting or stopping; nothing was changed, try again in a moment"
_ADVICE = (
    *_DAMAGES,
    ("permission denied for", "the PostgreSQL server does not let this login do that: ask whoever keeps it"),
    ("permission denied", "the database file or its folder may not be entered; check the rights"),
    ("name too long", "the path of the database is too long; name another with --db"),
    ("null byte", "the path of the database has a character that no path can have; name another with --db"),
    ("home directory", "the path of the database names a user that does not exist; name another with --db"),
    ("netloc", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("ipv6", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("locked", f"the database is locked by {_SOMEBODY}; nothing was changed, try again in a moment"),
    ("readonly", _READ_ONLY),
    ("read-only file system", _READ_ONLY),
    ("disk is full", _FULL),
    ("file too large", _FULL),
    ("no space left", _FULL),
    (_NOT_OPENED, "the database file cannot be opened; check the path, and the rights of the file and its folder"),
    (
        _DISK_ERROR,
        "the disk refuses to read or write: it is full, a limit of sizes is reached, or it fails; nothing was changed: "
        "look at the room there is (`df`), then try again",
    ),
    ("terminating connection", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is closed", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection unexpectedly", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is lost", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("password authentication", "the PostgreSQL server refused the user or the password of the URL"),
    ("starting up", _NOT_READY),
    ("shutting down", _NOT_READY),
    ("too many", "the PostgreSQL server takes no more connections; nothing was changed, try again in a moment"),
    (
        "read-only transaction",
        "the PostgreSQL server takes no changes, as a copy of another does not; name that one with --db",
    ),
    ("connection refused", _NO_ANSWER),
    ("timeout expired", _NO_ANSWER),
    ("host name", _NO_ANSWER),
    ("failed: no such file", _NO_ANSWER),
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
