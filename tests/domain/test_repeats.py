"""Repeats: when a follow-up comes again, counted on from one time to the next."""

from __future__ import annotations

from datetime import date

import pytest

from funneltui.domain.repeats import next_day

DAY_BEFORE_ALL = date(2020, 1, 1)


def days(first: date, repeat: str, times: int) -> list[date]:
    """Give the days on which a follow-up comes again when each is finished on its day."""
    found = [first]
    for _ in range(times):
        coming = next_day(found[-1], repeat, found[-1])
        assert coming is not None
        found.append(coming)
    return found[1:]


def test_what_is_due_at_the_end_of_a_month_stays_at_the_ends_of_months() -> None:
    assert days(date(2027, 1, 31), "1 month", 4) == [
        date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31),
    ]  # fmt: skip
    assert days(date(2026, 11, 30), "3 months", 2) == [date(2027, 2, 28), date(2027, 5, 31)]


def test_the_29th_of_february_comes_again_each_year_at_the_end_of_the_month() -> None:
    assert days(date(2028, 2, 29), "1 year", 4)[-1] == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("first", "repeat", "coming"),
    [
        (date(2026, 11, 12), "1 month", date(2026, 12, 12)),
        (date(2027, 1, 30), "1 month", date(2027, 2, 28)),
        (date(2027, 1, 31), "4 weeks", date(2027, 2, 28)),
        (date(2027, 2, 28), "4 weeks", date(2027, 3, 28)),
        (date(2027, 2, 28), "1 day", date(2027, 3, 1)),
    ],
)
def test_a_repeat_counts_from_the_day_that_was_due(first: date, repeat: str, coming: date) -> None:
    assert next_day(first, repeat, DAY_BEFORE_ALL) == coming


def test_what_has_passed_meanwhile_is_skipped() -> None:
    assert next_day(date(2026, 1, 31), "1 month", date(2026, 6, 30)) == date(2026, 7, 31)
    assert next_day(date(2026, 1, 5), "2 weeks", date(2026, 11, 21)) == date(2026, 11, 23)
    assert next_day(date(2026, 1, 31), "", date(2026, 6, 30)) is None
