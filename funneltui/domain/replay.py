"""A deal replayed from its events: as it stood at any moment, with the stays that it had had until then."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from funneltui.domain.custom_fields import FieldValues
from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.history import EventKind, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.history import Event
    from funneltui.domain.pipeline import Pipeline

TURNS = frozenset({EventKind.UNDONE, EventKind.REDONE})
"""The events that take others back or do them again."""

_DAYS = frozenset({"expected_close", "follow_up", "closed_on"})
_MOMENTS = frozenset({"created", "stage_entered", "touched"})
_KNOWN = frozenset(field.name for field in fields(Deal))
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal as it stood at a moment, and its stays until then, the first one first; the last of them goes on."""

    deal: Deal
    stays: tuple[Visit, ...]

    @property
    def visited(self) -> frozenset[str]:
        """The keys of the stages that it had entered in the pipeline in which it stood."""
        return frozenset(stay.stage for stay in self.stays if stay.pipeline is None)


def standing(events: Sequence[Event], moment: datetime, pipelines: Mapping[str, Pipeline]) -> Standing | None:
    """Give a deal as it stood at `moment`, the moment included, or none when it was not there.

    `events` is its whole history in the order of the ids; `pipelines`, by key, are those of now.

    Rules: what was undone later did stand until it was undone, and what was redone stood again from then on. A deal that
    was imported with its past stood already in that past, unless the import was undone: then it never did. Reach is that
    of the stays ("Reached" in the definitions), by the stages as they are ordered now; see `Pipeline.furthest`.
    """
    if not events or _was_taken_back(events):
        return None
    past = until(events, moment)
    known = _fields(past)
    if not known or known["outcome"] is Outcome.UNDONE:
        return None
    held = holding(past)
    deal = Deal(**(known | {"number": past[0].deal, "version": past[-1].version, "touched": held[-1].at}))
    stays = _stays(held, pipelines, deal.pipeline)
    pipeline = pipelines[deal.pipeline]
    visited = (stay.stage for stay in stays if stay.pipeline is None)
    return Standing(replace(deal, reach=pipeline.furthest([pipeline.first.key, *visited])), stays)


def until(events: Iterable[Event], moment: datetime) -> list[Event]:
    """Give the events up to a moment: those before the first that lies after it.

    Clocks of several machines may differ: in the order of the ids every deal has states that it really had.
    """
    past: list[Event] = []
    for event in events:
        if event.at > moment:
            break
        past.append(event)
    return past


def holding(events: Iterable[Event]) -> list[Event]:
    """Give the events that were not taken back since, by what the events themselves say; without undone and redone."""
    known = list(events)
    undone: set[int] = set()
    for event in known:
        if event.kind is EventKind.UNDONE:
            undone.update(event.data["events"])
        elif event.kind is EventKind.REDONE:
            undone.difference_update(event.data["events"])
    return [event for event in known if event.kind not in TURNS and event.id not in undone]


def values_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields that an event kept, as plain JSON values, as values of a deal; unknown ones are left out."""
    return {name: _value(name, value) for name, value in kept.items() if name in _KNOWN}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name == "outcome":
        return Outcome(value)
    if name == "custom":
        return FieldValues.of(value)
    return tuple(value) if name == "tags" else value


def _was_taken_back(events: Sequence[Event]) -> bool:
    return "imported" in events[0].data and not holding(events)


def _fields(past: Iterable[Event]) -> dict[str, Any]:
    """Give a deal's fields after events, each of which begins where the one before ended: undone and redone ones too."""
    known: dict[str, Any] = {}
    for event in past:
        known |= event.data.get("after", {})
    return values_of(known)


def _stays(held: Iterable[Event], pipelines: Mapping[str, Pipeline], present: str) -> tuple[Visit, ...]:
    """Give the stays that events tell of, as `services.changes` writes them: each ends where the next one begins."""
    stays: list[Visit] = []
    pipeline, detail = "", None
    for event in held:
        after = event.data.get("after", {})
        pipeline, detail = after.get("pipeline", pipeline), after.get("detail", detail)
        if "stage" not in after:
            if "detail" in after and stays:
                stays[-1] = replace(stays[-1], detail=detail)
            continue
        if not stays and after["outcome"] != Outcome.OPEN:
            # Every deal begins in an open stage: one that is added closed has been in the first, for no time.
            stays.append(
                Visit(event.deal, pipelines[pipeline].first.key, None, event.at, None, None, event.who, pipeline)
            )
        if stays:
            stays[-1] = _ended(stays[-1], event.at)
        stays.append(Visit(event.deal, after["stage"], detail, event.at, None, None, event.who, pipeline))
    return tuple(replace(stay, pipeline=None) if stay.pipeline == present else stay for stay in stays)


def _ended(stay: Visit, at: datetime) -> Visit:
    left = max(stay.entered, at)
    return replace(stay, left=left, seconds=(left - stay.entered) // _SECOND)


def was_open_between(events: Sequence[Event], since: datetime, moment: datetime, pipeline: str) -> bool:
    """Tell whether a deal was open in a pipeline after any event in between that holds at `moment`."""
    past = until(events, moment)
    earlier = len(until(past, since))
    later = {event.id for event in past[earlier:]}
    known: dict[str, Any] = {}
    for event in holding(past):
        known |= event.data.get("after", {})
        if event.id in later and (known["outcome"], known["pipeline"]) == (Outcome.OPEN, pipeline):
            return True
    return False
