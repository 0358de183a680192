"""Several pipelines: another one's board is a key away, and a pipeline that somebody changes is shown as it is then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import Stage
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import pipelines

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


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
        await board.tells("funneltui pipeline apply FILE --new")


async def test_a_stage_that_somebody_adds_is_a_lane_within_a_second(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        await board.shows("Waiting 3")
        old = full.context.pipeline
        stages = (*old.stages[:2], Stage("demo", "Demonstrated"), *old.stages[2:])
        pipelines.apply(full.context, replace(old, stages=stages), {}, to_toml)
        await board.shows("Demonstrated 0")
        await board.press("m")
        await board.shows("3 Demonstrated")
        await board.press("3")
        await board.until(lambda: full.deal(1).stage == "demo")
