"""`quota`: what a rep or the team is to sell in a period: set, revised, listed with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.figure_options import currency_for
from funneltui.cli.frame import CommandGroup, command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_json_array, say_rows
from funneltui.domain.money import format_full
from funneltui.domain.quotas import TEAM, read_quota

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.cli.session import Session
    from funneltui.domain.periods import Period
    from funneltui.domain.quotas import Quota
    from funneltui.services.context import Context

_COLUMNS = (
    Column("owner"), Column("period"), Column("quota", number=True), Column("was", number=True), Column("pipeline"),
    Column("set by"), Column("on"),
)  # fmt: skip


@command("list", short_help="list the quotas that hold")
def list_quotas(session: Session) -> None:
    """List the quotas that hold, with what each was before it was revised; a rep sees his own."""
    context = session.workspace()
    from funneltui.services import quotas

    _tell_all(session, context, quotas.in_force(context))


@command("set", short_help="set or revise a quota")
@click.argument("owner", metavar="OWNER|team", shell_complete=choices("owner"))
@click.argument("period", metavar="PERIOD")
@click.argument("amount", metavar="AMOUNT|none")
@click.option("--currency", metavar="CODE", help="Its currency; else that of the settings, or the pipeline's.")
@click.option("--pipeline", metavar="KEY", help="For this pipeline alone; else for all together.")
def set_quota(
    session: Session, owner: str, period: str, amount: str, currency: str | None, pipeline: str | None
) -> None:
    """Set what OWNER, or the team, is to sell in PERIOD (2026-07, "2026 Q3", 2026, "this quarter"); only a manager can.

    A quota that is there already is revised: what it was stays in its history. "none" takes it back. Without a quota of its
    own a quarter has the sum of its months' quotas, a year that of its quarters', the team that of its reps'. While one
    pipeline is in use, a quota for it and one for all are the same.
    """
    context = session.workspace()
    from funneltui.services import quotas

    code = currency_for(session, context, currency, pipeline)
    of = _period(session, context, period)
    quota = quotas.set_quota(context, owner, of, read_quota(amount, code), code, pipeline)
    if session.json:
        from funneltui.exchange.forecast_records import quota_record

        say_json(quota_record(quota, _start(session)))
        return
    was = f", was {_amount(quota.before)}" if quota.before is not None else ""
    say(f"{quota.owner or TEAM}, {quota.label(_start(session))}: {_amount(quota)}{was}")


@command("history", short_help="every quota ever set, with who and when")
@click.argument("owner", metavar="[OWNER|team]", required=False, shell_complete=choices("owner"))
@click.argument("period", metavar="[PERIOD]", required=False)
def history(session: Session, owner: str | None, period: str | None) -> None:
    """List every quota that was ever set, the first one first: of everybody, of OWNER, of PERIOD."""
    context = session.workspace()
    from funneltui.services import quotas

    _tell_all(
        session, context, quotas.history(context, owner, _period(session, context, period) if period else None)
    )  # fmt: skip


def _start(session: Session) -> int:
    return session.config().number("fiscal_year_start")


def _period(session: Session, context: Context, text: str) -> Period:
    from funneltui.domain.periods import parse_period

    return parse_period(text, context.clock.today(), _start(session))


def _tell_all(session: Session, context: Context, found: Iterable[Quota]) -> None:
    start = _start(session)
    if session.json:
        from funneltui.exchange.forecast_records import quota_record

        say_json_array(quota_record(one, start) for one in found)
        return
    say_rows(_COLUMNS, (_row(context, one, start) for one in found))


def _row(context: Context, quota: Quota, start: int) -> tuple[str, ...]:
    from funneltui.domain import dates

    day = context.clock.local_day(quota.at) if quota.at else None
    shown = "" if day is None else day.isoformat() if not on_terminal() else dates.with_year(day)
    return (
        quota.owner or TEAM, quota.label(start), _amount(quota), _amount(quota.before) if quota.before else "",
        quota.pipeline or "", quota.who or "", shown,
    )  # fmt: skip


def _amount(quota: Quota) -> str:
    return "none" if quota.amount is None else format_full(quota.amount, quota.currency)


quota = CommandGroup("quota", "Set, revise and list quotas.", list_quotas, (set_quota, history))
