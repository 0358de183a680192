"""Files that are written whole or not at all: for their owner's eyes, never over another file unless that is wished."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from funneltui.domain.text import strip_controls
from funneltui.errors import BadInput, StorageError
from funneltui.storage.parts import part_beside, put_in_place, taken, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

_BESIDE = ("-wal", "-shm", "-journal", ".lock")
"""How the names of the files end that a database keeps beside its own."""

_DATABASE = b"SQLite format 3\0"
"""What a SQLite file begins with."""


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Give a stream whose bytes become the file when all of them are written: on the disk, with the rights 0600.

    They are written beside it first: whatever fails leaves what was there before, and nothing else. A file that is there
    already is replaced only with `force`; a database, what belongs to one, and a link never.

    Raises:
        RuleBroken: the file is there already. BadInput: the path is no place for a file. StorageError: it cannot be written.
    """
    refuse_to_destroy(path, force=force)
    with part_beside(path, make_folder=False) as unfinished:
        try:
            with unfinished.open("wb") as out:
                yield out
            put_in_place(unfinished, path, force=force)
        except OSError as error:
            if error.filename not in (None, str(unfinished), str(path)):
                raise  # of another file: the one that was being read
            raise unwritable(path, error) from error


def refuse_to_destroy(path: Path, *, force: bool) -> None:
    """Refuse a place at which something stands that must stay.

    Raises:
        RuleBroken, BadInput, StorageError: as `whole_file`.
    """
    try:
        demand_own_file(path)
        if not path.exists():
            return
        if is_database(path):
            message = f"{path} is a database; name another file to be written"
            raise BadInput(message)
    except (OSError, ValueError) as error:  # a path that cannot be
        raise unwritable(path, error) from error
    if not force:
        raise taken(path)


def demand_own_file(path: Path) -> None:
    """Refuse what is no file of its own: a folder, a link, what a database keeps beside itself (its log, its lock).

    Raises:
        BadInput: it is such; the message says what to name. OSError: it cannot be looked at.
    """
    if path.exists() and not path.is_file():
        message = f"{path} is no file; name a file to be written"
        raise BadInput(message)
    if path.is_symlink():
        message = f"{path} is a link; name the file itself for which it stands: {path.readlink()}"
        raise BadInput(message)
    if owner := database_beside(path):
        message = f"{path} belongs to the database {owner.name}; name another file to be written"
        raise BadInput(message)


def database_beside(path: Path) -> Path | None:
    """Give the database that keeps `path` beside itself, as its log or its lock, or nothing; OSError as reading raises."""
    owners = (path.with_name(path.name.removesuffix(one)) for one in _BESIDE if path.name.endswith(one) and path.stem)
    return next((one for one in owners if one.is_file() and is_database(one)), None)


def demand_place(path: Path) -> None:
    """Refuse a place where a copy of the workspace cannot be meant to be; a backup that is there is not looked at.

    Raises:
        BadInput: it is no file of its own, or belongs to a database. StorageError: its folder is not there, as on a disk
            that is not connected.
    """
    try:
        if not path.absolute().parent.is_dir():
            message = (
                f"cannot write {path}: there is no folder {path.parent}; make it, or connect its disk, and try again"
            )
            raise StorageError(message)
        demand_own_file(path)
    except (OSError, ValueError) as error:  # a path that cannot be
        raise unwritable(path, error) from error


def is_database(path: Path) -> bool:
    """Tell by its first bytes whether a file is a database, which nothing may be written over; OSError as reading raises."""
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def harmless(value: Any) -> Any:
    """Give a value without anything in its texts, however deep, that acts on a terminal; line breaks stay.

    What is written is read by the same rule, so that what comes back is what was written.
    """
    match value:
        case str():
            return (
                value if value.isascii() and value.isprintable() else "\n".join(map(strip_controls, value.split("\n")))
            )
        case dict():
            return {harmless(key): harmless(one) for key, one in value.items()}
        case list():
            return [harmless(one) for one in value]
        case _:
            return value
