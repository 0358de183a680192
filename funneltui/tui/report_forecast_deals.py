"""What the forecast's page shows, and its last part: the deals expected in the chosen period, the next one first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.services.report_pages import MOST_EXPECTED
from funneltui.tui.report_cells import NOTHING, Column, blank, heads, left, percent, right, title
from funneltui.tui.report_forecast_figures import category_words
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.periods import Period
    from funneltui.domain.what_if import WhatIf
    from funneltui.services.forecasts import Asked, Counted
    from funneltui.tui.theming import Look

_COLUMNS = (Column("amount", 12), Column("chance", 8), Column("weighted", 11), Column("close", 9))


@dataclass(frozen=True, slots=True)
class Expected:
    """What the page shows: the forecast as it is and as it would be, the period that is chosen, the deals expected in it.

    `supposed` are deals, each as it is and as it is looked at, by number; nothing of that is stored. `several`: the deals of
    more than one pipeline are told together. `sets_quotas`: who looks may set them. `set_for_all`: the forecast is of one of
    several pipelines, and there are quotas for all of them.
    """

    what_if: WhatIf
    asked: Asked
    period: Period
    deals: Sequence[Counted]
    supposed: Mapping[int, tuple[Deal, Deal]]
    today: date
    several: bool = False
    sets_quotas: bool = True
    set_for_all: bool = False


def deal_lines(found: Expected, look: Look, width: int) -> Iterator[Line]:
    """Give the deals expected to close in the chosen period; here one supposes."""
    palette = look.palette
    if not found.deals:
        yield [Cell(f" no open deal is expected to close in {found.period.label}", palette.muted)]
        return
    room = max(12, min(44, width - 8 - sum(column.width for column in _COLUMNS) - 9))
    yield [*title("Expected to close", palette), blank(7 + room - 17), *heads(_COLUMNS, palette.muted)]
    for one in found.deals:
        yield _deal(found, one, room, look)
    if len(found.deals) >= MOST_EXPECTED:
        yield [blank(8), Cell("and more, all of them behind the figure of the pipeline", palette.muted)]


def _deal(found: Expected, one: Counted, room: int, look: Look) -> Line:
    palette, deal = look.palette, one.deal
    after = found.supposed.get(deal.number, (deal, None))[1]
    shown = after or deal
    style = palette.today if after else palette.text
    amount = NOTHING if shown.amount is None else money.format_compact(shown.amount, shown.currency, 10)
    chance = NOTHING if one.chance is None else percent(float(one.chance))
    if after is not None and after.probability is not None:
        chance = f"{after.probability}%"
    weighted = NOTHING if after or not one.weighted else money.format_compact(one.weighted, deal.currency, 10)
    says = f"#{deal.number} {deal.title}: {category_words(one.category)}"
    if after is not None:
        says += f"; what if: {_difference(deal, after, found.today)}"
    return [
        *right(f"#{deal.number}", Column("", 7), palette.muted), blank(1),
        *left(deal.title, room, style, Figure(f"deal {deal.number}", says, deal=deal.number)),
        *right(amount, _COLUMNS[0], style), *right(chance, _COLUMNS[1], style),
        *right(weighted, _COLUMNS[2], palette.muted),
        *right(dates.short(shown.expected_close, found.today), _COLUMNS[3], style),
        Cell("  what if" if after else "", palette.today),
    ]  # fmt: skip


def _difference(before: Deal, after: Deal, today: date) -> str:
    """Say in words what is supposed of a deal."""
    parts = []
    if before.amount != after.amount:
        parts.append(f"amount {money.format_full(after.amount or 0, after.currency)}")
    if before.expected_close != after.expected_close:
        parts.append(f"close {dates.echo(after.expected_close, today)}")
    if before.probability != after.probability:
        parts.append("chance of its stage" if after.probability is None else f"chance {after.probability}%")
    return ", ".join(parts) or "nothing else"
