"""`move`, `win`, `lose` and `reopen`: deals from stage to stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.deal_texts import arrival
from funneltui.cli.frame import command
from funneltui.cli.output import say, say_json
from funneltui.cli.typed import DEAL_NUMBER, field_options, read_for, set_option, texts_of, versions_for

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

Pairs = list[tuple[str, str]]

_NUMBERS = click.argument("numbers", metavar="NUMBER...", type=DEAL_NUMBER, nargs=-1, required=True)
# To click, what is being completed may always be one more number.
_NUMBERS_AND_STAGE = click.argument(
    "numbers", metavar="NUMBER...", type=DEAL_NUMBER, nargs=-1, required=True, shell_complete=choices("stage")
)
_TO_STAGE = click.argument("stage", shell_complete=choices("stage"))
_NOTE = click.option("--note", metavar="TEXT", default="", help="A few words for the history.")


@command("move")
@_NUMBERS_AND_STAGE
@_TO_STAGE
@field_options("detail", "follow_up", "follow_up_note")
@_NOTE
@set_option
def move(session: Session, numbers: tuple[int, ...], stage: str, note: str, also: Pairs, **options: str | None) -> None:
    """Move deals to STAGE, all of them or none; what the stage demands is said with the options."""
    context = session.workspace()
    first = _first(context, numbers)
    _move(session, numbers, context.pipeline_of(first.pipeline).find_stage(stage), texts_of(options, also), note)


@command("win")
@_NUMBERS
@field_options("amount", "closed_on", "detail", "follow_up", "follow_up_note")
@_NOTE
@set_option
def win(session: Session, numbers: tuple[int, ...], note: str, also: Pairs, **options: str | None) -> None:
    """Mark deals as won: today, or on the day given."""
    _move(session, numbers, _pipeline(session, numbers).won_stages[0], texts_of(options, also), note)


@command("lose")
@_NUMBERS
@field_options("reason", "closed_on", "detail", "follow_up", "follow_up_note")
@click.option("--note", "reason_note", metavar="TEXT", help="A note on the reason.")
@set_option
def lose(session: Session, numbers: tuple[int, ...], also: Pairs, **options: str | None) -> None:
    """Mark deals as lost: today, or on the day given. A reason is always demanded."""
    _move(session, numbers, _pipeline(session, numbers).lost_stages[0], texts_of(options, also), "")


@command("reopen")
@click.argument("number", type=DEAL_NUMBER)
@_TO_STAGE
@field_options("detail", "follow_up", "follow_up_note")
@set_option
def reopen(session: Session, number: int, stage: str, also: Pairs, **options: str | None) -> None:
    """Bring closed deal NUMBER back to the open STAGE, through its gate."""
    context = session.workspace()
    from funneltui.services import moves

    deal = _first(context, (number,))
    place = context.pipeline_of(deal.pipeline).find_stage(stage)
    texts = texts_of(options, also)
    values = read_for(context, texts, deal, place)
    _tell(session, context, [moves.reopen(context, number, place.key, values, versions_for(texts, deal))])


def _move(session: Session, numbers: tuple[int, ...], stage: Stage, texts: dict[str, str], note: str) -> None:
    context = session.workspace()
    from funneltui.services import moves

    given, versions = _read(context, numbers, stage, texts)
    _tell(session, context, moves.move(context, numbers, stage.key, given, versions, note))


def _read(
    context: Context, numbers: tuple[int, ...], stage: Stage, texts: dict[str, str]
) -> tuple[Values, dict[int, int]]:
    deal = _first(context, numbers)
    if "amount" in texts and len(set(numbers)) > 1:
        message = "an amount is said for one deal at a time"
        raise click.UsageError(message)
    return read_for(context, texts, deal, stage), versions_for({"amount": ""} if "amount" in texts else {}, deal)


def _pipeline(session: Session, numbers: tuple[int, ...]) -> Pipeline:
    context = session.workspace()
    return context.pipeline_of(_first(context, numbers).pipeline)


def _first(context: Context, numbers: tuple[int, ...]) -> Deal:
    from funneltui.services import deals

    return deals.show(context, numbers[0]).deal


def _tell(session: Session, context: Context, moved: list[Deal]) -> None:
    if session.json:
        from funneltui.exchange.deal_records import deal_record

        records = [deal_record(deal, context.pipeline_of(deal.pipeline)) for deal in moved]
        say_json(records[0] if len(records) == 1 else records)
        return
    for deal in moved:
        say(arrival(context, deal))
