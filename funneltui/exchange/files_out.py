"""Files that are written whole or not at all: for their owner's eyes, never over another file unless that is wished."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from funneltui.domain.text import strip_controls
from funneltui.errors import BadInput
from funneltui.storage.parts import part_beside, put_in_place, taken, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATABASE = b"SQLite format 3\0"
"""What a SQLite file begins with."""


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Give a stream whose bytes become the file when all of them are written: on the disk, with the rights 0600.

    They are written beside it first: whatever fails leaves what was there before, and nothing else. A file that is there
    already is replaced only with `force`, a database never.

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
        if not path.exists():
            return
        if not path.is_file():
            message = f"{path} is no file; name a file to be written"
            raise BadInput(message)
        if is_database(path):
            message = f"{path} is a database; name another file to be written"
            raise BadInput(message)
    except (OSError, ValueError) as error:  # a path that cannot be
        raise unwritable(path, error) from error
    if not force:
        raise taken(path)


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
