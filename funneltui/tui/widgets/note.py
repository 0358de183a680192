"""A few centred lines where there is nothing else to show: what is the matter, and what to press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.tui.keymap import key_for
from funneltui.tui.painting import width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from funneltui.tui.theming import Look

_KEY = re.compile(r"\[([^]]+)\]")
_ACTION = re.compile(r"[a-z]+\.[a-z_]+")


class Note(Painted):
    """Shows lines of our own words; what stands in brackets is a command, or an action's id, for which its key stands."""

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
        parts[1::2] = [key_for(self.app, part) if _ACTION.fullmatch(part) else part for part in parts[1::2]]
        if "" in parts[1::2]:  # nothing is to be pressed for it
            return []
        left = max(0, (width - sum(map(width_of, parts))) // 2)
        styles = (self.palette.text, self.palette.key)
        return [(" " * left, self.palette.text), *((text, styles[place % 2]) for place, text in enumerate(parts))]
