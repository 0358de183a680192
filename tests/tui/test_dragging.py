"""Dragging a card to a lane: the same move, the same gate and the same dialog as by key; anything else changes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseMove

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

SIZE = (200, 50)


async def carry(board: Board, title: str, stage: str) -> None:
    """Press the button on a deal's card and take it over another lane."""
    x, y = where(board, title)
    lane = board.screen._views[stage].region
    await board.pilot.mouse_down(offset=(x, y))
    await board.pilot.hover(offset=(lane.x + 5, lane.y + 10))


async def let_go(board: Board, stage: str) -> None:
    """Let go over a lane."""
    lane = board.screen._views[stage].region
    await board.pilot.mouse_up(offset=(lane.x + 5, lane.y + 10))


def where(board: Board, title: str) -> tuple[int, int]:
    """Give the cell at which a deal's card begins; today's follow-ups, right of the lanes, have none."""
    lanes = [line.split("▏")[0] for line in board.lines]
    y = next(y for y, line in enumerate(lanes) if title in line)
    return lanes[y].index(title), y


async def test_a_card_is_dragged_to_a_stage_that_demands_nothing(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "acquired")
        await let_go(board, "acquired")
        await board.until(lambda: full.deal(2).stage == "acquired")
        await board.until(lambda: board.under_cursor == "Hooli pilot")


async def test_the_lane_under_the_card_shows_that_it_would_take_it_and_the_foot_what_letting_go_does(
    full: Shop, show: Show
) -> None:
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "offered")
        await board.shows("→ Offered 1")
        assert "let go: Hooli pilot → Offered" in board.lines[-1]
        await carry(board, "Hooli pilot", "waiting")
        await board.until(lambda: "→" not in board.text)
        assert "m move" in board.lines[-1]


async def test_a_gate_asks_as_it_does_by_key(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "acquisition")
        await let_go(board, "acquisition")
        await board.opens("MoveDialog")
        assert "Hooli pilot → In acquisition" in board.text
        assert full.deal(2).stage == "waiting"
        await board.press("2", "enter")
        await board.until(lambda: full.deal(2).detail == "meeting")


async def test_leaving_the_gates_dialog_leaves_no_trace(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "offered")
        await let_go(board, "offered")
        await board.opens("MoveDialog")
        await board.press("escape")
        await board.opens("")
        assert board.under_cursor == "Hooli pilot"
    assert full.rows() == before


async def test_marked_deals_go_together_when_one_of_them_is_dragged(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await board.press("space", "space")
        await carry(board, "Hooli pilot", "acquired")
        await board.shows("let go: 2 deals → Acquired")
        await let_go(board, "acquired")
        await board.until(lambda: [full.deal(number).stage for number in (1, 2)] == ["acquired", "acquired"])
        assert full.deal(3).stage == "waiting"


async def test_a_deal_that_is_not_marked_is_dragged_alone(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await board.press("space")
        await carry(board, "Soylent onboarding", "acquired")
        await let_go(board, "acquired")
        await board.until(lambda: full.deal(3).stage == "acquired")
        assert full.deal(1).stage == "waiting"
        assert list(board.state.marked) == [1]


async def test_a_drag_to_the_lost_lane_asks_for_the_reason(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await board.press("o")
        await board.shows("Vandelay")
        await carry(board, "Hooli pilot", "resigned")
        await let_go(board, "resigned")
        await board.opens("MoveDialog")
        assert "Why was it lost?" in board.text


@pytest.mark.parametrize("where_to", ["waiting", "#today", "#top"])
async def test_letting_go_elsewhere_changes_nothing(full: Shop, show: Show, where_to: str) -> None:
    before = full.rows()
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "offered")
        if where_to == "waiting":
            await let_go(board, "waiting")
        else:
            await board.pilot.mouse_up(where_to)
        await board.until(lambda: "→" not in board.lines[1])
        assert (board.dialog, board.under_cursor) == ("", "Northwind rollout")
    assert full.rows() == before


async def test_escape_gives_a_drag_up(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "acquired")
        await board.press("escape")
        await board.until(lambda: "→" not in board.text)
        await let_go(board, "acquired")
        await board.pilot.pause()
        assert board.dialog == ""
    assert full.rows() == before


async def test_a_release_that_the_terminal_did_not_see_gives_it_up_too(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "acquired")
        lane = board.screen._views["acquired"].region
        for button in (1, 0):  # as a terminal tells of a button that is held, and then of none
            await board.pilot._post_mouse_events([MouseMove], offset=(lane.x + 6, lane.y + 9), button=button)
        await board.until(lambda: "→" not in board.text)
        await let_go(board, "acquired")
        await board.pilot.pause()
    assert full.rows() == before


@pytest.mark.parametrize("lines", [0, 4])
async def test_a_card_that_comes_back_to_its_own_lane_is_not_opened(full: Shop, show: Show, lines: int) -> None:
    async with show(SIZE) as board:
        x, y = where(board, "Northwind rollout")
        await carry(board, "Northwind rollout", "offered")
        await board.pilot.hover(offset=(x, y + lines))
        await board.pilot.mouse_up(offset=(x, y + lines))
        await board.pilot.pause()
        assert (board.dialog, board.under_cursor) == ("", "Northwind rollout")


async def test_a_drag_moves_the_deal_that_was_seen_or_is_refused(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await carry(board, "Hooli pilot", "acquired")
        full.move(2, "offered", detail="contract", follow_up=date(2026, 11, 25))
        await board.shows("Offered 2", 1.5)
        await let_go(board, "acquired")
        await board.tells("ana")
        assert full.deal(2).stage == "offered"
