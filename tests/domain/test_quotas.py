"""Quotas: the one set for a period, else the sum of shorter ones; the team's own, else its reps'."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from funneltui.domain.periods import Span, period_of
from funneltui.domain.quotas import Quota, QuotaBook

OCT, NOV, DEC = (date(2026, month, 1) for month in (10, 11, 12))
Q4, YEAR = period_of(NOV, Span.QUARTER), period_of(NOV, Span.YEAR)
NOVEMBER = period_of(NOV, Span.MONTH)


def quota(owner: str | None, first: date, amount: int | None, span: Span = Span.MONTH, currency: str = "EUR") -> Quota:
    return Quota(owner, span, first, amount, currency)


def as_it_is(minor: int, currency: str) -> int | None:
    return minor if currency == "EUR" else None


def test_a_quota_is_the_one_set_for_the_very_period() -> None:
    book = QuotaBook([quota("ana", OCT, 900, Span.QUARTER), quota("ana", NOV, 500)])
    assert book.of("ana", Q4, as_it_is).amount == 900
    assert book.of("ana", NOVEMBER, as_it_is).amount == 500


def test_a_quarter_without_its_own_has_the_sum_of_its_months_and_says_of_how_many() -> None:
    found = QuotaBook([quota("ana", OCT, 100), quota("ana", DEC, 300)]).of("ana", Q4, as_it_is)
    assert (found.amount, len(found.parts), found.possible, found.is_whole) == (400, 2, 3, False)


def test_a_year_takes_a_quarter_where_that_is_set_and_months_where_not() -> None:
    july = [quota("ana", date(2026, month, 1), 10) for month in (7, 8, 9)]
    found = QuotaBook([quota("ana", OCT, 900, Span.QUARTER), quota("ana", NOV, 500), *july]).of("ana", YEAR, as_it_is)
    assert (found.amount, found.possible) == (930, 1 + 3 + 3 + 3)


def test_what_is_set_for_a_quarter_is_never_divided_into_months() -> None:
    assert QuotaBook([quota("ana", OCT, 900, Span.QUARTER)]).of("ana", NOVEMBER, as_it_is).amount is None


def test_the_team_has_its_own_quota_or_the_sum_of_its_reps() -> None:
    reps = [quota("ana", NOV, 100), quota("bo", NOV, 200)]
    assert QuotaBook(reps).of_team(NOVEMBER, as_it_is).amount == 300
    assert QuotaBook([*reps, quota(None, NOV, 500)]).of_team(NOVEMBER, as_it_is).amount == 500
    assert QuotaBook([]).of_team(NOVEMBER, as_it_is).amount is None


def test_a_revised_quota_shows_both() -> None:
    first = quota("ana", OCT, 100)
    found = QuotaBook([replace(first, amount=150, before=first), quota("ana", NOV, 50)]).of("ana", Q4, as_it_is)
    assert (found.amount, found.before) == (200, 150)


def test_a_quota_that_was_taken_back_is_none() -> None:
    book = QuotaBook([quota("ana", NOV, None)])
    assert (book.of("ana", NOVEMBER, as_it_is).amount, book.owners) == (None, frozenset())


def test_a_quota_of_nought_is_one() -> None:
    assert QuotaBook([quota("ana", NOV, 0)]).of("ana", NOVEMBER, as_it_is).amount == 0


def test_a_quota_in_a_currency_without_a_rate_stays_apart() -> None:
    dollars = quota("ana", NOV, 100, currency="USD")
    found = QuotaBook([dollars, quota("ana", OCT, 70)]).of("ana", Q4, as_it_is)
    assert (found.amount, found.others) == (70, (dollars,))


def test_a_fiscal_quarter_has_the_months_of_its_own_year() -> None:
    fiscal = period_of(date(2026, 2, 10), Span.QUARTER, 2)  # February to April
    months = [quota("ana", date(2026, month, 1), month) for month in (1, 2, 3, 4, 5)]
    assert QuotaBook(months).of("ana", fiscal, as_it_is).amount == 2 + 3 + 4


def test_a_quota_names_its_period_as_the_reader_counts_years() -> None:
    assert quota("ana", OCT, 1, Span.QUARTER).label() == "2026 Q4"
    assert quota("ana", OCT, 1, Span.QUARTER).label(4) == "FY2027 Q3"
    assert quota("ana", date(2026, 2, 1), 1, Span.QUARTER).label() == "quarter from 2026-02-01"
