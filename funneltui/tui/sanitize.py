"""The last line of defence: nothing that acts on a terminal leaves in a painted line, whatever widget painted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from funneltui.domain.text import strip_controls
from funneltui.terminal_kind import Colors

if TYPE_CHECKING:
    from textual.color import Color


def last_filters(colors: Colors, *, ascii_only: bool) -> list[LineFilter]:
    """Give the filters that every line goes through last: made harmless, then brought down to what the terminal shows."""
    filters: list[LineFilter] = [StripControls()]
    if colors is Colors.MANY:
        from funneltui.tui.fewer_colors import FewerColors

        filters.append(FewerColors())
    if ascii_only:
        from funneltui.tui.ascii import AsciiOnly

        filters.append(AsciiOnly())
    return filters


class StripControls(LineFilter):
    """Takes control, bidirectional and invisible characters out of every line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments with harmless text."""
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(strip_controls(text), style, control) for text, style, control in segments]
