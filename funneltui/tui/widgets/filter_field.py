"""The field in which a filter is typed: it knows what can stand at its cursor, and its keys put that in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.highlighter import Highlighter
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from funneltui.domain.filter_completion import Completion, Mistake, Vocabulary, completions
from funneltui.services import filter_values
from funneltui.tui.keymap import key_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text
    from textual import events

    from funneltui.domain.filters import Field

_HINT = "words, owner:me, is:overdue ...   enter keeps it"


class _Underline(Highlighter):
    """Underlines the place of a mistake, if there is one."""

    mistake: Mistake | None = None

    def highlight(self, text: Text) -> None:
        """Underline the mistake."""
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
        self._at_once = False
        self.underline = _Underline()
        super().__init__(text, placeholder=_HINT, highlighter=self.underline, select_on_focus=False)
        self.cursor_blink = False

    def on_focus(self) -> None:
        """Say which keys lead out."""
        leave = key_for(self.app, "filter.leave")
        self.placeholder = f"{_HINT}, {leave} shows all" if leave else _HINT

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
        if bound is not None and bound.node is self:
            self._at_once = True
            try:
                done = await self.app.run_action(bound.binding.action, self)
            finally:
                self._at_once = False
            if done:
                event.stop()

    def _in_turn(self, act: Callable[[], object]) -> None:
        """Do what a key asks for; one that was typed before the field stood comes by the app, and waits for its letters."""
        if self._at_once:
            act()
        else:
            self.call_later(act)

    def action_step(self, steps: int) -> None:
        """Choose another proposal, round and round."""
        self._in_turn(partial(self._step, steps))

    def _step(self, steps: int) -> None:
        if self.completion.options:
            self.chosen = (self.chosen + steps) % len(self.completion.options)
            self.post_message(self.Stepped())

    def action_take(self) -> None:
        """Put the chosen proposal in."""
        self._in_turn(self.take)

    def take(self, place: int | None = None) -> None:
        """Put the proposal of a place in, or the chosen one."""
        options = self.completion.options
        if options:
            option = options[self.chosen if place is None else place]
            self.value, self.cursor_position = self.completion.put_in(self.value, option)

    def action_cursor_right(self, select: bool = False) -> None:
        """Go right; at the end, where there is nowhere to go, take the proposal."""
        if self.cursor_at_end and self.completion.options and not select:
            self.take()
        else:
            super().action_cursor_right(select)

    async def action_submit(self) -> None:
        """Keep the filter."""
        self._in_turn(lambda: self.post_message(self.Submitted(self, self.value)))

    def action_leave(self) -> None:
        """Leave without a filter."""
        self._in_turn(lambda: self.post_message(self.Left()))
