"""Forecasts in words: as lines in a pipe, as a table on a terminal with what must be said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.output import Column, plain_console, say, say_rows
from funneltui.domain.forecast import Category
from funneltui.domain.forecast_table import brief_labels
from funneltui.domain.money import format_full
from funneltui.domain.quotas import TEAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.forecast import Line
    from funneltui.domain.forecast_table import Forecast, Other

_NAMES = ("period", "owner", "quota", "won", "gap", "pipeline", "weighted", "best case", "commit", "coverage", "needed",
          "pace")  # fmt: skip
_SPARED = ("best case", "commit", "pace", "coverage", "weighted", "needed")
"""The columns that give way on a narrow terminal, the first one first."""

_TOLD = 8
"""How many revised and partial quotas are told."""


def lines(forecast: Forecast) -> Iterator[list[str]]:
    """Give the lines of a forecast: owners and team by period, then the total if it says more, then what is beside them."""
    for line in _ordered(forecast):
        yield _cells(line, forecast)
    for other in forecast.others:
        yield ["not added", other.currency, _sum(other.quota, other), _sum(other.won.amount, other), "",
               _sum(other.pipeline.amount, other), _sum(other.weighted, other)]  # fmt: skip
    for one in forecast.conversions:
        yield ["rate", one.conversion.describe(), " ".join(one.labels)]


def draw(forecast: Forecast, fiscal_start: int = 1, as_of: str = "") -> None:
    """Print a forecast as a table: with its currency, the n of its rates, and the rates and dates of what was converted."""
    say(f"Forecast, {forecast.total.label}, {forecast.currency}{f', as it stood on {as_of}' if as_of else ''}")
    rows = [_cells(line, forecast) for line in _ordered(forecast)]
    places = _fitting(rows, several=len({row[0] for row in rows}) > 1)
    columns = [Column(_NAMES[place], number=place > 1, least=7) for place in places]
    say_rows(columns, ([row[place] for place in places] for row in rows))
    for text in _beside(forecast, fiscal_start):
        say(text)


def _fitting(rows: list[list[str]], *, several: bool) -> list[int]:
    """Give the places of the columns that have room on the terminal; the period has one only where there are several."""
    from rich.cells import cell_len

    widths = {
        name: max(cell_len(text) for text in (name, *(row[place] for row in rows))) for place, name in enumerate(_NAMES)
    }
    shown = [name for name in _NAMES if several or name != "period"]
    room = plain_console().width
    for name in _SPARED:
        if sum(widths[one] + 2 for one in shown) - 2 <= room:
            break
        shown.remove(name)
    return [_NAMES.index(name) for name in shown]


def _ordered(forecast: Forecast) -> Iterator[Line]:
    """Give the lines of each period, the team's after them, and the total where it is not one of these."""
    labels = list(dict.fromkeys(line.label for line in (*forecast.lines, *forecast.team)))
    for label in labels:
        yield from (line for line in (*forecast.lines, *forecast.team) if line.label == label)
    if len(labels) != 1:
        yield forecast.total


def _cells(line: Line, forecast: Forecast) -> list[str]:
    def money(minor: int | None) -> str:
        return "" if minor is None else format_full(minor, forecast.currency)

    return [
        "total" if line is forecast.total else line.label,
        TEAM if line.is_team else line.owner or "nobody",
        money(line.quota),
        money(line.won.amount),
        money(line.gap),
        money(line.pipeline.amount),
        money(line.weighted),
        money(line.of(Category.BEST_CASE).amount),
        money(line.of(Category.COMMIT).amount),
        "" if line.coverage is None else f"{line.coverage:.1f}x",
        "" if line.needed_deals is None else str(line.needed_deals),
        "" if line.pace is None else f"{line.pace:.0%}",
    ]


def _beside(forecast: Forecast, fiscal_start: int) -> Iterator[str]:
    basis, total = forecast.total.basis, forecast.total
    count = len({line.label for line in forecast.lines})
    yield f"deals in the {f'{count} periods' if count > 1 else 'period'}: {total.won.count} won, {total.pipeline.count} open"
    if basis.win_rate is not None and basis.average is not None:
        average = format_full(round(basis.average), forecast.currency)
        yield (
            f"needed: gap / ({average} on average x {float(basis.win_rate):.0%} won), "
            f"here of {basis.priced} won and {basis.closed} closed deals"
        )
    if 0 < len(total.compared) < len(total.by_period):
        known = f"{len(total.compared)} of {len(total.by_period)} periods"
        yield f"total: a quota is known for {known}; gap, coverage, needed and pace are of these"
    yield from _quotas(forecast, fiscal_start)
    for one in forecast.conversions:
        yield f"converted: {one.conversion.describe()}{f', for {brief_labels(one.labels)}' if one.labels else ''}"
    for other in forecast.others:
        yield f"not added up: {_told(other)}, for {brief_labels(other.labels)}"
        if other.rate_on:
            yield f"  `rate add {other.currency} {forecast.currency} RATE --on {other.rate_on}` would add it up"


def _quotas(forecast: Forecast, fiscal_start: int) -> Iterator[str]:
    """Tell of quotas that were revised what they were, and of those made of parts how many parts there are."""
    told = []
    for line in (*forecast.lines, *forecast.team):
        name = TEAM if line.is_team else line.owner or ""
        if line.found.parts and not line.found.is_whole:
            told.append(f"{name}, {line.label}: the quota is of {len(line.found.parts)} of {line.found.possible} parts")
        for quota in line.found.parts:
            earlier = quota.before
            whose = quota.owner or TEAM
            if whose == name and earlier is not None and earlier.amount is not None and quota.amount is not None:
                told.append(
                    f"{whose}, {quota.label(fiscal_start)}: the quota was {format_full(earlier.amount, earlier.currency)}, "
                    f"is {format_full(quota.amount, quota.currency)} by {quota.who or 'somebody'}"
                )
    yield from told[:_TOLD]
    if len(told) > _TOLD:
        yield f"and {len(told) - _TOLD} more; `quota history` tells them all"


def _told(other: Other) -> str:
    parts = [
        f"{other.won.count} won, {_sum(other.won.amount, other)}" if other.won.count else "",
        f"{other.pipeline.count} open, {_sum(other.pipeline.amount, other)}" if other.pipeline.count else "",
        f"quotas of {_sum(other.quota, other)}" if other.quota else "",
    ]
    return "; ".join(part for part in parts if part) or f"deals in {other.currency} without an amount"


def _sum(minor: int, other: Other) -> str:
    return format_full(minor, other.currency)
