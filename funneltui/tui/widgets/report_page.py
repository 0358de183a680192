"""A page of figures: scrolled, walked from figure to figure; one that deals stand behind can be opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events

    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition
    from funneltui.tui.theming import Look

    Builder = Callable[[Look, int], Sequence["Line"]]
    """Makes the lines of a page for a look and a width."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands behind a number that is seen: `says` what it is, of how many deals, by which rule.

    What enter opens: `opens` is the filter that lists the very deals from which the number was made, of a rate, a mean or a
    median all those that it is taken over; `numbers` are those deals, and `finds` looks up their condition, where no filter
    says it (what they were at some other time); `deal` is the one that it tells of. Without any of them `why` says why no
    deals can be listed, and `mends` names the action that helps, and what it does. `n` is how many deals are listed, if that
    is known. `key` names the figure: the cursor stays with it when the page is made anew.
    """

    key: str
    says: str
    opens: str | None = None
    n: int | None = None
    numbers: tuple[int, ...] | None = None
    finds: Callable[[Context], Condition] | None = None
    deal: int = 0
    why: str = ""
    mends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line; with a figure, the cursor stops there, but not at one that is only `drawn`, such as a bar.

    Pieces side by side with the very same figure are one stop. A click on what is drawn goes to the stop of its key. Of an
    `action`, by its id, the key in force stands before the text, and neither where it has none: such a piece comes last.
    """

    text: str
    style: Style
    figure: Figure | None = None
    drawn: bool = False
    action: str = ""


Line = list[Cell]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the page a figure stands: its line, and the first cell and the one behind its last."""

    line: int
    begin: int
    end: int
    figure: Figure

    @property
    def middle(self) -> float:
        """The middle of it, which the cursor keeps to going up and down."""
        return (self.begin + self.end) / 2

    def distance(self, x: int) -> int:
        """Give how many cells it is away from a place of its line."""
        return max(self.begin - x, x - self.end + 1, 0)


class ReportPage(Painted):
    """Paints lines that a builder makes for its width, with a cursor on one of their figures."""

    can_focus = False

    class Moved(Message):
        """The cursor stands on another figure."""

    class Chosen(Message):
        """The figure under the cursor was clicked."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__(look, id="page")
        self._build: Builder | None = None
        self._lines: list[Line] = []
        self._spots: list[Spot] = []
        self._made_for = 0
        self.place, self.top = 0, 0

    def show(self, build: Builder, first: str = "") -> None:
        """Show what a builder makes; the cursor stays with its figure, if that is there, and begins with `first`."""
        begins = self._build is None
        self._build, self._made_for = build, 0
        self._make()
        if begins and first:
            self.place = next((at for at, spot in enumerate(self._spots) if spot.figure.key == first), 0)
        self.refresh()
        self.post_message(self.Moved())

    def show_look(self, look: Look) -> None:
        """Paint with another look."""
        super().show_look(look)
        self._made_for = 0
        self._make()

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        return self._spots[self.place].figure if self._spots else None

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        self._make()
        self._scroll_to_cursor()

    def _make(self) -> None:
        width = self.size.width
        if self._build is None or not width or self._made_for == width:
            return
        here = self._spots[self.place] if self._spots else None
        self._made_for = width
        self._lines = [list(line) for line in self._build(self.look, width)]
        self._spots = [spot for at, line in enumerate(self._lines) for spot in _spots(at, line)]
        keys = [spot.figure.key for spot in self._spots]
        if here is not None and here.figure.key in keys:
            self.place = keys.index(here.figure.key)
            self.top += self._spots[self.place].line - here.line  # what came above it pushes nothing out of sight
        self.place = max(0, min(self.place, len(self._spots) - 1))
        self.top = max(0, min(self.top, len(self._lines) - self.size.height))

    def go(self, place: int) -> None:
        """Put the cursor on a figure by its place, as far as there are any."""
        place = max(0, min(place, len(self._spots) - 1))
        if self._spots and place != self.place:
            self.place = place
            self._scroll_to_cursor()
            self.refresh()
            self.post_message(self.Moved())

    def go_to(self, wanted: Callable[[Figure], bool]) -> bool:
        """Put the cursor on the first figure that is wanted; tell whether there is one."""
        found = next((at for at, spot in enumerate(self._spots) if wanted(spot.figure)), None)
        if found is not None:
            self.go(found)
        return found is not None

    def across(self, steps: int) -> None:
        """Go to the next figure, or the one before."""
        self.go(self.place + steps)

    def along(self, steps: int) -> None:
        """Go to the nearest figure of the next line, or of the line before, that has any."""
        if not self._spots:
            return
        here = self._spots[self.place]
        beyond = [spot.line for spot in self._spots if (spot.line - here.line) * steps > 0]
        if not beyond:
            self._scroll(steps)
            return
        line = min(beyond) if steps > 0 else max(beyond)
        near = (place for place, spot in enumerate(self._spots) if spot.line == line)
        self.go(min(near, key=lambda place: abs(self._spots[place].middle - here.middle)))

    def ends(self, *, last: bool) -> None:
        """Go to the first or the last figure."""
        self.go(len(self._spots) - 1 if last else 0)
        self._scroll(len(self._lines) if last else -len(self._lines))

    def page(self, steps: int) -> None:
        """Go a page on: the cursor to the nearest figure there."""
        if not self._spots:
            return
        here = self._spots[self.place]
        wanted = here.line + steps * max(1, self.size.height - 2)
        near = min(range(len(self._spots)), key=lambda place: abs(self._spots[place].line - wanted))
        self.go(near)

    def _scroll_to_cursor(self) -> None:
        if not self._spots:
            return
        line = self._spots[self.place].line
        first = 0 if line == self._spots[0].line else line  # above the first figure there are only headings
        self.top = max(0, min(self.top, first), line - self.size.height + 2)  # the last line says that there are more

    def _scroll(self, steps: int) -> None:
        top = max(0, min(self.top + steps, len(self._lines) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the figure that was clicked, or to the nearest one of its line; a second click opens it."""
        line = self.top + event.y
        places = [place for place, spot in enumerate(self._spots) if spot.line == line]
        if not places:
            return
        drawn = self._drawn_at(line, event.x)
        near = min(
            places,
            key=lambda place: (self._spots[place].figure.key != drawn, self._spots[place].distance(event.x)),
        )
        if near == self.place:
            self.post_message(self.Chosen())
        self.go(near)

    def _drawn_at(self, line: int, x: int) -> str:
        """Give the key of the figure that is drawn at a place, if one is."""
        end = 0
        for cell in self._lines[line]:
            end += width_of(cell.text)
            if x < end:
                return cell.figure.key if cell.figure is not None and cell.drawn else ""
        return ""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll."""
        event.stop()
        self._scroll(-3)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line, of lines made for this width."""
        self._make()
        at = self.top + y
        below = len(self._lines) - self.top - self.size.height
        if y == self.size.height - 1 and below > 0:
            return [(fit(f"  {below + 1:,} more lines", width), self.palette.muted)]
        if at >= len(self._lines):
            return []
        here = self._spots[self.place] if self._spots else None
        pieces: list[Piece] = []
        begin = 0
        for cell in self._lines[at]:
            on = here is not None and cell.figure is here.figure and here.line == at and here.begin <= begin < here.end
            if not cell.action:
                pieces.append((cell.text, self._under_cursor(cell.style) if on else cell.style))
            elif key := key_for(self.app, cell.action):
                pieces += [(key, self.palette.key), (f" {cell.text}", cell.style)]
            begin += width_of(cell.text)
        return pieces

    def _under_cursor(self, style: Style) -> Style:
        """Give a style under the cursor: the row's ground and a line, as a figure is small; turned round with 16 colours."""
        if self.look.ansi or self.palette.cursor.bgcolor is None:
            return style + Style(reverse=True, bold=True)
        return style + self.palette.cursor + Style(bold=True, underline=True)


def _spots(at: int, line: Line) -> list[Spot]:
    spots: list[Spot] = []
    begin = 0
    for cell in line:
        end = begin + width_of(cell.text)
        if cell.figure is not None and not cell.drawn:
            if spots and spots[-1].figure is cell.figure and spots[-1].end == begin:
                begin = spots.pop().begin
            spots.append(Spot(at, begin, end, cell.figure))
        begin = end
    return spots
