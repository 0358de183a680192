"""Reads CSV files of any making: finds out encoding and delimiter, gives rows with their lines, in the memory of one row."""

from __future__ import annotations

import csv
import io
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput
from funneltui.exchange.encodings import check_encoding, encoding_of, unreadable
from funneltui.exchange.spreadsheets_in import is_spreadsheet, read_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = "why"
"""The last column of a file of rejected rows; a file that has it is one of ours, read without it."""

DELIMITERS = ",;\t|"
_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_DELIMITER_NAMES = {"\t": "tab", " ": "space"}

CELL_LIMIT = 1_000_000
"""The most characters that a cell may have; a longer one is a quotation mark left open."""
LINE_LIMIT = 4_000_000
"""The most characters that a line may have: more is no table, and would fill the memory."""

_CHUNK = 1 << 16
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 50, 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first physical line (from 1), its cells as they are, and why it cannot be read, if so.

    `read` is the number of bytes of the file that had been read by then.
    """

    line: int
    cells: tuple[str, ...]
    read: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file, or the sheet of a spreadsheet, understood but not yet read: its header, its form, its size in bytes."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    size: int
    is_rejects: bool = False
    _skip: int = 0
    _header_line: int = 1
    sheet: str | None = None

    def describe(self) -> str:
        """Say in words how the file is read."""
        if self.sheet is not None:
            return f'the sheet "{cut(self.sheet)}" of {self.encoding}'
        delimiter = _DELIMITER_NAMES.get(self.delimiter, f'"{self.delimiter}"')
        return f"{self.encoding}, columns parted by {delimiter}"

    def rows(self) -> Iterator[Row]:
        """Give the rows after the header, one at a time; blank rows are passed over.

        A row that is longer or shorter than the header (empty cells at the end aside), or whose quotation marks do not
        pair, is given with its reason; reading goes on with the next line.

        Raises:
            StorageError: the file is no longer readable.
        """
        width, least = len(self.header), _named_width(self.header)
        for row in self._read():
            if row.line <= self._header_line:
                continue
            cells = _unguarded(row.cells[:width] + row.cells[width + 1 :]) if self.is_rejects else row.cells
            if row.why:
                yield Row(row.line, cells, row.read, row.why)
            elif any(cell and not cell.isspace() for cell in cells):
                yield Row(row.line, cells, row.read, _misfit(cells, width, least))

    def _read(self) -> Iterator[Row]:
        if self.sheet is None:
            return _records(self.path, self.encoding, self._skip, self.delimiter)
        _, height, rows = read_sheet(self.path, self.sheet)
        return (Row(line, cells, self.size * line // max(height, line)) for line, cells in rows)


def open_table(
    path: Path, *, delimiter: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> Table:
    """Look at a CSV file, or a spreadsheet, and give how it is to be read; the first row that is not blank is the header.

    The encoding is the one given, else what the byte order mark says, else UTF-8 if the whole file is that. The delimiter
    is the one given (a character, or a word such as "tab"), else found out among comma, semicolon, tab and bar. Of a
    spreadsheet (told by its first bytes) the `sheet` is read, else its first one.

    Raises:
        BadInput: it is no table, or its encoding must be named; the message says where. StorageError: it cannot be read.
    """
    size = _size(path)
    if is_spreadsheet(path):
        return _open_sheet(path, size, sheet)
    if sheet:
        message = f"{path.name} is no spreadsheet: it has no sheet to be chosen"
        raise BadInput(message)
    csv.field_size_limit(CELL_LIMIT)
    found, skip = encoding_of(path, encoding)
    check_encoding(path, found, skip, given=encoding is not None)
    mark = _delimiter(delimiter) if delimiter else _sniffed(path, found, skip)
    first = next((row for row in _records(path, found, skip, mark) if any(cell.strip() for cell in row.cells)), None)
    if first is None:
        message = f"{path.name} is empty; a table begins with a row of column names"
        raise BadInput(message)
    if first.why:
        message = f"{path.name}, line {first.line}: the column names cannot be read: {first.why}"
        raise BadInput(message)
    if any("\0" in cell for cell in first.cells):
        message = f"{path.name} is no text in {found}; name what it is with --encoding, for example utf-32-le"
        raise BadInput(message)
    header = first.cells
    ours = len(header) > 1 and header[-1] == WHY
    return Table(path, header[:-1] if ours else header, mark, found, size, ours, skip, first.line)


def _open_sheet(path: Path, size: int, sheet: str | None) -> Table:
    name, _, records = read_sheet(path, sheet)
    first = next((row for row in records if any(cell.strip() for cell in row[1])), None)
    if first is None:
        message = f"{path.name}: the sheet {name} is empty; a table begins with a row of column names"
        raise BadInput(message)
    line, header = first
    ours = len(header) > 1 and header[-1] == WHY
    return Table(path, header[:-1] if ours else header, ",", "a spreadsheet", size, ours, 0, line, name)


def guarded(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _unguarded(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell for cell in cells)


def _size(path: Path) -> int:
    try:
        if path.exists() and not path.is_file():
            message = f"{path} is no file; name a CSV file"
            raise BadInput(message)
        return path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error


def _named_width(header: tuple[str, ...]) -> int:
    """Give the number of columns up to the last one with a name: what a row must have."""
    return max((place for place, name in enumerate(header, start=1) if name.strip()), default=0)


def _misfit(cells: tuple[str, ...], width: int, least: int) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return (
            f"it has {len(cells)} cells, the header has {width}: is a cell with the delimiter not in quotation marks?"
        )
    if len(cells) < least:
        return f"it has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, the header has {least}"
    return ""


def _delimiter(given: str) -> str:
    mark = _NAMED_DELIMITERS.get(given.strip().lower(), given)
    if len(mark) != 1 or mark in '"\r\n\0':
        message = f'a delimiter is one character, such as ; or tab, not "{cut(given)}"'
        raise BadInput(message)
    return mark


def _sniffed(path: Path, encoding: str, skip: int) -> str:
    """Find out the delimiter: that which cuts most of the first lines into as many cells as the header, then the most.

    Python's own sniffer is not asked: beside amounts with a decimal comma it takes the comma for the delimiter.
    """
    lines: list[str] = []
    for line, _ in _lines(path, encoding, skip):
        if line.strip():
            lines.append(line[:_SAMPLE_CHARACTERS])
        if len(lines) == _SAMPLE_LINES:
            break
    likely = [mark for mark in DELIMITERS if lines and mark in lines[0]]
    if len(likely) < 2:
        return likely[0] if likely else ","
    return max(likely, key=lambda mark: _regularity(lines, mark))


def _regularity(lines: list[str], mark: str) -> tuple[float, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0]) if widths[0] > 1 else (0.0, 1)


def _lines(path: Path, encoding: str, skip: int) -> Iterator[tuple[str, int]]:
    """Give the physical lines, each with the bytes read so far; a line over the limit is cut to it and one more."""
    try:
        with path.open("rb", buffering=0) as raw:
            raw.seek(skip)
            text = io.TextIOWrapper(io.BufferedReader(raw, _CHUNK), encoding, newline="")
            while line := text.readline(LINE_LIMIT + 1):
                end = line
                while len(end) > LINE_LIMIT and not end.endswith(("\n", "\r")):
                    end = text.readline(LINE_LIMIT + 1)
                yield line, raw.tell()
    except OSError as error:
        raise unreadable(path, error) from error


class _Feed:
    """Lines for the CSV reader that can be put back: after an open quotation mark, reading goes on at the next line."""

    def __init__(self, lines: Iterator[tuple[str, int]]) -> None:
        self._lines = lines
        self._again: deque[tuple[str, int]] = deque()
        self._taken: list[tuple[str, int]] = []
        self.number = 0
        self.read = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        one = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(one)
        self.number += 1
        self.read = one[1]
        if len(one[0]) > LINE_LIMIT:
            message = f"the line has more than {LINE_LIMIT:,} characters"
            raise csv.Error(message)
        return one[0]

    def begin_row(self) -> int:
        """Forget the lines of the row before, and give the number of the next line."""
        self._taken.clear()
        return self.number + 1

    def put_back_all_but_one(self) -> str:
        """Hand the row's lines out again except its first, and give that one."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first[0]


def _records(path: Path, encoding: str, skip: int, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(CELL_LIMIT)
    feed = _Feed(_lines(path, encoding, skip))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        line = feed.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first = feed.put_back_all_but_one()
            yield Row(line, (first.rstrip("\r\n")[:CELL_LIMIT],), feed.read, _reason(str(error)))
        else:
            yield Row(line, tuple(cells), feed.read)


def _reason(error: str) -> str:
    if "unexpected end of data" in error or "field larger than field limit" in error:
        return "a quotation mark is opened here and never closed"
    if "expected after" in error:
        return "a quotation mark stands in the middle of a cell; within a quoted cell it is written twice"
    return clean_line(error)
