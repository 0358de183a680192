"""The table of companies or contacts: its headings, and as many rows as are seen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

from funneltui.domain.records import Contact
from funneltui.services.record_windows import Kind, label_of, record_of
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import GAP, GUTTER
from funneltui.tui.widgets.column_table import ColumnTable, TableColumn
from funneltui.tui.widgets.record_figures import sums, touched
from funneltui.tui.widgets.shared_room import shared

if TYPE_CHECKING:
    from funneltui.services.context import Clock
    from funneltui.services.record_windows import RecordLine
    from funneltui.tui.records_state import RecordsState, RecordTab
    from funneltui.tui.theming import Look


_FIGURES = (
    TableColumn("deals", 5, 6, rank=4, figure=True),
    TableColumn("open", 13, 22, rank=5, figure=True),
    TableColumn("won", 13, 22, rank=1, figure=True),
    TableColumn("touched", 7, 7, rank=3, figure=True),
)
COLUMNS = {
    Kind.COMPANY: (TableColumn("name", 26, 48, rank=0), *_FIGURES),
    Kind.CONTACT: (
        TableColumn("name", 20, 32, rank=0),
        TableColumn("company", 16, 32, rank=2),
        TableColumn("e-mail", 20, 36, rank=6),
        TableColumn("phone", 14, 18, rank=7),
        *_FIGURES,
    ),
}


@lru_cache(maxsize=16)
def columns_for(kind: Kind, width: int) -> tuple[tuple[TableColumn, int], ...]:
    """Give the columns that a screen of so many cells shows, each with its width.

    What is left over goes to the columns in turn, cell by cell, until each has what it takes at most.
    """
    return tuple(shared(COLUMNS[kind], width, GUTTER, GAP))


class RecordsTable(ColumnTable["RecordLine"]):
    """Paints the tab that is shown: a line of headings, then a line a record."""

    def __init__(self, look: Look, state: RecordsState, clock: Clock) -> None:
        """Show a state."""
        super().__init__(look, id="table")
        self.state, self.clock = state, clock

    @property
    def window(self) -> RecordTab:
        """The tab that is shown."""
        return self.state.tab

    @property
    def is_loaded(self) -> bool:
        """Whether the list has been read."""
        return self.state.loaded

    def nothing(self) -> str:
        """Say why there is no record."""
        what = "company" if self.state.kind is Kind.COMPANY else "contact"
        if self.state.words.strip():
            return f"no {what} has these words{hint(self.app, 'records.back', 'shows all again')}"
        return f"no deal names a {what} yet{hint(self.app, 'deal.new', 'adds a deal')}"

    def columns(self, width: int) -> tuple[tuple[TableColumn, int], ...]:
        """Give the columns of the tab that is shown."""
        return columns_for(self.state.kind, width)

    def is_marked(self, row: RecordLine) -> bool:
        """Tell whether a record is marked."""
        return record_of(row).id in self.state.tab.marked

    def cell_text(self, row: RecordLine, column: TableColumn, width: int) -> str:
        """Give a text of the record, or a figure of its deals."""
        record, figures = record_of(row), row.figures
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

    def cell_style(self, row: RecordLine, column: TableColumn, *, here: bool) -> Style:
        """Let the name stand out, then what was won."""
        palette = self.palette
        if column.heading == "name":
            return palette.strong if here else palette.text
        if column.heading == "won":
            # In 16 colours the row under the cursor is reversed: a colour would be a patch in it.
            return palette.text if here and self.look.ansi else palette.won
        return palette.text if column.heading == "open" else palette.muted
