"""Rates as stored: dated, each entry a row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.rates import Rate
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def entered(database: Database, currency: str | None = None) -> list[Rate]:
    """Give the rates in the order in which they were entered: all, or those from or to a currency."""
    condition, values = ("", ()) if currency is None else ("WHERE r.target = ? OR r.source = ?", (currency, currency))
    rows = query(
        database,
        "SELECT r.source, r.target, r.day, r.rate, p.name, r.at FROM rate r JOIN person p ON p.id = r.who_id "
        f"{condition} ORDER BY r.id",
        values,
    )
    return [
        Rate(source, target, date.fromisoformat(day), text, who, from_micros(at))
        for source, target, day, text, who, at in rows
    ]


def add_all(database: Database, rates: Sequence[Rate], who_id: int, at: datetime) -> None:
    """Store rates, each as a new row."""
    rows = [(one.source, one.target, one.on.isoformat(), one.text, who_id, to_micros(at)) for one in rates]
    run_many(database, "INSERT INTO rate (source, target, day, rate, who_id, at) VALUES (?, ?, ?, ?, ?, ?)", rows)
