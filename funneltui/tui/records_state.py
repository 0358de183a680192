"""What the list of companies and contacts knows, without a screen: two windows, a cursor that holds on to its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.services.record_windows import Kind, record_of
from funneltui.tui.board_state import window_size

if TYPE_CHECKING:
    from funneltui.services.record_windows import RecordLine, RecordWindow
    from funneltui.storage.feed import Position


@dataclass(slots=True)
class RecordTab:
    """The companies, or the contacts, as last read: a window of them, how it is scrolled, where the cursor is.

    `number` is the id of the record that the cursor holds on to, `marked` the ids of the marked ones.
    """

    kind: Kind
    total: int = 0
    start: int = 0
    lines: tuple[RecordLine, ...] = ()
    top: int = 0
    place: int = 0
    number: int | None = None
    marked: set[int] = field(default_factory=set)

    @property
    def line(self) -> RecordLine | None:
        """The record under the cursor."""
        return self.at(self.place)

    def at(self, place: int) -> RecordLine | None:
        """Give the record at a place of the list, or nothing when it is not read (yet)."""
        index = place - self.start
        return self.lines[index] if 0 <= index < len(self.lines) else None

    def go(self, place: int, visible: int) -> bool:
        """Put the cursor on a place, as far as there are places, and tell whether the list scrolled."""
        self.place = max(0, min(place, self.total - 1))
        if self.line is not None:
            self.number = record_of(self.line).id
        elif not self.total:
            self.number = None
        return self.scroll_to(self.place, visible)

    def scroll_to(self, place: int, visible: int) -> bool:
        """Scroll so that a place is seen; tell whether that changed anything."""
        top = min(max(self.top, place - visible + 1), place)
        top = max(0, min(top, self.total - visible))
        changed, self.top = top != self.top, top
        return changed

    def first_start(self, visible: int) -> int:
        """Give the place from which to read a window with what is seen in its middle."""
        size = window_size(visible)
        return max(0, min(self.top - (size - visible) // 2, self.total - size))

    def wanted_start(self, visible: int) -> int | None:
        """Give the place from which to read on, when what is seen comes near the end of what is read."""
        low, high = max(0, self.top - visible // 2), min(self.total, self.top + visible + visible // 2)
        if low >= self.start and high <= self.start + len(self.lines):
            return None
        return self.first_start(visible)

    def begin_anew(self) -> None:
        """Look at another list from its beginning."""
        self.top = self.place = 0
        self.number = None

    def take(self, answer: RecordWindow, visible: int) -> None:
        """Take over a new reading, and keep the cursor on its record, where that is seen."""
        self.total = answer.counts[self.kind]
        row = self.place - self.top
        self.start, self.lines = answer.start, answer.lines
        if answer.anchor_place is not None and answer.anchor_place != self.place:
            self.place, self.top = answer.anchor_place, max(0, answer.anchor_place - row)
        self.go(self.place, visible)

    def take_rows(self, start: int, lines: tuple[RecordLine, ...]) -> None:
        """Take over the rows read while scrolling."""
        self.start, self.lines = start, lines
        if self.line is not None:
            self.number = record_of(self.line).id


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
