"""`list`: deals, filtered and sorted."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import click

from funneltui.cli.deal_texts import CHANCE, COLUMN_NAMES, DEFAULT_COLUMNS, Writer, columns_named, row_of
from funneltui.cli.figure_options import AS_OF, point_of
from funneltui.cli.filtering import FilterCommand, condition_of, filter_argument, filter_of, parsed, text_of
from funneltui.cli.frame import command
from funneltui.cli.output import on_terminal, say_json_array, say_rows
from funneltui.errors import BadInput
from funneltui.storage.list_orders import ListSort, field_sort, list_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from funneltui.cli.session import Session
    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.deal import Deal
    from funneltui.domain.views import View
    from funneltui.services.chances import Chance
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition
    from funneltui.storage.list_orders import StoredSort

    Order: TypeAlias = tuple[StoredSort | None, bool]
    """What is sorted by, nothing standing for the chance to win; and whether it descends."""

_ALIASES = {"expected_close": "close", "stage_name": "stage"}


def _own_fields(context: Context) -> dict[str, CustomField]:
    """Give the custom fields of all pipelines by their keys; of two with one key the first pipeline's."""
    return {field.key: field for pipeline in reversed(context.pipelines) for field in pipeline.fields}


def _own_key(context: Context, text: str) -> str | None:
    """Give the key of the custom field of this key or name in any pipeline, or nothing."""
    found = (pipeline.field_called(text) for pipeline in context.pipelines)
    return next((field.key for field in found if field is not None), None)


def _sorted_by(context: Context, text: str | None, otherwise: Order) -> Order:
    """Give the order that was typed, or the other one."""
    if text is None:
        return otherwise
    name = text.removeprefix("-")
    if name == CHANCE:
        return None, name != text
    if name in list(ListSort):
        return ListSort(name), name != text
    sort = field_sort(_own_key(context, name) or "", context.pipelines)
    if sort is None:
        known = ", ".join([*ListSort, CHANCE, *_own_fields(context)])
        message = f'"{name}" is no order; choose one of: {known} (with - before it: descending)'
        raise click.BadParameter(message, param_hint="--sort")
    return sort, name != text


def _columns(context: Context, text: str) -> tuple[str, ...]:
    """Give the names of the columns that were typed, those of custom fields by their keys."""
    names = []
    for typed in text.split(","):
        plain = typed.strip().lower().replace("-", "_")
        name: str | None = _ALIASES.get(plain, plain)
        if name not in COLUMN_NAMES:
            name = _own_key(context, typed)
        if name is None:
            known = ", ".join([*COLUMN_NAMES, *_own_fields(context)])
            message = f'there is no column "{plain}"; choose among: {known}'
            raise click.BadParameter(message, param_hint="--columns")
        names.append(name)
    return tuple(names)


@command("list", cls=FilterCommand)
@filter_argument
@click.option(
    "--sort", "order", metavar="KEY",
    help=f"One of {', '.join(ListSort)}, chance (of open deals), or a field of the pipeline's own; with - before it "
    "descending.",
)  # fmt: skip
@click.option(
    "--columns", metavar="A,B,C", help=f"Among {', '.join(COLUMN_NAMES)}, and the fields of the pipeline's own."
)
@click.option(
    "--view",
    metavar="NAME",
    help="As one of your saved views says; FILTER narrows it, --sort and --columns go before it.",
)
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most so many.")
@AS_OF
def list_deals(
    session: Session,
    words: tuple[str, ...],
    order: str | None,
    columns: str | None,
    view: str | None,
    limit: int | None,
    as_of: str | None,
) -> None:
    """List the deals that a FILTER lets through: stage:offered owner:me -tag:old amount>5k close:..eom is:overdue.

    Spam is left out unless the filter speaks of outcomes. On a terminal it is a table; in a pipe lines of cells
    separated by tabs, dates as 2026-12-15, without a heading. With --as-of the FILTER is asked of the deals as they stood.
    """
    context = session.workspace()
    if as_of is not None:
        _print_past(session, context, as_of, view, words, order, columns, limit)
        return
    condition, seen = _seen_by(context, view, words)
    shown = _columns(context, columns) if columns else _columns_of(seen) if seen else DEFAULT_COLUMNS
    wanted = _sorted_by(context, order, _order_of(context, seen))
    known = _chances(context) if wanted[0] is None or CHANCE in shown else {}
    if order is not None and wanted[0] is None:
        condition = _only_open(condition)
    with closing(_listed(context, condition, wanted, known)) as found:  # type: ignore[type-var]
        _print(session, Writer(context, context.clock.today(), not on_terminal(), known), islice(found, limit), shown)


def _only_open(condition: Condition) -> Condition:
    from funneltui.storage.list_windows import OPEN

    return condition & OPEN


def _chances(context: Context) -> Mapping[int, Chance]:
    """Give the chances of all open deals, by number."""
    from funneltui.services import chances

    return chances.of_pipelines(context, context.in_use)


def _listed(context: Context, condition: Condition, order: Order, known: Mapping[int, Chance]) -> Iterator[Deal]:
    """Give the deals of a condition in an order; by their chances with those that are known."""
    sort, descending = order
    if sort is None:
        from funneltui.services import chances, views

        return views.listed(context, condition, chances.order_of(known.values()), descending=descending)
    from funneltui.services import deals

    return deals.listed(context, condition, list_order(sort, descending=descending))


def _seen_by(context: Context, name: str | None, words: tuple[str, ...]) -> tuple[Condition, View | None]:
    """Give the condition of the words, narrowed to what a saved view shows if one is named, and that view."""
    if name is None:
        return condition_of(context, words), None
    from funneltui.services import views

    view = views.named(context, name)
    return views.condition_of(context, context.pipelines, view.filter_text, text_of(words), tab=view.tab), view


def _order_of(context: Context, view: View | None) -> Order:
    if view is None:
        return ListSort.NUMBER, False
    if view.sort.value == CHANCE:
        return None, view.descending
    own = view.sort.value.partition(":")[2]
    sort = field_sort(own, context.pipelines) if own else ListSort(view.sort.value)
    return sort or ListSort.NUMBER, view.descending


def _print_past(
    session: Session, context: Context, as_of: str, name: str | None, words: tuple[str, ...],
    order: str | None, columns: str | None, limit: int | None,
) -> None:  # fmt: skip
    """Print the list as it stood at a moment.

    Raises:
        BadInput: the chance to win is asked for, which is estimated of deals as they stand now.
    """
    from funneltui.services import past_lists, views

    point = point_of(context, as_of)
    assert point is not None  # it was typed
    view = views.named(context, name) if name is not None else None
    sort, descending = _sorted_by(context, order, _order_of(context, view))
    shown = _columns(context, columns) if columns else _columns_of(view) if view else DEFAULT_COLUMNS
    if sort is None or CHANCE in shown:
        message = (
            "the chance to win is that of deals as they stand now, there is none as of a past day; leave it out of --sort, "
            "--columns and the view, or leave out --as-of (chance --backtest DATE judges the estimates of a past day)"
        )
        raise BadInput(message)
    filters = [filter_of(context, words), *([parsed(context, view.filter_text)] if view else [])]
    tab = view.tab if view else ""
    found = past_lists.listed_at(context, point, filters, sort, descending=descending, tab=tab)
    writer = Writer(context, context.clock.local_day(point.moment), not on_terminal())
    _print(session, writer, islice(found, limit), shown)


def _columns_of(view: View) -> tuple[str, ...]:
    """Give the names under which `list` knows a view's columns."""
    names = (placed.column.value.removeprefix("field:") for placed in view.columns)
    return tuple("outcome" if name == "spam" else name for name in names)


def _print(session: Session, writer: Writer, found: Iterable[Deal], columns: tuple[str, ...]) -> None:
    context = writer.context
    if session.json:
        from funneltui.exchange.deal_records import record_of

        say_json_array(record_of(context, deal) for deal in found)
        return
    say_rows(columns_named(columns, _own_fields(context)), (row_of(writer, deal, columns) for deal in found))
