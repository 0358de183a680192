"""Stage probabilities are those of the whole pipeline, whatever part of it is looked at (B7): counted once more."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import Window
from funneltui.domain.periods import Span
from funneltui.exchange.pipeline_files import preset
from funneltui.services import as_of, demo, forecasts, funnels, metrics, reports, workspaces
from funneltui.services import chances as estimates
from funneltui.services.context import Clock
from funneltui.services.metrics import Asked
from funneltui.storage.deals import Condition
from tests import independent_count
from tests.conftest import NOW, drop_postgres, fresh_postgres
from tests.services.test_figure_filters import parsed
from tests.services.test_figures import rows_of, stages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.domain.funnel import Funnel
    from funneltui.services.context import Context
    from tests.independent_count import Row, Rows, Stages


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give where the demo's workspace is made, once for all these tests: they only read it."""
    if request.param == "sqlite":
        yield str(tmp_path_factory.mktemp("demo") / "demo.db")
        return
    server = request.getfixturevalue("postgres_server")
    url = fresh_postgres(server)
    yield url
    drop_postgres(server, url)


@pytest.fixture(scope="module")
def shown(place: str) -> Iterator[Context]:
    """Give the demo's workspace."""
    opened = demo.create(place, preset("acquisition", "EUR"), "ana", Clock(ZoneInfo("Europe/Ljubljana"), NOW))
    yield opened
    opened.database.close()


def chances(rows: Rows, stages: Stages, owner: str | None = None) -> dict[str, Fraction]:
    """Count the chance to win from each stage, of everybody's deals or of one owner's."""
    counted = independent_count.funnel(rows, stages, "EUR", owner)
    won, lost = counted.closed["won"], counted.closed["lost"]
    if won + lost < 20:
        return {key: Fraction(percent, 100) for key, percent in stages.open.items()}
    found = {}
    for key, stage in counted.stages.items():
        closed = stage.reached["won"] + stage.reached["lost"]
        found[key] = (stage.reached["won"] + 20 * Fraction(won, won + lost)) / (closed + 20)
    return found


def is_weighted_so(drawn: Funnel, rows: Rows, known: dict[str, Fraction], counts: Callable[[Row], bool]) -> None:
    """See that a funnel's chances are these, and that its weighted sums are of the deals that count."""
    for row in drawn.stages:
        chance = known[row.stage.key]
        assert row.probability is not None
        assert abs(row.probability - chance) < 1e-12
        weighted = sum(
            (deal["amount"] or 0) * (chance if deal["probability"] is None else Fraction(deal["probability"], 100))
            for deal in rows.deals.values()
            if (deal["stage"], deal["outcome"], deal["currency"]) == (row.stage.key, "open", "EUR") and counts(deal)
        )
        assert abs(row.weighted - weighted) <= 1


def test_a_filter_changes_the_deals_of_a_funnel_and_not_its_chances(shown: Context) -> None:
    rows = rows_of(shown)
    known = chances(rows, stages_of(shown))
    for mode in Mode:
        drawn = funnels.funnels(shown, Asked(shown.pipeline, parsed(shown, "source:phone")), mode).whole
        is_weighted_so(drawn, rows, known, lambda deal: deal["source"] == "phone")
    some = reports.funnel_of(shown, shown.pipeline, Mode.STANDARD, Condition("d.amount >= ?", (500_000,)))
    is_weighted_so(some, rows, known, lambda deal: (deal["amount"] or 0) >= 500_000)


def test_a_cohort_and_its_groups_are_weighted_by_the_chances_of_all(shown: Context) -> None:
    rows, first = rows_of(shown), date(2026, 8, 1)
    known = chances(rows, stages_of(shown))
    asked = Asked(shown.pipeline, parsed(shown, "source:phone,email"), Window(first))
    found = funnels.funnels(shown, asked, Mode.STANDARD, By.OWNER)

    def counts(deal: Row) -> bool:
        created = independent_count.moment(deal["created"]).astimezone(shown.clock.zone).date()
        return deal["source"] in ("phone", "email") and created >= first

    def of_owner(name: str | None, deal: Row) -> bool:
        return counts(deal) and rows.owner(deal["number"]) == name

    assert len(found.groups) > 1
    is_weighted_so(found.whole, rows, known, counts)
    for key, _, drawn in found.groups:
        is_weighted_so(drawn, rows, known, partial(of_owner, key))
    closed = {
        key: stage.reached for key, stage in independent_count.funnel(rows, stages_of(shown), "EUR").stages.items()
    }
    for row in found.whole.stages:
        assert row.learned_from == closed[row.stage.key]["won"] + closed[row.stage.key]["lost"]


def test_each_reps_way_through_the_stages_goes_by_the_chances_of_all(shown: Context) -> None:
    whole = reports.funnel_of(shown, shown.pipeline, Mode.CONVERSION)
    for group in metrics.stats(shown, Asked(shown.pipeline), By.OWNER, with_funnels=True).groups:
        assert group.funnel is not None
        assert [row.probability for row in group.funnel.stages] == [row.probability for row in whole.stages]


def test_a_filtered_funnel_of_the_past_goes_by_what_all_deals_had_taught_by_then(shown: Context) -> None:
    asked = Asked(shown.pipeline, as_of=as_of.read_point(shown, "2026-09-01"))
    some = Asked(shown.pipeline, parsed(shown, "source:phone"), as_of=asked.as_of)
    then, filtered = (funnels.funnels(shown, one, Mode.STANDARD).whole for one in (asked, some))
    now = reports.funnel_of(shown, shown.pipeline, Mode.STANDARD)
    assert [row.probability for row in filtered.stages] == [row.probability for row in then.stages]
    assert [row.probability for row in then.stages] != [row.probability for row in now.stages]


@pytest.fixture
def north(shown: Context, place: str) -> Iterator[Context]:
    """Give the same workspace as the rep north sees it."""
    his = workspaces.open_workspace(place, "north", shown.clock, chosen=True)
    yield his
    his.database.close()


def test_a_reps_own_deals_go_by_the_history_of_all(shown: Context, north: Context) -> None:
    rows, stages = rows_of(shown), stages_of(shown)
    known = chances(rows, stages)
    assert chances(rows, stages, "north") != known
    drawn = funnels.funnels(north, Asked(north.pipeline, parsed(north, "source:phone")), Mode.STANDARD).whole
    is_weighted_so(drawn, rows, known, lambda deal: deal["source"] == "phone" and rows.owner(deal["number"]) == "north")
    whole = reports.funnel_of(north, north.pipeline, Mode.STANDARD)
    is_weighted_so(whole, rows, known, lambda deal: rows.owner(deal["number"]) == "north")


def test_a_rep_is_told_the_chance_of_a_stage_that_his_deals_chances_begin_with(north: Context) -> None:
    told = {row.stage.key: row.probability for row in reports.funnel_of(north, north.pipeline, Mode.STANDARD).stages}
    found = estimates.best_first(north, [north.pipeline])
    assert found
    for deal, chance in found:
        assert chance.estimate is not None
        assert chance.estimate.base == pytest.approx(told[deal.stage])


@pytest.mark.parametrize("day", [None, "2026-09-01"])
def test_a_rep_and_a_manager_are_told_the_same_chance_and_category_of_a_deal(
    shown: Context, north: Context, day: str | None
) -> None:
    months = forecasts.chosen_periods(Span.MONTH, NOW.date(), 1, "2026-09", "2027-10")
    asked = forecasts.Asked(months, "EUR", as_of=as_of.read_point(shown, day) if day else None)
    told, his = ({one.deal.number: one for one in forecasts.details(context, asked)} for context in (shown, north))
    assert his
    assert his == {number: told[number] for number in his}


def test_a_reps_forecast_is_his_line_of_everybodys(shown: Context, north: Context) -> None:
    asked = forecasts.Asked(forecasts.chosen_periods(Span.YEAR, NOW.date()), "EUR")
    lines = {line.owner: line for line in forecasts.forecast_of(shown, asked).lines}
    assert forecasts.forecast_of(north, asked).lines == (lines["north"],)


def test_a_rep_is_told_the_past_by_what_all_deals_had_taught_by_then(shown: Context, north: Context) -> None:
    asked = Asked(shown.pipeline, as_of=as_of.read_point(shown, "2026-09-01"))
    then, his = (funnels.funnels(one, asked, Mode.STANDARD).whole for one in (shown, north))
    assert [row.probability for row in his.stages] == [row.probability for row in then.stages]
    assert his.open.count < then.open.count
