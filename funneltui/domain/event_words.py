"""An event in a few words, for a deal's history at a glance. The rejection reason is not among them (D4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from funneltui.domain import dates, money
from funneltui.domain.custom_fields import told
from funneltui.domain.gates import FIELD_LABELS, label_of
from funneltui.domain.history import Event, EventKind
from funneltui.domain.passage import Way
from funneltui.domain.text import clean_line

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline

_DAYS = ("expected_close", "follow_up", "closed_on")
_UNSAID = ("reason", "reason_note", "notes")
_PLAIN = {
    EventKind.SPAM: "marked as spam",
    EventKind.RESTORED: "restored",
    EventKind.UNDONE: "a change undone",
    EventKind.REDONE: "a change done again",
}
_INTO = {
    EventKind.CREATED: "added in",
    EventKind.MOVED: "moved to",
    EventKind.REOPENED: "reopened into",
    EventKind.WON: "won:",
    EventKind.LOST: "lost:",
}


def in_words(event: Event, pipeline: Pipeline, today: date) -> str:
    """Give one line for an event: "moved to Offered · contract sent", "call: asked who signs"."""
    after: dict[str, Any] = event.data.get("after", {})
    said = clean_line(str(event.data.get("note") or ""))
    told = _told(event, after, pipeline, today)
    return f"{told}: {said}" if told and said else told or said


def _told(event: Event, after: dict[str, Any], pipeline: Pipeline, today: date) -> str:
    if event.kind in _PLAIN:
        return _PLAIN[event.kind]
    if event.kind is EventKind.NOTED:
        return "note"
    if event.kind is EventKind.CONTACTED:
        return str(event.data.get("by") or "contact")
    if event.kind is EventKind.FOLLOWED_UP:
        coming = after.get("follow_up")
        return f"follow-up done, next {_day(coming, today)}" if coming else "follow-up done"
    if event.kind is EventKind.EDITED:
        return "; ".join(_changes(after, event, pipeline, today)) or "edited"
    way = way_told(event, pipeline)
    into = "moved back to" if way == "back" else _INTO[event.kind]
    skipping = f", {way}" if way.startswith("skipping") else ""
    return f"{into} {place(after, pipeline)}{skipping}"


def way_told(event: Event, pipeline: Pipeline | None = None) -> str:
    """Say which way a move went if not the next step forward (E2): "back", "skipping In acquisition", else nothing.

    Without the pipeline at hand stages go by their keys.
    """
    if event.data.get("passage") == Way.SKIP:
        keys = [str(key) for key in event.data.get("skipped", ())]
        return f"skipping {', '.join(pipeline.stage_name(key) if pipeline else key for key in keys)}"
    return "back" if event.data.get("passage") == Way.BACK else ""


def place(after: dict[str, Any], pipeline: Pipeline) -> str:
    """Give where a deal arrived by an event: its stage, and the detail if it has one."""
    key = str(after.get("stage", ""))
    name = pipeline.stage_name(key)
    detail = pipeline.detail_name(key, after.get("detail"))
    return f"{name} · {detail}" if detail else name


def changed_custom(event: Event) -> list[str]:
    """Give the keys of the custom fields that an event changed."""
    before, after = (event.data.get(side, {}).get("custom") or {} for side in ("before", "after"))
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def custom_told(event: Event, key: str, side: str, pipeline: Pipeline, today: date) -> str:
    """Give the value of a custom field before or after an event (`side`), as people read it, or nothing."""
    value = str((event.data.get(side, {}).get("custom") or {}).get(key, ""))
    field = pipeline.custom_field(key)
    return clean_line(told(field, value, pipeline.choice_names(field), today) if field else value, 60)


def _changes(after: dict[str, Any], event: Event, pipeline: Pipeline, today: date) -> list[str]:
    names = [name for name in after if name in FIELD_LABELS and name not in _UNSAID]
    # The follow-up's words stand beside its date, not as a change of their own.
    if "follow_up" in names and "follow_up_note" in names:
        names.remove("follow_up_note")
    changes = []
    for name in names:
        value = _value(name, after[name], event, pipeline, today)
        if name == "follow_up":
            words = clean_line(str(after.get("follow_up_note") or ""))
            changes.append(f"follow-up {value}{f', {words}' if words else ''}")
        else:
            changes.append(f"{FIELD_LABELS[name]}: {value}")
    own = ((key, custom_told(event, key, "after", pipeline, today)) for key in changed_custom(event))
    return changes + [f"{label_of(pipeline, key)}: {value or 'none'}" for key, value in own]


def _value(name: str, value: object, event: Event, pipeline: Pipeline, today: date) -> str:
    if value in (None, "", []):
        return "none"
    if name in _DAYS:
        return _day(str(value), today)
    if name == "amount" and isinstance(value, int):
        currency = event.data.get("after", {}).get("currency") or event.data.get("currency")
        return money.format_full(value, str(currency or pipeline.currency))
    if name == "source":
        return pipeline.source_name(str(value))
    if name == "qualifier":
        return clean_line(pipeline.qualifier_name(str(value)), 60)
    if name == "detail":
        gone = pipeline.retired
        details = [detail for stage in pipeline.stages + gone.stages for detail in stage.details]
        details += [detail for _, detail in gone.details]
        return next((detail.name for detail in details if detail.key == value), str(value))
    return clean_line(" ".join(map(str, value)) if isinstance(value, list) else str(value), 60)


def _day(text: str, today: date) -> str:
    return dates.echo(date.fromisoformat(text), today)
