"""Deals are worked in the list with the board's own keys, one or all that are marked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.tui.screens.list import ListScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


async def in_list(board: Board) -> ListScreen:
    await board.press("2")
    await board.opens("ListScreen")
    screen = board.app.screen
    assert isinstance(screen, ListScreen)
    await board.until(lambda: screen.state.loaded and screen.deal is not None)
    return screen


async def go_to(board: Board, screen: ListScreen, title: str) -> None:
    await board.press("g")
    while screen.deal is None or screen.deal.title != title:
        before = screen.place
        await board.press("j")
        assert screen.place > before, title


async def test_a_deal_is_moved_through_its_gate(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await go_to(board, screen, "Northwind rollout")
        await board.press("L")
        await board.opens("MoveDialog")
        await board.press("2", "enter")
        await board.until(lambda: full.deal(1).detail == "meeting")
        await board.opens("ListScreen")
        assert screen.deal is not None
        assert screen.deal.title == "Northwind rollout"


async def test_m_and_a_digit_choose_the_stage_and_escape_none(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await go_to(board, screen, "Hooli pilot")
        await board.press("m")
        await board.shows("move to  1 Waiting  2 In acquisition")
        await board.press("escape")
        assert board.dialog == "ListScreen"
        await board.press("m", "4")
        await board.until(lambda: full.deal(2).outcome is Outcome.WON)


async def test_a_loss_without_a_reason_is_impossible_in_the_list_too(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await go_to(board, screen, "Hooli pilot")
        await board.press("x", "enter")
        await board.shows("pick the rejection reason first")
        await board.press("1", "enter")
        await board.until(lambda: full.deal(2).reason == "price")


async def test_marked_deals_are_moved_together_and_undone_together(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await board.press("tab")
        await board.until(lambda: screen.state.total == 3)
        await board.press("asterisk")
        await board.shows("■ 3 marked")
        await board.press("L", "1", "enter")
        await board.tells("3 deals moved to In acquisition")
        await board.press("u")
        await board.until(lambda: {full.deal(number).stage for number in (1, 2, 3)} == {"waiting"})


async def test_escape_takes_the_marks_away_before_it_leaves(full: Shop, show: Show) -> None:
    async with show() as board:
        await in_list(board)
        await board.press("space", "space")
        await board.shows("■ 2 marked")
        await board.press("escape")
        assert "marked" not in board.text
        assert board.dialog == "ListScreen"


async def test_marking_all_keeps_to_the_filter(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await board.press("slash")
        await board.type("stage:waiting")
        await board.press("enter")
        await board.until(lambda: screen.state.total == 3)
        await board.press("asterisk")
        await board.until(lambda: set(screen.marked) == {1, 2, 3})


@pytest.mark.parametrize("where", ["board", "list"])
async def test_marked_deals_are_given_to_another_owner_at_once(full: Shop, show: Show, where: str) -> None:
    full.rep("bo")
    async with show() as board:
        if where == "list":
            await in_list(board)
        await board.press("space", "space", "a")
        await board.opens("PickDialog")
        assert "2 deals" in board.text
        await board.press("2")
        await board.tells("2 deals are bo's now")
    assert sorted(full.deal(number).owner or "" for number in range(1, 8)).count("bo") == 2


async def test_a_rep_gives_nothing_away(full: Shop, show: Show) -> None:
    full.rep("bo")
    full.add("Mine", owner="bo")
    async with show(user="bo") as board:
        await board.press("a")
        await board.tells("only a manager gives a deal to somebody else")


async def test_marked_deals_are_tagged_and_keep_their_other_tags(full: Shop, show: Show) -> None:
    full.add("Eighth", tags=("old", "cold"))
    async with show() as board:
        await board.press("asterisk", "number_sign")
        await board.opens("WordsDialog")
        await board.type("hot -cold")
        await board.shows("+hot   -cold")
        await board.press("enter")
        await board.tells("4 deals are tagged")
    assert full.deal(8).tags == ("hot", "old")
    assert full.deal(1).tags == ("hot",)


async def test_marked_deals_get_one_follow_up(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("asterisk", "d")
        await board.opens("FollowUpDialog")
        await board.press("1")
        await board.tells("3 deals have a follow-up now")
        await board.press("u")
        await board.until(lambda: full.deal(1).follow_up == date(2026, 11, 18))
    assert full.deal(2).follow_up is None


async def test_one_meeting_is_logged_with_all_marked_deals(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "i", "4")
        await board.type("at the fair")
        await board.press("enter")
        await board.tells("meeting kept in the history of 2 deals")


async def test_spam_is_found_by_the_filter_and_put_back_where_it_was(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await go_to(board, screen, "Globex migration")
        await board.press("exclamation_mark")
        await board.until(lambda: full.deal(4).outcome is Outcome.SPAM and screen.state.total == 6)
        await board.press("slash")
        await board.type("is:spam")
        await board.press("enter")
        await board.until(lambda: screen.deal is not None and screen.deal.title == "Globex migration")
        await board.press("exclamation_mark")
        await board.until(lambda: full.deal(4).is_open)
    assert (full.deal(4).stage, full.deal(4).detail) == ("acquisition", "meeting")


async def test_the_palette_acts_on_the_list(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        await go_to(board, screen, "Soylent onboarding")
        await board.press("ctrl+p")
        await board.opens("CommandPalette")
        await board.type("won")
        await board.shows("won  w")
        await board.press("down", "enter")
        await board.until(lambda: full.deal(3).outcome is Outcome.WON)


async def test_an_opened_deal_leads_on_along_the_list(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await in_list(board)
        first, second = (deal.number for deal in screen.state.deals[:2])
        await board.press("enter")
        await board.shows(f"#{first} ")
        await board.press("J")
        await board.shows(f"#{second} ")
        await board.press("escape")
        await board.opens("ListScreen")
        assert screen.deal is not None
        assert screen.deal.number == second


@pytest.mark.parametrize(("column", "words"), [("company", "Acme"), ("contact", "Anna Purchasing")])
async def test_enter_on_a_contact_or_company_opens_it(shop: Shop, show: Show, column: str, words: str) -> None:
    shop.add("Northwind", company="Acme", contact="Anna Purchasing", email="anna@example.com")
    async with show((200, 50)) as board:
        screen = await in_list(board)
        while screen.state.column.value != column:
            await board.press("l")
        await board.press("enter")
        await board.opens("OpenedRecord")
        assert words in board.lines[0]
        await board.press("escape")
        await board.opens("ListScreen")


@pytest.mark.parametrize("where", ["board", "list"])
async def test_c_shows_companies_and_contacts(full: Shop, show: Show, where: str) -> None:
    async with show() as board:
        if where == "list":
            await in_list(board)
        await board.press("C")
        await board.opens("RecordsScreen")
        await board.shows("Acme")
        await board.press("escape")
        await board.opens("ListScreen" if where == "list" else "")


async def test_the_opened_deal_leads_to_its_company_and_its_contact(shop: Shop, show: Show) -> None:
    shop.add("Northwind", company="Acme", contact="Anna Purchasing")
    async with show() as board:
        for key, words in (("C", "Acme"), ("P", "Anna Purchasing")):
            await board.press("enter")
            await board.opens("OpenedDeal")
            await board.press(key)
            await board.opens("OpenedRecord")
            assert words in board.lines[0]
            await board.press("escape", "escape")
            await board.opens("")
