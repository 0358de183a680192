"""The forecast as the actor sees it: a rep his own, a manager everybody's and the team's; and the deals behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import forecast_table
from funneltui.domain.deal import Outcome
from funneltui.domain.forecast import Category, category_of, chance_of
from funneltui.domain.forecast_sums import closed_sum_of, open_sum_of
from funneltui.domain.forecast_table import Forecast, Ground, Wanted
from funneltui.domain.funnel import weigh
from funneltui.domain.history import Role
from funneltui.domain.periods import Period, Span, parse_period, period_of, periods
from funneltui.domain.quotas import QuotaBook, counting
from funneltui.domain.rates import RateBook
from funneltui.domain.what_if import WhatIf, what_if
from funneltui.errors import BadInput
from funneltui.services.people import find_user
from funneltui.services.quotas import demand_own, only_pipeline
from funneltui.services.stage_chances import stage_chances
from funneltui.storage import deals, forecasts
from funneltui.storage import quotas as stored_quotas
from funneltui.storage import rates as stored_rates
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from fractions import Fraction

    from funneltui.domain.deal import Deal
    from funneltui.domain.forecast_sums import Chances, ClosedSum, OpenSum
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context

MOST_PERIODS = 120
"""How many periods one forecast can have: ten years of months."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a forecast.

    `owner` is a name, "me", "" for deals that nobody owns, or none for everybody; `pipeline` the key or name of one, or none
    for all of them together; which quotas count then says `domain.quotas.counting`. `currency`, `category`, `convert`: see
    `Wanted`. With `as_of` deals, quotas and chances are those of that moment, and its day is the forecast's (G4).
    """

    periods: tuple[Period, ...]
    currency: str
    owner: str | None = None
    pipeline: str | None = None
    category: Category | None = None
    convert: bool = True
    as_of: Point | None = None


def chosen_periods(
    span: Span, today: date, fiscal_start: int = 1, first: str | None = None, last: str | None = None
) -> tuple[Period, ...]:
    """Give the periods of a range typed as two periods of any span; without one, the present period.

    With only the first, the range goes on to today, or to the end of that period if it is later.

    Raises:
        BadInput: one cannot be read, the range ends before it begins, or it has more than `MOST_PERIODS`.
    """
    now = period_of(today, span, fiscal_start)
    begin = parse_period(first, today, fiscal_start) if first else now
    end = parse_period(last, today, fiscal_start) if last else max(begin, now, key=lambda one: one.last)
    if end.last < begin.first:
        raise BadInput(f"the range ends with {end.label}, before it begins with {begin.label}")
    months = (end.last.year - begin.first.year) * 12 + end.last.month - begin.first.month + 1
    found = periods(begin.first, end.last, span, fiscal_start) if months <= 12 * MOST_PERIODS else []
    if not 0 < len(found) <= MOST_PERIODS:
        raise BadInput(f"that is more than {MOST_PERIODS} periods; choose a shorter range or a longer --period")
    return tuple(found)


def forecast_of(context: Context, asked: Asked) -> Forecast:
    """Give a forecast; its figures and their rules are those of `domain.forecast.Line`.

    Raises:
        NotFound: there is no such owner or pipeline. NotAllowed: a rep asks for others' figures.
    """
    return forecast_table.forecast(ground_of(context, asked))


def supposing(context: Context, asked: Asked, changes: Sequence[tuple[Deal, Deal]]) -> WhatIf:
    """Give a forecast beside what it would be if open deals, each as it is and as it would be, were else; nothing is stored.

    Raises:
        NotFound, NotAllowed: as `forecast_of`.
    """
    return what_if(ground_of(context, asked), changes)


def ground_of(context: Context, asked: Asked) -> Ground:
    """Give all that a forecast is made from, as of one moment, in a number of statements that no number of deals changes.

    Raises:
        NotFound, NotAllowed: as `forecast_of`.
    """
    some, key = _pipelines(context, asked)
    with reading(context.database):
        whose = _whose(context, asked)
        opens, closed, chances = _sums(context, asked, some, whose)
        return Ground(
            Wanted(
                asked.periods, asked.currency, day_of(context, asked.as_of), asked.category, asked.convert, whose.everybody
            ),
            opens,
            closed,
            _quotas(context, asked, key, whose),
            chances,
            RateBook(stored_rates.entered(context.database, asked.currency)),
            () if whose.everybody else (whose.name,),
        )  # fmt: skip


def is_set_for_all(context: Context, asked: Asked) -> bool:
    """Tell whether there are quotas for all pipelines that this forecast of one of several leaves out (see `counting`).

    Raises:
        NotFound, NotAllowed: as `forecast_of`.
    """
    _, key = _pipelines(context, asked)
    if key is None or only_pipeline(context) == key:
        return False
    with reading(context.database):
        book = _quotas(context, asked, None, _whose(context, asked))
    return any(book.has(owner, period) for owner in book.owners for period in asked.periods)


def _quotas(context: Context, asked: Asked, key: str | None, whose: _Whose) -> QuotaBook:
    """Give the quotas that count for a pipeline, or for all together: everybody's, or those of one owner."""
    until = asked.as_of.moment if asked.as_of else None
    found = counting(stored_quotas.in_force(context.database, context.actor.scope, until), key, only_pipeline(context))
    if not whose.everybody:
        found = [one for one in found if one.owner is not None and one.owner == whose.name]
    return QuotaBook(found)


def day_of(context: Context, point: Point | None) -> date:
    """Give the day on which a forecast stands: today, or that of the moment of which it is asked."""
    if point is None:
        return context.clock.today()
    return point.day or context.clock.local_day(point.moment)


def _sums(
    context: Context, asked: Asked, some: Sequence[Pipeline], whose: _Whose
) -> tuple[tuple[OpenSum, ...], tuple[ClosedSum, ...], Chances]:
    """Give the sums of deals and the chances of stages: from the database, or from the deals as they stood."""
    if asked.as_of is None:
        database, scope, keys = context.database, context.actor.scope, [pipeline.key for pipeline in some]
        first, last = asked.periods[0].first, asked.periods[-1].last
        return (
            tuple(forecasts.open_sums(database, scope, keys, first, last, whose.id)),
            tuple(forecasts.closed_sums(database, scope, keys, first, last, whose.id)),
            _chances(context, asked, some),
        )
    stood = _stood(context, asked, some, asked.as_of)
    theirs = [deal for deal in stood if whose.has(deal)]
    return (
        tuple(open_sum_of(deal) for deal in theirs if deal.is_open),
        tuple(closed_sum_of(deal) for deal in theirs if not deal.is_open),
        _chances(context, asked, some, stood),
    )


def _stood(context: Context, asked: Asked, some: Sequence[Pipeline], point: Point) -> list[Deal]:
    """Give the deals as they stood at a point in time."""
    from funneltui.services.as_of import deals_at

    return deals_at(context, some[0] if asked.pipeline else None, point.moment)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose figures are told: everybody's, or those of one owner, without a name and with `forecasts.NOBODY` of nobody."""

    everybody: bool
    name: str | None = None
    id: int | None = None

    def has(self, deal: Deal) -> bool:
        """Tell whether a deal counts."""
        return self.everybody or deal.owner == self.name


def _pipelines(context: Context, asked: Asked) -> tuple[tuple[Pipeline, ...], str | None]:
    if asked.pipeline is None:
        return context.pipelines, None
    pipeline = context.pipeline_of(asked.pipeline)
    return (pipeline,), pipeline.key


def _whose(context: Context, asked: Asked) -> _Whose:
    """Give whose figures are asked for; a rep's are always his own."""
    if asked.owner is None and context.actor.role is Role.MANAGER:
        return _Whose(everybody=True)
    name = "me" if asked.owner is None else asked.owner.strip()
    person = find_user(context, name) if name else None
    demand_own(context, person)
    return _Whose(False, person.name, person.id) if person else _Whose(False, None, forecasts.NOBODY)


def _chances(context: Context, asked: Asked, some: Sequence[Pipeline], stood: Sequence[Deal] = ()) -> Chances:
    """Give the chance from every open stage, by each pipeline's whole history: the funnel's, of the moment asked of."""
    return {
        (pipeline.key, stage): chance.probability
        for pipeline in some
        for stage, chance in stage_chances(context, pipeline, asked.as_of, stood).items()
    }


@dataclass(frozen=True, slots=True)
class Counted:
    """A deal behind a forecast: in which period it counts, as what, by which chance (0..1; none is known, or it is won).

    `weighted` is its amount x chance in minor units of its own currency; of a won deal its amount.
    """

    deal: Deal
    period: Period
    category: Category
    chance: Fraction | None
    weighted: int


def details(context: Context, asked: Asked, *, won: bool | None = None) -> Iterator[Counted]:
    """Give the deals behind a forecast, page by page: those won in the periods and the open ones expected to close in them.

    With a category only those of it: of closed the won deals, of another one open deals. With `won` only the won ones, or
    only the open ones.

    Raises:
        NotFound, NotAllowed: as `forecast_of`.
    """
    some, _ = _pipelines(context, asked)
    keys = [pipeline.key for pipeline in some]
    first, last = asked.periods[0].first, asked.periods[-1].last
    with reading(context.database):
        whose = _whose(context, asked)
        stood = [] if asked.as_of is None else _stood(context, asked, some, asked.as_of)
        chances = _chances(context, asked, some, stood)

    def found(*, won: bool) -> Iterator[Deal]:
        if asked.as_of is None:
            condition = forecasts.behind(context.actor.scope, keys, first, last, whose.id, won=won)
            order = "d.closed_on, d.number" if won else "d.expected_close, d.number"
            for page in deals.pages(context.database, condition, order):  # each page is a reading of its own
                yield from page
            return
        outcome = Outcome.WON if won else Outcome.OPEN
        theirs = [(_day(deal), deal.number, deal) for deal in stood if deal.outcome is outcome and whose.has(deal)]
        yield from (deal for day, _, deal in sorted(theirs, key=lambda one: one[:2]) if first <= day <= last)

    counted = (
        _counted(asked, chances, deal)
        for closed in (True, False)
        if won in (None, closed) and (asked.category is None or closed == (asked.category is Category.CLOSED))
        for deal in found(won=closed)
    )
    return (one for one in counted if asked.category in (None, one.category))


def _day(deal: Deal) -> date:
    """Give the day by which a deal counts: that on which it was won, or is expected to close."""
    return (deal.closed_on if deal.outcome is Outcome.WON else None) or deal.expected_close


def _counted(asked: Asked, chances: Chances, deal: Deal) -> Counted:
    stage = chances.get((deal.pipeline, deal.stage))
    category = category_of(deal.outcome, deal.probability, stage)
    period = next(one for one in asked.periods if _day(deal) in one)
    amount = deal.amount or 0
    if category is Category.CLOSED:
        return Counted(deal, period, category, None, amount)
    own = deal.probability
    weighted = weigh(0, amount, stage) if own is None else weigh(amount * own, 0, stage)
    return Counted(deal, period, category, chance_of(own, stage), weighted)
