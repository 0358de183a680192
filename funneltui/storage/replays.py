"""What a moment of the past is told from: the events of what changed since, and what has stood unchanged since."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from funneltui.domain.history import Event, EventKind
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, within
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

_SINCE = "SELECT e.deal FROM event e WHERE e.at > ?"


def changed_since(database: Database, scope: int | None, moment: datetime) -> dict[int, list[Event]]:
    """Give the whole histories, by number, of the deals within a scope that something happened to after a moment.

    The scope is that of now; deals whose adding was undone are among them. One statement.
    """
    own, values = ("", ()) if scope is None else ("d.owner_id = ? AND ", (scope,))
    found: dict[int, list[Event]] = defaultdict(list)
    rows = query(
        database,
        "SELECT h.id, h.deal, h.at, p.name, h.kind, h.version, h.data, h.change FROM event h "
        "JOIN deal d ON d.number = h.deal LEFT JOIN person p ON p.id = h.who_id "
        f"WHERE {own}h.deal IN ({_SINCE}) ORDER BY h.deal, h.id",
        (*values, to_micros(moment)),
    )
    for number, deal, at, who, kind, version, data, change in rows:
        found[deal].append(
            Event(number, deal, from_micros(at), who, EventKind(kind), version, json.loads(data), change)
        )
    return dict(found)


def unchanged_since(moment: datetime) -> Condition:
    """Give the condition that nothing happened to a deal after a moment: it stands now as it stood then."""
    return Condition(f"d.number NOT IN ({_SINCE})", (to_micros(moment),))


def open_sums_unchanged_since(
    database: Database, scope: int | None, moment: datetime, pipeline: str
) -> dict[str, tuple[int, int]]:
    """Give how many deals of a pipeline are open to which nothing happened after a moment, and their sum, by currency."""
    there = Condition("d.pipeline = ? AND d.outcome = 'open'", (pipeline,))
    condition = there & unchanged_since(moment) & within(scope)
    rows = query(
        database,
        f"SELECT d.currency, count(*), coalesce(sum(d.amount), 0) FROM deal d WHERE {condition.sql} GROUP BY d.currency",
        condition.values,
    )
    return {currency: (int(count), int(amount)) for currency, count, amount in rows}
