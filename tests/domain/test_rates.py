"""Rates: the newest known one, exact, rounded once and half to even; the inverse only where nothing else is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.rates import Conversion, Rate, RateBook, check_pair, parse_rate
from funneltui.errors import BadInput

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def book(*rates: tuple[str, str, date, str]) -> RateBook:
    return RateBook(Rate(source, target, day, text) for source, target, day, text in rates)


def converted(rates: RateBook, minor: int, source: str, target: str, day: date) -> int:
    conversion = rates.conversion(source, target, day)
    assert conversion is not None
    return conversion.of(minor)


def test_the_newest_rate_on_or_before_the_day_holds() -> None:
    rates = book(("USD", "EUR", JAN, "0.9"), ("USD", "EUR", MAR, "0.8"))
    assert [converted(rates, 1000, "USD", "EUR", day) for day in (JAN, FEB, MAR)] == [900, 900, 800]


def test_before_the_first_rate_nothing_is_converted() -> None:
    assert book(("USD", "EUR", FEB, "0.9")).conversion("USD", "EUR", JAN) is None


def test_of_two_rates_for_one_day_the_one_entered_later_holds() -> None:
    rates = book(("USD", "EUR", JAN, "0.9"), ("USD", "EUR", JAN, "0.95"))
    assert converted(rates, 100, "USD", "EUR", FEB) == 95


def test_the_inverse_is_taken_where_only_that_is_known_and_it_is_said() -> None:
    conversion = book(("EUR", "USD", JAN, "1.25")).conversion("USD", "EUR", FEB)
    assert conversion is not None
    assert conversion.of(1000) == 800
    assert conversion.describe() == "1 USD = 1/1.25 EUR of 2026-01-01 (the inverse: only EUR to USD is known)"


def test_a_rate_goes_before_a_newer_inverse() -> None:
    rates = book(("USD", "EUR", JAN, "0.9"), ("EUR", "USD", FEB, "2"))
    assert converted(rates, 100, "USD", "EUR", MAR) == 90


def test_no_rate_is_made_from_two_others() -> None:
    rates = book(("USD", "EUR", JAN, "0.9"), ("EUR", "PLN", JAN, "4.3"))
    assert rates.conversion("USD", "PLN", MAR) is None


def test_a_conversion_says_its_rate_and_date() -> None:
    assert Conversion(Rate("USD", "EUR", JAN, "0.9215")).describe() == "1 USD = 0.9215 EUR of 2026-01-01"


@pytest.mark.parametrize(("minor", "expected"), [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2)], ids=str)
def test_the_result_is_rounded_half_to_even(minor: int, expected: int) -> None:
    assert converted(book(("USD", "EUR", JAN, "0.5")), minor, "USD", "EUR", JAN) == expected


@pytest.mark.parametrize(
    ("source", "target", "rate", "minor", "expected"),
    [
        ("JPY", "EUR", "0.0061", 10_000, 6_100),
        ("EUR", "JPY", "163.5", 100, 164),
        ("EUR", "KWD", "0.335", 100, 335),
        ("KWD", "JPY", "490", 1_000, 490),
    ],
)
def test_minor_units_of_each_currency_are_known(source: str, target: str, rate: str, minor: int, expected: int) -> None:
    assert converted(book((source, target, JAN, rate)), minor, source, target, JAN) == expected


@given(st.integers(-(10**15), 10**15), st.decimals("0.000001", "999999", places=6))
def test_a_conversion_is_never_off_by_more_than_half_a_minor_unit(minor: int, rate: object) -> None:
    value = Conversion(Rate("USD", "EUR", JAN, str(rate))).of(minor)
    assert abs(value - minor * Fraction(str(rate))) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("0.9215", "0.9215"), ("0,9215", "0.9215"), ("00.50", "0.5"), ("26345", "26345"), ("26.345", "26.345"), ("1.0", "1"),
     ("0,125", "0.125"), (" 4.3 ", "4.3")],
)  # fmt: skip
def test_a_rate_is_kept_as_exact_text(typed: str, text: str) -> None:
    assert parse_rate(typed) == text


@pytest.mark.parametrize("typed", ["", "0", "0.000", "-1", "1e5", "1.2.3", "1,234.5", "abc", "9" * 50, "٣"])
def test_what_is_no_rate_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_rate(typed)


def test_a_comma_that_could_part_thousands_is_refused() -> None:
    with pytest.raises(BadInput, match="could mean two rates"):
        parse_rate("26,345")


@pytest.mark.parametrize(("source", "target"), [("EUR", "EUR"), ("EURO", "USD"), ("USD", "XXX")])
def test_a_rate_is_between_two_currencies(source: str, target: str) -> None:
    with pytest.raises(BadInput):
        check_pair(source, target)
