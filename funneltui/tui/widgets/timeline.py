"""A deal's history in full: every event with its moment, what changed before and after, the time in stage, who did it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from funneltui.domain import dates, event_words, money
from funneltui.domain.gates import FIELD_LABELS, label_of
from funneltui.domain.history import EventKind
from funneltui.domain.text import strip_controls
from funneltui.services.fields import DATES

if TYPE_CHECKING:
    from funneltui.domain.history import Event, Visit
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.deals import Opened

_MOVES = (EventKind.MOVED, EventKind.WON, EventKind.LOST, EventKind.REOPENED)
_VERBS = {
    EventKind.WON: "won:",
    EventKind.LOST: "lost:",
    EventKind.REOPENED: "reopened into",
    EventKind.MOVED: "moved to",
}
_WORDS = {
    EventKind.NOTED: "note",
    EventKind.FOLLOWED_UP: "follow-up done",
    EventKind.SPAM: "marked as spam",
    EventKind.RESTORED: "restored",
    EventKind.UNDONE: "a change was undone",
    EventKind.REDONE: "a change was done again",
}


def sentences(opened: Opened, pipeline: Pipeline, today: date) -> list[tuple[Event, str]]:
    """Give the events with what they did in words, the latest first; the reason of a loss is told here (D4)."""
    left = {visit.left: visit for visit in opened.visits if visit.left is not None}
    return [
        (event, strip_controls(_told(event, left.get(event.at), pipeline, opened.deal.currency, today)))
        for event in reversed(opened.events)
    ]


def _told(event: Event, left: Visit | None, pipeline: Pipeline, currency: str, today: date) -> str:
    after, before = event.data.get("after", {}), event.data.get("before", {})
    note = f" - {event.data['note']}" if event.data.get("note") else ""
    if event.kind is EventKind.CREATED:
        return f"added in {event_words.place(after, pipeline)}"
    if event.kind is EventKind.EDITED:
        changes = [
            f"{FIELD_LABELS[name]}: {_value(name, before.get(name), before, pipeline, currency, today)} → "
            f"{_value(name, after.get(name), after, pipeline, currency, today)}"
            for name in after
            if name in FIELD_LABELS
        ]
        changes += [
            f"{label_of(pipeline, key)}: {event_words.custom_told(event, key, 'before', pipeline, today) or 'nothing'} → "
            f"{event_words.custom_told(event, key, 'after', pipeline, today) or 'nothing'}"
            for key in event_words.changed_custom(event)
        ]
        return ("; ".join(changes) or "edited") + note
    if event.kind not in _MOVES:
        return f"{_WORDS.get(event.kind, event.data.get('by', ''))}{note}"
    reason = pipeline.reason_name(after.get("reason"))
    why = " · ".join(part for part in (reason, str(after.get("reason_note") or "")) if part)
    spent = f", after {span(left.seconds)} in {pipeline.stage_name(left.stage)}" if left and left.seconds else ""
    way = event_words.way_told(event, pipeline)
    where = f"{event_words.place(after, pipeline)}{f' · {why}' if why else ''}"
    return f"{_VERBS[event.kind]} {where}{f' ({way})' if way else ''}{spent}{note}"


def _value(name: str, value: object, side: dict[str, Any], pipeline: Pipeline, currency: str, today: date) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if name == "amount" and isinstance(value, int):
        return money.format_full(value, side.get("currency", currency))
    if name == "detail":
        details = (detail for stage in pipeline.stages for detail in stage.details)
        return next((detail.name for detail in details if detail.key == value), str(value))
    if name in DATES:
        return dates.echo(date.fromisoformat(str(value)), today)
    if name == "source":
        return pipeline.source_name(str(value))
    if name == "reason":
        return pipeline.reason_name(str(value))
    if name == "qualifier":
        return pipeline.qualifier_name(str(value))[:60]
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)[:60]


def span(seconds: int) -> str:
    """Give a stretch of time in its greatest unit: "3 d", "5 h", "12 min"."""
    days, hours = seconds // 86_400, seconds // 3_600
    return f"{days} d" if days else f"{hours} h" if hours else f"{seconds // 60} min"
