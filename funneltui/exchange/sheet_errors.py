"""The cells of a spreadsheet that hold an error (#DIV/0!): what reads spreadsheets gives them as empty ones."""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = frozenset({
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#ERROR!",
})  # fmt: skip
"""The words by which spreadsheets show an error."""

Errors = dict[int, dict[int, str]]
"""The words of the error cells, by their lines from 1 and their columns from 0."""

_CHUNK = 1 << 18
_MARK = re.compile(rb"""(?:\bt|value-type)=["']e(?:rror)?["']""")
_OVERLAP = 24
_SHEETS, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ODS = "content.xml"
"""The part of an ods file that holds all its sheets."""


def is_error(text: str) -> bool:
    """Tell whether a cell's text is an error of a spreadsheet and says nothing."""
    return text in WORDS or (text.startswith("Err:") and text[4:].isdecimal())


def errors_of(path: Path, sheet: str) -> Errors:
    """Give the error cells of a sheet of an xlsx or ods file, in the memory of these; of an older kind of file none.

    Most sheets have none: then the file is only looked through for the mark of one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = part_of(archive, sheet)
            if part is None or not _has_mark(archive, part):
                return {}
            found = _Finder(sheet if part == ODS else None)
            with archive.open(part) as file:
                found.read(file)
            return found.errors
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, NotImplementedError, RuntimeError):
        return {}  # what reads the sheet says what is wrong with it


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Give the name of the archive's part that holds a sheet; nothing, if there is none.

    Raises:
        KeyError, expat.ExpatError, zipfile.BadZipFile: the archive is not as a spreadsheet's must be.
    """
    names = set(archive.namelist())
    if _SHEETS not in names or _RELATIONS not in names:
        return ODS if ODS in names else None
    ids = {one.get("name"): next((value for key, value in one.items() if key.endswith(":id")), None)
           for one in _elements(archive, _SHEETS, "sheet")}  # fmt: skip
    wanted = ids.get(sheet)
    target = next(
        (one.get("Target", "") for one in _elements(archive, _RELATIONS, "Relationship") if one.get("Id") == wanted), ""
    )
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> Iterator[dict[str, str]]:
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser.StartElementHandler = begin
    with archive.open(part) as file:
        parser.ParseFile(file)
    return iter(found)


def _has_mark(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            if _MARK.search(tail + chunk):
                return True
            tail = chunk[-_OVERLAP:]
    return False


class _Finder:
    """Goes through the XML of a sheet and notes where errors stand; of an ods file only in the table of a name."""

    def __init__(self, table: str | None) -> None:
        self.errors: Errors = {}
        self._table = table
        self._is_within = table is None
        self._line = self._column = 0
        self._next_line = self._next_column = 1
        self._text: list[str] | None = None
        self._is_error = False

    def read(self, file: IO[bytes]) -> None:
        """Go through it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.ParseFile(file)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._is_within = attributes.get("table:name") == self._table
                self._next_line = 1
            case "row" | "table-row":
                self._line = int(attributes.get("r", self._next_line))
                self._next_line = self._line + int(attributes.get("table:number-rows-repeated", 1))
                self._next_column = 0
            case "c" | "table-cell" | "covered-table-cell":
                place = attributes.get("r")
                self._column = column_of(place) if place else self._next_column
                self._next_column = self._column + int(attributes.get("table:number-columns-repeated", 1))
                self._is_error = attributes.get("t") == "e" or attributes.get("calcext:value-type") == "error"
            case "v" | "p" if self._is_error and self._is_within:
                self._text = []

    def _end(self, name: str) -> None:
        if self._text is not None and name.rpartition(":")[2] in ("v", "p"):
            self.errors.setdefault(self._line, {})[self._column] = "".join(self._text).strip() or "#ERROR!"
            self._text, self._is_error = None, False

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


def column_of(place: str) -> int:
    """Give the column, from 0, of a place such as "C2"."""
    column = 0
    for letter in place.rstrip("0123456789").upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
