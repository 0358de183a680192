"""Typed dates, dates in files and dates on screens."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    DateOrder,
    as_moment,
    echo,
    parse_date,
    parse_moment,
    relative,
    short,
)
from funneltui.errors import BadInput

WEDNESDAY = date(2026, 11, 25)
SUNDAY = date(2026, 11, 29)
ANY_DAY = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
NEAR_DAY = st.dates(date(1990, 1, 1), date(2150, 12, 31))
ORDERS = st.sampled_from(DateOrder)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_LIKE = st.text("0123456789./-+ dwmytonexfribc:ZT,", max_size=24)


def is_harmless(message: str) -> bool:
    """Say whether a message holds no control character and no lone surrogate."""
    return not {unicodedata.category(character) for character in message} & {"Cc", "Cs"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", date(2026, 11, 25)),
        ("  ToDay\t", date(2026, 11, 25)),
        ("\N{NO-BREAK SPACE}today", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 26)),
        ("tom", date(2026, 11, 26)),
        ("yesterday", date(2026, 11, 24)),
        ("next week", date(2026, 11, 30)),
        ("next  month", date(2026, 12, 1)),
        ("fri", date(2026, 11, 27)),
        ("Friday", date(2026, 11, 27)),
        ("wed", date(2026, 12, 2)),
        ("tue", date(2026, 12, 1)),
        ("next fri", date(2026, 12, 4)),
        ("next monday", date(2026, 11, 30)),
        ("3d", date(2026, 11, 28)),
        ("+3d", date(2026, 11, 28)),
        ("-3d", date(2026, 11, 22)),
        ("0d", date(2026, 11, 25)),
        ("+30d", date(2026, 12, 25)),
        ("2w", date(2026, 12, 9)),
        ("+1m", date(2026, 12, 25)),
        ("1y", date(2027, 11, 25)),
        ("-1Y", date(2025, 11, 25)),
        ("eow", date(2026, 11, 27)),
        ("eom", date(2026, 11, 30)),
        ("eoq", date(2026, 12, 31)),
        ("eoy", date(2026, 12, 31)),
        ("2026-12-15", date(2026, 12, 15)),
        ("2026-1-5", date(2026, 1, 5)),
        ("20261215", date(2026, 12, 15)),
        ("2026/12/15", date(2026, 12, 15)),
        ("15.12.", date(2026, 12, 15)),
        ("15.12", date(2026, 12, 15)),
        ("15. 12. 2026", date(2026, 12, 15)),
        ("1.2", date(2027, 2, 1)),
        ("25.11.", date(2026, 11, 25)),
        ("24.11.", date(2027, 11, 24)),
        ("15.12.2025", date(2025, 12, 15)),
        ("15.12.26", date(2026, 12, 15)),
        ("15.12.69", date(2069, 12, 15)),
        ("15.12.70", date(1970, 12, 15)),
        ("15/12", date(2026, 12, 15)),
        ("3/4/2027", date(2027, 4, 3)),
        ("15 dec", date(2026, 12, 15)),
        ("15dec", date(2026, 12, 15)),
        ("dec 15", date(2026, 12, 15)),
        ("dec 26", date(2026, 12, 26)),
        ("15. December 2027", date(2027, 12, 15)),
        ("Dec 15, 2027", date(2027, 12, 15)),
        ("1 mar", date(2027, 3, 1)),
        ("29.2.", date(2028, 2, 29)),
        ("29 feb", date(2028, 2, 29)),
        ("29/2", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, meant: date) -> None:
    assert parse_date(typed, WEDNESDAY) == meant


@pytest.mark.parametrize(
    ("typed", "order", "meant"),
    [
        ("12/15", DateOrder.MDY, date(2026, 12, 15)),
        ("12/15/26", DateOrder.MDY, date(2026, 12, 15)),
        ("12/15/2026", DateOrder.MDY, date(2026, 12, 15)),
        ("3/4", DateOrder.MDY, date(2027, 3, 4)),
        ("3/4", DateOrder.DMY, date(2027, 4, 3)),
        ("3/4", DateOrder.YMD, date(2027, 3, 4)),
        ("26/12/15", DateOrder.YMD, date(2026, 12, 15)),
        ("12.11.2026", DateOrder.MDY, date(2026, 11, 12)),
        ("12.11.2026", DateOrder.YMD, date(2026, 11, 12)),
        ("2026/12/15", DateOrder.MDY, date(2026, 12, 15)),
    ],
)
def test_slashes_follow_the_order_and_dots_never_do(typed: str, order: DateOrder, meant: date) -> None:
    assert parse_date(typed, WEDNESDAY, order) == meant


@pytest.mark.parametrize(
    ("typed", "order", "other"),
    [
        ("12/15", DateOrder.DMY, "mdy"),
        ("12/15/2026", DateOrder.DMY, "mdy"),
        ("15/12", DateOrder.MDY, "dmy"),
        ("15/12/2026", DateOrder.YMD, "dmy"),
        ("26/12/45", DateOrder.MDY, "dmy"),
    ],
)
def test_a_date_impossible_in_its_order_names_the_one_that_fits(typed: str, order: DateOrder, other: str) -> None:
    with pytest.raises(BadInput, match=rf'"{typed}" is no date in the order {order}; .* order {other}'):
        parse_date(typed, WEDNESDAY, order)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "foo", "1", "15", "2026", "12.5k", "1.2.3", "1.13.", "32.1.", "0.1.", "31/02", "30/30", "29.2.2027",
        "2026-02-30", "2026-13-01", "20261301", "0000-00-01", "+d", "+-3d", "3 days", "3x", "99999d", "1000y", "next",
        "next foo", "next today", "last fri", "f", "fr", "frid", "dec", "dec 2026", "15 foo", "mon 15", "15:12",
        "2026-12-15T10:00", "15.12.2026.", "1/2/3", "today today", "١٥.١٢.", "15．12．", "ſat", "today\x00", "3d\u200b",
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput, match=r"can't read .* as a date; try today, fri, \+3d, 2w, eom, 15\.12\., 2026-12-15"):
        parse_date(typed, WEDNESDAY)


def test_the_refusal_quotes_the_text_without_its_controls_and_cut() -> None:
    with pytest.raises(BadInput) as refused:
        parse_date("\x1b]0;gotcha\x07" + "x" * 500, WEDNESDAY)
    quoted = str(refused.value).split('"')[1]
    assert "\x1b" not in quoted
    assert "gotcha" in quoted
    assert len(quoted) == 40


@pytest.mark.parametrize("typed", ["1969-12-31", "2201-01-01", "31.12.1969", "+999y", "-9999m", "9999w", "0000-01-01"])
def test_a_year_outside_1970_to_2200_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="lies outside the years 1970 to 2200"):
        parse_date(typed, WEDNESDAY)


def test_a_date_without_a_year_that_would_fall_after_2200_is_refused() -> None:
    with pytest.raises(BadInput, match="lies outside the years"):
        parse_date("1.1.", date(2200, 12, 31))
    with pytest.raises(BadInput, match="lies outside the years"):
        parse_date("31.12.", date(1970, 1, 1), past=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wed", date(2026, 11, 25)),
        ("thu", date(2026, 11, 19)),
        ("25.11.", date(2026, 11, 25)),
        ("26.11.", date(2025, 11, 26)),
        ("15 dec", date(2025, 12, 15)),
        ("15/12", date(2025, 12, 15)),
        ("29.2.", date(2024, 2, 29)),
        ("next fri", date(2026, 12, 4)),
        ("3d", date(2026, 11, 28)),
        ("2026-12-15", date(2026, 12, 15)),
    ],
)
def test_a_closed_date_without_a_year_is_the_latest_one(typed: str, meant: date) -> None:
    assert parse_date(typed, WEDNESDAY, past=True) == meant


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        (date(2027, 1, 31), "+1m", date(2027, 2, 28)),
        (date(2028, 1, 31), "1m", date(2028, 2, 29)),
        (date(2028, 2, 29), "1y", date(2029, 2, 28)),
        (date(2026, 11, 27), "eow", date(2026, 11, 27)),
        (date(2026, 11, 28), "eow", date(2026, 12, 4)),
        (SUNDAY, "eow", date(2026, 12, 4)),
        (SUNDAY, "fri", date(2026, 12, 4)),
        (SUNDAY, "next fri", date(2026, 12, 4)),
        (SUNDAY, "next week", date(2026, 11, 30)),
        (date(2026, 11, 30), "next week", date(2026, 12, 7)),
        (date(2026, 12, 31), "next month", date(2027, 1, 1)),
        (date(2027, 1, 1), "eoq", date(2027, 3, 31)),
        (date(2027, 6, 30), "eoq", date(2027, 6, 30)),
        (date(2028, 2, 1), "eom", date(2028, 2, 29)),
        (date(2096, 3, 1), "29.2.", date(2104, 2, 29)),
    ],
)
def test_edges_of_weeks_months_and_leap_years(today: date, typed: str, meant: date) -> None:
    assert parse_date(typed, today) == meant


@given(st.one_of(st.text(), DATE_LIKE), st.dates(), ORDERS, st.booleans())
def test_any_text_on_any_day_gives_a_date_in_range_or_bad_input(
    text: str, today: date, order: DateOrder, past: bool
) -> None:
    try:
        day = parse_date(text, today, order, past=past)
    except BadInput as refused:
        message = str(refused)
    else:
        assert FIRST_YEAR <= day.year <= LAST_YEAR
        return
    assert is_harmless(message)


@given(ANY_DAY, NEAR_DAY, ORDERS, st.booleans())
def test_a_full_date_means_itself_on_every_day(day: date, today: date, order: DateOrder, past: bool) -> None:
    slashed = {DateOrder.DMY: "%d/%m/%Y", DateOrder.MDY: "%m/%d/%Y", DateOrder.YMD: "%Y/%m/%d"}[order]
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", slashed):
        assert parse_date(day.strftime(form), today, order, past=past) == day


@given(NEAR_DAY, NEAR_DAY)
def test_a_date_without_a_year_is_the_nearest_on_the_asked_side_of_today(day: date, today: date) -> None:
    typed = f"{day.day}.{day.month}."
    coming, gone = parse_date(typed, today), parse_date(typed, today, past=True)
    assert gone <= today <= coming
    assert (gone.day, gone.month) == (coming.day, coming.month) == (day.day, day.month)
    if (day.day, day.month) != (29, 2):
        assert (coming - today).days <= 365
        assert (today - gone).days <= 365


@given(NEAR_DAY, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_within_a_week_and_next_means_the_following_iso_week(today: date, name: str) -> None:
    coming, following = parse_date(name, today), parse_date(f"next {name[:3]}", today)
    assert 1 <= (coming - today).days <= 7
    assert 0 <= (today - parse_date(name, today, past=True)).days <= 6
    assert coming.weekday() == following.weekday() == WEEKDAYS.index(name)
    assert following.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


@given(NEAR_DAY, st.integers(0, 9999))
def test_days_and_weeks_count_from_today(today: date, count: int) -> None:
    assert parse_date(f"+{count % 3000}d", today) == today + timedelta(days=count % 3000)
    assert parse_date(f"{count % 500}w", today) == today + timedelta(weeks=count % 500)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2027, 1, 5), "Tue 5 Jan"),
        (date(2026, 1, 5), "Mon 5 Jan"),
        (date(2027, 11, 26), "Fri 26 Nov 2027"),
        (date(2025, 3, 1), "Sat 1 Mar 2025"),
    ],
)
def test_the_echo_names_the_year_only_when_it_is_another_and_far(day: date, shown: str) -> None:
    assert echo(day, WEDNESDAY) == shown


@given(ANY_DAY, ANY_DAY)
def test_the_echoed_date_can_be_typed_back(day: date, today: date) -> None:
    _, written = echo(day, today).split(" ", 1)
    with_year = written if written[-4:].isdigit() else f"{written} {day.year}"
    assert parse_date(with_year, today) == day


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (2, "in 2 d"),
        (3, "in 3 d"),
        (-3, "3 d late"),
        (400, "in 400 d"),
    ],
)
def test_the_distance_from_today_is_told_in_days(days: int, shown: str) -> None:
    assert relative(WEDNESDAY + timedelta(days=days), WEDNESDAY) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 12, 15), "15 Dec"),
        (date(2026, 1, 2), "2 Jan"),
        (date(2027, 9, 21), "21 Sep"),
        (date(2027, 9, 22), "2027-09"),
        (date(2028, 3, 1), "2028-03"),
        (date(2025, 12, 31), "2025-12"),
        (date(2025, 1, 1), "2025-01"),
    ],
)
def test_a_card_shows_day_and_month_or_year_and_month(day: date, shown: str) -> None:
    assert short(day, WEDNESDAY) == shown


@given(ANY_DAY, ANY_DAY)
def test_a_card_date_takes_at_most_seven_ascii_columns_and_six_with_a_day(day: date, today: date) -> None:
    shown = short(day, today)
    assert shown.isascii()
    assert len(shown) <= (6 if " " in shown else 7)


@pytest.mark.parametrize(
    ("text", "order", "meant"),
    [
        ("2026-12-15", DateOrder.DMY, date(2026, 12, 15)),
        ("20261215", DateOrder.DMY, date(2026, 12, 15)),
        ("12/15/2026", DateOrder.MDY, date(2026, 12, 15)),
        ("2/3/26", DateOrder.MDY, date(2026, 2, 3)),
        ("15.12.2026", DateOrder.MDY, date(2026, 12, 15)),
        ("15.12.26", DateOrder.DMY, date(2026, 12, 15)),
        ("2012/09/26 12:00:00", DateOrder.MDY, datetime(2012, 9, 26, 12, tzinfo=UTC)),
        ("2026-12-15T10:30", DateOrder.DMY, datetime(2026, 12, 15, 10, 30, tzinfo=UTC)),
        ("2026-12-15T10:30:05Z", DateOrder.DMY, datetime(2026, 12, 15, 10, 30, 5, tzinfo=UTC)),
        ("2026-12-15T10:30:05.123456789Z", DateOrder.DMY, datetime(2026, 12, 15, 10, 30, 5, 123456, tzinfo=UTC)),
        ("2026-12-15T10:30:05.5+0000", DateOrder.DMY, datetime(2026, 12, 15, 10, 30, 5, 500000, tzinfo=UTC)),
        ("2026-12-15T00:30+02:00", DateOrder.DMY, datetime(2026, 12, 14, 22, 30, tzinfo=UTC)),
        ("2026-12-15 10:30:00 UTC", DateOrder.DMY, datetime(2026, 12, 15, 10, 30, tzinfo=UTC)),
        ("2026-12-15 20:30-05", DateOrder.DMY, datetime(2026, 12, 16, 1, 30, tzinfo=UTC)),
        ("15.12.2026  09:05", DateOrder.DMY, datetime(2026, 12, 15, 9, 5, tzinfo=UTC)),
        ("02/23/26 08:55 PM", DateOrder.MDY, datetime(2026, 2, 23, 20, 55, tzinfo=UTC)),
        ("02/23/2026 12:05 am", DateOrder.MDY, datetime(2026, 2, 23, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_cell_of_a_file_is_read_as_a_date_or_a_moment_in_utc(text: str, order: DateOrder, meant: date) -> None:
    read = parse_moment(text, order)
    assert type(read) is type(meant)
    assert read == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "fri", "+3d", "15.12.", "12/15", "15 dec 2026", "2026-12-15T", "2026-12-15T10", "2026-12-15T24:00",
        "2026-12-15T10:60", "2026-12-15 13:00 PM", "2026-12-15 0:00 AM", "2026-12-15T10:00+15:00", "2026-02-29",
        "2026-12-15 10:00:60", "1969-12-31", "2201-01-01T00:00Z", "1970-01-01T00:30+01:00", "2026-12-15Z", "12/13/14/15",
    ],
)  # fmt: skip
def test_a_cell_that_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_moment(text)


def test_a_cell_in_the_other_order_names_that_order() -> None:
    with pytest.raises(BadInput, match="no date in the order dmy; it would be one in the order mdy"):
        parse_moment("12/15/2026 10:00", DateOrder.DMY)


@given(st.one_of(st.text(), DATE_LIKE), ORDERS)
def test_any_cell_gives_a_date_an_aware_moment_or_bad_input(text: str, order: DateOrder) -> None:
    try:
        read = parse_moment(text, order)
    except BadInput as refused:
        message = str(refused)
    else:
        assert FIRST_YEAR <= read.year <= LAST_YEAR
        assert not isinstance(read, datetime) or read.tzinfo is UTC
        return
    assert is_harmless(message)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 31)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_every_iso_moment_is_read_back(local: datetime, zone: timezone) -> None:
    moment = local.replace(tzinfo=zone)
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(local.isoformat(sep=" ")) == local.replace(tzinfo=UTC)


@given(ANY_DAY, st.integers(-12 * 60, 12 * 60 - 1))
def test_a_date_kept_as_noon_utc_is_the_same_date_from_utc_minus_12_to_plus_12(day: date, minutes: int) -> None:
    assert as_moment(day).astimezone(timezone(timedelta(minutes=minutes))).date() == day
