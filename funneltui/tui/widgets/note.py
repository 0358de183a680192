"""A few centred lines where there is nothing else to show: what is the matter, and what to press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.tui.painting import width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from funneltui.tui.theming import Look

_KEY = re.compile(r"\[([^]]+)\]")


class Note(Painted):
    """Shows lines of our own words; what stands in brackets is a key or a command."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__(look, id="note")
        self._lines: tuple[str, ...] = ()
        self.display = False

    def say(self, *lines: str) -> None:
        """Show these lines."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line, centred both ways."""
        index = y - max(0, (self.size.height - len(self._lines)) // 2)
        if not 0 <= index < len(self._lines):
            return []
        parts = _KEY.split(self._lines[index])
        left = max(0, (width - sum(map(width_of, parts))) // 2)
        styles = (self.palette.text, self.palette.key)
        return [(" " * left, self.palette.text), *((text, styles[place % 2]) for place, text in enumerate(parts))]
