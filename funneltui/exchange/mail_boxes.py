"""Where mails lie: one on standard input or in a file, many in an mbox, a Maildir or a folder of files."""

from __future__ import annotations

import stat
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from funneltui.errors import BadInput
from funneltui.exchange.encodings import unreadable
from funneltui.exchange.mail_in import READ

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 16
_FROM = b"From "


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it lies somewhere: where, in words, and its first bytes."""

    where: str
    data: bytes


def from_input() -> Letter:
    """Give the mail on standard input; all of it is taken off, so that whoever sends it is not stopped.

    Raises:
        BadInput: there is none.
    """
    data = _beginning(sys.stdin.buffer)
    if not data.strip():
        raise BadInput("there is no mail on standard input")
    return Letter("standard input", data)


def is_box(path: Path) -> bool:
    """Tell whether a place may hold several mails: a folder, or a file that begins as an mbox does.

    Raises:
        StorageError: it cannot be read. BadInput: it is neither file nor folder.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return True
        if not stat.S_ISREG(mode):
            raise BadInput(f"{path} is neither a file nor a folder")
        with path.open("rb") as file:
            return file.read(len(_FROM)) == _FROM
    except OSError as error:
        raise unreadable(path, error) from error


def letters(path: Path) -> Iterator[Letter]:
    """Give the mails of a file, an mbox, a Maildir (new and cur) or a folder of files, one at a time, in their order.

    Nothing is changed there: no mail is marked as read.

    Raises:
        StorageError: it cannot be read.
    """
    box = is_box(path)
    try:
        if path.is_dir():
            for file in _files(path):
                yield _letter(file)
        elif box:
            yield from _of_mbox(path)
        else:
            yield _letter(path)
    except OSError as error:
        raise unreadable(path, error) from error


def _files(folder: Path) -> list[Path]:
    inner = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    found = [file for place in inner or [folder] for file in place.iterdir()]
    return sorted(file for file in found if file.is_file() and not file.name.startswith("."))


def _letter(path: Path) -> Letter:
    with path.open("rb") as file:
        return Letter(path.name, file.read(READ))


def _of_mbox(path: Path) -> Iterator[Letter]:
    """Give the mails of an mbox: each begins with a line "From " behind a blank one.

    The standard library's reader holds a whole mail, however large, and notes the place of every one first.
    """
    number, size, parts = 0, 0, list[bytes]()
    after_blank = at_begin = True
    with path.open("rb") as file:
        while line := file.readline(_CHUNK):
            if at_begin and after_blank and line.startswith(_FROM):
                if number:
                    yield Letter(f"{path.name}, mail {number}", b"".join(parts))
                number, size, parts = number + 1, 0, []
            elif size < READ:
                parts.append(line)
                size += len(line)
            after_blank = at_begin and line in (b"\n", b"\r\n")
            at_begin = line.endswith(b"\n")
    yield Letter(f"{path.name}, mail {number}", b"".join(parts))


def _beginning(stream: IO[bytes]) -> bytes:
    data = stream.read(READ)
    while stream.read(_CHUNK):
        continue
    return data
