"""The insights as a page: rates, sizes, cycles, where the trouble is, inflow and closings, time in stage, and the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.metrics import ALWAYS
from funneltui.domain.text import counted
from funneltui.services.figures import StatsFilters, in_currency
from funneltui.tui.report_cells import (
    NOTHING,
    Column,
    blank,
    counted_in,
    days,
    left,
    no_deals,
    percent,
    right,
    rounded,
    words,
)
from funneltui.tui.report_chances import chance_lines, past_lines
from funneltui.tui.report_drawing import beside, half_of
from funneltui.tui.report_groups import GroupLines
from funneltui.tui.report_losses import loss_lines
from funneltui.tui.report_times import TimeLines
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from funneltui.domain.funnel import Figure as Sum
    from funneltui.domain.losses import Losses
    from funneltui.domain.metrics import Spread
    from funneltui.services.metrics import Group, Stats
    from funneltui.tui.report_chances import Chances
    from funneltui.tui.theming import Look

_LABEL = 14
_VALUE = Column("", 13)
_TWO_FIGURES = 76
"""So wide a page has two figures in a line."""


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
        if self._is_new:
            return no_deals(width, look.palette)
        half, within, chances = half_of(width), self.found.within, self.found.chances
        groups, reps = (GroupLines(self.stats, within, look, room) for room in (width, half))
        times = TimeLines(self.stats, within, look, half)
        best, past = (chance_lines(chances, look, half), past_lines(chances, look, half)) if chances else ([], [])
        return [
            *self._headline(), [],
            *beside([*self._figures()], [*self._trouble(half), [], *times.weeks()], width), [],
            *beside([*times.stages()], [*reps.reps(self.found.reps)], width), [],
            *groups.groups(), [], *beside(best, past, width), [], *loss_lines(self.found.losses, look, width),
        ]  # fmt: skip

    @property
    def _is_new(self) -> bool:
        """Whether there is no deal at all; of a period, or through a filter, there may only be none that matches."""
        whole, everything = self.whole, not self.found.within and self.stats.asked.window == ALWAYS
        return everything and not whole.created

    def _trouble(self, width: int) -> Iterator[Line]:
        """Say where deals get stuck, whether enough come in, and which stages are empty (A5, E5)."""
        quiet = self.look.palette.text
        yield from words(self.stats.stuck, width, quiet)
        yield from words(self.stats.inflow, width, quiet)
        if self.stats.empty:
            yield from words(f"Empty: {', '.join(stage.name for stage in self.stats.empty)}.", width, quiet)

    def _money(self, amount: Fraction | None) -> str:
        return NOTHING if amount is None else rounded(amount, self.whole.currency)

    def _outcomes(self) -> Iterator[tuple[str, Sum, str]]:
        """Give open, won and lost: each with its figure and the filter of its deals."""
        whole, behind = self.whole, self.behind
        yield "open", whole.open, behind.open()
        yield "won", whole.won, behind.won()
        yield "lost", whole.lost, behind.lost()

    def _headline(self) -> Iterator[Line]:
        """Give how many deals are open, won and lost, and their sums; other currencies by themselves (G8)."""
        palette, code = self.look.palette, self.whole.currency
        styles = {"open": palette.strong, "won": palette.won, "lost": palette.lost}
        line: Line = []
        for outcome, total, listed in self._outcomes():
            n, worth = counted_in(self.whole, outcome), money.format_full(total.amount, code)
            count = Figure(outcome, f"{counted(total.count)} {outcome}", listed, total.count)
            says = f"{worth}: the amounts of the {counted(n)} {outcome} that are in {code}"
            line += [
                blank(1), Cell(f"{total.count:,}", styles[outcome], count), Cell(f" {outcome} ", palette.muted),
                Cell(worth, palette.text, Figure(f"{outcome} sum", says, in_currency(listed, code), n)), blank(2),
            ]  # fmt: skip
        yield [*line, Cell(f" amounts in {code}", palette.muted)]
        for other, figures in self.whole.others.items():
            yield self._other(other, figures)

    def _other(self, code: str, figures: Sequence[Sum]) -> Line:
        palette = self.look.palette
        line: Line = [Cell(" in no sum: ", palette.muted)]
        for (outcome, _, listed), its in zip(self._outcomes(), figures, strict=True):
            says = f"{counted(its.count)} {outcome} in {code}: counted above, the amounts are in no sum"
            if its.count:
                figure = Figure(f"{outcome} in {code}", says, in_currency(listed, code), its.count)
                told = f" {outcome} {money.format_full(its.amount, code)}   "
                line += [Cell(f"{its.count:,}", palette.text, figure), Cell(told, palette.muted)]
        return line

    def _figures(self) -> Iterator[Line]:
        """Give rates, sizes, cycles and velocity, each with its n."""
        whole = self.whole
        yield from self._rates()
        yield from self._sizes()
        for name, spread, listed in (
            ("won", whole.cycle.won, self.behind.won()),
            ("lost", whole.cycle.lost, self.behind.lost()),
        ):
            yield from self._cycle(name, spread, listed)
        yield from self._labelled("velocity", (self._money(whole.velocity), self._velocity(), "a day"))
        says = f"{counted(whole.rotting)} untouched for longer than the stage's limit; a follow-up to come pauses it"
        rots = Figure("rotting", says, self.behind.rotting(), whole.rotting)
        yield from self._labelled("rotting", (f"{whole.rotting:,}", rots, f"of {whole.open.count:,} open deals"))

    def _rates(self) -> Iterator[Line]:
        rate = self.whole.win_rate
        ended = (
            f"{percent(rate.of_closed)} of {counted(rate.n_closed, 'closed deal')}: win rate = won / (won + lost) of those "
            "closed in the period"
        )
        begun = (
            f"{percent(rate.of_created)} of {counted(rate.n_created)} created: win rate = won / created of those created in "
            "the period, whenever they were won"
        )
        yield from self._labelled(
            "win rate",
            (
                percent(rate.of_closed),
                Figure("closed", ended, self.behind.closed(), rate.n_closed),
                f"of {rate.n_closed:,} closed",
            ),
            (
                percent(rate.of_created),
                Figure("created", begun, self.behind.created(), rate.n_created),
                f"of {rate.n_created:,} created",
            ),
        )

    def _sizes(self) -> Iterator[Line]:
        size, code = self.whole.deal_size, self.whole.currency
        of = f"of the amounts of {counted(size.n, 'won deal')} that have one in {code}"
        listed = self.behind.sized(code)
        yield from self._labelled(
            "won deal",
            (self._money(size.mean), Figure("size", f"the mean {of}", listed, size.n), "mean"),
            (
                self._money(size.median),
                Figure("size median", f"the median {of}", listed, size.n),
                f"median, n {size.n:,}",
            ),
        )

    def _cycle(self, name: str, spread: Spread, listed: str) -> Iterator[Line]:
        of = f"of the days from created to closed of {counted(spread.n)} {name}"
        yield from self._labelled(
            f"cycle, {name}",
            (days(spread.mean), Figure(f"cycle {name}", f"the mean {of}", listed, spread.n), "days mean"),
            (
                days(spread.median),
                Figure(f"cycle {name} median", f"the median {of}", listed, spread.n),
                f"median, n {spread.n:,}",
            ),
        )

    def _velocity(self) -> Figure:
        """Say how the velocity comes about; what it begins with, the open deals in the currency, is what opens."""
        whole, n = self.whole, counted_in(self.whole, "open")
        if whole.velocity is None:
            why = f"no velocity: it wants deals won in {whole.currency} and a cycle of more than no days"
            return Figure("velocity", why, why=why)
        says = (
            f"velocity = open deals x average won amount x win rate / cycle days: {n:,} in {whole.currency} x "
            f"{self._money(whole.deal_size.mean)} x {percent(whole.win_rate.of_closed)} / "
            f"{days(whole.cycle.closed.mean)} d of all closed"
        )
        return Figure("velocity", says, in_currency(self.behind.open(), whole.currency), n)

    def _labelled(self, label: str, *told: tuple[str, Figure | None, str]) -> Iterator[Line]:
        """Give a label and one or two figures, each with the words that follow it: in a line, or in one each."""
        palette = self.look.palette
        cells = [
            [*right(text, _VALUE, palette.strong, figure), *left(f" {what}", 22, palette.muted)]
            for text, figure, what in told
        ]
        if self.width < _TWO_FIGURES:
            for place, some in enumerate(cells):
                yield [*left(f" {label}" if not place else "", _LABEL, palette.muted), *some]
            return
        yield [*left(f" {label}", _LABEL, palette.muted), *(cell for some in cells for cell in some)]
