"""`add` and `edit`: a deal's fields from options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.deal_texts import beginning, change
from funneltui.cli.frame import command
from funneltui.cli.output import say, say_json
from funneltui.cli.typed import DEAL_NUMBER, field_options, read_for, set_option, texts_of, versions_for

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

_FIELDS = (
    "source", "expected_close", "company", "contact", "email", "phone", "amount", "currency", "owner", "detail",
    "follow_up", "follow_up_note", "probability", "tags", "notes", "qualifier", "reason", "reason_note", "closed_on",
)  # fmt: skip
_STAGE = click.option("--stage", metavar="STAGE", help="The stage.", shell_complete=choices("stage"))


@command("add")
@click.argument("title")
@field_options(*_FIELDS)
@_STAGE
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
@set_option
def add(
    session: Session, stage: str | None, pipeline: str | None, also: list[tuple[str, str]], **options: str | None
) -> None:
    """Add a deal TITLE. A source and an expected close are demanded, and whatever its stage demands."""
    context = session.workspace()
    from funneltui.services import deals, fields

    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    place = chosen.find_stage(stage) if stage else chosen.first
    values = fields.read(context, texts_of(options, also), chosen, place)
    deal = deals.add(context, values, place.key, chosen.key)
    _tell(session, context, deal, beginning(context, deal))


@command("edit")
@click.argument("number", type=DEAL_NUMBER)
@field_options("title", *_FIELDS)
@_STAGE
@set_option
def edit(session: Session, number: int, stage: str | None, also: list[tuple[str, str]], **options: str | None) -> None:
    """Change fields of deal NUMBER; an empty text ("") clears one. A new stage goes through its gate like a move."""
    context = session.workspace()
    from funneltui.services import deals

    texts = texts_of(options, also)
    if not texts and stage is None:
        message = "name at least one field to change"
        raise click.UsageError(message)
    before = deals.show(context, number).deal
    pipeline = context.pipeline_of(before.pipeline)
    place = pipeline.find_stage(stage) if stage else pipeline.stage(before.stage)
    values = read_for(context, texts, before, place)
    after = deals.edit(context, number, values, place.key if stage else None, versions_for(texts, before))
    _tell(session, context, after, change(context, before, after))


def _tell(session: Session, context: Context, deal: Deal, text: str) -> None:
    if session.json:
        from funneltui.exchange.deal_records import deal_record

        say_json(deal_record(deal, context.pipeline_of(deal.pipeline)))
        return
    say(text)
