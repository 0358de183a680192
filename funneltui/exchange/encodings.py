"""What a file of text is written in: told by its first bytes, by a person, or else UTF-8; and whether all of it is that."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from funneltui.domain.text import cut
from funneltui.errors import BadInput, StorageError

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 16

# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_NOT_OF_FILES = {"idna", "punycode", "unicode-escape", "raw-unicode-escape"}
"""What Python calls encodings too: ways to write texts in addresses and programs."""


def encoding_of(path: Path, given: str | None) -> tuple[str, int]:
    """Give the encoding, as given or as the byte order mark tells it, and the bytes of that mark to be skipped.

    Raises:
        BadInput: there is no such encoding. StorageError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise unreadable(path, error) from error
    marked = next(((name, len(mark)) for mark, name in _MARKS if start.startswith(mark)), None)
    if given is None:
        return marked or ("utf-8", 0)
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=given).close()
        name = codecs.lookup(given).name
        "".encode(name)
        if name.replace("_", "-") in _NOT_OF_FILES:
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        message = f'there is no encoding "{cut(given)}" of files; examples are utf-8, utf-16, cp1250, cp1252, latin-1'
        raise BadInput(message) from error
    if marked and name.replace("_", "-") in (marked[0], marked[0].removesuffix("-le").removesuffix("-be"), "utf-8-sig"):
        return marked
    return name, 0


def check_encoding(path: Path, encoding: str, skip: int, *, given: bool) -> None:
    """Read the whole file once, so that no import stops half-way at a byte that is no text.

    Raises:
        BadInput: naming the line of the first such byte.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    try:
        with path.open("rb") as file:
            file.seek(skip)
            while chunk := file.read(_CHUNK):
                lines += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
    except UnicodeError as error:
        if isinstance(error, UnicodeDecodeError):
            lines += error.object[: error.start].decode(encoding, "replace").count("\n")
        advice = "name another with --encoding" if given else "name its encoding with --encoding, for example cp1250"
        message = f"{path.name}, line {lines}: this is no {encoding.upper()}; {advice} or latin-1"
        raise BadInput(message) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> StorageError:
    """Give what is said of a file that cannot be read."""
    return StorageError(f"cannot read {path}: {error.strerror or error}")
