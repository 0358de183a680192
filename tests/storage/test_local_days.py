"""Days as the database counts them: those of the user's zone, whatever its clocks did, and those of dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain.figure_sums import month_of
from funneltui.storage.database import query
from funneltui.storage.local_days import day_of, month_key, ordinal_of
from funneltui.storage.tables import to_micros

if TYPE_CHECKING:
    from funneltui.services.context import Context

TODAY = date(2026, 11, 21)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("name", ["Europe/Ljubljana", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "UTC"])
def test_a_moments_day_and_month_are_those_of_the_users_zone(context: Context, name: str) -> None:
    zone = ZoneInfo(name)
    midnights = [
        datetime(year, month, day, tzinfo=zone).astimezone(UTC)
        for year in (1971, 2024, 2026)
        for month in range(1, 13)
        for day in (1, 8, 29 if month != 2 else 28)
    ]
    moments = [moment + by for moment in midnights for by in (-SECOND, timedelta(), timedelta(hours=1))]
    values = ", ".join(f"({to_micros(moment)})" for moment in moments)
    month = month_key("m.at", zone, to_micros(moments[0]), to_micros(moments[-1]))
    rows = query(
        context.database,
        f"WITH m(at) AS (VALUES {values}) SELECT m.at, {day_of('m.at', zone, TODAY)}, {month} FROM m ORDER BY m.at",
    )
    days = [moment.astimezone(zone).date() for moment in moments]
    assert rows == [
        (to_micros(moment), day.toordinal(), month_of(day)) for moment, day in zip(moments, days, strict=True)
    ]


def test_a_date_has_the_number_that_python_gives_it(context: Context) -> None:
    days = [date(1900, 1, 1), date(2000, 2, 29), TODAY, date(2199, 12, 31)]
    values = ", ".join(f"('{day}')" for day in days)
    number = ordinal_of(context.database, "m.day")
    rows = query(context.database, f"WITH m(day) AS (VALUES {values}) SELECT {number} FROM m ORDER BY m.day")
    assert rows == [(day.toordinal(),) for day in days]
