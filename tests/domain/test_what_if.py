"""What if a deal closed on another day, for another amount, with another chance: both forecasts, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.deal import Deal
from funneltui.domain.forecast_sums import open_sum_of
from funneltui.domain.forecast_table import Ground, Wanted, forecast
from funneltui.domain.periods import Span, period_of
from funneltui.domain.quotas import Quota, QuotaBook
from funneltui.domain.rates import RateBook
from funneltui.domain.what_if import what_if

TODAY = date(2026, 11, 21)
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
NOVEMBER = period_of(TODAY, Span.MONTH)
CHANCES = {("sales", "offered"): 0.5, ("sales", "waiting"): None}


def deal(number: int, amount: int | None = 1000, close: date = TODAY, **more: object) -> Deal:
    plain = Deal(
        number, "Deal", "sales", "offered", "web", close, MOMENT, MOMENT, MOMENT, "EUR", owner="ana", amount=amount
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def ground(*deals: Deal, quota: int | None = 5000) -> Ground:
    quotas = [Quota("ana", Span.MONTH, NOVEMBER.first, quota, "EUR")]
    opens = tuple(open_sum_of(one) for one in deals)
    return Ground(Wanted((NOVEMBER,), "EUR", TODAY), opens, (), QuotaBook(quotas), CHANCES, RateBook())


def test_a_deal_put_off_leaves_the_month_and_the_expected_gap_grows() -> None:
    first, second = deal(1), deal(2, 400)
    seen = what_if(ground(first, second), [(first, replace(first, expected_close=date(2026, 12, 5)))])
    assert (seen.before.total.pipeline.amount, seen.after.total.pipeline.amount) == (1400, 400)
    assert (seen.pipeline_move, seen.weighted_move, seen.gap_move) == (-1000, -500, 500)
    assert (seen.before.total.expected_gap, seen.after.total.expected_gap) == (4300, 4800)
    assert seen.before.total.gap == seen.after.total.gap == 5000


def test_a_deal_drawn_in_comes_into_the_month() -> None:
    far = deal(1, close=date(2027, 3, 1))
    seen = what_if(ground(), [(far, replace(far, expected_close=TODAY))])
    assert (seen.pipeline_move, seen.after.total.pipeline.count) == (1000, 1)


def test_another_chance_moves_the_weighted_sum_and_the_category() -> None:
    one = deal(1)
    seen = what_if(ground(one), [(one, replace(one, probability=90))])
    assert (seen.weighted_move, seen.gap_move, seen.pipeline_move) == (400, -400, 0)
    assert [category.value for category, figure in seen.after.total.by_category if figure.count] == ["commit"]


def test_without_a_quota_there_is_no_gap_to_move() -> None:
    one = deal(1)
    assert what_if(ground(one, quota=None), [(one, replace(one, amount=5))]).gap_move is None


def test_the_ground_stays_as_it_was() -> None:
    one = deal(1)
    here = ground(one)
    before = forecast(here)
    what_if(here, [(one, replace(one, amount=9))])
    assert forecast(here) == before


DEALS = st.lists(
    st.builds(
        deal, st.integers(1, 99), st.none() | st.integers(0, 10**6),
        st.dates(date(2026, 10, 1), date(2027, 1, 31)), probability=st.none() | st.integers(0, 100),
        stage=st.sampled_from(["offered", "waiting"]), owner=st.sampled_from([None, "ana", "bo"]),
        currency=st.sampled_from(["EUR", "USD"]),
    ), min_size=1, max_size=8,
)  # fmt: skip


@given(DEALS, DEALS)
def test_what_would_be_is_the_forecast_of_the_deals_as_they_would_be(now: list[Deal], then: list[Deal]) -> None:
    changes = list(zip(now, then, strict=False))
    seen = what_if(ground(*now), changes)
    after = [other for _, other in changes] + now[len(changes) :]
    assert seen.after == forecast(ground(*after))
