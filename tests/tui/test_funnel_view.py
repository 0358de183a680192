"""The funnel in full by key: three modes, three measures, a filter, and the very deals behind every figure."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from funneltui.domain.funnel import Mode
from funneltui.services import reports
from funneltui.tui.screens.funnel import FunnelScreen
from funneltui.tui.screens.list import ListScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.tui.conftest import Board, Shop, Show

    Funnel = Callable[..., "asynccontextmanager[Board]"]


@asynccontextmanager
async def funnel_of(show: Show, *keys: str) -> AsyncIterator[tuple[Board, FunnelScreen]]:
    """Show the funnel over the board, and press keys there."""
    async with show() as board:
        await board.press("4")
        await board.opens("FunnelScreen")
        screen = cast("FunnelScreen", board.app.screen)
        await board.until(lambda: screen.read_at() is not None)
        await board.press(*keys)
        yield board, screen


async def test_four_shows_the_funnel_and_one_the_board(history: Shop, show: Show) -> None:
    async with funnel_of(show) as (board, _):
        figures = reports.funnel_of(history.context, history.context.pipeline, Mode.CONVERSION)
        assert "conversion" in board.lines[0]
        for row in figures.stages:
            (line,) = [line for line in board.lines if line.strip().startswith(row.stage.name)]
            assert [int(word) for word in line.split() if word.isdecimal()][:4] == [
                row.reached, row.open, row.won, row.lost,
            ]  # fmt: skip
        await board.press("1")
        await board.opens("")


async def test_enter_on_a_figure_lists_its_deals_and_escape_comes_back_to_it(history: Shop, show: Show) -> None:
    async with funnel_of(show, "j", "l", "l") as (board, screen):
        figure = screen._page.figure
        assert figure is not None
        assert figure.says.startswith("2 deals reached Waiting")
        await board.press("enter")
        await board.opens("ListScreen")
        await board.shows("Won by now")
        listed = cast("ListScreen", board.app.screen)
        assert [deal.title for deal in listed.state.deals] == ["Won by now", "Umbrella renewal"]
        await board.press("escape")
        await board.opens("FunnelScreen")
        assert screen._page.figure is not None
        assert screen._page.figure.key == figure.key


async def test_f_switches_the_mode_and_v_what_the_standard_funnels_bars_measure(history: Shop, show: Show) -> None:
    async with funnel_of(show) as (board, screen):
        await board.press("f")
        await board.until(lambda: "entered" in board.lines[0])
        await board.press("f")
        await board.until(lambda: "standard · count" in board.lines[0])
        await board.press("v", "v")
        await board.until(lambda: "standard · weighted" in board.lines[0])
        await board.press("f")
        await board.until(lambda: screen.mode is Mode.CONVERSION)


async def test_a_filter_narrows_the_funnel_and_what_its_figures_list(history: Shop, show: Show) -> None:
    async with funnel_of(show) as (board, _):
        await board.press("slash")
        await board.type("now")
        await board.press("enter")
        await board.until(lambda: "2 in" in board.text)
        await board.press("g", "enter")
        await board.opens("ListScreen")
        await board.shows("Lost by now")
        listed = cast("ListScreen", board.app.screen)
        assert {deal.title for deal in listed.state.deals} == {"Won by now", "Lost by now"}


async def test_a_colleagues_move_changes_the_funnel_that_is_shown(history: Shop, show: Show) -> None:
    async with funnel_of(show) as (board, _):
        history.move(1, "acquisition", detail="call")
        figures = reports.funnel_of(history.context, history.context.pipeline, Mode.CONVERSION)
        await board.until(
            lambda: any(
                line.strip().startswith("In acquisition") and f" {figures.stages[1].reached} " in line
                for line in board.lines
            )
        )


async def test_n_adds_a_deal_from_here(history: Shop, show: Show) -> None:
    async with funnel_of(show, "n") as (board, _):
        await board.opens("DealForm")
