"""Tables to be taken out: a name, a header, rows one at a time; and the same as JSON records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from funneltui.domain.money import to_decimal_string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from funneltui.exchange.record_values import Record
    from funneltui.exchange.tables_out import Cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows are made while they are asked for, once; `told` gives richer JSON records, if there are any."""

    name: str
    header: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    told: Callable[[], Iterable[Record]] | None = None

    def records(self) -> Iterator[Record]:
        """Give the rows as JSON records: amounts and shares as decimal strings, days as ISO text, what is absent as null."""
        if self.told is not None:
            yield from self.told()
            return
        for row in self.rows():
            yield dict(zip(self.header, map(_plain, row), strict=True))


def _plain(cell: Cell) -> object:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell


def amount_cell(minor: int | None, currency: str) -> Decimal | None:
    """Give an amount of minor units as the number that a cell holds."""
    return None if minor is None else Decimal(to_decimal_string(minor, currency))


def decimal_of(value: str | float | None) -> Decimal | None:
    """Give a decimal string or a share of a JSON record as a number for a cell; shares to six decimals."""
    if value is None:
        return None
    return Decimal(value) if isinstance(value, str) else round(Decimal(repr(float(value))), 6).normalize()
