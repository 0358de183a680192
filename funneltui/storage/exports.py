"""Deals with their visits and events for files: page by page in the order of their numbers, in the memory of one page."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from funneltui.domain.history import Event, EventKind, Visit
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, select
from funneltui.storage.tables import from_micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.deal import Deal

_PAGE = 500


def deals_by_number(database: Database, condition: Condition) -> Iterator[list[Deal]]:
    """Give the deals of a condition by their numbers, page by page; each page is found by its first number."""
    last = -1
    while page := select(database, condition & Condition("d.number > ?", (last,)), limit=_PAGE):
        yield page
        last = page[-1].number


def follow_ups_by_day(database: Database, condition: Condition) -> Iterator[list[Deal]]:
    """Give the deals of a condition that are to be followed up, by the day, page by page; closed ones once they are won."""
    waiting = condition & Condition("d.follow_up IS NOT NULL AND d.outcome IN ('open', 'won')")
    day, last = "", -1
    while page := select(
        database,
        waiting & Condition("(d.follow_up, d.number) > (?, ?)", (day, last)),
        "d.follow_up, d.number",
        _PAGE,
    ):
        yield page
        day, last = str(page[-1].follow_up), page[-1].number


def visits_of(database: Database, numbers: Sequence[int]) -> dict[int, list[Visit]]:
    """Give the stays of a page of deals by the deals' numbers, the first one first."""
    found: dict[int, list[Visit]] = defaultdict(list)
    for number, stage, detail, entered, left, *rest in query(
        database,
        "SELECT v.deal, v.stage, v.detail, v.entered, v.left_at, v.seconds, p.name, v.pipeline FROM visit v "
        f"LEFT JOIN person p ON p.id = v.who_id WHERE v.deal IN ({_marks(numbers)}) ORDER BY v.deal, v.entered, v.id",
        numbers,
    ):
        end = None if left is None else from_micros(left)
        found[number].append(Visit(number, stage, detail, from_micros(entered), end, *rest))
    return found


def events_of(database: Database, numbers: Sequence[int]) -> dict[int, list[tuple[Event, bool]]]:
    """Give the events of a page of deals by the deals' numbers, the first one first, each with whether it was undone."""
    found: dict[int, list[tuple[Event, bool]]] = defaultdict(list)
    rows: list[tuple[Any, ...]] = query(
        database,
        "SELECT e.id, e.deal, e.at, p.name, e.kind, e.version, e.data, e.change, coalesce(g.state, '') FROM event e "
        "LEFT JOIN person p ON p.id = e.who_id LEFT JOIN change g ON g.id = e.change "
        f"WHERE e.deal IN ({_marks(numbers)}) ORDER BY e.deal, e.id",
        numbers,
    )
    for number, deal, at, who, kind, version, data, change, state in rows:
        event = Event(number, deal, from_micros(at), who, EventKind(kind), version, json.loads(data), change)
        turned = event.kind in (EventKind.UNDONE, EventKind.REDONE)
        found[deal].append((event, state in ("undone", "dropped") and not turned))
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
