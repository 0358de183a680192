"""Reads CSV files of any making: finds out encoding and delimiter, gives rows with their lines, in the memory of one row."""

from __future__ import annotations

import csv
import io
from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput
from funneltui.exchange.delimiters import (
    delimiter_named,
    has_blanks_before_quotes,
    likely_delimiter,
    name_of,
    told_delimiter,
)
from funneltui.exchange.encodings import check_encoding, encoding_of, unreadable
from funneltui.exchange.file_kinds import refuse_unfit
from funneltui.exchange.formula_guard import unguarded
from funneltui.exchange.header_rows import LOOKED_AT, header_place
from funneltui.exchange.own_exports import is_own_export
from funneltui.exchange.spreadsheets_in import is_spreadsheet, read_sheet
from funneltui.exchange.workbook_sheets import sheet_names

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = "why"
"""The last column of a file of rejected rows; a file that has it is one of ours, read without it."""

CELL_LIMIT = 1_000_000
"""The most characters that a cell may have; a longer one is a quotation mark left open."""
LINE_LIMIT = 4_000_000
"""The most characters that a line, or all lines of a row, may have: more is no table, and would fill the memory."""
ROW_LINES = 1000
"""The most lines that a row may have, by breaks within quoted cells; one of more is a quotation mark left open."""

_CHUNK = 1 << 16
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 50, 4096
_ROW_LINES_LATER, _READ_AGAIN = 10, 4
"""A row may have so many lines only, once so many times `LINE_LIMIT` characters were read again after bad rows: the time
stays in step with the size of the file, however many quotation marks are left open."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first physical line (from 1), its cells as they are, and why it cannot be read, if so.

    `read` is the number of bytes of the file that had been read by then. `fractions` are the places of the cells in which a
    spreadsheet holds a number with decimals, which may be a computed one.
    """

    line: int
    cells: tuple[str, ...]
    read: int
    why: str = ""
    fractions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file, or the sheet of a spreadsheet, understood but not yet read: its header, its form, its size in bytes.

    `above` is the number of rows above the header that are left out: the name of a report, its filters.
    """

    path: Path
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    size: int
    is_rejects: bool = False
    _skip: int = 0
    _header_line: int = 1
    sheet: str | None = None
    _is_spaced: bool = False
    above: int = 0

    def describe(self) -> str:
        """Say in words how the file is read."""
        left_out = f"; {told}" if (told := self.left_out()) else ""
        if self.sheet is not None:
            return f'the sheet "{cut(self.sheet)}" of {self.encoding}{left_out}'
        return f"{self.encoding}, columns parted by {name_of(self.delimiter)}{left_out}"

    def left_out(self) -> str:
        """Say what stands above the header, if something does."""
        if not self.above:
            return ""
        lines = "line above it is" if self.above == 1 else "lines above it are"
        return f"the header is line {self._header_line}, {self.above} {lines} left out"

    def rows(self) -> Iterator[Row]:
        """Give the rows after the header, one at a time; blank rows are passed over.

        A row that is longer or shorter than the header (empty cells at the end aside), or whose quotation marks do not
        pair, is given with its reason; reading goes on with the next line.

        Raises:
            StorageError: the file is no longer readable.
        """
        width, least = len(self.header), _named_width(self.header)
        is_guarded = self.is_rejects or (self.sheet is None and is_own_export(self.header))
        for row in self._read():
            if row.line <= self._header_line:
                continue
            cells = row.cells[:width] + row.cells[width + 1 :] if self.is_rejects else row.cells
            if is_guarded:
                cells = tuple(map(unguarded, cells))
            if row.why:
                yield Row(row.line, cells, row.read, row.why)
            elif any(cell and not cell.isspace() for cell in cells):
                yield Row(row.line, cells, row.read, _misfit(cells, width, least), row.fractions)

    def _read(self) -> Iterator[Row]:
        if self.sheet is None:
            return _records(self.path, self.encoding, self._skip, self.delimiter, is_spaced=self._is_spaced)
        _, height, rows = read_sheet(self.path, self.sheet)
        return (
            Row(line, cells, self.size * line // max(height, line), fractions=fractions)
            for line, cells, fractions in rows
        )


def open_table(
    path: Path, *, delimiter: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> Table:
    """Look at a CSV file, or a spreadsheet, and give how it is to be read; the header is the first row that is not blank.

    Where a report writes its name above, the header is a later row (`header_rows`). The encoding is the one given, else what
    the byte order mark says, else UTF-8 if the whole file is that. The delimiter is the one given (a character, or a word
    such as "tab"), else the one that a first line "sep=;" tells, as Excel writes it, else found out among comma, semicolon,
    tab and bar. Of a spreadsheet (told by its first bytes) the `sheet` is read, else its first one.

    Raises:
        BadInput: it is no table, or its encoding must be named; the message says where. StorageError: it cannot be read.
    """
    size = _size(path)
    refuse_unfit(path)
    if is_spreadsheet(path):
        return _open_sheet(path, size, sheet)
    if sheet:
        message = f"{path.name} is no spreadsheet: it has no sheet to be chosen"
        raise BadInput(message)
    csv.field_size_limit(CELL_LIMIT)
    found, skip = encoding_of(path, encoding)
    check_encoding(path, found, skip, given=encoding is not None)
    sample = _sample(path, found, skip)
    told = told_delimiter(sample)
    mark = delimiter_named(delimiter) if delimiter else told or likely_delimiter(sample)
    is_spaced = has_blanks_before_quotes(sample, mark)
    records = _records(path, found, skip, mark, is_spaced=is_spaced)
    rows = (row for row in records if not (told and row.line == 1))
    some = list(islice((row for row in rows if any(cell.strip() for cell in row.cells)), LOOKED_AT + 1))
    above = header_place([row.cells for row in some])
    first = some[above] if some else None
    if first is None:
        message = f"{path.name} is empty; a table begins with a row of column names"
        raise BadInput(message)
    if first.why:
        message = f"{path.name}, line {first.line}: the column names cannot be read: {first.why}"
        raise BadInput(message)
    if any("\0" in cell for cell in first.cells):
        likely = _likely_encoding(first.cells[0])
        message = f"{path.name} is no text in {found}; name what it is with --encoding, for example {likely}"
        raise BadInput(message)
    header = first.cells
    ours = len(header) > 1 and header[-1] == WHY
    names = header[:-1] if ours else header
    return Table(path, names, mark, found, size, ours, skip, first.line, _is_spaced=is_spaced, above=above)


def _open_sheet(path: Path, size: int, sheet: str | None) -> Table:
    name, _, records = read_sheet(path, sheet)
    some = list(islice((row for row in records if any(cell.strip() for cell in row[1])), LOOKED_AT + 1))
    above = header_place([row[1] for row in some])
    if not some:
        others = ", ".join(cut(one) for one in sheet_names(path) if one != name)
        hint = f"name another with --sheet: {others}" if others else "a table begins with a row of column names"
        message = f"{path.name}: the sheet {cut(name)} is empty; {hint}"
        raise BadInput(message)
    line, header, _ = some[above]
    ours = len(header) > 1 and header[-1] == WHY
    return Table(path, header[:-1] if ours else header, ",", "a spreadsheet", size, ours, 0, line, name, above=above)


def _size(path: Path) -> int:
    try:
        if path.exists() and not path.is_file():
            what = " but the folder where you are" if path == Path() else " but a folder" if path.is_dir() else ""
            message = f'"{path}" is no file{what}; name a CSV file or a spreadsheet'
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


def _sample(path: Path, encoding: str, skip: int) -> list[str]:
    return [line[:_SAMPLE_CHARACTERS] for line, _ in islice(_lines(path, encoding, skip), _SAMPLE_LINES)]


def _likely_encoding(cell: str) -> str:
    """Give what a text with zero bytes is: they fill up the letters, three in each or one, before or behind it."""
    wide = "32" if "\0\0" in cell.strip("\0") or "\0\0" in cell[:4] else "16"
    return f"utf-{wide}-{'be' if cell.startswith(chr(0)) else 'le'}"


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
        self._characters = self._read_again = 0
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
        self._demand_end(one[0])
        return one[0]

    def _demand_end(self, line: str) -> None:
        """Refuse a row that goes on for too long.

        Raises:
            csv.Error: it has too many lines or characters.
        """
        self._characters += len(line)
        most = ROW_LINES if self._read_again < _READ_AGAIN * LINE_LIMIT else _ROW_LINES_LATER
        told = f"{most:,} lines" if len(self._taken) > most else ""
        told = f"{LINE_LIMIT:,} characters" if self._characters > LINE_LIMIT else told
        if told:
            message = f"the row has more than {told}: a quotation mark is opened here and never closed, or too late"
            raise csv.Error(message)

    def begin_row(self) -> int:
        """Forget the lines of the row before, and give the number of the next line."""
        self._taken.clear()
        self._characters = 0
        return self.number + 1

    def put_back_all_but_one(self) -> str:
        """Hand the row's lines out again except its first, and give that one."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        self._read_again += sum(len(line) for line, _ in others)
        return first[0]


def _records(path: Path, encoding: str, skip: int, delimiter: str, *, is_spaced: bool) -> Iterator[Row]:
    csv.field_size_limit(CELL_LIMIT)
    feed = _Feed(_lines(path, encoding, skip))
    reader = csv.reader(feed, delimiter=delimiter, strict=True, skipinitialspace=is_spaced)
    while True:
        line = feed.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first = feed.put_back_all_but_one()
            yield Row(line, (first.rstrip("\r\n")[:CELL_LIMIT],), feed.read, _reason(str(error), first))
        else:
            yield Row(line, tuple(cells), feed.read)


def _reason(error: str, line: str) -> str:
    unclosed = "a quotation mark is opened here and never closed"
    if "field larger than field limit" in error:
        too_long = f"a cell has more than {CELL_LIMIT:,} characters"
        return unclosed if len(line) <= CELL_LIMIT else f"{too_long}, or {unclosed}" if '"' in line else too_long
    if "unexpected end of data" in error:
        return unclosed
    if "expected after" in error:
        return "a quotation mark stands in the middle of a cell; within a quoted cell it is written twice"
    return clean_line(error)
