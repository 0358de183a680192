"""What the tests of moves share: a deal to move, and looks at all that is stored of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from funneltui.services import deals
from funneltui.services.context import Clock, Context
from funneltui.storage.database import query

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.storage.database import Database

TODAY = date(2026, 11, 21)
CLOSE = date(2026, 12, 15)
OFFER = {"detail": "contract", "follow_up": date(2026, 11, 25)}
TABLES = ("setting", "person", "pipeline", "stage", "company", "contact", "deal", "visit", "event")


def add(context: Context, title: str = "Deal", **values: object) -> Deal:
    """Add a deal."""
    return deals.add(context, {"title": title, "source": "web", "expected_close": CLOSE} | values)


def later(context: Context, **passed: float) -> Context:
    """Give the same workspace some time later."""
    now = context.clock.now() + timedelta(**passed)
    return replace(context, clock=Clock(context.clock.zone, now))


def dump(database: Database) -> bytes:
    """Give every row of every table."""
    return repr([query(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]).encode()


def visits(context: Context, number: int) -> list[tuple[str, int | None]]:
    """Give a deal's stays: the stage and, of those that are over, the seconds."""
    return [(visit.stage, visit.seconds) for visit in deals.show(context, number).visits]
