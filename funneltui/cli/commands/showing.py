"""`show`: one deal with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_texts import amount_text, detail_name, own_text, qualifier_name, stage_name
from funneltui.cli.frame import command
from funneltui.cli.moments import stamp
from funneltui.cli.output import say, say_facts, say_json
from funneltui.cli.typed import DEAL_NUMBER
from funneltui.domain import dates
from funneltui.domain.content_ids import is_content_id
from funneltui.domain.event_words import changed_custom, way_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event, Visit
    from funneltui.services.context import Context

_DAY_SECONDS = 86_400


@command("show")
@click.argument("number", type=DEAL_NUMBER)
def show(session: Session, number: int) -> None:
    """Show deal NUMBER with its stays in stages and its history."""
    context = session.workspace()
    from funneltui.services import deals

    opened = deals.show(context, number)
    if session.json:
        from funneltui.exchange.deal_records import opened_record

        say_json(opened_record(opened, context.pipeline_of(opened.deal.pipeline)))
        return
    say(f"deal {number}  {opened.deal.title}")
    say_facts(*_facts(context, opened.deal))
    if opened.deal.notes:
        say("notes")
        for line in opened.deal.notes.split("\n"):
            say(f"  {line}")
    say("stages")
    for visit in opened.visits:
        say(f"  {_stay(context, opened.deal, visit)}")
    say("history")
    for event in opened.events:
        say(f"  {_told(context, event)}")


def _facts(context: Context, deal: Deal) -> Iterator[tuple[str, str]]:
    pipeline, today = context.pipeline_of(deal.pipeline), context.clock.today()
    detail = detail_name(context, deal)
    since = dates.echo(context.clock.local_day(deal.stage_entered), today)
    yield "stage", f"{stage_name(context, deal)}{f' ({detail})' if detail else ''}, since {since}"
    yield "outcome", deal.outcome.value
    yield "amount", amount_text(deal)
    yield "probability", "" if deal.probability is None else f"{deal.probability}%"
    yield "expected close", dates.echo(deal.expected_close, today)
    yield "follow-up", dates.echo(deal.follow_up, today) if deal.follow_up else ""
    yield "follow-up note", deal.follow_up_note
    yield "closed", dates.echo(deal.closed_on, today) if deal.closed_on else ""
    yield "reason", pipeline.reason_name(deal.reason)
    yield "reason note", deal.reason_note
    yield "company", deal.company
    yield "contact", deal.contact
    yield "e-mail", deal.email
    yield "phone", deal.phone
    yield "source", pipeline.source_name(deal.source)
    yield "owner", deal.owner or "nobody"
    yield "created", f"{dates.echo(context.clock.local_day(deal.created), today)} by {deal.created_by or 'somebody'}"
    yield "qualifier", qualifier_name(context, deal)
    yield "tags", " ".join(deal.tags)
    for field in (*pipeline.fields, *pipeline.retired.fields):
        yield field.name, own_text(context, deal, field.key)
    yield "external id", "" if is_content_id(deal.external_id) else deal.external_id or ""


def _stay(context: Context, deal: Deal, visit: Visit) -> str:
    pipeline = context.pipeline_of(visit.pipeline or deal.pipeline)
    name = pipeline.stage_name(visit.stage)
    detail = pipeline.detail_name(visit.stage, visit.detail)
    seconds = visit.seconds
    if seconds is None:
        seconds = int((context.clock.now() - visit.entered).total_seconds())
    left = stamp(context.clock, visit.left) if visit.left else "now"
    return f"{stamp(context.clock, visit.entered)} to {left:<16}  {name}{f' ({detail})' if detail else ''}, {_long(seconds)}"


def _long(seconds: int) -> str:
    days = seconds // _DAY_SECONDS
    return f"{days} d" if days else f"{seconds // 3600} h" if seconds >= 3600 else f"{seconds // 60} min"


def _told(context: Context, event: Event) -> str:
    before, after = event.data.get("before", {}), event.data.get("after", {})
    changed = [
        f"{name} {_value(before.get(name))} -> {_value(after[name])}" for name in after if name in _TOLD and before
    ]
    had, has = before.get("custom") or {}, after.get("custom") or {}
    changed += [f"{key} {_value(had.get(key))} -> {_value(has.get(key))}" for key in changed_custom(event) if before]
    note = event.data.get("note")
    parts = [f"{stamp(context.clock, event.at)}  {event.who or 'somebody'}  {event.kind.value}"]
    parts += ["; ".join(changed)] if changed else []
    parts += [way] if (way := way_told(event)) else []
    parts += [f'"{note}"'] if note else []
    return "  ".join(parts)


_TOLD = (
    "title", "company", "contact", "email", "phone", "source", "owner", "currency", "stage", "detail", "outcome",
    "expected_close", "follow_up", "follow_up_note", "qualifier", "tags", "reason", "reason_note", "closed_on",
)  # fmt: skip


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)
