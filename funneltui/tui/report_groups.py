"""The parts of the insights that tell deals apart: groups of them by what they have in common, and reps by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.figure_sums import By
from funneltui.domain.filter_texts import narrowed
from funneltui.domain.funnel import Mode
from funneltui.domain.text import counted
from funneltui.services.figures import FunnelFilters, StatsFilters, can_be_named, in_currency
from funneltui.tui.painting import fit
from funneltui.tui.report_cells import (
    NOTHING,
    Column,
    Told,
    blank,
    compact,
    counted_in,
    days,
    heads,
    left,
    named,
    percent,
    rounded,
    row,
)
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from funneltui.services.metrics import Group, Stats
    from funneltui.tui.theming import Look

NAME = 22
"""The cells that a group's name takes."""

_ROOMY = 103
"""From so many cells on all columns have room."""
_MOST = 30
"""How many groups are told at the most, those with the most deals; a filter narrows the rest."""
_HEAT = " ░▒▓█"
_LEAST, _WITH_N = 7, 12
"""The least cells of a rate in the table of reps by stage, and those from which on its n has room."""
_FEW = (Column("open", 7), Column("won", 7), Column("lost", 7), Column("win rate", 10), Column("won value", 11))
_MORE = (Column("created", 9), Column("mean deal", 11), Column("d to win", 9), Column("rotting", 9))


class GroupLines:
    """Makes the lines of groups and of reps by stage, for one look and width."""

    def __init__(self, stats: Stats, within: str, look: Look, width: int) -> None:
        """Tell these figures, looked at through a filter."""
        self.stats, self.within, self.width, self.palette = stats, within, width, look.palette

    def groups(self) -> Iterator[Line]:
        """Give the figures of every group: owner, source, company, tag or month."""
        stats, palette = self.stats, self.palette
        columns = _FEW if self.width < _ROOMY else (*_FEW, *_MORE)
        if stats.by is None:
            return
        yield [*left(f" By {stats.by.value}", NAME, palette.strong), *heads(columns, palette.muted)]
        ordered = stats.groups if stats.by is By.MONTH else sorted(stats.groups, key=_weight, reverse=True)
        for group in ordered[-_MOST:] if stats.by is By.MONTH else ordered[:_MOST]:
            told = self._told(group, _figures(group, stats, self.within))
            yield [*left(f" {group.name}", NAME, palette.text), *row(told, columns)]
        if len(ordered) > _MOST:
            yield [blank(1), Cell(f"and {len(ordered) - _MOST:,} more", palette.muted)]

    def _told(self, group: Group, figures: Mapping[str, Figure]) -> dict[str, Told]:
        palette, its = self.palette, group.metrics
        mean = its.deal_size.mean
        size = NOTHING if mean is None else compact(round(mean), its.currency, 10)
        texts = {
            "open": (f"{its.open.count:,}", palette.text),
            "won": (f"{its.won.count:,}", palette.won),
            "lost": (f"{its.lost.count:,}", palette.lost),
            "win rate": (percent(its.win_rate.of_closed), palette.strong),
            "won value": (compact(its.won.amount, its.currency, 10), palette.text),
            "created": (f"{its.created:,}", palette.muted),
            "mean deal": (size, palette.text),
            "d to win": (days(its.cycle.won.median), palette.text),
            "rotting": (f"{its.rotting:,}", palette.muted),
        }
        return {head: (text, style, figures[head]) for head, (text, style) in texts.items()}

    def reps(self, reps: Sequence[Group]) -> Iterator[Line]:
        """Give each rep's step rates, stage by stage (B6): the fuller the sign beside it, the higher the rate."""
        palette, stages = self.palette, self.stats.asked.pipeline.open_stages
        if not reps or not stages:
            return
        room = max(_LEAST, min(18, (self.width - NAME) // len(stages)))
        yield [
            *left(" Rep by stage: onward", NAME, palette.strong),
            *(Cell(f"{fit(stage.name, room - 2).rstrip():>{room}}", palette.muted) for stage in stages),
        ]
        for group in sorted(reps, key=_weight, reverse=True)[:_MOST]:
            yield self._rep(group, room)

    def _rep(self, group: Group, room: int) -> Line:
        palette = self.palette
        line = [*left(f" {group.name}", NAME, palette.text)]
        his = narrowed(self.within, StatsFilters(by=By.OWNER, key=group.key).whose)
        behind = FunnelFilters(self.stats.asked.pipeline, Mode.CONVERSION, his, self.stats.asked.window)
        for step in group.funnel.stages if group.funnel else ():
            rate, name = step.step_rate, step.stage.name
            heat = _HEAT[0 if rate is None else min(4, round(rate * 4))]
            says = (
                f"{group.name}: {percent(rate)} of {counted(step.reached)} that reached {name} went on; onward = "
                "reached(next) / reached, after the last stage won / reached"
            )
            figure = Figure(f"rep {group.key} {step.stage.key}", says, behind.through(step.stage), step.reached)
            text = f"{percent(rate)} n {step.reached:,}" if room >= _WITH_N else percent(rate)
            line += [blank(room - len(text) - 2), Cell(f"{heat} ", palette.won), Cell(text, palette.text, figure)]
        return line


def _figures(group: Group, stats: Stats, within: str) -> dict[str, Figure]:
    """Give what stands behind each column of a group's line: a rate and a mean open all that they are taken over."""
    its, name, by = group.metrics, group.name, stats.by
    behind, code = StatsFilters(stats.asked.window, within, by, group.key), its.currency
    rate, size, cycle, won_in = its.win_rate, its.deal_size, its.cycle.won, counted_in(its, "won")
    worth = money.format_full(its.won.amount, code)
    told = {
        "open": (f"{counted(its.open.count)} of {name}: open", behind.open(), its.open.count),
        "won": (f"{counted(its.won.count)} of {name}: won", behind.won(), its.won.count),
        "lost": (f"{counted(its.lost.count)} of {name}: lost", behind.lost(), its.lost.count),
        "win rate": (
            f"{percent(rate.of_closed)} of {counted(rate.n_closed, 'closed deal')} of {name}: won / (won + lost)",
            behind.closed(), rate.n_closed,
        ),
        "won value": (
            f"{worth}: the amounts of {counted(won_in)} of {name} won in {code}", in_currency(behind.won(), code), won_in
        ),
        "created": (f"{counted(its.created)} of {name}: created", behind.created(), its.created),
        "mean deal": (
            f"the mean of the amounts of {counted(size.n, 'won deal')} of {name} that have one in {code}; the median is "
            f"{_money(size.median, code)}",
            behind.sized(code), size.n,
        ),
        "d to win": (
            f"the median days from created to won of {counted(cycle.n, 'won deal')} of {name}; the mean is "
            f"{days(cycle.mean)}",
            behind.won(), cycle.n,
        ),
        "rotting": (
            f"{counted(its.rotting)} of {name} untouched for longer than the stage's limit", behind.rotting(), its.rotting
        ),
    }  # fmt: skip
    nameable = can_be_named(by, group.key)
    return {
        head: named(f"{group.key} {head}", says, opens, n, can_be_named=nameable)
        for head, (says, opens, n) in told.items()
    }


def _money(amount: Fraction | None, currency: str) -> str:
    return NOTHING if amount is None else rounded(amount, currency)


def _weight(group: Group) -> int:
    its = group.metrics
    return its.open.count + its.won.count + its.lost.count
