"""Changes: what one transaction of one person did, so that one undo can take it back."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.tables import ChangeRow, from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


class State(StrEnum):
    """Where a change stands: done, undone, undone for good (something else was done after), or not to be undone."""

    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"
    SEALED = "sealed"


def current(database: Database, who: int, at: datetime) -> int:
    """Give the change of the running transaction; its first event begins it, and ends what could have been redone."""
    known: int | None = vars(database).get("change")
    if known is None:
        ChangeRow.update(state=State.DROPPED.value).where(
            (ChangeRow.who == who) & (ChangeRow.state == State.UNDONE.value)
        ).execute(database)
        known = int(ChangeRow.insert(who=who, at=to_micros(at), state=State.DONE.value).execute(database))
        vars(database)["change"] = known
    return known


@contextmanager
def one_change(database: Database) -> Iterator[None]:
    """Let all transactions within count as one change: an import of many batches is one undo."""
    vars(database)["change"] = None  # that of the transaction before is somebody's own
    vars(database)["keep_change"] = True
    try:
        yield
    finally:
        vars(database)["keep_change"] = False
        vars(database)["change"] = None


def go_on(database: Database) -> None:
    """Let what follows be another change where somebody has undone the one that goes on: its rest can be undone too."""
    known = vars(database).get("change")
    if known is not None and query(database, "SELECT state FROM change WHERE id = ?", (known,)) != [
        (State.DONE.value,)
    ]:
        vars(database)["change"] = None


def latest_done(database: Database, who: int) -> tuple[int, datetime] | None:
    """Give a person's last change that is done, with its moment."""
    return _one(database, who, State.DONE, "DESC")


def next_undone(database: Database, who: int) -> tuple[int, datetime] | None:
    """Give the change that a person undid last and that can be redone, with its moment."""
    return _one(database, who, State.UNDONE, "ASC")


def mark(database: Database, change: int, state: State) -> None:
    """Note where a change stands now."""
    ChangeRow.update(state=state.value).where(ChangeRow.id == change).execute(database)


def seal_all(database: Database) -> None:
    """Make everything done so far stay: what a demo begins with is not undone step by step."""
    ChangeRow.update(state=State.SEALED.value).execute(database)


def _one(database: Database, who: int, state: State, direction: str) -> tuple[int, datetime] | None:
    sql = f"SELECT id, at FROM change WHERE who_id = ? AND state = ? ORDER BY id {direction} LIMIT 1"
    rows = query(database, sql, (who, state.value))
    return (int(rows[0][0]), from_micros(rows[0][1])) if rows else None
