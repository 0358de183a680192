"""The views that a digit leads to from anywhere: each stands right over the board, the board itself beneath them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from funneltui.tui.screens.board import BoardScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from funneltui.tui.screens.report import ReportScreen


class ViewSwitching(App[None]):
    """Shows one view in the place of another; a view that is shown already stays as it is."""

    async def action_board(self) -> None:
        """The board."""
        board = await self._down_to_the_board()
        if board is not None:
            await board.reload()

    async def action_list(self) -> None:
        """All deals as a table."""
        from funneltui.tui.screens.list import ListScreen

        if not isinstance(self.screen, ListScreen) and (board := await self._down_to_the_board()) is not None:
            await self._show(board, ListScreen(board.worker, board.context, board.look, board.pipeline))

    async def action_today(self) -> None:
        """The board, with the cursor among today's follow-ups."""
        board = await self._down_to_the_board()
        if board is not None:
            await board.reload()
            board.show_today()

    async def action_funnel(self) -> None:
        """The funnel in full."""
        from funneltui.tui.screens.funnel import FunnelScreen

        await self._show_report(FunnelScreen)

    async def action_forecast(self) -> None:
        """Quota, won, gap and pipeline."""
        from funneltui.tui.screens.forecast import ForecastScreen

        await self._show_report(ForecastScreen)

    async def action_insights(self) -> None:
        """Every figure of the pipeline."""
        from funneltui.tui.screens.insights import InsightsScreen

        await self._show_report(InsightsScreen)

    async def action_changes(self) -> None:
        """What changed."""
        from funneltui.tui.screens.changes import ChangesScreen

        await self._show_report(ChangesScreen)

    async def action_inbox(self) -> None:
        """What arrived by mail and web form."""
        from funneltui.tui.screens.inbox import InboxScreen

        if not isinstance(self.screen, InboxScreen) and (board := await self._down_to_the_board()) is not None:
            await self._show(board, InboxScreen(board.worker, board.context, board.look))

    async def _show_report(self, report: type[ReportScreen]) -> None:
        if not isinstance(self.screen, report) and (board := await self._down_to_the_board()) is not None:
            await self._show(board, report(board.worker, board.context, board.look, board.pipeline))

    async def _show(self, board: BoardScreen, view: Screen[None]) -> None:
        """Show a view over the board, which is read anew when it is left."""

        async def left(_: object) -> None:
            await board.reload()

        self.clear_notifications()
        await self.push_screen(view, left)

    async def _down_to_the_board(self) -> BoardScreen | None:
        """Take away what lies over the board, and give it; none where the app shows no board."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
            self.clear_notifications()  # what a view has said goes with it
        board = self.screen
        return board if isinstance(board, BoardScreen) else None
