"""The list on a screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.tui.list_state import ListState
from funneltui.tui.screens.list import ListScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from funneltui.domain.views import View
    from tests.tui.conftest import Board, Show


class Listed:
    """The list at work over the board that it was opened from."""

    def __init__(self, board: Board, screen: ListScreen) -> None:
        self.board, self.screen = board, screen

    @property
    def state(self) -> ListState:
        return self.screen.state

    @property
    def view(self) -> View:
        return self.state.view

    @property
    def titles(self) -> list[str]:
        """The titles that are read, in the list's order."""
        return [deal.title for deal in self.state.deals]

    @property
    def here(self) -> str:
        """The title of the deal under the cursor."""
        return self.state.deal.title if self.state.deal else ""

    @property
    def head(self) -> str:
        """The line of headings."""
        return next(line for line in self.board.lines if "title" in line or "company" in line)

    async def press(self, *keys: str) -> None:
        await self.board.press(*keys)

    async def lists(self, *titles: str) -> None:
        """Wait until the list holds these deals in this order."""
        await self.board.until(lambda: self.titles == list(titles))
        await self.board.pilot.pause()

    async def opens(self, dialog: str) -> None:
        """Wait until a dialog stands over the list, or none."""
        await self.board.opens(dialog or "ListScreen")


@pytest.fixture
def listed(show: Show) -> Any:
    """Give a function that shows the list over the board."""

    @asynccontextmanager
    async def shown(size: tuple[int, int] = (120, 36), **more: Any) -> AsyncIterator[Listed]:
        async with show(size, **more) as board:
            context = board.app.worker.context
            screen = ListScreen(board.app.worker, context, board.app.look, context.pipeline)
            board.app.push_screen(screen)
            await board.until(lambda: screen.state.loaded)
            await board.pilot.pause()
            yield Listed(board, screen)

    return shown


Show_list = Any
