"""Below the funnel: the funnel of each group of its deals in a line, by owner, source, company, tag or month (A6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain import money
from funneltui.domain.deal import Outcome
from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.domain.text import counted
from funneltui.services.figures import can_be_named, in_currency
from funneltui.tui.report_cells import Column, Told, blank, compact, heads, left, named, percent, row
from funneltui.tui.report_drawing import Part, stacked
from funneltui.tui.widgets.report_page import Cell, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from funneltui.domain.funnel import Funnel
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.figures import FunnelFilters
    from funneltui.services.funnels import Funnels
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.report_page import Figure

Ink: TypeAlias = "tuple[Outcome, str, Style]"
"""Of a part of a bar: whose deals it stands for, its sign, and its ink."""

_NAME = 22
_MOST = 30
"""How many groups are told at the most; a filter narrows the rest."""
_LEAST_BAR, _MOST_BAR = 20, 40
_COLUMNS = (
    Column("in", 7), Column("open", 7), Column("won", 7), Column("lost", 7), Column("overall", 9), Column("won value", 11),
)  # fmt: skip


def group_lines(
    pipeline: Pipeline, found: Funnels, behind: FunnelFilters, look: Look, width: int, inks: Sequence[Ink]
) -> Iterator[Line]:
    """Give a line a group: how many of it got into the funnel, what became of them, the share that was won, and a bar.

    `inks` are the names, signs and inks of the bars' parts, as in the funnel above.
    """
    if found.by is None or not found.groups:
        return
    palette = look.palette
    yield [*left(f" By {found.by.value}", _NAME, palette.strong), *heads(_COLUMNS, palette.muted)]
    ordered = found.groups if found.by is By.MONTH else sorted(found.groups, key=lambda one: -one[2].entered)
    shown = ordered[-_MOST:] if found.by is By.MONTH else ordered[:_MOST]
    largest = max((figures.entered for _, _, figures in shown), default=0)
    room = min(_MOST_BAR, width - _NAME - sum(column.width for column in _COLUMNS) - 4)
    for key, name, figures in shown:
        its = _GroupFigures(pipeline, name, figures, behind.of_group(found.by, key), can_be_named(found.by, key))
        line = _group(its, look)
        if room >= _LEAST_BAR:
            parts = [Part(its.count(one), sign, ink, its.part(one)) for one, sign, ink in inks]
            line += [blank(3), *stacked(parts, largest, room)]
        yield line
    if len(ordered) > _MOST:
        yield [blank(1), Cell(f"and {len(ordered) - _MOST:,} more", palette.muted)]


@dataclass(frozen=True, slots=True)
class _GroupFigures:
    """Makes the figures of a group's line; `nameable`: a filter can name the group."""

    pipeline: Pipeline
    name: str
    shown: Funnel
    behind: FunnelFilters
    nameable: bool

    def _figure(self, what: str, says: str, opens: str, n: int | None) -> Figure:
        return named(f"group {self.name} {what}", says, opens, n, can_be_named=self.nameable)

    @property
    def _verb(self) -> str:
        return "entered" if self.shown.mode is Mode.ENTERED else "reached"

    def count(self, outcome: Outcome) -> int:
        """Count those that got in and are of an outcome now."""
        return int(getattr(self.shown.stages[0], outcome.value))

    def got_in(self) -> Figure:
        """Give how many got in."""
        n = self.shown.entered
        says = f"{counted(n)} of {self.name} got in: they {self._verb} {self.pipeline.first.name}"
        return self._figure("in", says, self.behind.entered(), n)

    def part(self, outcome: Outcome) -> Figure:
        """Give how many of those that got in are of an outcome now."""
        n = self.count(outcome)
        says = f"{counted(n)} of {self.name} that got in: {outcome.value} now"
        return self._figure(outcome.value, says, self.behind.through(self.pipeline.first, outcome), n)

    def overall(self) -> Figure:
        """Give the share of them that is won."""
        n, rate = self.shown.entered, percent(self.shown.overall_rate)
        says = f"{rate} of {counted(n)} of {self.name} are won; overall = won / {self._verb}(first)"
        return self._figure("overall", says, self.behind.entered(), n)

    def worth(self) -> Figure:
        """Give what the won ones are worth, in the funnel's currency."""
        code, total = self.shown.currency, self.shown.won.amount
        says = f"{money.format_full(total, code)}: the amounts of the deals of {self.name} that are won, in {code}"
        return self._figure("value", says, in_currency(self.behind.won(), code), None)


def _group(its: _GroupFigures, look: Look) -> Line:
    palette, shown = look.palette, its.shown
    outcomes = ((Outcome.OPEN, palette.text), (Outcome.WON, palette.won), (Outcome.LOST, palette.lost))
    told: dict[str, Told] = {
        "in": (f"{shown.entered:,}", palette.strong, its.got_in()),
        **{one.value: (f"{its.count(one):,}", ink, its.part(one)) for one, ink in outcomes},
        "overall": (percent(shown.overall_rate), palette.strong, its.overall()),
        "won value": (compact(shown.won.amount, shown.currency, 10), palette.text, its.worth()),
    }
    return [*left(f" {its.name}", _NAME, palette.text), *row(told, _COLUMNS)]
