"""The table of companies or contacts: its headings, and as many rows as are seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region

from funneltui.domain.records import Contact
from funneltui.services.record_windows import Kind, label_of, record_of
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import GAP, GUTTER
from funneltui.tui.painting import fit
from funneltui.tui.widgets.record_figures import right, sums, touched
from funneltui.tui.widgets.rows import Rows
from funneltui.tui.widgets.shared_room import shared
from funneltui.tui.widgets.table import HEAD

if TYPE_CHECKING:
    from funneltui.services.context import Clock
    from funneltui.services.record_windows import RecordLine
    from funneltui.tui.records_state import RecordsState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """A column with its heading, the cells that it takes at least and at most, and whether it holds figures.

    Where there is no room for all columns those of the highest rank are left out.
    """

    heading: str
    least: int
    most: int
    rank: int
    figure: bool = False


_FIGURES = (
    RecordColumn("deals", 5, 6, rank=4, figure=True),
    RecordColumn("open", 13, 22, rank=5, figure=True),
    RecordColumn("won", 13, 22, rank=1, figure=True),
    RecordColumn("touched", 7, 7, rank=3, figure=True),
)
COLUMNS = {
    Kind.COMPANY: (RecordColumn("name", 26, 48, rank=0), *_FIGURES),
    Kind.CONTACT: (
        RecordColumn("name", 20, 32, rank=0),
        RecordColumn("company", 16, 32, rank=2),
        RecordColumn("e-mail", 20, 36, rank=6),
        RecordColumn("phone", 14, 18, rank=7),
        *_FIGURES,
    ),
}


@lru_cache(maxsize=16)
def columns_for(kind: Kind, width: int) -> tuple[tuple[RecordColumn, int], ...]:
    """Give the columns that a screen of so many cells shows, each with its width.

    What is left over goes to the columns in turn, cell by cell, until each has what it takes at most.
    """
    return tuple(shared(COLUMNS[kind], width, GUTTER, GAP))


class RecordsTable(Rows):
    """Paints the tab that is shown: a line of headings, then a line a record."""

    def __init__(self, look: Look, state: RecordsState, clock: Clock) -> None:
        """Show a state."""
        super().__init__(look, id="table")
        self.state, self.clock = state, clock

    @property
    def capacity(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - HEAD)

    def refresh_row(self, place: int) -> None:
        """Repaint one row and nothing else."""
        y = HEAD + place - self.state.tab.top
        if HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def line_style(self, y: int) -> Style:
        """The row under the cursor has a ground of its own."""
        return self.palette.cursor if self._here(self.state.tab.top + y - HEAD) and y >= HEAD else Style.null()

    def _here(self, place: int) -> bool:
        return place == self.state.tab.place and self.state.tab.at(place) is not None

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the headings, or a row."""
        if y < HEAD:
            return self._headings(width)
        tab = self.state.tab
        place = tab.top + y - HEAD
        if place >= tab.total:
            return self._nothing() if self.state.loaded and not tab.total and y == HEAD + 1 else []
        line = tab.at(place)
        if line is None:
            return [(" " * GUTTER + "···", self.palette.faint)]
        return self._row(line, place, width)

    def _nothing(self) -> list[Piece]:
        what = "company" if self.state.kind is Kind.COMPANY else "contact"
        if self.state.words.strip():
            words = f"no {what} has these words{hint(self.app, 'records.back', 'shows all again')}"
        else:
            words = f"no deal names a {what} yet{hint(self.app, 'deal.new', 'adds a deal')}"
        return [(" " * GUTTER + words, self.palette.muted)]

    def _headings(self, width: int) -> list[Piece]:
        pieces: list[Piece] = [(" " * GUTTER, self.palette.muted)]
        for column, cells in columns_for(self.state.kind, width):
            text = right(column.heading, cells) if column.figure else fit(column.heading, cells)
            pieces += [(text, self.palette.muted), (" " * GAP, self.palette.text)]
        return pieces

    def _row(self, line: RecordLine, place: int, width: int) -> list[Piece]:
        here, palette = self._here(place), self.palette
        marked = record_of(line).id in self.state.tab.marked
        mark: Piece = ("■", palette.marked) if marked else (" ", palette.text)
        pieces: list[Piece] = [("▌" if here else " ", palette.cursor_bar), mark, (" ", palette.text)]
        for column, cells in columns_for(self.state.kind, width):
            text = self._text(line, column, cells)
            shown = right(text, cells) if column.figure else fit(text, cells)
            pieces += [(shown, self._style(column, here=here)), (" " * GAP, palette.text)]
        return pieces

    def _text(self, line: RecordLine, column: RecordColumn, width: int) -> str:
        record, figures = record_of(line), line.figures
        match column.heading:
            case "name":
                return label_of(record)
            case "deals":
                return f"{figures.deals:,}"
            case "open":
                return sums(figures.open_amounts, width)
            case "won":
                return sums(figures.won_amounts, width)
            case "touched":
                return touched(figures, self.clock)
        if not isinstance(record, Contact):
            return ""
        return {"company": record.company, "e-mail": record.email, "phone": record.phone}[column.heading]

    def _style(self, column: RecordColumn, *, here: bool) -> Style:
        palette = self.palette
        if column.heading == "name":
            return palette.strong if here else palette.text
        if column.heading == "won":
            # In 16 colours the row under the cursor is reversed: a colour would be a patch in it.
            return palette.text if here and self.look.ansi else palette.won
        return palette.text if column.heading == "open" else palette.muted

    def row_clicked(self, x: int, y: int) -> int | None:
        """Give the place of the record in a line."""
        place = self.state.tab.top + y - HEAD
        return place if y >= HEAD and place < self.state.tab.total else None
