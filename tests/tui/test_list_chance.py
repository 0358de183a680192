"""The chance to win in the list: a column, an order both ways, learned behind the list while that stands there already."""

from __future__ import annotations

from contextlib import asynccontextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.views import FIRST_VIEW, Column
from funneltui.services import deals
from funneltui.services.chance_lessons import Lesson
from funneltui.tui.list_state import ListState
from funneltui.tui.screens.list import ListScreen
from tests.conftest import small_pipeline
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Board, Shop, Show

BEST = ["eighty", "sixty", "plain", "ten"]
"""The open deals, the best chance first."""


class Listed:
    """The list at work over the board."""

    def __init__(self, board: Board, screen: ListScreen) -> None:
        self.board, self.screen = board, screen

    @property
    def titles(self) -> list[str]:
        """The titles of the open deals that are read, in the list's order."""
        return [deal.title for deal in self.screen.state.deals if deal.is_open]

    @property
    def head(self) -> str:
        """The line of headings."""
        return next(line for line in self.board.lines if "title" in line)

    def chance_of(self, title: str) -> str:
        """What stands in a deal's row under the heading of the chance."""
        row = next(line for line in self.board.lines if f" {title} " in line)
        end = self.head.index("chance") + len("chance")
        return row[end - Column.CHANCE.first_width : end].strip()

    async def has(self, title: str, chance: str) -> None:
        """Wait until a deal's row shows a chance."""
        await self.board.until(lambda: self.chance_of(title) == chance)

    async def lists(self, *titles: str) -> None:
        """Wait until the open deals stand in this order."""
        await self.board.until(lambda: self.titles == list(titles))
        await self.board.pilot.pause()


@asynccontextmanager
async def in_list(show: Show, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Listed]:
    """Show the list."""
    async with show(size) as board:
        await board.press("2")
        await board.opens("ListScreen")
        screen = board.app.screen
        assert isinstance(screen, ListScreen)
        await board.until(lambda: screen.state.loaded)
        await board.pilot.pause()
        yield Listed(board, screen)


@pytest.fixture
def told(shop: Shop) -> Shop:
    """Give a workspace with twelve deals won, twelve lost, and four open ones: one has no probability of its own."""
    for _ in range(12):
        shop.add("won", "acquired")
        shop.add("lost", "resigned", reason="price")
    for title, percent in (("sixty", 60), ("plain", None), ("ten", 10), ("eighty", 80)):
        shop.add(title, probability=percent)
    return shop


async def test_one_key_shows_the_best_chance_first_and_goes_there(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        await seen.board.press("percent_sign")
        await seen.lists(*BEST)
        assert seen.screen.deal is not None
        assert seen.screen.deal.title == "eighty"
        assert seen.screen.state.total == 28
        same_as_kept(seen.board, "list-chance-120x36")


async def test_s_sorts_by_the_column_of_the_chance_both_ways(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        seen.screen.look_at(FIRST_VIEW.with_columns([Column.TITLE, Column.CHANCE]))
        await seen.board.press("l", "s")
        await seen.lists(*BEST[::-1])
        await seen.board.press("s")
        await seen.lists(*BEST)
        await seen.board.press("S")
        await seen.lists(*BEST[::-1])


async def test_a_click_on_the_heading_of_the_chance_sorts_by_it(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        seen.screen.look_at(FIRST_VIEW.with_columns([Column.TITLE, Column.CHANCE]))
        await seen.board.shows("chance")
        await seen.board.pilot.click("#table", offset=(seen.head.index("chance"), 0))
        await seen.lists(*BEST[::-1])


async def test_the_column_is_chosen_like_any_other_and_filled_without_being_sorted_by(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        seen.screen.look_at(FIRST_VIEW.with_columns([Column.NUMBER, Column.TITLE]))
        await seen.board.press("c")
        await seen.board.opens("ColumnsDialog")
        await seen.board.at_once(*["j"] * len(Column), "space", "enter")
        await seen.board.opens("ListScreen")
        await seen.has("plain", "50%")
        assert [seen.chance_of(title) for title in ("ten", "won", "lost")] == ["own 10%", "", ""]


async def test_the_list_stands_there_before_anything_is_learned_and_says_that_it_is_estimating(
    told: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned, go_on = Event(), Lesson.go_on

    def held_up(lesson: Lesson, context: Any) -> bool:
        return go_on(lesson, context) if learned.wait(0.01) else True

    monkeypatch.setattr(Lesson, "go_on", held_up)
    async with in_list(show) as seen:
        await seen.board.press("percent_sign")
        await seen.board.shows("by chance ↓ estimating chances…")
        assert seen.titles == ["sixty", "plain", "ten", "eighty"]
        assert seen.chance_of("plain") == ""
        await seen.board.press("j")
        assert seen.screen.place == 1
        learned.set()
        await seen.lists(*BEST)
        await seen.board.until(lambda: "estimating" not in seen.board.text)
        assert seen.chance_of("plain") == "50%"


async def test_what_somebody_else_changes_is_put_in_its_place(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        await seen.board.press("percent_sign")
        await seen.lists(*BEST)
        deals.edit(told.context, 27, {"probability": 99})
        await seen.lists("ten", "eighty", "sixty", "plain")
        assert seen.chance_of("ten") == "own 99%"


async def test_after_a_deal_is_won_the_chances_are_learned_anew(told: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        await seen.board.press("percent_sign")
        await seen.lists(*BEST)
        await seen.board.press("w")
        await seen.lists("sixty", "plain", "ten")
        await seen.has("plain", "52%")


async def test_where_too_few_deals_have_closed_the_bar_says_so(full: Shop, show: Show) -> None:
    async with in_list(show) as seen:
        await seen.board.press("percent_sign")
        await seen.board.shows("by chance ↓ (no chance told under 20 closed deals)")


@pytest.mark.parametrize(("width", "last"), [(120, Column.CLOSE), (200, Column.SPAM)])
def test_the_first_view_shows_its_columns_in_full(width: int, last: Column) -> None:
    seen = ListState(small_pipeline()).seen_columns(width)
    shown = FIRST_VIEW.columns[: FIRST_VIEW.place_of(last) + 1]
    assert [placed.column for placed in seen] == [placed.column for placed in shown]
    assert all(placed.width >= placed.column.first_width for placed in seen)
