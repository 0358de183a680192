"""`losses`: why, where and whose deals were lost, and what they were worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.figure_options import AS_OF, CURRENCY, PIPELINE, asked_of, period, told
from funneltui.cli.figure_texts import money, percent
from funneltui.cli.filtering import FilterCommand, filter_argument
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.losses import Losses, LossRow


@command("losses", cls=FilterCommand)
@filter_argument
@period("Lost")
@PIPELINE
@AS_OF
@CURRENCY
def losses(session: Session, words: tuple[str, ...], **options: str | None) -> None:
    """Print the losses among the deals that a FILTER lets through: by reason, stage, owner, source and amount.

    The stage is the one that a deal stood in before it was lost. In a pipe each line holds, separated by tabs: reason,
    stage, owner, source or amount; its name; the deals; their share of all that were lost; and their sum, in each currency.
    """
    context = session.workspace()
    from funneltui.services import losses as service

    asked = asked_of(context, words, options)
    found = service.losses(context, asked)
    if session.json:
        from funneltui.exchange.figure_records import losses_record

        say_json(losses_record(found, asked))
        return
    if on_terminal():
        say(f"{told(asked, context.clock.today())}: {found.whole.count:,} lost, {_sums(found.whole, found.currency)}")
    for name, rows in _tables(found):
        _say_table(name, rows, found.currency)


def _tables(found: Losses) -> tuple[tuple[str, tuple[LossRow, ...]], ...]:
    return (
        ("reason", found.by_reason), ("stage", found.by_stage), ("owner", found.by_owner), ("source", found.by_source),
        ("amount", found.by_amount),
    )  # fmt: skip


def _say_table(name: str, rows: tuple[LossRow, ...], currency: str) -> None:
    if not on_terminal():
        say_rows((), [[name, row.name, str(row.count), percent(row.share), _sums(row, currency)] for row in rows])
        return
    if rows:
        say()
        columns = (Column(name), Column("lost", number=True), Column("share", number=True), Column("sum", number=True))
        say_rows(columns, [[row.name, f"{row.count:,}", percent(row.share), _sums(row, currency)] for row in rows])


def _sums(row: LossRow, currency: str) -> str:
    """Give the sums of each currency, side by side: unlike currencies are never added up."""
    order = sorted(row.sums, key=lambda code: (code != currency, code))
    return " + ".join(money(row.sums[code], code) for code in order) or money(0, currency)
