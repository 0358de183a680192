"""The forecast as a page: periods side by side, the chosen one by owner and by category, the deals expected in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.forecast import OPEN_CATEGORIES, Category
from funneltui.domain.text import counted
from funneltui.tui.report_cells import (
    NOTHING,
    Column,
    Told,
    blank,
    compact,
    fitting,
    heads,
    left,
    percent,
    right,
    rounded,
    row,
    title,
)
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.forecast import Line as Row
    from funneltui.domain.forecast_table import Forecast
    from funneltui.domain.periods import Period
    from funneltui.domain.what_if import WhatIf
    from funneltui.services.forecasts import Counted
    from funneltui.tui.theming import Look

_NAME = 15
_COLUMNS = (
    Column("quota", 10, 3), Column("won", 10), Column("gap", 10, 1), Column("pipeline", 10), Column("weighted", 10, 2),
    Column("cover", 7, 5), Column("need", 6, 4), Column("pace", 7, 6), Column("best case", 11, 7), Column("commit", 10, 8),
)  # fmt: skip
_OF_QUOTA = ("quota", "gap", "cover", "need", "pace")
"""The columns that say nothing as long as no quota is set."""
_DEAL_COLUMNS = (Column("amount", 12), Column("chance", 8), Column("weighted", 11), Column("close", 9))
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the page shows: the forecast as it is and as it would be, the period that is chosen, the deals expected in it.

    `supposed` are deals that are looked at as if they were else, by number; nothing of that is stored.
    """

    what_if: WhatIf
    period: Period
    deals: Sequence[Counted]
    supposed: Mapping[int, Deal]
    today: date


class ForecastPage:
    """Makes the page's lines, for any look and width."""

    def __init__(self, found: Expected) -> None:
        """Show these figures."""
        self.found = found
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width = look, width
        return [
            *self._head(), [], *self._periods(), [], *self._owners(), [], *self._categories(), [], *self._deals(),
            *self._conversions(),
        ]  # fmt: skip

    @property
    def _shown(self) -> Forecast:
        return self.found.what_if.after if self.found.supposed else self.found.what_if.before

    @property
    def _columns(self) -> tuple[Column, ...]:
        rows = (*self._shown.team, *self._shown.lines)
        known = any(one.quota is not None for one in rows)
        columns = tuple(column for column in _COLUMNS if known or column.head not in _OF_QUOTA)
        return fitting(columns, self.width - _NAME - 1)

    def _money(self, amount: int) -> str:
        return money.format_full(amount, self._shown.currency)

    def _head(self) -> Iterator[Line]:
        """Say which period is looked at, how much of it has passed, and what a supposition moves."""
        palette, period = self.look.palette, self.found.period
        row = self._of_period(None)
        gone = "not begun" if row is None or row.is_future else f"{percent(float(row.elapsed))} of it has passed"
        first, last = dates.echo(period.first, self.found.today), dates.echo(period.last, self.found.today)
        yield [
            Cell(f" {period.label}", palette.strong), Cell(f"  {first} to {last}, {gone}", palette.muted),
            Cell(f"   amounts in {self._shown.currency}", palette.muted),
        ]  # fmt: skip
        if self.found.supposed:
            moved = self.found.what_if
            parts = [
                f"{name} {'+' if move > 0 else ''}{rounded(Fraction(move), self._shown.currency)}"
                for name, move in (
                    ("expected gap", moved.gap_move), ("pipeline", moved.pipeline_move), ("weighted", moved.weighted_move),
                )
                if move is not None
            ]  # fmt: skip
            told = f"what if: {counted(len(self.found.supposed))} supposed, over all periods shown: {', '.join(parts)}"
            yield [Cell(f" {told}", palette.today)]

    def _of_period(self, owner: str | None, label: str = "", *, team: bool = True) -> Row | None:
        rows = self._shown.team if team else self._shown.lines
        wanted = label or self.found.period.label
        return next((row for row in rows if row.label == wanted and (team or row.owner == owner)), None)

    def _periods(self) -> Iterator[Line]:
        """Give everybody's line of each period, or of one's own where one sees no others'; the chosen one stands out."""
        palette = self.look.palette
        yield [*left(" Period", _NAME, palette.strong), *heads(self._columns, palette.muted)]
        for one in self._shown.team or self._shown.lines:
            chosen = one.label == self.found.period.label
            yield self._row(f"{'▸' if chosen else ' '}{one.label}", one, f"period {one.label}", owner="", strong=chosen)

    def _owners(self) -> Iterator[Line]:
        """Give the chosen period by owner."""
        if not self._shown.team:
            return
        palette = self.look.palette
        here = [one for one in self._shown.lines if one.label == self.found.period.label]
        if here:
            yield [*left(f" {self.found.period.label}, by owner", _NAME + 12, palette.strong)]
        for one in here:
            owner = f'owner:"{one.owner}"' if one.owner else "is:unassigned"
            yield self._row(f" {one.owner or NOBODY}", one, f"owner {one.owner}", owner=owner)

    def _row(self, name: str, one: Row, key: str, *, owner: str, strong: bool = False) -> Line:
        palette = self.look.palette
        style = palette.strong if strong else palette.text
        cover = "" if one.coverage is None else f"{one.coverage:.1f}x"
        told: dict[str, Told] = {
            "quota": (self._short(one.quota), style, self._quota(one, key)),
            "won": (self._short(one.won.amount), palette.won, self._won(one, key, owner)),
            "gap": ("0" if one.gap == 0 else self._short(one.gap), style, self._gap(one, key)),
            "pipeline": (self._short(one.pipeline.amount), style, self._open(one, key, owner)),
            "weighted": (self._short(one.weighted), palette.text, self._weighted_of(one, key, owner)),
            "cover": (cover, palette.muted, Figure(f"{key} cover", "coverage = pipeline / remaining gap")),
            "need": ("" if one.needed_deals is None else f"{one.needed_deals:,}", style, self._needed(one, key)),
            "pace": (
                "" if one.pace is None else percent(one.pace), palette.muted,
                Figure(f"{key} pace", "pace = won / the part of the quota that is due by the days gone: 100% is on time"),
            ),
        }  # fmt: skip
        for category in (Category.BEST_CASE, Category.COMMIT):
            told[_words(category)] = (self._short(one.of(category).amount), palette.text, None)
        told = {head: (text, ink if text else palette.faint, figure) for head, (text, ink, figure) in told.items()}
        return [*left(name, _NAME, style), *row(told, self._columns)]

    def _weighted_of(self, one: Row, key: str, owner: str) -> Figure:
        says = (
            f"{rounded(Fraction(one.weighted), self._shown.currency)}: amount x chance of {counted(one.pipeline.count)}"
        )
        return Figure(f"{key} weighted", says, self._open(one, key, owner).opens)

    def _won(self, row: Row, key: str, owner: str) -> Figure:
        says = f"{counted(row.won.count)} won with a close date in {row.label}: {self._money(row.won.amount)}"
        return Figure(f"{key} won", says, f"is:won closed:{row.first}..{row.last} {owner}".strip())

    def _open(self, row: Row, key: str, owner: str) -> Figure:
        says = (
            f"{counted(row.pipeline.count, 'open deal')} expected to close in {row.label}: "
            f"{self._money(row.pipeline.amount)}, weighted {rounded(Fraction(row.weighted), self._shown.currency)}"
        )
        return Figure(f"{key} open", says, f"is:open close:{row.first}..{row.last} {owner}".strip())

    def _short(self, amount: int | None) -> str:
        """Give an amount as short as its column; nothing at all for none, and for nought where it would only be noise."""
        return compact(amount, self._shown.currency, 9) if amount else ""

    def _quota(self, row: Row, key: str) -> Figure:
        """Say where a quota comes from; a revised one says both."""
        if row.quota is None:
            return Figure(f"{key} quota", f"no quota is set for {row.label}")
        was = row.found.before
        revised = f", revised from {self._money(was)}" if was is not None and was != row.quota else ""
        last = next((part for part in reversed(row.found.parts) if part.who), None)
        by = f"; set by {last.who}" if last is not None else ""
        parts = "" if row.found.is_whole else f"; {len(row.found.parts)} of {row.found.possible} parts are set"
        return Figure(f"{key} quota", f"the quota for {row.label} is {self._money(row.quota)}{revised}{by}{parts}")

    def _gap(self, row: Row, key: str) -> Figure:
        if row.gap is None:
            why = "the period has not begun" if row.is_future else "no quota is set"
            return Figure(f"{key} gap", f"no gap: {why}")
        told = "to go" if row.gap > 0 else "the quota is exceeded" if row.gap < 0 else "the quota is met"
        return Figure(f"{key} gap", f"gap = quota - won = {self._money(row.gap)}: {told}")

    def _needed(self, row: Row, key: str) -> Figure:
        basis = row.basis
        rate = NOTHING if basis.win_rate is None else percent(float(basis.win_rate))
        average = NOTHING if basis.average is None else self._money(round(basis.average))
        return Figure(
            f"{key} needed",
            f"deals needed = gap / (average won amount x win rate): {average} (n {basis.priced:,}) x {rate} "
            f"(n {basis.closed:,})",
        )

    def _categories(self) -> Iterator[Line]:
        """Give what the pipeline of the chosen period consists of, by how surely it is counted on."""
        palette = self.look.palette
        row = self._of_period(None) or next(
            (one for one in self._shown.lines if one.label == self.found.period.label), None
        )
        if row is None:
            return
        columns = (Column("deals", 8), Column("amount", 14))
        yield [*left(" By category", _NAME, palette.strong), *heads(columns, palette.muted)]
        for category in (Category.CLOSED, *reversed(OPEN_CATEGORIES[:-1]), Category.OMITTED):
            figure = row.of(category)
            name = _words(category)
            says = Figure(f"category {category}", f"{counted(figure.count)} in {self.found.period.label}: {name}")
            yield [
                *left(f" {name}", _NAME, palette.text), *right(f"{figure.count:,}", columns[0], palette.text, says),
                *right(self._money(figure.amount) if figure.amount else "", columns[1], palette.text),
                Cell(f"   {_RULES[category]}", palette.muted),
            ]  # fmt: skip

    def _deals(self) -> Iterator[Line]:
        """Give the deals expected to close in the chosen period, the next one first; here one supposes."""
        palette = self.look.palette
        if not self.found.deals:
            yield [Cell(f" no open deal is expected to close in {self.found.period.label}", palette.muted)]
            return
        room = max(12, min(44, self.width - 8 - sum(column.width for column in _DEAL_COLUMNS) - 9))
        yield [
            *title("Expected to close", palette), blank(7 + room - 17), *heads(_DEAL_COLUMNS, palette.muted),
        ]  # fmt: skip
        for one in self.found.deals:
            yield self._deal(one, room)

    def _deal(self, one: Counted, room: int) -> Line:
        palette, deal = self.look.palette, one.deal
        after = self.found.supposed.get(deal.number)
        shown = after or deal
        style = palette.today if after else palette.text
        amount = NOTHING if shown.amount is None else money.format_compact(shown.amount, shown.currency, 10)
        chance = NOTHING if one.chance is None else percent(float(one.chance))
        if after is not None and after.probability is not None:
            chance = f"{after.probability}%"
        says = f"#{deal.number} {deal.title}: {_words(one.category)}"
        if after is not None:
            says += f"; what if: {_difference(deal, after, self.found.today)}"
        return [
            *right(f"#{deal.number}", Column("", 7), palette.muted), blank(1),
            *left(deal.title, room, style, Figure(f"deal {deal.number}", says, deal=deal.number)),
            *right(amount, _DEAL_COLUMNS[0], style), *right(chance, _DEAL_COLUMNS[1], style),
            *right(self._weighted(one, after), _DEAL_COLUMNS[2], palette.muted),
            *right(dates.short(shown.expected_close, self.found.today), _DEAL_COLUMNS[3], style),
            Cell("  what if" if after else "", palette.today),
        ]  # fmt: skip

    @staticmethod
    def _weighted(one: Counted, after: Deal | None) -> str:
        return NOTHING if after or not one.weighted else money.format_compact(one.weighted, one.deal.currency, 10)

    def _conversions(self) -> Iterator[Line]:
        """Say by which rates of which day amounts were converted, and what is in no sum for want of one (G8)."""
        palette = self.look.palette
        for used in self._shown.conversions:
            yield [Cell(f" {used.conversion.describe()}", palette.muted)]
        for other in self._shown.others:
            parts = [
                f"{name} {money.format_full(amount, other.currency)}"
                for name, amount in (
                    ("won", other.won.amount),
                    ("pipeline", other.pipeline.amount),
                    ("quota", other.quota),
                )
                if amount
            ]
            yield [Cell(f" in no sum, no rate is known: {', '.join(parts)}", palette.muted)]


_RULES = {
    Category.CLOSED: "won",
    Category.COMMIT: "a chance of 75% and more",
    Category.BEST_CASE: "40% and more",
    Category.PIPELINE: "less, or not known",
    Category.OMITTED: "a chance of 0 that a rep has given",
}


def _words(category: Category) -> str:
    return category.value.replace("_", " ")


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
