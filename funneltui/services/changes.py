"""How a deal changes: the one place that writes a deal with its visit and its event. Only within a service's transaction."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.deal import Deal
from funneltui.domain.history import EventKind, Role
from funneltui.errors import Conflict, NotAllowed, NotFound
from funneltui.services.people import find_user
from funneltui.storage import deals, history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.history import Event
    from funneltui.services.context import Context

Versions = dict[int, int]
"""The versions of deals, by number, that the actor has seen; a deal not named is not checked."""

_NOT_IN_EVENTS = {"version", "touched", "number"}


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


def commit(context: Context, before: Deal, after: Deal, kind: EventKind, **said: Any) -> Deal:
    """Write the change from `before` to `after`: the deal's fields, its visit if the stage differs, and one event.

    Gives the deal as it stands then; nothing is written, and `before` given, when nothing differs and nothing was `said`.
    """
    if after == before and not said:
        return before
    now = context.clock.now()
    pipeline = context.pipeline_of(after.pipeline)
    moved = after.stage != before.stage
    after = replace(
        after,
        version=before.version + 1,
        touched=now,
        stage_entered=now if moved else before.stage_entered,
        reach=pipeline.furthest(key for key in (before.reach, after.stage) if key),
    )
    deals.update(context.database, before, after, owner_id(context, before, after))
    if moved:
        history.close_visit(context.database, after.number, now)
        history.open_visit(context.database, after.number, after.stage, after.detail, now, context.actor.id)
    elif after.detail != before.detail:
        history.change_detail(context.database, after.number, after.detail)
    data = difference(before, after) | said | {"touched": before.touched.isoformat()}
    history.add_event(context.database, after.number, now, context.actor.id, kind, after.version, data)
    return after


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
    names = [field.name for field in fields(after) if field.name not in _NOT_IN_EVENTS]
    new = {name: plain(getattr(after, name)) for name in names}
    if before is None:
        return {"before": {}, "after": {name: value for name, value in new.items() if value not in (None, "", [])}}
    old = {name: plain(getattr(before, name)) for name in names}
    changed = [name for name in names if old[name] != new[name]]
    return {"before": {name: old[name] for name in changed}, "after": {name: new[name] for name in changed}}


def plain(value: object) -> object:
    """Give a field's value as JSON keeps it: ISO text for dates and moments, lists for tuples."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


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
    sentence = _TOLD[event.kind].format(deal=deal, stage=after.get("stage", ""))
    what = f" ({', '.join(after)})" if event.kind is EventKind.EDITED and after else ""
    return f"{sentence}{what}"


def _said(context: Context, event: Event) -> str:
    return f"{event.who or 'somebody'} {told(event, 'it')} at {context.clock.local(event.at):%H:%M on %d %b}"
