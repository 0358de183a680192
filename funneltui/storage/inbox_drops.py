"""What a person dropped from the inbox last, as stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.tables import from_micros

if TYPE_CHECKING:
    from datetime import datetime


def latest(database: Database, who: int) -> tuple[datetime, list[int]] | None:
    """Give the moment of a person's latest drop that stands, and the numbers of what he dropped then; none: he dropped none.

    What was dropped has no deal; a drop whose entry waits again is forgotten.
    """
    own = "FROM inbox WHERE dropped_by_id = ? AND dropped_at IS NOT NULL"
    rows = query(
        database, f"SELECT id, dropped_at {own} AND dropped_at = (SELECT max(dropped_at) {own}) ORDER BY id", (who, who)
    )
    return (from_micros(int(rows[0][1])), [int(number) for number, _ in rows]) if rows else None
