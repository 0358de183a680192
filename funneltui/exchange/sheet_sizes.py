"""How large a sheet would be that is read: what reads spreadsheets makes room for all cells up to the last one at once."""

from __future__ import annotations

import re
import zipfile
import zlib
from string import ascii_letters
from typing import TYPE_CHECKING
from xml.parsers import expat

from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.exchange.sheet_errors import ODS, column_of, part_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

MOST_CELLS = 20_000_000
"""A sheet may reach over so many cells, empty ones among them: these take some hundred megabytes."""

_CHUNK, _OVERLAP = 1 << 18, 24
_PLACE = re.compile(rb"""\br=["']([A-Za-z]{0,7})([0-9]{1,10})["']""")
_LETTERS = 26


def refuse_oversized(path: Path, sheet: str) -> None:
    """See that a sheet of an xlsx file can be read in the memory of its cells; other kinds of files are let through.

    What the sheet says of its size is not believed, cells that hold nothing do not count.

    Raises:
        BadInput: it reaches over more than `MOST_CELLS` cells; the message names the last one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = part_of(archive, sheet)
            if part is None or part == ODS:
                return
            with archive.open(part) as file:
                width, height = _at_most(file)
            if width * height <= MOST_CELLS:
                return
            with archive.open(part) as file:
                width, height = _filled(file)
    except (zipfile.BadZipFile, zlib.error, KeyError, expat.ExpatError, NotImplementedError, RuntimeError):
        return  # what reads the sheet says what is wrong with it
    if width * height > MOST_CELLS:
        message = (
            f"{path.name}: the sheet {cut(sheet)} reaches over {width * height:,} cells, more than {MOST_CELLS:,}: "
            f"its last cell is {_letters(width)}{height}; delete the empty rows and columns, or save it as CSV"
        )
        raise BadInput(message)


def _at_most(file: IO[bytes]) -> tuple[int, int]:
    """Give the greatest column and line that any place in the XML names, quickly; of cells that hold nothing too.

    Cells without a place follow one another: they cannot reach farther than the file is long.
    """
    columns: set[bytes] = set()
    lines: set[bytes] = set()
    for chunk in _chunks(file):
        for letters, digits in _PLACE.findall(chunk):
            columns.add(letters)
            lines.add(digits)
    return max((column_of(one.decode()) + 1 for one in columns), default=0), max(map(int, lines), default=0)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while chunk := file.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _filled(file: IO[bytes]) -> tuple[int, int]:
    """Give the greatest column and line of a cell that holds something."""
    width = height = 0
    place = ""

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal width, height, place
        match name.rpartition(":")[2]:
            case "c":
                place = attributes.get("r", "")
            case "v" | "is" if place:
                width = max(width, column_of(place) + 1)
                height = max(height, int(place.lstrip(ascii_letters) or 0))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.ParseFile(file)
    return width, height


def _letters(column: int) -> str:
    """Give the letters of a column, from 1: 28 is AB."""
    text = ""
    while column:
        column, place = divmod(column - 1, _LETTERS)
        text = chr(ord("A") + place) + text
    return text
