"""The filter: live as it is typed, kept with enter, gone with escape; a wrong one says where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


async def test_a_filter_works_while_it_is_typed(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.until(lambda: "Northwind" not in board.text)
        assert "Hooli pilot" in board.text
        assert "1 open" in board.lines[0]
        assert "1 in" in board.text


async def test_enter_keeps_the_filter_and_tells_of_it(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.press("enter", "w")
        await board.until(lambda: not full.deal(2).is_open)
        assert "/hool" in board.lines[0]
        assert "Northwind" not in board.text


async def test_escape_while_typing_shows_all_again(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.until(lambda: "Northwind" not in board.text)
        await board.press("escape")
        await board.shows("Northwind rollout")
        assert "hool" not in board.text
        await board.press("j")
        assert board.under_cursor != ""


async def test_escape_after_enter_shows_all_again(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("owner:me hool")
        await board.press("enter")
        await board.until(lambda: "Northwind" not in board.text)
        await board.press("escape")
        await board.shows("Northwind rollout")


async def test_a_wrong_filter_says_what_is_wrong_and_where_and_hides_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hooli amount>lots")
        await board.press("enter")
        await board.until(lambda: bool(board.told))
        assert "lots" in board.told
        assert "Northwind rollout" in board.text or "Hooli pilot" in board.text


async def test_while_a_filter_is_typed_it_complains_of_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("amount>")
        await board.pilot.pause()
        await board.type("1000")
        await board.until(lambda: "Soylent" not in board.text)
        assert board.told == ""


async def test_letters_in_the_filter_are_letters_and_not_keys(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("slash")
        await board.type("wxqLHm5?:")
        await board.shows("No deal matches.")
        assert board.app.is_running
        await board.press("escape")
        await board.shows("Northwind")
    assert full.rows() == before


async def test_the_filter_holds_for_todays_follow_ups_too(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hooli")
        await board.shows("Today 1")


async def test_a_deal_that_no_longer_matches_leaves_the_board(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("stage:waiting")
        await board.press("enter")
        await board.until(lambda: "Globex" not in board.text)
        await board.press("w")
        await board.until(lambda: "Northwind" not in board.text)
        assert board.under_cursor != "Northwind rollout"


@pytest.mark.parametrize("again", [False, True])
async def test_what_is_typed_right_after_the_slash_is_the_filter_and_moves_nothing(
    full: Shop, show: Show, again: bool
) -> None:
    before = full.rows()
    async with show() as board:
        if again:
            await board.press("slash", "z", "escape")
            await board.shows("Northwind")
        await board.at_once("/", *"wo hool")
        await board.until(lambda: board.screen._filter.value == "wo hool")
        assert "marked" not in board.lines[0]
    assert full.rows() == before
