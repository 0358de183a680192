"""The pipelines on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services import workspaces
from funneltui.tui.screens.pipelines import PipelinesScreen

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from tests.tui.conftest import Board, Shop


class Page:
    """The pipeline screen over the board."""

    def __init__(self, board: Board) -> None:
        self.board = board

    @property
    def screen(self) -> PipelinesScreen:
        """The screen, whatever lies over it."""
        return next(one for one in self.board.app.screen_stack if isinstance(one, PipelinesScreen))

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline with the changes not applied yet."""
        return self.screen.state.pipeline

    @property
    def stages(self) -> list[str]:
        """The names of its stages, as they stand there."""
        return [stage.name for stage in self.pipeline.board_order]

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.board.press(*keys)

    async def answer(self, text: str, dialog: str = "NameDialog") -> None:
        """Type a line into a dialog, and enter."""
        await self.board.opens(dialog)
        await self.board.type(text)
        await self.press("enter")
        await self.board.opens("PipelinesScreen")

    async def over(self, text: str) -> None:
        """Type over the value under the cursor, and enter."""
        from textual.widgets import Input

        await self.press("enter")
        await self.board.until(lambda: isinstance(self.board.app.focused, Input))
        self.board.app.focused.value = ""  # type: ignore[union-attr]
        await self.board.type(text)
        await self.press("enter")
        await self.board.until(lambda: self.board.app.focused is None)

    async def to_value(self, field: str) -> None:
        """Put the cursor on a value at the right."""
        await self.press("l", "g")
        for _ in range(20):
            if self.screen.state.at.field == field:
                return
            await self.press("j")
        raise AssertionError(field)

    async def apply(self) -> None:
        """Apply the changes."""
        await self.press("w")
        await self.board.opens("ChangesDialog")
        await self.press("enter")
        await self.board.opens("PipelinesScreen")
        await self.board.until(lambda: self.screen.state.difference is None)


async def opened(board: Board) -> Page:
    """Open the pipeline screen from the board."""
    await board.press("P")
    await board.opens("PipelinesScreen")
    page = Page(board)
    await board.until(lambda: page.screen.state.loaded)
    await board.pilot.pause()
    return page


def stored(shop: Shop) -> Pipeline:
    shop.context = workspaces.refreshed(shop.context)
    return shop.context.pipeline
