"""The pipeline screen: everything of a pipeline seen and changed by key, applied as a whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.pipeline import StageKind
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import pipelines
from tests.tui.pipelines_seen import opened, stored
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Shop, Show


# --- Looking


async def test_p_shows_the_pipeline_with_all_that_belongs_to_it(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        for words in (
            "[Sales 5]",
            "Waiting",
            "too expensive",
            "contact form",
            "key waiting",
            "default chance",
            "14 days",
        ):
            assert words in board.text
        await page.press("j", "j")
        for words in ("Offered", "detail, follow-up date", "contract sent", "60 %"):
            assert words in board.text


async def test_a_stage_over_its_limit_is_marked(full: Shop, show: Show) -> None:
    full.context = pipelines.apply(full.context, replace(full.context.pipeline, stages=tuple(
        replace(stage, wip_limit=1) for stage in full.context.pipeline.stages)), {}, to_toml).context  # fmt: skip
    async with show() as board:
        await opened(board)
        assert "!     3" in board.text


@pytest.mark.parametrize(
    "keys", [("a",), ("x",), ("J",), ("e",), ("l", "enter"), ("c",), ("E",), ("N",), ("less_than_sign",)]
)
async def test_a_rep_looks_and_is_told_why_he_cannot_change(full: Shop, show: Show, keys: tuple[str, ...]) -> None:
    full.rep("bor")
    async with show(user="bor") as board:
        page = await opened(board)
        await page.press(*keys)
        await board.tells("only a manager changes pipelines")
        assert board.dialog == "PipelinesScreen"


async def test_esc_goes_back_to_the_board_as_it_was(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("l", "escape", "escape")
        await board.opens("")
        await board.shows("Northwind rollout")


# --- Changing


async def test_a_stage_is_added_renamed_and_moved_and_applied_in_one_go(full: Shop, show: Show) -> None:
    async with show((160, 40)) as board:
        page = await opened(board)
        await page.press("j", "a")
        await page.answer("Demo")
        await page.press("J", "e")
        await page.answer("nstration")
        assert page.stages == ["Waiting", "In acquisition", "Offered", "Demonstration", "Acquired", "Resigned"]
        await board.shows("1 change, not applied yet: stage Demonstration is added after Offered")
        assert len(stored(full).stages) == 5
        await page.apply()
        await board.tells("Sales is at version 2")
        assert [one.key for one in stored(full).board_order][3:4] == ["demo"]
        await page.press("escape")
        await board.opens("")
        await board.shows("Demonstration 0")
        for mode in ("conversion", "standard"):  # a lane's head, and a bar of the funnel
            await board.shows(f"Funnel {mode}")
            assert board.text.count("Demonstration") == 2
            await board.press("f")


async def test_steps_pressed_at_once_are_all_taken(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await board.at_once("J", "J")
        await board.until(lambda: page.stages[:3] == ["In acquisition", "Offered", "Waiting"])


async def test_a_stage_goes_no_further_than_its_kind(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("K")
        await board.tells("open, won, lost")


async def test_every_value_of_a_stage_is_changed_where_it_stands(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        for field, text in (
            ("name", "On hold"), ("question", "Why?"), ("probability", "35"), ("rot_days", "9"), ("follow_up_days", "2"),
            ("wip_limit", "4"),
        ):  # fmt: skip
            await page.to_value(field)
            await page.over(text)
        stage = page.pipeline.first
        assert (stage.name, stage.question, stage.probability) == ("On hold", "Why?", 35)
        assert (stage.rot_days, stage.follow_up_days, stage.wip_limit) == (9, 2, 4)
        await page.apply()
        assert stored(full).first == stage


async def test_colour_kind_and_demands_are_chosen(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("c")
        await board.opens("PickDialog")
        await page.press("5")
        await board.until(lambda: page.pipeline.first.color == "red")
        await page.to_value("demands")
        await page.press("enter")
        await board.opens("ManyDialog")
        await page.press("j", "space", "j", "space", "enter")
        await board.until(lambda: page.pipeline.first.demands == ("contact", "email"))


async def test_guidance_is_written_as_a_text_of_any_length(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.to_value("guidance")
        await page.press("enter")
        await board.opens("LongTextDialog")
        await page.press(*"Ask.", "enter", *"Listen.", "ctrl+s")
        await board.until(lambda: page.pipeline.first.guidance == "Ask.\nListen.")


async def test_what_cannot_be_is_told_and_nothing_changes(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.to_value("probability")
        await page.press("enter", "9", "9", "9", "enter")
        await board.tells("is no percentage")
        await page.press("escape")
        await page.to_value("name")
        await page.over("Offered")
        await board.tells('name "Offered"')
        assert page.screen.state.difference is None


async def test_details_reasons_and_sources_are_added_renamed_and_retired(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("j", "j", "l", "G", "k", "k", "a")
        await page.answer("signed by one")
        assert [one.key for one in page.pipeline.stage("offered").details] == [
            "negotiation",
            "contract",
            "signed_by_one",
        ]
        await page.press("h", "j", "j", "j", "x")
        await board.until(lambda: [one.key for one in page.pipeline.reasons] == ["other"])
        await page.apply()
        now = stored(full)
        assert now.retired.reasons[0].name == "too expensive"
        await board.shows("- too expensive")
        await page.press("b")
        await board.until(lambda: [one.key for one in page.pipeline.reasons] == ["other", "price"])


async def test_fields_of_its_own_and_qualifiers_are_added(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("G", "a")
        await page.answer("Size")
        await page.to_value("kind")
        await page.press("enter")
        await board.opens("PickDialog")
        await page.press("4")
        await page.answer("small")
        await board.until(lambda: page.pipeline.fields[0].kind is FieldKind.CHOICE)
        await page.press("h", "k", "a")
        await page.answer("hot")
        await page.apply()
        now = stored(full)
        assert [(one.name, [choice.name for choice in one.choices]) for one in now.fields] == [("Size", ["small"])]
        assert [one.name for one in now.qualifiers] == ["hot"]


async def test_u_takes_a_step_back_and_shift_u_does_it_again(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("J")
        await board.until(lambda: page.stages[0] == "In acquisition")
        await page.press("u")
        await board.until(lambda: page.stages[0] == "Waiting" and page.screen.state.difference is None)
        await page.press("u")
        await board.tells("nothing is changed here")
        await page.press("U")
        await board.until(lambda: page.stages[0] == "In acquisition" and page.screen.state.difference is not None)


# --- Deals that must leave


async def test_retiring_a_stage_asks_where_its_deals_go_and_what_that_gate_wants(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("x")
        await board.opens("PickDialog")
        await board.shows("3 deals stand in Waiting; where to?")
        await board.shows("Offered  demands detail, follow-up date")
        await page.press("2")
        await board.opens("MoveDialog")
        await page.press("2", "enter")
        await board.opens("PipelinesScreen")
        await board.shows("→ Offered: contract sent")
        await page.apply()
        await board.tells("3 deals moved")
        assert {full.deal(number).detail for number in (1, 2, 3)} == {"contract"}
        assert [stage.key for stage in stored(full).stages] == ["acquisition", "offered", "acquired", "resigned"]
        assert str(full.deal(1).follow_up) == "2026-11-18"
        assert str(full.deal(2).follow_up) == "2026-11-24"


@pytest.mark.parametrize("keys", [("escape",), ("2", "escape")])
async def test_esc_while_it_asks_leaves_the_stage(full: Shop, show: Show, keys: tuple[str, ...]) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("x")
        await board.opens("PickDialog")
        await page.press(keys[0])
        if len(keys) > 1:
            await board.opens("MoveDialog")
            await page.press(keys[1])
        await board.opens("PipelinesScreen")
        assert (len(page.stages), page.screen.state.difference) == (5, None)


async def test_the_changes_are_told_with_their_deals_and_dropped_as_a_whole(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        page = await opened(board)
        await page.press("x")
        await board.opens("PickDialog")
        await page.press("3")
        await board.until(lambda: page.screen.state.difference is not None)
        await page.press("escape")
        await board.opens("ChangesDialog")
        for words in (
            "stage Waiting is removed",
            "3 deals (3 open) stand in Waiting",
            "deals of Waiting go to Acquired",
        ):
            await board.shows(words)
        await page.press("escape")
        await board.opens("PipelinesScreen")
        assert len(page.stages) == 4
        await page.press("escape")
        await board.opens("ChangesDialog")
        await page.press("d")
        await board.opens("")
    assert full.rows() == before
    assert len(stored(full).stages) == 5


async def test_who_was_quicker_is_not_written_over(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("J")
        await board.until(lambda: page.screen.state.difference is not None)
        full.context = pipelines.rename(full.context, "sales", "Verkauf", to_toml)
        await page.press("w")
        await board.opens("ChangesDialog")
        await page.press("enter")
        await board.tells("ana changed the pipeline Verkauf meanwhile")
        assert page.screen.state.difference is not None
        await page.press("w")
        await board.opens("ChangesDialog")
        await page.press("d")
        await board.shows("[Verkauf 5]")
        assert stored(full).first.key == "waiting"


async def test_a_kind_of_stage_that_there_is_one_of_only_stays(full: Shop, show: Show) -> None:
    async with show() as board:
        page = await opened(board)
        await page.press("j", "j", "j", "x")
        await board.tells("there is no won stage")
        assert page.pipeline.won_stages[0].kind is StageKind.WON


# --- As text, and pipelines as a whole


async def test_the_pipeline_as_text_is_a_step_like_any_other(
    full: Shop, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneltui.tui import editor

    texts = iter(['name = "Waiting"\nkey', 'name = "On hold"'])
    monkeypatch.setattr(editor, "edited", lambda app, text: text.replace('name = "Waiting"', next(texts)))
    async with show() as board:
        page = await opened(board)
        await page.press("E")
        await board.opens("PickDialog")
        await board.tells("sales.toml, line")
        monkeypatch.setattr(
            editor, "edited", lambda app, text: text.replace('name = "Waiting"\nkey', 'name = "On hold"')
        )
        await page.press("1")
        await board.until(lambda: page.stages[0] == "On hold")
        assert stored(full).first.name == "Waiting"


# --- How it looks


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (56, 20)], ids=lambda size: "{}x{}".format(*size))
async def test_the_pipelines_look_as_they_did(full: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        page = await opened(board)
        await page.press("j", "j", "a")
        await page.answer("Demo")
        same_as_kept(board, f"pipelines-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(39, 12), (60, 8)])
async def test_where_there_is_no_room_for_pipelines_it_says_so(full: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        await board.press("P")
        await board.shows(f"this is {size[0]}x{size[1]}")
