"""The line in which a filter is typed, and above it what can come next and what is wrong with it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.highlighter import Highlighter
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from funneltui.domain.filter_completion import Completion, Mistake, Vocabulary, completions
from funneltui.services import filter_values
from funneltui.tui.widgets.proposals import Proposals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from funneltui.domain.filters import Field
    from funneltui.tui.theming import Look

TYPING_PAUSE = 0.06
"""The seconds without a key after which what is typed is looked at."""

_HINT = "words, owner:me, is:overdue ...   enter keeps it, esc shows all"


class _Underline(Highlighter):
    """Underlines the place of a mistake, if there is one."""

    mistake: Mistake | None = None

    def highlight(self, text: Text) -> None:
        if self.mistake is not None:
            text.stylize("underline", self.mistake.start, self.mistake.end)


class FilterField(Input):
    """The field: it knows what can stand at its cursor, and puts it in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "take the proposal", id="filter.take", show=False),
        Binding("down", "step(1)", "the next proposal", id="filter.next", show=False),
        Binding("up", "step(-1)", "the proposal before", id="filter.previous", show=False),
        Binding("escape", "leave", "show all again", id="filter.leave", show=False),
    ]

    class Stepped(Message):
        """The text, the cursor or the proposal that is chosen is another one."""

    class Left(Message):
        """Nothing is to be filtered."""

    def __init__(self, known: Vocabulary, text: str) -> None:
        """Begin with a text, and with values that need not be asked for."""
        self._known, self._asked = dict(known), dict[str, tuple[str, int]]()
        self.completion = Completion(0, 0, ())
        self.chosen = 0
        self.underline = _Underline()
        super().__init__(text, placeholder=_HINT, highlighter=self.underline, select_on_focus=False)
        self.cursor_blink = False

    def watch_value(self) -> None:
        """Propose anew."""
        self.propose()

    def watch_selection(self) -> None:
        """Propose anew."""
        self.propose()

    def propose(self) -> None:
        """Find what can stand at the cursor."""
        self.completion = completions(self.value, self.cursor_position, self._known)
        self.chosen = 0
        self.post_message(self.Stepped())

    @property
    def wanted(self) -> tuple[Field, str] | None:
        """The field whose values the workspace should be asked for, and how they begin; none if they are known."""
        field, typed = self.completion.field, self.completion.typed
        if field not in filter_values.FIELDS:
            return None
        asked, found = self._asked.get(field.value, ("", filter_values.MOST))
        complete = found < filter_values.MOST and typed.startswith(asked)
        return None if complete or (field.value in self._asked and typed == asked) else (field, typed)

    def learn(self, field: Field, typed: str, values: Sequence[str]) -> None:
        """Take in values of a field that begin with what was typed."""
        self._known[field.value] = values
        self._asked[field.value] = (typed, len(values))
        self.propose()

    def forget(self) -> None:
        """Forget the values that were asked for: meanwhile there may be others."""
        for name in self._asked:
            self._known.pop(name, None)
        self._asked.clear()

    async def on_key(self, event: events.Key) -> None:
        """Do at once what a key does here: on its way through the app, letters typed after it would overtake it."""
        if event.is_printable:
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self and await self.app.run_action(bound.binding.action, self):
            event.stop()

    def action_step(self, steps: int) -> None:
        """Choose another proposal, round and round."""
        if self.completion.options:
            self.chosen = (self.chosen + steps) % len(self.completion.options)
            self.post_message(self.Stepped())

    def action_take(self) -> None:
        """Put the chosen proposal in."""
        if self.completion.options:
            self.value, self.cursor_position = self.completion.put_in(self.value, self.completion.options[self.chosen])

    def action_cursor_right(self, select: bool = False) -> None:
        """Go right; at the end, where there is nowhere to go, take the proposal."""
        if self.cursor_at_end and self.completion.options and not select:
            self.action_take()
        else:
            super().action_cursor_right(select)

    def action_leave(self) -> None:
        """Leave without a filter."""
        self.post_message(self.Left())


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
        self.field.chosen = event.place
        self.field.action_take()
        self.field.focus()
