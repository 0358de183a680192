"""What changed since, by this or another process: cheap enough to ask several times a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import peewee

from funneltui.storage import inbox, pipelines
from funneltui.storage.database import Database, demand_same_file, query

_REMEMBERED = 1000
"""How many of one's own events are remembered; more at once are taken for news, and the board read anew."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the feed: the last event seen, SQLite's mark of other connections' commits, how often the pipelines were
    changed (a context that was read at another count is out of date), and how often the inbox: what arrives or is dropped
    there has no deal, and so no event.
    """

    event: int = 0
    data_version: int = 0
    pipelines: int = 0
    inbox: int = 0


def position(database: Database) -> Position:
    """Give the present place."""
    mark = query(database, "PRAGMA data_version")[0][0] if isinstance(database, peewee.SqliteDatabase) else 0
    sql = f"SELECT coalesce(max(id), 0), ({pipelines.COUNT_CHANGES}), ({inbox.COUNT_CHANGES}) FROM event"
    event, changed, arrived = query(database, sql)[0]
    return Position(int(event), int(mark), int(changed or 0), int(arrived or 0))


def moved_on(database: Database, last: Position) -> Position | None:
    """Give the new place when another process committed a change since `last`, or anybody one of a pipeline or of the inbox,
    else none.

    On SQLite one pragma of some microseconds tells; the events are only looked at when it does. On PostgreSQL the newest
    event is asked for, from the end of its index.

    Raises:
        StorageError: the database does not answer, or another file is where it was.
    """
    demand_same_file(database)
    if isinstance(database, peewee.SqliteDatabase):
        mark = int(query(database, "PRAGMA data_version")[0][0])
        if mark == last.data_version:
            return None
        return position(database)
    new = position(database)
    counted = (new.pipelines, new.inbox) != (last.pipelines, last.inbox)
    return new if counted or (new != last and _others(database, last.event)) else None


def note_own(database: Database, event: int) -> None:
    """Remember that an event was written over this connection: it is no news."""
    if not isinstance(database, peewee.SqliteDatabase):
        vars(database).setdefault("own_events", deque(maxlen=_REMEMBERED)).append(event)


def _others(database: Database, since: int) -> bool:
    own = set(vars(database).get("own_events", ()))
    rows = query(database, "SELECT id FROM event WHERE id > ? ORDER BY id LIMIT ?", (since, _REMEMBERED + 1))
    return any(event not in own for (event,) in rows)


def deals_since(database: Database, event: int, limit: int = 200) -> list[int]:
    """Give the numbers of the deals that changed after an event, each once, at most `limit`."""
    rows = query(database, "SELECT DISTINCT deal FROM event WHERE id > ? LIMIT ?", (event, limit))
    return [number for (number,) in rows]
