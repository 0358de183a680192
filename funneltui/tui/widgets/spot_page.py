"""A page of lines in one or two columns, with a cursor that goes over those that stand for something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.style import Style
from textual.message import Message

from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from textual import events

    from funneltui.tui.theming import Look

Spot = TypeVar("Spot")

WIDE = 110
"""From so many cells on there is room for two columns."""


@dataclass(slots=True)
class PageLine(Generic[Spot]):
    """A painted line, what it stands for if the cursor can go there, and whether a section begins with it."""

    pieces: list[Piece] = field(default_factory=list)
    spot: Spot | None = None
    section: bool = False


@dataclass(frozen=True, slots=True)
class Placed(Generic[Spot]):
    """Where a spot stands: its column, 0 or 1, and its line there."""

    column: int
    line: int
    spot: Spot


class SpotPage(Painted, Generic[Spot]):
    """Paints columns of lines, each scrolled by itself; the cursor goes from spot to spot through both."""

    SHOWS_ENDS: ClassVar[bool] = True
    """Whether the cursor on the first or last spot of a column shows what stands beyond it."""

    class Chosen(Message):
        """A line was clicked that stands for something."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    def __init__(self, look: Look) -> None:
        """Paint with a look."""
        super().__init__(look, id="page")
        self.place = 0
        self.tops = [0, 0]
        self._columns: tuple[list[PageLine[Spot]], list[PageLine[Spot]]] = ([], [])
        self._placed: list[Placed[Spot]] = []
        self._sections: list[int] = []
        self._made_for = -1
        self.lies_still = False
        """Whether something lies over a line of it: nothing is scrolled then."""

    def columns_for(self, width: int) -> tuple[list[PageLine[Spot]], list[PageLine[Spot]]]:
        """Make the lines of the left and of the right column; the right one is empty where there is room for one only."""
        raise NotImplementedError

    def more_key(self, column: int) -> str:
        """Give the key that shows more of a column."""
        raise NotImplementedError

    @property
    def left_width(self) -> int:
        """The cells of the left column: the whole width, where there is room for one only."""
        raise NotImplementedError

    @property
    def is_wide(self) -> bool:
        """Whether there are two columns."""
        return self.size.width >= WIDE

    @property
    def spots(self) -> list[Spot]:
        """What the cursor can go to, in its order."""
        self._make(self.size.width)
        return [placed.spot for placed in self._placed]

    @property
    def spot(self) -> Spot | None:
        """What the cursor is on."""
        here = self._here
        return None if here is None else here.spot

    @property
    def line_on_screen(self) -> int:
        """The line of the page on which the cursor is seen."""
        here = self._here
        return 0 if here is None else here.line - self.tops[here.column]

    @property
    def _here(self) -> Placed[Spot] | None:
        self._make(self.size.width)
        return self._placed[min(self.place, len(self._placed) - 1)] if self._placed else None

    def make_anew(self) -> None:
        """Make the lines anew when they are painted next."""
        self._made_for = -1
        self.refresh()

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self._made_for = -1
        super().show_look(look)

    def go(self, place: int) -> None:
        """Put the cursor on a spot, as far as there are spots, and scroll to it with the line below it."""
        self._make(self.size.width)
        if not self._placed:
            return
        self.place = max(0, min(place, len(self._placed) - 1))
        here = self._placed[self.place]
        its = [placed.line for placed in self._placed if placed.column == here.column]
        first = 0 if here.line == its[0] else here.line
        last = here.line + 1  # the last line may tell how many follow
        if self.SHOWS_ENDS and here.line == its[-1]:
            last = len(self._columns[here.column]) - 1
        self.tops[here.column] = min(max(self.tops[here.column], last - self.size.height + 1, 0), first)
        self.refresh()

    def step(self, steps: int) -> None:
        """Go so many spots on."""
        self.go(self.place + steps)

    def first(self) -> None:
        """Go to the first spot."""
        self.go(0)

    def last(self) -> None:
        """Go to the last spot."""
        self.go(len(self.spots) - 1)

    def page(self, steps: int) -> None:
        """Scroll by so many pages."""
        raise NotImplementedError

    def go_to(self, spot: Spot) -> None:
        """Put the cursor on what stands for something, if it is there."""
        spots = self.spots
        if spot in spots:
            self.go(spots.index(spot))

    def next_section(self) -> None:
        """Go on to the first spot of the next section that has one, round and round."""
        self._make(self.size.width)
        self.go(next((place for place in self._sections if place > self.place), 0))

    def scroll_column(self, column: int, lines: int) -> None:
        """Scroll a column by so many lines, as far as there are any, unless it lies still."""
        if self.lies_still:
            return
        self._make(self.size.width)
        most = max(0, len(self._columns[column]) - self.size.height)
        self.tops[column] = max(0, min(self.tops[column] + lines, most))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        column = self._column_at(event.x)
        for place, placed in enumerate(self._placed):
            if placed.column == column and placed.line == self.tops[column] + event.y:
                self.post_message(self.Chosen(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the column under the mouse."""
        event.stop()
        self.scroll_column(self._column_at(event.x), 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the column under the mouse."""
        event.stop()
        self.scroll_column(self._column_at(event.x), -3)

    def _column_at(self, x: int) -> int:
        return 1 if x >= self.left_width else 0

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        self._make(width)
        if not self.is_wide:
            return self._shown(0, y, width)
        room = self.left_width
        left = self._shown(0, y, room)
        gap = room - sum(width_of(text) for text, _ in left)
        rule: Piece = ("│ ", self.palette.faint)
        return [*left, (" " * max(0, gap), Style.null()), rule, *self._shown(1, y, width - room - 2)]

    def _shown(self, column: int, y: int, width: int) -> list[Piece]:
        lines, at = self._columns[column], self.tops[column] + y
        below = len(lines) - self.tops[column] - self.size.height
        if y == self.size.height - 1 and below > 0:
            return [(fit(f"  {below + 1:,} more lines  {self.more_key(column)}", width), self.palette.muted)]
        if at >= len(lines):
            return []
        placed = self._here
        here = placed is not None and (placed.column, placed.line) == (column, at)
        bar: Piece = ("▌" if here else " ", self.palette.cursor_bar)
        ground = self.palette.cursor if here else Style.null()
        pieces = lines[at].pieces
        if here and self.look.ansi:  # the line is reversed: a colour would be a patch in it
            return [bar, *((text, ground) for text, _ in pieces)]
        return [bar, *((text, ground + style) for text, style in pieces)]

    def _make(self, width: int) -> None:
        if self._made_for == width or not width:
            return
        self._made_for = width
        self._columns = self.columns_for(width)
        self._placed, self._sections = [], []
        begins = False
        for column, lines in enumerate(self._columns):
            for at, line in enumerate(lines):
                begins = begins or line.section
                if line.spot is None:
                    continue
                if begins:
                    self._sections.append(len(self._placed))
                self._placed.append(Placed(column, at, line.spot))
                begins = False
