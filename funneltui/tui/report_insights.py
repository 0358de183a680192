"""The insights as a page: rates, sizes, cycles, where the trouble is, inflow and closings, time in stage, and the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.text import counted
from funneltui.services.figures import StatsFilters
from funneltui.tui.report_cells import (
    NOTHING,
    Column,
    blank,
    days,
    heads,
    left,
    percent,
    right,
    rounded,
    sparkline,
    title,
    words,
)
from funneltui.tui.report_chances import chance_lines
from funneltui.tui.report_groups import NAME, GroupLines
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from funneltui.domain.losses import Losses
    from funneltui.services.metrics import Group, Stats
    from funneltui.tui.report_chances import Chances
    from funneltui.tui.theming import Look

_LABEL = 14
_TWO_FIGURES = 76
"""So wide a page has two figures in a line."""
_TIMES = (
    Column("here now", 10), Column("here d", 9), Column("stays", 8), Column("median d", 10), Column("mean d", 9),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Insights:
    """What the page shows: figures, each rep's funnel, losses, the filter of them all, and the chances once learned."""

    stats: Stats
    reps: tuple[Group, ...]
    losses: Losses
    within: str = ""
    chances: Chances | None = None


class InsightsPage:
    """Makes the page's lines, for any look and width."""

    def __init__(self, found: Insights) -> None:
        """Show these figures."""
        self.found, self.stats, self.whole = found, found.stats, found.stats.whole
        self.behind = StatsFilters(found.stats.asked.window, found.within)
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width = look, width
        groups = GroupLines(self.stats, self.found.within, look, width)
        return [
            *self._headline(), *self._figures(), [], *self._trouble(), [], *self._weeks(), [], *self._times(), [],
            *(chance_lines(self.found.chances, look, width) if self.found.chances else ()),
            *groups.groups(), [], *groups.reps(self.found.reps), *groups.losses(self.found.losses),
        ]  # fmt: skip

    def _trouble(self) -> Iterator[Line]:
        """Say where deals get stuck, whether enough come in, and which stages are empty (A5, E5)."""
        quiet = self.look.palette.text
        if not (self.whole.created or self.whole.open.count):
            yield from words("There are no deals yet.", self.width, quiet)
            return
        yield from words(self.stats.stuck, self.width, quiet)
        yield from words(self.stats.inflow, self.width, quiet)
        if self.stats.empty:
            yield from words(f"Empty: {', '.join(stage.name for stage in self.stats.empty)}.", self.width, quiet)

    def _money(self, amount: Fraction | None) -> str:
        return NOTHING if amount is None else rounded(amount, self.whole.currency)

    def _headline(self) -> Iterator[Line]:
        """Give how many deals are open, won and lost, and their sums; other currencies by themselves."""
        palette, whole = self.look.palette, self.whole
        line: Line = []
        for outcome, figure, style, listed in (
            ("open", whole.open, palette.strong, self.behind.open()), ("won", whole.won, palette.won, self.behind.won()),
            ("lost", whole.lost, palette.lost, self.behind.lost()),
        ):  # fmt: skip
            total = money.format_full(figure.amount, whole.currency)
            says = Figure(outcome, f"{counted(figure.count)} {outcome}, {total} together", listed)
            line += [blank(1), Cell(f"{figure.count:,}", style, says), Cell(f" {outcome} {total}  ", palette.muted)]
        yield [*line, Cell(f" in {whole.currency}", palette.muted)]
        for code, (standing, its_won, its_lost) in whole.others.items():
            told = f"{standing.count:,} open, {its_won.count:,} won, {its_lost.count:,} lost in {code}: in no sum"
            yield [blank(1), Cell(told, palette.muted)]
        yield []

    def _figures(self) -> Iterator[Line]:
        """Give rates, sizes, cycles and velocity, each with its n."""
        whole, rate, size = self.whole, self.whole.win_rate, self.whole.deal_size
        closed = f"{percent(rate.of_closed)}: won / (won + lost) of {counted(rate.n_closed, 'closed deal')}"
        created = (
            f"{percent(rate.of_created)}: won / created, of {counted(rate.n_created)} created, whenever they were won"
        )
        ended = Figure("closed", closed, self.behind.closed())
        begun = Figure("created", created, self.behind.created())
        yield from self._labelled(
            "win rate",
            (percent(rate.of_closed), ended, f"of {rate.n_closed:,} closed"),
            (percent(rate.of_created), begun, f"of {rate.n_created:,} created"),
        )
        sized = Figure(
            "size",
            f"the amounts of {counted(size.n, 'won deal')} that have one in {whole.currency}",
            self.behind.sized(whole.currency),
        )
        yield from self._labelled(
            "won deal",
            (self._money(size.mean), sized, "mean"),
            (self._money(size.median), None, f"median, n {size.n:,}"),
        )
        for name, spread, listed in (
            ("won", whole.cycle.won, self.behind.won()),
            ("lost", whole.cycle.lost, self.behind.lost()),
        ):
            figure = Figure(f"cycle {name}", f"days from created to closed of {counted(spread.n)} {name}", listed)
            yield from self._labelled(
                f"cycle, {name}",
                (days(spread.mean), figure, "days mean"),
                (days(spread.median), None, f"median, n {spread.n:,}"),
            )
        pace = Figure("velocity", "velocity: open deals x average won amount x win rate / cycle days")
        yield from self._labelled("velocity", (self._money(whole.velocity), pace, "a day"))
        rots = Figure(
            "rotting", f"{counted(whole.rotting)} untouched longer than the stage's limit", self.behind.rotting()
        )
        yield from self._labelled("rotting", (f"{whole.rotting:,}", rots, "deals"))

    def _labelled(self, label: str, *told: tuple[str, Figure | None, str]) -> Iterator[Line]:
        """Give a label and one or two figures, each with the words that follow it: in a line, or in one each."""
        palette = self.look.palette
        cells = [
            [*right(text, Column("", 13), palette.strong, figure), *left(f" {what}", 22, palette.muted)]
            for text, figure, what in told
        ]
        if self.width < _TWO_FIGURES:
            for place, some in enumerate(cells):
                yield [*left(f" {label}" if not place else "", _LABEL, palette.muted), *some]
            return
        yield [*left(f" {label}", _LABEL, palette.muted), *(cell for some in cells for cell in some)]

    def _weeks(self) -> Iterator[Line]:
        """Give inflow and closings, one or more signs a week as there is room; the tallest is the most of its line."""
        palette, weeks = self.look.palette, self.stats.weeks
        yield title("Inflow against closings", palette, "by week, Monday to Sunday")
        room = max(8, self.width - _LABEL - 30)
        shown = weeks[-room:]
        each = max(1, min(3, room // max(1, len(shown))))
        largest = max((max(week.created, week.won, week.lost) for week in shown), default=0)
        for name, style in (("created", palette.accent), ("won", palette.won), ("lost", palette.lost)):
            values = [getattr(week, name) for week in shown]
            drawn = "".join(sign * each for sign in sparkline(values, largest))
            told = f"  {sum(values):,} in {len(shown)} weeks, {max(values, default=0):,} at most"
            yield [*left(f" {name}", _LABEL, palette.muted), Cell(drawn, style), Cell(told, palette.muted)]
        if shown:
            first, last = (dates.day_month(week.monday) for week in (shown[0], shown[-1]))
            gap = max(2, each * len(shown) - len(first) - len(last))
            yield [blank(_LABEL), Cell(f"{first}{' ' * gap}{last}", palette.muted)]

    def _times(self) -> Iterator[Line]:
        """Give how long deals are in each stage: those that stand there, and the latest stays that ended."""
        palette = self.look.palette
        yield [*left(" Time in stage", NAME, palette.strong), *heads(_TIMES, palette.muted)]
        for crowd in self.stats.crowds:
            times, stage = self.whole.time_in_stage[crowd.stage.key], crowd.stage
            limit = "" if crowd.limit is None else f"; {crowd.too_long:,} over {float(crowd.limit):.0f} days"
            now = f"{counted(times.now.n)} in {stage.name} now{limit}"
            ended = f"the latest stay of {counted(times.latest.n)} that left {stage.name} again"
            told = (
                (f"{times.now.n:,}", palette.text, Figure(f"now {stage.key}", now, self.behind.standing(stage))),
                (days(times.now.median), palette.text, None),
                (f"{times.latest.n:,}", palette.muted, Figure(f"stays {stage.key}", ended)),
                (days(times.latest.median), palette.text, None),
                (days(times.latest.mean), palette.muted, None),
            )
            cells = (right(text, column, ink, figure) for (text, ink, figure), column in zip(told, _TIMES, strict=True))
            yield [*left(f" {stage.name}", NAME, palette.text), *(cell for some in cells for cell in some)]
