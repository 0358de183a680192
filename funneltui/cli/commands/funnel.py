"""`funnel`: the funnel as a drawing on a terminal, as lines in a pipe, as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from funneltui.cli.filtering import FilterCommand, condition_of, filter_argument
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_rows
from funneltui.domain.funnel import Mode
from funneltui.domain.money import format_full, minor_digits

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.funnel import Figure, Funnel, StageFigures

_BAR_WIDTH = 24


def _currency(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    return text.strip().upper() if text else None


@command("funnel", cls=FilterCommand)
@filter_argument
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.STANDARD.value, show_default=True,
    help="standard: where deals stand now; conversion: how far they got; entered: where they really were.",
)  # fmt: skip
@click.option("--currency", metavar="CODE", callback=_currency, help="The currency of the sums; else the pipeline's.")
def funnel(session: Session, words: tuple[str, ...], mode: str, currency: str | None) -> None:
    """Draw the funnel of the deals that a FILTER lets through.

    In a pipe each line holds, separated by tabs: a stage, its deals now, their amount, the weighted amount, and of the
    deals that reached it: all, open, won, lost, the share that went on. Then come the lines won, lost, overall.
    """
    context = session.workspace()
    from funneltui.services import reports

    if currency:
        minor_digits(currency)
    condition = condition_of(context, words, without_spam=False)
    figures = reports.funnel_of(context, context.pipeline, Mode(mode), condition, currency)
    if session.json:
        from funneltui.exchange.deal_records import funnel_record

        say_json(funnel_record(figures))
    elif on_terminal():
        _draw(figures, context.pipeline.name)
    else:
        _print(figures)


def _print(figures: Funnel) -> None:
    lines = [[row.stage.name, *_numbers(row, figures.currency)] for row in figures.stages]
    lines.append(["won", *_sum(figures.won, figures.currency)])
    lines.append(["lost", *_sum(figures.lost, figures.currency)])
    lines.append(["overall", str(figures.entered), _percent(figures.overall_rate)])
    lines.extend(["not added", *_sum(other, currency)] for currency, other in figures.others)
    say_rows((), lines)


def _numbers(row: StageFigures, currency: str) -> list[str]:
    counts = (row.reached, row.open, row.won, row.lost)
    money = (format_full(row.amount, currency), format_full(row.weighted, currency))
    return [str(row.count), *money, *map(str, counts), _percent(row.step_rate)]


def _sum(figure: Figure, currency: str) -> list[str]:
    return [str(figure.count), format_full(figure.amount, currency)]


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _draw(figures: Funnel, name: str) -> None:
    say(f"{name}, {figures.mode.value} funnel, {figures.currency}")
    if figures.mode is Mode.STANDARD:
        _draw_standing(figures)
    else:
        _draw_passing(figures)
    overall = _percent(figures.overall_rate) or "nothing yet"
    say(f"overall {overall}: {figures.won.count} won of {figures.entered} that entered")
    for currency, other in figures.others:
        say(f"not added up: {other.count} open in {currency}, {format_full(other.amount, currency)}")


def _draw_standing(figures: Funnel) -> None:
    most = max([row.count for row in figures.stages] + [figures.won.count, figures.lost.count])
    currency = figures.currency
    rows = [
        [row.stage.name, _bar(row.count, most), str(row.count), format_full(row.amount, currency),
         format_full(row.weighted, currency)]
        for row in figures.stages
    ]  # fmt: skip
    rows += [
        [label, _bar(figure.count, most), *_sum(figure, currency), ""]
        for label, figure in (("won", figures.won), ("lost", figures.lost))
    ]
    columns = (
        Column("stage"), Column(""), Column("deals", number=True), Column("amount", number=True),
        Column("weighted", number=True),
    )  # fmt: skip
    say_rows(columns, rows)


def _draw_passing(figures: Funnel) -> None:
    most = max((row.reached for row in figures.stages), default=0)
    heading = "entered" if figures.mode is Mode.ENTERED else "reached"
    columns = (
        Column("stage"), Column(""), Column(heading, number=True), Column("open", number=True),
        Column("won", number=True), Column("lost", number=True), Column("go on", number=True),
    )  # fmt: skip
    rows = [
        [row.stage.name, _bar(row.reached, most), *map(str, (row.reached, row.open, row.won, row.lost)),
         _percent(row.step_rate)]
        for row in figures.stages
    ]  # fmt: skip
    say_rows(columns, rows)
    say(f"won {format_full(figures.won.amount, figures.currency)}")


def _bar(count: int, most: int) -> str:
    if not most or not count:
        return ""
    encoding = (sys.stdout.encoding or "").lower()
    return ("█" if "utf" in encoding else "#") * max(1, round(_BAR_WIDTH * count / most))
