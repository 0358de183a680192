"""The parts of the insights that tell deals apart: groups of them, reps by stage, losses by what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.filter_texts import narrowed
from funneltui.domain.funnel import Mode
from funneltui.domain.text import counted
from funneltui.services.figures import FunnelFilters, StatsFilters
from funneltui.services.metrics import By
from funneltui.tui.painting import fit
from funneltui.tui.report_cells import NOTHING, Column, bar_length, blank, compact, days, heads, left, percent, right
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.losses import Losses, LossRow
    from funneltui.domain.metrics import Metrics
    from funneltui.services.metrics import Group, Stats
    from funneltui.tui.theming import Look, Palette

NAME = 22
"""The cells that a group's name takes."""

_ROOMY = 100
_MOST = 30
"""How many groups are told at the most, those with the most deals; a filter narrows the rest."""
_HEAT = " ░▒▓█"
_BAR = 30


class GroupLines:
    """Makes the lines of groups, of reps by stage and of losses, for one look and width."""

    def __init__(self, stats: Stats, within: str, look: Look, width: int) -> None:
        """Tell these figures, looked at through a filter."""
        self.stats, self.within, self.width = stats, within, width
        self.palette: Palette = look.palette

    @property
    def _group_columns(self) -> tuple[Column, ...]:
        few = (Column("open", 7), Column("won", 7), Column("lost", 7), Column("win rate", 10), Column("won value", 11))
        if self.width < _ROOMY:
            return few
        return (*few, Column("created", 9), Column("mean deal", 11), Column("cycle d", 9), Column("rotting", 9))

    def groups(self) -> Iterator[Line]:
        """Give the figures of every group: owner, source, company, tag or month."""
        stats, palette, columns = self.stats, self.palette, self._group_columns
        if stats.by is None:
            return
        yield [*left(f" By {stats.by.value}", NAME, palette.strong), *heads(columns, palette.muted)]
        ordered = stats.groups if stats.by is By.MONTH else sorted(stats.groups, key=_weight, reverse=True)
        for group in ordered[-_MOST:] if stats.by is By.MONTH else ordered[:_MOST]:
            yield self._group(stats.by, group, columns)
        if len(ordered) > _MOST:
            yield [blank(1), Cell(f"and {len(ordered) - _MOST:,} more", palette.muted)]

    def _group(self, by: By, group: Group, columns: Sequence[Column]) -> Line:
        palette, its = self.palette, group.metrics
        cells = [
            right(f"{its.open.count:,}", columns[0], palette.text, self._of(by, group, "open", its.open.count)),
            right(f"{its.won.count:,}", columns[1], palette.won, self._of(by, group, "won", its.won.count)),
            right(f"{its.lost.count:,}", columns[2], palette.lost, self._of(by, group, "lost", its.lost.count)),
            right(percent(its.win_rate.of_closed), columns[3], palette.strong),
            right(compact(its.won.amount, its.currency, 10), columns[4], palette.text),
        ]
        if len(columns) > len(cells):
            cells += [
                right(f"{its.created:,}", columns[5], palette.muted),
                right(_compact_mean(its), columns[6], palette.text),
                right(days(its.cycle.closed.mean), columns[7], palette.text),
                right(f"{its.rotting:,}", columns[8], palette.muted),
            ]
        return [*left(f" {group.name}", NAME, palette.text), *(cell for some in cells for cell in some)]

    def _of(self, by: By, group: Group, outcome: str, count: int) -> Figure:
        """Give the figure of a group's deals of an outcome."""
        behind = StatsFilters(self.stats.asked.window, self.within, by, group.key)
        listed = {"open": behind.open, "won": behind.won, "lost": behind.lost}[outcome]
        return Figure(f"{group.key} {outcome}", f"{counted(count)} of {group.name}: {outcome}", listed())

    def reps(self, reps: Sequence[Group]) -> Iterator[Line]:
        """Give each rep's step rates, stage by stage (B6): the fuller the sign beside it, the higher the rate."""
        palette, stages = self.palette, self.stats.asked.pipeline.open_stages
        if not reps or not stages:
            return
        room = max(12, min(18, (self.width - NAME) // len(stages)))
        yield [
            *left(" Rep by stage: onward", NAME, palette.strong),
            *(Cell(f"{fit(stage.name, room - 2).rstrip():>{room}}", palette.muted) for stage in stages),
        ]
        for group in sorted(reps, key=_weight, reverse=True)[:_MOST]:
            yield self._rep(group, room)
        yield []

    def _rep(self, group: Group, room: int) -> Line:
        palette = self.palette
        line = [*left(f" {group.name}", NAME, palette.text)]
        his = narrowed(self.within, "no:owner" if group.key is None else f'owner:"{group.key}"')
        behind = FunnelFilters(self.stats.asked.pipeline, Mode.CONVERSION, his, self.stats.asked.window)
        for row in group.funnel.stages if group.funnel else ():
            rate = row.step_rate
            heat = _HEAT[0 if rate is None else min(4, round(rate * 4))]
            says = f"{group.name}: {percent(rate)} of {counted(row.reached)} that reached {row.stage.name} went on"
            figure = Figure(f"rep {group.key} {row.stage.key}", says, behind.through(row.stage))
            text = f"{percent(rate)} n {row.reached:,}"
            line += [blank(room - len(text) - 2), Cell(f"{heat} ", palette.won), Cell(text, palette.text, figure)]
        return line

    def losses(self, found: Losses) -> Iterator[Line]:
        """Give why, where and whose deals were lost, and how large they were: a table each."""
        if not found.whole.count:
            return
        palette, columns = self.palette, (Column("lost", 7), Column("share", 8), Column("value", 12))
        for name, rows in (
            ("reason", found.by_reason),
            ("stage", found.by_stage),
            ("owner", found.by_owner),
            ("source", found.by_source),
            ("amount", found.by_amount),
        ):
            yield [*left(f" Losses by {name}", NAME + 6, palette.strong), *heads(columns, palette.muted)]
            yield from (self._loss(name, row, rows, columns) for row in rows[:_MOST])
            yield []

    def _loss(self, name: str, row: LossRow, rows: Sequence[LossRow], columns: Sequence[Column]) -> Line:
        palette, currency = self.palette, self.stats.asked.money
        figure = Figure(f"lost {name} {row.key}", f"{counted(row.count)} lost: {row.name}", numbers=row.numbers)
        others = len([code for code in row.sums if code != currency])
        bar = "█" * bar_length(row.count, max(one.count for one in rows), max(4, min(_BAR, self.width - NAME - 42)))
        return [
            *left(f" {row.name}", NAME + 6, palette.text),
            *right(f"{row.count:,}", columns[0], palette.lost, figure),
            *right(percent(row.share), columns[1], palette.text),
            *right(compact(row.sums.get(currency, 0), currency, 10), columns[2], palette.text),
            Cell(f" +{others}" if others else "   ", palette.muted),
            Cell(bar, palette.muted),
        ]


def _weight(group: Group) -> int:
    its = group.metrics
    return its.open.count + its.won.count + its.lost.count


def _compact_mean(its: Metrics) -> str:
    mean = its.deal_size.mean
    return NOTHING if mean is None else compact(round(mean), its.currency, 10)
