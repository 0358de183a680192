"""The inbox: what arrived by mail and web form and waits; completed into deals, dropped, restored (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import title_of
from funneltui.errors import FunneltuiError
from funneltui.services import inbox, records
from funneltui.tui.actions import bindings
from funneltui.tui.drafts import drafts_of, saving
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.inbox_state import Drops
from funneltui.tui.keymap import hint
from funneltui.tui.screens.inbox_ground import InboxGround

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.inbox import Entry
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.tui.actions import Action
    from funneltui.tui.entry_forms import Complete
    from funneltui.tui.screens.entry_form import EntryForm
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.rows import Rows
    from funneltui.tui.worker import Worker


class InboxScreen(InboxGround):
    """Takes every key of the inbox."""

    CSS_PATH = "inbox.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = INBOX
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(INBOX)]

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show that of the worker's workspace."""
        super().__init__(worker, context, look)
        self._drops = Drops()

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
            await self._fill_in(entry)

    async def on_rows_chosen(self, message: Rows.Chosen) -> None:
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

    async def _fill_in(self, entry: Entry, typed: Mapping[str, str] | None = None, complaint: str = "") -> None:
        """Show the form with what arrived, and over that what was typed before it was refused; then make the deal."""
        from funneltui.tui.entry_forms import form_of

        try:
            form, complete = await form_of(self.worker, entry.number)
        except FunneltuiError as error:
            self.tell(str(error))
            await self.reload()
            return

        def filled(values: Values | None) -> None:
            if values is not None:
                self.soon(self._complete(form, complete, values))

        await self.app.push_screen(form.resume(typed, complaint) if typed else form, filled)

    async def _complete(self, form: EntryForm, complete: Complete, values: Values) -> None:
        """Make the deal, and say which others it may repeat; one that is refused is asked about again."""
        entry, make = form.entry, saving(self.app, values, complete)
        try:
            alike = await self.worker.run(records.likely_duplicates, {**form.begins, **values})
        except FunneltuiError:  # the making itself will say why
            alike = []
        try:
            deal = await self.worker.run(make, values)
        except FunneltuiError as error:
            self.tell(str(error))
            await self.reload()
            if drafts_of(self.app) is None and self.state.waits(entry.number):  # else the draft is offered again
                await self._fill_in(entry, form.texts, str(error))
            return
        self._drops.note_deal()
        undo = hint(self.app, "deal.undo", "takes it back")
        self.tell("\n".join([f"deal {deal.number} added{undo}", *(one.words for one in alike[:3])]), "information")
        await self.reload()

    async def action_drop(self) -> None:
        """Take what is marked, or what is under the cursor, out of the inbox."""
        await self._drop(self.state.chosen)

    async def _drop(self, numbers: list[int]) -> bool:
        dropped = await self._settle_all(
            inbox.drop, numbers, "dropped", hint(self.app, "inbox.restore", "brings it back")
        )
        if dropped:
            self._drops.note(numbers)
        return dropped

    async def action_restore(self) -> None:
        """Let what was dropped wait again; seen from what waits, what was dropped here last."""
        if self.state.tab is EntryState.DROPPED:
            numbers = self.state.chosen
            if await self._settle_all(inbox.restore, numbers, "waits again"):
                self._drops.forget(numbers)
        elif not self._drops.made:
            tab = hint(self.app, "inbox.next_tab", "shows what was dropped before")
            self.tell(f"you have dropped nothing here{tab}")
        else:
            await self._restore_last()

    def action_undo(self) -> None:
        """Take back one's last change: what was dropped here since a deal was changed, else that."""
        if self._drops.latest:
            self.soon(self._undrop(), "undo")
        else:
            self._drops.note_deal()
            super().action_undo()

    async def _undrop(self) -> None:
        if numbers := await self._restore_last():
            self._drops.undone.append(numbers)

    async def _restore_last(self) -> list[int]:
        """Let what was dropped last wait again, and give it; nothing if that was refused: it can be tried again."""
        numbers = self._drops.made[-1]
        if not await self._settle_all(inbox.restore, numbers, "waits again"):
            return []
        self._drops.take_last()
        return numbers

    def action_redo(self) -> None:
        """Do again what was undone."""
        if self._drops.undone:
            self.soon(self._redrop(), "undo")
        else:
            self._drops.note_deal()
            super().action_redo()

    async def _redrop(self) -> None:
        *others, numbers = self._drops.undone
        if await self._drop(numbers):
            self._drops.undone.extend(others)

    async def open_deal(self, number: int) -> None:
        """Open a deal by its number; what is changed there the next undo is meant for."""
        self._drops.note_deal()
        await super().open_deal(number)

    async def do(self, change: Awaitable[Deal | Sequence[Deal]], done: str = "") -> bool:
        """Make a change of a deal; the next undo is meant for it."""
        self._drops.note_deal()
        return await super().do(change, done)

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
