"""`forecast`: what every rep and the team will close, against what they are to close."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.figure_options import AS_OF, currency_for, point_of
from funneltui.cli.frame import command
from funneltui.cli.output import on_terminal, remark, say_json, say_rows
from funneltui.domain.forecast import Category
from funneltui.domain.periods import Span

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.context import Context
    from funneltui.services.forecasts import Asked

_SPANS = click.Choice([span.value for span in Span])
_CATEGORIES = click.Choice([category.value for category in Category])


@command("forecast")
@click.option("--period", type=_SPANS, default=Span.MONTH.value, show_default=True, help="How long a line's period is.")
@click.option(
    "--from", "first", metavar="PERIOD", help="The first one: 2026-07, Q3, last quarter. Else the present one."
)
@click.option(
    "--until", "last", metavar="PERIOD", help="The last one. Else the present one, or the first if it is later."
)
@click.option("--owner", metavar="NAME", shell_complete=choices("owner"), help='Of one rep; "" for deals of nobody.')
@click.option("--category", type=_CATEGORIES, help="Only open deals of this category; quota, won and gap stay.")
@click.option(
    "--currency", metavar="CODE", help="The currency of the sums; else that of the settings, or the pipeline's."
)
@click.option("--unconverted", is_flag=True, help="Convert nothing: add up only what is in that currency.")
@click.option("--pipeline", metavar="KEY", help="Of one pipeline, with the quotas for it; else of all together.")
@AS_OF
@click.option("--export", metavar="FILE", type=click.Path(path_type=Path), help="Write the deals behind it as CSV.")
@click.option("--force", is_flag=True, help="Write over the file of --export if it is there.")
def forecast(
    session: Session,
    period: str,
    first: str | None,
    last: str | None,
    owner: str | None,
    category: str | None,
    currency: str | None,
    unconverted: bool,
    pipeline: str | None,
    as_of: str | None,
    export: Path | None,
    force: bool,
) -> None:
    """Tell for each owner and the team: quota, won, gap, pipeline, weighted, coverage, deals needed.

    Won: amounts won with a close date in the period. Gap: quota - won, absent for a future period. Pipeline: open amounts
    expected to close in it; weighted: x chance; best case and commit: its parts with a chance from 40 % and from 75 % on.
    Coverage: pipeline / gap. Needed: gap / (average won amount x win rate). Pace: won / the quota's share of the days gone.

    With --as-of deals and quotas are those of that moment, and "this month" is the one of its day.

    In a pipe each line holds, separated by tabs: period, owner, quota, won, gap, pipeline, weighted, best case, commit,
    coverage, needed deals, pace.
    """
    context = session.workspace()
    from funneltui.services import forecasts

    if export is not None:
        from funneltui.exchange.files_out import refuse_to_destroy

        refuse_to_destroy(export, force=force)  # before anything is printed
    start = session.config().number("fiscal_year_start")
    code = currency_for(session, context, currency, pipeline)
    point = point_of(context, as_of)
    some = forecasts.chosen_periods(Span(period), forecasts.day_of(context, point), start, first, last)
    wanted = Category(category) if category else None
    asked = forecasts.Asked(some, code, owner, pipeline, wanted, not unconverted, point)
    found = forecasts.forecast_of(context, asked)
    if session.json:
        from funneltui.exchange.forecast_records import forecast_record

        say_json(forecast_record(found))
    else:
        from funneltui.cli import forecast_texts

        if on_terminal():
            forecast_texts.draw(found, start, point.text if point else "")
        else:
            say_rows((), forecast_texts.lines(found))
    if export is not None:
        _export(context, asked, export, force=force)


def _export(context: Context, asked: Asked, path: Path, *, force: bool) -> None:
    from funneltui.exchange.forecast_records import DETAIL_HEADER, detail_row
    from funneltui.exchange.tables_out import write_table
    from funneltui.services import forecasts

    rows = (detail_row(one, context.pipeline_of(one.deal.pipeline)) for one in forecasts.details(context, asked))
    count = write_table(path, DETAIL_HEADER, rows, force=force)
    remark(f"{count} {'deal is' if count == 1 else 'deals are'} in {path}")
