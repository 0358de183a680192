"""Several pipelines: another one's board is a key away, and a pipeline that somebody changes is shown as it is then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.domain.pipeline import Stage
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import deals, people, pipelines, reports

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


def add_a_stage(shop: Shop) -> None:
    """Let somebody add a stage to the pipeline."""
    old = shop.context.pipeline
    stages = (*old.stages[:2], Stage("demo", "Demonstrated"), *old.stages[2:])
    pipelines.apply(shop.context, replace(old, stages=stages), {}, to_toml)


async def looked(board: Board) -> None:
    """Wait until the screens have looked for changes, twice over."""
    looks: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        see = reports.changed_since
        patch.setattr(reports, "changed_since", lambda *given: (looks.append(1), see(*given))[1])
        await board.until(lambda: len(looks) >= 2)


async def test_p_shows_another_pipelines_board(full: Shop, show: Show) -> None:
    full.context = pipelines.add_pipeline(full.context, replace(preset("simple"), name="Second"), to_toml)
    async with show() as board:
        await board.press("p")
        await board.opens("PickDialog")
        await board.press("1")
        await board.opens("")
        await board.shows("There are no deals yet")
        assert "Second" in board.lines[0]
        await board.press("p", "1")
        await board.shows("Waiting 3")


async def test_with_one_pipeline_p_says_how_another_is_added(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("p")
        await board.tells("there is one pipeline only; P, then N adds another")


async def test_a_stage_that_somebody_adds_is_a_lane_within_a_second(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        await board.shows("Waiting 3")
        add_a_stage(full)
        await board.shows("Demonstrated 0")
        await board.press("m")
        await board.shows("3 Demonstrated")
        await board.press("3")
        await board.until(lambda: full.deal(1).stage == "demo")


@pytest.mark.parametrize(("key", "screen"), [("2", "ListScreen"), ("C", "RecordsScreen"), ("R", "ReviewScreen")])
async def test_whoever_looks_at_something_else_is_told_of_it_too_and_has_the_board_as_it_is_now(
    full: Shop, show: Show, key: str, screen: str
) -> None:
    async with show((160, 40)) as board:
        await board.press(key)
        await board.opens(screen)
        add_a_stage(full)
        await board.tells("the pipelines were changed")
        await board.opens("")
        await board.shows("Demonstrated 0")


async def test_a_dialog_is_left_in_peace_until_it_is_closed(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        await board.press("n")
        await board.opens("DealForm")
        add_a_stage(full)
        await looked(board)
        assert board.dialog == "DealForm"
        await board.press("escape")
        await board.shows("Demonstrated 0")


async def test_a_filter_that_is_being_typed_is_left_in_peace(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        await board.press("slash")
        await board.type("hool")
        add_a_stage(full)
        await looked(board)
        assert board.app.focused is not None
        await board.press("escape")
        await board.shows("Demonstrated 0")


async def test_whoever_is_made_a_rep_sees_only_his_own_deals_within_a_second(full: Shop, show: Show) -> None:
    people.add_user(full.context, "bor", Role.MANAGER)
    deals.edit(full.context, 1, {"owner": "bor"})
    async with show((160, 40)) as board:
        await board.shows("Waiting 3")
        people.set_role(full.context, "ana", Role.REP)
        await board.tells("rights or the pipelines were changed")
        await board.shows("Waiting 2")


async def test_a_change_that_is_refused_for_it_brings_the_board_as_it_is_now(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        await board.press("j", "m", "2")
        await board.opens("MoveDialog")
        add_a_stage(full)
        await board.press("1", "enter")
        await board.shows("Demonstrated 0")
        assert full.deal(2).stage == "waiting"
