"""Enter on any number of funnel, forecast, insights and changes lists the very deals that it was made from (G3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.figure_sums import By
from funneltui.domain.forecast import Category
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.domain.periods import Span, period_of
from funneltui.domain.quotas import TEAM
from funneltui.exchange.pipeline_files import preset
from funneltui.services import chances, changes_since, demo, quotas, report_pages
from funneltui.services.chance_lessons import Lesson
from funneltui.services.context import Clock, Context
from funneltui.services.forecasts import Asked
from funneltui.tui.report_chances import Chances
from funneltui.tui.report_changes import ChangesPage
from funneltui.tui.report_forecast import ForecastPage
from funneltui.tui.report_forecast_deals import Expected
from funneltui.tui.report_funnel import FunnelPage, Measure, Trouble
from funneltui.tui.report_insights import Insights, InsightsPage
from tests.conftest import NOW
from tests.services.test_figure_filters import busy, busy_place, lived_in, seen_by
from tests.tui.figures import night, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Shop

__all__ = ["busy", "busy_place", "lived_in", "seen_by"]

AUTUMN = Window(date(2026, 9, 10), date(2026, 10, 20))
QUARTER = period_of(NOW.date(), Span.QUARTER, 1)


@pytest.fixture(scope="module")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Give the demo's workspace; these tests only look at it."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    return demo.create(str(path), preset("acquisition"), "ana", Clock(fixed=NOW))


def funnel(context: Context, mode: Mode, within: str = "", window: Window = ALWAYS, by: By | None = None) -> FunnelPage:
    read = report_pages.funnel_page(context, context.pipeline, mode, within, window, by)
    stats = report_pages.stats_page(context, context.pipeline, within)
    stays = {key: times.latest for key, times in stats.whole.time_in_stage.items()}
    sees_all, trouble = context.actor.scope is None, Trouble(stats.stuck, stays)
    return FunnelPage(context.pipeline, read.funnels, Measure.COUNT, within, window, trouble, sees_all=sees_all)


def insights(
    context: Context, by: By, window: Window = ALWAYS, within: str = "", *, learn: bool = False
) -> InsightsPage:
    read = report_pages.insights_page(context, context.pipeline, by, window, within)
    learned = past_chances(context) if learn else None
    return InsightsPage(Insights(read.stats, read.reps, read.losses, within, learned))


def past_chances(context: Context) -> Chances:
    """Learn as the screen does, and judge estimates of a day with something on either side."""
    pipeline, day = context.pipeline, context.clock.today() - timedelta(days=60)
    lesson = chances.lesson_before(pipeline, day)
    learn(context, lesson)
    past = chances.judged(context, pipeline, day, lesson.model)
    model = chances.model(context, pipeline)
    best = chances.best_first(context, [pipeline], limit=5)
    return Chances(pipeline, model, best, past, lesson.model, context.actor.scope is None)


def learn(context: Context, lesson: Lesson) -> None:
    while lesson.go_on(context):
        pass


def forecast(context: Context, **asked: object) -> ForecastPage:
    return supposing(context, {}, **asked)


def supposing(context: Context, pairs: dict[int, tuple[object, object]], **asked: object) -> ForecastPage:
    periods = (QUARTER.previous(), QUARTER, QUARTER.next())
    wanted = replace(Asked(periods, context.pipeline.currency, None, context.pipeline.key), **asked)  # type: ignore[arg-type]
    read = report_pages.forecast_page(context, wanted, QUARTER, list(pairs.values()))  # type: ignore[arg-type]
    return ForecastPage(Expected(read.what_if, wanted, QUARTER, read.deals, pairs, NOW.date()))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", Mode)
def test_every_number_of_the_funnel_opens(lived_in: Context, mode: Mode) -> None:
    for by in (None, *By):
        assert len(walk(lived_in, funnel(lived_in, mode, by=by)(night(), 160))) > 12
    for within, window in (("source:web", ALWAYS), ("tag:big or no:owner", AUTUMN)):
        walk(lived_in, funnel(lived_in, mode, within, window, By.OWNER)(night(), 160))


def test_every_number_of_the_insights_opens(lived_in: Context) -> None:
    for by in By:
        assert len(walk(lived_in, insights(lived_in, by)(night(), 160))) > 60
    for within, window in (("source:web", ALWAYS), ("tag:big or no:owner", AUTUMN)):
        walk(lived_in, insights(lived_in, By.OWNER, window, within)(night(), 160))


def test_every_number_of_the_forecast_opens(busy: Context) -> None:
    quotas.set_quota(busy, TEAM, QUARTER, 10**12, "EUR", busy.pipeline.key)
    for asked in ({}, {"owner": "Bor Zupan"}, {"category": Category.BEST_CASE}, {"currency": "JPY"}):
        assert len(walk(busy, forecast(busy, **asked)(night(), 160))) > 8


def test_what_if_opens_what_is_supposed(lived_in: Context) -> None:
    found = report_pages.forecast_page(lived_in, forecast(lived_in).found.asked, QUARTER).deals
    before = next(one.deal for one in found if one.deal.currency == "EUR")
    pairs = {before.number: (before, replace(before, expected_close=QUARTER.next().first, probability=80))}
    deals_behind = walk(lived_in, supposing(lived_in, pairs)(night(), 160))
    assert before.number not in deals_behind[f"period {QUARTER.label} open"]
    assert before.number in deals_behind[f"period {QUARTER.next().label} open"]
    assert before.number in deals_behind[f"period {QUARTER.next().label} commit"]


def test_every_number_of_the_changes_opens(lived_in: Context) -> None:
    for since in ("-3d", "-20d", "-60d"):
        found = changes_since.changes_typed(lived_in, since)
        assert walk(lived_in, ChangesPage(found, lived_in.clock)(night(), 120))


def test_a_rep_opens_his_own(seen_by: Callable[[str], Context]) -> None:
    rep = seen_by("Bor Zupan")
    for page in (funnel(rep, Mode.CONVERSION, by=By.SOURCE), insights(rep, By.COMPANY, learn=True), forecast(rep)):
        walk(rep, page(night(), 160))


def test_every_number_of_the_demo_opens(made_demo: Context) -> None:
    for page in (
        *(funnel(made_demo, mode, by=By.COMPANY) for mode in Mode),
        insights(made_demo, By.COMPANY, learn=True), forecast(made_demo),
    ):  # fmt: skip
        walk(made_demo, page(night(), 160))


@pytest.mark.parametrize("width", [80, 120, 200])
def test_no_line_of_a_page_is_wider_than_the_page(made_demo: Context, width: int) -> None:
    for page in (
        *(funnel(made_demo, mode, by=By.SOURCE) for mode in Mode),
        insights(made_demo, By.COMPANY, learn=True), forecast(made_demo),
    ):  # fmt: skip
        for line in page(night(), width):
            text = "".join(cell.text for cell in line).rstrip()
            assert len(text) <= width, text


def test_a_company_opens_its_own_deals_and_not_those_of_one_that_is_called_alike(history: Shop) -> None:
    for company in ("Acme Holding", 'Aktsiaselts "Acme"', "Acme"):
        history.add("Another", company=company)
    found = walk(history.context, insights(history.context, By.COMPANY)(night(), 160))
    assert len(found["Acme open"]) == 2
    assert len(found['Aktsiaselts "Acme" open']) == len(found["Acme Holding open"]) == 1


def test_a_time_in_stage_opens_the_deals_that_left_it(history: Shop) -> None:
    found = walk(history.context, insights(history.context, By.OWNER)(night(), 160))
    titles = {history.deal(number).title for number in found["stays acquisition median"]}
    assert titles == {"Won by now", "Lost by now", "Back again"}


def test_a_tag_with_a_quote_says_why_it_opens_nothing(history: Shop) -> None:
    history.add("Pipes", tags=('12"',))
    page = insights(history.context, By.TAG)(night(), 160)
    (why,) = {cell.figure.why for line in page for cell in line if cell.figure and cell.figure.key == '12" open'}
    assert "no filter can list it" in why
