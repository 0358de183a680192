"""The board: lanes of deals, today's follow-ups, the live funnel; here are opening, and the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain import dates
from funneltui.errors import BadInput, FunneltuiError
from funneltui.services import reports
from funneltui.tui.actions import BOARD, bindings
from funneltui.tui.keymap import hint, key_for
from funneltui.tui.screens.board_dragging import Dragging

if TYPE_CHECKING:
    from funneltui.tui.actions import Action


class BoardScreen(Dragging):
    """Takes every key of the board; a change is a service called in the worker, then the board read anew."""

    ALLOW_SELECT = False  # the lanes are dragged over, and painted by themselves
    ACTIONS: ClassVar[tuple[Action, ...]] = BOARD
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD)]

    def show_marks(self) -> None:
        """Repaint the lanes with their marks."""
        for view in self._views.values():
            view.refresh()
        self._top.refresh()

    async def action_pipeline(self) -> None:
        """Choose another pipeline."""
        from funneltui.domain.gates import Choice
        from funneltui.tui.screens.small_dialogs import PickDialog

        others = [one for one in self.context.in_use if one.key != self.pipeline.key]
        if not others:
            there = key_for(self.app, "board.pipelines")
            another = hint(self.app, "pipelines.new", "adds another").removeprefix("; ")
            self.tell(f"there is one pipeline only{f'; {there}, then {another}' if there and another else ''}")
            return

        def said(key: str | None) -> None:
            if key is not None:
                # Once the dialog is gone: this screen goes too.
                self.app.call_later(self.app.show_pipeline, self.context.pipeline_of(key))  # type: ignore[attr-defined]

        choices = [Choice(one.key, one.name) for one in others]
        await self.app.push_screen(PickDialog(self.look, "Which pipeline?", f"now {self.pipeline.name}", choices), said)

    async def action_as_of(self) -> None:
        """Type a date, and see the board as it stood then."""
        from funneltui.services import as_of
        from funneltui.tui.screens.small_dialogs import WordsDialog

        def check(text: str) -> str:
            if not text.strip():
                return ""
            try:
                point = as_of.read_point(self.context, text)
            except BadInput as error:
                return str(error)
            moment = self.context.clock.local(point.moment)
            return (
                f"as it stood on {dates.full(moment)}"
                if point.day
                else f"as it stood on {dates.full(moment)} {moment:%H:%M}"
            )

        def said(text: str | None) -> None:
            if text:
                self.soon(self.show_as_of(text), "as of")

        await self.app.push_screen(WordsDialog("As of when?", "", "yesterday, mon, -2w, 1.11.", check), said)

    async def show_as_of(self, text: str) -> None:
        """Show the board as it stood at a point in time as it was typed, over this one."""
        from funneltui.services import as_of
        from funneltui.tui.screens.past_board import PastBoardScreen

        try:
            point = as_of.read_point(self.context, text)
        except BadInput as error:
            self.tell(str(error))
            return

        async def left(_: object) -> None:
            await self.reload()

        await self.app.push_screen(PastBoardScreen(self, point), left)

    def action_mark_all(self) -> None:
        """Mark all deals that the lane shows, with the filter as it is, or take all marks away."""
        if self.state.marked:
            self.state.marked.clear()
            self.show_marks()
            return
        self.soon(self._mark_lane(), "mark")

    async def _mark_lane(self) -> None:
        lane = self.state.cursor_lane
        try:
            versions = await self.worker.run(reports.lane_versions, self.pipeline, lane.stage.key, self.condition)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        self.state.marked = versions
        self.show_marks()

    def action_mark(self) -> None:
        """Mark the deal, or take its mark away, and go to the next one."""
        deal = self.state.deal
        if deal is None or self._today.active:
            return
        if self.state.marked.pop(deal.number, None) is None:
            self.state.marked[deal.number] = deal.version
        self._views[self.state.cursor_stage].refresh_card(self.state.cursor_place)
        self._top.refresh()
        self.go(self.state.cursor_place + 1)
