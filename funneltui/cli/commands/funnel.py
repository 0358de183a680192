"""`funnel`: the funnel as a drawing on a terminal, as lines in a pipe, as JSON; by groups, of a cohort, as of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.figure_options import AS_OF, CURRENCY, PIPELINE, asked_of, period, told
from funneltui.cli.figure_texts import bar, percent
from funneltui.cli.filtering import FilterCommand, filter_argument
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_rows
from funneltui.domain.funnel import Mode
from funneltui.domain.money import format_full

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.funnel import Figure, Funnel, StageFigures

_BY = ("owner", "source", "company", "tag", "month")
_COUNT, _VALUE, _WEIGHTED = "count", "value", "weighted"


@command("funnel", cls=FilterCommand)
@filter_argument
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.STANDARD.value, show_default=True,
    help="standard: where deals stand now; conversion: how far they got; entered: where they really were.",
)  # fmt: skip
@click.option(
    "--show", type=click.Choice((_COUNT, _VALUE, _WEIGHTED)), default=_COUNT, show_default=True,
    help="What the bars of the standard funnel stand for: deals, their amount, their weighted amount.",
)  # fmt: skip
@click.option("--by", type=click.Choice(_BY), help="A funnel of each of these; a month is that of creation.")
@period("Of the deals created")
@PIPELINE
@AS_OF
@CURRENCY
def funnel(
    session: Session, words: tuple[str, ...], mode: str, show: str, by: str | None, **options: str | None
) -> None:
    """Draw the funnel of the deals that a FILTER lets through.

    In a pipe each line holds, separated by tabs: a stage, its deals now, their amount, the weighted amount, and of the
    deals that reached it: all, open, won, lost, the share that went on. Then come the lines won, lost, overall, and of
    each other currency what is open (not added) and won (not added won). With --by the name of the group stands before.

    With --mode entered the place of the share that went on has how many entered the next stage for each that entered this
    one: not the same deals, so it may exceed 100 %. Overall is of those that entered the first stage.
    """
    if show != _COUNT and mode != Mode.STANDARD.value:
        message = f"the {mode} funnel counts deals; --show {show} goes with --mode standard"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.domain.figure_sums import By
    from funneltui.services import funnels

    asked = asked_of(context, words, options)
    found = funnels.funnels(context, asked, Mode(mode), By(by) if by else None)
    if session.json:
        from funneltui.exchange.figure_records import funnels_record

        say_json(funnels_record(found, asked))
        return
    name = told(asked, context.clock.today(), f"{mode} funnel")
    if by is None:
        _draw(found.whole, name, show) if on_terminal() else _print(found.whole)
        return
    for place, (_, group, one) in enumerate(found.groups):
        if not on_terminal():
            _print(one, group)
            continue
        if place:
            say()
        _draw(one, f"{group}: {name}", show)


def _print(figures: Funnel, group: str | None = None) -> None:
    lines = [[row.stage.name, *_numbers(row, figures.currency)] for row in figures.stages]
    lines.append(["won", *_sum(figures.won, figures.currency)])
    lines.append(["lost", *_sum(figures.lost, figures.currency)])
    lines.append(["overall", str(figures.entered), percent(figures.overall_rate)])
    lines.extend(["not added", *_sum(other, currency)] for currency, other in figures.others)
    lines.extend(["not added won", *_sum(other, currency)] for currency, other in figures.won_others)
    say_rows((), lines if group is None else [[group, *line] for line in lines])


def _numbers(row: StageFigures, currency: str) -> list[str]:
    counts = (row.reached, row.open, row.won, row.lost)
    money = (format_full(row.amount, currency), format_full(row.weighted, currency))
    return [str(row.count), *money, *map(str, counts), percent(row.step_rate)]


def _sum(figure: Figure, currency: str) -> list[str]:
    return [str(figure.count), format_full(figure.amount, currency)]


def _draw(figures: Funnel, name: str, show: str) -> None:
    say(name)
    if figures.mode is Mode.STANDARD:
        _draw_standing(figures, show)
    else:
        _draw_passing(figures)
    overall = percent(figures.overall_rate) or "nothing yet"
    where = f" {figures.stages[0].stage.name}" if figures.mode is Mode.ENTERED and figures.stages else ""
    say(f"overall {overall}: {figures.entered_won} won of {figures.entered} that entered{where}")
    for what, others in (("open", figures.others), ("won", figures.won_others)):
        for currency, other in others:
            say(f"not added up: {other.count} {what} in {currency}, {format_full(other.amount, currency)}")


def _draw_standing(figures: Funnel, show: str) -> None:
    currency = figures.currency
    measures = {
        row.stage.key: {_COUNT: row.count, _VALUE: row.amount, _WEIGHTED: row.weighted}[show] for row in figures.stages
    }
    # What is won is worth its whole amount, what is lost nothing any more.
    won = figures.won.count if show == _COUNT else figures.won.amount
    lost = {_COUNT: figures.lost.count, _VALUE: figures.lost.amount, _WEIGHTED: 0}[show]
    most = max(*measures.values(), won, lost)
    rows = [
        [row.stage.name, bar(measures[row.stage.key], most), str(row.count), format_full(row.amount, currency),
         format_full(row.weighted, currency)]
        for row in figures.stages
    ]  # fmt: skip
    rows += [
        [label, bar(measure, most), *_sum(figure, currency), ""]
        for label, figure, measure in (("won", figures.won, won), ("lost", figures.lost, lost))
    ]
    columns = (
        Column("stage"), Column("" if show == _COUNT else show), Column("deals", number=True),
        Column("amount", number=True), Column("weighted", number=True),
    )  # fmt: skip
    say_rows(columns, rows)


def _draw_passing(figures: Funnel) -> None:
    most = max((row.reached for row in figures.stages), default=0)
    heading, onward = ("entered", "next/this") if figures.mode is Mode.ENTERED else ("reached", "go on")
    columns = (
        Column("stage"), Column(""), Column(heading, number=True), Column("open", number=True),
        Column("won", number=True), Column("lost", number=True), Column(onward, number=True),
    )  # fmt: skip
    rows = [
        [row.stage.name, bar(row.reached, most), *map(str, (row.reached, row.open, row.won, row.lost)),
         percent(row.step_rate)]
        for row in figures.stages
    ]  # fmt: skip
    say_rows(columns, rows)
    say(f"won {format_full(figures.won.amount, figures.currency)}")
