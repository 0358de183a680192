"""The board as it stood: by a date, day by day, with marks of that day; and nothing of it can be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from funneltui.domain.filters import EMPTY
from funneltui.services import as_of, deals, moves, past_boards, reports
from funneltui.services.context import Clock
from funneltui.storage.boards import Sort
from funneltui.tui.screens.past_board import PastBoardScreen

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from tests.tui.conftest import Board, Shop, Show


def at(shop: Shop, day: int, hour: int = 10) -> Context:
    """Give the shop's workspace on a day of November 2026."""
    return replace(shop.context, clock=Clock(shop.clock.zone, datetime(2026, 11, day, hour, tzinfo=UTC)))


@pytest.fixture
def moved(shop: Shop) -> Shop:
    """Give a shop in which a deal was added on the 10th, moved on the 15th and won on the 19th; another came on the 18th."""
    values = {"source": "web", "expected_close": "2026-12-15", "amount": 5_000}
    from datetime import date

    values["expected_close"] = date(2026, 12, 15)
    deals.add(at(shop, 10), values | {"title": "Early"})
    moves.move(at(shop, 15), [1], "acquisition", {"detail": "call"})
    deals.add(at(shop, 18), values | {"title": "Late"})
    moves.win(at(shop, 19), 1)
    return shop


async def past(board: Board, text: str) -> PastBoardScreen:
    """Go to a date."""
    await board.press("at")
    await board.until(lambda: board.dialog == "WordsDialog")
    await board.type(text)
    await board.press("enter")
    await board.until(lambda: isinstance(board.app.screen, PastBoardScreen) and board.app.screen.state.loaded)
    return cast("PastBoardScreen", board.app.screen)


def titles(screen: PastBoardScreen, stage: str) -> list[str]:
    """Give the titles in a lane."""
    return [deal.title for deal in screen.state.lanes[stage].deals]


@pytest.mark.parametrize("sort", list(Sort))
def test_as_of_now_every_lane_stands_as_the_board_shows_it(history: Shop, sort: Sort) -> None:
    context, pipeline = history.context, history.context.pipeline
    lanes = [reports.LaneRequest(stage.key, 0, 60) for stage in pipeline.stages]
    found = past_boards.past_board(context, pipeline, as_of.read_point(context, "today"), EMPTY)
    then = past_boards.shown(context, found, lanes, sort, due_days=7)
    now = reports.board(context, pipeline, lanes, sort)
    assert [one.window for one in then.lanes] == [one.window for one in now.lanes]
    assert then.due == now.due
    key = repr
    assert sorted(then.tallies, key=key) == sorted(now.tallies, key=key)


async def test_at_shows_the_board_as_it_stood_and_brackets_go_by_days(moved: Shop, show: Show) -> None:
    async with show() as board:
        screen = await past(board, "16.11.")
        assert "Sales  as of Mon 16 Nov" in board.lines[0]
        assert titles(screen, "acquisition") == ["Early"]
        assert titles(screen, "waiting") == []
        await board.press("right_square_bracket", "right_square_bracket")
        await board.until(lambda: titles(screen, "waiting") == ["Late"])
        await board.press("right_square_bracket")
        await board.until(lambda: titles(screen, "acquired") == ["Early"])
        await board.press("left_square_bracket")
        await board.until(lambda: titles(screen, "acquisition") == ["Early"])
        await board.press("escape")
        await board.until(lambda: not isinstance(board.app.screen, PastBoardScreen))


async def test_nothing_of_the_past_can_be_changed(moved: Shop, show: Show) -> None:
    before = moved.rows()
    async with show() as board:
        screen = await past(board, "16.11.")
        await board.press("L", "x", "w", "space", "n", "d", "i", "u", "exclamation_mark")
        assert board.app.screen is screen
        await screen.move_into(screen.pipeline.stage("offered"))
        await board.tells("this is how it stood")
        await board.press("enter")
        await board.until(lambda: board.dialog == "OpenedDeal")
    assert moved.rows() == before


async def test_a_date_to_come_is_refused(moved: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("at")
        await board.until(lambda: board.dialog == "WordsDialog")
        await board.type("2027-01-01")
        await board.press("enter")
        await board.tells("still to come")
