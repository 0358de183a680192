"""A shadow of the terminal's screen: of every repaint only the cells that differ are sent.

Textual sends whole segments, each with its full style; over a slow link that is what one waits for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import COLOR_SYSTEMS
from rich.segment import ControlType
from rich.style import Style
from textual._compositor import CompositorUpdate

if TYPE_CHECKING:
    from collections.abc import Iterator

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
            if 0 <= y < size[1]:
                self._take(x, y, text, style, touched)
        color_system = COLOR_SYSTEMS.get(console.color_system or "")
        return "".join(
            self._run(y, start, end, color_system)
            for y, cells in touched.items()
            for start, end in _runs(sorted(cells))
        )

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

    def _run(self, y: int, start: int, end: int, color_system: object) -> str:
        """Give a jump and the cells from `start` up to `end`, pieces of one style together."""
        parts = [f"\x1b[{y + 1};{start + 1}H"]
        text, style = "", self._rows[y][start][1]
        for shown, its_style in self._rows[y][start:end]:
            if its_style != style:
                parts.append(_painted(text, style, color_system))
                text, style = "", its_style
            text += shown
        parts.append(_painted(text, style, color_system))
        return "".join(parts)


class Difference(CompositorUpdate):
    """An update of which only the difference to the shadow is sent."""

    def __init__(self, shadow: Shadow, update: CompositorUpdate) -> None:
        self._shadow, self._update = shadow, update

    def render_segments(self, console: Console) -> str:
        """Give what to write to the terminal."""
        return self._shadow.difference(self._update, console)


def _painted(text: str, style: Style | None, color_system: object) -> str:
    return style.render(text, color_system=color_system) if style else text  # type: ignore[arg-type]


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
