"""The forecast's figures and their rules: Quota, Won, Gap, Pipeline, weighted, categories, coverage, needed deals, pace."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Figure
from funneltui.domain.metrics import win_rate
from funneltui.domain.quotas import Found

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Category(StrEnum):
    """How surely a deal is counted on (C5)."""

    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"


OPEN_CATEGORIES = (Category.PIPELINE, Category.BEST_CASE, Category.COMMIT, Category.OMITTED)
"""Those of open deals: what the figure Pipeline consists of."""

BEST_CASE_FROM, COMMIT_FROM = Fraction(40, 100), Fraction(75, 100)
"""The chances from which on an open deal is of the best case, and one that is committed to."""


def chance_of(own_percent: int | None, stage_chance: float | None) -> Fraction | None:
    """Give an open deal's chance to be won, 0..1, or none when nothing is known.

    Rule: "Weighted amount" in the definitions: the deal's own probability, else that of its stage.
    """
    if own_percent is not None:
        return Fraction(own_percent, 100)
    return None if stage_chance is None else Fraction(str(stage_chance))


def category_of(outcome: Outcome, own_percent: int | None, stage_chance: float | None) -> Category:
    """Give a deal's forecast category.

    Rule: won is closed; lost and spam are omitted. An open deal goes by its chance, its own probability first and else that
    of its stage: from 75 % on commit, from 40 % on best case, below it pipeline; a chance of 0, which a rep gives to a deal
    that he does not count on, omits it. Without any chance it is pipeline.
    """
    if outcome is Outcome.WON:
        return Category.CLOSED
    if outcome is not Outcome.OPEN:
        return Category.OMITTED
    chance = chance_of(own_percent, stage_chance)
    if chance is None:
        return Category.PIPELINE
    if chance >= COMMIT_FROM:
        return Category.COMMIT
    if chance >= BEST_CASE_FROM:
        return Category.BEST_CASE
    return Category.PIPELINE if chance else Category.OMITTED


NOTHING = Figure()


def added(one: Figure, other: Figure) -> Figure:
    """Give two figures of one currency as one."""
    return Figure(one.count + other.count, one.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Basis:
    """The closed deals that win rate and average are taken from.

    `won` and `lost` count them, in whatever currency; `priced` are the won deals whose amount is known in the currency of
    the forecast, `amount` is the sum of theirs in its minor units.
    """

    won: int = 0
    lost: int = 0
    priced: int = 0
    amount: int = 0

    @property
    def closed(self) -> int:
        """How many deals closed: the n of the win rate."""
        return self.won + self.lost

    @property
    def win_rate(self) -> Fraction | None:
        """The rate of all of them; see `metrics.win_rate`."""
        return win_rate(self.won, self.lost)

    @property
    def average(self) -> Fraction | None:
        """The mean of the won amounts in minor units, or none; deals without an amount do not count."""
        return Fraction(self.amount, self.priced) if self.priced else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a forecast: an owner's figures of a period, or the team's; amounts in minor units of its currency.

    `first` and `last` are the days of the period, `today` is the day of the forecast. `owner` is a name, or none for deals
    that nobody owns and for the team (`is_team`). `won` are the deals won with a close date in the period, `pipeline` the
    open ones expected to close in it, `weighted` the sum of their amounts x chance, `by_category` their parts. `by_period`
    are the lines of each period, of a total of several.
    """

    label: str
    first: date
    last: date
    today: date
    owner: str | None
    is_team: bool = False
    found: Found = field(default_factory=Found)
    won: Figure = NOTHING
    pipeline: Figure = NOTHING
    weighted: int = 0
    by_category: tuple[tuple[Category, Figure], ...] = ()
    basis: Basis = field(default_factory=Basis)
    by_period: tuple[Line, ...] = ()

    @property
    def quota(self) -> int | None:
        """What is to be won in the period, or none when nobody has set it."""
        return self.found.amount

    @property
    def is_future(self) -> bool:
        """Whether the period has not begun."""
        return self.first > self.today

    @property
    def compared(self) -> tuple[Line, ...]:
        """The lines whose quota is known: itself, or of a total those of its periods.

        Gap, coverage and pace are of these alone: a quota of one quarter is not held against what was won in four.
        """
        return tuple(line for line in self.by_period or (self,) if line.quota is not None)

    @property
    def gap(self) -> int | None:
        """Quota - won, of the periods that have a quota: negative once it is exceeded.

        Absent without a quota and for future periods (C5): of a total if no period with a quota has begun.
        """
        lines = self.compared
        if all(line.is_future for line in lines):
            return None
        return sum((line.quota or 0) - line.won.amount for line in lines)

    @property
    def coverage(self) -> float | None:
        """Pipeline / remaining gap, of the periods that have a quota; absent when no gap remains or is known."""
        if self.gap is None or self.gap <= 0:
            return None
        return sum(line.pipeline.amount for line in self.compared) / self.gap

    @property
    def needed_deals(self) -> int | None:
        """How many deals it takes to close the gap: gap / (average won amount x win rate), rounded up (E4).

        0 once the quota is reached. Absent without a gap, and when the owner has won nothing yet to go by; the n are those
        of `basis`.
        """
        if self.gap is None or self.gap <= 0:
            return None if self.gap is None else 0
        worth = (self.basis.average or 0) * (self.basis.win_rate or 0)
        return ceil(self.gap / worth) if worth else None

    @property
    def elapsed(self) -> Fraction:
        """The share of the period's days that have passed, today included: 0 before it, 1 from its last day on."""
        days = (self.last - self.first).days + 1
        passed = (min(self.today, self.last) - self.first).days + 1
        return Fraction(max(0, passed), days)

    @property
    def pace(self) -> float | None:
        """Won / what would be won by now if the quota came in evenly by days: 1 is on time. Absent with the gap.

        Of a total both are the sums of the periods that have a quota, each by the days of its own that are gone.
        """
        due = sum((line.quota or 0) * line.elapsed for line in self.compared)
        won = sum(line.won.amount for line in self.compared)
        return float(won / due) if self.gap is not None and due else None

    @property
    def expected_gap(self) -> int | None:
        """Gap - weighted, of the periods that have a quota: what would remain if every open deal brought its weight."""
        return None if self.gap is None else self.gap - sum(line.weighted for line in self.compared)

    def of(self, category: Category) -> Figure:
        """Give the part of the pipeline that is of a category; of closed the won deals."""
        return self.won if category is Category.CLOSED else dict(self.by_category).get(category, NOTHING)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say: no quota, nothing won, nothing open."""
        return not (self.quota is not None or self.found.others or self.won.count or self.pipeline.count)


def together(label: str, lines: Iterable[Line], basis: Basis, owner: str | None, *, is_team: bool) -> Line:
    """Give several owners' lines of a period, or several periods' lines, as one from the first day to the last.

    Every sum is that of the lines, so that a table always adds up; the quota is that of those which have one.
    """
    every = list(lines)
    known = [line.found for line in every]
    quotas = [found.amount for found in known if found.amount is not None]
    revised = any(found.before is not None for found in known)
    was = [amount for found in known if (amount := found.amount if found.before is None else found.before) is not None]
    found = Found(
        tuple(part for one in known for part in one.parts),
        sum(one.possible for one in known),
        sum(quotas) if quotas else None,
        sum(was) if revised else None,
        tuple(part for one in known for part in one.others),
    )
    return Line(
        label,
        min(line.first for line in every),
        max(line.last for line in every),
        every[0].today,
        owner,
        is_team,
        found,
        _total(line.won for line in every),
        _total(line.pipeline for line in every),
        sum(line.weighted for line in every),
        tuple((category, _total(line.of(category) for line in every)) for category in OPEN_CATEGORIES),
        basis,
    )


def _total(figures: Iterable[Figure]) -> Figure:
    total = NOTHING
    for figure in figures:
        total = added(total, figure)
    return total
