"""Several pipelines: added, renamed, put in order, retired."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.history import Role
from funneltui.errors import BadInput, FunneltuiError, RuleBroken
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, moves, pipelines, undo
from funneltui.services.people import add_user
from tests.services.changed_pipelines import (
    CALL,
    CLOSE,
    add,
    applied,
    deal,
    is_sound,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


@pytest.fixture
def two(context: Context) -> Context:
    """Give the workspace with a second pipeline."""
    return pipelines.add_pipeline(context, replace(preset("simple"), name="Partners"), to_toml)


def test_a_pipeline_is_added_behind_the_others(two: Context) -> None:
    assert [one.key for one in two.pipelines] == ["sales", "simple"]
    assert two.pipeline_of("partners") == replace(preset("simple"), name="Partners")
    number = deals.add(two, {"title": "X", "source": "other", "expected_close": CLOSE}, pipeline="simple").number
    assert deal(two, number).stage == "qualified"
    assert [one.who for one in pipelines.versions(two, "simple")] == ["ana"]


@pytest.mark.parametrize(("key", "name"), [("simple", "Other"), ("other", "partners"), ("SIMPLE", "Other")])
def test_a_pipeline_needs_a_key_and_a_name_of_its_own(two: Context, key: str, name: str) -> None:
    with pytest.raises(BadInput, match="already"):
        pipelines.add_pipeline(two, replace(preset("b2b"), key=key, name=name), to_toml)


def test_pipelines_are_renamed_and_put_in_order(two: Context) -> None:
    with pytest.raises(BadInput, match='there is a pipeline "Partners" already'):
        pipelines.rename(two, "sales", "Partners", to_toml)
    renamed = pipelines.rename(two, "sales", "Direct", to_toml)
    with pytest.raises(BadInput, match="name each pipeline in use once: sales, simple"):
        pipelines.arrange(renamed, ["simple"])
    turned = pipelines.arrange(renamed, ["simple", "sales"])
    assert [one.name for one in turned.pipelines] == ["Partners", "Direct"]
    assert pipelines.reloaded(two).pipeline.key == "simple"


def test_no_pipeline_is_called_as_another_ones_key(two: Context) -> None:
    for name in ("Simple", "SIMPLE"):
        with pytest.raises(BadInput, match=f'"{name}" is the key of the pipeline Partners; give this one another name'):
            pipelines.rename(two, "sales", name, to_toml)
    with pytest.raises(BadInput, match='"Simple" is the key of the pipeline Partners'):
        pipelines.add_pipeline(two, replace(preset("b2b"), name="Simple"), to_toml)
    with pytest.raises(BadInput, match='there is a pipeline "Partners" already; give the new one another key'):
        pipelines.add_pipeline(two, replace(preset("b2b"), key="partners"), to_toml)
    assert pipelines.rename(two, "simple", "Simple", to_toml).pipeline_of("simple").name == "Simple"


def test_a_key_means_its_pipeline_even_where_an_older_program_let_another_be_called_so(two: Context) -> None:
    sales, partners = two.pipelines
    hijacked = replace(two, pipelines=(replace(sales, name="Simple"), partners))
    assert hijacked.pipeline_of("simple") == partners
    assert hijacked.pipeline_of("Simple").key == "sales"


def test_a_pipeline_with_open_deals_is_not_retired(two: Context) -> None:
    add(two)
    with pytest.raises(RuleBroken, match="1 deal is open in Sales; close them or move them to another pipeline first"):
        pipelines.retire_pipeline(two, "sales", to_toml)


def test_the_last_pipeline_in_use_stays(two: Context) -> None:
    now = pipelines.retire_pipeline(two, "sales", to_toml)
    with pytest.raises(RuleBroken, match="Partners is the last pipeline in use"):
        pipelines.retire_pipeline(now, "simple", to_toml)


def test_a_retired_pipeline_keeps_its_closed_deals_and_takes_no_open_one(two: Context, location: str) -> None:
    number = add(two)
    moves.win(two, number)
    now = pipelines.retire_pipeline(two, "sales", to_toml)
    assert [(one.key, one.is_retired) for one in now.pipelines] == [("simple", False), ("sales", True)]
    assert deals.edit(now, number, {"title": "Won long ago"}).title == "Won long ago"
    attempts: list[Callable[[], object]] = [
        lambda: moves.reopen(now, number, "waiting"), lambda: deals.add(
            now, {"title": "X", "source": "web", "expected_close": CLOSE}, pipeline="sales"
        ), lambda: applied(now, replace(now.pipeline_of("sales"), name="Old")), lambda: undo.undo(undo_of(now)),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(FunneltuiError, match="retired"):
            attempt()
    back = pipelines.bring_back_pipeline(now, "sales", to_toml)
    assert moves.reopen(back, number, "waiting").is_open
    assert [one.is_retired for one in pipelines.versions(back, "sales")] == [False, True, False]
    assert is_sound(back, location)


def test_spam_of_a_retired_pipeline_is_restored_once_that_is_back_unless_it_was_closed(
    two: Context, location: str
) -> None:
    junk, won = add(two), add(two)
    moves.win(two, won)
    activities.spam(two, [junk, won])
    now = pipelines.retire_pipeline(two, "sales", to_toml)
    with pytest.raises(
        RuleBroken, match=r"^deal 1: the pipeline Sales is retired; bring it back first; none was changed$"
    ):
        activities.restore(now, [junk, won])
    assert activities.restore(now, [won])[0].outcome is Outcome.WON
    back = pipelines.bring_back_pipeline(now, "sales", to_toml)
    assert activities.restore(back, [junk])[0].is_open
    assert is_sound(back, location)


def undo_of(context: Context) -> Context:
    """Give the workspace after the last edit was undone: next in line is what closed the deal."""
    undo.undo(context)
    return context


def test_the_overview_counts_what_the_actor_may_see(two: Context, as_user: Callable[[str], Context]) -> None:
    add_user(two, "bor", Role.REP)
    add(two)
    add(two, "acquisition", owner="bor", **CALL)
    everybody, own = pipelines.overviews(two)[0], pipelines.overviews(as_user("bor"))[0]
    assert (everybody.open, everybody.standing) == (2, {"waiting": 1, "acquisition": 1})
    assert (own.open, own.standing) == (1, {"acquisition": 1})
