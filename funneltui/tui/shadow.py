"""A shadow of the terminal's screen: of every repaint only the cells that differ are sent.

Textual sends whole segments, each with its full style; over a slow link that is what one waits for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import COLOR_SYSTEMS
from rich.segment import ControlType
from rich.style import Style
from textual._compositor import CompositorUpdate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.color import ColorSystem
    from rich.console import Console
    from rich.segment import Segment

Cell = tuple[str, Style | None]
"""What one cell shows; a text of several cells stands whole in its first one, and the others hold an empty text."""

_UNKNOWN: Cell = ("\x00", None)
_BRIDGE = 4
"""Equal cells between two differing ones are sent along when there are fewer: a jump costs about as much."""


class Shadow:
    """Remembers what the terminal shows."""

    def __init__(self) -> None:
        """Know nothing yet: the first repaint sends everything."""
        self._size = (0, 0)
        self._rows: list[list[Cell]] = []

    def forget(self) -> None:
        """Know nothing any more: after a change of size, or when something else has written on the screen."""
        self._size = (0, 0)

    def difference(self, update: CompositorUpdate, console: Console) -> str:
        """Take over an update, and give what to write so that the screen shows it."""
        size = (console.size.width, console.size.height)
        if size != self._size:
            self._size = size
            self._rows = [[_UNKNOWN] * size[0] for _ in range(size[1])]
        touched: dict[int, list[int]] = {}
        for x, y, text, style in _written(update, console):
            if 0 <= y < size[1] and 0 <= x < size[0]:
                self._take(x, y, text, style, touched)
        pen = _Pen(COLOR_SYSTEMS.get(console.color_system or ""))
        runs = [self._run(y, start, end, pen) for y, cells in touched.items() for start, end in _runs(sorted(cells))]
        return "".join([*runs, pen.put_down()])

    def _take(self, x: int, y: int, text: str, style: Style | None, touched: dict[int, list[int]]) -> None:
        """Write a text into the shadow, noting the cells that differ."""
        row, width = self._rows[y], self._size[0]
        new: list[Cell]
        if text.isascii() or (cell_len(text) == len(text) and text.isprintable()):
            new = [(character, style) for character in text]
        else:
            new = [(text, style), *[("", style)] * (cell_len(text) - 1)]
        new = new[: width - x]
        if row[x : x + len(new)] == new:
            return
        differing = touched.setdefault(y, [])
        whole = any(not shown for shown, _ in new)
        for place, cell in enumerate(new, x):
            if whole or row[place] != cell:
                row[place] = cell
                differing.append(place)

    def _run(self, y: int, start: int, end: int, pen: _Pen) -> str:
        """Give a jump and the cells from `start` up to `end`, each style said once."""
        parts = [f"\x1b[{y + 1};{start + 1}H"]
        for shown, style in self._rows[y][start:end]:
            if shown:
                parts.append(pen.turn_to(style, blank=shown == " "))
                parts.append(shown)
        return "".join(parts)


class _Pen:
    """The style in which the terminal writes at the moment: it is told only what makes a difference."""

    def __init__(self, color_system: ColorSystem | None) -> None:
        self._color_system = color_system
        self._codes = self._look_of_blanks = ""

    def turn_to(self, style: Style | None, *, blank: bool) -> str:
        """Give what changes the pen to a style; of a blank only what is seen of it counts."""
        codes, look_of_blanks = _codes(style, self._color_system)
        if look_of_blanks == self._look_of_blanks if blank else codes == self._codes:
            return ""
        self._codes, self._look_of_blanks = codes, look_of_blanks
        return f"\x1b[0;{codes}m" if codes else "\x1b[0m"

    def put_down(self) -> str:
        """Give what brings the terminal's own style back."""
        return "\x1b[0m" if self._codes else ""


class Difference(CompositorUpdate):
    """An update of which only the difference to the shadow is sent."""

    def __init__(self, shadow: Shadow, update: CompositorUpdate) -> None:
        self._shadow, self._update = shadow, update

    def render_segments(self, console: Console) -> str:
        """Give what to write to the terminal."""
        return self._shadow.difference(self._update, console)


@lru_cache(maxsize=1024)
def _codes(style: Style | None, color_system: ColorSystem | None) -> tuple[str, str]:
    """Give the terminal's codes for a style, and those for what is seen of it on a blank."""
    if style is None:
        return "", ""
    drawn_on_blanks = style.underline or style.underline2 or style.overline or style.strike or style.reverse
    seen = style if drawn_on_blanks else Style(bgcolor=style.bgcolor)
    return _rendered(style, color_system), _rendered(seen, color_system)


def _rendered(style: Style, color_system: ColorSystem | None) -> str:
    before, mark, _ = style.render("x", color_system=color_system).partition("mx")
    return before.rpartition("[")[2] if mark else ""


def _written(update: CompositorUpdate, console: Console) -> Iterator[tuple[int, int, str, Style | None]]:
    """Give the texts of an update with their places."""
    x = y = 0
    segments: Iterator[Segment] = update.__rich_console__(console, console.options)  # type: ignore[attr-defined]
    for text, style, control in segments:
        if control:
            for code in control:
                if code[0] is ControlType.CURSOR_MOVE_TO:
                    x, y = int(code[1]), int(code[2])  # type: ignore[misc]
        elif text != "\n":
            yield x, y, text, style
            x += cell_len(text)


def _runs(cells: list[int]) -> Iterator[tuple[int, int]]:
    """Give the runs that cells form, near ones bridged."""
    start = last = cells[0]
    for cell in cells[1:]:
        if cell - last > _BRIDGE:
            yield start, last + 1
            start = cell
        last = cell
    yield start, last + 1
