"""The review's queue as stored: which deals want an answer and why, and what a person has done since a moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from funneltui.domain.filters import Filter, Flag, Flags
from funneltui.domain.history import Event, EventKind
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, where, within
from funneltui.storage.filtering import condition as filter_condition
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, tzinfo

    from funneltui.domain.pipeline import Pipeline

Signs = tuple[bool, bool, bool, bool, bool]
"""Of a deal: overdue, due today, expected close passed, rotting, without a next step."""


def waiting(
    database: Database,
    scope: int | None,
    actor: int,
    pipelines: Sequence[Pipeline],
    today: date,
    zone: tzinfo | None,
) -> list[tuple[int, Signs]]:
    """Give the number of every deal that wants an answer, with the signs why, in the order of the review; one statement.

    First what is overdue, then due today, then with an expected close that has passed, rotting, without a next step; within
    each the oldest date first. No deal is loaded for it.
    """
    signs = _signs(actor, pipelines, today, zone)
    columns = ", ".join(f"CASE WHEN {one.sql} THEN 1 ELSE 0 END AS s{place}" for place, one in enumerate(signs))
    among = Condition(f"d.pipeline IN ({', '.join('?' * len(pipelines))})", tuple(one.key for one in pipelines))
    at_all = Condition("(d.outcome = 'open' OR d.due_on <= ?)", (today.isoformat(),))
    standing = among & at_all & within(scope)
    names = [f"s{place}" for place in range(len(signs))]
    rank = " ".join(f"WHEN {name} = 1 THEN {place}" for place, name in enumerate(names))
    rows = query(
        database,
        f"SELECT number, {', '.join(names)} FROM (SELECT d.number, d.due_on, {columns} FROM deal d {where(standing)}) AS q "
        f"WHERE {' + '.join(names)} > 0 ORDER BY CASE {rank} END, due_on, number",
        (*(value for one in signs for value in one.values), *standing.values),
    )
    return [(row[0], (row[1] == 1, row[2] == 1, row[3] == 1, row[4] == 1, row[5] == 1)) for row in rows]


def _signs(actor: int, pipelines: Sequence[Pipeline], today: date, zone: tzinfo | None) -> list[Condition]:
    day = today.isoformat()
    overdue, due_today, rotting = (
        filter_condition(Filter(Flags((flag,))), actor_id=actor, today=today, zone=zone, pipelines=pipelines)
        for flag in (Flag.OVERDUE, Flag.TODAY, Flag.ROTTING)
    )
    passed = Condition("d.outcome = 'open' AND d.expected_close < ?", (day,))
    alone = Condition("d.outcome = 'open' AND d.follow_up IS NULL")
    return [overdue, due_today, passed, rotting, alone]


def done_since(database: Database, who: int, since: datetime) -> list[Event]:
    """Give what a person did to deals since a moment and has not undone, the first first; adding deals is not among it."""
    rows = query(
        database,
        "SELECT e.id, e.deal, e.at, p.name, e.kind, e.version, e.data, e.change FROM change g "
        "JOIN event e ON e.change = g.id LEFT JOIN person p ON p.id = e.who_id "
        "WHERE g.who_id = ? AND g.state IN ('done', 'sealed') AND g.at >= ? AND e.at >= ? "
        "AND e.kind NOT IN ('created', 'undone', 'redone') ORDER BY e.id",
        (who, to_micros(since), to_micros(since)),
    )
    return [
        Event(number, deal, from_micros(at), by, EventKind(kind), version, json.loads(data), change)
        for number, deal, at, by, kind, version, data, change in rows
    ]
