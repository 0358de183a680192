"""Windows of a list of deals in any order: a screenful, the place of one deal, the counts of the tabs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.deals import DEAL_FROM, Condition, select, where
from funneltui.storage.list_orders import FigureSort, ListSort, can_lack, expressions_of, list_order

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.storage.list_orders import AnySort, StoredSort

OPEN = Condition("d.outcome = 'open'")
_CLOSED = Condition("d.outcome <> 'open'")


def window(
    database: Database, condition: Condition, sort: AnySort, *, descending: bool, start: int, size: int
) -> tuple[Deal, ...]:
    """Give `size` deals of a condition from place `start` on, in an order.

    Their numbers come first, mostly from an index alone; only the deals of the window are then read in full.
    """
    some = numbers(database, condition, sort, descending=descending, start=max(0, start), size=size)
    if not some:
        return ()
    these = Condition(f"d.number IN ({', '.join('?' * len(some))})", tuple(some))
    by_number = {deal.number: deal for deal in select(database, these)}
    return tuple(by_number[number] for number in some)


def numbers(
    database: Database,
    condition: Condition,
    sort: AnySort,
    *,
    descending: bool,
    start: int = 0,
    size: int | None = None,
) -> list[int]:
    """Give the numbers of the deals of a condition in an order: `size` from place `start` on, or all."""
    if isinstance(sort, FigureSort):
        first = _figured(database, condition, sort, descending=descending)
        here, left = first[start:][:size], max(0, start - len(first))
        after = None if size is None else size - len(here)
        return here + numbers(database, condition & _CLOSED, ListSort.NUMBER, descending=False, start=left, size=after)
    order = list_order(sort, descending=descending)
    sql = f"SELECT d.number {_tables_for(condition.sql, order)} {where(condition)} ORDER BY {order}"
    if size is not None:
        sql += f" LIMIT {int(size)} OFFSET {int(start)}"
    return [number for (number,) in query(database, sql, condition.values)]


def _figured(database: Database, condition: Condition, sort: FigureSort, *, descending: bool) -> list[int]:
    """Give the numbers of the open deals of a condition in the order of their figures."""
    those = condition & OPEN
    rows = query(database, f"SELECT d.number {_tables_for(those.sql)} {where(those)}", those.values)
    return sort.in_order((number for (number,) in rows), descending=descending)


def place_of(database: Database, condition: Condition, sort: AnySort, *, descending: bool, number: int) -> int | None:
    """Give the place of a deal among those of a condition in an order, from 0, or none when it is not among them."""
    if isinstance(sort, FigureSort):
        first = _figured(database, condition, sort, descending=descending)
        if number in first:
            return first.index(number)
        after = place_of(database, condition & _CLOSED, ListSort.NUMBER, descending=False, number=number)
        return None if after is None else len(first) + after
    expressions = expressions_of(sort)
    here = condition & Condition("d.number = ?", (number,))
    wanted = ", ".join([*expressions, "d.number"])
    rows = query(database, f"SELECT {wanted} {_tables_for(here.sql, wanted)} {where(here)}", here.values)
    if not rows:
        return None
    before = condition & _before(sort, rows[0], descending=descending)
    sql = f"SELECT count(*) {_tables_for(before.sql)} {where(before)}"
    return int(query(database, sql, before.values)[0][0])


def versions(database: Database, condition: Condition) -> dict[int, int]:
    """Give the versions of all deals of a condition, by number."""
    sql = f"SELECT d.number, d.version {_tables_for(condition.sql)} {where(condition)}"
    return dict(query(database, sql, condition.values))


def stage_counts(database: Database, condition: Condition) -> dict[str, int]:
    """Give how many deals of a condition stand in each stage."""
    sql = f"SELECT d.stage, count(*) {_tables_for(condition.sql)} {where(condition)} GROUP BY d.stage"
    return {stage: int(n) for stage, n in query(database, sql, condition.values)}


def _before(sort: StoredSort, values: tuple[object, ...], *, descending: bool) -> Condition:
    """Give the condition of the deals that come before the one with these values: `list_order`, said as a comparison."""
    sign = ">" if descending else "<"
    expressions = expressions_of(sort)
    if can_lack(sort) and values[0] is None:
        lacks = f"{expressions[0]} IS NULL"
        return Condition(f"(NOT ({lacks}) OR ({lacks} AND d.number {sign} ?))", values[-1:])
    if not expressions:
        return Condition(f"d.number {sign} ?", values)
    left, marks = ", ".join([*expressions, "d.number"]), ", ".join("?" * len(values))
    # The first comparison says nothing new; SQLite finds its way through the index of an expression by it alone.
    sql = f"{expressions[0]} {sign}= ? AND ({left}) {sign} ({marks})"
    return Condition(sql, (values[0], *values))


def _tables_for(*parts: str) -> str:
    """Give the FROM clause with those of the joined tables only that are spoken of: a count need not visit the others."""
    deal, *joined = DEAL_FROM.split(" LEFT JOIN ")
    spoken = " ".join(parts)
    return " LEFT JOIN ".join([deal, *(one for one in joined if re.search(rf"\b{one.split()[1]}\.", spoken))])
