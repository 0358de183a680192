"""The inbox: what arrived by mail and web form and waits; completed into deals, dropped, restored (D7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import title_of
from funneltui.errors import FunneltuiError
from funneltui.services import inbox, records
from funneltui.tui.actions import bindings
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.keymap import hint
from funneltui.tui.screens.inbox_ground import InboxGround
from funneltui.tui.widgets.inbox_table import InboxTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from funneltui.domain.inbox import Entry
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.services.inbox import Opened
    from funneltui.services.inbox_values import Completion
    from funneltui.tui.actions import Action
    from funneltui.tui.screens.entry_form import EntryForm
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class InboxScreen(InboxGround):
    """Takes every key of the inbox."""

    CSS_PATH = "inbox.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = INBOX
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(INBOX)]

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show that of the worker's workspace."""
        super().__init__(worker, context, look)
        self._dropped_last: list[int] = []

    def _here(self) -> Entry | None:
        if self.state.entry is None:
            self.tell("there is nothing here")
        return self.state.entry

    async def action_open(self) -> None:
        """Complete what waits; open the deal of what is one."""
        entry = self._here()
        if entry is None:
            return
        if entry.deal is not None:
            await self.open_deal(entry.deal)
        elif entry.state is EntryState.DROPPED:
            self.tell(f"it was dropped{hint(self.app, 'inbox.restore', 'lets it wait again')}")
        else:
            await self._fill_in(entry, {})

    async def on_inbox_table_chosen(self, message: InboxTable.Chosen) -> None:
        """A row was clicked: the cursor goes there; a second click opens it."""
        if message.place == self.state.place:
            await self.action_open()
        else:
            self.go(message.place)

    async def action_deal(self) -> None:
        """Open the deal of an entry."""
        entry = self._here()
        if entry is not None and entry.deal is not None:
            await self.open_deal(entry.deal)
        elif entry is not None:
            self.tell("no deal has come of it yet")

    async def _fill_in(self, entry: Entry, typed: Mapping[str, str], complaint: str = "") -> None:
        """Show the form with what arrived, and over that what was typed before it was refused; then make the deal."""
        from funneltui.tui.screens.entry_form import EntryForm

        try:
            said = self.said_of(entry, await self.said())
            opened = await self.worker.run(inbox.opened, entry.number, said)
        except FunneltuiError as error:
            self.tell(str(error))
            await self.reload()
            return
        pipeline = self.context.pipeline_of(said.pipeline or opened.entry.pipeline)
        form = EntryForm(self.context, pipeline, opened, typed, complaint)

        def filled(values: Values | None) -> None:
            if values is not None:
                self.run_worker(self._complete(opened, said, form, values))

        await self.app.push_screen(form, filled)

    async def _complete(self, opened: Opened, said: Completion, form: EntryForm, values: Values) -> None:
        """Make the deal, and say which others it may repeat; one that is refused is asked about again."""
        entry = opened.entry
        try:
            alike = await self.worker.run(records.likely_duplicates, {**opened.values, **values})
            deal = await self.worker.run(inbox.complete, entry.number, replace(said, options=form.texts))
        except FunneltuiError as error:
            self.tell(str(error))
            await self.reload()
            if self.state.waits(entry.number):
                await self._fill_in(entry, form.texts, str(error))
            return
        undo = hint(self.app, "deal.undo", "takes it back")
        self.tell("\n".join([f"deal {deal.number} added{undo}", *(one.words for one in alike[:3])]), "information")
        await self.reload()

    async def action_drop(self) -> None:
        """Take what is marked, or what is under the cursor, out of the inbox."""
        numbers = self.state.chosen
        if await self._settle_all(inbox.drop, numbers, "dropped", hint(self.app, "inbox.restore", "brings it back")):
            self._dropped_last = numbers

    async def action_restore(self) -> None:
        """Let what was dropped wait again; seen from what waits, what was dropped here last."""
        if self.state.tab is EntryState.DROPPED:
            await self._settle_all(inbox.restore, self.state.chosen, "waits again")
        elif not self._dropped_last:
            tab = hint(self.app, "inbox.next_tab", "shows what was dropped before")
            self.tell(f"you have dropped nothing here{tab}")
        elif await self._settle_all(inbox.restore, self._dropped_last, "waits again"):
            self._dropped_last = []

    async def _settle_all(
        self, service: Callable[[Context, Sequence[int]], list[Entry]], numbers: list[int], done: str, more: str = ""
    ) -> bool:
        """Drop or restore entries, all or none, say so, and tell whether that was possible."""
        if not numbers:
            self.tell("there is nothing here")
            return False
        try:
            entries = await self.worker.run(service, numbers)
        except FunneltuiError as error:
            self.tell(str(error))
            await self.reload()
            return False
        what = title_of(entries[0]) if len(entries) == 1 else f"{len(entries):,} entries"
        self.state.marked.clear()
        self.tell(f"{done}: {what}{more}", severity="information")
        await self.reload()
        return True

    def action_mark(self) -> None:
        """Mark the entry, or take its mark away, and go to the next one."""
        entry = self.state.entry
        if entry is None:
            return
        self.state.marked ^= {entry.number}
        self._table.refresh_row(self.state.place)
        self._top.refresh()
        self.go(self.state.place + 1)

    def action_back(self) -> None:
        """Out of the marks; then to where this was opened."""
        if self.state.marked:
            self.state.marked.clear()
            self.repaint()
        else:
            self.dismiss()
