"""What the list of companies and contacts knows, without a screen: two windows, a cursor that holds on to its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.services.record_windows import Kind, record_of
from funneltui.tui.row_window import CursorWindow

if TYPE_CHECKING:
    from funneltui.services.record_windows import RecordLine, RecordWindow
    from funneltui.storage.feed import Position


@dataclass(slots=True)
class RecordTab(CursorWindow["RecordLine"]):
    """The companies, or the contacts, as last read; `marked` are the ids of the marked ones."""

    kind: Kind
    total: int = 0
    marked: set[int] = field(default_factory=set)

    @property
    def line(self) -> RecordLine | None:
        """The record under the cursor."""
        return self.row

    @property
    def lines(self) -> tuple[RecordLine, ...]:
        """The records that are read."""
        return self.rows

    def number_of(self, row: RecordLine) -> int:
        """Give a record's id."""
        return record_of(row).id

    def take(self, answer: RecordWindow, visible: int) -> None:
        """Take over a new reading, and keep the cursor on its record, where that is seen."""
        self.total = answer.counts[self.kind]
        self.take_window(answer.start, answer.lines, answer.anchor_place, visible)


@dataclass(slots=True)
class RecordsState:
    """Both tabs and what is looked for in them. `turn` grows whenever what is shown becomes another list."""

    kind: Kind = Kind.COMPANY
    words: str = ""
    tabs: dict[Kind, RecordTab] = field(default_factory=lambda: {kind: RecordTab(kind) for kind in Kind})
    position: Position | None = None
    turn: int = 0
    loaded: bool = False

    @property
    def tab(self) -> RecordTab:
        """The tab that is shown."""
        return self.tabs[self.kind]

    def show(self, kind: Kind) -> None:
        """Show a tab; its cursor is where it was."""
        self.kind = kind
        self.turn += 1

    def look_for(self, words: str) -> None:
        """Look for words in both tabs, from the first record that has them; for none, around the one that was found."""
        self.words = words
        self.turn += 1
        if words.strip():
            for tab in self.tabs.values():
                tab.begin_anew()

    def take(self, answer: RecordWindow, visible: int) -> None:
        """Take over a new reading of the tab that is shown."""
        for kind, tab in self.tabs.items():
            tab.total = answer.counts[kind]
        self.position, self.loaded = answer.position, True
        self.tab.take(answer, visible)
