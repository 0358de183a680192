"""A list of which only a window is read: how it is scrolled, when to read on, and a cursor that holds on to its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST_ROWS = 60
"""How many rows are read at once, at the least."""

Row = TypeVar("Row")


def window_size(visible: int) -> int:
    """Give how many rows to read for a list that shows so many."""
    return max(LEAST_ROWS, 3 * visible)


@dataclass(slots=True, kw_only=True)
class RowWindow(Generic[Row]):
    """The rows of a list that are read, from the place `start` on, and the place of the first one that is seen, `top`."""

    start: int = 0
    rows: tuple[Row, ...] = ()
    top: int = 0

    @property
    def total(self) -> int:
        """How many rows the whole list has."""
        raise NotImplementedError

    def at(self, place: int) -> Row | None:
        """Give the row at a place of the list, or nothing when it is not read (yet)."""
        index = place - self.start
        return self.rows[index] if 0 <= index < len(self.rows) else None

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
        if low >= self.start and high <= self.start + len(self.rows):
            return None
        return self.first_start(visible)


@dataclass(slots=True, kw_only=True)
class CursorWindow(RowWindow[Row]):
    """A window with a cursor at a `place`; `number` is that of the row that it holds on to."""

    place: int = 0
    number: int | None = None

    def number_of(self, row: Row) -> int:
        """Give the number that a row keeps wherever it stands."""
        raise NotImplementedError

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.at(self.place)

    def go(self, place: int, visible: int) -> bool:
        """Put the cursor on a place, as far as there are places, and tell whether the list scrolled.

        On a row that is not read yet it holds on to none: a reading that comes meanwhile leaves it where it went.
        """
        self.place = max(0, min(place, self.total - 1))
        self.number = None
        self._hold_on()
        return self.scroll_to(self.place, visible)

    def scroll_by(self, steps: int, visible: int) -> int | None:
        """Scroll by so many rows, as the wheel does; if it scrolled, give the place where the cursor is still seen."""
        top = max(0, min(self.top + steps, self.total - visible))
        if top == self.top:
            return None
        self.top = top
        return max(top, min(self.place, top + visible - 1))

    def begin_anew(self) -> None:
        """Look at another list from its beginning."""
        self.top = self.place = 0
        self.number = None

    def take_rows(self, start: int, rows: tuple[Row, ...]) -> None:
        """Take over the rows read while scrolling."""
        self.start, self.rows = start, rows
        self._hold_on()

    def take_window(self, start: int, rows: tuple[Row, ...], anchor_place: int | None, visible: int) -> None:
        """Take over a new reading; the row held on to stays where it is seen, though it stands at another place now."""
        line = self.place - self.top
        self.start, self.rows = start, rows
        if anchor_place is not None and anchor_place != self.place:
            self.place, self.top = anchor_place, max(0, anchor_place - line)
        self.go(self.place, visible)

    def _hold_on(self) -> None:
        row = self.row
        if row is not None:
            self.number = self.number_of(row)
