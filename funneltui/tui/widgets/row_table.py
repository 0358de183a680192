"""What the tables share: a line of headings, then the rows that are seen of a list, one of them under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from rich.style import Style
from textual.geometry import Region

from funneltui.tui.list_state import GUTTER
from funneltui.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from funneltui.tui.row_window import CursorWindow
    from funneltui.tui.widgets.painted import Piece

HEAD = 1
"""The lines above the first row."""

Row = TypeVar("Row")


class RowTable(Rows, Generic[Row]):
    """Paints the headings and the rows of a window; a row that is not read yet shows dots."""

    @property
    def window(self) -> CursorWindow[Row]:
        """What is read of the list, and where the cursor is."""
        raise NotImplementedError

    @property
    def is_loaded(self) -> bool:
        """Whether the list has been read at all."""
        raise NotImplementedError

    @property
    def row_height(self) -> int:
        """The lines of a row."""
        return 1

    @property
    def capacity(self) -> int:
        """How many rows fit."""
        return max(1, (self.size.height - HEAD) // self.row_height)

    def headings(self, width: int) -> list[Piece]:
        """Give the pieces of the line of headings."""
        raise NotImplementedError

    def row_pieces(self, row: Row, place: int, line: int, width: int) -> list[Piece]:
        """Give the pieces of a line of a row."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Give what is said where the list has no row: why, and what to press."""
        raise NotImplementedError

    def refresh_row(self, place: int) -> None:
        """Repaint one row and nothing else."""
        y = HEAD + (place - self.window.top) * self.row_height
        if HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, self.row_height))

    def is_here(self, place: int | None) -> bool:
        """Tell whether the row of a place is under the cursor."""
        return place is not None and place == self.window.place and self.window.at(place) is not None

    def line_style(self, y: int) -> Style:
        """The row under the cursor has a ground of its own."""
        return self.palette.cursor if self.is_here(self._place_at(y)) else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the headings, or a line of a row."""
        if y < HEAD:
            return self.headings(width)
        place, window = self._place_at(y), self.window
        if place is None:
            return []
        if place >= window.total:
            empty = self.is_loaded and not window.total and y == HEAD + 1
            return [(" " * GUTTER + self.nothing(), self.palette.muted)] if empty else []
        row = window.at(place)
        if row is None:
            return [(" " * GUTTER + "···", self.palette.faint)]
        return self.row_pieces(row, place, (y - HEAD) % self.row_height, width)

    def _place_at(self, y: int) -> int | None:
        row = (y - HEAD) // self.row_height
        return self.window.top + row if 0 <= row < self.capacity else None

    def row_clicked(self, x: int, y: int) -> int | None:
        """Give the place of the row in a line."""
        place = self._place_at(y)
        return place if place is not None and place < self.window.total else None
