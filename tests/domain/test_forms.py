"""What is shown and read in the forms in force: without a locale just as ever, with one in its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from funneltui.domain import forms
from funneltui.domain.dates import at, day_month, echo, parse_date, short, weekday_and_day
from funneltui.domain.forms import NEUTRAL, Forms
from funneltui.domain.money import format_compact, format_full, parse_amount, to_decimal_string
from funneltui.errors import BadInput

SATURDAY = date(2026, 11, 21)
SLOVENIAN = Forms(
    "sl-SI", ",", ".", signs={"EUR": "€"}, sign_first=False, sign_gap=" ",
    months=("jan", "feb", "mar", "apr", "maj", "jun", "jul", "avg", "sep", "okt", "nov", "dec"),
    weekdays=("pon", "tor", "sre", "čet", "pet", "sob", "ned"),
    day_month="{day}. {month}",
    month_names=(("maj", 5), ("avg", 8), ("avgust", 8), ("okt", 10), ("dec", 12), ("december", 12)),
    weekday_names=(("pet", 4), ("petek", 4), ("cet", 3), ("čet", 3), ("tor", 1)),
)  # fmt: skip


# --- dates


def test_without_a_locale_dates_are_shown_as_ever() -> None:
    assert echo(date(2026, 11, 27), SATURDAY) == "Fri 27 Nov"
    assert echo(date(2027, 11, 26), SATURDAY) == "Fri 26 Nov 2027"
    assert short(date(2026, 12, 15), SATURDAY) == "15 Dec"
    assert weekday_and_day(date(2026, 11, 27)) == "Fri 27"
    assert at(datetime(2026, 11, 5, 9, 30)) == "09:30 on 5 Nov"


def test_dates_are_shown_in_the_forms_in_force() -> None:
    forms.use(SLOVENIAN)
    assert echo(date(2026, 11, 27), SATURDAY) == "pet 27. nov"
    assert echo(date(2027, 11, 26), SATURDAY) == "pet 26. nov 2027"
    assert short(date(2026, 8, 15), SATURDAY) == "15. avg"
    assert day_month(date(2026, 5, 1)) == "1. maj"
    assert weekday_and_day(date(2026, 11, 26)) == "čet 26"
    assert at(datetime(2026, 11, 5, 9, 30)) == "09:30 on 5. nov"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15. avg", date(2027, 8, 15)), ("15. avgust 2027", date(2027, 8, 15)), ("15 AVG", date(2027, 8, 15)),
        ("avg 15", date(2027, 8, 15)), ("pet", date(2026, 11, 27)), ("petek", date(2026, 11, 27)),
        ("čet", date(2026, 11, 26)), ("cet", date(2026, 11, 26)), ("next tor", date(2026, 11, 24)),
        ("pet 27. nov", date(2026, 11, 27)), ("27. nov, petek", date(2026, 11, 27)), ("15 aug", date(2027, 8, 15)),
        ("fri", date(2026, 11, 27)), ("Fri 27 Nov", date(2026, 11, 27)),
    ],
)  # fmt: skip
def test_the_names_of_the_locale_are_read_beside_the_english_ones(typed: str, meant: date) -> None:
    forms.use(SLOVENIAN)
    assert parse_date(typed, SATURDAY) == meant


def test_without_a_locale_its_names_are_not_read() -> None:
    with pytest.raises(BadInput):
        parse_date("15. avg", SATURDAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Fri 27 Nov", date(2026, 11, 27)), ("fri 15.1.", date(2027, 1, 15)), ("Thu 1 Jan", date(2026, 1, 1)),
        ("Friday, 26 Nov 2027", date(2027, 11, 26)), ("27 Nov Fri", date(2026, 11, 27)),
        ("27.11. (fri)", date(2026, 11, 27)),
        ("fri 2026-11-27", date(2026, 11, 27)), ("Sun 15 Nov", date(2026, 11, 15)),
    ],
)  # fmt: skip
def test_a_date_is_read_with_its_weekday_which_settles_the_year(typed: str, meant: date) -> None:
    assert parse_date(typed, SATURDAY) == meant


@pytest.mark.parametrize("typed", ["Thu 27 Nov", "Mon 26 Nov 2027", "mon 2026-11-27"])
def test_a_weekday_that_does_not_fit_its_date_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match=r"is no (Thursday|Monday); leave the weekday out, or give another year"):
        parse_date(typed, SATURDAY)


@pytest.mark.parametrize(
    ("first_weekday", "today", "typed", "meant"),
    [
        (0, date(2026, 11, 25), "next week", date(2026, 11, 30)),
        (6, date(2026, 11, 25), "next week", date(2026, 11, 29)),
        (5, date(2026, 11, 25), "next week", date(2026, 11, 28)),
        (0, date(2026, 11, 29), "next fri", date(2026, 12, 4)),
        (6, date(2026, 11, 29), "next fri", date(2026, 12, 11)),
        (6, date(2026, 11, 28), "next sun", date(2026, 11, 29)),
        (6, date(2026, 11, 29), "next week", date(2026, 12, 6)),
        (0, date(2026, 11, 25), "eow", date(2026, 11, 27)),
        (6, date(2026, 11, 29), "eow", date(2026, 12, 4)),
        (5, date(2026, 11, 28), "eow", date(2026, 12, 4)),
    ],
)
def test_a_week_begins_where_the_setting_says(first_weekday: int, today: date, typed: str, meant: date) -> None:
    forms.use(replace(NEUTRAL, first_weekday=first_weekday))
    assert parse_date(typed, today) == meant


@pytest.mark.parametrize(
    ("fiscal_start", "typed", "meant"),
    [
        (1, "eoq", date(2026, 12, 31)), (1, "eoy", date(2026, 12, 31)), (4, "eoq", date(2026, 12, 31)),
        (4, "eoy", date(2027, 3, 31)), (2, "eoq", date(2027, 1, 31)), (2, "eoy", date(2027, 1, 31)),
        (12, "eoq", date(2026, 11, 30)), (12, "eoy", date(2026, 11, 30)), (3, "eoy", date(2027, 2, 28)),
    ],
)  # fmt: skip
def test_quarter_and_year_end_with_the_fiscal_year(fiscal_start: int, typed: str, meant: date) -> None:
    forms.use(replace(NEUTRAL, fiscal_start=fiscal_start))
    assert parse_date(typed, SATURDAY) == meant


# --- amounts


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1250050, "EUR", "12.500,50 €"), (1250000, "EUR", "12.500 €"), (-120000, "EUR", "-1.200 €"), (0, "EUR", "0 €"),
        (1500, "KWD", "1,500 KWD"), (123456789, "JPY", "123.456.789 JPY"),
    ],
)  # fmt: skip
def test_amounts_are_shown_in_the_forms_in_force(minor: int, currency: str, shown: str) -> None:
    forms.use(SLOVENIAN)
    assert format_full(minor, currency) == shown


@pytest.mark.parametrize(
    ("minor", "currency", "width", "shown"),
    [
        (123000, "EUR", 6, "1,2k €"), (8200000, "EUR", 6, "82k €"), (123000, "EUR", 5, "1k €"), (12345000, "EUR", 4, "123k"),
        (8200000, "PLN", 6, "82k"), (8200000, "PLN", 8, "82k PLN"),
    ],
)  # fmt: skip
def test_rounded_amounts_keep_their_width_in_any_form(minor: int, currency: str, width: int, shown: str) -> None:
    forms.use(SLOVENIAN)
    assert format_compact(minor, currency, width) == shown


def test_indian_amounts_are_grouped_by_two() -> None:
    forms.use(replace(NEUTRAL, locale="en-IN", inner_group=2, signs={"INR": "₹"}))
    assert format_full(1234567850, "INR") == "₹1,23,45,678.50"
    assert format_full(99900, "INR") == "₹999"
    assert parse_amount("1,23,45,678.50", "INR") == 1234567850
    assert parse_amount("12,345,678.50", "INR") == 1234567850


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1.234", "EUR", 123400), ("1.234,50", "EUR", 123450), ("1,5", "EUR", 150), ("12,50 €", "EUR", 1250),
        ("1.234k", "EUR", 123400000), ("1,234k", "EUR", 123400), ("1.234", "KWD", 1234000), ("1,234", "KWD", 1234),
        ("12.500,50", "EUR", 1250050), ("1.5", "EUR", 150), ("12,500.50", "EUR", 1250050), ("1,234", "EUR", 123400),
        ("12.5k", "EUR", 1250000), ("12,5k €", "EUR", 1250000), ("0.125", "KWD", 125), ("1234.567", "KWD", 1234567),
    ],
)  # fmt: skip
def test_a_typed_amount_is_read_by_the_locale_where_it_is_ambiguous_and_else_as_ever(
    typed: str, currency: str, minor: int
) -> None:
    forms.use(SLOVENIAN)
    assert parse_amount(typed, currency) == minor


def test_a_files_amounts_do_not_depend_on_who_reads_them() -> None:
    forms.use(SLOVENIAN)
    assert parse_amount("1.234", "KWD", decimal=None) == 1234
    with pytest.raises(BadInput, match="could mean two amounts"):
        parse_amount("1.234k", "EUR", decimal=None)


def test_a_sign_of_the_locale_is_read_and_still_no_other_currencys() -> None:
    forms.use(replace(SLOVENIAN, signs={"BAM": "KM"}))
    assert format_full(1250000, "BAM") == "12.500 KM"
    assert parse_amount("12.500 km", "BAM") == 1250000
    with pytest.raises(BadInput, match="is in BAM, but EUR is expected"):
        parse_amount("12.500 KM", "EUR")


def test_what_is_read_and_what_is_shown_may_differ_for_output_that_machines_read() -> None:
    forms.use(SLOVENIAN, shown=NEUTRAL)
    assert parse_amount("1.234k", "EUR") == 123400000
    assert format_full(1250050, "EUR") == "€12,500.50"
    assert echo(parse_date("pet", SATURDAY), SATURDAY) == "Fri 27 Nov"


def test_decimal_strings_are_the_same_in_any_form() -> None:
    forms.use(SLOVENIAN)
    assert to_decimal_string(1250050, "EUR") == "12500.50"
