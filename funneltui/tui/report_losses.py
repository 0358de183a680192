"""Why, where and whose deals were lost, and how large they were: a part of the insights, a table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.text import counted
from funneltui.services.figures import in_currency
from funneltui.tui.report_cells import Column, bar_length, blank, compact, heads, left, percent, right
from funneltui.tui.report_drawing import beside, half_of
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.losses import Losses, LossRow
    from funneltui.tui.theming import Look

_NAME = 28
_COLUMNS = (Column("lost", 7), Column("share", 8), Column("value", 12))
_MOST = 30
"""How many rows of a table are told at the most, those with the most deals."""
_BAR = 30
_REST = 32
"""The cells of a line that are no bar, its name aside."""
_LOST = "is:lost"


def loss_lines(found: Losses, look: Look, width: int) -> Iterator[Line]:
    """Give the tables of the losses; nothing where nothing was lost."""
    if not found.whole.count:
        return
    by = {"reason": found.by_reason, "stage": found.by_stage, "owner": found.by_owner, "source": found.by_source}
    tables = [_table(found, name, rows, look, half_of(width)) for name, rows in by.items()]
    for first, second in (tables[:2], tables[2:]):
        yield from beside(first, second, width)
        yield []
    yield from _table(found, "amount", found.by_amount, look, half_of(width))


def _table(found: Losses, name: str, rows: Sequence[LossRow], look: Look, width: int) -> list[Line]:
    palette, room = look.palette, max(4, min(_BAR, width - _NAME - _REST))
    largest = max(row.count for row in rows)
    return [
        [*left(f" Losses by {name}", _NAME, palette.strong), *heads(_COLUMNS, palette.muted)],
        *(_loss(found, f"lost {name} {row.key}", row, largest, room, look) for row in rows[:_MOST]),
    ]


def _loss(found: Losses, key: str, row: LossRow, largest: int, room: int, look: Look) -> Line:
    palette, currency = look.palette, found.currency
    count, share, worth, apart = _figures(found, key, row)
    others = len(set(row.sums) - {currency})
    return [
        *left(f" {row.name}", _NAME, palette.text),
        *right(f"{row.count:,}", _COLUMNS[0], palette.lost, count),
        *right(percent(row.share), _COLUMNS[1], palette.text, share),
        *right(compact(row.sums.get(currency, 0), currency, 10), _COLUMNS[2], palette.text, worth),
        blank(1),
        Cell(f"+{others}", palette.muted, apart) if others else blank(2),
        blank(1),
        Cell("━" * bar_length(row.count, largest, room), palette.lost, count, drawn=True),
    ]


def _figures(found: Losses, key: str, row: LossRow) -> Sequence[Figure]:
    """Give a row's number, share, sum, and what is in no sum: by numbers, as no filter may name the reason (D4)."""
    n, numbers, code = row.count, row.numbers, found.currency
    lost = f"{counted(n)} lost: {row.name}"
    told = [money.format_full(amount, other) for other, amount in sorted(row.sums.items()) if other != code]
    worth = f"{money.format_full(row.sums.get(code, 0), code)}: the amounts in {code} of {lost}"
    apart = f"{', '.join(told)}: the amounts in other currencies, in no sum, of {lost}"
    share = f"{lost}; {percent(row.share)} of the {found.whole.count:,} that were lost in the period"
    return (
        Figure(key, lost, _LOST, n, numbers),
        Figure(f"{key} share", share, _LOST, n, numbers),
        Figure(f"{key} sum", worth, in_currency(_LOST, code), None if told else n, numbers),
        Figure(f"{key} apart", apart, f"{_LOST} -currency:{code}", None, numbers),
    )
