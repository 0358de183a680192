"""`move`, `win`, `lose` and `reopen`: deals from stage to stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.deal_answers import tell_deals
from funneltui.cli.deal_texts import arrival
from funneltui.cli.frame import command
from funneltui.cli.passages import warn_of_passages
from funneltui.cli.typed import DEAL_NUMBER, field_options, read_for, set_option, texts_of, versions_for
from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable

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
@click.option("--pipeline", metavar="KEY", help="Move them out of theirs: STAGE is one of this pipeline.")
@field_options("detail", "follow_up", "follow_up_note")
@_NOTE
@set_option
def move(
    session: Session, numbers: tuple[int, ...], stage: str, pipeline: str | None, note: str, also: Pairs,
    **options: str | None,
) -> None:  # fmt: skip
    """Move deals to STAGE, all of them or none; what the stage demands is said with the options."""
    context = session.workspace()
    from funneltui.services import moves

    if pipeline is not None:
        from funneltui.cli.pipeline_transfers import transfer

        moved = transfer(context, numbers, pipeline, stage, texts_of(options, also), note)
        tell_deals(session, moved, lambda deal: arrival(context, deal))
        return
    place = _pipeline(session, numbers).find_stage(stage)
    _move(
        session, numbers, place, texts_of(options, also),
        lambda given, versions: moves.move(context, numbers, place.key, given, versions, note),
    )  # fmt: skip


@command("win")
@_NUMBERS
@field_options("amount", "closed_on", "detail", "follow_up", "follow_up_note")
@_NOTE
@set_option
def win(session: Session, numbers: tuple[int, ...], note: str, also: Pairs, **options: str | None) -> None:
    """Mark deals as won: today, or on the day given."""
    context = session.workspace()
    from funneltui.services import moves

    _move(
        session, numbers, _pipeline(session, numbers).first_of(StageKind.WON), texts_of(options, also),
        lambda given, versions: moves.win_all(context, numbers, given, versions, note),
    )  # fmt: skip


@command("lose")
@_NUMBERS
@field_options("reason", "closed_on", "detail", "follow_up", "follow_up_note")
@click.option("--note", "reason_note", metavar="TEXT", help="A note on the reason.")
@set_option
def lose(session: Session, numbers: tuple[int, ...], also: Pairs, **options: str | None) -> None:
    """Mark deals as lost: today, or on the day given. A reason is always demanded."""
    context = session.workspace()
    from funneltui.services import moves

    _move(
        session, numbers, _pipeline(session, numbers).first_of(StageKind.LOST), texts_of(options, also),
        lambda given, versions: moves.lose(context, numbers, given, versions),
    )  # fmt: skip


@command("reopen")
@click.argument("number", type=DEAL_NUMBER)
@_TO_STAGE
@field_options("detail", "follow_up", "follow_up_note")
@set_option
def reopen(session: Session, number: int, stage: str, also: Pairs, **options: str | None) -> None:
    """Bring closed deal NUMBER back to the open STAGE, through its gate."""
    context = session.workspace()
    from funneltui.services import deals, moves

    deal = deals.several(context, [number])[0]
    place = context.pipeline_of(deal.pipeline).find_stage(stage)
    texts = texts_of(options, also)
    values = read_for(context, texts, deal, place)
    opened = moves.reopen(context, number, place.key, values, versions_for(texts, deal))
    tell_deals(session, [opened], lambda deal: arrival(context, deal))


def _move(
    session: Session, numbers: tuple[int, ...], stage: Stage, texts: dict[str, str],
    do: Callable[[Values, dict[int, int]], list[Deal]],
) -> None:  # fmt: skip
    """Read what was typed as the first deal in `stage` would take it, move the deals, and tell and warn of it."""
    context = session.workspace()
    from funneltui.services import deals

    before = deals.several(context, numbers)
    after = do(*_read(context, before, stage, texts))
    warn_of_passages(context, before, after)
    tell_deals(session, after, lambda deal: arrival(context, deal))


def _read(context: Context, before: list[Deal], stage: Stage, texts: dict[str, str]) -> tuple[Values, dict[int, int]]:
    if "amount" in texts and len(before) > 1:
        message = "an amount is said for one deal at a time"
        raise click.UsageError(message)
    versions = versions_for({"amount": ""} if "amount" in texts else {}, before[0])
    return read_for(context, texts, before[0], stage), versions


def _pipeline(session: Session, numbers: tuple[int, ...]) -> Pipeline:
    context = session.workspace()
    from funneltui.services import deals

    return context.pipeline_of(deals.several(context, numbers[:1])[0].pipeline)
