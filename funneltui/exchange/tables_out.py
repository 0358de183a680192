"""Writes CSV files that a spreadsheet opens as they are meant: texts are never formulas, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.exchange.files_out import harmless, whole_file
from funneltui.exchange.formula_guard import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Cell = str | int | Decimal | date | None
"""What a cell can hold: a text, a number, a day, or nothing."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV file is written: what parts its columns, the mark of its decimals, and whether it begins with the byte
    order mark by which Excel knows UTF-8.

    Raises:
        BadInput: the delimiter is none that could be told from what stands in the cells.
    """

    delimiter: str = ","
    decimal: str = "."
    mark: bool = True

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or self.delimiter.isalnum() or self.delimiter in "\"'\n\r.-+ ":
            message = f'"{cut(self.delimiter)}" cannot part columns; try ",", ";", "|" or tab'
            raise BadInput(message)


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], form: Form | None = None, *, force: bool = False
) -> int:
    """Write a CSV file and give the number of its rows; see `write_rows` and `whole_file`.

    Raises:
        RuleBroken: there is a file already, and no `force`. BadInput: the path is no place for a file, or holds a database.
        StorageError: it cannot be written.
    """
    with whole_file(path, force=force) as out:
        return write_rows(out, header, rows, form or Form())


def write_rows(out: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], form: Form) -> int:
    """Write a table as CSV in UTF-8, in the memory of one row, and give the number of its rows.

    A text that begins with = + - @, a tab or a return gets an apostrophe before it, so that no spreadsheet takes it for a
    formula, and nothing in it acts on a terminal; numbers stay numbers, days are written 2026-12-15.
    """
    count = 0
    text = io.TextIOWrapper(out, "utf-8-sig" if form.mark else "utf-8", "replace", newline="", write_through=False)
    try:
        writer = csv.writer(text, delimiter=form.delimiter)
        writer.writerow([guarded(name) for name in header])
        for row in rows:
            writer.writerow([_written(cell, form) for cell in row])
            count += 1
        text.flush()
    finally:
        text.detach()
    return count


def _written(cell: Cell, form: Form) -> object:
    if isinstance(cell, str):
        return guarded(harmless(cell))
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", form.decimal)
    return cell.isoformat() if isinstance(cell, date) else cell
