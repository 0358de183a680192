"""`follow-up`: the next contact of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_texts import follow_up_text
from funneltui.cli.frame import command
from funneltui.cli.output import say, say_json
from funneltui.cli.typed import DEAL_NUMBER

if TYPE_CHECKING:
    from funneltui.cli.session import Session

_NO_DATE = ("none", "-", "")


@command("follow-up", context_settings={"ignore_unknown_options": True})
@click.argument("number", type=DEAL_NUMBER)
@click.argument("date")
@click.argument("text", nargs=-1)
def follow_up(session: Session, number: int, date: str, text: tuple[str, ...]) -> None:
    """Set the next contact of deal NUMBER: a DATE (fri, +3d, 15.12., ...) and a few words. "none" takes it away."""
    from funneltui.domain.dates import parse_date

    context = session.workspace()
    from funneltui.services import deals

    today = context.clock.today()
    day = None if date.strip().lower() in _NO_DATE else parse_date(date, today, context.order)
    deal = deals.follow_up(context, number, day, " ".join(text))
    if session.json:
        from funneltui.exchange.deal_records import deal_record

        say_json(deal_record(deal, context.pipeline_of(deal.pipeline)))
        return
    say(f"deal {number}: {follow_up_text(deal, today)}")
