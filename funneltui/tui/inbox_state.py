"""What the inbox's screen knows, without a screen: a tab's newest entries, a cursor on one of them, what was dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.domain.inbox import EntryState
from funneltui.tui.row_window import CursorWindow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.inbox import Entry
    from funneltui.services.inbox import Opened
    from funneltui.services.inbox_pages import InboxPage
    from funneltui.storage.feed import Position

AT_ONCE = 200
"""By how many entries the list that is read grows."""


@dataclass(slots=True)
class Drops:
    """What was dropped here, each time some numbers: a drop is no deal's change, so that undo and redo ask here first.

    `made` can be restored, the last first; `latest` of them came after the last change of a deal. `undone` can be redone.
    """

    made: list[list[int]] = field(default_factory=list)
    latest: int = 0
    undone: list[list[int]] = field(default_factory=list)

    def note(self, numbers: list[int]) -> None:
        """Some were dropped."""
        self.made.append(numbers)
        self.latest += 1
        self.undone.clear()

    def note_deal(self) -> None:
        """A deal was changed, or that was undone or redone: the next undo is meant for it."""
        self.latest = 0
        self.undone.clear()

    def take_last(self) -> list[int]:
        """Give what was dropped last, which is to be restored."""
        self.latest = max(0, self.latest - 1)
        return self.made.pop()

    def forget(self, numbers: list[int]) -> None:
        """Some were restored by their numbers."""
        left = [[number for number in one if number not in numbers] for one in self.made]
        late = left[len(left) - self.latest :]
        self.made, self.latest = [one for one in left if one], len([one for one in late if one])


@dataclass(slots=True)
class InboxState(CursorWindow["Opened"]):
    """The entries of one tab as last read, the newest first; `limit` is how many of them are read at the most.

    `marked` are the numbers of the marked ones. `turn` grows with the tab.
    """

    tab: EntryState = EntryState.WAITING
    counts: Mapping[EntryState, int] = field(default_factory=dict)
    limit: int = AT_ONCE
    marked: set[int] = field(default_factory=set)
    position: Position | None = None
    turn: int = 0
    loaded: bool = False

    @property
    def total(self) -> int:
        """How many entries the tab has."""
        return self.counts.get(self.tab, 0)

    @property
    def opened(self) -> Opened | None:
        """The entry under the cursor, with what its deal would have and lack."""
        return self.row

    @property
    def entries(self) -> tuple[Opened, ...]:
        """The entries that are read."""
        return self.rows

    def number_of(self, row: Opened) -> int:
        """Give an entry's number."""
        return row.entry.number

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.opened.entry if self.opened else None

    @property
    def chosen(self) -> list[int]:
        """The numbers of those that a key is meant for: the marked ones, else the one under the cursor."""
        return sorted(self.marked) or ([self.entry.number] if self.entry else [])

    def waits(self, number: int) -> bool:
        """Tell whether an entry is among those that wait, as last read."""
        return self.tab is EntryState.WAITING and any(one.entry.number == number for one in self.entries)

    def wants_more(self, visible: int) -> bool:
        """Tell whether what is seen comes near the end of what is read; then more is to be read."""
        near = max(self.place, self.top) + 2 * visible
        if len(self.entries) >= self.total or near < len(self.entries):
            return False
        self.limit = near + AT_ONCE
        return True

    def show(self, tab: EntryState) -> None:
        """Look at another tab, from its newest entry on."""
        self.tab, self.rows, self.limit = tab, (), AT_ONCE
        self.begin_anew()
        self.marked.clear()
        self.turn += 1

    def take(self, page: InboxPage, visible: int) -> None:
        """Take over a new reading of the tab, and keep the cursor on its entry, where that is seen."""
        self.counts, self.position, self.loaded = page.counts, page.position, True
        numbers = [one.entry.number for one in page.entries]
        self.marked &= set(numbers)
        here = numbers.index(self.number) if self.number in numbers else None
        self.take_window(0, page.entries, here, visible)
