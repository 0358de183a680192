"""The last line of defence: nothing that acts on a terminal leaves in a painted line, whatever widget painted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from textual.color import Color


class StripControls(LineFilter):
    """Takes control, bidirectional and invisible characters out of every line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments with harmless text."""
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(strip_controls(text), style, control) for text, style, control in segments]
