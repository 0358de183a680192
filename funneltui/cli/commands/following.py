"""`follow-up`: the next contact of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_answers import tell_deals
from funneltui.cli.deal_texts import follow_up_text
from funneltui.cli.frame import command
from funneltui.cli.typed import DEAL_NUMBER

if TYPE_CHECKING:
    from datetime import date as date_type

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_NO_DATE = ("none", "-", "")


@command("follow-up", context_settings={"ignore_unknown_options": True})
@click.argument("number", type=DEAL_NUMBER)
@click.argument("date", required=False)
@click.argument("text", nargs=-1)
@click.option("--done", is_flag=True, help="The one that is set is done; DATE, if there is one, is the next.")
def follow_up(session: Session, number: int, date: str | None, text: tuple[str, ...], done: bool) -> None:
    """Set the next contact of deal NUMBER: a DATE (fri, +3d, 15.12., ...) and a few words. "none" takes it away."""
    if date is None and not done:
        message = "say when: a DATE, or --done if the one that is set is done"
        raise click.UsageError(message)
    context = session.workspace()
    today, words = context.clock.today(), " ".join(text)
    day = _day(context, date)
    deal = _finished(context, number, day, words) if done else _set(context, number, day, words)
    said = "follow-up done; " if done else ""
    tell_deals(session, [deal], lambda deal: f"deal {number}: {said}{follow_up_text(deal, today)}")


def _day(context: Context, text: str | None) -> date_type | None:
    from funneltui.domain.dates import parse_date

    if text is None or text.strip().lower() in _NO_DATE:
        return None
    return parse_date(text, context.clock.today(), context.order)


def _set(context: Context, number: int, day: date_type | None, words: str) -> Deal:
    from funneltui.services import deals

    return deals.follow_up(context, number, day, words)


def _finished(context: Context, number: int, day: date_type | None, words: str) -> Deal:
    from funneltui.services import activities

    following: Values = {"follow_up": day, "follow_up_note": words} if day else {}
    return activities.finish_follow_up(context, number, following=following)
