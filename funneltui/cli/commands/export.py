"""`export`: deals, histories, records, reports and the whole workspace in files."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from funneltui.cli.figure_options import CURRENCY, asked_of
from funneltui.cli.filtering import FilterCommand, condition_of, filter_argument, text_of
from funneltui.cli.frame import command
from funneltui.cli.output import on_terminal, remark
from funneltui.domain.funnel import Mode
from funneltui.domain.periods import Span
from funneltui.domain.text import counted
from funneltui.exchange.exporting import Format, Wish, Written, write_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.cli.session import Session
    from funneltui.exchange.sheets import Sheet
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition

    Writer = Callable[[IO[bytes]], Written]

_WHOLE, _CALENDAR = "workspace", "follow-ups"
_WHAT = (
    "deals", "history", "visits", _CALENDAR, "contacts", "companies", "forecast", "forecast-deals", "funnel", "stats",
    "losses", _WHOLE,
)  # fmt: skip
_USUAL = {Format.ICS: _CALENDAR, Format.JSONL: _WHOLE}
"""What is meant by a format when nothing is named; else deals."""

_OF_CSV = ("delimiter", "decimal", "mark")
_OF_FIGURES = ("pipeline", "currency", "since", "until")
_TAKES = {
    "deals": ("pipeline",),
    "history": ("pipeline", "since", "until"),
    "visits": ("pipeline",),
    _CALENDAR: ("pipeline",),
    "forecast": (*_OF_FIGURES, "period"),
    "forecast-deals": (*_OF_FIGURES, "period"),
    "funnel": (*_OF_FIGURES, "mode"),
    "stats": _OF_FIGURES,
    "losses": _OF_FIGURES,
}
"""The options that narrow what is written, by what it is; all else takes none of them."""


@command("export", prints=False, cls=FilterCommand)
@filter_argument
@click.option("--what", type=click.Choice(_WHAT), help="Else deals; for ics follow-ups, for jsonl the whole workspace.")
@click.option("--format", "wished", type=click.Choice([one.value for one in Format]), help="Else as FILE ends, or csv.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="The file, else standard output.")
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
@click.option("--delimiter", metavar="C", help='What parts the columns of csv: ",", ";", "|" or tab.')
@click.option(
    "--decimal", type=click.Choice(["point", "comma", "locale"]), default="point", show_default=True,
    help="The mark of decimals in csv; with a comma columns are parted by semicolons.",
)  # fmt: skip
@click.option("--bom/--no-bom", "mark", default=None, help="Begin csv so that Excel knows UTF-8. [default: in a file]")
@click.option(
    "--mode", type=click.Choice([one.value for one in Mode]), default=Mode.CONVERSION.value, help="Of a funnel."
)
@click.option(
    "--period", type=click.Choice([one.value for one in Span]), default=Span.MONTH.value, help="Of a forecast."
)
@click.option(
    "--since",
    metavar="DATE|PERIOD",
    help="Of history, funnel, stats, losses: from this day on; of a forecast: from this period.",
)
@click.option("--until", metavar="DATE|PERIOD", help="To this day or period, included.")
@click.option(
    "--pipeline", metavar="KEY", help="Of this pipeline; else of all, but funnel, stats and losses of the first one."
)
@CURRENCY
def export(
    session: Session, words: tuple[str, ...], what: str | None, wished: str | None, out: Path | None, force: bool,
    delimiter: str | None, decimal: str, mark: bool | None, **options: Any,
) -> None:  # fmt: skip
    """Write what a FILTER lets through into a file: deals, histories, contacts, reports, follow-ups, or everything.

    csv opens right in spreadsheets: UTF-8, days as 2026-12-15, and no text is taken for a formula. jsonl of the workspace
    is all of it, in an order that suits version control; `funneltui init --from FILE` makes the same workspace of it. ics
    has the follow-ups as all-day events that a calendar knows again.

    A rep exports his own deals. For contacts and companies FILTER is words of their names. A file is written whole or not
    at all, for your eyes only, and never over another one without --force.
    """
    target = None if out is None or str(out) == "-" else out
    chosen = Format(wished) if wished else Format.of(target) or (Format.JSONL if what == _WHOLE else Format.CSV)
    named = what or _USUAL.get(chosen, "deals")
    _demand_fitting(named, chosen, words)
    _demand_used(click.get_current_context(), named, chosen)
    if target is None and chosen is Format.XLSX and on_terminal():
        message = "a workbook is nothing for a terminal; name a file with --out"
        raise click.UsageError(message)
    context = session.workspace()
    wish = Wish(chosen, _form(delimiter, decimal, target is not None if mark is None else mark))
    deliver(context, _writer(session, context, named, words, wish, options), named, target, force=force)


def _demand_fitting(named: str, chosen: Format, words: tuple[str, ...]) -> None:
    if (chosen is Format.ICS) and named != _CALENDAR:
        message = f"ics holds follow-ups, not {named}"
        raise click.UsageError(message)
    if named == _WHOLE and chosen is not Format.JSONL:
        message = f"the whole workspace goes into jsonl, not {chosen}"
        raise click.UsageError(message)
    if words and named in (_WHOLE, "forecast", "forecast-deals"):
        hint = "; `--what deals` takes a filter" if named == _WHOLE else ""
        message = f"{named} takes no filter{hint}"
        raise click.UsageError(message)


def _demand_used(ctx: click.Context, named: str, chosen: Format) -> None:
    """Refuse an option that was typed and says nothing of what is exported.

    Raises:
        UsageError: there is one; the message says what it is for.
    """
    for param in ctx.command.params:
        name = str(param.name)
        users = [what for what, taken in _TAKES.items() if name in taken]
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        option = "/".join((*param.opts, *param.secondary_opts))
        if users and named not in users:
            message = f"{option} is for {', '.join(users)}; it says nothing of {named}"
            raise click.UsageError(message)
        if name in _OF_CSV and chosen is not Format.CSV:
            message = f"{option} is for csv; it says nothing of {chosen}"
            raise click.UsageError(message)


def _form(delimiter: str | None, decimal: str, mark: bool) -> Any:
    from funneltui.domain import forms
    from funneltui.exchange.delimiters import delimiter_named
    from funneltui.exchange.tables_out import Form

    sign = {"point": ".", "comma": ","}.get(decimal, forms.read().decimal)
    parted = delimiter_named(delimiter) if delimiter else "," if sign == "." else ";"
    return Form(parted, sign, mark)


def deliver(context: Context, write: Writer, what: str, target: Path | None, *, force: bool) -> None:
    """Write into a file, or to standard output: there only when all of it is read, as whoever reads it may take his time.

    What is written is of one moment, and in no locale's form.

    Raises:
        RuleBroken: the file is there already. BadInput, StorageError: it is none, or cannot be written.
    """
    from funneltui.domain import forms
    from funneltui.exchange.files_out import whole_file
    from funneltui.services.exports import one_moment

    forms.use(forms.read(), shown=forms.NEUTRAL)
    if target is None:
        with tempfile.TemporaryFile() as spool:
            with one_moment(context):
                _tell_cut(write(spool))
            spool.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(spool, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    with whole_file(target, force=force) as file, one_moment(context):
        written = write(file)
    remark(f"{target}: {what}, {counted(written.count, 'row')}")
    _tell_cut(written)


def _tell_cut(written: Written) -> None:
    if written.cut:
        remark(f"warning: {written.cut:,} texts were too long for a cell and were cut; csv and json have them whole")


def _writer(
    session: Session, context: Context, named: str, words: tuple[str, ...], wish: Wish, options: dict[str, Any]
) -> Writer:
    """Give what writes the thing that is named; what is asked wrongly is refused here, before a file is made."""
    if named == _WHOLE:
        from funneltui.exchange.workspace_out import write_workspace

        return lambda out: Written(write_workspace(out, context))
    if wish.format is Format.ICS:
        return _calendar_writer(context, condition_of(context, words, options["pipeline"]))
    sheet = _sheet(session, context, named, words, options)
    return lambda out: write_sheet(out, sheet(), wish)


def _calendar_writer(context: Context, condition: Condition) -> Writer:
    from funneltui.exchange.calendar_out import write_calendar
    from funneltui.services import exports
    from funneltui.services.reports import DueKind

    return lambda out: Written(
        write_calendar(out, context, ((deal, DueKind.FOLLOW_UP) for deal in exports.follow_ups(context, condition)))
    )


def _sheet(
    session: Session, context: Context, named: str, words: tuple[str, ...], options: dict[str, Any]
) -> Callable[[], Sheet]:
    if named in ("contacts", "companies"):
        from funneltui.exchange import record_sheets

        text = text_of(words)
        make = record_sheets.contacts_sheet if named == "contacts" else record_sheets.companies_sheet
        return lambda: make(context, text)
    if named in ("forecast", "forecast-deals"):
        return _forecast(session, context, named, options)
    if named in ("funnel", "stats", "losses"):
        return _report(context, named, words, options)
    from funneltui.exchange import deal_sheets

    condition = condition_of(context, words, options["pipeline"])
    if named == "history":
        window = asked_of(context, (), options).window
        return lambda: deal_sheets.history_sheet(context, condition, window.since, window.until)
    sheets = {
        "deals": deal_sheets.deals_sheet, "visits": deal_sheets.visits_sheet, _CALENDAR: deal_sheets.follow_ups_sheet
    }  # fmt: skip
    return lambda: sheets[named](context, condition)


def _forecast(session: Session, context: Context, named: str, options: dict[str, Any]) -> Callable[[], Sheet]:
    from funneltui.cli.figure_options import currency_for
    from funneltui.exchange import report_sheets
    from funneltui.services import forecasts

    start = session.config().number("fiscal_year_start")
    periods = forecasts.chosen_periods(
        Span(options["period"]), context.clock.today(), start, options["since"], options["until"]
    )
    currency = currency_for(session, context, options["currency"], options["pipeline"])
    asked = forecasts.Asked(periods, currency, None, options["pipeline"])
    make = report_sheets.forecast_sheet if named == "forecast" else report_sheets.forecast_deals_sheet
    return lambda: make(context, asked)


def _report(context: Context, named: str, words: tuple[str, ...], options: dict[str, Any]) -> Callable[[], Sheet]:
    from funneltui.exchange import report_sheets

    asked = asked_of(context, words, options)
    if named == "funnel":
        return lambda: report_sheets.funnel_sheet(context, asked, Mode(options["mode"]))
    make = report_sheets.stats_sheet if named == "stats" else report_sheets.losses_sheet
    return lambda: make(context, asked)
