"""`list`: deals, filtered and sorted."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_texts import COLUMN_NAMES, DEFAULT_COLUMNS, Writer, columns_named, row_of
from funneltui.cli.filtering import FilterCommand, condition_of, filter_argument, text_of
from funneltui.cli.frame import command
from funneltui.cli.output import on_terminal, say_json_array, say_rows
from funneltui.storage.list_orders import ListSort, list_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.domain.views import View
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition

_ALIASES = {"expected_close": "close", "stage_name": "stage"}


def _sort(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    name = text.removeprefix("-")
    try:
        return list_order(ListSort(name), descending=name != text)
    except ValueError:
        message = f'"{name}" is no order; choose one of: {", ".join(ListSort)} (with - before it: descending)'
        raise click.BadParameter(message, ctx, param) from None


def _columns(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    typed = (name.strip().lower().replace("-", "_") for name in text.split(","))
    names = tuple(_ALIASES.get(name, name) for name in typed)
    unknown = [name for name in names if name not in COLUMN_NAMES]
    if unknown:
        message = f'there is no column "{unknown[0]}"; choose among: {", ".join(COLUMN_NAMES)}'
        raise click.BadParameter(message, ctx, param)
    return names


@command("list", cls=FilterCommand)
@filter_argument
@click.option(
    "--sort", "order", metavar="KEY", callback=_sort,
    help=f"One of {', '.join(ListSort)}; with - before it descending.",
)  # fmt: skip
@click.option("--columns", metavar="A,B,C", callback=_columns, help=f"Among {', '.join(COLUMN_NAMES)}.")
@click.option(
    "--view",
    metavar="NAME",
    help="As one of your saved views says; FILTER narrows it, --sort and --columns go before it.",
)
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most so many.")
def list_deals(
    session: Session,
    words: tuple[str, ...],
    order: str | None,
    columns: tuple[str, ...] | None,
    view: str | None,
    limit: int | None,
) -> None:
    """List the deals that a FILTER lets through: stage:offered owner:me -tag:old amount>5k close:..eom is:overdue.

    Spam is left out unless the filter speaks of outcomes. On a terminal it is a table; in a pipe lines of cells
    separated by tabs, dates as 2026-12-15, without a heading.
    """
    context = session.workspace()
    from funneltui.services import deals

    condition, seen = _seen_by(context, view, words)
    first_order = (
        list_order(ListSort(seen.sort.value), descending=seen.descending) if seen else list_order(ListSort.NUMBER)
    )
    shown = columns or (_columns_of(seen) if seen else DEFAULT_COLUMNS)
    with closing(deals.listed(context, condition, order or first_order)) as found:  # type: ignore[type-var]
        _print(session, context, islice(found, limit), shown)


def _seen_by(context: Context, name: str | None, words: tuple[str, ...]) -> tuple[Condition, View | None]:
    """Give the condition of the words, narrowed to what a saved view shows if one is named, and that view."""
    if name is None:
        return condition_of(context, words, without_spam=True), None
    from funneltui.services import views

    view = views.named(context, name)
    return views.condition_of(context, context.pipelines, view.filter_text, text_of(words), tab=view.tab), view


def _columns_of(view: View) -> tuple[str, ...]:
    """Give the names under which `list` knows a view's columns."""
    return tuple("outcome" if placed.column.value == "spam" else placed.column.value for placed in view.columns)


def _print(session: Session, context: Context, found: Iterable[Deal], columns: tuple[str, ...]) -> None:
    if session.json:
        from funneltui.exchange.deal_records import deal_record

        say_json_array(deal_record(deal, context.pipeline_of(deal.pipeline)) for deal in found)
        return
    writer = Writer(context, context.clock.today(), plain=not on_terminal())
    say_rows(columns_named(columns), (row_of(writer, deal, columns) for deal in found))
