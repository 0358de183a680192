"""Visits and events as stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from funneltui.domain.history import Event, EventKind, Visit
from funneltui.storage import changes, feed
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.deals import Condition, within
from funneltui.storage.tables import VisitRow, from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_EVENT_COLUMNS = "e.id, e.deal, e.at, p.name, e.kind, e.version, e.data, e.change"
_EVENT_FROM = "FROM event e LEFT JOIN person p ON p.id = e.who_id"
_AT_ONCE = 500
"""Of how many events or deals one statement speaks: far below the parameters that either database takes."""


def open_visit(
    database: Database, deal: int, stage: str, detail: str | None, entered: datetime, who: int | None
) -> None:
    """Begin a deal's stay in a stage."""
    VisitRow.insert(deal=deal, stage=stage, detail=detail, entered=entered, who=who).execute(database)


def close_visit(database: Database, deal: int, left: datetime) -> None:
    """End the present stay of a deal, with its seconds stored; never before it began."""
    close_visits(database, {deal: left})


def close_visits(database: Database, lefts: Mapping[int, datetime]) -> None:
    """End the present stays of deals, by their numbers, each at a moment, with its seconds; never before it began."""
    end = "CASE WHEN entered > ? THEN entered ELSE ? END"
    sql = f"UPDATE visit SET left_at = {end}, seconds = ({end} - entered) / 1000000 WHERE deal = ? AND left_at IS NULL"
    run_many(database, sql, [(to_micros(left),) * 4 + (number,) for number, left in lefts.items()])


def change_details(database: Database, details: Mapping[int, str | None]) -> None:
    """Note the details of deals' present stays, by the deals' numbers."""
    rows = [(detail, number) for number, detail in details.items()]
    run_many(database, "UPDATE visit SET detail = ? WHERE deal = ? AND left_at IS NULL", rows)


def add_event(
    database: Database,
    deal: int,
    at: datetime,
    who: int,
    kind: EventKind,
    version: int,
    data: dict[str, Any],
    change: int | None = None,
) -> None:
    """Append one event; it belongs to the change of the running transaction, unless to another one."""
    add_events(database, [Event(0, deal, at, None, kind, version, data)], who, change)


def add_events(database: Database, events: Sequence[Event], who: int, change: int | None = None) -> None:
    """Append events of a person in this order; their ids are the database's, their change is as in `add_event`."""
    for start in range(0, len(events), _AT_ONCE):
        some = events[start : start + _AT_ONCE]
        change = change or changes.current(database, who, some[0].at)
        rows = [
            (event.deal, to_micros(event.at), change, who, event.kind.value, event.version, _json(event.data))
            for event in some
        ]
        marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        sql = f"INSERT INTO event (deal, at, change, who_id, kind, version, data) VALUES {marks} RETURNING id"
        for (event_id,) in query(database, sql, [value for row in rows for value in row]):
            feed.note_own(database, event_id)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def take_back_visits(database: Database, numbers: Sequence[int]) -> None:
    """Take the present stay of each of these deals away, as if it had never begun, and let the one before go on."""
    rows = [(number,) for number in numbers]
    run_many(database, "DELETE FROM visit WHERE deal = ? AND left_at IS NULL", rows)
    last = "SELECT id FROM visit WHERE deal = ? ORDER BY entered DESC, id DESC LIMIT 1"
    run_many(database, f"UPDATE visit SET left_at = NULL, seconds = NULL WHERE id = ({last})", rows)


def take_back_all_visits(database: Database, numbers: Sequence[int]) -> None:
    """Take all stays of these deals away: they were never added."""
    run_many(database, "DELETE FROM visit WHERE deal = ?", [(number,) for number in numbers])


def events_of_change(database: Database, change: int) -> list[Event]:
    """Give what a change did, in order; what undid or redid it is left out."""
    sql = (
        f"SELECT {_EVENT_COLUMNS} {_EVENT_FROM} WHERE e.change = ? AND e.kind NOT IN ('undone', 'redone') ORDER BY e.id"
    )
    return [_event(row) for row in query(database, sql, (change,))]


def later_events(database: Database, events: Mapping[int, int], change: int) -> dict[int, Event]:
    """Give what happened last to deals after an event of each (its id, by the deal's number) and still holds, by number.

    Nothing that was undone, no undoing itself, and nothing of `change`, whose events those are.
    """
    found: dict[int, Event] = {}
    for some in _parts(list(events)):
        rows = query(
            database,
            f"SELECT {_EVENT_COLUMNS} {_EVENT_FROM} LEFT JOIN change g ON g.id = e.change "
            f"WHERE e.deal IN ({_marks(some)}) AND e.id > ? AND coalesce(e.change, 0) <> ? "
            "AND e.kind NOT IN ('undone', 'redone') AND coalesce(g.state, 'done') IN ('done', 'sealed') ORDER BY e.id",
            (*some, min(events[number] for number in some), change),
        )
        found.update((row[1], _event(row)) for row in rows if row[0] > events[row[1]])
    return found


def undone_events(database: Database, deal: int) -> frozenset[int]:
    """Give the ids of a deal's events that were undone since."""
    rows = query(
        database,
        "SELECT e.id FROM event e JOIN change g ON g.id = e.change WHERE e.deal = ? AND g.state IN ('undone', 'dropped') "
        "AND e.kind NOT IN ('undone', 'redone')",
        (deal,),
    )
    return frozenset(event for (event,) in rows)


def latest_events(database: Database, scope: int | None, deal: int | None, limit: int) -> list[tuple[Event, bool]]:
    """Give the newest events of one deal or of all within a scope, each with whether it was undone since."""
    condition = within(scope)
    if deal is not None:
        condition &= Condition("e.deal = ?", (deal,))
    sql = (
        f"SELECT {_EVENT_COLUMNS}, coalesce(g.state IN ('undone', 'dropped'), false) {_EVENT_FROM} "
        "JOIN deal d ON d.number = e.deal LEFT JOIN change g ON g.id = e.change "
        f"WHERE {condition.sql} ORDER BY e.id DESC LIMIT ?"
    )
    rows = query(database, sql, (*condition.values, limit))
    return [(_event(row[:-1]), bool(row[-1]) and row[4] not in ("undone", "redone")) for row in rows]


def visits_of(database: Database, deal: int) -> list[Visit]:
    """Give a deal's stays, the first one first."""
    rows = query(
        database,
        "SELECT v.deal, v.stage, v.detail, v.entered, v.left_at, v.seconds, p.name, v.pipeline FROM visit v "
        "LEFT JOIN person p ON p.id = v.who_id WHERE v.deal = ? ORDER BY v.entered, v.id",
        (deal,),
    )
    return [
        Visit(number, stage, detail, from_micros(entered), None if left is None else from_micros(left), *rest)
        for number, stage, detail, entered, left, *rest in rows
    ]


def visited_stages(database: Database, deal: int, elsewhere: str) -> list[str]:
    """Give the keys of the stages that a deal ever entered in another pipeline than its own."""
    sql = "SELECT DISTINCT stage FROM visit WHERE deal = ? AND pipeline = ?"
    return [stage for (stage,) in query(database, sql, (deal, elsewhere))]


def own_stages(database: Database, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Give the keys of the stages that deals ever entered in the pipeline that each is in, by number; none: no entry."""
    found: dict[int, list[str]] = {}
    for some in _parts(numbers):
        sql = f"SELECT DISTINCT deal, stage FROM visit WHERE deal IN ({_marks(some)}) AND pipeline IS NULL"
        for deal, stage in query(database, sql, some):
            found.setdefault(deal, []).append(stage)
    return found


def change_pipelines(database: Database, ways: Sequence[tuple[int, str, str]]) -> None:
    """Note at deals' visits that each goes from one pipeline to another (its number, the one that it leaves, the one that it
    joins): to which of them each visit belongs.
    """
    left = [(left, number) for number, left, _ in ways]
    run_many(database, "UPDATE visit SET pipeline = ? WHERE deal = ? AND pipeline IS NULL", left)
    joined = [(number, joined) for number, _, joined in ways]
    run_many(database, "UPDATE visit SET pipeline = NULL WHERE deal = ? AND pipeline = ?", joined)


def _parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE)]


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))


def events_of(database: Database, deal: int, since_version: int = 0) -> list[Event]:
    """Give a deal's events, the first one first; of those after a version, if one is given."""
    sql = f"SELECT {_EVENT_COLUMNS} {_EVENT_FROM} WHERE e.deal = ? AND e.version > ? ORDER BY e.id"
    return [_event(row) for row in query(database, sql, (deal, since_version))]


def _event(row: Sequence[Any]) -> Event:
    number, deal, at, who, kind, version, data, change = row
    return Event(number, deal, from_micros(at), who, EventKind(kind), version, json.loads(data), change)
