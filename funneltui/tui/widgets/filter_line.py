"""The line in which a filter is typed, and above it what can come next and what is wrong with it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from funneltui.tui.widgets.filter_field import FilterField
from funneltui.tui.widgets.proposals import Proposals

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widgets import Input

    from funneltui.domain.filter_completion import Mistake, Vocabulary
    from funneltui.domain.filters import Field
    from funneltui.tui.theming import Look

TYPING_PAUSE = 0.06
"""The seconds without a key after which what is typed is looked at."""


class FilterLine(Vertical):
    """The field with the line above it. It tells what is typed; whether that can be read, it is told."""

    class Paused(Message):
        """Nothing was typed for a moment: the text as it is, and the values of which more should be known."""

        def __init__(self, text: str, wanted: tuple[Field, str] | None) -> None:
            self.text, self.wanted = text, wanted
            super().__init__()

    class Kept(Message):
        """The text is what to filter by."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Left(Message):
        """Nothing is to be filtered."""

    def __init__(self, look: Look, known: Vocabulary, text: str = "") -> None:
        """Begin with a text, and with values that need not be asked for."""
        super().__init__(id="filter")
        self.proposals = Proposals(look)
        self.field = FilterField(known, text)
        self._mistake: Mistake | None = None
        self._mistaken = ""
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the two lines."""
        yield self.proposals
        yield Horizontal(Static(Content(" /")), self.field)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.proposals.show_look(look)

    def write(self, text: str) -> None:
        """Put another text in."""
        self.field.value = text
        self.field.cursor_position = len(text)
        self.complain(None)

    def complain(self, mistake: Mistake | None) -> None:
        """Show what is wrong with the text, or that nothing is."""
        self._mistake = mistake
        self._mistaken = self._under(mistake)
        self._repaint()

    def _under(self, mistake: Mistake | None) -> str:
        return self.field.value[mistake.start : mistake.end] if mistake else ""

    def go_to_mistake(self) -> None:
        """Put the cursor where the text is wrong."""
        if self._mistake is not None:
            self.field.cursor_position = self._mistake.end

    def _repaint(self) -> None:
        field, mistake = self.field, self._mistake
        options = field.completion.options
        if mistake is not None:
            # What can complete the term is all that it lacks: nobody needs to be told of that while he types it.
            here = mistake.start <= field.cursor_position <= mistake.end
            changed = self._under(mistake) != self._mistaken
            if changed or (here and (options or field.wanted)):
                mistake = None
        self.proposals.show(options, field.chosen, mistake.why if mistake else "")
        if field.underline.mistake != mistake:
            field.underline.mistake = mistake
            field.refresh()

    def stop_waiting(self) -> None:
        """Let a pause that has begun come to nothing."""
        if self._pause is not None:
            self._pause.stop()

    def on_filter_field_stepped(self, event: FilterField.Stepped) -> None:
        """Show what can come next, and wait for a pause."""
        event.stop()
        self._repaint()
        self.stop_waiting()
        if self.display:
            self._pause = self.set_timer(TYPING_PAUSE, self._paused)

    def _paused(self) -> None:
        self.post_message(self.Paused(self.field.value, self.field.wanted))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The field has told of it already."""
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.stop_waiting()
        self.post_message(self.Kept(event.value))

    def on_filter_field_left(self, event: FilterField.Left) -> None:
        """Show all again."""
        event.stop()
        self.stop_waiting()
        self.post_message(self.Left())

    def on_proposals_picked(self, event: Proposals.Picked) -> None:
        """A proposal was clicked: take it."""
        event.stop()
        self.field.take(event.place)
        self.field.focus()
