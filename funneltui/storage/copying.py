"""Copies one SQLite file into another, page by page, as SQLite itself does it: of one moment, in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from funneltui.errors import StorageError
from funneltui.storage.database import sqlite_module, storage_error
from funneltui.storage.parts import meant_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Told = Callable[[int, int], None]
    """What is told, between two steps, the bytes done and the bytes in all."""

_STEP, _SMALL_STEP = 512, 16
"""The pages of one step: some milliseconds, between which others get at the database. Small ones are fewer than any
workspace has, so that there is a time between the first of them and the last."""

_BUSY = (5, 6)
"""SQLite's words for a database that others have locked."""

_WAIT, _LOCKED_AFTER = 0.05, 10.0
"""The seconds between two tries to get at a locked database, and those after which it is given up."""

_PATIENCE = 3
"""How often a copy begins anew because others write; then it is made in one step, during which they wait."""


class _Unsettled(Exception):
    """Others write so often that a copy in steps does not come to its end."""


def copy_pages(source: Any, part: Path, told: Told | None) -> None:
    """Copy the pages of a connection's database to a file, and leave that in a journal mode in which it is one file."""
    module = sqlite_module()
    copy = module.connect(str(part))
    try:
        for pragma in ("synchronous = off", "journal_mode = off"):  # it is synced as a whole, or thrown away
            copy.execute(f"PRAGMA {pragma}")
        try:
            _run(source, copy, _STEP, told)
        except _Unsettled:
            _run(source, copy, -1, None)
        copy.close()
        copy = module.connect(str(part))  # a mode that came with the pages is seen by a new connection only
        copy.execute("PRAGMA journal_mode = delete").fetchall()
    except module.Error as error:
        raise storage_error(error, str(meant_by(part))) from error
    finally:
        copy.close()


def _run(source: Any, target: Any, step: int, told: Told | None) -> None:
    """Copy one database into another in steps of so many pages, as SQLite does it.

    SQLite begins anew when others have changed what is copied, and waits for locks without an end: both are counted here.
    """
    (size,) = source.execute("PRAGMA page_size").fetchone()
    least, restarts, waits = float("inf"), 0, 0

    def stepped(status: int, remaining: int, total: int) -> None:
        nonlocal least, restarts, waits
        if status in _BUSY:
            waits += 1
            if waits * _WAIT > _LOCKED_AFTER:
                raise sqlite_module().OperationalError("database is locked")
            return
        restarts += step > 0 and remaining > least
        least = remaining
        if restarts > _PATIENCE:
            raise _Unsettled
        if told is not None:
            told((total - remaining) * size, total * size)

    source.backup(target, pages=step, progress=stepped, sleep=_WAIT)


def copy_of(file: Path, part: Path, told: Told | None = None) -> None:
    """Copy any SQLite file to `part`, with what lies in its journal; the file is not changed.

    Raises:
        StorageError: it cannot be read, or is no SQLite file.
    """
    source = read_only(file)
    try:
        copy_pages(source, part, told)
    finally:
        source.close()


def read_only(file: Path) -> Any:
    """Open a file for nothing but reading, and leave it as it is; the caller closes it.

    Raises:
        StorageError: it is not there, or is no SQLite file.
    """
    if not file.is_file():
        message = f"there is no file {file}" if not file.exists() else f"{file} is no file"
        raise StorageError(message)
    module = sqlite_module()
    # A file in WAL mode whose folder may not be written can only be read as one that nobody changes.
    for how in ("mode=ro", "mode=ro&immutable=1"):
        opened = module.connect(f"file:{quote(str(file.resolve()))}?{how}", uri=True, timeout=10)
        try:
            opened.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except module.Error as error:
            opened.close()
            if how == "mode=ro" and "not a database" not in str(error):
                continue
            raise storage_error(error, str(file)) from error
        return opened
    raise AssertionError


class Changed(Exception):
    """Somebody has changed a workspace that is about to be replaced."""


def put_back(part: Path, path: Path, told: Told | None = None) -> None:
    """Write a checked copy into the file of a workspace, in one transaction of SQLite's own.

    Whoever has it open goes on with it, and sees the change as one that somebody else has committed; a program that is
    stopped in the middle leaves the file as it was, which the next one that opens it sees to. What `told` raises stops it,
    and the file is as it was; from the first time that it is called nobody else can change the file.

    Raises:
        StorageError: the file cannot be locked, is itself no database any more, or the disk refuses; it is as it was.
    """
    module = sqlite_module()
    source = module.connect(str(part))
    target = module.connect(str(path), timeout=_WAIT)
    try:
        target.execute("SELECT count(*) FROM sqlite_master").fetchall()  # brings in what a lost program has left
        target.execute("PRAGMA synchronous = full")
        _run(source, target, _SMALL_STEP, told)
    except module.Error as error:
        raise storage_error(error, str(path)) from error
    finally:
        target.close()
        source.close()


@contextmanager
def watched(path: Path) -> Iterator[Callable[[], None]]:
    """Give what raises `Changed` once somebody has changed a file since."""
    module = sqlite_module()
    looking = module.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1)

    def look() -> None:
        if looking.execute("PRAGMA data_version").fetchone() != mark:
            raise Changed

    try:
        mark = looking.execute("PRAGMA data_version").fetchone()
        yield look
    except module.Error as error:
        raise storage_error(error, str(path)) from error
    finally:
        looking.close()
