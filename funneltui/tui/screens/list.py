"""The list: a table of all deals, by tab, sort, filter and saved view; here are the cursor's keys and those of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import deals
from funneltui.tui.actions import bindings
from funneltui.tui.list_actions import LIST
from funneltui.tui.screens.list_looking import ListLooking

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from funneltui.domain.deal import Deal
    from funneltui.services.fields import Values
    from funneltui.tui.widgets.table import Table


class ListScreen(ListLooking):
    """Takes every key of the list."""

    CSS_PATH = "list.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]

    async def action_help(self) -> None:
        """Show the keys of the list."""
        from funneltui.tui.screens.help import Help

        await self.app.push_screen(Help(LIST))

    def _go(self, place: int) -> None:
        before, visible = self.state.place, self._table.capacity
        if self.state.go(place, visible):
            self._table.refresh()
        elif self.state.place != before:
            self._table.refresh_row(before)
            self._table.refresh_row(self.state.place)
        self._bottom.refresh()
        self._read_on()

    def action_down(self) -> None:
        """Next deal."""
        self._go(self.state.place + 1)

    def action_up(self) -> None:
        """Previous deal."""
        self._go(self.state.place - 1)

    def action_first(self) -> None:
        """First deal."""
        self._go(0)

    def action_last(self) -> None:
        """Last deal."""
        self._go(self.state.total - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self._go(self.state.place + self._table.capacity)

    def action_page_up(self) -> None:
        """A page up."""
        self._go(self.state.place - self._table.capacity)

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

    async def on_table_chosen(self, message: Table.Chosen) -> None:
        """A row was clicked: the cursor goes there; a second click opens the deal."""
        if message.place == self.state.place:
            await self.action_open()
        else:
            self._go(message.place)

    def on_table_scrolled(self, message: Table.Scrolled) -> None:
        """The wheel scrolls; the cursor stays where it is seen."""
        state, visible = self.state, self._table.capacity
        top = max(0, min(state.top + message.steps, state.total - visible))
        if top != state.top:
            state.top = top
            self._go(max(top, min(state.place, top + visible - 1)))
            self._table.refresh()

    def _here(self) -> Deal | None:
        """Give the deal under the cursor, or say that there is none."""
        if self.state.deal is None:
            self.tell("there is no deal here; n adds one")
        return self.state.deal

    async def action_open(self) -> None:
        """Open the deal."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.opened_deal import OpenedDeal

        try:
            opened = await self.worker.run(deals.show, deal.number)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return

        def wished(wish: str | None) -> None:
            if wish in ("edit", "new"):
                self.run_worker(self._fill_in(opened.deal if wish == "edit" else None))

        await self.app.push_screen(OpenedDeal(self.context, self.state.pipeline, opened), wished)

    async def action_new(self) -> None:
        """Add a deal."""
        await self._fill_in(None)

    async def action_edit(self) -> None:
        """Edit the deal."""
        if (deal := self._here()) is not None:
            await self._fill_in(deal)

    async def _fill_in(self, deal: Deal | None) -> None:
        """Show the form, empty or of a deal, and store what was typed."""
        from funneltui.tui.screens.deal_form import DealForm

        def said(values: Values | None) -> None:
            if values and deal is None:
                self.run_worker(self._do(self.worker.run(deals.add, values, None, self.state.pipeline.key)))
            elif values and deal is not None:
                version = {deal.number: deal.version}
                self.run_worker(self._do(self.worker.run(deals.edit, deal.number, values, None, version)))

        await self.app.push_screen(DealForm(self.context, self.state.pipeline, deal), said)

    async def _do(self, change: Awaitable[Deal]) -> None:
        """Make a change, say what became of it, and go to the deal."""
        try:
            self.state.number = (await change).number
        except RuleBroken as error:
            self.tell(str(error))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
        await self.reload()
