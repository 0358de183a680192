"""The list's columns: their order and width, which are shown, and what sorts by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.domain.views import FIRST_VIEW, Column
from funneltui.tui.list_state import ListState
from tests.conftest import small_pipeline
from tests.tui.listing import Show_list, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Shop


__all__ = ["listed"]


@pytest.fixture
def state() -> Callable[..., ListState]:
    """Give a function that makes the state of a list with columns of these widths."""

    def made(*widths: int) -> ListState:
        found = ListState(small_pipeline())
        view = FIRST_VIEW.with_columns(list(Column)[: len(widths)])
        for placed, width in zip(view.columns, widths, strict=True):
            view = view.sized(placed.column, width)
        found.look(view)
        found.column = view.columns[0].column
        return found

    return made


async def test_s_sorts_by_the_column_under_the_cursor_and_again_the_other_way(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("tab", "l", "s")
        await seen.lists("Hooli pilot", "Northwind rollout", "Soylent onboarding")
        assert "title ↑" in seen.head
        await seen.press("s")
        await seen.lists("Soylent onboarding", "Northwind rollout", "Hooli pilot")
        assert "title ↓" in seen.head
        await seen.press("h", "S")
        await seen.lists("Hooli pilot", "Northwind rollout", "Soylent onboarding")


async def test_the_list_can_be_sorted_both_ways_by_every_column(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        seen.screen.look_at(FIRST_VIEW.with_columns(Column))
        for column in Column:
            for _ in range(2):
                seen.state.column = column
                await seen.press("s")
                await seen.board.until(lambda: len(seen.titles) == 7 and not seen.screen._reading.locked())
                assert seen.view.sort is column
        assert seen.board.told == ""


async def test_the_cursor_stays_on_its_deal_when_the_order_changes(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("j", "j", "j", "S")
        await seen.board.until(lambda: seen.titles[0] == "Northwind rollout")
        assert seen.here == "Globex migration"


async def test_columns_that_do_not_fit_are_reached_by_going_there(full: Shop, listed: Show_list) -> None:
    async with listed((80, 24)) as seen:
        assert "created" not in seen.head
        assert "›" in seen.head
        await seen.press(*["l"] * 9)
        assert "created" in seen.board.text
        assert "#" not in seen.board.lines[2]
        assert "‹" in seen.board.lines[2]
        assert "Vandelay import · 1 of 7" in seen.board.lines[-1]
        await seen.press(*["h"] * 9)
        assert "↓#" in seen.head


async def test_a_column_is_made_wider_and_narrower(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("l", "l", "plus", "plus", "minus")
        assert seen.state.width_of(Column.COMPANY, 120) == Column.COMPANY.first_width + 2
        await seen.press(*["minus"] * 30)
        assert seen.state.width_of(Column.COMPANY, 120) == 3


async def test_a_column_that_took_the_room_left_is_sized_from_what_it_had(full: Shop, listed: Show_list) -> None:
    async with listed((300, 24)) as seen:
        wide = seen.state.width_of(Column.TITLE, 300)
        await seen.press("l", "minus")
        assert wide > 60
        assert seen.state.width_of(Column.TITLE, 300) == wide - 2


async def test_a_column_is_moved_and_the_cursor_goes_with_it(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("l", "greater_than_sign")
        assert seen.head.index("company") < seen.head.index("title")
        await seen.press("less_than_sign", "less_than_sign")
        assert seen.head.index("title") < seen.head.index("#")
        assert seen.state.column is Column.TITLE


async def test_columns_are_chosen_with_space(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("c")
        await seen.opens("ColumnsDialog")
        assert "[x] expected close" in seen.board.text
        await seen.press("j", "j", "space", *["j"] * 11, "space", "enter")
        await seen.opens("")
        assert not seen.view.shows(Column.COMPANY)
        assert seen.view.columns[-1].column is Column.FOLLOW_UP


async def test_a_list_without_any_column_is_not_allowed(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("c")
        await seen.opens("ColumnsDialog")
        await seen.press("space", *["j", "space"] * 12, "enter")
        assert "choose one at least" in seen.board.text
        await seen.press("escape")
        await seen.opens("")
        assert seen.view.columns == FIRST_VIEW.columns


async def test_rows_of_two_lines_show_what_one_cuts(shop: Shop, listed: Show_list) -> None:
    shop.add("An unusually long title of a deal that says everything about what is going to be sold to whom")
    async with listed() as seen:
        assert "sold to whom" not in seen.board.text
        await seen.press("l", "plus", *["plus"] * 10, "r")
        assert "to be sold to whom" in seen.board.text
        await seen.press("r")
        assert "sold to whom" not in seen.board.text


def test_the_column_under_the_cursor_is_always_seen_whole(state: Callable[..., ListState]) -> None:
    found = state(10, 20, 30, 5, 40, 8)
    for width in range(50, 140, 7):
        for placed in found.view.columns:
            found.column = placed.column
            seen = {one.column: one.width for one in found.seen_columns(width)}
            assert seen[placed.column] == placed.width


def test_columns_are_scrolled_no_further_than_needed(state: Callable[..., ListState]) -> None:
    found = state(10, 20, 30)
    found.column = Column.COMPANY
    assert [one.column for one in found.seen_columns(40)] == [Column.COMPANY]
    assert found.left == 2
    assert [one.column for one in found.seen_columns(80)] == [Column.NUMBER, Column.TITLE, Column.COMPANY]
    assert found.left == 0
