"""A line to type in that keeps keys in their order, however many of them come in one packet."""

from __future__ import annotations

from textual.widgets import Input


class LineInput(Input):
    """An input without a blinking cursor; enter waits for the letters that were typed before it."""

    def __init__(self, text: str = "", *, classes: str | None = None) -> None:
        """Begin with a text."""
        super().__init__(text, select_on_focus=False, classes=classes)
        self.cursor_blink = False

    async def action_submit(self) -> None:
        """Submit the text, after the letters that the app hands on: those that came before the field had the focus."""
        self.call_later(super().action_submit)
