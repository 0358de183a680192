"""`undo`, `redo` and `history`: what was done, taken back and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command
from funneltui.cli.moments import stamp
from funneltui.cli.output import say, say_json
from funneltui.cli.typed import DEAL_NUMBER

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.undo import Step


@command("undo")
def undo(session: Session) -> None:
    """Take back your last change, whatever it was and however many deals it touched."""
    context = session.workspace()
    from funneltui.services.last_acts import undo_last

    _tell(session, undo_last(context), "undone")


@command("redo")
def redo(session: Session) -> None:
    """Do again what you undid last."""
    context = session.workspace()
    from funneltui.services import undo

    _tell(session, undo.redo(context), "redone")


@command("history")
@click.argument("number", type=DEAL_NUMBER, required=False)
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many."
)
def history(session: Session, number: int | None, limit: int) -> None:
    """Tell what happened, the latest first: to deal NUMBER, or to all that you may see; undone lines say so."""
    context = session.workspace()
    from funneltui.services import undo

    lines = undo.told_history(context, number, limit)
    if session.json:
        say_json(
            [
                {"id": line.id, "at": line.at.isoformat(), "who": line.who, "deal": line.deal, "what": line.what,
                 "undone": line.undone}
                for line in lines
            ]
        )  # fmt: skip
        return
    for line in lines:
        say(f"{stamp(context.clock, line.at)}  {line.who or '-'}  {line.what}{'  (undone)' if line.undone else ''}")


def _tell(session: Session, step: Step, word: str) -> None:
    if session.json:
        say_json({word: step.what, "at": step.at.isoformat(), "deals": [deal.number for deal in step.deals]})
        return
    say(f"{word}: {step.what}")
