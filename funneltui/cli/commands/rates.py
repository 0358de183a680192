"""`rate`: what a currency is worth in another one, by day: entered, listed, read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.figure_options import currency_typed
from funneltui.cli.frame import CommandGroup, command
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.rates import Rate


@command("list", short_help="list the rates")
@click.option("--currency", metavar="CODE", help="Only those from or to this one.")
def list_rates(session: Session, currency: str | None) -> None:
    """List the rates in the order in which they were entered; of two for the same day the later one holds."""
    context = session.workspace()
    from funneltui.services import rates

    found = rates.entered(context, currency_typed(currency) if currency else None)
    if session.json:
        from funneltui.exchange.forecast_records import rate_record

        say_json_array(rate_record(one) for one in found)
        return
    columns = (Column("from"), Column("to"), Column("rate", number=True), Column("date"), Column("entered by"))
    say_rows(columns, ((one.source, one.target, one.text, one.on.isoformat(), one.who or "") for one in found))


@command("add", short_help="enter a rate")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("value", metavar="RATE")
@click.option("--on", metavar="DATE", help="The day from which on it holds; else today.")
def add(session: Session, source: str, target: str, value: str, on: str | None) -> None:
    """Enter that one unit of FROM is worth RATE units of TO, as in `rate add USD EUR 0.9215`; only a manager can.

    Sums are converted by the newest rate on or before the last day of their period, or today; where only the opposite is
    known, by its inverse; never by way of a third currency. Without a rate sums stay apart, one for each currency.
    """
    context = session.workspace()
    from funneltui.domain.dates import parse_date
    from funneltui.domain.rates import Rate, parse_rate
    from funneltui.services import rates

    today = context.clock.today()
    day = parse_date(on, today, context.order, past=True) if on else today
    rate = Rate(source.strip().upper(), target.strip().upper(), day, parse_rate(value))
    _tell(session, rates.add_all(context, [rate]), [rate])


@command("import", short_help="read rates from a CSV file")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def import_rates(session: Session, file: Path) -> None:
    """Read rates from the CSV FILE with the columns from, to, rate and date: all of them or none; only a manager can."""
    context = session.workspace()
    from funneltui.exchange.rate_files import read_rates
    from funneltui.services import rates

    read = read_rates(file, context.order)
    _tell(session, rates.add_all(context, read), read)


def _tell(session: Session, new: list[Rate], read: list[Rate]) -> None:
    if session.json:
        from funneltui.exchange.forecast_records import rate_record

        say_json({"entered": [rate_record(one) for one in new], "unchanged": len(read) - len(new)})
        return
    if len(read) == 1:
        (one,) = read
        say(f"1 {one.source} = {one.text} {one.target} from {one.on} on{'' if new else ', as it was'}")
        return
    say(f"{len(new)} rates entered, {len(read) - len(new)} were known already")


rate = CommandGroup("rate", "Enter, import and list rates between currencies.", list_rates, (add, import_rates))
