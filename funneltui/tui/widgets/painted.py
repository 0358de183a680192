"""A light widget that paints its own lines with the theme's palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.widget import Widget

from funneltui.tui import painting

if TYPE_CHECKING:
    from textual.strip import Strip

    from funneltui.tui.theming import Look, Palette

Piece = tuple[str, Style]


class Painted(Widget):
    """Gives `pieces` of a line; the strip, its width and its background come from here."""

    def __init__(self, look: Look, *, id: str | None = None, classes: str | None = None) -> None:
        """Paint with a look until `show_look` brings another."""
        super().__init__(id=id, classes=classes)
        self.look = look
        self._ground: Style | None = None

    @property
    def palette(self) -> Palette:
        """The styles to paint with."""
        return self.look.palette

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self.look = look
        self._ground = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the ground when the style sheets change it."""
        super().notify_style_update()
        self._ground = None

    def line_style(self, y: int) -> Style:
        """Give the style under a whole line: its background."""
        return Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Give the pieces of line `y`, at most `width` cells of them."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.size.width
        if self._ground is None:  # worked out from all ancestors each time it is asked for
            self._ground = self.rich_style
        ground = self._ground + self.line_style(y)
        pieces = [(text, ground + style) for text, style in self.pieces(y, width)]
        return painting.strip(pieces, width, ground)
