"""Deals in words: the columns of a list, and the line that says what a command has done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from funneltui.cli.output import Column
from funneltui.domain import dates
from funneltui.domain.custom_fields import FieldKind, told
from funneltui.domain.deal import Outcome
from funneltui.domain.gates import label_of
from funneltui.domain.money import format_full

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.deal import Deal
    from funneltui.services.chances import Chance
    from funneltui.services.context import Context

CHANCE = "chance"
"""The column of the chance to win."""

DEFAULT_COLUMNS = ("number", "title", "stage", "detail", "amount", "close", "owner", "company")
"""The columns of a list when none are chosen; the rejection reason is not among them (D4)."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes a deal's fields for a reader: a person before a terminal, or (`plain`) a script behind a pipe.

    `chances` are the deals' chances to win by their numbers, where they are wanted: no row of the database holds them (C3).
    """

    context: Context
    today: date
    plain: bool
    chances: Mapping[int, Chance] | None = None

    def day(self, day: date | None) -> str:
        """Give a date: short for a person, ISO for a script."""
        if day is None:
            return ""
        return day.isoformat() if self.plain else dates.short(day, self.today)

    def own(self, deal: Deal, key: str) -> str:
        """Give the value of a custom field: a choice by its name, a number or date for a script as machines write it."""
        field = self.context.pipeline_of(deal.pipeline).custom_field(key)
        value = deal.custom.get(key)
        if field is not None and value and field.kind is FieldKind.DATE:
            return self.day(date.fromisoformat(value))
        if field is not None and self.plain and field.kind is FieldKind.NUMBER:
            return value
        return own_text(self.context, deal, key)

    def chance(self, deal: Deal) -> str:
        """Give the chance to win; one that is the deal's own says so to a person, a script has the column of it."""
        known = self.chances.get(deal.number) if self.chances else None
        if known is None or known.probability is None:
            return ""
        return f"{'' if known.own is None or self.plain else 'own '}{known.probability:.0%}"


def stage_name(context: Context, deal: Deal) -> str:
    """Give the name of a deal's stage."""
    return context.pipeline_of(deal.pipeline).stage_name(deal.stage)


def detail_name(context: Context, deal: Deal) -> str:
    """Give the name of a deal's detail, or nothing."""
    return context.pipeline_of(deal.pipeline).detail_name(deal.stage, deal.detail)


def qualifier_name(context: Context, deal: Deal) -> str:
    """Give what qualifies a deal: the name of a listed qualifier, or the free text."""
    return context.pipeline_of(deal.pipeline).qualifier_name(deal.qualifier)


def own_text(context: Context, deal: Deal, key: str) -> str:
    """Give the value of a custom field for people, a date with its weekday."""
    pipeline, value = context.pipeline_of(deal.pipeline), deal.custom.get(key)
    field = pipeline.custom_field(key)
    return told(field, value, pipeline.choice_names(field), context.clock.today()) if field else value


def amount_text(deal: Deal) -> str:
    """Give a deal's amount with its currency, exact, or nothing."""
    return "" if deal.amount is None else format_full(deal.amount, deal.currency)


_TEXTS: dict[str, Callable[[Writer, Deal], str]] = {
    "number": lambda writer, deal: str(deal.number),
    "title": lambda writer, deal: deal.title,
    "company": lambda writer, deal: deal.company,
    "contact": lambda writer, deal: deal.contact,
    "email": lambda writer, deal: deal.email,
    "phone": lambda writer, deal: deal.phone,
    "source": lambda writer, deal: writer.context.pipeline_of(deal.pipeline).source_name(deal.source),
    "owner": lambda writer, deal: deal.owner or "",
    "created_by": lambda writer, deal: deal.created_by or "",
    "amount": lambda writer, deal: amount_text(deal),
    "currency": lambda writer, deal: deal.currency,
    "probability": lambda writer, deal: "" if deal.probability is None else f"{deal.probability}%",
    "pipeline": lambda writer, deal: deal.pipeline,
    "stage": lambda writer, deal: stage_name(writer.context, deal),
    "detail": lambda writer, deal: detail_name(writer.context, deal),
    "outcome": lambda writer, deal: deal.outcome.value,
    "created": lambda writer, deal: writer.day(writer.context.clock.local_day(deal.created)),
    "entered": lambda writer, deal: writer.day(writer.context.clock.local_day(deal.stage_entered)),
    "age": lambda writer, deal: str((writer.today - writer.context.clock.local_day(deal.stage_entered)).days),
    "close": lambda writer, deal: writer.day(deal.expected_close),
    "follow_up": lambda writer, deal: writer.day(deal.follow_up),
    "follow_up_note": lambda writer, deal: deal.follow_up_note,
    "due": lambda writer, deal: writer.day(deal.due),
    "qualifier": lambda writer, deal: qualifier_name(writer.context, deal),
    "tags": lambda writer, deal: " ".join(deal.tags),
    "notes": lambda writer, deal: deal.notes.replace("\n", " "),
    "reason": lambda writer, deal: writer.context.pipeline_of(deal.pipeline).reason_name(deal.reason),
    "reason_note": lambda writer, deal: deal.reason_note,
    "closed_on": lambda writer, deal: writer.day(deal.closed_on),
    "external_id": lambda writer, deal: deal.external_id or "",
    "version": lambda writer, deal: str(deal.version),
    CHANCE: lambda writer, deal: writer.chance(deal),
}
_NUMBERS = {"number", "amount", "probability", "age", "version", CHANCE}
_SHORT = {"number": "#"}
_TITLE_WIDTH = 16

COLUMN_NAMES = tuple(_TEXTS)
"""Every column that a list can have; the custom fields of the pipelines come to them, by their keys."""


def columns_named(names: tuple[str, ...], own: Mapping[str, CustomField] = MappingProxyType({})) -> list[Column]:
    """Give the columns of these names, with their headings; `own` are the custom fields among them by their keys."""
    columns = []
    for name in names:
        field = own.get(name)
        heading = field.name if field else _SHORT.get(name, name.replace("_", " "))
        number = field.kind is FieldKind.NUMBER if field else name in _NUMBERS
        columns.append(Column(heading, number, _TITLE_WIDTH if name == "title" else 6))
    return columns


def row_of(writer: Writer, deal: Deal, names: tuple[str, ...]) -> list[str]:
    """Give a deal's texts in the columns of these names."""
    return [_TEXTS[name](writer, deal) if name in _TEXTS else writer.own(deal, name) for name in names]


def arrival(context: Context, deal: Deal) -> str:
    """Say where a deal stands after a move, its dates resolved: "deal 12 -> Offered (contract sent), ..."."""
    pipeline, today = context.pipeline_of(deal.pipeline), context.clock.today()
    point = detail_name(context, deal)
    if deal.outcome is Outcome.LOST:
        point = point or pipeline.reason_name(deal.reason)
    parts = [f"deal {deal.number} -> {stage_name(context, deal)}{f' ({point})' if point else ''}"]
    if deal.closed_on is not None:
        if deal.amount is not None:
            parts.append(amount_text(deal))
        parts.append(f"closed {dates.echo(deal.closed_on, today)}")
    if deal.follow_up is not None:
        parts.append(follow_up_text(deal, today))
    return ", ".join(parts)


def follow_up_text(deal: Deal, today: date) -> str:
    """Say a deal's next contact, its date resolved."""
    if deal.follow_up is None:
        return "no follow-up"
    note = f" ({deal.follow_up_note})" if deal.follow_up_note else ""
    return f"follow-up {dates.echo(deal.follow_up, today)}{note}"


def beginning(context: Context, deal: Deal) -> str:
    """Say what was added, its dates resolved."""
    today = context.clock.today()
    said = arrival(context, deal).replace(f"deal {deal.number} -> ", "", 1)
    parts = [f"deal {deal.number} added: {deal.title} -> {said}", f"close {dates.echo(deal.expected_close, today)}"]
    if deal.amount is not None and deal.closed_on is None:
        parts.append(amount_text(deal))
    return ", ".join(parts)


_CHANGES: dict[str, Callable[[Context, Deal], str]] = {
    "title": lambda context, deal: f"title {deal.title}",
    "company": lambda context, deal: f"company {deal.company or 'none'}",
    "contact": lambda context, deal: f"contact {deal.contact or 'none'}",
    "email": lambda context, deal: f"e-mail {deal.email or 'none'}",
    "phone": lambda context, deal: f"phone {deal.phone or 'none'}",
    "source": lambda context, deal: f"source {context.pipeline_of(deal.pipeline).source_name(deal.source)}",
    "owner": lambda context, deal: f"owner {deal.owner or 'nobody'}",
    "amount": lambda context, deal: f"amount {amount_text(deal) or 'none'}",
    "currency": lambda context, deal: f"currency {deal.currency}",
    "probability": lambda context, deal: (
        f"probability {'none' if deal.probability is None else f'{deal.probability}%'}"
    ),
    "stage": lambda context, deal: f"stage {stage_name(context, deal)}",
    "detail": lambda context, deal: f"detail {detail_name(context, deal) or 'none'}",
    "expected_close": lambda context, deal: f"close {dates.echo(deal.expected_close, context.clock.today())}",
    "follow_up": lambda context, deal: follow_up_text(deal, context.clock.today()),
    "follow_up_note": lambda context, deal: f"follow-up note {deal.follow_up_note or 'none'}",
    "qualifier": lambda context, deal: f"qualifier {qualifier_name(context, deal) or 'none'}",
    "tags": lambda context, deal: f"tags {' '.join(deal.tags) or 'none'}",
    "notes": lambda context, deal: "notes",
    "reason": lambda context, deal: f"reason {context.pipeline_of(deal.pipeline).reason_name(deal.reason) or 'none'}",
    "reason_note": lambda context, deal: f"reason note {deal.reason_note or 'none'}",
    "closed_on": lambda context, deal: (
        f"closed {dates.echo(deal.closed_on, context.clock.today())}" if deal.closed_on else "not closed"
    ),
}


def change(context: Context, before: Deal, after: Deal) -> str:
    """Say what an edit has changed, or that nothing was."""
    said = [tell(context, after) for name, tell in _CHANGES.items() if getattr(before, name) != getattr(after, name)]
    pipeline = context.pipeline_of(after.pipeline)
    said += [
        f"{label_of(pipeline, key)} {own_text(context, after, key) or 'none'}"
        for key in before.custom.differing(after.custom)
    ]
    return f"deal {after.number} changed: {', '.join(said)}" if said else f"deal {after.number} is as it was"
