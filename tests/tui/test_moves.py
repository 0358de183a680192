"""Moves by key: a dialog that asks for exactly what is missing, one transaction, and no trace when it is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from funneltui.domain.deal import Outcome
from funneltui.domain.pipeline import Stage
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from tests.tui.conftest import Shop, Show


async def test_a_move_asks_for_the_detail_and_nothing_else(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L")
        await board.opens("MoveDialog")
        for words in ("Northwind rollout → In acquisition", "1 call scheduled", "2 after call - meeting"):
            assert words in board.text
        assert len(board.app.screen.query(Input)) == 0


async def test_an_offer_asks_for_the_detail_and_the_day_of_the_next_contact(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j", "m", "3")
        await board.opens("MoveDialog")
        for words in ("1 in negotiation", "2 contract sent", "follow-up"):
            assert words in board.text
        assert [field.value for field in board.app.screen.query(Input)] == ["+3d"]
        await board.press("2", "enter")
        await board.until(lambda: full.deal(2).stage == "offered")
    assert (full.deal(2).detail, full.deal(2).follow_up) == ("contract", date(2026, 11, 24))


async def test_a_deal_that_lacks_nothing_moves_without_a_question(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("w")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)
        assert board.dialog == ""


async def test_a_digit_and_enter_do_it_in_one_transaction(full: Shop, show: Show) -> None:
    events, visits, version = full.count("event"), full.count("visit"), full.deal(1).version
    async with show() as board:
        await board.press("L", "2", "enter")
        await board.until(lambda: full.deal(1).stage == "acquisition")
    assert full.deal(1).detail == "meeting"
    assert (full.count("event"), full.count("visit"), full.deal(1).version) == (events + 1, visits + 1, version + 1)


@pytest.mark.parametrize("turn", range(3))
async def test_three_keys_without_any_time_between_them_do_the_move(full: Shop, show: Show, turn: int) -> None:
    async with show() as board:
        await board.press(*["j"] * turn)
        await board.at_once("L", "1", "enter")
        await board.until(lambda: full.deal(turn + 1).stage == "acquisition")
        assert full.deal(turn + 1).detail == "call"
        await board.opens("")


async def test_escape_leaves_the_database_as_it_was_byte_for_byte(full: Shop, show: Show) -> None:
    async with show() as board:
        before = contents(full)
        for keys in (("L", "1", "escape"), ("x", "2", "escape"), ("m", "3", "1", "escape"), ("m", "escape"),
                     ("n", "a", "b", "escape"), ("e", "z", "escape"), ("d", "f", "r", "i", "escape")):  # fmt: skip
            await board.press(*keys)
            await board.opens("")
        assert contents(full) == before


def contents(shop: Shop) -> list[bytes]:
    """Give the bytes of the database's file and journals; the shared memory holds locks, no data."""
    return [path.read_bytes() for path in sorted(shop.path.parent.glob("shop.db*")) if not path.name.endswith("-shm")]


async def test_enter_without_a_choice_says_what_is_lacking_and_moves_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L", "enter")
        await board.shows("pick the detail first, by its digit")
        assert board.dialog == "MoveDialog"
    assert full.deal(1).stage == "waiting"


async def test_a_day_that_cannot_be_read_is_told_and_moves_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j", "m", "3")
        await board.opens("MoveDialog")
        board.app.screen.query_one(Input).value = "someday"
        await board.press("1", "enter")
        await board.shows("someday")
        assert board.dialog == "MoveDialog"
    assert full.deal(2).stage == "waiting"


async def test_a_digit_beyond_the_choices_picks_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L", "7", "enter")
        assert board.dialog == "MoveDialog"


async def test_the_arrows_pick_too(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L", "j", "down", "enter")
        await board.until(lambda: full.deal(1).detail == "meeting")


async def test_a_click_picks_too(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L")
        await board.opens("MoveDialog")
        await board.pilot.click("#choices", offset=(4, 1))
        await board.press("enter")
        await board.until(lambda: full.deal(1).detail == "meeting")


async def test_h_takes_a_deal_back_and_the_first_stage_is_the_end(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "H")
        await board.until(lambda: full.deal(4).stage == "waiting")
        await board.until(lambda: board.state.cursor_stage == "waiting" and board.under_cursor == "Globex migration")
        await board.press("H")
        await board.tells("this is the first stage")


async def test_there_is_no_stage_after_won(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "l", "l", "L")
        await board.tells("there is no stage further on")


async def test_m_shows_the_stages_with_their_digits(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("m")
        assert "1 Waiting  2 In acquisition  3 Offered  4 Acquired  5 Resigned" in board.lines[-1]
        await board.press("4")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)


@pytest.mark.parametrize("key", ["9", "0", "z", "j", "escape", "enter", "left", "²"])
async def test_after_m_any_other_key_moves_nothing(full: Shop, show: Show, key: str) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("m")
        await board.at_once(key)
        await board.until(lambda: "move to" not in board.lines[-1])
        await board.press("j")
        assert board.under_cursor == "Hooli pilot"
    assert full.rows() == before


async def test_the_detail_is_changed_by_a_move_to_the_same_stage(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "m", "2", "1", "enter")
        await board.until(lambda: full.deal(4).detail == "call")
    assert full.deal(4).stage == "acquisition"


async def test_x_demands_a_reason(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("x")
        await board.opens("MoveDialog")
        for words in ("Why was it lost?", "1 too expensive", "2 other", "note, if any"):
            assert words in board.text
        await board.press("enter")
        await board.shows("pick the rejection reason first")
        await board.press("1", "tab")
        await board.type("too late")
        await board.press("enter")
        await board.until(lambda: full.deal(1).outcome is Outcome.LOST)
    lost = full.deal(1)
    assert (lost.reason, lost.reason_note, lost.closed_on) == ("price", "too late", date(2026, 11, 21))


async def test_a_lost_deal_is_reopened_with_m(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        await board.press("o")
        await board.shows("Vandelay")
        await board.press("l", "l", "l", "l", "H")
        await board.tells("reopened by a move to an open stage; m and a digit do it")
        await board.press("m", "1")
        await board.until(lambda: full.deal(7).outcome is Outcome.OPEN)
    assert full.deal(7).reason is None


async def test_a_deal_of_the_today_pane_moves_from_there(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("t", "j", "w")
        await board.until(lambda: full.deal(2).outcome is Outcome.WON)


class TestAPipelineOfTenStages:
    @pytest.fixture
    def pipeline(self) -> Pipeline:
        """Give a pipeline with eight open stages, won and lost."""
        plain = small_pipeline()
        opened = tuple(Stage(f"step{number}", f"Step {number}") for number in range(1, 9))
        return replace(plain, stages=(*opened, *plain.stages[-2:]))

    async def test_nought_stands_for_the_tenth_stage(self, shop: Shop, show: Show) -> None:
        shop.add("Northwind")
        async with show((200, 50)) as board:
            await board.press("m")
            assert "0 Resigned" in board.lines[-1]
            await board.press("0")
            await board.opens("MoveDialog")

    async def test_every_stage_is_within_reach_of_the_cursor(self, shop: Shop, show: Show) -> None:
        shop.add("Northwind", "step8")
        async with show((80, 24)) as board:
            await board.until(lambda: board.under_cursor == "Northwind")
            await board.at_once(*["h"] * 7)
            await board.shows("Step 1 0")
            await board.at_once(*["l"] * 8)
            await board.shows("Acquired 0")


async def test_a_move_that_skips_a_stage_is_warned_of_before_it_is_made(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("m", "3")
        await board.shows("! skips In acquisition")
        await board.press("escape")
        assert full.deal(1).stage == "waiting"


async def test_a_move_back_is_done_and_told(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "H")
        await board.tells("back from In acquisition to Waiting")
        await board.until(lambda: full.deal(4).stage == "waiting")
        await board.press("enter")
        await board.shows("moved to Waiting (back)")


async def test_marked_deals_that_skip_a_stage_are_told_apart(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "l", "space", "w")
        await board.tells("2 deals moved to Acquired: deal")
