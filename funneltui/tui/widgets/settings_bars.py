"""The lines around the settings: which file they stand in, what is wrong with it, the two tabs."""

from __future__ import annotations

import textwrap
from itertools import accumulate
from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain.text import strip_controls
from funneltui.tui.settings_state import SettingsState, Tab
from funneltui.tui.widgets import screen_bars as bars
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from textual.geometry import Size

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look

_LEAST_PROBLEMS = 3
"""How many lines of problems a screen of 24 lines shows; a larger one in proportion."""


class SettingsTop(bars.HeadLine):
    """Where you are, the config file, what is looked for; who acts, and the day."""

    def __init__(self, look: Look, state: SettingsState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, context)
        self.state = state

    def where(self) -> list[Piece]:
        """Name the screen, the file, and what is looked for."""
        palette, state = self.palette, self.state
        told: list[Piece] = [("  Settings", palette.strong)]
        if state.reading:
            told.append((f"  {state.reading.file.name}", palette.muted))
        if state.words.strip():
            told.append((f"  /{state.words.strip()}", palette.today))
        return told


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


class SettingsTabs(bars.TabsLine[Tab]):
    """The settings and the keys, each with how many of them are found; the tab that is shown stands in brackets."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: Tab) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: SettingsState) -> None:
        """Show a state."""
        super().__init__(look)
        self.state = state

    def tabs(self) -> list[bars.Tab[Tab]]:
        """Give all of them; with how much is found, while something is looked for."""
        state = self.state
        return [bars.Tab(tab, tab.value, f"{state.counts[tab]:,}" if state.words.strip() else "") for tab in Tab]

    def shown_tab(self) -> Tab:
        """Give the tab that is shown."""
        return self.state.tab

    def chosen(self, key: Tab) -> Message:
        """Tell which one was clicked."""
        return self.Chosen(key)
