"""The figures of real and of invented histories equal an independent count: the Maven file, the demo."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import Window
from funneltui.exchange.pipeline_files import preset
from funneltui.services import changes_since, demo, funnels, losses, metrics
from funneltui.services.metrics import Asked
from funneltui.storage.database import query, reading
from tests import independent_count, independent_metrics
from tests.independent_count import Rows, Stages
from tests.maven import needs_maven, rows_of_maven
from tests.services.test_time_travel import adds_up, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.services.context import Clock, Context

TABLES = ("person", "company", "contact", "deal", "visit", "change", "event")


def rows_of(context: Context) -> Rows:
    columns = {table: [column.name for column in context.database.get_columns(table)] for table in TABLES}
    with reading(context.database):
        return independent_count.read(lambda sql: query(context.database, sql), columns)


def stages_of(context: Context) -> Stages:
    pipeline = context.pipeline
    return Stages(
        {stage.key: stage.probability or 0 for stage in pipeline.open_stages},
        tuple(stage.key for stage in pipeline.won_stages),
        tuple(stage.key for stage in pipeline.lost_stages),
    )


def counted(context: Context, period: independent_metrics.Days = (None, None), owner: str | None = None) -> Any:
    clock, limits = context.clock, {stage.key: stage.rot_days for stage in context.pipeline.stages}
    return independent_metrics.figures(
        rows_of(context), stages_of(context), "EUR", clock.zone, clock.now(), limits, period, owner  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def shown(location: str, clock: Clock) -> Iterator[Context]:
    """Give the demo's workspace."""
    opened = demo.create(location, preset("acquisition", "EUR"), "ana", clock)
    yield opened
    opened.database.close()


def test_the_demos_figures_are_those_of_an_independent_count(shown: Context) -> None:
    for period in ((None, None), (date(2026, 3, 1), date(2026, 8, 31))):
        asked = Asked(shown.pipeline, window=Window(*period))
        found = metrics.stats(shown, asked, By.OWNER)
        assert told(found.whole) == counted(shown, period)
        for group in found.groups:
            if group.key:
                assert told(group.metrics) == counted(shown, period, group.key)


def test_the_groups_of_the_demo_add_up_to_the_whole(shown: Context) -> None:
    for by in (By.OWNER, By.SOURCE, By.COMPANY, By.MONTH):
        found = metrics.stats(shown, Asked(shown.pipeline), by)
        for name in ("open", "won", "lost"):
            parts = [getattr(group.metrics, name) for group in found.groups]
            whole = getattr(found.whole, name)
            assert (sum(one.count for one in parts), sum(one.amount for one in parts)) == (whole.count, whole.amount)
        assert sum(group.metrics.created for group in found.groups) == found.whole.created
        assert sum(group.metrics.rotting for group in found.groups) == found.whole.rotting


def test_the_groups_funnels_of_the_demo_add_up_to_the_whole(shown: Context) -> None:
    for mode in Mode:
        found = funnels.funnels(shown, Asked(shown.pipeline), mode, By.OWNER)
        for place, row in enumerate(found.whole.stages):
            rows = [one.stages[place] for _, _, one in found.groups]
            assert sum(one.reached for one in rows) == row.reached == row.open + row.won + row.lost
            assert sum(one.amount for one in rows) == row.amount
            assert abs(sum(one.weighted for one in rows) - row.weighted) <= len(rows)


def test_a_cohort_is_the_deals_created_in_a_period(shown: Context) -> None:
    first, last = date(2026, 3, 1), date(2026, 8, 31)
    drawn = funnels.funnels(shown, Asked(shown.pipeline, window=Window(first, last)), Mode.CONVERSION).whole
    assert drawn.entered == counted(shown, (first, last))["created"]


def test_the_demos_losses_add_up_in_every_table(shown: Context) -> None:
    found, count = losses.losses(shown, Asked(shown.pipeline)), counted(shown)
    assert (found.whole.count, found.whole.sums["EUR"]) == count["lost"]
    for rows in (found.by_reason, found.by_stage, found.by_owner, found.by_source, found.by_amount):
        assert sorted(number for row in rows for number in row.numbers) == sorted(found.whole.numbers)
        assert sum(row.sums.get("EUR", 0) for row in rows) == found.whole.sums["EUR"]


def test_the_demos_deals_were_lost_from_the_stage_before(shown: Context) -> None:
    rows = rows_of(shown)
    for row in losses.losses(shown, Asked(shown.pipeline)).by_stage:
        assert {rows.visits[number][-2]["stage"] for number in row.numbers} == {row.key}


def test_what_changed_in_the_demo_adds_up_from_any_day_to_any_other(shown: Context) -> None:
    for since, until in (("-2y", "-1y"), ("-60d", "-7d"), ("-7d", "today"), ("yesterday", "today")):
        adds_up(changes_since.changes_typed(shown, since, until))


@needs_maven
def test_the_figures_of_the_maven_file(maven: Context) -> None:
    found = metrics.stats(maven, Asked(maven.pipeline), By.OWNER)
    months = metrics.stats(maven, Asked(maven.pipeline), By.MONTH)
    whole = found.whole
    assert f"{whole.win_rate.of_closed:.2%}" == "63.15%"
    assert (whole.won.amount, whole.won.count) == (10_005_534_00, 4_238)
    assert whole.deal_size.mean is not None
    assert (round(whole.deal_size.mean), whole.deal_size.median) == (2_360_91, 1_117_00)
    assert [f"{float(spread.mean or 0):.2f}" for spread in (whole.cycle.won, whole.cycle.lost)] == ["51.78", "41.48"]
    assert {group.key: told_briefly(group) for group in found.groups if group.metrics.win_rate.n_closed} == by_file(
        "sales_agent"
    )
    assert {group.key: told_briefly(group) for group in months.groups if group.metrics.win_rate.n_closed} == by_file(
        "month"
    )


def told_briefly(group: metrics.Group) -> tuple[Any, ...]:
    its = group.metrics
    return its.won.count, its.lost.count, its.won.amount, its.cycle.won.mean, its.cycle.won.median, its.deal_size.median


def by_file(key: str) -> dict[str, tuple[Any, ...]]:
    """Count the file's closed deals itself: by agent, or by the month in which they closed."""
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in rows_of_maven():
        if one["deal_stage"] in ("Won", "Lost"):
            groups[one["close_date"][:7] if key == "month" else one[key]].append(one)
    found = {}
    for name, some in groups.items():
        won = [one for one in some if one["deal_stage"] == "Won"]
        days = [(date.fromisoformat(one["close_date"]) - date.fromisoformat(one["engage_date"])).days for one in won]
        values = [int(one["close_value"]) * 100 for one in won]
        found[name] = (
            len(won), len(some) - len(won), sum(values), mean(map(Fraction, days)), Fraction(median(days)),
            Fraction(median(values)),
        )  # fmt: skip
    return found
