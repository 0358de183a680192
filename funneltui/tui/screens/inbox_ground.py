"""The inbox as one goes about in it: its layout, how it reads and notices what arrives, cursor, tabs, the text."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container

from funneltui.domain.inbox import EntryState
from funneltui.errors import BadInput, FunneltuiError
from funneltui.services import inbox_pages
from funneltui.services.inbox_values import Completion
from funneltui.tui.entry_forms import settings_said
from funneltui.tui.inbox_state import InboxState
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.screens.list_ground import AIRY
from funneltui.tui.screens.walking import Walking
from funneltui.tui.screens.without_deal import WithoutDeal
from funneltui.tui.widgets.inbox_bars import TABS, InboxBottom, InboxTabs, InboxTop
from funneltui.tui.widgets.inbox_table import InboxTable
from funneltui.tui.widgets.inbox_text import InboxText

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.inbox import Entry
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

WIDE = 150
"""The columns from which the text stands beside the list."""

_AT_REST = 0.1
"""The seconds that the cursor rests on an entry before more than the list has is read of it."""


class InboxGround(Walking, WithoutDeal):
    """Shows the inbox of the whole workspace; reads through the worker, never by itself."""

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show that of the worker's workspace."""
        super().__init__(worker, context, look)
        self.state = InboxState()
        self._complaint = ""
        self._table, self._text = InboxTable(look, self.state, context), InboxText(look, context)
        self._top, self._tabs = InboxTop(look, self.state, context), InboxTabs(look, self.state)
        self._bottom = InboxBottom(look, self.state)

    def compose(self) -> ComposeResult:
        """Lay out bar, tabs, list and text, bar."""
        middle = Container(self._table, self._text, id="middle")
        yield from (self._top, self._tabs, self._note, middle, self._bottom)

    def on_mount(self) -> None:
        """Read the inbox; then look from time to time for what arrives, and for what others change."""
        self.soon(self.reload(), "first reading of the inbox", reading=True)
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    def on_resize(self) -> None:
        """Put the text below the list or beside it."""
        self.set_class(self.size.height >= AIRY, "-airy")
        self._text.beside = self.size.width >= WIDE
        self.set_class(self._text.beside, "-wide")
        if self.state.loaded:
            self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Keep the cursor in sight, and the words that stand where there is nothing else."""
        self._say_what_is_empty()
        self.go(self.state.place)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._table, self._text, self._top, self._tabs, self._bottom, self._note):
            widget.show_look(look)

    def read_at(self) -> Position | None:
        """Give the feed's place at which this was read."""
        return self.state.position

    async def read_once(self) -> bool:
        """Read what is seen with the counts, and repaint; a setting that cannot be read is told, and left out."""
        state = self.state
        turn = state.turn
        try:
            try:
                said = await settings_said(self.worker)
                page = await self.worker.run(inbox_pages.page, state.tab, said, state.limit)
                self._complaint = ""
            except BadInput as error:
                self._complain(str(error))
                page = await self.worker.run(inbox_pages.page, state.tab, Completion({}, {}), state.limit)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return False
        if turn == state.turn:
            state.take(page, self._table.capacity)
            self._say_what_is_empty()
            self.repaint()
            self._settle()
        return True

    def _complain(self, problem: str) -> None:
        """Tell what is wrong with the settings, once."""
        if problem != self._complaint:
            self._complaint = problem
            self.tell(problem)

    def repaint(self) -> None:
        """Paint everything; what looks as before is not sent."""
        for widget in (self._table, self._text, self._top, self._tabs, self._bottom):
            widget.refresh()

    def _say_what_is_empty(self) -> None:
        nothing = self.state.loaded and not any(self.state.counts.values())
        self.set_class(nothing, "-empty")
        self._note.display = self.is_small or nothing
        if nothing and not self.is_small:
            self._note.say(
                "Nothing has arrived yet.", "",
                "[funneltui add --from-mail] reads mails", "[funneltui inbox serve] takes the forms of a web site", "",
                "What has all that a deal needs becomes one at once,", "the rest waits here.",
            )  # fmt: skip

    @property
    def table(self) -> InboxTable:
        """The table of the tab that is shown."""
        return self._table

    def went(self) -> None:
        """Tell where the cursor is, and show what the entry says."""
        self._bottom.refresh()
        self._settle()

    def _settle(self) -> None:
        """Show what the entry under the cursor says, and read on where the list comes near its end."""
        self._text.show(self.state.opened)
        if self.state.entry is not None:
            self.later(partial(self._read_whole, self.state.entry), "text")
        if self.state.wants_more(self._table.capacity):
            self.soon(self.reload(), group="more", reading=True)

    async def _read_whole(self, entry: Entry) -> None:
        """Read the whole text of the entry on which the cursor has come to rest, and what its deal may repeat."""
        await asyncio.sleep(_AT_REST)
        try:
            found = await self.worker.run(inbox_pages.whole, entry.number, await settings_said(self.worker))
        except BadInput:  # a setting, which the reading of the list has told
            return
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if self.state.entry is not None and self.state.entry.number == entry.number:
            self._text.show(found.opened, [one.words for one in found.alike])

    def action_text_down(self) -> None:
        """Further down in what it says."""
        self._text.go_on(max(1, self._text.size.height // 2))

    def action_text_up(self) -> None:
        """Further up in what it says."""
        self._text.go_on(-max(1, self._text.size.height // 2))

    def action_next_tab(self) -> None:
        """The tab to the right."""
        self._step_tab(1)

    def action_previous_tab(self) -> None:
        """The tab to the left."""
        self._step_tab(-1)

    def _step_tab(self, steps: int) -> None:
        tabs = list(TABS)
        self.show_tab(tabs[(tabs.index(self.state.tab) + steps) % len(tabs)])

    def show_tab(self, tab: EntryState) -> None:
        """Show what waits, what was dropped, or what became deals."""
        if tab is not self.state.tab:
            self.state.show(tab)
            self._text.show(None)
            self.repaint()
            self.soon(self.reload())

    def on_inbox_tabs_chosen(self, message: InboxTabs.Chosen) -> None:
        """A tab was clicked."""
        self.show_tab(message.tab)
