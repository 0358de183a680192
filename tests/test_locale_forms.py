"""The forms of real locales: what is shown is safe, fits, and can be typed back."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from babel import localedata
from hypothesis import given
from hypothesis import strategies as st

from funneltui import locale_forms
from funneltui.domain import forms
from funneltui.domain.dates import FIRST_YEAR, LAST_YEAR, echo, parse_date, short
from funneltui.domain.forms import NEUTRAL, Forms
from funneltui.domain.money import CURRENCIES, MAX_MINOR, as_typed, format_compact, format_full, parse_amount
from funneltui.domain.text import strip_controls
from funneltui.errors import BadInput

LOCALES = (
    "sl-SI", "en-US", "en-GB", "en-IN", "de-DE", "de-CH", "fr-FR", "fr-CA", "es-ES", "es-MX", "pt-BR", "pt-PT", "it-IT",
    "nl-NL", "pl-PL", "cs-CZ", "sk-SK", "hu-HU", "fi-FI", "sv-SE", "bg-BG", "uk-UA", "el-GR", "tr-TR", "lt-LT", "ar-EG",
    "he-IL", "fa-IR", "hi-IN", "th-TH", "vi-VN", "ja-JP", "zh-CN", "zh-TW", "ko-KR", "my-MM", "mn-MN",
)  # fmt: skip
SATURDAY = date(2026, 11, 21)
DAYS = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))
AMOUNTS = st.integers(0, MAX_MINOR) | st.integers(0, 10**7) | st.integers(0, 10**6).map(lambda whole: whole * 100)
READ_NEUTRALLY = (
    "12500", "12,500", "12.500,00", "12 500,50", "1'234.50", "€12.5k", "1.2m EUR", "1,234", "1.234", "0.125", "12,5",
    "1234.567", "12k", "12 k €", "3.500.000",
)  # fmt: skip


def loaded() -> dict[str, Forms]:
    """Give the forms of all locales, each read as a program reads its one.

    Babel keeps what a locale has taken from its parents in the parents' own data, where the next locale would find it.
    """
    found = {}
    for tag in LOCALES:
        localedata._cache.clear()
        found[tag] = locale_forms.forms_of(tag)
    return found


FORMS = loaded()
ANY_FORMS = st.sampled_from(list(FORMS.values()))


@pytest.fixture(autouse=True)
def neutral_afterwards() -> Iterator[None]:
    yield
    forms.use(NEUTRAL)


def cells(text: str) -> int:
    """Give how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


# --- what is shown can be typed back


@given(ANY_FORMS, DAYS, DAYS)
def test_a_date_that_is_echoed_can_be_typed_back(used: Forms, day: date, today: date) -> None:
    forms.use(used)
    assert parse_date(echo(day, today), today) == day


@given(ANY_FORMS, st.integers(-400, 400), DAYS)
def test_a_near_date_that_is_echoed_can_be_typed_back_in_past_and_future(used: Forms, away: int, today: date) -> None:
    forms.use(used)
    day = today + timedelta(days=away)
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        assert parse_date(echo(day, today), today) == day


@given(ANY_FORMS, st.integers(0, 300), DAYS)
def test_the_date_of_a_card_can_be_typed_back_if_it_is_to_come(used: Forms, away: int, today: date) -> None:
    forms.use(used)
    day = today + timedelta(days=away)
    assert parse_date(short(day, today), today) == day


@given(ANY_FORMS, AMOUNTS, st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_that_is_shown_can_be_typed_back(used: Forms, minor: int, currency: str) -> None:
    forms.use(used)
    assert parse_amount(format_full(minor, currency), currency) == minor


@given(ANY_FORMS, AMOUNTS, st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_with_which_a_field_begins_is_read_as_what_it_is(used: Forms, minor: int, currency: str) -> None:
    forms.use(used)
    assert parse_amount(as_typed(minor, currency), currency) == minor


@given(ANY_FORMS, st.sampled_from(READ_NEUTRALLY), st.sampled_from(["EUR", "KWD", "JPY", "PLN"]))
def test_what_can_be_read_without_a_locale_can_be_read_with_one(used: Forms, typed: str, currency: str) -> None:
    forms.use(NEUTRAL)
    try:
        parse_amount(typed, currency)
    except BadInput:
        return
    forms.use(used)
    assert parse_amount(typed, currency) >= 0


@given(
    ANY_FORMS,
    st.dates(date(2026, 11, 21), date(2027, 11, 20)),
    st.sampled_from(["%d.%m.", "%d %b", "%b %d", "%Y-%m-%d"]),
)
def test_dates_typed_as_ever_mean_what_they_meant(used: Forms, day: date, written: str) -> None:
    forms.use(used)
    assert parse_date(day.strftime(written), SATURDAY) == day


# --- it is safe and fits


@given(ANY_FORMS, DAYS, DAYS, AMOUNTS, st.sampled_from(sorted(CURRENCIES)))
def test_nothing_that_is_shown_acts_on_a_terminal_or_runs_from_right_to_left(
    used: Forms, day: date, today: date, minor: int, currency: str
) -> None:
    forms.use(used)
    for shown in (echo(day, today), short(day, today), format_full(minor, currency), format_compact(minor, currency)):
        assert shown == strip_controls(shown)
        assert not {unicodedata.bidirectional(one) for one in shown} & {"R", "AL", "AN"}
        assert not any(unicodedata.combining(one) for one in unicodedata.normalize("NFC", shown))
        assert not set(shown) & set("\u00a0\u202f\u2009\n\t")


@given(ANY_FORMS, st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(sorted(CURRENCIES)), st.integers(5, 12))
def test_a_rounded_amount_never_takes_more_than_its_width(used: Forms, minor: int, currency: str, width: int) -> None:
    forms.use(used)
    assert cells(format_compact(minor, currency, width)) <= width


@given(ANY_FORMS, DAYS, DAYS)
def test_the_date_of_a_card_takes_at_most_nine_columns(used: Forms, day: date, today: date) -> None:
    forms.use(used)
    assert cells(short(day, today)) <= 9


@pytest.mark.parametrize("tag", LOCALES)
def test_digits_are_those_that_everybody_reads(tag: str) -> None:
    forms.use(FORMS[tag])
    shown = format_full(123456789, "EUR") + echo(SATURDAY, SATURDAY)
    assert all(character.isascii() for character in shown if character.isdigit())


# --- as people of the place write


@pytest.mark.parametrize(
    ("tag", "amount", "compact", "far"),
    [
        ("sl-SI", "1.234.567,50 €", "1,2m €", "sre 15. mar 2028"),
        ("en-US", "€1,234,567.50", "€1.2m", "Wed Mar 15, 2028"),
        ("en-GB", "€1,234,567.50", "€1.2m", "Wed 15 Mar 2028"),
        ("en-IN", "€12,34,567.50", "€1.2m", "Wed 15 Mar 2028"),
        ("de-CH", "€ 1’234’567.50", "€ 1.2m", "Mi 15. März 2028"),
        ("fr-FR", "1 234 567,50 €", "1,2m €", "mer 15 mars 2028"),
        ("pl-PL", "1 234 567,50 €", "1,2m €", "śr 15 mar 2028"),
        ("fi-FI", "1 234 567,50 €", "1,2m €", "ke 15.3.2028"),
        ("hu-HU", "1 234 567,50 €", "1,2m €", "2028 márc 15 Sze"),
        ("ja-JP", "€1,234,567.50", "€1.2m", "2028年3月15日 水"),
        ("ko-KR", "€1,234,567.50", "€1.2m", "2028년 3월 15일 수"),
        ("ar-EG", "1,234,567.50 €", "1.2m €", "Wed 15 Mar 2028"),
    ],
)
def test_amounts_and_dates_look_as_they_do_there(tag: str, amount: str, compact: str, far: str) -> None:
    forms.use(FORMS[tag])
    assert format_full(123456750, "EUR") == amount
    assert format_compact(123456750, "EUR") == compact
    assert echo(date(2028, 3, 15), SATURDAY) == far


@pytest.mark.parametrize(
    ("tag", "typed", "meant"),
    [
        ("sl-SI", "15. avgust", date(2027, 8, 15)), ("sl-SI", "četrtek", date(2026, 11, 26)),
        ("de-DE", "15. März 2027", date(2027, 3, 15)), ("de-DE", "15 marz", date(2027, 3, 15)),
        ("fr-FR", "1 déc", date(2026, 12, 1)), ("fr-FR", "1 août 2027", date(2027, 8, 1)),
        ("pt-BR", "15 de dezembro de 2026", date(2026, 12, 15)), ("pl-PL", "15 grudnia", date(2026, 12, 15)),
        ("pl-PL", "15 grudzień", date(2026, 12, 15)), ("bg-BG", "15 декември", date(2026, 12, 15)),
        ("ja-JP", "2027年2月3日", date(2027, 2, 3)), ("zh-CN", "2月3日", date(2027, 2, 3)),
        ("ar-EG", "15 ديسمبر", date(2026, 12, 15)), ("sk-SK", "št", date(2026, 11, 26)), ("sk-SK", "st", date(2026, 11, 25)),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written_there(tag: str, typed: str, meant: date) -> None:
    forms.use(FORMS[tag])
    assert parse_date(typed, SATURDAY) == meant


def test_a_dollar_sign_is_that_of_the_place_and_the_others_are_told_apart() -> None:
    canadian = locale_forms.forms_of("en-CA")
    assert (canadian.signs["CAD"], canadian.signs["USD"]) == ("$", "US$")


# --- no locale, an unknown one


def test_without_a_locale_the_forms_are_the_neutral_ones() -> None:
    assert locale_forms.forms_of("") == NEUTRAL


@pytest.mark.parametrize("tag", ["sl", "sl-SI", "SL_si", "en-GB", "zh-Hant-TW"])
def test_a_locale_is_known_by_its_tag(tag: str) -> None:
    assert locale_forms.is_known(tag)


@pytest.mark.parametrize("tag", ["xx", "xx-YY", "slovenian", "en-GB-GB-GB"])
def test_an_unknown_locale_is_not_known_and_has_neutral_forms(tag: str) -> None:
    assert not locale_forms.is_known(tag)
    assert locale_forms.forms_of(tag) == NEUTRAL


def test_week_and_fiscal_year_are_settings_of_their_own() -> None:
    assert locale_forms.forms_of("en-US").first_weekday == 0
    assert locale_forms.forms_of("sl-SI", 6, 4).first_weekday == 6
    assert locale_forms.forms_of("", 0, 4).fiscal_start == 4


def test_babel_is_not_imported_where_no_locale_is_chosen() -> None:
    code = "import sys; from funneltui import locale_forms as l, config; l.use(config.read()); print('babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
