"""The lines around a page of figures: where you are, and what the figure under the cursor is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.tui.screens.report import ReportScreen
    from funneltui.tui.theming import Look


class ReportTop(Painted):
    """The program, the page and its pipeline, what is chosen and looked through; who acts, and the day."""

    def __init__(self, look: Look, screen: ReportScreen) -> None:
        """Show where a screen is."""
        super().__init__(look, id="top")
        self.of = screen

    def line_style(self, y: int) -> Style:
        """The bar's ground."""
        return self.palette.bar

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar."""
        palette, screen = self.palette, self.of
        left: list[Piece] = [
            (" funneltui", palette.key), (f"  {screen.TITLE}", palette.strong), (f"  {screen.pipeline.name}", palette.muted),
        ]  # fmt: skip
        if screen.state_words:
            left.append((f"  {screen.state_words}", palette.accent))
        if screen.filter_text:
            left.append((f"  /{screen.filter_text}", palette.today))
        today = screen.context.clock.today()
        scope = "all" if screen.context.actor.scope is None else "mine"
        right: list[Piece] = [
            (f"  {scope} · {screen.context.actor.name}", palette.text),
            (f"  {dates.echo(today, today)} ", palette.muted),
        ]  # fmt: skip
        if sum(width_of(text) for text, _ in (*left, *right)) > width:
            right = right[1:]
        return spread(left, right, width, palette.text)


class Says(Painted):
    """What the figure under the cursor is, in words: its number, of how many deals, its rule. Two lines at the most."""

    def __init__(self, look: Look) -> None:
        """Say nothing yet."""
        super().__init__(look, id="says")
        self._words = ""

    def say(self, words: str) -> None:
        """Say these words."""
        if words != self._words:
            self._words = words
            self.refresh()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line of the words, broken between words."""
        lines = _broken(self._words, width - 2)
        if y >= len(lines):
            return []
        rest = " ".join(lines[y:]) if y == self.size.height - 1 else lines[y]
        return [(" ", self.palette.text), (fit(rest, width - 2).rstrip(), self.palette.muted)]


def _broken(words: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(words, max(1, width)) if words else []
