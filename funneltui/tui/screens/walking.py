"""Going about in a table or a page: the cursor's keys, a page at a time, the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from funneltui.tui.widgets.row_table import RowTable
    from funneltui.tui.widgets.rows import Rows


class Walking(Screen[None]):
    """A screen with a table of rows, one of them under the cursor."""

    @property
    def table(self) -> RowTable[Any]:
        """The table."""
        raise NotImplementedError

    def went(self) -> None:
        """The cursor has gone to another place: tell of it elsewhere, and read on where the window ends."""
        raise NotImplementedError

    def go(self, place: int) -> None:
        """Put the cursor on a place of the list, as far as there are places."""
        table, window = self.table, self.table.window
        before = window.place
        if window.go(place, table.capacity):
            table.refresh()
        elif window.place != before:
            table.refresh_row(before)
            table.refresh_row(window.place)
        self.went()

    def action_down(self) -> None:
        """The next row."""
        self.go(self.table.window.place + 1)

    def action_up(self) -> None:
        """The row before."""
        self.go(self.table.window.place - 1)

    def action_first(self) -> None:
        """The first row."""
        self.go(0)

    def action_last(self) -> None:
        """The last row."""
        self.go(self.table.window.total - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self.go(self.table.window.place + self.table.capacity)

    def action_page_up(self) -> None:
        """A page up."""
        self.go(self.table.window.place - self.table.capacity)

    def on_rows_scrolled(self, message: Rows.Scrolled) -> None:
        """The wheel scrolls; the cursor stays where it is seen."""
        place = self.table.window.scroll_by(message.steps, self.table.capacity)
        if place is not None:
            self.go(place)
            self.table.refresh()


class Stepping(Screen[None]):
    """A screen with a page of lines of which some are headings: the cursor goes from line to line, over those."""

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    @property
    def page_height(self) -> int:
        """How many lines are seen."""
        raise NotImplementedError

    def go(self, steps: int) -> None:
        """Let the cursor go so many lines on."""
        raise NotImplementedError

    def action_down(self) -> None:
        """The next line."""
        self.go(1)

    def action_up(self) -> None:
        """The line before."""
        self.go(-1)

    def action_first(self) -> None:
        """The first line."""
        self.go(-self.line_count)

    def action_last(self) -> None:
        """The last line."""
        self.go(self.line_count)

    def action_page_down(self) -> None:
        """A page down."""
        self.go(self.page_height)

    def action_page_up(self) -> None:
        """A page up."""
        self.go(-self.page_height)

    def on_rows_scrolled(self, message: Rows.Scrolled) -> None:
        """The wheel takes the cursor with it."""
        self.go(message.steps)
