"""What a figure says is true of the very deals that it opens: rates whose two parts are not of the same deals among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS
from funneltui.domain.periods import Span, period_of
from funneltui.domain.rates import Rate
from funneltui.services import deals, moves, rates, report_pages
from funneltui.services.context import Clock
from funneltui.services.forecasts import Asked
from funneltui.tui.report_forecast import ForecastPage
from funneltui.tui.report_forecast_deals import Expected
from funneltui.tui.report_funnel import FunnelPage, Measure
from funneltui.tui.report_insights import Insights, InsightsPage
from tests.conftest import NOW
from tests.tui.figures import behind, figure_of, night

if TYPE_CHECKING:
    from funneltui.tui.widgets.report_page import Line
    from tests.tui.conftest import Shop

GATE = {"detail": "contract", "follow_up": NOW.date()}


def funnel(shop: Shop, mode: Mode) -> FunnelPage:
    read = report_pages.funnel_page(shop.context, shop.context.pipeline, mode)
    return FunnelPage(shop.context.pipeline, read.funnels, Measure.COUNT)


def forecast(shop: Shop) -> ForecastPage:
    quarter = period_of(NOW.date(), Span.QUARTER, 1)
    asked = Asked((quarter.previous(), quarter, quarter.next()), "EUR", None, "sales")
    read = report_pages.forecast_page(shop.context, asked, quarter)
    return ForecastPage(Expected(read.what_if, asked, quarter, read.deals, {}, NOW.date()))


def text_of(line: Line) -> str:
    return "".join(cell.text for cell in line).rstrip()


def test_the_overall_rate_of_entered_stages_is_of_the_deals_that_it_opens(shop: Shop) -> None:
    for _ in range(3):
        shop.move(shop.add("Begun late", "offered", **GATE).number, "acquired")
    plain = shop.add("Begun at the beginning").number
    overall = figure_of(funnel(shop, Mode.ENTERED)(night(), 160), "overall")
    assert overall.says.startswith("0% of the 1 deal that entered Waiting are won (0)")
    assert behind(shop.context, overall) == {plain}


def test_a_step_of_entered_stages_never_says_that_deals_went_on_which_began_later(shop: Shop) -> None:
    shop.add("Begun at the beginning", "acquisition", detail="call")
    for _ in range(2):
        shop.add("Begun late", "offered", **GATE)
    page = funnel(shop, Mode.ENTERED)(night(), 160)
    step = figure_of(page, "step:acquisition")
    assert step.says.startswith("2 entered Offered for 1 that entered In acquisition: 200%; onward = entered(next) / ")
    assert figure_of(page, "step:offered").says.startswith("0% of the 2 that entered Offered are won (0)")


def test_too_long_in_a_stage_opens_no_young_deal_of_either_side_of_an_or(shop: Shop) -> None:
    old = {shop.add("Old", source=source).number for source in ("web", "phone")}
    later = replace(shop.context, clock=Clock(fixed=NOW + timedelta(days=40)))
    for source in ("web", "phone"):
        deals.add(later, {"title": "Young", "source": source, "expected_close": NOW.date()})
    within = "source:web or source:phone"
    read = report_pages.insights_page(later, later.pipeline, By.OWNER, filter_text=within, window=ALWAYS)
    page = InsightsPage(Insights(read.stats, read.reps, read.losses, within))
    too_long = figure_of(page(night(), 160), "long waiting")
    assert (too_long.n, behind(later, too_long)) == (2, old)


def test_the_forecast_says_for_which_periods_a_rate_was_used_and_of_which_none_is_known(shop: Shop) -> None:
    for close in ("2026-08-05", "2026-11-05"):
        shop.add("Dollars", amount=1_000, currency="USD", expected_close=date.fromisoformat(close))
    rates.add_all(shop.context, [Rate("USD", "EUR", date(2026, 11, 1), "0.9")])
    text = [text_of(line) for line in forecast(shop)(night(), 160)]
    assert " 1 USD = 0.9 EUR of 2026-11-01, for 2026 Q4" in text
    assert " in no sum, no rate of then is known, for 2026 Q3:  pipeline $10" in text
    apart = figure_of(forecast(shop)(night(), 160), "apart USD open")
    assert apart.says == "1 deal open and expected to close in USD in 2026 Q3: in no sum, as no rate of then is known"
    assert behind(shop.context, apart) == {1}


def test_the_forecast_says_that_no_rate_is_known_where_there_is_none_at_all(shop: Shop) -> None:
    shop.add("Dollars", amount=1_000, currency="USD", expected_close=NOW.date())
    text = [text_of(line) for line in forecast(shop)(night(), 160)]
    assert " in no sum, no rate is known, for 2026 Q4:  pipeline $10" in text


def test_the_days_to_win_of_a_group_are_the_median_of_its_won_deals(shop: Shop) -> None:
    won = {shop.add("Won", owner="ana").number for _ in range(3)}
    lost = shop.add("Lost", owner="ana").number
    for number, days in zip(sorted(won), (2, 4, 30), strict=True):
        moves.win(replace(shop.context, clock=Clock(fixed=NOW + timedelta(days=days))), number)
    later = replace(shop.context, clock=Clock(fixed=NOW + timedelta(days=90)))
    moves.lose(later, [lost], {"reason": "price"})
    read = report_pages.insights_page(later, later.pipeline, By.OWNER, ALWAYS)
    lines = InsightsPage(Insights(read.stats, read.reps, read.losses, ""))(night(), 160)
    assert any("d to win" in text_of(line) for line in lines)
    figure = figure_of(lines, "ana d to win")
    assert [cell.text.strip() for line in lines for cell in line if cell.figure == figure] == ["4.0"]
    assert figure.says == "the median days from created to won of 3 won deals of ana; the mean is 12.0"
    assert (figure.n, behind(later, figure)) == (3, won)


@pytest.mark.parametrize("mode", [Mode.STANDARD, Mode.ENTERED])
def test_what_was_won_in_another_currency_is_told_beside_the_funnel(shop: Shop, mode: Mode) -> None:
    for currency in ("EUR", "USD", "USD"):
        moves.win(shop.context, shop.add("Won", amount=1_000, currency=currency).number)
    lines = funnel(shop, mode)(night(), 160)
    assert any(" in USD" in text_of(line) and text_of(line).endswith("2  $20 won, in no sum above") for line in lines)
    assert len(behind(shop.context, figure_of(lines, "currency won:USD"))) == 2
