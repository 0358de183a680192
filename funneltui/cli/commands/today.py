"""`today`: whom to contact."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from funneltui.cli.deal_texts import amount_text, detail_name, stage_name
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json_array, say_rows
from funneltui.domain import dates
from funneltui.domain.text import counted

if TYPE_CHECKING:
    from datetime import date

    from funneltui.cli.session import Session
    from funneltui.services.context import Context
    from funneltui.services.reports import DueDeal

_MARKS = {"overdue": "!", "today": "•", "soon": ""}
_KINDS = {"follow_up": "follow-up", "expected_close": "expected close"}
_COLUMNS = (
    Column(""), Column("#", number=True), Column("title", least=16), Column("due", least=10),
    Column("when", number=True), Column("what"), Column("amount", number=True), Column("stage"), Column("owner"),
)  # fmt: skip


@command("today")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(0, 3650),
    help="How far ahead. [default: the setting panes.today_days]",
)
@click.option("--ics", is_flag=True, help="Write it as a calendar, to standard output or --out.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="With --ics: the file.")
@click.option("--force", is_flag=True, help="With --ics: write over FILE if it is there.")
def today(session: Session, days: int | None, ics: bool, out: Path | None, force: bool) -> None:
    """List what is overdue, due today and due soon, the oldest first: follow-ups, else expected closes.

    With --ics it is an iCalendar file of all-day events, to which a calendar can subscribe: what was done goes, what was
    put off moves. `funneltui export --format ics` has all follow-ups, however far ahead.

    In a pipe each line holds, separated by tabs: number, title, date, why, kind, days from today (negative: late),
    amount, stage, owner, and the words of the follow-up.
    """
    if (out or force) and not ics:
        message = "--out and --force go with --ics"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.services import reports

    if days is None:
        days = session.config().number("panes.today_days")
    if ics:
        _write_calendar(context, days, out, force=force)
        return
    due = reports.today(context, days)
    if session.json:
        from funneltui.exchange.deal_records import due_record

        say_json_array(due_record(one) for one in due)
        return
    if not on_terminal():
        say_rows((), (_plain(context, one) for one in due))
        return
    if not due:
        say(f"nothing is due within {counted(days, 'day')}" if days else "nothing is due today")
        return
    now = context.clock.today()
    say_rows(_COLUMNS, [_row(context, one, now) for one in due])


def _write_calendar(context: Context, days: int, out: Path | None, *, force: bool) -> None:
    from funneltui.cli.commands.export import deliver
    from funneltui.exchange.calendar_out import write_calendar
    from funneltui.exchange.exporting import Written
    from funneltui.services import reports

    def write(file: IO[bytes]) -> Written:
        return Written(write_calendar(file, context, ((one.deal, one.kind) for one in reports.today(context, days))))

    deliver(context, write, "what is due", out, force=force)


def _plain(context: Context, one: DueDeal) -> list[str]:
    deal = one.deal
    return [
        str(deal.number), deal.title, one.due.isoformat(), one.why.value, one.kind.value, str(one.days),
        amount_text(deal), stage_name(context, deal), deal.owner or "", deal.follow_up_note,
    ]  # fmt: skip


def _row(context: Context, one: DueDeal, now: date) -> list[str]:
    deal = one.deal
    detail = detail_name(context, deal)
    return [
        _MARKS[one.why.value], str(deal.number), deal.title, dates.echo(one.due, now), dates.relative(one.due, now),
        deal.follow_up_note or _KINDS[one.kind.value], amount_text(deal),
        f"{stage_name(context, deal)}{f' ({detail})' if detail else ''}", deal.owner or "",
    ]  # fmt: skip
