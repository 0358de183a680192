"""The list: a table of all deals, by tab, sort, filter and saved view; here are the cursor's keys and the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.views import Column
from funneltui.errors import FunneltuiError
from funneltui.services import views
from funneltui.tui.actions import bindings
from funneltui.tui.list_actions import LIST
from funneltui.tui.screens.list_looking import ListLooking
from funneltui.tui.screens.walking import Walking

if TYPE_CHECKING:
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.rows import Rows
    from funneltui.tui.widgets.table import Table


class ListScreen(Walking, ListLooking):
    """Takes every key of the list."""

    CSS_PATH = "list.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = LIST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]

    @property
    def place(self) -> int:
        """The place of the cursor in the list."""
        return self.state.place

    @property
    def table(self) -> Table:
        """The table of deals."""
        return self._table

    def went(self) -> None:
        """Tell where the cursor is, and read on."""
        self._bottom.refresh()
        self._read_on()

    def action_left(self) -> None:
        """Column to the left."""
        self._step_column(-1)

    def action_right(self) -> None:
        """Column to the right."""
        self._step_column(1)

    def _step_column(self, steps: int) -> None:
        self.state.step_column(steps)
        self._table.refresh()
        self._bottom.refresh()

    async def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """A row was clicked: the cursor goes there; a second click opens the deal."""
        if message.place == self.state.place:
            await self.action_open()
        else:
            self.go(message.place)

    async def action_open(self) -> None:
        """Open what the cell under the cursor names: the contact, the company, else the deal (D8)."""
        deal = self.here()
        if deal is None:
            return
        if self.state.column is Column.CONTACT and deal.contact:
            await self.open_record(contact=True)
        elif self.state.column is Column.COMPANY and deal.company:
            await self.open_record(contact=False)
        else:
            await self.open_deal(deal.number)

    def action_mark(self) -> None:
        """Mark the deal, or take its mark away, and go to the next one."""
        deal = self.deal
        if deal is None:
            return
        if self.marked.pop(deal.number, None) is None:
            self.marked[deal.number] = deal.version
        self._table.refresh_row(self.state.place)
        self._top.refresh()
        self.go(self.state.place + 1)

    def action_mark_all(self) -> None:
        """Mark all deals that the tab shows, with the filter as it is, or take all marks away."""
        if self.marked:
            self.marked.clear()
            self.show_marks()
            return
        self.soon(self._mark_tab(), "mark")

    async def _mark_tab(self) -> None:
        try:
            versions = await self.worker.run(
                views.list_versions, self.pipeline, self.condition, tab=self.state.view.tab
            )
        except FunneltuiError as error:
            self.tell(str(error))
            return
        self.state.marked = versions
        self.show_marks()
