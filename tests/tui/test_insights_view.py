"""The insights and the changes by key: periods, groups, since when, and the very deals behind every figure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from funneltui.domain.metrics import Window
from funneltui.tui.screens.changes import ChangesScreen
from funneltui.tui.screens.insights import InsightsScreen
from funneltui.tui.screens.list import ListScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

THIS_MONTH = Window(date(2026, 11, 1), date(2026, 11, 30))


async def shown(board: Board, key: str, name: str) -> None:
    """Show a view, and wait until it has read."""
    await board.press(key)
    await board.opens(name)
    screen = board.app.screen
    await board.until(lambda: screen.read_at() is not None)  # type: ignore[attr-defined]


async def test_six_shows_the_insights_and_b_tells_them_apart_by_something_else(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "6", "InsightsScreen")
        assert "By owner" in board.text
        await board.press("b")
        await board.shows("By source")


async def test_p_chooses_a_period_and_brackets_step_through_them(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "6", "InsightsScreen")
        screen = cast("InsightsScreen", board.app.screen)
        await board.press("right_square_bracket")
        await board.tells("choose a period first")
        await board.press("p", "p", "p")
        await board.until(lambda: "2026-11" in board.lines[0])
        await board.press("left_square_bracket")
        await board.until(lambda: "2026-10" in board.lines[0])
        assert screen.window == Window(date(2026, 10, 1), date(2026, 10, 31))


async def test_enter_on_a_loss_lists_its_deals_without_their_reason(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "6", "InsightsScreen")
        screen = cast("InsightsScreen", board.app.screen)
        await board.press("G")
        while not (screen._page.figure and screen._page.figure.key == "lost reason price"):
            await board.press("h")
        await board.press("enter")
        await board.opens("ListScreen")
        await board.shows("Lost by now")
        listed = cast("ListScreen", board.app.screen)
        assert "Lost by now" in [deal.title for deal in listed.state.deals]
        assert "2 deals lost: too expensive" in board.lines[0]
        assert "too expensive" not in "\n".join(board.lines[1:])


async def test_a_new_workspace_says_what_to_press(shop: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        for key, name in (("4", "FunnelScreen"), ("6", "InsightsScreen")):
            await shown(board, key, name)
            await board.shows("There are no deals yet.")
            await board.shows("n adds the first one")
        await shown(board, "5", "ForecastScreen")
        await board.shows("no quota is set  Q sets one")
        await shown(board, "7", "ChangesScreen")
        await board.shows("nothing changed in between  s looks back further")


async def test_what_no_deals_stand_behind_says_why_and_opens_nothing(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "6", "InsightsScreen")
        screen = cast("InsightsScreen", board.app.screen)
        screen._page.go_to(lambda figure: figure.key == "velocity")
        await board.press("enter")
        await board.tells("no velocity: it wants deals won in EUR and a cycle of more than no days")
        screen._page.go_to(lambda figure: figure.key == "rotting")
        await board.press("enter")
        await board.tells("no deal stands behind this: 0 deals untouched")
        assert board.dialog == "InsightsScreen"


async def test_a_click_on_a_bar_goes_to_what_it_stands_for_and_a_second_one_opens_it(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "4", "FunnelScreen")
        screen = board.app.screen
        line = next(at for at, text in enumerate(board.lines) if text.strip().startswith("Waiting"))
        at = board.lines[line].index("█")
        await board.pilot.click(offset=(at, line))
        assert screen._page.figure.key == "won:waiting"  # type: ignore[attr-defined]
        await board.pilot.click(offset=(at, line))
        await board.opens("ListScreen")
        await board.shows("Umbrella renewal")


async def test_seven_shows_what_changed_and_enter_opens_a_deal(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "7", "ChangesScreen")
        assert "opening" in board.text
        assert "closing" in board.text
        screen = cast("ChangesScreen", board.app.screen)
        while not (screen._page.figure and screen._page.figure.deal):
            await board.press("j")
        await board.press("enter")
        await board.opens("OpenedDeal")
        await board.press("escape")
        await board.opens("ChangesScreen")


async def test_since_when_is_typed_and_what_cannot_be_is_told(history: Shop, show: Show) -> None:
    async with show() as board:
        await shown(board, "7", "ChangesScreen")
        await board.press("s")
        await board.opens("WordsDialog")
        await board.type("-3d")
        await board.press("enter")
        await board.until(lambda: "since -3d" in board.lines[0])
        await board.press("s")
        await board.opens("WordsDialog")
        await board.type("nonsense")
        await board.press("enter")
        await board.tells("can't read")
        assert "since -3d" in board.lines[0]
        await board.press("r")
        await board.tells("finished no review yet")
