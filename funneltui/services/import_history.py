"""The past of an imported deal: its moments, visits and events, as its row's dates tell them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.dates import as_moment
from funneltui.domain.deal import Outcome
from funneltui.domain.history import Event, EventKind, Visit
from funneltui.domain.pipeline import StageKind
from funneltui.errors import RuleBroken
from funneltui.services.changes import difference
from funneltui.services.deals import first_visits
from funneltui.services.moves import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Clock
    from funneltui.services.import_rows import ImportRow


@dataclass(frozen=True, slots=True)
class Past:
    """When a deal was created, entered the stage where it stands (or, closed, where it stood last), and closed.

    `stays` are all the stages that it entered, with the moments, if a file tells them.
    """

    created: datetime
    entered: datetime
    closed: datetime | None = None
    closed_on: date | None = None
    stays: tuple[tuple[str, datetime], ...] = ()


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


def past_told(clock: Clock, pipeline: Pipeline, stage: Stage, row: ImportRow, closed: date | None) -> Past:
    """Give the past of a deal whose row tells the stages that it entered, in the order of their moments.

    Rule: the deal begins when it is said to be created, at the latest with its first stay; before a first stay that is
    closed, or later than that, it stood in the first stage. If it stands elsewhere than the last stay says, it went there
    when it closed or entered, else now. The close date is the one given, if it fits, else the day of the last stay.

    Raises:
        RuleBroken: a moment lies in the future, or a loss among them that was taken back has no reason.
    """
    stays: list[tuple[str, datetime]] = []
    for stay in sorted(row.stays, key=lambda one: _moment(clock, one.entered)):
        if day_of(clock, stay.entered) > clock.today():
            message = f"it cannot have entered {pipeline.stage_name(stay.stage)} on {day_of(clock, stay.entered)}"
            raise RuleBroken(f"{message}: that day is still to come")
        if not stays or stays[-1][0] != stay.stage:
            stays.append((stay.stage, _moment(clock, stay.entered)))
    if stays[-1][0] != stage.key:
        after = closed if not stage.is_open and closed else row.entered or clock.now()
        stays.append((stage.key, max(stays[-1][1], _moment(clock, after))))
    created = _moment(clock, row.created) if row.created else stays[0][1]
    # A date without a time is the day of the system's own zone: of the first stay, which knows the moment, or beside it.
    is_near = not isinstance(row.created, datetime) and abs((created - stays[0][1]).days) <= 1
    if is_near or created > stays[0][1]:
        created = stays[0][1]
    if stays[0][0] != pipeline.first.key and (created < stays[0][1] or not pipeline.stage(stays[0][0]).is_open):
        stays.insert(0, (pipeline.first.key, created))
    stays[0] = (stays[0][0], created)
    _demand_reasons(clock, pipeline, stays, row.lost_because, is_lost=stage.kind is StageKind.LOST)
    if stage.is_open:
        return Past(created, stays[-1][1], stays=tuple(stays))
    ended = stays[-1][1]
    fits = closed is not None and day_of(clock, created) <= day_of(clock, closed) <= clock.today()
    closed_on = day_of(clock, closed) if closed is not None and fits else day_of(clock, ended)
    return Past(created, ended, ended, closed_on, tuple(stays))


def _demand_reasons(
    clock: Clock, pipeline: Pipeline, stays: Sequence[tuple[str, datetime]], reason: str | None, *, is_lost: bool
) -> None:
    """Demand a reason of every loss in the past (D4); the last one's is the deal's own, and its gate asks for it."""
    for key, when in stays[:-1]:
        if pipeline.stage(key).kind is StageKind.LOST and not reason and not is_lost:
            message = f"it was lost on {day_of(clock, when)} and went on later: say why with --set reason=REASON"
            raise RuleBroken(message)


def visits_told(deal: Deal, stays: Sequence[tuple[str, datetime]]) -> list[Visit]:
    """Give the visits of a deal that entered these stages, each left when the next was entered; the last one goes on."""
    visits: list[Visit] = []
    for place, (stage, entered) in enumerate(stays):
        is_last = place == len(stays) - 1
        here = Visit(deal.number, stage, deal.detail if is_last else None, entered, None, None, deal.created_by)
        visits.append(here if is_last else _ended(here, stays[place + 1][1]))
    return visits


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


def events_of(
    clock: Clock, pipeline: Pipeline, deal: Deal, visits: Sequence[Visit], origin: dict[str, Any],
    reason: str | None = None,
) -> list[Event]:  # fmt: skip
    """Give the events of an imported deal: one for each visit, at the moment it began; the first says where from.

    `reason` is that of losses before the last visit, where the deal has none of its own.
    """
    events: list[Event] = []
    old: Deal | None = None
    for version, visit in enumerate(visits, start=1):
        new = deal if version == len(visits) else _as_in(clock, pipeline, deal, visits[:version], reason)
        kind = EventKind.CREATED if old is None else kind_of(old, new)
        said = difference(old, new) | ({"imported": origin} if old is None else {})
        events.append(Event(0, deal.number, visit.entered, deal.created_by, kind, version, said))
        old = new
    return events


def _as_in(clock: Clock, pipeline: Pipeline, deal: Deal, visits: Sequence[Visit], reason: str | None) -> Deal:
    """Give the deal as it stood in the last of these visits; a closed one closed on the user's day of it."""
    stages = [pipeline.first.key, *(visit.stage for visit in visits)]
    kind = pipeline.stage(visits[-1].stage).kind
    closed_on = None if kind is StageKind.OPEN else day_of(clock, visits[-1].entered)
    return replace(
        deal, stage=visits[-1].stage, detail=None, outcome=Outcome(kind.value), stage_entered=visits[-1].entered,
        reach=pipeline.furthest(stages), closed_on=closed_on,
        reason=(deal.reason or reason) if kind is StageKind.LOST else None, reason_note="",
    )  # fmt: skip
