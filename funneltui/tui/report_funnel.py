"""The funnel as a page of figures: a line a stage with its bar, what reached it, what became of that, what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.services.figures import FunnelFilters
from funneltui.tui.painting import fit
from funneltui.tui.report_cells import (
    Column,
    Told,
    blank,
    compact,
    days,
    fitting,
    heads,
    no_deals,
    percent,
    row,
    words,
)
from funneltui.tui.report_drawing import Part, legend, stacked
from funneltui.tui.report_funnel_figures import FunnelFigures
from funneltui.tui.report_funnel_groups import group_lines
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style

    from funneltui.domain.funnel import StageFigures
    from funneltui.domain.metrics import Spread
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.funnels import Funnels
    from funneltui.tui.report_funnel_groups import Ink
    from funneltui.tui.theming import Look

_ROOMY = 100
_FEW = 38
"""The cells of the columns that tell what became of the deals: below `_ROOMY` there are no more."""
_LEAST_BAR, _MOST_BAR = 8, 60
_BAR_SIGNS = ((Outcome.OPEN, "▒"), (Outcome.WON, "█"), (Outcome.LOST, "░"))
_STANDING = (Column("deals", 7), Column("sum", 9, 1), Column("weighted", 10, 2), Column("chance", 8, 3))


class Measure(StrEnum):
    """What the bars of the standard funnel measure (B3)."""

    COUNT = "count"
    VALUE = "value"
    WEIGHTED = "weighted"


_MEASURED = {Measure.COUNT: "the number", Measure.VALUE: "the amounts", Measure.WEIGHTED: "the weighted amounts"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where deals get stuck, in words, and the days of the latest stays in each stage that have ended."""

    words: str
    stays: Mapping[str, Spread]


class FunnelPage:
    """Makes the page's lines, for any look and width."""

    def __init__(
        self,
        pipeline: Pipeline,
        found: Funnels,
        measure: Measure,
        within: str = "",
        cohort: Window = ALWAYS,
        trouble: Trouble | None = None,
        *,
        sees_all: bool = True,
    ) -> None:
        """Show the figures of a pipeline, of the deals that were created in the days of `cohort`.

        `within` is the filter that they are looked at through, `trouble` where deals get stuck, once that is known.
        Chances are learned from everybody's deals, which `sees_all` says that who looks may see.
        """
        self.pipeline, self.found, self.shown, self.measure = pipeline, found, found.whole, measure
        self.behind, self.trouble = FunnelFilters(pipeline, found.whole.mode, within, cohort), trouble
        self.figures = FunnelFigures(found.whole, self.behind, sees_all=sees_all)
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width = look, width
        rows = [self._standing(one) if self._standard else self._reached(one) for one in self.shown.stages]
        if self._standard:
            rows.append(self._won_bar())
        closed = [self._closed(Outcome.WON), self._closed(Outcome.LOST)]
        return [
            self._overall(), [], self._heading(), *rows, [], *closed[1 if self._standard else 0 :], *self._others(), [],
            self._legend(), [], *self._told(), *group_lines(self.pipeline, self.found, self.behind, look, width, self._inks),
        ]  # fmt: skip

    def _told(self) -> list[Line]:
        """Say where deals get stuck (A5), once that is known; and what to press where there are none at all."""
        if not self.shown.entered and not self.behind.within and self.behind.cohort == ALWAYS:
            return [*no_deals(self.width, self.look.palette), []]
        return [*words(self.trouble.words, self.width, self.look.palette.text), []] if self.trouble else []

    @property
    def _standard(self) -> bool:
        return self.shown.mode is Mode.STANDARD

    @property
    def _columns(self) -> tuple[Column, ...]:
        room = self.width - self._name_width - _LEAST_BAR - 5
        if self._standard:
            return fitting(_STANDING, room)
        first = (Column(self.figures.verb, 9), Column("open", 7, 2), Column("won", 7, 1), Column("lost", 7, 3))
        return fitting(
            (*first, Column("onward", 8, 4), Column("now", 7, 5), Column("days", 7, 6), Column("chance", 8, 7)),
            room if self.width >= _ROOMY else min(room, _FEW),
        )

    @property
    def _name_width(self) -> int:
        longest = max((len(one.stage.name) for one in self.shown.stages), default=0)
        return max(10, min(longest, 24 if self.width >= _ROOMY else 14))

    @property
    def _bar_width(self) -> int:
        return max(
            _LEAST_BAR, min(_MOST_BAR, self.width - self._name_width - sum(one.width for one in self._columns) - 5)
        )

    def _overall(self) -> Line:
        palette, shown, figures = self.look.palette, self.shown, self.figures
        return [
            blank(1), Cell(f"{shown.entered:,}", palette.strong, figures.entered()), Cell(" in   ", palette.muted),
            Cell(f"{shown.open.count:,}", palette.strong, figures.open()), Cell(" open   ", palette.muted),
            Cell(percent(shown.overall_rate), palette.strong, figures.overall()), Cell(" won overall", palette.muted),
            Cell(f"   amounts in {shown.currency}", palette.muted),
        ]  # fmt: skip

    def _heading(self) -> Line:
        muted = self.look.palette.muted
        return [blank(1 + self._name_width + 2 + self._bar_width), *heads(self._columns, muted)]

    def _name(self, text: str, style: Style) -> list[Cell]:
        return [blank(1), Cell(fit(text, self._name_width), style), blank(2)]

    def _stage_style(self, one: StageFigures) -> Style:
        return self.look.stage_style(one.stage.kind.value, self.shown.stages.index(one), one.stage.color)

    def _standing(self, one: StageFigures) -> Line:
        """A stage of the standard funnel: what stands there now, by number, sum or weighted sum."""
        palette, money_of, figures = self.look.palette, self.shown.currency, self.figures
        standing, style = figures.standing(one), self._stage_style(one)
        told: dict[str, Told] = {
            "deals": (f"{one.count:,}", palette.strong, standing),
            "sum": (compact(one.amount, money_of), palette.text, figures.worth(one)),
            "weighted": (compact(one.weighted, money_of), palette.text, figures.weighted(one)),
            "chance": (percent(one.probability), palette.muted, figures.chance(one)),
        }
        bar = self._whole_bar(self._measured(one), style, standing)
        return [*self._name(one.stage.name, style), *bar, *row(told, self._columns)]

    def _won_bar(self) -> Line:
        """Give Won as a bar of its own beside the stages (A2); what is won is worth its whole amount."""
        palette, won = self.look.palette, self.shown.won
        count, worth = self.figures.closed(Outcome.WON)
        told: dict[str, Told] = {
            "deals": (f"{won.count:,}", palette.strong, count),
            "sum": (compact(won.amount, self.shown.currency), palette.text, worth),
            "weighted": ("", palette.faint, None), "chance": ("", palette.faint, None),
        }  # fmt: skip
        bar = self._whole_bar(self._won_measured, palette.won, count)
        return [*self._name("Won", palette.won), *bar, *row(told, self._columns)]

    def _whole_bar(self, value: int, style: Style, figure: Figure) -> list[Cell]:
        largest = max([self._won_measured, *map(self._measured, self.shown.stages)])
        return stacked([Part(value, "█", style, figure)], largest, self._bar_width)

    @property
    def _won_measured(self) -> int:
        return self.shown.won.count if self.measure is Measure.COUNT else self.shown.won.amount

    def _measured(self, one: StageFigures) -> int:
        return {Measure.COUNT: one.count, Measure.VALUE: one.amount, Measure.WEIGHTED: one.weighted}[self.measure]

    def _reached(self, one: StageFigures) -> Line:
        """A stage of the conversion funnel: what got there, and what became of it; always an exact sum."""
        palette, figures = self.look.palette, self.figures
        became = {outcome: figures.part(one, outcome) for outcome, _ in _BAR_SIGNS}
        told: dict[str, Told] = {
            figures.verb: (f"{one.reached:,}", palette.strong, figures.part(one)),
            "open": (f"{one.open:,}", palette.text, became[Outcome.OPEN]),
            "won": (f"{one.won:,}", palette.won, became[Outcome.WON]),
            "lost": (f"{one.lost:,}", palette.lost, became[Outcome.LOST]),
            "onward": (percent(one.step_rate), palette.text, figures.step(one)),
            "now": (f"{one.count:,}", palette.text, figures.standing(one)),
            "days": self._stay(one),
            "chance": (percent(one.probability), palette.muted, figures.chance(one)),
        }
        largest = max(each.reached for each in self.shown.stages)
        parts = [Part(getattr(one, part.value), sign, ink, became[part]) for part, sign, ink in self._inks]
        bar = stacked(parts, largest, self._bar_width)
        return [*self._name(one.stage.name, self._stage_style(one)), *bar, *row(told, self._columns)]

    def _stay(self, one: StageFigures) -> Told:
        """Give the median time in a stage, once it is known."""
        palette = self.look.palette
        if self.trouble is None:
            return "", palette.faint, None
        stays = self.trouble.stays[one.stage.key]
        return days(stays.median), palette.text, self.figures.stay(one, stays)

    @property
    def _inks(self) -> list[Ink]:
        """Give the parts of a bar; without colours the signs alone tell them apart."""
        palette = self.look.palette
        styles = (palette.text if palette.accent.underline else palette.accent, palette.won, palette.muted)
        return [(outcome, sign, style) for (outcome, sign), style in zip(_BAR_SIGNS, styles, strict=True)]

    def _closed(self, outcome: Outcome) -> Line:
        palette, won = self.look.palette, outcome is Outcome.WON
        total, style = (self.shown.won, palette.won) if won else (self.shown.lost, palette.lost)
        count, worth = self.figures.closed(outcome)
        return [
            *self._name(outcome.value.capitalize(), style), Cell(f"{total.count:,}", palette.strong, count), blank(2),
            Cell(money.format_full(total.amount, self.shown.currency), palette.text, worth),
        ]  # fmt: skip

    def _others(self) -> list[Line]:
        """Give the open and the won deals of other currencies: counted above, never added up."""
        palette, shown = self.look.palette, self.shown
        return [
            [
                *self._name(f"in {currency}", palette.muted),
                Cell(f"{total.count:,}", palette.text, self.figures.in_other(outcome, currency, total.count)),
                Cell(f"  {money.format_full(total.amount, currency)} {outcome.value}, in no sum above", palette.muted),
            ]
            for outcome, others in ((Outcome.OPEN, shown.others), (Outcome.WON, shown.won_others))
            for currency, total in others
        ]

    def _legend(self) -> Line:
        muted = self.look.palette.muted
        if self._standard:
            return [Cell(f" bars: {_MEASURED[self.measure]} of the deals that stand in a stage now", muted)]
        return legend([(sign, part.value, style) for part, sign, style in self._inks], muted, self.width)
