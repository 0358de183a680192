"""Undo and redo: a person's own changes, in the order in which he made them, each with all that it did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from funneltui.domain import dates
from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.event_words import way_told
from funneltui.domain.history import Event, EventKind, Visit
from funneltui.domain.inbox import Channel
from funneltui.domain.replay import values_of
from funneltui.errors import NotAllowed, RuleBroken
from funneltui.services.changes import demand_current, difference, owner_id, reachable, told
from funneltui.services.deals import first_visits
from funneltui.storage import bulk, changes, deals, history, records
from funneltui.storage.changes import State
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_AT_ONCE = 500
"""How many ids of messages or rows are looked up by one statement."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an undo or redo took back or did again: a sentence for people, the moment of the change, and the deals now."""

    what: str
    at: datetime
    deals: tuple[Deal, ...]


def undo(context: Context) -> Step:
    """Take the actor's last change back, whatever it was and however many deals it touched, in one transaction.

    Events stay; what they did is undone: fields, visits and the funnel's entries are as they were.

    Raises:
        RuleBroken: there is nothing to undo, somebody changed one of the deals since, or the pipeline offers no longer
            where a deal stood; nothing is undone then.
    """
    with writing(context.database):
        found = changes.latest_done(context.database, context.actor.id)
        if found is None:
            message = "there is nothing to undo"
            raise RuleBroken(message)
        return _turn(context, *found, State.UNDONE)


def redo(context: Context) -> Step:
    """Do again what the actor undid last, in one transaction; a new change of his ends what can be redone.

    Raises:
        RuleBroken: there is nothing to redo, somebody changed one of the deals since, or the pipeline offers no longer
            where a deal stood; nothing is done then.
    """
    with writing(context.database):
        found = changes.next_undone(context.database, context.actor.id)
        if found is None:
            message = "there is nothing to redo"
            raise RuleBroken(message)
        return _turn(context, *found, State.DONE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history for people; `undone` says that it was taken back since."""

    id: int
    at: datetime
    who: str | None
    deal: int
    what: str
    undone: bool


def told_history(context: Context, number: int | None, limit: int = 20) -> list[Line]:
    """Give what happened, the latest first: to one deal, or to all that the actor may see.

    Raises:
        NotFound: there is no such deal among the actor's.
    """
    with reading(context.database):
        if number is not None:
            reachable(context, [number])
        found = history.latest_events(context.database, context.actor.scope, number, limit)
    return [Line(event.id, event.at, event.who, event.deal, _sentence(event), undone=undone) for event, undone in found]


def _sentence(event: Event) -> str:
    words = " ".join(str(event.data[name]) for name in ("by", "note") if event.data.get(name))
    way = way_told(event)
    return told(event, f"deal {event.deal}") + (f" ({way})" if way else "") + (f": {words}" if words else "")


def _turn(context: Context, change: int, at: datetime, towards: State) -> Step:
    """Undo or redo one change of however many deals; the deals of one step share its statements."""
    demand_current(context)
    backward = towards is State.UNDONE
    events = history.events_of_change(context.database, change)
    by_deal: dict[int, list[Event]] = {}
    for event in events:
        by_deal.setdefault(event.deal, []).append(event)
    standing = deals.load_even_undone(context.database, list(by_deal))
    what = "undone" if backward else "redone"
    _demand_untouched(context, change, by_deal, standing, what)
    if not backward:
        _demand_ground(context, by_deal, standing)
    after = {number: standing[number] for number in by_deal}
    for step in range(max(map(len, by_deal.values()), default=0)):
        some = [its[-1 - step if backward else step] for its in by_deal.values() if step < len(its)]
        after |= _back(context, after, some) if backward else _forth(context, after, some)
    visited = history.own_stages(context.database, list(by_deal))
    owners: dict[str | None, int | None] = {}
    for number, deal in after.items():
        settled = _settled(context, deal, visited.get(number, ()), what)
        after[number] = replace(settled, version=standing[number].version + 1)
        if deal.owner not in owners:
            owners[deal.owner] = owner_id(context, standing[number], deal)
    _store(context, change, [(standing[number], deal) for number, deal in after.items()], owners, by_deal, towards)
    side = "before" if backward else "after"
    for name in {event.data[side]["company"] for event in events if event.data.get(records.RESPELLED)}:
        records.respell(context.database, name)  # the record is spelled as its deals say
    changes.mark(context.database, change, towards)
    return Step(describe(context, events), at, tuple(after.values()))


def _settled(context: Context, deal: Deal, visited: Sequence[str], what: str) -> Deal:
    """Give a deal, its visits turned already, with its reach by the stages as they are now; `visited` are its own.

    A pipeline may have changed since: a deal does not go back to what it offers no longer.

    Raises:
        RuleBroken: the deal would stand where no deal can stand any more.
    """
    if deal.outcome is Outcome.UNDONE:
        return deal
    pipeline = context.pipeline_of(deal.pipeline)
    if lost := _no_place(pipeline, deal):
        message = f"deal {deal.number} would stand in {lost}; nothing was {what}"
        raise RuleBroken(message)
    return replace(deal, reach=pipeline.furthest([pipeline.first.key, *visited]))


def _no_place(pipeline: Pipeline, deal: Deal) -> str:
    """Say what is wrong with the place where a deal would stand, or nothing."""
    stage = next((one for one in pipeline.stages if one.key == deal.stage), None)
    if stage is None:
        return f"{pipeline.stage_name(deal.stage)}, which is no stage of {pipeline.name} any more"
    if deal.detail and stage.detail(deal.detail) is None:
        detail = pipeline.detail_name(stage.key, deal.detail)
        return f"{stage.name}: {detail}, which is no detail of it any more"
    if deal.outcome is not Outcome.SPAM and deal.outcome.value != stage.kind.value:
        return f"{stage.name} as {deal.outcome.value}, but the kind of that stage is {stage.kind} now"
    if pipeline.is_retired and deal.is_open:
        return f"the pipeline {pipeline.name}, which is retired"
    return ""


def describe(context: Context, events: Sequence[Event]) -> str:
    """Give a sentence for what a change did: "moved deal 12 to offered", "lost 5 deals"."""
    numbers = list(dict.fromkeys(event.deal for event in events))
    if not numbers:
        return "nothing"
    event = next((one for one in events if one.kind is EventKind.CREATED), events[-1])
    return told(event, f"deal {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} deals")


def _demand_untouched(
    context: Context, change: int, by_deal: Mapping[int, Sequence[Event]], standing: Mapping[int, Deal], what: str
) -> None:
    """Refuse when another change stands on top of one of the deals, or in the midst of what this one did to it.

    An import is one change of many transactions: somebody may have changed a deal between two of them.
    """
    scope = context.actor.scope
    later = history.later_events(context.database, {number: its[0].id for number, its in by_deal.items()}, change)
    for number in by_deal:
        if scope is not None and standing[number].owner != context.actor.name:
            message = f"deal {number} is not yours any more; nothing was {what}"
            raise NotAllowed(message)
        if last := later.get(number):
            moment = context.clock.local(last.at)
            sentence = told(last, f"deal {number}")
            message = f"{last.who or 'somebody'} {sentence} at {dates.at(moment)}; nothing was {what}"
            raise RuleBroken(message)


def _demand_ground(context: Context, by_deal: Mapping[int, Sequence[Event]], standing: Mapping[int, Deal]) -> None:
    """Refuse to redo what was done to a deal that stood otherwise: what it was done on was undone, or redone, since.

    Neither is a deal added again that came of what another deal has come of meanwhile.
    """
    _demand_free(context, [its_events[0] for its_events in by_deal.values()])
    for number, its_events in by_deal.items():
        if not _stands_as_before(standing[number], its_events[0]):
            why = "what was done earlier has been undone or redone since"
            message = f"deal {number} does not stand as it did before that change: {why}; nothing was redone"
            raise RuleBroken(message)


def _demand_free(context: Context, events: Sequence[Event]) -> None:
    """Refuse to add deals again whose message, or whose row of a file, is another deal's by now."""
    ids: dict[str, list[str]] = {}
    for event in events:
        after = event.data.get("after", {})
        if event.kind is EventKind.CREATED and after.get("external_id"):
            ids.setdefault(after["external_system"], []).append(after["external_id"])
    for system, its in ids.items():
        parts = (its[start : start + _AT_ONCE] for start in range(0, len(its), _AT_ONCE))
        if any(deals.by_external_id(context.database, system, part) for part in parts):
            what = "message" if system in list(Channel) else "row"
            message = f"another deal came of the same {what} meanwhile; nothing was redone"
            raise RuleBroken(message)


def _stands_as_before(deal: Deal, event: Event) -> bool:
    """Tell whether an event can be done again: the deal is there, untouched since the same moment, its fields the same."""
    if event.kind is EventKind.CREATED:
        return deal.outcome is Outcome.UNDONE
    touched = event.data.get("touched", deal.touched.isoformat())
    before = values_of(event.data.get("before", {}))
    return (
        deal.outcome is not Outcome.UNDONE
        and deal.touched.isoformat() == touched
        # Reach is worked out anew by the stages as they are: a reorder of the pipeline may have changed it.
        and all(getattr(deal, name) == value for name, value in before.items() if name != "reach")
    )


def _back(context: Context, standing: Mapping[int, Deal], events: Sequence[Event]) -> dict[int, Deal]:
    """Give deals as they were before an event of each, with their visits."""
    database, turned = context.database, {event.deal: _before(standing[event.deal], event) for event in events}
    history.take_back_all_visits(database, [event.deal for event in events if event.kind is EventKind.CREATED])
    older = [event for event in events if event.kind is not EventKind.CREATED]
    history.take_back_visits(database, [event.deal for event in older if "stage" in event.data.get("after", {})])
    history.change_pipelines(database, _ways(standing, turned))
    befores = {event.deal: event.data.get("before", {}) for event in older}
    stayed = [number for number, before in befores.items() if "stage" not in before and "detail" in before]
    history.change_details(database, {number: turned[number].detail for number in stayed})
    return turned


def _before(deal: Deal, event: Event) -> Deal:
    if event.kind is EventKind.CREATED:
        return replace(deal, outcome=Outcome.UNDONE, external_id=None)
    restored = replace(deal, **values_of(event.data.get("before", {})))
    touched = event.data.get("touched")
    return replace(restored, touched=datetime.fromisoformat(touched)) if touched else restored


def _forth(context: Context, standing: Mapping[int, Deal], events: Sequence[Event]) -> dict[int, Deal]:
    """Give deals as they were after an event of each, with their visits."""
    database, turned = context.database, {event.deal: _after(standing[event.deal], event) for event in events}
    lefts: dict[int, datetime] = {}
    stays: list[Visit] = []
    details: dict[int, str | None] = {}
    for event in events:
        after, deal = event.data.get("after", {}), turned[event.deal]
        if event.kind is EventKind.CREATED:
            stays += first_visits(context.pipeline_of(deal.pipeline), deal)
        elif "stage" in after:
            lefts[deal.number] = event.at
            stays.append(Visit(deal.number, deal.stage, deal.detail, event.at, None, None, None))
        elif "detail" in after:
            details[deal.number] = deal.detail
    history.close_visits(database, lefts)
    history.change_pipelines(database, _ways(standing, turned))
    bulk.insert_visits(database, stays, context.actor.id)
    history.change_details(database, details)
    return turned


def _after(deal: Deal, event: Event) -> Deal:
    return replace(replace(deal, **values_of(event.data.get("after", {}))), touched=event.at)


def _ways(before: Mapping[int, Deal], after: Mapping[int, Deal]) -> list[tuple[int, str, str]]:
    """Give which deals go from which pipeline to which other one: their visits are to be noted as of those."""
    ways = [(number, before[number].pipeline, deal.pipeline) for number, deal in after.items()]
    return [way for way in ways if way[1] != way[2]]


def _store(
    context: Context,
    change: int,
    states: Sequence[tuple[Deal, Deal]],
    owners: Mapping[str | None, int | None],
    by_deal: Mapping[int, Sequence[Event]],
    towards: State,
) -> None:
    """Write deals from how they stood to how they stand now, and an event of each that names the events turned."""
    deals.update_all(context.database, states, owners)
    kind = EventKind.UNDONE if towards is State.UNDONE else EventKind.REDONE
    now = context.clock.now()
    events = []
    for before, after in states:
        data = difference(before, after) | {"events": [event.id for event in by_deal[after.number]]}
        events.append(Event(0, after.number, now, None, kind, after.version, data))
    history.add_events(context.database, events, context.actor.id, change)
