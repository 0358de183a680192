"""The table of the inbox: its headings, and a line an entry: when, by what way, from whom, what, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.message import Message

from funneltui.domain import dates
from funneltui.domain.history import Role
from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import title_of
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import GAP, GUTTER
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.record_figures import right
from funneltui.tui.widgets.row_table import HEAD
from funneltui.tui.widgets.shared_room import shared

if TYPE_CHECKING:
    from textual import events

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.tui.inbox_state import InboxState
    from funneltui.tui.theming import Look


@dataclass(frozen=True, slots=True)
class InboxColumn:
    """A column with its heading, the cells that it takes at least and at most, and whether it holds figures.

    Where there is no room for all columns those of the highest rank are left out.
    """

    heading: str
    least: int
    most: int
    rank: int
    figure: bool = False


_ARRIVED, _WAY = InboxColumn("arrived", 7, 9, rank=3, figure=True), InboxColumn("by", 4, 4, rank=5)
_FROM, _TITLE = InboxColumn("from", 14, 26, rank=4), InboxColumn("title", 18, 70, rank=0)
_OWNER = InboxColumn("owner", 8, 12, rank=6)
_LAST = {
    EntryState.WAITING: InboxColumn("lacks", 22, 32, rank=1),
    EntryState.DROPPED: InboxColumn("dropped by", 10, 16, rank=1),
    EntryState.DEAL: InboxColumn("deal", 5, 7, rank=1, figure=True),
}
_NOTHING = {
    EntryState.WAITING: "nothing waits",
    EntryState.DROPPED: "nothing was dropped",
    EntryState.DEAL: "nothing has become a deal yet",
}


class InboxTable(Painted):
    """Paints the tab that is shown: a line of headings, then a line an entry."""

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    class Scrolled(Message):
        """The wheel was turned."""

        def __init__(self, steps: int) -> None:
            self.steps = steps
            super().__init__()

    def __init__(self, look: Look, state: InboxState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, id="table")
        self.state, self.context = state, context
        self._shared: tuple[object, int, list[tuple[InboxColumn, int]]] = ((), 0, [])

    @property
    def capacity(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - HEAD)

    def refresh_row(self, place: int) -> None:
        """Repaint one row and nothing else."""
        y = HEAD + place - self.state.top
        if HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def line_style(self, y: int) -> Style:
        """The row under the cursor has a ground of its own."""
        return self.palette.cursor if y >= HEAD and self._here(self.state.top + y - HEAD) else Style.null()

    def _here(self, place: int) -> bool:
        return place == self.state.place and self.state.at(place) is not None

    def _columns(self, width: int) -> list[tuple[InboxColumn, int]]:
        """Give the columns that so many cells show, each with its width: no wider than what is read needs."""
        entries = self.state.entries
        if self._shared[0] is not entries or self._shared[1] != width or not entries:
            owners = [_OWNER] if self.context.actor.role is Role.MANAGER else []
            seen = (_ARRIVED, _WAY, _FROM, _TITLE, *owners, _LAST[self.state.tab])
            self._shared = (entries, width, shared([self._needed(one) for one in seen], width - 1, GUTTER, GAP))
        return self._shared[2]

    def _needed(self, column: InboxColumn) -> InboxColumn:
        longest = max((width_of(self._text(one, column)) for one in self.state.entries), default=column.most)
        most = min(column.most, max(longest, width_of(column.heading)))
        return replace(column, least=min(column.least, most), most=most)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the headings, or a row."""
        state = self.state
        if y < HEAD:
            return self._headings(width)
        place = state.top + y - HEAD
        if place >= state.total:
            return self._nothing() if state.loaded and not state.total and y == HEAD + 1 else []
        opened = state.at(place)
        if opened is None:
            return [(" " * GUTTER + "···", self.palette.faint)]
        return self._row(opened, place, width)

    def _nothing(self) -> list[Piece]:
        more = hint(self.app, "inbox.next_tab", "shows what was dropped, and what became deals")
        return [(" " * GUTTER + _NOTHING[self.state.tab] + more, self.palette.muted)]

    def _headings(self, width: int) -> list[Piece]:
        pieces: list[Piece] = [(" " * GUTTER, self.palette.muted)]
        for column, cells in self._columns(width):
            text = right(column.heading, cells) if column.figure else fit(column.heading, cells)
            pieces += [(text, self.palette.muted), (" " * GAP, self.palette.text)]
        return pieces

    def _row(self, opened: Opened, place: int, width: int) -> list[Piece]:
        here, palette = self._here(place), self.palette
        marked = opened.entry.number in self.state.marked
        mark: Piece = ("■", palette.marked) if marked else (" ", palette.text)
        pieces: list[Piece] = [("▌" if here else " ", palette.cursor_bar), mark, (" ", palette.text)]
        for column, cells in self._columns(width):
            text = self._text(opened, column)
            shown = right(text, cells) if column.figure else fit(text, cells)
            pieces += [(shown, self._style(opened, column, here=here)), (" " * GAP, palette.text)]
        return pieces

    def _text(self, opened: Opened, column: InboxColumn) -> str:
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

    def _style(self, opened: Opened, column: InboxColumn, *, here: bool) -> Style:
        palette = self.palette
        if column.heading == _TITLE.heading and opened.entry.texts.get("title"):
            return palette.strong if here else palette.text
        if column.heading == _FROM.heading:
            return palette.text
        if column.heading == _LAST[EntryState.WAITING].heading:
            # In 16 colours the row under the cursor is reversed: a colour would be a patch in it.
            return palette.text if here and self.look.ansi else palette.today if opened.missing else palette.won
        return palette.muted

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        place = self.state.top + event.y - HEAD
        if event.y >= HEAD and place < self.state.total:
            self.post_message(self.Chosen(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(-3))
