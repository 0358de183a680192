"""Reads spreadsheets (xlsx, xls, ods) as rows of text, as a CSV file of them would have it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput
from funneltui.exchange.encodings import unreadable
from funneltui.exchange.sheet_errors import errors_of
from funneltui.exchange.sheet_sizes import refuse_oversized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.exchange.sheet_errors import Errors

_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheets begin: those that are archives (xlsx, ods), and old ones (xls)."""

Cells = tuple[int, tuple[str, ...], tuple[int, ...]]
"""A row: its number from 1, its cells, and the places of those that hold a number with decimals."""


def is_spreadsheet(path: Path) -> bool:
    """Tell by its first bytes whether a file is a spreadsheet and no text.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(4) in _STARTS
    except OSError as error:
        raise unreadable(path, error) from error


def read_sheet(path: Path, sheet: str | None = None) -> tuple[str, int, Iterator[Cells]]:
    """Give a sheet's name, how many rows it has, and these; without a name the first sheet.

    A date is given as year-month-day, a number with a dot and never a mark between thousands, an error by its word (#REF!).

    Raises:
        BadInput: there is no such sheet, it is too large or no spreadsheet, or what reads them is not installed.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        message = f"{path.name} is a spreadsheet; install what reads it with: pip install 'funneltui[xlsx]'"
        raise BadInput(f"{message}, or save it as CSV") from error
    try:
        book = CalamineWorkbook.from_path(str(path))
        name = _sheet_called(path, book.sheet_names, sheet)
        refuse_oversized(path, name)
        found = book.get_sheet_by_name(name)
        last = found.height + (found.start[0] if found.start else 0)
        return name, last, _rows(found.iter_rows(), errors_of(path, name))
    except (CalamineError, OSError, ValueError) as error:
        message = f"{path.name} is no spreadsheet that can be read ({clean_line(str(error), 120)}); save it as CSV"
        raise BadInput(message) from error


def _sheet_called(path: Path, names: list[str], sheet: str | None) -> str:
    if not names:
        message = f"{path.name} has no sheet"
        raise BadInput(message)
    if sheet is None:
        return names[0]
    found = next((one for one in names if one == sheet), None)
    found = found or next((one for one in names if one.strip().lower() == sheet.strip().lower()), None)
    if found is None:
        message = f'{path.name} has no sheet "{cut(sheet)}"; it has: {", ".join(cut(one) for one in names)}'
        raise BadInput(message)
    return found


def _rows(found: Any, errors: Errors) -> Iterator[Cells]:
    for line, cells in enumerate(found, start=1):
        texts = [_text(cell) for cell in cells]
        for place, word in errors.get(line, {}).items():
            if place < len(texts):
                texts[place] = word
        fractions = (at for at, cell in enumerate(cells) if isinstance(cell, float) and not cell.is_integer())
        yield line, tuple(texts), tuple(fractions)


def _text(cell: object) -> str:
    """Give a cell as text; a number of three decimals gets a fourth, or its dot would pass for a mark of thousands."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10f}".rstrip("0").rstrip(".")
        return f"{text}0" if len(text.partition(".")[2]) == 3 else text
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell).split(".")[0]
