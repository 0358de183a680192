"""The forecast's rules, one by one: gap, coverage, needed deals, pace, categories; and how its lines add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.forecast import Basis, Category, Line, category_of
from funneltui.domain.forecast_sums import ClosedSum, OpenSum
from funneltui.domain.forecast_table import Forecast, Ground, Wanted, forecast
from funneltui.domain.funnel import Figure
from funneltui.domain.periods import Span, period_of, periods
from funneltui.domain.quotas import Found, Quota, QuotaBook
from funneltui.domain.rates import Rate, RateBook

TODAY = date(2026, 11, 21)
OCT, NOV, DEC = (date(2026, month, 1) for month in (10, 11, 12))
NOVEMBER = period_of(TODAY, Span.MONTH)
MONTHS = tuple(periods(OCT, DEC, Span.MONTH))
CHANCES = {("sales", "offered"): 0.5, ("sales", "waiting"): 0.1}


def line(quota: int | None = None, won: int = 0, pipeline: int = 0, *, first: date = NOV, last: date = NOVEMBER.last,
         basis: Basis | None = None) -> Line:  # fmt: skip
    return Line(
        "", first, last, TODAY, "ana", found=Found(amount=quota), won=Figure(1, won), pipeline=Figure(1, pipeline),
        basis=basis or Basis(),
    )  # fmt: skip


def opened(amount: int, month: date = NOV, owner: str | None = "ana", percent: int | None = None,
           currency: str = "EUR", stage: str = "offered") -> OpenSum:  # fmt: skip
    return OpenSum(month, owner, "sales", stage, currency, percent, 1, amount)


def won(
    amount: int, month: date | None = NOV, owner: str | None = "ana", currency: str = "EUR", count: int = 1
) -> ClosedSum:
    return ClosedSum(month, owner, Outcome.WON, currency, count, count, amount)


def lost(count: int, owner: str | None = "ana") -> ClosedSum:
    return ClosedSum(None, owner, Outcome.LOST, "EUR", count, 0, 0)


def quota(amount: int, first: date = NOV, owner: str | None = "ana", currency: str = "EUR") -> Quota:
    return Quota(owner, Span.MONTH, first, amount, currency)


def told(
    *sums: OpenSum | ClosedSum | Quota, months: tuple = MONTHS[1:2], category: Category | None = None,  # type: ignore[type-arg]
    rates: tuple[Rate, ...] = (), convert: bool = True,
) -> Forecast:  # fmt: skip
    return forecast(ground(*sums, months=months, category=category, rates=rates, convert=convert))


def ground(
    *sums: OpenSum | ClosedSum | Quota, months: tuple = MONTHS[1:2], category: Category | None = None,  # type: ignore[type-arg]
    rates: tuple[Rate, ...] = (), convert: bool = True,
) -> Ground:  # fmt: skip
    return Ground(
        Wanted(months, "EUR", TODAY, category, convert),
        tuple(one for one in sums if isinstance(one, OpenSum)),
        tuple(one for one in sums if isinstance(one, ClosedSum)),
        QuotaBook(one for one in sums if isinstance(one, Quota)),
        CHANCES,
        RateBook(rates),
    )


# --- Gap, coverage, needed deals, pace


def test_gap_is_quota_minus_won() -> None:
    assert line(1000, 300).gap == 700


def test_gap_is_negative_once_the_quota_is_exceeded() -> None:
    assert line(1000, 1300).gap == -300


def test_gap_is_absent_for_a_future_month_and_without_a_quota() -> None:
    assert line(1000, 0, first=DEC, last=date(2026, 12, 31)).gap is None
    assert line(None, 300).gap is None


def test_gap_is_there_on_the_first_day_of_a_month() -> None:
    assert line(1000, first=TODAY).gap == 1000


def test_coverage_is_pipeline_over_the_remaining_gap() -> None:
    assert line(1000, 600, 800).coverage == 2.0
    assert line(1000, 1000, 800).coverage is None
    assert line(None, 0, 800).coverage is None


def test_needed_deals_are_gap_over_average_won_amount_times_win_rate_rounded_up() -> None:
    basis = Basis(won=4, lost=6, priced=4, amount=1000)  # 250 on average, 40 % won: 100 a deal
    assert line(1000, basis=basis).needed_deals == 10
    assert line(1001, basis=basis).needed_deals == 11


def test_no_deal_is_needed_once_the_quota_is_reached() -> None:
    assert line(1000, 1000).needed_deals == 0


def test_needed_deals_are_absent_when_nothing_was_won_to_go_by() -> None:
    assert line(1000, basis=Basis(won=0, lost=5)).needed_deals is None
    assert line(1000, basis=Basis(won=2, lost=5, priced=0)).needed_deals is None


def test_won_deals_without_an_amount_count_for_the_rate_and_not_for_the_average() -> None:
    basis = Basis(won=2, lost=2, priced=1, amount=500)
    assert (basis.win_rate, basis.average) == (Fraction(1, 2), 500)


def test_pace_is_won_over_the_quotas_share_of_the_days_gone() -> None:
    assert line(3000, 2100).elapsed == Fraction(21, 30)
    assert line(3000, 2100).pace == 1.0
    assert line(3000, 1050).pace == 0.5
    assert line(3000, 3000, first=OCT, last=date(2026, 10, 31)).pace == 1.0
    assert line(3000, 0, first=DEC, last=date(2026, 12, 31)).pace is None


# --- Categories


@pytest.mark.parametrize(
    ("own", "stage", "expected"),
    [
        (None, None, Category.PIPELINE), (None, 0.39, Category.PIPELINE), (None, 0.4, Category.BEST_CASE),
        (None, 0.749, Category.BEST_CASE), (None, 0.75, Category.COMMIT), (80, 0.1, Category.COMMIT),
        (10, 0.9, Category.PIPELINE), (0, 0.9, Category.OMITTED), (100, None, Category.COMMIT),
    ],
)  # fmt: skip
def test_an_open_deal_goes_by_its_own_chance_and_else_by_its_stages(
    own: int | None, stage: float | None, expected: Category
) -> None:
    assert category_of(Outcome.OPEN, own, stage) is expected


def test_a_won_deal_is_closed_and_lost_and_spam_are_omitted() -> None:
    assert [category_of(one, 90, 0.9) for one in (Outcome.WON, Outcome.LOST, Outcome.SPAM)] == [
        Category.CLOSED, Category.OMITTED, Category.OMITTED,
    ]  # fmt: skip


def test_the_categories_add_up_to_the_pipeline() -> None:
    total = told(opened(100), opened(50, percent=90), opened(7, percent=0), opened(30, stage="waiting")).total
    assert {category: figure.amount for category, figure in total.by_category} == {
        Category.PIPELINE: 30, Category.BEST_CASE: 100, Category.COMMIT: 50, Category.OMITTED: 7,
    }  # fmt: skip
    assert total.pipeline == Figure(4, 187)


def test_a_category_leaves_only_its_open_deals_in_and_won_and_gap_stay() -> None:
    sums = (opened(100), opened(50, percent=90), won(300), quota(1000))
    commit, closed = (told(*sums, category=one).total for one in (Category.COMMIT, Category.CLOSED))
    assert (commit.pipeline.amount, commit.won.amount, commit.gap) == (50, 300, 700)
    assert (closed.pipeline.amount, closed.weighted, closed.won.amount, closed.gap) == (0, 0, 300, 700)


# --- The lines


def test_weighted_takes_a_deals_own_probability_and_else_its_stages() -> None:
    assert told(opened(1000), opened(1000, percent=30), opened(1000, stage="waiting")).total.weighted == 500 + 300 + 100


def test_only_what_falls_into_the_period_counts() -> None:
    total = told(opened(1, OCT), opened(20, NOV), opened(300, DEC), won(4, OCT), won(50, NOV), won(600, None)).total
    assert (total.pipeline.amount, total.won.amount) == (20, 50)
    assert (total.basis.won, total.basis.amount) == (3, 654)


def test_owners_add_up_to_the_team_and_months_to_the_total() -> None:
    every = told(
        opened(101), opened(203, DEC, "bo"), opened(55, owner=None, percent=33), won(70, OCT, "bo"), won(9), quota(500),
        quota(80, OCT, "bo"), lost(3), months=MONTHS,
    )  # fmt: skip
    assert [(one.label, one.owner) for one in every.lines[:3]] == [
        ("2026-10", "ana"),
        ("2026-10", "bo"),
        ("2026-10", None),
    ]
    for name in ("won", "pipeline"):
        for one in every.team:
            assert getattr(one, name).amount == sum(
                getattr(mine, name).amount for mine in every.lines if mine.label == one.label
            )
        assert getattr(every.total, name).amount == sum(getattr(one, name).amount for one in every.team)
    assert every.total.weighted == sum(one.weighted for one in every.lines)
    assert (every.total.quota, every.total.gap) == (580, 580 - 79)


def test_a_quarter_is_the_sum_of_its_months_to_the_cent() -> None:
    sums = [opened(amount, month) for amount in (101, 333, 777) for month in (OCT, NOV, DEC)]
    quarter = told(*sums, months=(period_of(TODAY, Span.QUARTER),))
    months = told(*sums, months=MONTHS)
    assert quarter.total.weighted == sum(one.weighted for one in months.lines)


def test_the_total_compares_the_quotas_of_some_months_with_what_is_of_these_months_alone() -> None:
    total = told(quota(100, OCT), won(40, OCT), won(900, NOV), opened(30, OCT), opened(500, NOV), months=MONTHS).total
    assert (total.quota, total.won.amount, total.pipeline.amount) == (100, 940, 530)
    assert (total.gap, total.coverage, total.pace, total.expected_gap) == (60, 0.5, 0.4, 60 - 15)
    assert (len(total.compared), len(total.by_period)) == (1, 3)


def test_the_totals_pace_is_by_the_days_gone_of_each_month_with_a_quota() -> None:
    quotas = (quota(310, OCT), quota(300, NOV), quota(4000, DEC))
    total = told(*quotas, won(260, OCT), won(260, NOV), months=MONTHS).total
    assert total.pace == 520 / (310 + 300 * 21 / 30)


def test_the_total_has_no_gap_as_long_as_no_month_with_a_quota_has_begun() -> None:
    total = told(quota(100, DEC), won(5, NOV), months=MONTHS).total
    assert (total.quota, total.gap, total.pace, total.coverage) == (100, None, None, None)


def test_the_total_has_a_gap_although_its_last_month_is_still_to_come() -> None:
    every = told(quota(100, OCT), quota(100, NOV), quota(100, DEC), won(30, OCT), months=MONTHS)
    assert [one.gap for one in every.lines] == [70, 100, None]
    assert every.total.gap == 270


def test_the_teams_own_quota_goes_before_its_reps() -> None:
    assert told(quota(100), quota(200, owner="bo"), quota(500, owner=None)).total.quota == 500
    assert told(quota(100), quota(200, owner="bo")).total.quota == 300


def test_nobody_has_a_line_who_has_neither_deals_nor_a_quota() -> None:
    assert told(lost(3, "bo"), won(5, OCT, "bo"), won(1)).lines[0].owner == "ana"
    assert len(told(lost(3, "bo"), won(5, OCT, "bo"), won(1)).lines) == 1


# --- Currencies


def test_unlike_currencies_are_never_added_up_without_a_rate() -> None:
    every = told(won(100), won(70, currency="USD"), opened(30, currency="USD"), quota(9, currency="USD"))
    assert (every.total.won.amount, every.total.pipeline.amount, every.total.quota) == (100, 0, None)
    (other,) = every.others
    assert (other.currency, other.won.amount, other.pipeline.amount, other.weighted, other.quota) == (
        "USD",
        70,
        30,
        15,
        9,
    )


def test_a_rate_brings_other_currencies_in_and_is_told_with_its_date() -> None:
    rate = Rate("USD", "EUR", date(2026, 11, 3), "0.5")
    every = told(
        won(100), won(70, currency="USD"), opened(30, currency="USD"), quota(90, currency="USD"), rates=(rate,)
    )
    assert (every.total.won.amount, every.total.pipeline.amount, every.total.quota, every.total.weighted) == (
        135,
        15,
        45,
        8,
    )
    assert every.others == ()
    (used,) = every.conversions
    assert (used.conversion.rate, used.labels) == (rate, ("2026-11",))


def test_a_month_that_is_over_keeps_the_rate_of_its_last_day() -> None:
    rates = (Rate("USD", "EUR", OCT, "0.5"), Rate("USD", "EUR", NOV, "0.8"), Rate("USD", "EUR", DEC, "9"))
    every = told(*(won(100, month, currency="USD") for month in (OCT, NOV, DEC)), months=MONTHS, rates=rates)
    assert [one.won.amount for one in every.lines] == [50, 80, 80]


def test_unconverted_only_the_very_currency_is_added_up() -> None:
    every = told(won(100), won(70, currency="USD"), rates=(Rate("USD", "EUR", OCT, "0.5"),), convert=False)
    assert (every.total.won.amount, [other.currency for other in every.others]) == (100, ["USD"])


def test_the_average_counts_what_todays_rate_converts() -> None:
    sums = (won(100), won(300, currency="USD"), won(999, currency="PLN"))
    basis = told(*sums, rates=(Rate("USD", "EUR", OCT, "0.5"),)).total.basis
    assert (basis.won, basis.priced, basis.amount) == (3, 2, 250)


def test_a_forecast_of_one_owner_has_his_line_though_nothing_is_in_it() -> None:
    alone = replace(ground(), owners=("bo",), wanted=Wanted(MONTHS, "EUR", TODAY, whole_team=False))
    every = forecast(alone)
    assert [(one.label, one.owner) for one in every.lines] == [(month.label, "bo") for month in MONTHS]
    assert (every.team, every.total.owner, every.total.is_team) == ((), "bo", False)
