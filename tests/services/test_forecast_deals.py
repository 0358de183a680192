"""The deals behind a forecast's figures: those in another currency by the rates of each period, the past read once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.periods import Span, periods
from funneltui.domain.rates import Rate
from funneltui.services import as_of, deals, forecasts, moves, rates
from funneltui.services.as_of import read_point
from funneltui.services.context import Clock
from funneltui.services.forecast_deals import ForecastDeals
from funneltui.services.forecasts import Asked
from funneltui.storage import deals as stored
from tests.conftest import NOW

if TYPE_CHECKING:
    from funneltui.services.context import Context

AUTUMN = tuple(periods(date(2026, 8, 1), date(2026, 12, 31), Span.MONTH))
SEPTEMBER = NOW.replace(month=9, day=10)


@pytest.fixture
def dollars(context: Context) -> Context:
    """Give a workspace whose rate of the dollar is known from November on: deals won in September and now, and one open."""
    then = replace(context, clock=Clock(context.clock.zone, SEPTEMBER))
    for when, currency in ((then, "USD"), (context, "USD"), (then, "EUR")):
        values = {"title": "Deal", "source": "web", "expected_close": NOW.date(), "amount": 1_000, "currency": currency}
        moves.win(when, deals.add(when, values).number)
    deals.add(context, values | {"currency": "USD"})
    rates.add_all(context, [Rate("USD", "EUR", date(2026, 11, 1), "0.9")])
    return context


def behind(context: Context, asked: Asked, *, won: bool, apart: str = "") -> list[int]:
    condition = ForecastDeals(asked, won, apart=apart).condition(context)
    return sorted(deal.number for deal in stored.select(context.database, condition))


def test_what_is_in_no_sum_opens_only_the_deals_of_periods_without_a_rate(dollars: Context) -> None:
    asked = Asked(AUTUMN, "EUR")
    told = forecasts.forecast_of(dollars, asked)
    (other,) = told.others
    assert (other.currency, other.won.count, other.pipeline.count, told.total.won.count) == ("USD", 1, 0, 2)
    assert behind(dollars, asked, won=True, apart="USD") == [1]
    assert behind(dollars, asked, won=True) == [2, 3]
    assert (behind(dollars, asked, won=False, apart="USD"), behind(dollars, asked, won=False)) == ([], [4])


def test_without_converting_all_in_another_currency_is_in_no_sum(dollars: Context) -> None:
    asked = Asked(AUTUMN, "EUR", convert=False)
    assert behind(dollars, asked, won=True, apart="USD") == [1, 2]
    assert behind(dollars, asked, won=True) == [3]


def test_a_figure_of_many_periods_of_the_past_reads_that_past_once(
    dollars: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(AUTUMN, "EUR", as_of=read_point(dollars, "2026-10-01"))
    assert behind(dollars, asked, won=True) == [3]
    read = []

    def counted(*given: object, **named: object) -> object:
        read.append(given)
        return deals_at(*given, **named)  # type: ignore[arg-type]

    deals_at = as_of.deals_at
    monkeypatch.setattr(as_of, "deals_at", counted)
    assert behind(dollars, asked, won=True, apart="USD") == [1]
    assert len(read) == 1


def test_what_is_in_no_sum_says_for_which_periods_and_which_rate_would_add_it_up(dollars: Context) -> None:
    (other,) = forecasts.forecast_of(dollars, Asked(AUTUMN, "EUR")).others
    assert (other.labels, other.rate_on, other.known_later) == (("2026-09",), date(2026, 9, 30), True)
    rates.add_all(dollars, [Rate("USD", "EUR", date(2026, 9, 30), "0.8")])
    assert not forecasts.forecast_of(dollars, Asked(AUTUMN, "EUR")).others
    assert forecasts.forecast_of(dollars, Asked(AUTUMN, "EUR", convert=False)).others[0].rate_on is None
