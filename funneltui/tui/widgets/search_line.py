"""The line in which one types what to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from funneltui.tui.keymap import key_for
from funneltui.tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult


class SearchLine(Horizontal):
    """The line in which one types what is looked for; keys that are no text reach the list."""

    class Typed(Message):
        """The text has changed."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Kept(Message):
        """The text is what to look for."""

    def __init__(self, text: str, what: str, back: str) -> None:
        """Begin with a text; `what` says of what words are looked for, `back` is the action that shows all again."""
        super().__init__(id="search")
        self.what, self.back = what, back
        self.field = LineInput(text)

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(Content(" /"))
        yield self.field

    def on_descendant_focus(self) -> None:
        """Say which keys lead out."""
        back = key_for(self.app, self.back)
        self.field.placeholder = f"{self.what}   enter keeps them{f', {back} shows all' if back else ''}"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it."""
        event.stop()
        self.post_message(self.Kept())
