"""Several pipelines: added, put first and retired on their screen; deals that go from one to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import pipelines
from tests.tui.pipelines_seen import opened, stored

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


async def test_a_preset_is_added_and_put_first_and_retired(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("N")
        await board.opens("PickDialog")
        await page.press("2")
        await board.shows("[B2B sales 0]")
        await page.press("less_than_sign")
        await board.until(lambda: board.lines[1].index("B2B") < board.lines[1].index("Sales 5"))
        await page.press("g", "x")
        await board.shows("[B2B sales retired]")
        await page.press("a")
        await board.tells("b brings it back")
        await page.press("b")
        await board.shows("[B2B sales 0]")
        await page.press("tab")
        await board.shows("[Sales 5]")


async def test_a_second_one_of_a_preset_is_asked_for_its_name(full: Shop, show: Show) -> None:
    full.context = pipelines.add_pipeline(full.context, preset("b2b"), to_toml)
    async with show() as board:
        page = await opened(board)
        await page.press("N")
        await board.opens("PickDialog")
        await page.press("2")
        await page.answer("Partners")
        await board.shows("[Partners 0]")
        assert stored(full).key == "sales"
        assert [one.key for one in full.context.pipelines] == ["sales", "b2b", "partners"]


async def test_a_pipeline_with_open_deals_is_not_retired(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("g", "x")
        await board.tells("5 deals are open in Sales")


async def test_changes_wait_for_nobody_who_goes_elsewhere(full: Shop, show: Show) -> None:
    full.context = pipelines.add_pipeline(full.context, preset("b2b"), to_toml)
    async with show() as board:
        page = await opened(board)
        await page.press("J")
        await board.until(lambda: page.screen.state.difference is not None)
        for key in ("tab", "N", "greater_than_sign"):
            await page.press(key)
            await board.tells("your changes are not applied yet")


# --- From one pipeline to another


async def test_a_deal_goes_to_another_pipeline_through_the_gate_there(full: Shop, show: Show) -> None:
    full.context = pipelines.add_pipeline(full.context, replace(preset("acquisition"), name="Second"), to_toml)
    async with show() as board:
        await board.press("M")
        await board.opens("PickDialog")
        await board.shows("To which stage of Second?")
        await board.press("2")
        await board.opens("MoveDialog")
        await board.press("1", "enter")
        await board.until(lambda: full.deal(1).pipeline == "acquisition")
        assert (full.deal(1).stage, full.deal(1).detail) == ("acquisition", "call_scheduled")
        await board.until(lambda: "Northwind rollout" not in board.titles("waiting"))


async def test_with_one_pipeline_a_deal_has_nowhere_to_go(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("M")
        await board.tells("there is one pipeline only")
