"""Every size of terminal: no crash and no blank; where the board cannot be drawn it says so and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show

KEYS = (("L", "escape"), ("x", "escape"), ("n", "escape"), ("e", "escape"), ("d", "escape"), ("enter", "escape"),
        ("question_mark", "escape"), ("slash", "escape"), ("m", "escape"), ("t", "t"), ("o", "o"))  # fmt: skip


@pytest.mark.parametrize(
    "size", [(1, 1), (2, 40), (40, 2), (10, 3), (39, 10), (40, 9), (40, 10), (60, 12), (99, 24), (100, 24), (300, 90)]
)
async def test_no_size_makes_the_board_fail(full: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        for keys in KEYS:
            await board.at_once(*keys)
        await board.opens("")
        assert len(board.lines) == size[1]
        assert {cell_len(line) for line in board.lines} == {size[0]}


@pytest.mark.parametrize("size", [(40, 10), (40, 12), (60, 10), (300, 90)])
async def test_a_board_that_can_be_drawn_shows_a_deal(full: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        assert "Northwind rollout" in board.text


async def test_a_terminal_too_small_is_told_what_it_lacks_and_the_board_comes_back(full: Shop, show: Show) -> None:
    async with show((30, 8)) as board:
        assert "The board needs 40x10" in board.text
        assert "this is 30x8" in board.text
        assert "Northwind" not in board.text
        await board.pilot.resize_terminal(80, 24)
        await board.shows("Northwind rollout")
        assert "needs" not in board.text


async def test_a_terminal_that_shrinks_is_told_and_keeps_the_place(full: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        await board.press("l", "l")
        await board.pilot.resize_terminal(30, 8)
        await board.shows("this is 30x8")
        await board.pilot.resize_terminal(80, 24)
        await board.shows("Initech licences")
        assert board.under_cursor == "Initech licences"


async def test_the_lane_of_the_cursor_stays_seen_when_the_terminal_shrinks(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        await board.press("l", "l", "l")
        for width in (120, 80, 60, 40):
            await board.pilot.resize_terminal(width, 24)
            await board.shows("Umbrella renewal")


async def test_the_cursor_stays_seen_when_the_terminal_gets_lower(shop: Shop, show: Show) -> None:
    for number in range(30):
        shop.add(f"Deal {number:02}")
    async with show((120, 90)) as board:
        await board.press("G")
        await board.shows("▌Deal 29")
        await board.pilot.resize_terminal(120, 12)
        await board.shows("▌Deal 29")


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 36)])
async def test_an_empty_workspace_says_what_to_press(shop: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        await board.shows("There are no deals yet.")
        assert "n adds the first one" in board.text
        assert "? shows the keys" in board.text


async def test_the_first_deal_of_an_empty_workspace_takes_the_words_place(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.shows("There are no deals yet.")
        shop.add("Northwind")
        await board.shows("Northwind", 1.5)
        assert "There are no deals yet" not in board.text


@pytest.mark.parametrize("key", ["L", "H", "w", "x", "m", "e", "d", "enter", "space", "j", "k", "G", "pagedown"])
async def test_no_key_fails_in_an_empty_workspace(shop: Shop, show: Show, key: str) -> None:
    async with show() as board:
        await board.at_once(key)
        await board.shows("There are no deals yet.")
        assert board.dialog == ""


@pytest.mark.parametrize("size", [(40, 10), (50, 14), (80, 24)])
async def test_a_dialog_shows_its_choices_on_a_small_terminal(full: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        await board.press("j", "m", "3")
        await board.opens("MoveDialog")
        assert "1 in negotiation" in board.text
        await board.press("1", "enter")
        await board.until(lambda: full.deal(2).stage == "offered")
