"""The last change taken back and done again by key; notes, finished follow-ups, spam, a whole lane marked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


async def test_u_takes_a_move_back_and_the_funnel_with_it(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        assert board.state.funnel.won.count == 1
        await board.press("w")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON and board.state.funnel.won.count == 2)
        await board.press("u")
        await board.until(lambda: full.deal(1).stage == "waiting" and board.state.funnel.won.count == 1)


async def test_capital_u_does_it_again(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L", "1", "enter")
        await board.until(lambda: full.deal(1).stage == "acquisition")
        await board.press("u")
        await board.until(lambda: full.deal(1).stage == "waiting")
        await board.press("U")
        await board.until(lambda: full.deal(1).detail == "call")


async def test_a_bulk_move_is_taken_back_as_one(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("asterisk", "w")
        await board.until(lambda: full.deal(3).outcome is Outcome.WON)
        await board.shows("Waiting 0")
        await board.press("u")
        await board.shows("Waiting 3")
    assert [full.deal(number).stage for number in (1, 2, 3)] == ["waiting"] * 3


async def test_with_nothing_to_take_back_u_says_so(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("u")
        await board.until(lambda: bool(board.told))
        assert "Traceback" not in board.told


async def test_a_star_marks_the_lane_and_takes_all_marks_away(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("asterisk")
        assert "■ 3 marked" in board.lines[0]
        await board.press("asterisk")
        assert "marked" not in board.lines[0]


async def test_spam_leaves_the_board_and_u_brings_it_back(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j", "exclamation_mark")
        await board.until(lambda: full.deal(2).outcome is Outcome.SPAM)
        await board.until(lambda: "Hooli" not in board.text)
        await board.press("u")
        await board.shows("Hooli pilot")


async def test_capital_d_finishes_the_follow_up(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("D")
        await board.until(lambda: full.deal(1).follow_up is None)
        await board.until(lambda: "call Anna" not in board.text)


async def test_where_the_stage_demands_a_follow_up_finishing_it_asks_for_the_next(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "l")
        await board.until(lambda: board.under_cursor == "Initech licences")
        await board.press("D")
        await board.opens("FollowUpDialog")
        assert "The next follow-up?" in board.text
        await board.press("0", "enter")
        await board.opens("FollowUpDialog")
        await board.press("escape")
        await board.opens("")
        assert full.deal(5).follow_up == date(2026, 11, 25)
        await board.press("D")
        await board.opens("FollowUpDialog")
        await board.press("2")
        await board.until(lambda: full.deal(5).follow_up == date(2026, 11, 24))


async def test_a_note_is_in_the_history_of_the_opened_deal(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("i")
        await board.opens("ActivityDialog")
        await board.press("1", *"asked")
        await board.press("enter")
        await board.opens("")
        await board.press("enter")
        await board.opens("OpenedDeal")
        assert "asked" in board.text
