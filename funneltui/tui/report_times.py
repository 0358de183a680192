"""The parts of the insights that tell of time: inflow and closings by week, and how long deals are in each stage."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain import dates
from funneltui.domain.filter_texts import narrowed
from funneltui.domain.metrics import Window
from funneltui.domain.text import counted
from funneltui.services.figures import StatsFilters, stayed
from funneltui.tui.report_cells import NOTHING, Column, Told, blank, days, heads, left, right, row, sparkline, title
from funneltui.tui.report_groups import NAME
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from funneltui.domain.bottlenecks import Crowd, Week
    from funneltui.domain.metrics import Spread, StageTime
    from funneltui.services.metrics import Stats
    from funneltui.tui.theming import Look

_LABEL = 14
_TOTALS = 30
"""The cells behind the signs of the weeks: the totals in words."""
_COUNT, _MOST = Column("", 7), Column("", 6)
_TIMES = (
    Column("here now", 10), Column("so far d", 10), Column("too long", 10), Column("left", 8), Column("median d", 10),
    Column("mean d", 8),
)  # fmt: skip


class TimeLines:
    """Makes the lines of weeks and of times in stages, for one look and width."""

    def __init__(self, stats: Stats, within: str, look: Look, width: int) -> None:
        """Tell these figures, looked at through a filter."""
        self.stats, self.within, self.width, self.palette = stats, within, width, look.palette
        self.behind = StatsFilters(stats.asked.window, within)

    def weeks(self) -> Iterator[Line]:
        """Give inflow and closings, one or more signs a week as there is room; the tallest is the most of its line."""
        palette, weeks = self.palette, self.stats.weeks
        yield title("Inflow against closings", palette, "by week, Monday to Sunday")
        room = max(8, self.width - _LABEL - _TOTALS)
        shown = weeks[-room:]
        if not shown:
            return
        each = max(1, min(3, room // len(shown)))
        largest = max(max(week.created, week.won, week.lost) for week in shown)
        for name, style in (("created", palette.accent), ("won", palette.won), ("lost", palette.lost)):
            yield self._row_of_weeks(name, style, shown, each, largest)
        first, last = (dates.day_month(week.monday) for week in (shown[0], shown[-1]))
        gap = max(2, each * len(shown) - len(first) - len(last))
        yield [blank(_LABEL), Cell(f"{first}{' ' * gap}{last}", palette.muted)]

    def _row_of_weeks(self, name: str, style: Style, shown: Sequence[Week], each: int, largest: int) -> Line:
        palette, values = self.palette, [getattr(week, name) for week in shown]
        drawn = "".join(sign * each for sign in sparkline(values, largest))
        total, most = sum(values), max(values)
        fullest = shown[values.index(most)]
        whole = self._of_weeks(f"weeks {name}", name, total, shown, f"in {counted(len(shown), 'week')}")
        when = f"in the week of {dates.day_month(fullest.monday)}, the most of these weeks"
        tallest = self._of_weeks(f"most {name}", name, most, [fullest], when)
        return [
            *left(f" {name}", _LABEL, palette.muted), Cell(drawn, style, whole, drawn=True),
            *right(f"{total:,}", _COUNT, palette.strong, whole), Cell(f" in {len(shown)} weeks", palette.muted),
            *right(f"{most:,}", _MOST, palette.text, tallest), Cell(" at most", palette.muted),
        ]  # fmt: skip

    def _of_weeks(self, key: str, name: str, n: int, weeks: Sequence[Week], when: str) -> Figure:
        within = StatsFilters(Window(weeks[0].monday, weeks[-1].monday + timedelta(days=6)), self.within)
        listed = {"created": within.created, "won": within.won, "lost": within.lost}[name]
        return Figure(key, f"{counted(n)} {name} {when}", listed(), n)

    def stages(self) -> Iterator[Line]:
        """Give how long deals are in each stage: those that stand there now, and the latest stays that ended."""
        yield [*left(" Time in stage", NAME, self.palette.strong), *heads(_TIMES, self.palette.muted)]
        for crowd in self.stats.crowds:
            yield self._stage(crowd, self.stats.whole.time_in_stage[crowd.stage.key])

    def _stage(self, crowd: Crowd, times: StageTime) -> Line:
        palette, name, key = self.palette, crowd.stage.name, crowd.stage.key
        here, n = self.behind.standing(crowd.stage), times.now.n
        now = Figure(f"now {key}", f"{counted(n)} in {name} now", here, n)
        age = Figure(
            f"age {key}",
            f"{_told(times.now)} so far, of the {counted(n)} that stand in {name} now",
            here,
            n,
        )
        told: dict[str, Told] = {
            "here now": (f"{n:,}", palette.text, now),
            "so far d": (days(times.now.median), palette.text, age),
            "too long": self._too_long(crowd, here),
            "left": (f"{times.latest.n:,}", palette.muted, self._stays(crowd, times, "n")),
            "median d": (days(times.latest.median), palette.text, self._stays(crowd, times, "median")),
            "mean d": (days(times.latest.mean), palette.muted, self._stays(crowd, times, "mean")),
        }
        return [*left(f" {name}", NAME, palette.text), *row(told, _TIMES)]

    def _too_long(self, crowd: Crowd, here: str) -> Told:
        """Give the deals that have been in a stage too long; the rule is that of `bottlenecks.crowds`."""
        palette, key = self.palette, f"long {crowd.stage.key}"
        if crowd.limit is None:
            why = f"nobody knows what is too long in {crowd.stage.name}: too few stays have ended, and it has no limit"
            return NOTHING, palette.faint, Figure(key, why, why=why)
        limit = f"twice the median of {counted(crowd.n, 'stay')} that ended" if crowd.usual else "its limit for rotting"
        too_long, name = counted(crowd.too_long), crowd.stage.name
        says = f"{too_long} in {name} for more than {float(crowd.limit):.1f} days, which is {limit}"
        style = palette.overdue if crowd.too_long else palette.muted
        opens = narrowed(here, f"age>{int(crowd.limit)}")
        return f"{crowd.too_long:,}", style, Figure(key, says, opens, crowd.too_long)

    def _stays(self, crowd: Crowd, times: StageTime, name: str) -> Figure:
        stage, n = crowd.stage, times.latest.n
        what = f"the latest stay of {counted(n)} that left {stage.name} again"
        says = {
            "n": f"{counted(n)} left {stage.name} again",
            "median": f"median days of {what}; with all stays of a deal summed {_told(times.all)}",
            "mean": f"mean days of {what}; with all stays of a deal summed {_told(times.all)}",
        }[name]
        asked = self.stats.asked
        finds = partial(stayed, pipeline=asked.pipeline, stage=stage, window=asked.window, text=self.within)
        return Figure(f"stays {stage.key} {name}", says, n=n, finds=finds)


def _told(spread: Spread) -> str:
    return f"median {days(spread.median)} and mean {days(spread.mean)} days"
