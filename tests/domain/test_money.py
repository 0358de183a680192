"""Amounts: typed, stored as text, and shown."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.money import (
    CURRENCIES,
    MAX_MINOR,
    format_compact,
    format_full,
    minor_digits,
    parse_amount,
    to_decimal_string,
)
from funneltui.errors import BadInput

CODES = st.sampled_from(sorted(CURRENCIES))
DEAL_AMOUNTS = st.one_of(st.integers(0, MAX_MINOR), st.integers(0, 10**7))
TOTALS = st.one_of(st.integers(-(10**17), 10**17), st.integers(-(10**7), 10**7))
AMOUNT_LIKE = st.text("0123456789.,' \N{NO-BREAK SPACE}-()kKmM€$EURKWDzł", max_size=20)
UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}


def shown_value(shown: str) -> Fraction:
    """Give what a compact amount says, in whole units of the currency."""
    found = re.search(r"([0-9.]+)([kmbt]?)(?![a-z])", shown)
    assert found is not None
    value = Fraction(found[1]) * UNITS[found[2]]
    return -value if shown.startswith("-") else value


def test_every_currency_has_a_code_of_three_capitals_and_a_known_minor_unit() -> None:
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    assert set(CURRENCIES.values()) == {0, 2, 3, 4}
    assert len(CURRENCIES) == 165


@pytest.mark.parametrize(
    ("code", "digits"),
    [("EUR", 2), ("PLN", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("UYU", 2), ("XCG", 2), ("ZWG", 2)],
)
def test_a_currency_has_its_minor_digits(code: str, digits: int) -> None:
    assert minor_digits(code) == digits


@pytest.mark.parametrize(("code", "close"), [("eur", "EUR\\?"), ("EURO", "EUR"), ("PNL", "PLN"), (" USD", "USD")])
def test_an_unknown_currency_is_answered_with_close_ones(code: str, close: str) -> None:
    with pytest.raises(BadInput, match=rf"is no currency; did you mean .*{close}"):
        minor_digits(code)


@pytest.mark.parametrize("code", ["", "XAU", "XXX", "HRK", "ANG", "\x1b[2J", "9" * 5000])
def test_what_is_no_active_currency_is_refused(code: str) -> None:
    with pytest.raises(BadInput, match="is no currency"):
        minor_digits(code)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("12500", "EUR", 1250000),
        ("0", "EUR", 0),
        ("007", "EUR", 700),
        ("12,500", "EUR", 1250000),
        ("12.500", "EUR", 1250000),
        ("12,500.00", "EUR", 1250000),
        ("12.500,00", "EUR", 1250000),
        ("12 500,50", "EUR", 1250050),
        ("12\N{NO-BREAK SPACE}500,50", "EUR", 1250050),
        ("12\N{NARROW NO-BREAK SPACE}500\N{THIN SPACE}000", "EUR", 1250000000),
        ("1'234.50", "CHF", 123450),
        ("1\N{RIGHT SINGLE QUOTATION MARK}234.50", "CHF", 123450),
        ("1.234.567", "EUR", 123456700),
        ("1,234,567.8", "EUR", 123456780),
        ("12,5", "EUR", 1250),
        ("12.50", "EUR", 1250),
        ("12.5000", "EUR", 1250),
        ("1,234.500", "EUR", 123450),
        ("0,120", "EUR", 12),
        ("12,500", "JPY", 12500),
        ("12.00", "JPY", 12),
        ("12.500", "KWD", 12500),
        ("1,234.500", "KWD", 1234500),
        ("1,234,567", "KWD", 1234567000),
        ("12.5", "KWD", 12500),
        ("12,500", "CLF", 125000000),
        ("12.5000", "CLF", 125000),
        ("  12500  ", "EUR", 1250000),
        ("€12,500.00", "EUR", 1250000),
        ("12.500,00 €", "EUR", 1250000),
        ("eur 12500", "EUR", 1250000),
        ("12500EUR", "EUR", 1250000),
        ("€12 EUR", "EUR", 1200),
        ("$5", "USD", 500),
        ("$5", "AUD", 500),
        ("5 zł", "PLN", 500),
        ("5 Kč", "CZK", 500),
        ("5 kr", "SEK", 500),
        ("5 mxn", "MXN", 500),
        ("12.5k", "EUR", 1250000),
        ("12,5K", "EUR", 1250000),
        ("1.2m", "EUR", 120000000),
        ("1.2 M EUR", "EUR", 120000000),
        ("€1.2m", "EUR", 120000000),
        ("5k kr", "SEK", 500000),
        ("12.3456k", "EUR", 1234560),
        ("0.125k", "EUR", 12500),
        ("1,234.5k", "EUR", 123450000),
        ("10,000,000,000,000", "EUR", MAX_MINOR),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "decimal", "minor"),
    [
        ("12.500", ".", 1250),
        ("12.500", ",", 1250000),
        ("12,500", ",", 1250),
        ("12,500", ".", 1250000),
        ("1,234.5", ".", 123450),
        ("1 234,5", ",", 123450),
        ("1.234k", ".", 123400),
        ("1.234k", ",", 123400000),
    ],
)
def test_a_given_decimal_mark_settles_what_a_separator_means(typed: str, decimal: str, minor: int) -> None:
    assert parse_amount(typed, "EUR", decimal=decimal) == minor


@pytest.mark.parametrize(
    ("typed", "decimal"), [("1,234,5", ","), ("1.2.3", "."), ("1.23,4", ","), ("5", ";"), ("5", "")]
)
def test_a_given_decimal_mark_stands_once_and_is_a_comma_or_a_dot(typed: str, decimal: str) -> None:
    with pytest.raises(BadInput):
        parse_amount(typed, "EUR", decimal=decimal)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "foo", "k", "€", "1,2,3", "1.234.56", "12 50", "12  500", "12,500 000", "1,234'567", "0,123,456",
        "1234,567,890", "12.", ".5", "1e5", "1+1", "+5", "12x", "x12", "5 kk", "5 b", "12k5", "5-", "12,-",
        "1 2 3", "١٢", "12\x00", "½", "²", "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput, match=r"can't read .* as an amount; write it like 12500, "):
        parse_amount(typed, "EUR")


@pytest.mark.parametrize("typed", ["-5", "- 5", "−5", "(5.00)", "-€5", "€-5", "EUR -5", "-1.2k"])
def test_a_negative_amount_is_refused_as_negative(typed: str) -> None:
    with pytest.raises(BadInput, match="is negative; an amount never is"):
        parse_amount(typed, "EUR")


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [
        ("€5", "USD", "EUR"),
        ("5 USD", "EUR", "USD"),
        ("£5", "EUR", "GBP"),
        ("5 kr", "EUR", "DKK"),
        ("€5 USD", "EUR", "USD"),
    ],
)
def test_another_currency_than_expected_is_refused(typed: str, currency: str, said: str) -> None:
    with pytest.raises(BadInput, match=rf"is in {said}.*, but {currency} is expected"):
        parse_amount(typed, currency)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("0.125", "EUR"), ("12.345,678", "EUR"), ("12.3456", "KWD"), ("12.5", "JPY"), ("1.234567k", "EUR")],
)
def test_more_decimals_than_the_currency_has_are_refused(typed: str, currency: str) -> None:
    with pytest.raises(BadInput, match="has more decimals than"):
        parse_amount(typed, currency)


@pytest.mark.parametrize("typed", ["1,234k", "1.234m"])
def test_a_separator_before_a_scale_that_could_mean_two_amounts_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="could mean two amounts"):
        parse_amount(typed, "EUR")


@pytest.mark.parametrize("typed", ["10000000000000.01", "10000001m", "9" * 60])
def test_an_amount_that_is_too_great_names_the_greatest(typed: str) -> None:
    with pytest.raises(BadInput, match="is too much; the greatest amount is €10,000"):
        parse_amount(typed, "EUR")


@given(st.one_of(st.text(), AMOUNT_LIKE), CODES, st.sampled_from([None, ",", "."]))
def test_any_text_gives_an_amount_in_range_or_bad_input(text: str, currency: str, decimal: str | None) -> None:
    try:
        minor = parse_amount(text, currency, decimal=decimal)
    except BadInput as refusal:
        message = str(refusal)
    else:
        assert 0 <= minor <= MAX_MINOR
        return
    assert not {unicodedata.category(character) for character in message} & {"Cc", "Cs"}


@given(st.text())
def test_any_text_is_a_currency_of_the_list_or_bad_input(currency: str) -> None:
    try:
        digits = minor_digits(currency)
    except BadInput:
        assert currency not in CURRENCIES
    else:
        assert digits == CURRENCIES[currency]


@given(DEAL_AMOUNTS, CODES)
def test_a_shown_amount_is_read_back_exactly(minor: int, currency: str) -> None:
    assert parse_amount(format_full(minor, currency), currency) == minor


@given(DEAL_AMOUNTS, CODES, st.sampled_from([",", "."]), st.sampled_from(["", " ", "'", "\N{NO-BREAK SPACE}", "other"]))
def test_an_amount_written_in_any_style_is_read_back_with_its_decimal_mark(
    minor: int, currency: str, decimal: str, grouping: str
) -> None:
    grouping = {",": ".", ".": ","}[decimal] if grouping == "other" else grouping
    whole, _, fraction = to_decimal_string(minor, currency).partition(".")
    typed = f"{int(whole):,}".replace(",", grouping) + (decimal + fraction if fraction else "")
    assert parse_amount(typed, currency, decimal=decimal) == minor
    if len(fraction) not in (0, 3):
        assert parse_amount(typed, currency) == minor


@given(TOTALS, CODES)
def test_a_decimal_string_is_the_exact_amount(minor: int, currency: str) -> None:
    assert Fraction(to_decimal_string(minor, currency)) == Fraction(minor, 10 ** minor_digits(currency))


@given(DEAL_AMOUNTS, CODES)
def test_a_decimal_string_is_also_an_amount_with_a_dot(minor: int, currency: str) -> None:
    assert parse_amount(to_decimal_string(minor, currency), currency, decimal=".") == minor


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250000, "EUR", "12500.00"),
        (12500, "JPY", "12500"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (0, "KWD", "0.000"),
        (-12345, "KWD", "-12.345"),
    ],
)
def test_a_decimal_string_has_all_the_decimals_of_the_currency(minor: int, currency: str, text: str) -> None:
    assert to_decimal_string(minor, currency) == text


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1250000, "EUR", "€12,500"),
        (1250050, "EUR", "€12,500.50"),
        (5, "USD", "$0.05"),
        (100, "GBP", "£1"),
        (12500, "JPY", "¥12,500"),
        (1250000, "PLN", "12,500 PLN"),
        (1250001, "PLN", "12,500.01 PLN"),
        (12500000, "KWD", "12,500.000 KWD"),
        (125000000, "CLF", "12,500 CLF"),
        (-120000, "EUR", "-€1,200"),
        (-120000, "PLN", "-1,200 PLN"),
    ],
)
def test_the_full_amount_omits_only_empty_decimals(minor: int, currency: str, shown: str) -> None:
    assert format_full(minor, currency) == shown


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "€0"),
        (40, "€0"),
        (-40, "€0"),
        (50, "€0"),
        (150, "€2"),
        (95000, "€950"),
        (99949, "€999"),
        (99950, "€1k"),
        (100000, "€1k"),
        (123400, "€1.2k"),
        (125000, "€1.2k"),
        (135000, "€1.4k"),
        (994999, "€9.9k"),
        (999999, "€10k"),
        (1450000, "€14.5k"),
        (1850000, "€18.5k"),
        (8234000, "€82.3k"),
        (9995000, "€100k"),
        (12000000, "€120k"),
        (99949999, "€999k"),
        (99950000, "€1m"),
        (120000000, "€1.2m"),
        (MAX_MINOR, "€10t"),
        (-120000, "-€1.2k"),
        (-12000000, "-€120k"),
    ],
)
def test_the_compact_amount_fits_a_card(minor: int, shown: str) -> None:
    assert format_compact(minor, "EUR") == shown


@pytest.mark.parametrize(
    ("minor", "currency", "width", "shown"),
    [
        (123400, "EUR", 5, "€1.2k"),
        (123400, "EUR", 4, "€1k"),
        (12000000, "EUR", 4, "120k"),
        (-12000000, "EUR", 4, "-120k"),
        (12000000, "PLN", 6, "120k"),
        (12000000, "PLN", 7, "120k"),
        (12000000, "PLN", 8, "120k PLN"),
        (-12000000, "PLN", 8, "-120k"),
        (12500, "JPY", 6, "¥12.5k"),
        (12500, "JPY", 5, "¥12k"),
        (1450000, "PLN", 9, "14.5k PLN"),
        (1450000, "PLN", 8, "14k PLN"),
        (1450000, "PLN", 7, "14.5k"),
    ],
)
def test_the_compact_amount_gives_up_decimals_then_the_currency(
    minor: int, currency: str, width: int, shown: str
) -> None:
    assert format_compact(minor, currency, width) == shown


@given(TOTALS, CODES, st.integers(6, 12))
def test_the_compact_amount_is_never_wider_than_asked(minor: int, currency: str, width: int) -> None:
    assert len(format_compact(minor, currency, width)) <= width or abs(minor) >= 999 * 10**12


@given(TOTALS, TOTALS, CODES, st.integers(1, 12))
def test_a_greater_amount_never_shows_as_less(one: int, other: int, currency: str, width: int) -> None:
    less, more = sorted((one, other))
    assert shown_value(format_compact(less, currency, width)) <= shown_value(format_compact(more, currency, width))


@given(st.integers(10**3, 10**13), st.integers(0, 10**4), CODES)
def test_neighbouring_amounts_keep_their_order_when_shown(minor: int, step: int, currency: str) -> None:
    assert shown_value(format_compact(minor, currency)) <= shown_value(format_compact(minor + step, currency))


@given(DEAL_AMOUNTS, CODES)
def test_the_compact_amount_is_within_five_percent_or_half_a_unit(minor: int, currency: str) -> None:
    exact = Fraction(minor, 10 ** minor_digits(currency))
    assert abs(shown_value(format_compact(minor, currency)) - exact) <= max(exact / 20, Fraction(1, 2))
