"""Months, quarters and years, calendar or fiscal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.dates import FIRST_YEAR, LAST_YEAR
from funneltui.domain.periods import MONTHS_OF, Span, after, before, parse_period, period_of, periods
from funneltui.errors import BadInput

TODAY = date(2026, 11, 21)
APRIL = 4
ANY_DAY = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
INNER_DAY = st.dates(date(FIRST_YEAR + 2, 1, 1), date(LAST_YEAR - 2, 12, 31))
SPANS = st.sampled_from(Span)
STARTS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("span", "fiscal_start", "first", "last", "label"),
    [
        (Span.MONTH, 1, date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        (Span.QUARTER, 1, date(2026, 10, 1), date(2026, 12, 31), "2026 Q4"),
        (Span.YEAR, 1, date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (Span.MONTH, APRIL, date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        (Span.QUARTER, APRIL, date(2026, 10, 1), date(2026, 12, 31), "FY2027 Q3"),
        (Span.YEAR, APRIL, date(2026, 4, 1), date(2027, 3, 31), "FY2027"),
        (Span.QUARTER, 12, date(2026, 9, 1), date(2026, 11, 30), "FY2026 Q4"),
        (Span.YEAR, 12, date(2025, 12, 1), date(2026, 11, 30), "FY2026"),
    ],
)
def test_a_day_lies_in_its_period(span: Span, fiscal_start: int, first: date, last: date, label: str) -> None:
    found = period_of(TODAY, span, fiscal_start)
    assert (found.first, found.last, found.label) == (first, last, label)


def test_a_fiscal_year_has_the_name_of_the_year_in_which_it_ends() -> None:
    assert period_of(date(2026, 3, 31), Span.YEAR, APRIL).label == "FY2026"
    assert period_of(date(2026, 4, 1), Span.YEAR, APRIL).label == "FY2027"


@given(ANY_DAY, SPANS, STARTS)
def test_a_period_holds_its_day_and_all_its_days_lie_in_it(day: date, span: Span, start: int) -> None:
    found = period_of(day, span, start)
    assert day in found
    assert found.first.day == 1
    assert (found.last + timedelta(days=1)).day == 1
    assert (found.first.month - start) % MONTHS_OF[span] == 0
    months = (found.last.year - found.first.year) * 12 + found.last.month - found.first.month + 1
    assert months == MONTHS_OF[span]


@given(INNER_DAY, SPANS, STARTS)
def test_the_next_period_begins_where_one_ends(day: date, span: Span, start: int) -> None:
    found = period_of(day, span, start)
    assert found.next() == after(found)
    assert found.next().first == found.last + timedelta(days=1)
    assert found.previous() == before(found)
    assert found.next().previous() == found


@given(INNER_DAY, st.integers(0, 1500), SPANS, STARTS)
def test_the_periods_of_a_range_follow_each_other_and_cover_it(day: date, days: int, span: Span, start: int) -> None:
    end = min(day + timedelta(days=days), date(LAST_YEAR - 1, 12, 31))
    found = periods(day, max(day, end), span, start)
    assert day in found[0]
    assert max(day, end) in found[-1]
    assert found[1:] == [one.next() for one in found[:-1]]


def test_a_range_that_ends_before_it_begins_has_no_periods() -> None:
    assert periods(TODAY, TODAY - timedelta(days=1), Span.MONTH) == []


@given(ANY_DAY, SPANS, STARTS, ANY_DAY)
def test_a_label_can_be_typed_back_on_any_day(day: date, span: Span, start: int, today: date) -> None:
    found = period_of(day, span, start)
    assert parse_period(found.label, today, start) == found


@given(INNER_DAY, SPANS, STARTS)
def test_labels_sort_by_time(day: date, span: Span, start: int) -> None:
    found = period_of(day, span, start)
    assert found.label < found.next().label


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("2026", "2026"), ("FY2026", "2026"), ("fy26", "2026"), ("2026-Q3", "2026 Q3"), ("2026 q3", "2026 Q3"),
        ("2026q3", "2026 Q3"), ("Q3 2026", "2026 Q3"), ("q1", "2026 Q1"), ("2026-07", "2026-07"), ("2026-7", "2026-07"),
        ("jul 2027", "2027-07"), ("July, 2027", "2027-07"), ("2027 jul", "2027-07"), ("jul", "2026-07"),
        ("this month", "2026-11"), ("month", "2026-11"), ("last month", "2026-10"), ("next month", "2026-12"),
        ("this quarter", "2026 Q4"), ("next quarter", "2027 Q1"), (" Last  Year ", "2025"), ("current year", "2026"),
        ("previous quarter", "2026 Q3"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_type_it(typed: str, label: str) -> None:
    assert parse_period(typed, TODAY).label == label


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("2026", "FY2026"), ("FY27", "FY2027"), ("this year", "FY2027"), ("this quarter", "FY2027 Q3"), ("q1", "FY2027 Q1"),
        ("2026-Q3", "FY2026 Q3"), ("FY2026 Q3", "FY2026 Q3"), ("Q3 FY2026", "FY2026 Q3"), ("jan", "2027-01"),
        ("apr", "2026-04"), ("last year", "FY2026"),
    ],
)  # fmt: skip
def test_where_the_fiscal_year_begins_in_april_years_and_quarters_are_its(typed: str, label: str) -> None:
    assert parse_period(typed, TODAY, APRIL).label == label


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2026-Q5",
        "2026-Q0",
        "2026-13",
        "2026-0",
        "q",
        "this",
        "this week",
        "next",
        "smarch",
        "26",
        "20260",
        "x" * 99,
    ],
)
def test_what_is_no_period_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput, match="as a period; try 2026, 2026-Q3, 2026-07, jul 2026, this quarter, last month"):
        parse_period(typed, TODAY)


@pytest.mark.parametrize("typed", ["1969", "2201", "1969-Q4", "2201-01", "jan 1969", "9999", "0000"])
def test_a_period_outside_the_years_of_dates_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="lies outside the years 1970 to 2200"):
        parse_period(typed, TODAY)


@given(st.text("0123456789-/ qfymjanuarylstehi", max_size=16), STARTS)
def test_whatever_is_typed_is_a_period_or_refused(typed: str, start: int) -> None:
    try:
        found = parse_period(typed, TODAY, start)
    except BadInput:
        return
    assert found.first < found.last


def test_the_calendar_ends_with_the_years_of_dates() -> None:
    with pytest.raises(BadInput):
        period_of(date(LAST_YEAR, 12, 31), Span.MONTH).next()
    with pytest.raises(BadInput):
        period_of(date(FIRST_YEAR, 1, 1), Span.YEAR).previous()
    with pytest.raises(BadInput):
        periods(TODAY, date.max, Span.MONTH)


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_fiscal_year_begins_with_one_of_twelve_months(month: int) -> None:
    with pytest.raises(BadInput, match="expected 1 to 12"):
        period_of(TODAY, Span.YEAR, month)
