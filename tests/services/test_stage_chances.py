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
from funneltui.exchange.pipeline_files import preset
from funneltui.services import as_of, demo, funnels, metrics, reports, workspaces
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


def test_a_rep_goes_by_his_own_history(shown: Context, place: str) -> None:
    rows, stages = rows_of(shown), stages_of(shown)
    his = workspaces.open_workspace(place, "north", shown.clock, chosen=True)
    drawn = funnels.funnels(his, Asked(his.pipeline, parsed(his, "source:phone")), Mode.STANDARD).whole
    his.database.close()
    assert chances(rows, stages, "north") != chances(rows, stages)
    is_weighted_so(
        drawn, rows, chances(rows, stages, "north"),
        lambda deal: deal["source"] == "phone" and rows.owner(deal["number"]) == "north",
    )  # fmt: skip
