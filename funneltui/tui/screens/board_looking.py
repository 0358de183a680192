"""Looking at the board in other ways: the funnel's mode, the order of lanes, lost deals, the list, the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.funnel import Mode
from funneltui.storage.boards import Sort
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.screens.board_panes import Panes
from funneltui.tui.screens.filtering import Filtering
from funneltui.tui.screens.transferring import Transferring

if TYPE_CHECKING:
    from funneltui.storage.deals import Condition


class Looking(Panes, Filtering, Transferring):
    """What changes the picture and no deal."""

    def action_funnel(self) -> None:
        """Switch the funnel's mode."""
        self.show_funnel(Mode.STANDARD if self.state.mode is Mode.CONVERSION else Mode.CONVERSION)

    def action_sort(self) -> None:
        """The next order of the lanes."""
        orders = list(Sort)
        self.state.sort = orders[(orders.index(self.state.sort) + 1) % len(orders)]
        self.tell(f"lanes by {_SORT_WORDS[self.state.sort]}", severity="information")
        self.soon(self.reload())

    async def action_list(self) -> None:
        """Show the deals as a table, and read the board anew afterwards."""
        from funneltui.tui.screens.list import ListScreen

        async def left(_: object) -> None:
            await self.reload()

        await self.app.push_screen(ListScreen(self.worker, self.context, self.look, self.state.pipeline), left)

    async def action_pipelines(self) -> None:
        """Show the pipelines, to be looked at and changed; the board is read anew, or begins anew, afterwards."""
        from funneltui.tui.screens.pipelines import PipelinesScreen

        async def left(_: object) -> None:
            await self.reload()

        await self.app.push_screen(PipelinesScreen(self.worker, self.context, self.look, self.state.pipeline), left)

    def action_review(self) -> None:
        """Review what waits."""
        self.app.show_review(self.state.pipeline)  # type: ignore[attr-defined]

    def action_lost(self) -> None:
        """Show or hide the lanes of lost deals."""
        self.show_lost = not self.show_lost
        if self.state.cursor_stage not in self.shown_stages:
            self._go_to_lane(self.shown_stages[-1])
        self._lay_out()
        self.soon(self.reload())

    @property
    def filter_text(self) -> str:
        """The filter that the board is looked at through."""
        return self.state.filter_text

    def condition_of(self, text: str) -> Condition:
        """Give the condition of a filter; BadInput when it cannot be read."""
        if not text.strip():
            return EVERYTHING
        from funneltui.services import views

        return views.table_condition(self.context, self.state.pipeline, text)

    def look_through(self, text: str, condition: Condition) -> None:
        """Look at the board through another filter, every lane from its top."""
        self.state.filter_text, self.condition = text, condition
        for key, lane in self.state.lanes.items():
            if lane.top:
                lane.top = 0
                self._unpainted.add(key)
        self.soon(self.reload())

    async def action_back(self) -> None:
        """Out of whatever one is in: the filter, the today pane, the marks."""
        if self.filtered:
            self.show_all()
        elif self._today.active:
            self.action_today()
        elif self.state.marked:
            self.state.marked.clear()
            for view in self._views.values():
                view.refresh()
            self._top.refresh()


_SORT_WORDS = {
    Sort.DUE: "due date",
    Sort.AMOUNT: "amount",
    Sort.TITLE: "title",
    Sort.AGE: "time in stage",
    Sort.CREATED: "newest first",
}
