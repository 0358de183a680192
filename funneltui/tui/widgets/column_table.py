"""Tables whose columns share the room of a line by themselves: nobody sizes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from funneltui.tui.list_state import GAP, GUTTER
from funneltui.tui.painting import fit
from funneltui.tui.widgets.record_figures import right
from funneltui.tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from funneltui.tui.widgets.painted import Piece

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column with its heading, the cells that it takes at least and at most, and whether it holds figures.

    Where there is no room for all columns those of the highest rank are left out.
    """

    heading: str
    least: int
    most: int
    rank: int
    figure: bool = False


class ColumnTable(RowTable[Row], Generic[Row]):
    """Paints rows of one line, a cell a column; figures stand at the right of theirs."""

    def columns(self, width: int) -> Sequence[tuple[TableColumn, int]]:
        """Give the columns that so many cells show, each with its width."""
        raise NotImplementedError

    def is_marked(self, row: Row) -> bool:
        """Tell whether a row is marked."""
        raise NotImplementedError

    def cell_text(self, row: Row, column: TableColumn, width: int) -> str:
        """Give what a row says in a column of so many cells."""
        raise NotImplementedError

    def cell_style(self, row: Row, column: TableColumn, *, here: bool) -> Style:
        """Give the style of a cell; `here` tells that its row is under the cursor."""
        raise NotImplementedError

    def headings(self, width: int) -> list[Piece]:
        """Give the columns' names."""
        pieces: list[Piece] = [(" " * GUTTER, self.palette.muted)]
        for column, cells in self.columns(width):
            pieces += [(_placed(column, column.heading, cells), self.palette.muted), (" " * GAP, self.palette.text)]
        return pieces

    def row_pieces(self, row: Row, place: int, line: int, width: int) -> list[Piece]:
        """Give the cursor's bar, the mark and the cells."""
        here, palette = self.is_here(place), self.palette
        mark: Piece = ("■", palette.marked) if self.is_marked(row) else (" ", palette.text)
        pieces: list[Piece] = [("▌" if here else " ", palette.cursor_bar), mark, (" ", palette.text)]
        for column, cells in self.columns(width):
            text = _placed(column, self.cell_text(row, column, cells), cells)
            pieces += [(text, self.cell_style(row, column, here=here)), (" " * GAP, palette.text)]
        return pieces


def _placed(column: TableColumn, text: str, cells: int) -> str:
    return right(text, cells) if column.figure else fit(text, cells)
