"""The figures of a pipeline (E3, E5, D14), each by the rule in its docstring, from narrow facts about deals and stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Figure, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from funneltui.domain.pipeline import Pipeline

DAY = 24 * 60 * 60
"""The seconds of a day."""


# Named tuples and no dataclasses: a hundred thousand of them are made for one look at the figures.
class Fact(NamedTuple):
    """What figures want to know of a deal. Days are the user's own; `rots`: it is rotting; `tags` blank-separated."""

    number: int
    outcome: Outcome
    stage: str
    reach: str | None
    currency: str
    amount: int | None
    probability: int | None
    created: date
    closed_on: date | None
    entered: date
    owner: str | None
    source: str
    reason: str | None
    rots: bool
    company: str = ""
    tags: str = ""


class Stay(NamedTuple):
    """One stay of a deal in a stage of its pipeline that has ended: on which day, and after how many seconds."""

    deal: int
    stage: str
    left: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Window:
    """The days that figures are asked of: from `since` to `until`, both included, each open when absent."""

    since: date | None = None
    until: date | None = None

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day lies within; one that is not known lies in the window that is open on both sides only."""
        if self.since is None and self.until is None:
            return True
        if day is None:
            return False
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


ALWAYS = Window()


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and median of `n` values, exact; both none when there are no values."""

    mean: Fraction | None = None
    median: Fraction | None = None
    n: int = 0


UNKNOWN = Spread()


@dataclass(frozen=True, slots=True)
class WinRate:
    """`of_closed` of the `n_closed` deals closed in the period were won; `of_created` of the `n_created` created in it."""

    of_closed: float | None = None
    n_closed: int = 0
    of_created: float | None = None
    n_created: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """Days from created to closed."""

    won: Spread
    lost: Spread
    closed: Spread


@dataclass(frozen=True, slots=True)
class StageTime:
    """Days in a stage: of each deal's latest stay that ended, of all its stays summed, and of who stands there now."""

    latest: Spread
    all: Spread
    now: Spread


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of some deals; amounts are in minor units of `currency`, `others` names what is not added up.

    `others`: open, won and lost deals in other currencies, by currency. `velocity`: minor units a day.
    """

    currency: str
    open: Figure
    created: int
    won: Figure
    lost: Figure
    win_rate: WinRate
    deal_size: Spread
    cycle: Cycle
    time_in_stage: Mapping[str, StageTime]
    velocity: Fraction | None
    rotting: int
    others: Mapping[str, tuple[Figure, Figure, Figure]]


def spread(values: Iterable[int]) -> Spread:
    """Give mean and median of whole numbers; the median of an even number of them is the mean of the middle two."""
    ordered = sorted(values)
    n = len(ordered)
    if not n:
        return UNKNOWN
    return Spread(Fraction(sum(ordered), n), Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2), n)


def share(part: int, whole: int) -> float | None:
    """Give a part of a whole, 0..1, or none of nothing."""
    return part / whole if whole else None


def win_rate(closed: Iterable[Fact], created: Iterable[Fact]) -> WinRate:
    """Give both win rates. Rule: of the deals closed in the period won / (won + lost); of the deals created in it won /
    created, whenever they were won.
    """
    ended, begun = [fact.outcome for fact in closed], [fact.outcome for fact in created]
    return WinRate(
        share(ended.count(Outcome.WON), len(ended)), len(ended), share(begun.count(Outcome.WON), len(begun)), len(begun)
    )


def cycle_days(fact: Fact) -> int:
    """Give the days from the day a deal was created, in the user's zone, to its close date; never less than none."""
    assert fact.closed_on is not None  # of a closed deal
    return max(0, (fact.closed_on - fact.created).days)


def cycle(closed: Iterable[Fact]) -> Cycle:
    """Give the sales cycle. Rule: "Cycle" in the definitions, for won deals, for lost ones, and for all that closed."""
    days: dict[Outcome, list[int]] = {Outcome.WON: [], Outcome.LOST: []}
    for fact in closed:
        days[fact.outcome].append(cycle_days(fact))
    won, lost = days[Outcome.WON], days[Outcome.LOST]
    return Cycle(spread(won), spread(lost), spread(won + lost))


def deal_size(closed: Iterable[Fact], currency: str) -> Spread:
    """Give mean and median of the won amounts in a currency; a deal without an amount has no size and is not counted."""
    return spread(
        fact.amount
        for fact in closed
        if fact.outcome is Outcome.WON and fact.currency == currency and fact.amount is not None
    )


def velocity(
    open_deals: int, average_won: Fraction | None, rate: Fraction | None, days: Fraction | None
) -> Fraction | None:
    """Give how much is won a day: open deals x average won amount x win rate / cycle days; none while one is not known.

    Rule: "Velocity" in the definitions. The deals are those in the currency of the amounts, the rate is that of closed
    deals, the cycle the mean of all that closed, won or lost: at that pace deals leave the pipeline.
    """
    if average_won is None or rate is None or not days:
        return None
    return open_deals * average_won * rate / days


def time_in_stages(
    pipeline: Pipeline, stays: Iterable[Stay], standing: Iterable[Fact], today: date
) -> dict[str, StageTime]:
    """Give the days that deals spend in each open stage.

    Rule: "Time in stage" in the definitions. A stay counts once it has ended; of a deal that was in a stage several times
    the latest of those stays, and all of them summed. How long the deals have been there that stand in it now is told apart:
    a stay that goes on is no length yet.
    """
    latest: dict[str, dict[int, int]] = {stage.key: {} for stage in pipeline.open_stages}
    summed: dict[str, dict[int, int]] = {stage.key: {} for stage in pipeline.open_stages}
    for deal, stage, _, seconds in stays:
        if stage in latest:
            latest[stage][deal] = seconds
            of_all = summed[stage]
            of_all[deal] = of_all.get(deal, 0) + seconds
    now: dict[str, list[int]] = defaultdict(list)
    for fact in standing:
        now[fact.stage].append(max(0, (today - fact.entered).days))
    return {
        key: StageTime(_in_days(spread(its.values())), _in_days(spread(summed[key].values())), spread(now[key]))
        for key, its in latest.items()
    }


def _in_days(seconds: Spread) -> Spread:
    if seconds.mean is None or seconds.median is None:
        return seconds
    return Spread(seconds.mean / DAY, seconds.median / DAY, seconds.n)


def tallies(facts: Iterable[Fact]) -> list[Tally]:
    """Give the tallies from which `domain.funnel.compute` draws the funnel of these deals."""
    sums: dict[tuple[str, str | None, Outcome, str], list[int]] = {}
    for fact in facts:
        known = sums.setdefault((fact.stage, fact.reach, fact.outcome, fact.currency), [0, 0, 0, 0])
        amount = fact.amount or 0
        known[0] += 1
        known[1] += amount
        if fact.probability is None:
            known[3] += amount
        else:
            known[2] += amount * fact.probability
    return [Tally(*key, *figures) for key, figures in sums.items()]


@dataclass(frozen=True, slots=True)
class Some:
    """The deals of which figures are told: those open now, those created in the period, those closed in it, and the stays
    that ended in it, in the order in which they ended.
    """

    standing: Sequence[Fact]
    created: Sequence[Fact]
    closed: Sequence[Fact]
    stays: Sequence[Stay]


def metrics(pipeline: Pipeline, some: Some, today: date, currency: str, *, with_velocity: bool = True) -> Metrics:
    """Give all figures of some deals of a pipeline, each by the function of its name; spam is not to be among them."""
    won = [fact for fact in some.closed if fact.outcome is Outcome.WON]
    lost = [fact for fact in some.closed if fact.outcome is Outcome.LOST]
    rates, days, size = win_rate(some.closed, some.created), cycle(some.closed), deal_size(won, currency)
    ours = sum(1 for fact in some.standing if fact.currency == currency)
    rate = Fraction(len(won), len(some.closed)) if some.closed else None
    pace = velocity(ours, size.mean, rate, days.closed.mean) if with_velocity else None
    return Metrics(
        currency, figure(some.standing, currency), len(some.created), figure(won, currency), figure(lost, currency),
        rates, size, days, time_in_stages(pipeline, some.stays, some.standing, today), pace,
        sum(fact.rots for fact in some.standing), _others((some.standing, won, lost), currency),
    )  # fmt: skip


def figure(facts: Sequence[Fact], currency: str) -> Figure:
    """Give the number of deals, in whatever currency, and the sum of those in one."""
    return Figure(len(facts), sum(fact.amount or 0 for fact in facts if fact.currency == currency))


def _others(groups: tuple[Sequence[Fact], ...], currency: str) -> dict[str, tuple[Figure, Figure, Figure]]:
    found: dict[str, list[list[int]]] = {}
    for place, facts in enumerate(groups):
        for fact in facts:
            if fact.currency != currency:
                sums = found.setdefault(fact.currency, [[0, 0] for _ in groups])[place]
                sums[0] += 1
                sums[1] += fact.amount or 0
    return {code: (Figure(*a), Figure(*b), Figure(*c)) for code, (a, b, c) in sorted(found.items())}
