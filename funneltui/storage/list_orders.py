"""The orders in which a list of deals can stand, on both databases alike."""

from __future__ import annotations

from enum import StrEnum


class ListSort(StrEnum):
    """What a list can be sorted by."""

    NUMBER = "number"
    TITLE = "title"
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE = "close"
    CREATED = "created"
    AGE = "age"
    OWNER = "owner"
    COMPANY = "company"
    DUE = "due"


_STAGE_PLACE = "(SELECT s.position FROM stage s WHERE s.pipeline = d.pipeline AND s.key = d.stage)"
_OUTCOME_PLACE = "CASE d.outcome WHEN 'open' THEN 0 WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 3 END"

_EXPRESSIONS: dict[ListSort, tuple[str, ...]] = {
    ListSort.NUMBER: (),
    ListSort.TITLE: ("d.search",),
    ListSort.STAGE: (_OUTCOME_PLACE, _STAGE_PLACE),
    ListSort.AMOUNT: ("d.amount",),
    ListSort.CLOSE: ("d.expected_close",),
    ListSort.CREATED: ("d.created",),
    ListSort.AGE: ("-d.stage_entered",),
    ListSort.OWNER: ("o.folded",),
    ListSort.COMPANY: ("c.folded",),
    ListSort.DUE: ("d.due_on",),
}
_CAN_LACK = {ListSort.AMOUNT, ListSort.OWNER, ListSort.COMPANY, ListSort.DUE}


def list_order(sort: ListSort, *, descending: bool = False) -> str:
    """Give the ORDER BY expression of a sort over the names of `DEAL_FROM`; deals that lack the value come last.

    The number settles ties, so that a list read page by page neither repeats nor skips a deal. Amounts are compared by their
    minor units whatever the currency: nothing is converted.
    """
    direction = " DESC" if descending else ""
    parts = [f"{expression}{direction}" for expression in _EXPRESSIONS[sort]]
    if sort in _CAN_LACK:
        # SQLite and PostgreSQL disagree on where NULL stands.
        parts.insert(0, f"{_EXPRESSIONS[sort][0]} IS NULL")
    return ", ".join([*parts, f"d.number{direction}"])
