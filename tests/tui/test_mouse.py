"""Clicks and the wheel, on the board, in today's follow-ups and in the list; test_dragging.py has what is dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from funneltui.domain.views import Column
from funneltui.tui.screens.list import ListScreen
from funneltui.tui.widgets.followups import TodayPane
from tests.tui.conftest import TODAY
from tests.tui.test_dragging import where

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

SIZE = (200, 50)


@pytest.fixture
def due(shop: Shop) -> Shop:
    """Give forty deals that are due today."""
    for number in range(40):
        shop.add(f"Deal {number:02}", follow_up=TODAY)
    return shop


async def turn(board: Board, event: type[MouseScrollDown | MouseScrollUp], widget: str) -> None:
    """Turn the wheel over a widget."""
    await board.pilot._post_mouse_events([event], widget, offset=(3, 5))


async def test_a_click_on_a_card_takes_the_keys_back_from_today(full: Shop, show: Show) -> None:
    async with show(SIZE) as board:
        await board.press("t")
        x, y = where(board, "Soylent onboarding")
        await board.pilot.click(offset=(x, y))
        await board.until(lambda: board.under_cursor == "Soylent onboarding")
        await board.press("enter")
        await board.opens("OpenedDeal")
        assert "#3 Soylent onboarding" in board.text


async def test_a_click_on_the_sign_for_more_lanes_shows_them(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        x = board.lines[1].index("1›")
        await board.pilot.click(offset=(x, 1))
        await board.shows("Umbrella renewal")
        await board.pilot.click(offset=(board.lines[1].index("‹1"), 1))
        await board.shows("Northwind rollout")


async def test_the_wheel_scrolls_todays_follow_ups(due: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        pane = board.screen.query_one(TodayPane)
        await turn(board, MouseScrollDown, "#today")
        await board.until(lambda: pane.top == 2)
        await turn(board, MouseScrollUp, "#today")
        await board.until(lambda: pane.top == 0)


async def test_a_click_on_one_of_todays_opens_it_and_one_below_them_opens_nothing(due: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        pane = board.screen.query_one(TodayPane)
        await board.pilot.click("#today", offset=(3, 1 + 2 * pane.capacity))
        await board.pilot.pause()
        assert board.dialog == ""
        await board.pilot.click("#today", offset=(3, 3))
        await board.opens("OpenedDeal")
        assert "Deal 01" in board.text


async def test_in_the_list_a_click_chooses_a_second_one_opens_and_the_wheel_scrolls(due: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        await board.press("2")
        await board.opens("ListScreen")
        await board.shows("Deal 39")
        table = board.app.screen
        assert isinstance(table, ListScreen)
        await turn(board, MouseScrollDown, "#table")
        await board.until(lambda: table.state.top == 3)
        await board.pilot.click("#table", offset=(6, 6))
        await board.until(lambda: table.deal is not None and table.deal.title == "Deal 31")
        await board.pilot.click("#table", offset=(6, 6))
        await board.opens("OpenedDeal")
        assert "Deal 31" in board.text


async def test_in_the_list_a_click_on_a_heading_sorts_by_its_column_and_a_second_one_the_other_way(
    due: Shop, show: Show
) -> None:
    async with show((120, 36)) as board:
        await board.press("2")
        await board.opens("ListScreen")
        await board.shows("Deal 39")
        table = board.app.screen
        assert isinstance(table, ListScreen)
        await board.pilot.click("#table", offset=(12, 0))
        await board.until(lambda: table.state.view.sort is Column.TITLE and not table.state.view.descending)
        assert table.state.column is Column.TITLE
        await board.pilot.click("#table", offset=(12, 0))
        await board.until(lambda: table.state.view.sort is Column.TITLE and table.state.view.descending)


@pytest.mark.parametrize("title", ["Northwind rollout", "Hooli pilot"])
async def test_a_double_click_opens_a_card_and_changes_nothing_in_it(full: Shop, show: Show, title: str) -> None:
    before = full.rows()
    async with show(SIZE) as board:
        await board.pilot.double_click(offset=where(board, title))
        await board.opens("OpenedDeal")
        assert title in board.lines[0]
    assert full.rows() == before


async def test_two_clicks_in_one_packet_leave_a_dialog_once(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("enter", "a")
        await board.opens("PickDialog")
        dialog = board.app.screen
        dialog.dismiss(None)
        dialog.dismiss(None)
        await board.opens("OpenedDeal")


async def test_a_click_beside_a_field_that_is_typed_into_lays_no_second_one(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("enter", "j", "enter")
        await board.until(lambda: board.app.focused is not None)
        for line in (2, 2, 4):
            await board.pilot.click(offset=(0, line))
            assert len(board.app.screen.query("TypedField")) <= 1
        await board.press("escape", "escape")
        assert not board.app.screen.query("TypedField")


async def test_a_field_stays_over_its_line_whatever_becomes_of_the_terminal(full: Shop, show: Show) -> None:
    async with show((100, 14)) as board:
        await board.press("enter", *"jjjj", "enter")
        await board.until(lambda: board.app.focused is not None)
        for size in ((140, 40), (80, 24), (100, 14)):
            await board.pilot.resize_terminal(*size)
            page, field = board.app.screen._page, board.app.screen.query_one("TypedField")
            await board.until(lambda: field.region.y == page.region.y + page.line_on_screen)  # noqa: B023
            assert field.region.width == page.left_width - 2
            page.scroll_column(0, 2)
            assert field.region.y == page.region.y + page.line_on_screen
