"""A forecast from sums of deals: its lines by period and owner, the team's of each period, and the total."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.forecast import NOTHING, OPEN_CATEGORIES, Basis, Category, Line, added, category_of, together
from funneltui.domain.forecast_sums import Bag, all_together, bases_of
from funneltui.domain.funnel import Figure
from funneltui.domain.periods import Span, periods

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from funneltui.domain.forecast_sums import Chances, ClosedSum, OpenSum
    from funneltui.domain.periods import Period
    from funneltui.domain.quotas import QuotaBook
    from funneltui.domain.rates import Conversion, RateBook


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a forecast is to tell: of which periods, in which currency, on which day.

    `category` leaves only open deals of that category in (closed: none of them); quota, won and gap stay. Without `convert`
    only amounts in the very currency are added up. `whole_team` says that everybody is in it: the team's quota then counts.
    """

    periods: tuple[Period, ...]
    currency: str
    today: date
    category: Category | None = None
    convert: bool = True
    whole_team: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a forecast is made from: the sums of deals, the quotas in force, the chances of stages, the rates.

    `chances` are by pipeline and stage, 0..1 or none; `owners` are those who have a line even if there is nothing in it.
    """

    wanted: Wanted
    opens: tuple[OpenSum, ...]
    closed: tuple[ClosedSum, ...]
    quotas: QuotaBook
    chances: Chances
    rates: RateBook
    owners: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """What is in a currency that no rate converts: told beside, never added up; amounts in its own minor units.

    `labels` are those of the periods that it is of. A rate of the day `rate_on` would convert it in all of them, none if
    nothing is to be converted; `known_later`: there is one already, of a later day.
    """

    currency: str
    won: Figure = NOTHING
    pipeline: Figure = NOTHING
    weighted: int = 0
    quota: int = 0
    labels: tuple[str, ...] = ()
    rate_on: date | None = None
    known_later: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """A conversion that a forecast used, and the labels of the periods for which it did; none: for the average only."""

    conversion: Conversion
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Lines by period, then owner (by name, nobody last); the team's line of each period, if everybody is in it; the total.

    All amounts are minor units of `currency`. Lines add up to the team's, and those to the total, exactly.
    """

    currency: str
    lines: tuple[Line, ...]
    team: tuple[Line, ...]
    total: Line
    others: tuple[Other, ...] = ()
    conversions: tuple[Converted, ...] = ()


def rate_day(period: Period, today: date) -> date:
    """Give the day whose rates convert in a period: its last one, or today if that is earlier.

    So what was told of a period that is over stays, as the newest rate on or before the day is taken (see `RateBook`).
    """
    return min(period.last, today)


def brief_labels(labels: Sequence[str]) -> str:
    """Give the labels of periods in a few words: "2026-07, 2026-08", "2026-01 to 2026-12"."""
    return ", ".join(labels) if len(labels) <= 3 else f"{labels[0]} to {labels[-1]}"


_Bags = dict[tuple[int, str | None], dict[str, Bag]]


class _Exchange:
    """Converts for a forecast, and remembers what was used for which period and what could not be converted."""

    def __init__(self, wanted: Wanted, rates: RateBook) -> None:
        self._wanted, self._rates = wanted, rates
        self._used: dict[Conversion, list[str]] = {}
        self.others: dict[str, Other] = {}

    def on(self, period: Period | None) -> Callable[[int, str], int | None]:
        """Give the function that converts in a period by the rates of `rate_day` (none: as of today).

        It gives none where no rate is known.
        """
        today = self._wanted.today
        day = today if period is None else rate_day(period, today)

        def convert(minor: int, currency: str) -> int | None:
            if currency == self._wanted.currency:
                return minor
            found = self._rates.conversion(currency, self._wanted.currency, day) if self._wanted.convert else None
            if found is None:
                return None
            labels = self._used.setdefault(found, [])
            if period is not None and period.label not in labels:
                labels.append(period.label)
            return found.of(minor)

        return convert

    def leave(self, period: Period, currency: str, bag: Bag, weighted: int) -> None:
        """Note deals of a period whose currency cannot be converted in it."""
        known = self._left(period, currency)
        self.others[currency] = replace(
            known,
            won=added(known.won, bag.won),
            pipeline=added(known.pipeline, bag.pipeline),
            weighted=known.weighted + weighted,
        )

    def leave_quota(self, period: Period, currency: str, amount: int) -> None:
        """Note a quota of a period whose currency cannot be converted in it."""
        known = self._left(period, currency)
        self.others[currency] = replace(known, quota=known.quota + amount)

    def _left(self, period: Period, currency: str) -> Other:
        known = self.others.get(currency, Other(currency))
        labels = known.labels if period.label in known.labels else (*known.labels, period.label)
        if not self._wanted.convert:
            return replace(known, labels=labels)
        day = rate_day(period, self._wanted.today)
        later = self._rates.conversion(currency, self._wanted.currency, date.max) is not None
        return replace(known, labels=labels, rate_on=min(day, known.rate_on or day), known_later=later)

    @property
    def used(self) -> tuple[Converted, ...]:
        """What was used, in the order of use."""
        return tuple(Converted(conversion, tuple(labels)) for conversion, labels in self._used.items())


def forecast(ground: Ground) -> Forecast:
    """Give the forecast of a ground. The rules are those of `forecast.Line`; amounts are converted as `RateBook` says."""
    wanted, exchange = ground.wanted, _Exchange(ground.wanted, ground.rates)
    bags = _bags(ground)
    bases = bases_of(ground.closed, exchange.on(None))
    every = all_together(bases.values())
    lines, team = [], []
    for place, period in enumerate(wanted.periods):
        here = [
            _line(ground, exchange, period, owner, bags.get((place, owner), {}), bases.get(owner, Basis()))
            for owner in _owners(ground, bags)
        ]
        lines += here
        team.append(_team_line(ground, exchange, period, here, every))
    label = wanted.periods[0].label
    if len(wanted.periods) > 1:
        label = f"{label} to {wanted.periods[-1].label}"
    owners = {line.owner for line in lines}
    owner = owners.pop() if len(owners) == 1 and not wanted.whole_team else None
    total = together(label, team, every, owner, is_team=wanted.whole_team)
    if len(team) > 1:
        total = replace(total, by_period=tuple(team))
    others = tuple(one for _, one in sorted(exchange.others.items()))
    return Forecast(
        wanted.currency, tuple(lines), tuple(team) if wanted.whole_team else (), total, others, exchange.used
    )


def _bags(ground: Ground) -> _Bags:
    wanted, found = ground.wanted, defaultdict[tuple[int, str | None], dict[str, Bag]](dict)
    place_of = {
        month.first: place
        for place, period in enumerate(wanted.periods)
        for month in periods(period.first, period.last, Span.MONTH)
    }
    for one in ground.opens:
        place = place_of.get(one.month)
        category = category_of(Outcome.OPEN, one.percent, ground.chances.get((one.pipeline, one.stage)))
        if place is not None and wanted.category in (None, category):
            found[place, one.owner].setdefault(one.currency, Bag()).take(one, category)
    for closed in ground.closed:
        place = None if closed.month is None else place_of.get(closed.month)
        if place is not None and closed.outcome is Outcome.WON:
            bag = found[place, closed.owner].setdefault(closed.currency, Bag())
            bag.won = added(bag.won, Figure(closed.count, closed.amount))
    # What if may have taken all out of a sum again.
    left = {key: {code: bag for code, bag in some.items() if not bag.is_empty} for key, some in found.items()}
    return {key: some for key, some in left.items() if some}


def _owners(ground: Ground, bags: _Bags) -> list[str | None]:
    """Give who has a line in every period: who has something in any of them, or a quota."""
    found = {owner for _, owner in bags}
    for owner in ground.quotas.owners - {None}:
        if any(ground.quotas.has(owner, period) for period in ground.wanted.periods):
            found.add(owner)
    return sorted(found | set(ground.owners), key=lambda owner: (owner is None, (owner or "").casefold(), owner or ""))


def _line(
    ground: Ground, exchange: _Exchange, period: Period, owner: str | None, bags: Mapping[str, Bag], basis: Basis
) -> Line:
    convert, chances = exchange.on(period), ground.chances
    won = pipeline = NOTHING
    weighted, parts = 0, dict.fromkeys(OPEN_CATEGORIES, NOTHING)
    for currency, bag in sorted(bags.items()):
        brought = convert(bag.won.amount, currency)
        if brought is None:
            exchange.leave(period, currency, bag, bag.weighted(chances))
            continue
        won = added(won, Figure(bag.won.count, brought))
        weighted += convert(bag.weighted(chances), currency) or 0
        for category, figure in bag.open.items():
            part = Figure(figure.count, convert(figure.amount, currency) or 0)
            parts[category] = added(parts[category], part)
            pipeline = added(pipeline, part)
    quota = ground.quotas.of(owner, period, convert) if owner is not None else None
    if quota is not None:
        for left in quota.others:
            exchange.leave_quota(period, left.currency, left.amount or 0)
    line = Line(period.label, period.first, period.last, ground.wanted.today, owner, basis=basis)
    return replace(
        line, found=quota or line.found, won=won, pipeline=pipeline, weighted=weighted, by_category=tuple(parts.items())
    )


def _team_line(ground: Ground, exchange: _Exchange, period: Period, lines: Sequence[Line], basis: Basis) -> Line:
    """Give everybody's line of a period: the sums of the lines, with the team's own quota where it has one."""
    empty = Line(period.label, period.first, period.last, ground.wanted.today, None, basis=basis)
    line = together(period.label, lines or [empty], basis, None, is_team=True)
    line = replace(line, first=period.first, last=period.last)
    if not ground.wanted.whole_team:
        return line
    quota = ground.quotas.of_team(period, exchange.on(period))
    for left in quota.others:
        if left.owner is None:
            exchange.leave_quota(period, left.currency, left.amount or 0)
    return replace(line, found=quota)
