"""When each person finished a review last, as stored: among the settings, under the person's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.tables import Setting, from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime


def of(database: Database, person: int) -> datetime | None:
    """Give when a person finished a review last, or none."""
    rows = query(database, "SELECT value FROM setting WHERE key = ?", (_key(person),))
    return from_micros(int(rows[0][0])) if rows else None


def note(database: Database, person: int, at: datetime) -> None:
    """Note that a person finished a review."""
    Setting.insert(key=_key(person), value=str(to_micros(at))).on_conflict(
        conflict_target=[Setting.key], preserve=[Setting.value]
    ).execute(database)


def _key(person: int) -> str:
    return f"review:{person}"
