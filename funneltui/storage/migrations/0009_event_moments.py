"""The index by which the deals are found that something happened to after a moment: what every look at the past asks."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Make the index."""
    db.execute_sql("CREATE INDEX event_at ON event (at, deal)")
