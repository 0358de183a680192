"""The table of the inbox: its headings, and a line an entry: when, by what way, from whom, what, what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain import dates
from funneltui.domain.history import Role
from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import title_of
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import GAP, GUTTER
from funneltui.tui.painting import width_of
from funneltui.tui.widgets.column_table import ColumnTable, TableColumn
from funneltui.tui.widgets.shared_room import shared

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.tui.inbox_state import InboxState
    from funneltui.tui.theming import Look


_ARRIVED, _WAY = TableColumn("arrived", 7, 9, rank=3, figure=True), TableColumn("by", 4, 4, rank=5)
_FROM, _TITLE = TableColumn("from", 14, 26, rank=4), TableColumn("title", 18, 70, rank=0)
_OWNER = TableColumn("owner", 8, 12, rank=6)
_LAST = {
    EntryState.WAITING: TableColumn("lacks", 22, 32, rank=1),
    EntryState.DROPPED: TableColumn("dropped by", 10, 16, rank=1),
    EntryState.DEAL: TableColumn("deal", 5, 7, rank=1, figure=True),
}
_NOTHING = {
    EntryState.WAITING: "nothing waits",
    EntryState.DROPPED: "nothing was dropped",
    EntryState.DEAL: "nothing has become a deal yet",
}


class InboxTable(ColumnTable["Opened"]):
    """Paints the tab that is shown: a line of headings, then a line an entry."""

    def __init__(self, look: Look, state: InboxState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, id="table")
        self.state, self.context = state, context
        self._shared: tuple[object, int, list[tuple[TableColumn, int]]] = ((), 0, [])

    @property
    def window(self) -> InboxState:
        """The tab that is shown."""
        return self.state

    @property
    def is_loaded(self) -> bool:
        """Whether the inbox has been read."""
        return self.state.loaded

    def columns(self, width: int) -> list[tuple[TableColumn, int]]:
        """Give the columns that so many cells show, each with its width: no wider than what is read needs."""
        entries = self.state.entries
        if self._shared[0] is not entries or self._shared[1] != width or not entries:
            owners = [_OWNER] if self.context.actor.role is Role.MANAGER else []
            seen = (_ARRIVED, _WAY, _FROM, _TITLE, *owners, _LAST[self.state.tab])
            self._shared = (entries, width, shared([self._needed(one) for one in seen], width - 1, GUTTER, GAP))
        return self._shared[2]

    def _needed(self, column: TableColumn) -> TableColumn:
        longest = max((width_of(self._text(one, column)) for one in self.state.entries), default=column.most)
        most = min(column.most, max(longest, width_of(column.heading)))
        return replace(column, least=min(column.least, most), most=most)

    def nothing(self) -> str:
        """Say that there is no entry, and where there may be some."""
        more = hint(self.app, "inbox.next_tab", "shows what was dropped, and what became deals")
        return _NOTHING[self.state.tab] + more

    def is_marked(self, row: Opened) -> bool:
        """Tell whether an entry is marked."""
        return row.entry.number in self.state.marked

    def cell_text(self, row: Opened, column: TableColumn, width: int) -> str:
        """Give what an entry says in a column, however wide that is."""
        return self._text(row, column)

    def _text(self, opened: Opened, column: TableColumn) -> str:
        entry = opened.entry
        if column.heading == _ARRIVED.heading:
            local, today = self.context.clock.local(entry.received), self.context.clock.today()
            return f"{local:%H:%M}" if local.date() == today else dates.short(local.date(), today)
        if column.heading == _LAST[EntryState.WAITING].heading:
            return ", ".join(one.label for one in opened.missing) or "nothing"
        texts = {
            "by": entry.channel.value,
            "from": entry.sender.partition(" <")[0],
            "title": title_of(entry),
            "owner": entry.owner or "nobody",
            "dropped by": entry.dropped_by or "",
            "deal": str(entry.deal or ""),
        }
        return texts[column.heading]

    def cell_style(self, row: Opened, column: TableColumn, *, here: bool) -> Style:
        """Let the title stand out, then what is missing."""
        palette = self.palette
        if column.heading == _TITLE.heading and row.entry.texts.get("title"):
            return palette.strong if here else palette.text
        if column.heading == _FROM.heading:
            return palette.text
        if column.heading == _LAST[EntryState.WAITING].heading:
            # In 16 colours the row under the cursor is reversed: a colour would be a patch in it.
            return palette.text if here and self.look.ansi else palette.today if row.missing else palette.won
        return palette.muted
