"""Deals, their histories, visits and follow-ups as tables: for people by names, days as in the user's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.event_words import in_words
from funneltui.exchange.deal_records import opened_record, record_of, with_currencies
from funneltui.exchange.sheets import Sheet, amount_cell
from funneltui.services import exports
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.record_values import Record
    from funneltui.exchange.tables_out import Cell
    from funneltui.services.context import Context
    from funneltui.services.deals import Opened
    from funneltui.storage.deals import Condition

Row = tuple["Cell", ...]

_COLUMNS: dict[str, Callable[[Deal, Pipeline, Context], Cell]] = {
    "number": lambda deal, its, context: deal.number,
    "title": lambda deal, its, context: deal.title,
    "company": lambda deal, its, context: deal.company,
    "contact": lambda deal, its, context: deal.contact,
    "email": lambda deal, its, context: deal.email,
    "phone": lambda deal, its, context: deal.phone,
    "source": lambda deal, its, context: its.source_name(deal.source),
    "owner": lambda deal, its, context: deal.owner or "",
    "amount": lambda deal, its, context: amount_cell(deal.amount, deal.currency),
    "currency": lambda deal, its, context: deal.currency,
    "probability": lambda deal, its, context: deal.probability,
    "pipeline": lambda deal, its, context: its.name,
    "stage": lambda deal, its, context: its.stage_name(deal.stage),
    "detail": lambda deal, its, context: its.detail_name(deal.stage, deal.detail),
    "outcome": lambda deal, its, context: deal.outcome.value,
    "created": lambda deal, its, context: context.clock.local_day(deal.created),
    "created_by": lambda deal, its, context: deal.created_by or "",
    "entered": lambda deal, its, context: context.clock.local_day(deal.stage_entered),
    "touched": lambda deal, its, context: context.clock.local_day(deal.touched),
    "expected_close": lambda deal, its, context: deal.expected_close,
    "follow_up": lambda deal, its, context: deal.follow_up,
    "follow_up_note": lambda deal, its, context: deal.follow_up_note,
    "follow_up_repeat": lambda deal, its, context: deal.follow_up_repeat,
    "closed_on": lambda deal, its, context: deal.closed_on,
    "reason": lambda deal, its, context: its.reason_name(deal.reason),
    "reason_note": lambda deal, its, context: deal.reason_note,
    "qualifier": lambda deal, its, context: its.qualifier_name(deal.qualifier),
    "tags": lambda deal, its, context: " ".join(deal.tags),
    "notes": lambda deal, its, context: deal.notes,
    "external_system": lambda deal, its, context: deal.external_system or "",
    "external_id": lambda deal, its, context: deal.external_id or "",
    "version": lambda deal, its, context: deal.version,
}
_FOLLOW_UPS = (
    "follow_up", "follow_up_note", "follow_up_repeat", "number", "title", "company", "contact", "email", "phone", "amount",
    "currency", "stage", "detail", "owner",
)  # fmt: skip


def deals_sheet(context: Context, condition: Condition = EVERYTHING) -> Sheet:
    """Give deals by their numbers, with everything that they hold: the custom fields of all pipelines come last, by keys."""
    own = list(dict.fromkeys(field.key for one in context.pipelines for field in (*one.fields, *one.retired.fields)))

    def rows() -> Iterator[Row]:
        for deal in exports.deals(context, condition):
            its = context.pipeline_of(deal.pipeline)
            yield (
                *(cell(deal, its, context) for cell in _COLUMNS.values()),
                *(_own_cell(deal, its, key) for key in own),
            )

    def told() -> Iterator[Record]:
        for deal in exports.deals(context, condition):
            yield record_of(context, deal) | {"notes": deal.notes}

    names = (f"field {key}" if key in _COLUMNS else key for key in own)
    return Sheet("deals", (*_COLUMNS, *names), rows, told)


def _own_cell(deal: Deal, its: Pipeline, key: str) -> Cell:
    value, field = deal.custom.get(key), its.custom_field(key)
    if field is None or not value:
        return value
    match field.kind:
        case FieldKind.NUMBER:
            return Decimal(value)
        case FieldKind.DATE:
            return date.fromisoformat(value)
        case FieldKind.CHOICE:
            return its.choice_names(field).get(value, value)
        case _:
            return value


def follow_ups_sheet(context: Context, condition: Condition = EVERYTHING) -> Sheet:
    """Give the follow-ups that are to come or late, by their days."""
    cells = [_COLUMNS[name] for name in _FOLLOW_UPS]

    def rows() -> Iterator[Row]:
        for deal in exports.follow_ups(context, condition):
            its = context.pipeline_of(deal.pipeline)
            yield tuple(cell(deal, its, context) for cell in cells)

    return Sheet("follow-ups", _FOLLOW_UPS, rows)


def visits_sheet(context: Context, condition: Condition = EVERYTHING) -> Sheet:
    """Give the stays of deals in their stages, deal by deal, the first one first."""
    header = ("deal", "title", "pipeline", "stage", "detail", "entered", "left", "seconds", "who")

    def rows() -> Iterator[Row]:
        for opened in exports.opened_deals(context, condition):
            for one in opened.visits:
                its = context.pipeline_of(one.pipeline or opened.deal.pipeline)
                yield (
                    opened.deal.number, opened.deal.title, its.name, its.stage_name(one.stage),
                    its.detail_name(one.stage, one.detail), one.entered.isoformat(),
                    one.left.isoformat() if one.left else None, one.seconds, one.who or "",
                )  # fmt: skip

    return Sheet("visits", header, rows)


def history_sheet(
    context: Context, condition: Condition = EVERYTHING, since: date | None = None, until: date | None = None
) -> Sheet:
    """Give the events of deals, deal by deal, the first one first: in words, and as JSON with what was before and after.

    `since` and `until` are days in the user's zone, both included. The rejection reason stands in JSON only (D4).
    """
    header = ("deal", "title", "id", "at", "who", "kind", "what", "undone", "version")

    def within(event: Event) -> bool:
        day = context.clock.local_day(event.at)
        return (since is None or day >= since) and (until is None or day <= until)

    def rows() -> Iterator[Row]:
        today = context.clock.today()
        for opened in exports.opened_deals(context, condition):
            deal, its = opened.deal, context.pipeline_of(opened.deal.pipeline)
            for event in _spelled(opened):
                if within(event):
                    yield (
                        deal.number, deal.title, event.id, event.at.isoformat(), event.who or "", event.kind.value,
                        in_words(event, its, today), "yes" if event.id in opened.undone else "", event.version,
                    )  # fmt: skip

    def told() -> Iterator[Record]:
        for opened in exports.opened_deals(context, condition):
            deal = opened.deal
            records = opened_record(opened, context.pipeline_of(deal.pipeline))["events"]
            for event, record in zip(opened.events, records, strict=True):
                if within(event):
                    yield {"deal": deal.number, "title": deal.title, "undone": event.id in opened.undone} | record

    return Sheet("history", header, rows, told)


def _spelled(opened: Opened) -> Iterator[Event]:
    """Give the events of a deal, each that tells an amount with the currency that the deal had then."""
    for event, _, currency in with_currencies(opened.events, opened.deal.currency):
        after = event.data.get("after", {})
        told = {"after": after | {"currency": currency}} if "amount" in after else {}
        yield replace(event, data=event.data | told) if told else event
