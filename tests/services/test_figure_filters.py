"""Every figure opens: the filter behind it lists exactly as many deals as it says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.figure_sums import By
from funneltui.domain.filters import EMPTY, Filter
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import (
    activities,
    deals,
    demo,
    figures,
    funnels,
    metrics,
    moves,
    pipelines,
    undo,
    views,
    workspaces,
)
from funneltui.services.context import Clock, Context
from funneltui.services.figures import FunnelFilters, StatsFilters, behind
from funneltui.services.metrics import Asked
from funneltui.services.people import add_user
from funneltui.services.report_pages import among
from funneltui.storage import deals as stored
from tests.conftest import NOW, small_pipeline
from tests.fielded import fielded_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLOSE = date(2026, 12, 15)
GIVEN: dict[str, dict[str, object]] = {
    "waiting": {},
    "acquisition": {"detail": "call"},
    "offered": {"detail": "contract", "follow_up": CLOSE},
    "acquired": {},
    "resigned": {"reason": "price"},
}
WINDOWS = (
    ALWAYS,
    Window(date(2026, 10, 1), date(2026, 10, 31)),
    Window(since=date(2026, 9, 15)),
    Window(until=NOW.date()),
)


class Calendar(Clock):
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("Europe/Ljubljana"))
        self.moment = datetime(2026, 8, 1, 22, 30, tzinfo=UTC)  # in Ljubljana it is tomorrow already

    def now(self) -> datetime:
        return self.moment


def live(told: Context, calendar: Calendar) -> None:
    """Let ninety deals go back and forth through three months, in two currencies, of two people."""
    add_user(told, "Bor Zupan", Role.REP)
    lot = random.Random(11)
    for place in range(90):
        calendar.moment += timedelta(days=1.1)
        values = {
            "title": "Deal", "source": lot.choice(["web", "phone"]), "expected_close": CLOSE,
            "owner": lot.choice(["ana", "Bor Zupan", None]), "currency": lot.choice(["EUR", "EUR", "JPY"]),
            "amount": lot.choice([None, 0, 99_99, 100_00, 12_345_67, 100_000_00, 250_000_000_00]),
            "tags": lot.choice([(), ("old",), ("old", "big")]),
        }  # fmt: skip
        number = deals.add(told, values).number
        for _ in range(lot.randrange(5)):
            stage = lot.choice([key for key in GIVEN if key != deals.show(told, number).deal.stage])
            moves.move(told, [number], stage, GIVEN[stage])
            if lot.random() < 0.15:
                undo.undo(told)
        if place % 12 == 0:
            activities.spam(told, [number])


@pytest.fixture
def busy(context: Context, clock: Clock) -> Context:
    """Give a workspace that was lived in."""
    calendar = Calendar()
    live(replace(context, clock=calendar), calendar)
    return context


@pytest.fixture(scope="module")
def busy_place(new_place: Callable[[], str]) -> str:
    """Give the place of a workspace that was lived in."""
    location, calendar = new_place(), Calendar()
    told = workspaces.create(location, small_pipeline(), "ana", calendar)
    live(told, calendar)
    told.database.close()
    return location


@pytest.fixture
def seen_by(busy_place: str, clock: Clock) -> Iterator[Callable[[str], Context]]:
    """Give a function that opens that workspace as somebody; nobody writes into it any more."""
    opened: list[Context] = []

    def open_as(name: str) -> Context:
        opened.append(workspaces.open_workspace(busy_place, name, clock, chosen=True))
        return opened[-1]

    yield open_as
    for one in opened:
        one.database.close()


@pytest.fixture
def lived_in(seen_by: Callable[[str], Context]) -> Context:
    """Give that workspace to its manager, who only looks at it."""
    return seen_by("ana")


@pytest.fixture(scope="module")
def full(new_place: Callable[[], str]) -> Iterator[Context]:
    """Give the demo's workspace."""
    opened = demo.create(new_place(), preset("acquisition"), "ana", Clock(fixed=NOW))
    yield opened
    opened.database.close()


def listed(context: Context, text: str | None) -> int:
    assert text is not None
    return stored.count(context.database, behind(context, context.pipeline, text))


def parsed(context: Context, text: str) -> Filter:
    from funneltui.domain.filter_parser import parse

    if not text:
        return EMPTY
    return parse(text, context.clock.today(), context.order, context.pipeline.currency, pipelines=context.pipelines)


def assert_funnel_opens(context: Context, mode: Mode, cohort: Window = ALWAYS, within: str = "") -> None:
    drawn = funnels.funnels(context, Asked(context.pipeline, parsed(context, within), cohort), mode).whole
    behind_it = FunnelFilters(context.pipeline, mode, within, cohort)
    for row in drawn.stages:
        assert listed(context, behind_it.standing(row.stage)) == row.count
        assert listed(context, behind_it.through(row.stage)) == row.reached
        for outcome, count in ((Outcome.OPEN, row.open), (Outcome.WON, row.won), (Outcome.LOST, row.lost)):
            assert listed(context, behind_it.through(row.stage, outcome)) == count
        if row.learned_from is not None:
            seen = listed(context, behind_it.chance(row.stage))
            # A rep's chances are learned from everybody's deals, and he lists his own.
            assert seen == row.learned_from if context.actor.scope is None else 0 < seen < row.learned_from
    assert listed(context, behind_it.won()) == drawn.won.count
    assert listed(context, behind_it.lost()) == drawn.lost.count
    assert listed(context, behind_it.open()) == drawn.open.count
    assert listed(context, behind_it.entered()) == drawn.entered
    for currency, other in drawn.others:
        assert listed(context, behind_it.in_currency(currency)) == other.count


def assert_stats_open(context: Context, window: Window, by: By | None = None) -> None:
    found = metrics.stats(context, Asked(context.pipeline, EMPTY, window), by)
    groups = [(StatsFilters(window), found.whole)]
    groups += [(StatsFilters(window, by=by, key=group.key), group.metrics) for group in found.groups]
    for filters, its in groups:
        rate = its.win_rate
        assert listed(context, filters.open()) == its.open.count
        assert listed(context, filters.rotting()) == its.rotting
        assert listed(context, filters.created()) == its.created == rate.n_created
        assert listed(context, filters.won()) == its.won.count == its.cycle.won.n
        assert listed(context, filters.lost()) == its.lost.count == its.cycle.lost.n
        assert listed(context, filters.closed()) == rate.n_closed == its.cycle.closed.n
        assert listed(context, filters.sized(its.currency)) == its.deal_size.n
        for stage in context.pipeline.open_stages:
            assert listed(context, filters.standing(stage)) == its.time_in_stage[stage.key].now.n


@pytest.mark.parametrize("mode", Mode)
def test_every_figure_of_the_demos_funnel_opens(full: Context, mode: Mode) -> None:
    assert_funnel_opens(full, mode)


def test_every_figure_of_the_demos_stats_opens(full: Context) -> None:
    assert_stats_open(full, ALWAYS)


@pytest.mark.parametrize("mode", Mode)
def test_every_figure_of_a_generated_funnel_opens(lived_in: Context, mode: Mode) -> None:
    for window in WINDOWS:
        assert_funnel_opens(lived_in, mode, window)


def test_a_figure_seen_through_a_filter_opens_within_it(lived_in: Context) -> None:
    for text in ("source:web", "tag:big or no:owner", 'owner:"Bor Zupan" amount>1k'):
        assert_funnel_opens(lived_in, Mode.CONVERSION, within=text)


def test_every_figure_of_generated_stats_opens(lived_in: Context) -> None:
    for window in WINDOWS:
        assert_stats_open(lived_in, window)


@pytest.mark.parametrize("by", [By.OWNER, By.SOURCE, By.TAG, By.MONTH])
def test_every_figure_of_a_group_opens(lived_in: Context, by: By) -> None:
    assert_stats_open(lived_in, Window(date(2026, 8, 20), date(2026, 11, 10)), by)


def test_deals_of_the_past_are_listed_as_far_as_they_are_there(context: Context) -> None:
    given = {"title": "Deal", "source": "web", "expected_close": CLOSE}
    here, spam, gone = (deals.add(context, given).number for _ in range(3))
    undo.undo(context)
    activities.spam(context, [spam])
    assert figures.listed(context, context.pipeline, among([here, spam, gone])) == (2, "is:open,won,lost,spam")
    assert figures.listed(context, context.pipeline, among([here])) == (1, "")


def test_a_pipeline_with_a_cyrillic_name_opens_its_figures_and_filters_by_its_fields(context: Context) -> None:
    called = replace(fielded_pipeline(), key="renewals", name="Подновявания")
    here = pipelines.add_pipeline(context, called, to_toml)
    values = {"title": "Deal", "source": "web", "expected_close": CLOSE, "rival": "Пловдив"}
    deal = deals.add(here, values, pipeline="renewals")
    pipeline = here.pipeline_of("подновявания")
    for text in ("rival:пловдив", "pipeline:подновявания is:open", "rival:пловдив pipeline:renewals"):
        found = stored.select(here.database, views.table_condition(here, pipeline, text))
        assert [one.number for one in found] == [deal.number], text


def test_a_rep_opens_his_own_figures(seen_by: Callable[[str], Context]) -> None:
    rep = seen_by("Bor Zupan")
    assert_funnel_opens(rep, Mode.CONVERSION)
    assert_stats_open(rep, ALWAYS)
