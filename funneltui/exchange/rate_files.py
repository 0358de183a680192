"""Rates from a CSV file: four columns, from, to, rate and date; all rows or none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder, parse_moment
from funneltui.domain.rates import Rate, check_pair, parse_rate
from funneltui.domain.text import fold
from funneltui.errors import BadInput
from funneltui.exchange.tables_in import open_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COLUMNS = {
    "from": ("from", "source", "base"),
    "to": ("to", "target", "quote"),
    "rate": ("rate", "value"),
    "date": ("date", "on", "day"),
}
"""The names that each column may have."""

_TOLD = 5
"""How many wrong rows are told."""


def read_rates(path: Path, order: DateOrder = DateOrder.DMY) -> list[Rate]:
    """Give the rates that a CSV file holds: one unit of the currency "from" is worth "rate" units of "to" on "date".

    Other columns are passed over. Dates are written 2026-11-01, 1.11.2026, or with slashes by `order`.

    Raises:
        BadInput: a column is missing or a row cannot be read; the message names the lines. StorageError: no such file.
    """
    table = open_table(path)
    places = [_place(table.header, names, path.name) for names in _COLUMNS.values()]
    found: list[Rate] = []
    wrong: list[str] = []
    for row in table.rows():
        try:
            if row.why:
                raise BadInput(row.why)
            found.append(_rate([row.cells[place] if place < len(row.cells) else "" for place in places], order))
        except BadInput as error:
            wrong.append(f"line {row.line}: {error}")
    if wrong:
        more = f"; and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
        raise BadInput(f"{path.name}: {'; '.join(wrong[:_TOLD])}{more}; nothing was entered")
    return found


def _place(header: Sequence[str], names: tuple[str, ...], file: str) -> int:
    folded = [fold(name.strip()) for name in header]
    for name in names:
        if name in folded:
            return folded.index(name)
    raise BadInput(f'{file} has no column "{names[0]}"; it needs from, to, rate and date')


def _rate(cells: Sequence[str], order: DateOrder) -> Rate:
    source, target, rate, day = cells
    source, target = source.strip().upper(), target.strip().upper()
    check_pair(source, target)
    when = parse_moment(day, order)
    return Rate(source, target, when.date() if isinstance(when, datetime) else when, parse_rate(rate))
