"""`changes`: what changed in a pipeline since a date, since yesterday, since the last review; and the sum of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import click

from funneltui.cli.figure_options import PIPELINE
from funneltui.cli.figure_texts import money
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.cli.session import Session
    from funneltui.domain.period_changes import Between, Kind, Ledger
    from funneltui.services.as_of import Point
    from funneltui.services.changes_since import ChangesSince
    from funneltui.services.context import Context

_COLUMNS = (
    Column("#", number=True), Column("title", least=16), Column("stage", least=10), Column("amount", number=True),
    Column("before", least=14),
)  # fmt: skip


@command("changes")
@click.option(
    "--since", metavar='DATE|MOMENT|"last review"', required=True,
    help='From the start of this day on, from this moment, or from when you finished a review last ("last review").',
)  # fmt: skip
@click.option("--until", metavar="DATE|MOMENT", help="To the end of this day, or this moment; else until now.")
@PIPELINE
def changes(session: Session, since: str, until: str | None, pipeline: str | None) -> None:
    """Print what changed: new, moved on or back, won, lost, reopened, slipped, pulled in, amounts up or down.

    Below it stands the sum: what was open then, plus and minus these, is what is open at the end. A deal counts by what it
    was at the two moments: one that was moved on and back again did neither. In a pipe each line holds, separated by tabs:
    a kind, a deal's number, title, stage, amount, and what it was before; or "sum", a currency, a term, deals, amount.
    """
    context = session.workspace()
    from funneltui.services import changes_since

    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    found = changes_since.changes_typed(context, since, until, chosen)
    if session.json:
        from funneltui.exchange.figure_records import changes_record

        say_json(changes_record(found))
    elif on_terminal():
        _say(context, found)
    else:
        _print(found)


def _print(found: ChangesSince) -> None:
    for kind, pairs in found.changes.lists.items():
        say_rows((), [[kind.value, *_cells(found, kind, pair, date.isoformat)] for pair in pairs])
    for ledger in found.changes.ledgers:
        say_rows((), [["sum", ledger.currency, *row] for row in _sum_rows(ledger)])


def _cells(found: ChangesSince, kind: Kind, pair: Between, shown: Callable[[date], str]) -> list[str]:
    deal = pair.latest
    pipeline = found.pipeline
    amount = "" if deal.amount is None else money(deal.amount, deal.currency)
    stage = pipeline.stage_name(deal.stage) if deal.pipeline == pipeline.key else deal.stage
    return [str(deal.number), deal.title, stage, amount, _before(found, kind, pair, shown)]


def _before(found: ChangesSince, kind: Kind, pair: Between, shown: Callable[[date], str]) -> str:
    """Give what a deal was before, where the kind is about that."""
    if pair.before is None or pair.after is None:
        return ""
    name = kind.value
    if name in ("advanced", "back", "won", "lost"):
        return found.pipeline.stage_name(pair.before.stage)
    if name in ("slipped", "pulled_in"):
        return f"{shown(pair.before.expected_close)} -> {shown(pair.after.expected_close)}"
    if name in ("amount_up", "amount_down", "currency_changed"):
        return money(pair.before.amount or 0, pair.before.currency)
    return ""


def _say(context: Context, found: ChangesSince) -> None:
    from funneltui.domain.dates import short
    from funneltui.domain.period_changes import WORDS, Kind

    today = context.clock.today()
    say(f"{found.pipeline.name}, changes since {_point(context, found.since)} until {_point(context, found.until)}")
    for kind in Kind:
        pairs = found.changes.of(kind)
        if not pairs:
            continue
        said = f": now {_standing(found, pairs)}" if kind is Kind.NEW else ""
        say()
        say(f"{WORDS[kind]}, {len(pairs):,}{said}")
        rows = [_cells(found, kind, pair, lambda day: short(day, today)) for pair in pairs]
        columns = _COLUMNS if any(row[-1] for row in rows) else _COLUMNS[:-1]
        say_rows(columns, [row[: len(columns)] for row in rows])
    for ledger in found.changes.ledgers:
        say()
        heads = (Column(f"open, {ledger.currency}"), Column("deals", number=True), Column("amount", number=True))
        say_rows(heads, _sum_rows(ledger))
    if not found.changes.ledgers:
        say("no deal was open, then or now")


def _standing(found: ChangesSince, pairs: tuple[Between, ...]) -> str:
    """Say where new deals have got to (D13): "2 in Waiting, 1 in Offered"."""
    counts = Counter(pair.latest.stage for pair in pairs)
    order = {stage.key: place for place, stage in enumerate(found.pipeline.board_order)}
    keys = sorted(counts, key=lambda key: order.get(key, len(order)))
    return ", ".join(f"{counts[key]:,} in {found.pipeline.stage_name(key)}" for key in keys)


def _point(context: Context, point: Point) -> str:
    from funneltui.cli.moments import spoken
    from funneltui.domain.dates import echo

    return spoken(context.clock, point.moment) if point.day is None else echo(point.day, context.clock.today())


def _sum_rows(ledger: Ledger) -> list[list[str]]:
    from funneltui.domain.period_changes import WORDS, Kind

    rows = [["opening", f"{ledger.opening.count:,}", money(ledger.opening.amount, ledger.currency)]]
    for kind, figure in ledger.terms.items():
        is_worth = kind in (Kind.AMOUNT_UP, Kind.AMOUNT_DOWN)
        count = "" if is_worth else f"{figure.count:+,}"
        amount = money(figure.amount, ledger.currency)
        rows.append([WORDS[kind], count, amount if figure.amount < 0 else f"+{amount}"])
    rows.append(["closing", f"{ledger.closing.count:,}", money(ledger.closing.amount, ledger.currency)])
    return rows
