"""The past of an imported deal: its moments, visits and events, as its row's dates tell them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.dates import as_moment
from funneltui.domain.deal import Outcome
from funneltui.domain.history import Event, EventKind, Visit
from funneltui.errors import RuleBroken
from funneltui.services.changes import difference
from funneltui.services.deals import first_visits
from funneltui.services.moves import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Clock


@dataclass(frozen=True, slots=True)
class Past:
    """When a deal was created, entered the stage where it stands (or, closed, where it stood last), and closed."""

    created: datetime
    entered: datetime
    closed: datetime | None = None
    closed_on: date | None = None


def day_of(clock: Clock, when: date) -> date:
    """Give the day that a date, or a moment in the user's zone, is."""
    return clock.local_day(when) if isinstance(when, datetime) else when


def past_of(
    clock: Clock, stage: Stage, created: date | None, entered: date | None, closed: date | None, *, by_way: bool
) -> Past:
    """Give the past that a row's dates tell of a deal that stands in `stage`.

    A date without a time is noon UTC, but never later than now. Rule: without a close date a closed deal closes today;
    without a created date a deal is created when the earliest thing that the row tells of it happened, else now. A deal
    entered its stage when it was created unless the row says later; of a closed one the entry counts only `by_way` of a
    stage that the row names.

    Raises:
        RuleBroken: a date lies in the future, or they are not in order.
    """
    for name, when in (("created", created), ("entered", entered), ("closed", closed)):
        if when is not None and day_of(clock, when) > clock.today():
            message = f"it cannot be {name} on {day_of(clock, when)}: that day is still to come"
            raise RuleBroken(message)
    if closed is not None:
        refuse_open(stage, day_of(clock, closed))
    ends = None if stage.is_open else closed or clock.now()
    step = entered if stage.is_open or by_way else None
    start = created or min((when for when in (step, ends) if when), key=lambda when: _moment(clock, when), default=None)
    start = start or clock.now()
    _demand_order(clock, start, step, ends)
    began = _moment(clock, start)
    stepped = max(began, _moment(clock, step)) if step else began
    if ends is None:
        return Past(began, stepped)
    ended = max(began, _moment(clock, ends))
    return Past(began, min(stepped, ended), ended, day_of(clock, ends))


def refuse_open(stage: Stage, closed_on: date) -> None:
    """Refuse a row that has a close date and stands in an open stage."""
    if stage.is_open:
        message = f"it has a close date, {closed_on}, but {stage.name} is an open stage"
        raise RuleBroken(message)


def _moment(clock: Clock, when: date) -> datetime:
    return min(when if isinstance(when, datetime) else as_moment(when), clock.now())


def _demand_order(clock: Clock, created: date, entered: date | None, closed: date | None) -> None:
    """Refuse what cannot be, by the day: two moments of one day may stand in any order in a file."""
    for name, when in (("entered its stage", entered), ("closed", closed)):
        if when is not None and day_of(clock, when) < day_of(clock, created):
            message = f"it cannot have {name} on {day_of(clock, when)}: it was created on {day_of(clock, created)}"
            raise RuleBroken(message)


def visits_of(pipeline: Pipeline, deal: Deal, past: Past, via: str | None) -> list[Visit]:
    """Give the visits of an imported deal: those of any new one (`first_visits`), or `via` a stage before it closed."""
    if past.closed is None:
        # The first stage is where a deal begins: it cannot have entered it later than it was created.
        entered = past.created if deal.stage == pipeline.first.key else past.entered
        return first_visits(pipeline, replace(deal, created=past.created, stage_entered=entered))
    if via is None or via == pipeline.first.key:
        return first_visits(pipeline, replace(deal, created=past.created, stage_entered=past.closed))
    before = replace(
        deal, stage=via, detail=None, outcome=Outcome.OPEN, created=past.created, stage_entered=past.entered
    )
    *earlier, last = first_visits(pipeline, before)
    here = Visit(deal.number, deal.stage, deal.detail, past.closed, None, None, deal.created_by)
    return [*earlier, _ended(last, past.closed), here]


def _ended(visit: Visit, left: datetime) -> Visit:
    return replace(visit, left=left, seconds=int((left - visit.entered).total_seconds()))


def events_of(pipeline: Pipeline, deal: Deal, visits: Sequence[Visit], origin: dict[str, Any]) -> list[Event]:
    """Give the events of an imported deal: one for each visit, at the moment it began; the first says where from."""
    events: list[Event] = []
    old: Deal | None = None
    for version, visit in enumerate(visits, start=1):
        new = deal if version == len(visits) else _as_in(pipeline, deal, visits[:version])
        kind = EventKind.CREATED if old is None else kind_of(old, new)
        said = difference(old, new) | ({"imported": origin} if old is None else {})
        events.append(Event(0, deal.number, visit.entered, deal.created_by, kind, version, said))
        old = new
    return events


def _as_in(pipeline: Pipeline, deal: Deal, visits: Sequence[Visit]) -> Deal:
    """Give the deal as it stood in the last of these visits, all of open stages."""
    stages = [pipeline.first.key, *(visit.stage for visit in visits)]
    return replace(
        deal, stage=visits[-1].stage, detail=None, outcome=Outcome.OPEN, stage_entered=visits[-1].entered,
        reach=pipeline.furthest(stages), closed_on=None, reason=None, reason_note="",
    )  # fmt: skip
