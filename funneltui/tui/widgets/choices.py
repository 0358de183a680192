"""Numbered choices: a digit picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.tui.painting import fit
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size

    from funneltui.domain.gates import Choice
    from funneltui.tui.theming import Look


class ChoiceList(Painted):
    """Shows choices with their digits; the owner moves the pick."""

    class Picked(Message):
        """A choice was clicked."""

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__()

    def __init__(self, look: Look, choices: tuple[Choice, ...]) -> None:
        """Show the choices, none of them picked."""
        super().__init__(look, id="choices")
        self.choices = choices
        self.picked: int | None = None
        self.top = 0

    def ask(self, choices: tuple[Choice, ...], picked: str | None = None) -> None:
        """Show other choices, the one with the key `picked` picked if there is one."""
        self.choices = choices
        self.picked = next((place for place, one in enumerate(choices) if one.key == picked), None)
        self.top = 0
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a choice, as long as the screen has room."""
        return max(1, min(len(self.choices), viewport.height - 12))

    def pick(self, index: int) -> None:
        """Pick a choice by its place, from 0."""
        self.picked = max(0, min(index, len(self.choices) - 1))
        height = max(1, self.size.height)
        self.top = min(max(self.top, self.picked - height + 1), self.picked)
        self.refresh()

    @property
    def key(self) -> str | None:
        """The key of the choice that is picked."""
        return None if self.picked is None else self.choices[self.picked].key

    def line_style(self, y: int) -> Style:
        """The picked choice has a ground of its own."""
        return self.palette.cursor if self.top + y == self.picked else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a choice."""
        index = self.top + y
        if index >= len(self.choices):
            return []
        digit = f"{(index + 1) % 10}" if index < 10 else " "
        style = self.palette.strong if index == self.picked else self.palette.text
        return [(f" {digit} ", self.palette.key), (fit(self.choices[index].name, width - 3), style)]

    def on_click(self, event: events.Click) -> None:
        """Pick the choice that was clicked."""
        if self.top + event.y < len(self.choices):
            self.post_message(self.Picked(self.top + event.y))
