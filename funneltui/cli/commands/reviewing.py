"""`review`: the queue of deals that want an answer, on the screen or printed, and the summary of the day."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.deal_texts import amount_text, stage_name
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, remark, say, say_json, say_json_array, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.context import Context
    from funneltui.services.review_summary import Summary
    from funneltui.services.reviews import ReviewItem

_COLUMNS = (
    Column(""), Column("#", number=True), Column("title", least=24), Column("why", least=14),
    Column("amount", number=True), Column("stage", least=10), Column("owner"),
)  # fmt: skip


@command("review")
@click.option("--summary", is_flag=True, help="Print what you did today and what is waiting, for mail or chat.")
@click.option("--list", "listed", is_flag=True, help="Print the queue on a terminal too.")
@click.option("--limit", metavar="N", type=click.IntRange(1, 100_000), help="Print at most so many deals.")
def review(session: Session, summary: bool, listed: bool, limit: int | None) -> int:
    """Go through what is waiting: overdue, due today, expected close passed, rotting, without a next step.

    On a terminal it is a screen: one deal at a time, a key an answer. In a pipe each line holds, separated by tabs: number,
    title, why (comma-separated: overdue, today, close_passed, rotting, no_next_step), the date it is due, amount, stage,
    owner, and the words of the follow-up.
    """
    if summary:
        _say_summary(session)
        return 0
    show = session.program.review
    if show and _screen_is_wanted(session, listed=listed or limit is not None):
        return show(session.config())
    context = session.workspace()
    from funneltui.services import reviews

    waiting = reviews.queue(context, limit=limit)
    if session.json:
        say_json_array(_record(context, item) for item in waiting)
    elif not on_terminal():
        say_rows((), (_plain(context, item) for item in waiting))
    elif waiting:
        say_rows(_COLUMNS, [_row(context, item) for item in waiting])
        _remark_rest(context, len(waiting))
    else:
        say("nothing is waiting")
    return 0


def _screen_is_wanted(session: Session, *, listed: bool) -> bool:
    able = on_terminal() and sys.stdin.isatty() and os.environ.get("TERM", "") not in ("dumb", "")
    return able and not listed and not session.json


def _remark_rest(context: Context, shown: int) -> None:
    """Count beside the table, so that the table itself is all that is copied."""
    from funneltui.services import reviews

    places = reviews.places(context)
    said = f"{len(places):,} waiting: {reviews.in_counts(reviews.counts(places))}"
    remark(f"{shown:,} of {said}" if shown < len(places) else said)


def _plain(context: Context, item: ReviewItem) -> list[str]:
    deal = item.deal
    return [
        str(deal.number), deal.title, ",".join(_whys(item)), deal.due.isoformat() if deal.due else "", amount_text(deal),
        stage_name(context, deal), deal.owner or "", deal.follow_up_note,
    ]  # fmt: skip


def _row(context: Context, item: ReviewItem) -> list[str]:
    from funneltui.services import reviews

    deal = item.deal
    return [
        reviews.MARKS[reviews.first_of(item.whys)], str(deal.number), deal.title, reviews.in_short(context, item),
        amount_text(deal), stage_name(context, deal), deal.owner or "",
    ]  # fmt: skip


def _record(context: Context, item: ReviewItem) -> dict[str, Any]:
    from funneltui.exchange.deal_records import record_of

    return record_of(context, item.deal) | {"why": _whys(item)}


def _whys(item: ReviewItem) -> list[str]:
    from funneltui.services.reviews import Why

    return [why.value for why in Why if why in item.whys]


def _say_summary(session: Session) -> None:
    context = session.workspace()
    from funneltui.services import review_summary, reviews

    found: Summary = review_summary.finish(context)
    if not session.json:
        say(found.text)
        return
    say_json(
        {
            "day": found.day.isoformat(),
            "who": found.who,
            "done": {did.value: [deed.deal.number for deed in deeds] for did, deeds in found.done.items()},
            "waiting": {why.value: n for why, n in reviews.counts(found.waiting).items()},
            "text": found.text,
        }
    )
