"""The funnel as a page of figures: a line a stage with its bar, what reached it, what became of that, what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.domain.text import counted
from funneltui.services.figures import FunnelFilters
from funneltui.tui.painting import fit
from funneltui.tui.report_cells import (
    PLAIN,
    Column,
    Told,
    bar_length,
    blank,
    compact,
    days,
    fitting,
    heads,
    percent,
    rounded,
    row,
    words,
)
from funneltui.tui.report_funnel_groups import group_lines
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style

    from funneltui.domain.funnel import Figure as Sum
    from funneltui.domain.funnel import StageFigures
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.funnels import Funnels
    from funneltui.tui.theming import Look

_ROOMY = 100
_FEW = 38
"""The cells of the columns that tell what became of the deals: below `_ROOMY` there are no more."""
_LEAST_BAR, _MOST_BAR = 8, 60
_BAR_SIGNS = (("open", "▒"), ("won", "█"), ("lost", "░"))


class Measure(StrEnum):
    """What the bars of the standard funnel measure (B3)."""

    COUNT = "count"
    VALUE = "value"
    WEIGHTED = "weighted"


_MEASURED = {Measure.COUNT: "the number", Measure.VALUE: "the amounts", Measure.WEIGHTED: "the weighted amounts"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where deals get stuck, in words, and the median days in each stage, none where no stay has ended."""

    words: str
    medians: Mapping[str, Fraction | None]


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
    ) -> None:
        """Show the figures of a pipeline, of the deals that were created in the days of `cohort`.

        `within` is the filter that they are looked at through, `trouble` where deals get stuck, once that is known.
        """
        self.pipeline, self.found, self.figures, self.measure = pipeline, found, found.whole, measure
        self.behind, self.trouble = FunnelFilters(pipeline, found.whole.mode, within, cohort), trouble
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width = look, width
        standard = self.figures.mode is Mode.STANDARD
        rows = [self._standing(row) if standard else self._reached(row) for row in self.figures.stages]
        if standard:
            rows.append(self._won_bar())
        closed = [self._closed("won", self.figures.won), self._closed("lost", self.figures.lost)]
        return [
            self._overall(), [], self._heading(), *rows, [], *closed[1 if standard else 0 :], *self._others(), [],
            *self._legend(), [], *self._told(), *group_lines(self.pipeline, self.found, self.behind, look),
        ]  # fmt: skip

    def _told(self) -> list[Line]:
        """Say where deals get stuck (A5), once that is known."""
        return [*words(self.trouble.words, self.width, self.look.palette.text), []] if self.trouble else []

    @property
    def _standard(self) -> bool:
        return self.figures.mode is Mode.STANDARD

    @property
    def _columns(self) -> tuple[Column, ...]:
        room = self.width - self._name_width - _LEAST_BAR - 5
        if self._standard:
            return fitting(
                (Column("deals", 7), Column("sum", 9, 1), Column("weighted", 10, 2), Column("chance", 8, 3)), room
            )
        first = (Column(self._verb, 9), Column("open", 7, 2), Column("won", 7, 1), Column("lost", 7, 3))
        return fitting(
            (*first, Column("onward", 8, 4), Column("now", 7, 5), Column("days", 7, 6), Column("chance", 8, 7)),
            room if self.width >= _ROOMY else min(room, _FEW),
        )

    @property
    def _name_width(self) -> int:
        longest = max((len(row.stage.name) for row in self.figures.stages), default=0)
        return max(10, min(longest, 24 if self.width >= _ROOMY else 14))

    @property
    def _bar_width(self) -> int:
        return max(
            _LEAST_BAR, min(_MOST_BAR, self.width - self._name_width - sum(one.width for one in self._columns) - 5)
        )

    def _overall(self) -> Line:
        palette, figures = self.look.palette, self.figures
        rate = percent(figures.overall_rate)
        first = self.figures.stages[0].stage.name if figures.stages else ""
        says = (
            f"{rate} of {counted(figures.entered)} that reached {first} won ({figures.won.count:,});"
            " overall = won / reached(first)"
        )
        figure = Figure("overall", says, self.behind.won())
        return [
            Cell(" ", PLAIN), Cell(f"{figures.entered:,}", palette.strong, self._all()), Cell(" in   ", palette.muted),
            Cell(f"{figures.open.count:,}", palette.strong, self._open()), Cell(" open   ", palette.muted),
            Cell(rate, palette.strong, figure), Cell(" won overall", palette.muted),
            Cell(f"   amounts in {figures.currency}", palette.muted),
        ]  # fmt: skip

    def _all(self) -> Figure:
        first = self.figures.stages[0].stage
        says = f"{counted(self.figures.entered)} {self._verb} {first.name}, the first stage: open, won or lost by now"
        return Figure("entered", says, self.behind.entered())

    def _open(self) -> Figure:
        total = money.format_full(self.figures.open.amount, self.figures.currency)
        return Figure("open", f"{counted(self.figures.open.count, 'open deal')}, {total} together", self.behind.open())

    def _heading(self) -> Line:
        muted = self.look.palette.muted
        line = [Cell(" " * (1 + self._name_width + 2 + self._bar_width), muted)]
        return [*line, *heads(self._columns, muted)]

    def _name(self, row: StageFigures) -> list[Cell]:
        rank = self.figures.stages.index(row)
        style = self.look.stage_style(row.stage.kind.value, rank, row.stage.color)
        return [Cell(" ", PLAIN), Cell(fit(row.stage.name, self._name_width), style), Cell("  ", PLAIN)]

    def _standing(self, one: StageFigures) -> Line:
        """A stage of the standard funnel: what stands there now, by number, sum or weighted sum."""
        palette, money_of = self.look.palette, self.figures.currency
        listed, key = self.behind.standing(one.stage), one.stage.key
        full = money.format_full(one.amount, money_of)
        weighted = (
            f"{rounded(Fraction(one.weighted), money_of)} weighted: each amount x its probability, "
            "which is the deal's own, else the stage's"
        )
        told: dict[str, Told] = {
            "deals": (f"{one.count:,}", palette.strong, self._now(one)),
            "sum": (
                compact(one.amount, money_of), palette.text,
                Figure(f"sum:{key}", f"{full}: the amounts of {counted(one.count)} in {one.stage.name}", listed),
            ),
            "weighted": (compact(one.weighted, money_of), palette.text, Figure(f"weighted:{key}", weighted, listed)),
            "chance": (percent(one.probability), palette.muted, self._chance(one)),
        }  # fmt: skip
        style = self.look.stage_style(one.stage.kind.value, self.figures.stages.index(one), one.stage.color)
        return [*self._name(one), self._whole_bar(self._measured(one), style), *row(told, self._columns)]

    def _won_bar(self) -> Line:
        """Give Won as a bar of its own beside the stages (A2); what is won is worth its whole amount."""
        palette, won = self.look.palette, self.figures.won
        full = money.format_full(won.amount, self.figures.currency)
        figure = Figure("won", f"{counted(won.count)} won, {full} together", self.behind.won())
        told: dict[str, Told] = {
            "deals": (f"{won.count:,}", palette.strong, figure),
            "sum": (compact(won.amount, self.figures.currency), palette.text, None),
            "weighted": ("", palette.faint, None), "chance": ("", palette.faint, None),
        }  # fmt: skip
        name = [blank(1), Cell(fit("Won", self._name_width), palette.won), blank(2)]
        return [*name, self._whole_bar(self._won_measured, palette.won), *row(told, self._columns)]

    def _whole_bar(self, value: int, style: Style) -> Cell:
        largest = max([self._won_measured, *map(self._measured, self.figures.stages)])
        return Cell(("█" * bar_length(value, largest, self._bar_width)).ljust(self._bar_width), style)

    @property
    def _won_measured(self) -> int:
        return self.figures.won.count if self.measure is Measure.COUNT else self.figures.won.amount

    def _now(self, one: StageFigures) -> Figure:
        full = money.format_full(one.amount, self.figures.currency)
        says = f"{counted(one.count)} in {one.stage.name} now, {full} together"
        return Figure(f"now:{one.stage.key}", says, self.behind.standing(one.stage))

    def _measured(self, row: StageFigures) -> int:
        return {Measure.COUNT: row.count, Measure.VALUE: row.amount, Measure.WEIGHTED: row.weighted}[self.measure]

    def _reached(self, one: StageFigures) -> Line:
        """A stage of the conversion funnel: what got there, and what became of it; always an exact sum."""
        palette = self.look.palette
        told: dict[str, Told] = {
            self._verb: (f"{one.reached:,}", palette.strong, self._part(one, "")),
            "open": (f"{one.open:,}", palette.text, self._part(one, "open")),
            "won": (f"{one.won:,}", palette.won, self._part(one, "won")),
            "lost": (f"{one.lost:,}", palette.lost, self._part(one, "lost")),
            "onward": (percent(one.step_rate), palette.text, self._step(one)),
            "now": (f"{one.count:,}", palette.text, self._now(one)),
            "days": (self._days(one), palette.text, self._stay(one)),
            "chance": (percent(one.probability), palette.muted, self._chance(one)),
        }
        return [*self._name(one), *self._split_bar(one), *row(told, self._columns)]

    def _split_bar(self, row: StageFigures) -> list[Cell]:
        """Give the bar in its three parts; their signs differ, so that no colour is needed to tell them apart."""
        palette = self.look.palette
        largest = max((one.reached for one in self.figures.stages), default=0)
        whole = bar_length(row.reached, largest, self._bar_width)
        styles = (palette.text if palette.accent.underline else palette.accent, palette.won, palette.muted)
        cells, done, shown = [], 0, 0
        for (name, sign), style in zip(_BAR_SIGNS, styles, strict=True):
            done += getattr(row, name)
            end = round(whole * done / row.reached) if row.reached else 0
            cells.append(Cell(sign * (end - shown), style))
            shown = end
        return [*cells, Cell(" " * (self._bar_width - shown), PLAIN)]

    @property
    def _verb(self) -> str:
        return "entered" if self.figures.mode is Mode.ENTERED else "reached"

    def _part(self, row: StageFigures, outcome: str) -> Figure:
        verb = self._verb
        rule = "they have a visit to it" if verb == "entered" else "they entered it or a later open stage, or were won"
        count = getattr(row, outcome) if outcome else row.reached
        became = f"; {outcome} now" if outcome else f": {row.open:,} open + {row.won:,} won + {row.lost:,} lost"
        says = f"{counted(count)} {verb} {row.stage.name} ({rule}){became}"
        return Figure(
            f"{outcome or 'all'}:{row.stage.key}", says,
            self.behind.through(row.stage, Outcome(outcome) if outcome else None),
        )  # fmt: skip

    def _days(self, row: StageFigures) -> str:
        return days(self.trouble.medians.get(row.stage.key)) if self.trouble else ""

    def _stay(self, row: StageFigures) -> Figure:
        return Figure(f"days:{row.stage.key}", f"median days of the latest stays in {row.stage.name} that ended")

    def _step(self, row: StageFigures) -> Figure:
        verb = self._verb
        rank = self.figures.stages.index(row)
        onward = self.figures.stages[rank + 1] if rank + 1 < len(self.figures.stages) else None
        name = f"{verb} {onward.stage.name} too" if onward else "are won"
        count = onward.reached if onward else row.won
        says = f"{percent(row.step_rate)} of the {row.reached:,} that {verb} {row.stage.name} {name} ({count:,})"
        return Figure(f"step:{row.stage.key}", says, self.behind.step(row.stage))

    def _chance(self, row: StageFigures) -> Figure:
        closed = counted(row.won + row.lost, "closed deal")
        says = (
            f"{percent(row.probability)} chance to win from {row.stage.name}: won / (won + lost) of {closed} that reached "
            "it, drawn towards the pipeline's rate; under 20 closed deals the configured one"
        )
        return Figure(f"chance:{row.stage.key}", says, self.behind.chance(row.stage))

    def _closed(self, outcome: str, total: Sum) -> Line:
        palette = self.look.palette
        style = palette.won if outcome == "won" else palette.lost
        full = money.format_full(total.amount, self.figures.currency)
        says = f"{counted(total.count)} {outcome}, {full} together"
        figure = Figure(outcome, says, self.behind.won() if outcome == "won" else self.behind.lost())
        return [
            Cell(" ", PLAIN), Cell(fit(outcome.capitalize(), self._name_width), style), Cell("  ", PLAIN),
            Cell(f"{total.count:,}", palette.strong, figure), Cell(f"  {full}", palette.muted),
        ]  # fmt: skip

    def _others(self) -> list[Line]:
        """Give the open deals of other currencies: counted above, never added up."""
        palette = self.look.palette
        return [
            [
                Cell(" ", PLAIN), Cell(fit(f"in {currency}", self._name_width), palette.muted), Cell("  ", PLAIN),
                Cell(
                    f"{total.count:,}", palette.text,
                    Figure(
                        f"currency:{currency}",
                        f"{counted(total.count, 'open deal')} in {currency}: counted above, the amounts in no sum",
                        self.behind.in_currency(currency),
                    ),
                ),
                Cell(f"  {money.format_full(total.amount, currency)} open, in no sum above", palette.muted),
            ]
            for currency, total in self.figures.others
        ]  # fmt: skip

    def _legend(self) -> list[Line]:
        palette = self.look.palette
        if self._standard:
            return [[Cell(f" bars: {_MEASURED[self.measure]} of the deals that stand in a stage now", palette.muted)]]
        styles = (palette.text if palette.accent.underline else palette.accent, palette.won, palette.muted)
        parts = [
            cell
            for (name, sign), style in zip(_BAR_SIGNS, styles, strict=True)
            for cell in (Cell(f" {sign}", style), Cell(f" {name} ", palette.muted))
        ]
        return [parts]
