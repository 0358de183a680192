"""The chance to win of open deals: learned from their pipeline's closed deals, shown with its work, judged by the past.

A pipeline's rates are learned from its whole history, a rep's too: a rate is no deal, and a rep of whose own deals few have
closed would be told nothing. No deal of another's can be read from it: only his own deals are estimated, and judged in a
backtest; a value that fewer than five closed deals had adds nothing, and the classes of amounts are round numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from funneltui.domain.chance import LEAST_CLOSED
from funneltui.domain.chance_history import DAY, Moment
from funneltui.domain.chance_scores import Judged, Scores, scores
from funneltui.domain.deal import Outcome
from funneltui.errors import BadInput
from funneltui.services.chance_lessons import Lesson
from funneltui.services.changes import reachable
from funneltui.storage import chances as stored
from funneltui.storage import deals
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING, Condition
from funneltui.storage.list_orders import FigureSort
from funneltui.storage.tables import to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from funneltui.domain.chance_model import Estimate, Model
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance to win of one deal.

    `probability` is the rep's own, if he gave one, else the estimate's, 0..1, or none; `estimate` shows its work and stands
    beside an own one. `closed` is the number of closed deals that it was learned from. `why` says why there is no estimate.
    """

    number: int
    probability: float | None
    own: float | None
    estimate: Estimate | None
    closed: int
    why: str = ""


def model(context: Context, pipeline: Pipeline) -> Model:
    """Give what a pipeline's closed deals say; learned anew only after one of them came, went or changed.

    It takes seconds with 100,000 closed deals: a screen has a `Lesson` go on instead, and shows the stages' rates until then
    (`known_model`).
    """
    with reading(context.database):
        known = known_model(context, pipeline)
        if known is not None:
            return known
        lesson = Lesson(pipeline)
        while lesson.go_on(context):
            pass
    return lesson.model


def known_model(context: Context, pipeline: Pipeline) -> Model | None:
    """Give the model of a pipeline if it was learned already and still holds, else none; quick."""
    return stored.kept(context.database, pipeline.key, context.pipelines_version)


def chances(context: Context, pipeline: Pipeline, numbers: Sequence[int] | None = None) -> dict[int, Chance]:
    """Give the chances of a pipeline's open deals that the actor may see, all or those of these numbers, by number."""
    learned = model(context, pipeline)
    with reading(context.database):
        found = stored.standing(context.database, context.actor.scope, pipeline.key, numbers)
    return estimated(context, learned, found)


def estimated(context: Context, learned: Model, found: Iterable[stored.Standing]) -> dict[int, Chance]:
    """Give the chances of deals that stand so now, by number, after what was learned."""
    now = to_micros(context.clock.now())
    return {one.number: _chance(learned, one, now) for one in found}


def of_pipelines(context: Context, pipelines: Iterable[Pipeline]) -> dict[int, Chance]:
    """Give the chances of all open deals of these pipelines that the actor may see, by number."""
    return {number: one for pipeline in pipelines for number, one in chances(context, pipeline).items()}


def order_of(found: Iterable[Chance]) -> FigureSort:
    """Give the order by chances (C3): of open deals, those without a figure last, equal ones by their numbers."""
    return FigureSort({one.number: one.probability for one in found if one.probability is not None})


def explain(context: Context, number: int) -> Chance:
    """Give the chance of one deal; of a closed one and of spam none, with why.

    Raises:
        NotFound: there is no such deal among the actor's.
    """
    with reading(context.database):
        deal = reachable(context, [number])[0]
        pipeline = context.pipeline_of(deal.pipeline)
        if deal.is_open:
            return chances(context, pipeline, [number])[number]
    what = "spam" if deal.outcome is Outcome.SPAM else f"{deal.outcome.value} already"
    return Chance(number, None, None, None, model(context, pipeline).closed, f"deal {number} is {what}")


def ranked(
    context: Context, pipelines: Sequence[Pipeline], condition: Condition = EVERYTHING, *, descending: bool = True
) -> list[Chance]:
    """Give the chances of the open deals of these pipelines, or of those of a condition, the best one first (C3).

    The order is that of `order_of`.
    """
    found = of_pipelines(context, pipelines)
    if condition.sql:
        with reading(context.database):
            chosen = stored.numbers(context.database, condition & deals.within(context.actor.scope))
        found = {number: found[number] for number in chosen if number in found}
    return [found[number] for number in order_of(found.values()).in_order(found, descending=descending)]


def best_first(
    context: Context,
    pipelines: Sequence[Pipeline],
    condition: Condition = EVERYTHING,
    *,
    descending: bool = True,
    limit: int | None = None,
) -> list[tuple[Deal, Chance]]:
    """Give open deals in the order of `ranked`, at most so many, each with its chance."""
    first = ranked(context, pipelines, condition, descending=descending)[:limit]
    with reading(context.database):
        some = deals.load(context.database, context.actor.scope, [one.number for one in first])
    return [(some[one.number], one) for one in first if one.number in some]


def _chance(learned: Model, one: stored.Standing, now: int) -> Chance:
    moment = Moment(one.stage, max(0, now - one.entered) // DAY, one.facts, one.contacts)
    estimate = learned.estimate(moment)
    own = None if one.own is None else one.own / 100
    why = "" if estimate else learned.why_silent or "its stage is not one of the pipeline's open ones"
    return Chance(one.number, _first(own, estimate), own, estimate, learned.closed, why)


def _first(own: float | None, estimate: Estimate | None) -> float | None:
    if own is not None:
        return own
    return None if estimate is None else estimate.probability


@dataclass(frozen=True, slots=True)
class Backtest:
    """How good the estimates of a day would have been: learned from `n_train` deals closed before it, judged by `n_test`
    that were open on it and have closed since. Without `scores`, `why` says what was missing.
    """

    day: date
    n_train: int
    n_test: int
    scores: Scores | None
    damping: float
    why: str = ""


def backtest(context: Context, pipeline: Pipeline, day: date) -> Backtest:
    """Judge the estimates that would have been given at the beginning of a day, in the user's zone.

    Learned is from what had closed before, judged by the deals that were created before and closed on the day or later, each
    as it stood when the day began; by a rep's own ones only, if he asks.

    Raises:
        BadInput: the day is still to come.
    """
    if day > context.clock.today():
        message = f"{day} is still to come; name a day of the past, with deals closed before and after it"
        raise BadInput(message)
    with reading(context.database):
        lesson = lesson_before(pipeline, day)
        while lesson.go_on(context):
            pass
        return judged(context, pipeline, day, lesson.model)


def lesson_before(pipeline: Pipeline, day: date) -> Lesson:
    """Give the lesson of what had closed before a day: for a backtest that is made piece by piece, see `judged`."""
    return Lesson(pipeline, stored.before(day.isoformat()))


def judged(context: Context, pipeline: Pipeline, day: date, learned: Model) -> Backtest:
    """Judge what was learned before a day by what became of the deals that were open on it; see `backtest`."""
    every = [one for _, one in judgements(context, pipeline, day, learned)]
    why = "" if every else f"no deal that was open on {day} has closed since"
    if learned.closed < LEAST_CLOSED:
        why = f"only {learned.closed} deals had closed before {day}; from {LEAST_CLOSED} on there is a figure"
    return Backtest(day, learned.closed, len(every), scores(every), learned.damping, why)


def judgements(context: Context, pipeline: Pipeline, day: date, learned: Model) -> Iterator[tuple[int, Judged]]:
    """Give the estimates of the actor's deals that were open when a day began and have closed since, by number."""
    moment = to_micros(_beginning(context, day))
    with reading(context.database):
        later = stored.open_then(day.isoformat(), moment)
        asked = stored.closed_deals(context.database, pipeline.key, later, scope=context.actor.scope)
    for deal in asked:
        then = deal.past.at(moment)
        estimate = learned.estimate(then) if then else None
        if estimate:
            yield deal.number, Judged(estimate.probability, estimate.base, deal.won)


def _beginning(context: Context, day: date) -> datetime:
    # Without a zone of the user's a moment without one is in the system's, as it is for the clock.
    return datetime.combine(day, time.min, context.clock.zone).astimezone(UTC)
