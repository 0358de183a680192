"""How a deal changes: the one place that writes a deal with its visit and its event. Only within a service's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain import dates
from funneltui.domain.custom_fields import FieldValues
from funneltui.domain.deal import Deal
from funneltui.domain.event_words import changed_custom
from funneltui.domain.history import Event, EventKind, Role, Visit
from funneltui.errors import Conflict, NotAllowed, NotFound
from funneltui.services.people import find_user
from funneltui.storage import bulk, deals, history, people, pipeline_versions, pipelines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.services.context import Context

Versions = dict[int, int]
"""The versions of deals, by number, that the actor has seen; a deal not named is not checked."""

_KEPT = tuple(one.name for one in fields(Deal) if one.name not in ("version", "touched", "number"))
"""The fields of a deal whose changes an event keeps."""


def reachable(context: Context, numbers: Sequence[int], versions: Versions | None = None) -> list[Deal]:
    """Give the actor's deals of these numbers, each once, in the order given.

    Raises:
        NotFound: one is not there, or not the actor's. Conflict: one changed since the actor saw it.
    """
    wanted = list(dict.fromkeys(numbers))
    found = deals.load(context.database, context.actor.scope, wanted)
    absent = [str(number) for number in wanted if number not in found]
    if absent:
        among = "" if context.actor.role is Role.MANAGER else " among yours"
        message = f"there is no deal {', '.join(absent[:10])}{among}"
        raise NotFound(message)
    for number, version in (versions or {}).items():
        if number in found and found[number].version != version:
            raise Conflict(_who_changed_it(context, found[number], version))
    return [found[number] for number in wanted]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one deal: its states before and after, what its event is called and says beside them."""

    before: Deal
    after: Deal
    kind: EventKind
    said: Mapping[str, Any] = field(default_factory=dict)


def commit_all(context: Context, wanted: Sequence[Change]) -> list[Deal]:
    """Write changes, each of another deal: its fields, its visit if the stage differs, and one event.

    Gives the deals as they stand then, in the order given; of one in which nothing differs and of which nothing was said
    nothing is written. However many there are, each statement is prepared once and sent in one go.
    """
    demand_current(context)
    now = context.clock.now()
    real = {one.before.number: _stamped(context, one, now) for one in wanted if one.after != one.before or one.said}
    _write(context, list(real.values()), now)
    return [real.get(one.before.number, one).after for one in wanted]


def demand_current(context: Context) -> None:
    """Refuse to write by pipelines or rights that have changed since they were read: gates and reach are not those of today.

    Raises:
        Conflict: they have; the message says what the actor's role is now, or who changed which pipeline, and when.
    """
    if pipelines.version(context.database) != context.pipelines_version:
        message = f"{_what_changed(context)}; look at it again; nothing was changed"
        raise Conflict(message)


def _what_changed(context: Context) -> str:
    actor = people.find(context.database, context.actor.name)
    if actor is not None and actor.role is not context.actor.role:
        return f"your role was changed meanwhile, you are a {actor.role.value} now"
    if tuple(pipelines.load_all(context.database)) == context.pipelines:
        return "somebody's rights were changed meanwhile"
    for name, version in pipeline_versions.latest(context.database):
        moment = f" at {dates.at(context.clock.local(version.at))}" if version.at else ""
        return f"{version.who or 'somebody'} changed the pipeline {name} meanwhile{moment}"
    return "the pipelines were changed meanwhile"


def _elsewhere(before: Deal, after: Deal) -> bool:
    """Tell whether a deal goes to another stage; one of another pipeline is another one, whatever its key."""
    return (before.pipeline, before.stage) != (after.pipeline, after.stage)


def _reach(context: Context, before: Deal, after: Deal) -> str | None:
    pipeline = context.pipeline_of(after.pipeline)
    if before.pipeline == after.pipeline:
        return pipeline.furthest(key for key in (before.reach, after.stage) if key)
    earlier = history.visited_stages(context.database, after.number, after.pipeline)
    return pipeline.furthest([pipeline.first.key, after.stage, *earlier])


def _stamped(context: Context, change: Change, now: datetime) -> Change:
    """Give a change with what every change brings: the next version, a touch, the stage's entry and the reach."""
    before, after = change.before, change.after
    after = replace(
        after,
        version=before.version + 1,
        touched=now,
        stage_entered=now if _elsewhere(before, after) else before.stage_entered,
        reach=_reach(context, before, after),
    )
    return Change(before, after, change.kind, change.said)


def _write(context: Context, some: Sequence[Change], now: datetime) -> None:
    database, who = context.database, context.actor.id
    owners: dict[str | None, int | None] = {}
    for one in some:
        if one.after.owner not in owners:
            owners[one.after.owner] = owner_id(context, one.before, one.after)
    deals.update_all(database, [(one.before, one.after) for one in some], owners)
    moved = [one.after for one in some if _elsewhere(one.before, one.after)]
    history.close_visits(database, {deal.number: now for deal in moved})
    ways = [(one.after.number, one.before.pipeline, one.after.pipeline) for one in some]
    history.change_pipelines(database, [way for way in ways if way[1] != way[2]])
    stays = [Visit(deal.number, deal.stage, deal.detail, now, None, None, None) for deal in moved]
    bulk.insert_visits(database, stays, who)
    stayed = [one for one in some if not _elsewhere(one.before, one.after) and one.after.detail != one.before.detail]
    history.change_details(database, {one.after.number: one.after.detail for one in stayed})
    history.add_events(database, [_event(one, now) for one in some], who)


def _event(change: Change, now: datetime) -> Event:
    before, after = change.before, change.after
    data = difference(before, after) | dict(change.said) | {"touched": before.touched.isoformat()}
    if before.amount != after.amount and before.currency == after.currency:
        data["currency"] = (
            after.currency
        )  # what was no change stands in neither state; without it an amount says nothing
    return Event(0, after.number, now, None, change.kind, after.version, data)


def owner_id(context: Context, before: Deal | None, after: Deal) -> int | None:
    """Give the id of a deal's owner to be stored.

    Raises:
        NotFound: nobody is called so. NotAllowed: a rep would give a deal away or take it out of his reach (D11).
    """
    owner = find_user(context, after.owner) if after.owner else None
    if context.actor.role is Role.REP and (owner is None or owner.id != context.actor.id):
        message = "only a manager gives a deal to somebody else or to nobody"
        raise NotAllowed(message)
    return owner.id if owner else None


def difference(before: Deal | None, after: Deal) -> dict[str, dict[str, Any]]:
    """Give what an event keeps: the fields that differ, as they were and as they are, in plain JSON values."""
    if before is None:
        new = {name: plain(getattr(after, name)) for name in _KEPT}
        return {"before": {}, "after": {name: value for name, value in new.items() if value not in (None, "", [], {})}}
    changed = [
        name
        for name in _KEPT
        if getattr(before, name) != getattr(after, name) or (name == "stage" and _elsewhere(before, after))
    ]
    return {
        "before": {name: plain(getattr(before, name)) for name in changed},
        "after": {name: plain(getattr(after, name)) for name in changed},
    }


def plain(value: object) -> object:
    """Give a field's value as JSON keeps it: ISO text for dates and moments, a list for a tuple, custom fields by key."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return dict(value.pairs) if isinstance(value, FieldValues) else value


def _who_changed_it(context: Context, deal: Deal, seen: int) -> str:
    events = history.events_of(context.database, deal.number, seen)
    if not events:
        return f"deal {deal.number} was changed meanwhile; look at it again"
    parts = [_said(context, event) for event in events[-3:]]
    return f"deal {deal.number} was changed meanwhile: {'; '.join(parts)}. Look at it again; nothing was changed"


_TOLD = {
    EventKind.CREATED: "added {deal}",
    EventKind.EDITED: "edited {deal}",
    EventKind.MOVED: "moved {deal} to {stage}",
    EventKind.WON: "won {deal}",
    EventKind.LOST: "lost {deal}",
    EventKind.REOPENED: "reopened {deal}",
    EventKind.NOTED: "wrote a note on {deal}",
    EventKind.CONTACTED: "logged a contact on {deal}",
    EventKind.FOLLOWED_UP: "finished the follow-up of {deal}",
    EventKind.SPAM: "marked {deal} as spam",
    EventKind.RESTORED: "restored {deal}",
    EventKind.UNDONE: "undid a change of {deal}",
    EventKind.REDONE: "redid a change of {deal}",
}


def told(event: Event, deal: str) -> str:
    """Give what an event did to `deal` (its name in the sentence), in words: "moved deal 12 to offered"."""
    after = event.data.get("after", {})
    stage = f"{after.get('stage', '')} of {after['pipeline']}" if "pipeline" in after else after.get("stage", "")
    sentence = _TOLD[event.kind].format(deal=deal, stage=stage)
    names = [name for name in after if name != "custom"] + changed_custom(event)
    what = f" ({', '.join(names)})" if event.kind is EventKind.EDITED and names else ""
    return f"{sentence}{what}"


def _said(context: Context, event: Event) -> str:
    return f"{event.who or 'somebody'} {told(event, 'it')} at {dates.at(context.clock.local(event.at))}"
