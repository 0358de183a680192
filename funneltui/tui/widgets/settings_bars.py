"""The lines around the settings: which file they stand in, what is wrong with it, the two tabs."""

from __future__ import annotations

import textwrap
from itertools import accumulate
from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain import dates
from funneltui.domain.text import strip_controls
from funneltui.tui.painting import spread, width_of
from funneltui.tui.settings_state import SettingsState, Tab
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.geometry import Size

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look

_LEAST_PROBLEMS = 3
"""How many lines of problems a screen of 24 lines shows; a larger one in proportion."""


class SettingsTop(Painted):
    """The program, the config file, what is looked for; who acts, and the day."""

    def __init__(self, look: Look, state: SettingsState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, id="top")
        self.state, self.context = state, context

    def line_style(self, y: int) -> Style:
        """The bar's ground."""
        return self.palette.bar

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar."""
        palette, state = self.palette, self.state
        today = self.context.clock.today()
        left: list[Piece] = [(" funneltui", palette.key), ("  Settings", palette.strong)]
        if state.reading:
            left.append((f"  {state.reading.file.name}", palette.muted))
        if state.words.strip():
            left.append((f"  /{state.words.strip()}", palette.today))
        who, day = f"  {self.context.actor.name}", f"  {dates.echo(today, today)} "
        right = [(who, palette.text), (day, palette.muted)]
        while right and sum(width_of(text) for text, _ in (*left, *right)) > width:
            right.pop(0)
        return spread(left, right, width, palette.text)


class SettingsProblems(Painted):
    """What is wrong with the config file, each with its line; the last line tells how much more there is."""

    def __init__(self, look: Look, state: SettingsState) -> None:
        """Show a state."""
        super().__init__(look, id="problems")
        self.state = state

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take as many lines as there are, as far as they leave room for the settings."""
        return len(self._lines(width, viewport.height))

    def _lines(self, width: int, height: int) -> list[str]:
        if self.state.reading is None:
            return []
        told = [
            textwrap.wrap(strip_controls(one), max(20, width - 4), initial_indent="! ", subsequent_indent="  ")
            for one in self.state.reading.problems
        ]
        lines = [line for one in told for line in one]
        most = max(_LEAST_PROBLEMS, height // 7)
        if len(lines) <= most:
            return lines
        ends = accumulate(map(len, told))
        more = sum(end >= most for end in ends)
        return [*lines[: most - 1], f"  and {more} more: `funneltui config` and `funneltui keys` tell them all"]

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        lines = self._lines(width, self.app.size.height)
        return [(f" {lines[y]}", self.palette.overdue)] if y < len(lines) else []


class SettingsTabs(Painted):
    """The settings and the keys, each with how many of them are found; the tab that is shown stands in brackets."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: Tab) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: SettingsState) -> None:
        """Show a state."""
        super().__init__(look, id="tabs")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the tabs."""
        palette = self.palette
        pieces: list[Piece] = [(" ", palette.text)]
        for tab in Tab:
            here = tab is self.state.tab
            pieces += [
                ("[" if here else " ", palette.key), (tab.value, palette.strong if here else palette.muted),
                (self._count(tab), palette.muted), ("]" if here else " ", palette.key), (" ", palette.text),
            ]  # fmt: skip
        return pieces

    def _count(self, tab: Tab) -> str:
        return f" {self.state.counts[tab]:,}" if self.state.words.strip() else ""

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked."""
        place = 1
        for tab in Tab:
            end = place + len(tab.value) + len(self._count(tab)) + 3
            if place <= event.x < end:
                self.post_message(self.Chosen(tab))
            place = end
