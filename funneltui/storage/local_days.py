"""Days as expressions of SQL: the day and the month of a moment in the user's zone, the number of a date."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

import peewee

from funneltui.domain.figure_sums import month_of
from funneltui.storage.database import Database
from funneltui.storage.filtering import start_of
from funneltui.storage.tables import from_micros, to_micros

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND
_EPOCH = date(1970, 1, 1).toordinal()
_JULIAN = 1_721_424.5
"""The Julian day before the first one that `date.toordinal` counts."""

_STEP = timedelta(days=7)
"""No zone has turned its clocks twice within so short a time."""

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""Before it the clocks are taken to be as they were then: no deal is so old."""


def day_of(column: str, zone: tzinfo | None, today: date) -> str:
    """Give the expression for the day of a moment, as `date.toordinal` numbers it, in a zone (none: the system's)."""
    system = (os.environ.get("TZ"), *time.tzname) if zone is None else ()  # it can be changed while the program runs
    *later, (_, offset) = _turns(zone, today.year, system)
    # Counted from the year 1 on: an integer is divided towards zero, and would be a day late before 1970.
    shift = str(offset + _EPOCH * _DAY)
    if later:
        whens = " ".join(f"WHEN {column} >= {at} THEN {its + _EPOCH * _DAY}" for at, its in later)
        shift = f"CASE {whens} ELSE {shift} END"
    return f"(({column} + {shift}) / {_DAY})"


def ordinal_of(database: Database, column: str) -> str:
    """Give the expression for a date that is stored as text, as `date.toordinal` numbers it."""
    if isinstance(database, peewee.SqliteDatabase):
        return f"(CAST(julianday({column}) - {_JULIAN} AS INTEGER))"
    return f"({column}::date - DATE '0001-01-01' + 1)"


def month_key(column: str, zone: tzinfo | None, first: int, last: int) -> str:
    """Give the expression for the key of the month of a moment that lies between two."""
    month, end = (from_micros(moment).astimezone(zone).date().replace(day=1) for moment in (first, last))
    whens: list[str] = []
    while month <= end:
        whens.append(f"WHEN {column} >= {start_of(month, zone)} THEN '{month_of(month)}'")
        month = (month + timedelta(days=31)).replace(day=1)
    return f"CASE {' '.join(reversed(whens))} END"


@lru_cache(maxsize=8)
def _turns(zone: tzinfo | None, year: int, system: tuple[str | None, ...]) -> list[tuple[int, int]]:
    """Give from which moment on, the latest first, a zone is so many microseconds ahead of UTC: to the next year's end.

    `system` is by what the system's zone is told from another one.
    """
    weeks = (datetime(year + 2, 1, 1, tzinfo=UTC) - _FIRST) // _STEP
    moments = [_FIRST + _STEP * by for by in range(weeks + 1)]
    found = [(to_micros(_FIRST), _ahead(zone, _FIRST))]
    for before, after in pairwise(moments):
        if _ahead(zone, before) != _ahead(zone, after):
            found.append((to_micros(_turn(zone, before, after)), _ahead(zone, after)))
    return found[::-1]


def _turn(zone: tzinfo | None, before: datetime, after: datetime) -> datetime:
    """Give the moment of the one turn of the clocks between two."""
    old = _ahead(zone, before)
    while after - before > _MICROSECOND:
        middle = before + (after - before) // 2
        if _ahead(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _ahead(zone: tzinfo | None, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # of an aware moment
    return offset // _MICROSECOND
