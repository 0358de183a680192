"""Every figure opens: the filter behind it lists exactly as many deals as it says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.filters import EMPTY, Filter
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.exchange.pipeline_files import preset
from funneltui.services import activities, deals, demo, funnels, losses, metrics, moves, undo
from funneltui.services.context import Clock, Context
from funneltui.services.figures import FunnelFilters, LossFilters, StatsFilters, behind, numbered
from funneltui.services.metrics import Asked, By
from funneltui.services.people import add_user
from funneltui.storage import deals as stored
from tests.conftest import NOW

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

    def __init__(self, like: Clock) -> None:
        super().__init__(like.zone)
        self.moment = datetime(2026, 8, 1, 22, 30, tzinfo=UTC)  # in Ljubljana it is tomorrow already

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def busy(context: Context, clock: Clock) -> Context:
    """Give a workspace in which ninety deals went back and forth through three months, in two currencies, of two people."""
    calendar = Calendar(clock)
    told = replace(context, clock=calendar)
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
    return replace(told, clock=clock)


@pytest.fixture
def full(location: str) -> Iterator[Context]:
    """Give the demo's workspace."""
    opened = demo.create(location, preset("acquisition"), "ana", Clock(fixed=NOW))
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
        if row.step_rate is not None:
            assert listed(context, behind_it.step(row.stage)) / row.reached == row.step_rate
        if mode is not Mode.ENTERED:
            assert listed(context, behind_it.chance(row.stage)) == row.won + row.lost
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
    for filters, figures in groups:
        rate = figures.win_rate
        assert listed(context, filters.open()) == figures.open.count
        assert listed(context, filters.rotting()) == figures.rotting
        assert listed(context, filters.created()) == figures.created == rate.n_created
        assert listed(context, filters.won()) == figures.won.count == figures.cycle.won.n
        assert listed(context, filters.lost()) == figures.lost.count == figures.cycle.lost.n
        assert listed(context, filters.closed()) == rate.n_closed == figures.cycle.closed.n
        assert listed(context, filters.sized(figures.currency)) == figures.deal_size.n
        if rate.of_created is not None:
            assert listed(context, filters.won_of_created()) / rate.n_created == rate.of_created
        for stage in context.pipeline.open_stages:
            assert listed(context, filters.standing(stage)) == figures.time_in_stage[stage.key].now.n


def assert_losses_open(context: Context, window: Window) -> None:
    found = losses.losses(context, Asked(context.pipeline, EMPTY, window))
    filters = LossFilters(window)
    assert listed(context, filters.whole()) == found.whole.count
    for row in found.by_reason:
        assert listed(context, filters.reason(str(row.key))) == row.count
    for row in found.by_owner:
        assert listed(context, filters.owner(row.key)) == row.count
    for row in found.by_source:
        assert listed(context, filters.source(str(row.key))) == row.count
    for row in found.by_amount:
        assert listed(context, filters.amount(str(row.key))) == row.count
    for row in found.by_stage:
        assert listed(context, numbered(row.numbers)) == row.count


@pytest.mark.parametrize("mode", Mode)
def test_every_figure_of_the_demos_funnel_opens(full: Context, mode: Mode) -> None:
    assert_funnel_opens(full, mode)


def test_every_figure_of_the_demos_stats_and_losses_opens(full: Context) -> None:
    assert_stats_open(full, ALWAYS)
    assert_losses_open(full, ALWAYS)


@pytest.mark.parametrize("mode", Mode)
def test_every_figure_of_a_generated_funnel_opens(busy: Context, mode: Mode) -> None:
    for window in WINDOWS:
        assert_funnel_opens(busy, mode, window)


def test_a_figure_seen_through_a_filter_opens_within_it(busy: Context) -> None:
    for text in ("source:web", "tag:big or no:owner", 'owner:"Bor Zupan" amount>1k'):
        assert_funnel_opens(busy, Mode.CONVERSION, within=text)


def test_every_figure_of_generated_stats_and_losses_opens(busy: Context) -> None:
    for window in WINDOWS:
        assert_stats_open(busy, window)
        assert_losses_open(busy, window)


@pytest.mark.parametrize("by", [By.OWNER, By.SOURCE, By.TAG, By.MONTH])
def test_every_figure_of_a_group_opens(busy: Context, by: By) -> None:
    assert_stats_open(busy, Window(date(2026, 8, 20), date(2026, 11, 10)), by)


def test_a_rep_opens_his_own_figures(busy: Context, as_user: Callable[[str], Context]) -> None:
    rep = as_user("Bor Zupan")
    assert_funnel_opens(rep, Mode.CONVERSION)
    assert_stats_open(rep, ALWAYS)
    assert_losses_open(rep, ALWAYS)


def test_deals_are_named_in_runs_as_long_as_that_can_be_typed() -> None:
    assert numbered([9, 3, 4, 5, 12, 3]) == "number:3..5,9,12"
    assert numbered([]) is None
    assert numbered(range(0, 5000, 2)) is None
