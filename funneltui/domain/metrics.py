"""The figures of a pipeline (E3, E5, D14), each by the rule in its docstring, from sums of deals and from stays."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Figure, Tally, add_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from funneltui.domain.figure_sums import Ended, Standing, Stays, Sums
    from funneltui.domain.pipeline import Pipeline

DAY = 24 * 60 * 60
"""The seconds of a day."""


# Named tuples and no dataclasses: a hundred thousand of them are made for one look at the past.
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


def spread_of(counts: Mapping[int, int]) -> Spread:
    """Give the same of whole numbers that are counted: how often there is each."""
    if not counts:
        return UNKNOWN
    values = sorted(counts)
    until = list(accumulate(counts[value] for value in values))
    n = until[-1]
    low, high = (values[bisect_right(until, place)] for place in ((n - 1) // 2, n // 2))
    return Spread(Fraction(sum(value * counts[value] for value in values), n), Fraction(low + high, 2), n)


def share(part: int, whole: int) -> float | None:
    """Give a part of a whole, 0..1, or none of nothing."""
    return part / whole if whole else None


def win_rate(won: int, lost: int) -> Fraction | None:
    """Give won / (won + lost), exact, or none when no deal closed. Rule: "Win rate" in the definitions."""
    return Fraction(won, won + lost) if won + lost else None


def win_rates(ended: Sequence[Ended], created: Sequence[Tally]) -> WinRate:
    """Give both win rates. Rule: of the deals closed in the period `win_rate`; of the deals created in it won / created,
    whenever they were won.
    """
    won, lost = (number(one for one in ended if one.outcome is outcome) for outcome in (Outcome.WON, Outcome.LOST))
    begun, rate = sum(one.count for one in created), win_rate(won, lost)
    of_begun = sum(one.count for one in created if one.outcome is Outcome.WON)
    return WinRate(None if rate is None else float(rate), won + lost, share(of_begun, begun), begun)


def number(some: Iterable[Standing | Ended]) -> int:
    """Give how many deals they are."""
    return sum(one.deals for one in some)


def cycle(ended: Iterable[Ended]) -> Cycle:
    """Give the sales cycle. Rule: "Cycle" in the definitions, for won deals, for lost ones, and for all that closed.

    The days are those from the day a deal was created, in the user's zone, to its close date; never less than none.
    """
    won, lost = Counter[int](), Counter[int]()
    for one in ended:
        (won if one.outcome is Outcome.WON else lost)[max(0, one.days)] += one.deals
    return Cycle(spread_of(won), spread_of(lost), spread_of(won + lost) if won and lost else spread_of(won or lost))


def deal_size(won: Mapping[str, Iterable[int | None]], currency: str) -> Spread:
    """Give mean and median of the won amounts in a currency; a deal without an amount has no size and is not counted."""
    return spread(amount for amount in won.get(currency, ()) if amount is not None)


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
    pipeline: Pipeline, stays: Mapping[str, Stays], standing: Iterable[Standing], today: date
) -> dict[str, StageTime]:
    """Give the days that deals spend in each open stage.

    Rule: "Time in stage" in the definitions. A stay counts once it has ended; of a deal that was in a stage several times
    the latest of those stays, and all of them summed. How long the deals have been there that stand in it now is told apart:
    a stay that goes on is no length yet.
    """
    now: dict[str, Counter[int]] = defaultdict(Counter)
    for one in standing:
        now[one.stage][max(0, (today - one.entered).days)] += one.deals
    found = {}
    for stage in pipeline.open_stages:
        latest, summed = _of_stays(stays.get(stage.key))
        found[stage.key] = StageTime(_in_days(latest), _in_days(summed), spread_of(now.get(stage.key, {})))
    return found


def _of_stays(stays: Stays | None) -> tuple[Spread, Spread]:
    """Give the seconds of each deal's latest stay, and those of all its stays."""
    if stays is None:
        return UNKNOWN, UNKNOWN
    latest = dict(zip(stays.deals, stays.seconds, strict=True))
    known = spread(latest.values())
    if len(latest) == len(stays.deals):  # no deal was there twice: sorting them takes its time
        return known, known
    summed: dict[int, int] = defaultdict(int)
    for deal, seconds in zip(stays.deals, stays.seconds, strict=True):
        summed[deal] += seconds
    return known, spread(summed.values())


def _in_days(seconds: Spread) -> Spread:
    if seconds.mean is None or seconds.median is None:
        return seconds
    return Spread(seconds.mean / DAY, seconds.median / DAY, seconds.n)


def tallies(facts: Iterable[Fact]) -> list[Tally]:
    """Give the tallies from which `domain.funnel.compute` draws the funnel of these deals."""
    return add_up(
        (fact.stage, fact.reach, fact.outcome, fact.currency, fact.probability, 1, fact.amount or 0) for fact in facts
    )


def metrics(pipeline: Pipeline, sums: Sums, today: date, currency: str, *, with_velocity: bool = True) -> Metrics:
    """Give all figures of some deals of a pipeline, each by the function of its name; spam is not to be among them."""
    won, lost = ([one for one in sums.ended if one.outcome is outcome] for outcome in (Outcome.WON, Outcome.LOST))
    created = sum(one.count for one in sums.created)
    days, size = cycle(sums.ended), deal_size(sums.won, currency)
    ours = number(one for one in sums.standing if one.currency == currency)
    pace = velocity(ours, size.mean, win_rate(number(won), number(lost)), days.closed.mean) if with_velocity else None
    return Metrics(
        currency, figure(sums.standing, currency), created, figure(won, currency), figure(lost, currency),
        win_rates(sums.ended, sums.created), size, days,
        time_in_stages(pipeline, sums.stays, sums.standing, today), pace,
        number(one for one in sums.standing if one.rots), _others((sums.standing, won, lost), currency),
    )  # fmt: skip


def figure(some: Sequence[Standing | Ended], currency: str) -> Figure:
    """Give the number of deals, in whatever currency, and the sum of those in one."""
    return Figure(number(some), sum(one.amount for one in some if one.currency == currency))


def _others(groups: tuple[Sequence[Standing | Ended], ...], currency: str) -> dict[str, tuple[Figure, Figure, Figure]]:
    found: dict[str, list[list[int]]] = {}
    for place, some in enumerate(groups):
        for one in some:
            if one.currency != currency:
                sums = found.setdefault(one.currency, [[0, 0] for _ in groups])[place]
                sums[0] += one.deals
                sums[1] += one.amount
    return {code: (Figure(*a), Figure(*b), Figure(*c)) for code, (a, b, c) in sorted(found.items())}
