"""Two small dialogs: one of several things by its digit, and one typed line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.text import cut, strip_controls
from funneltui.errors import FunneltuiError
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from funneltui.domain.gates import Choice
    from funneltui.tui.theming import Look

_ROOM = 36


class PickDialog(Dialog[str | None]):
    """Gives the key of the choice that is picked, by its digit or with the arrows, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"pick({(digit - 1) % 10})", show=False) for digit in range(10)),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("enter", "go", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, look: Look, title: str, about: str, choices: Sequence[Choice], picked: str = "") -> None:
        """Ask for one of the choices, under a title; `about` says of what, `picked` is the key of the one that holds."""
        super().__init__(classes="dialog")
        self.look, self.heading, self.about, self.choices = look, title, about, tuple(choices)
        self._picked = picked

    def on_mount(self) -> None:
        """Begin with the choice that holds."""
        place = next(
            (place for place, one in enumerate(self.choices) if self._picked and one.key == self._picked), None
        )
        if place is not None:
            self.query_one(ChoiceList).pick(place)

    def compose(self) -> ComposeResult:
        """Lay out the choices with their digits."""
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, ("  " + cut(self.about, _ROOM), "dim")), classes="title")
            yield ChoiceList(self.look, self.choices)
            digits = f"1-{min(10, len(self.choices)) % 10}" if len(self.choices) > 1 else "1"
            keys = Content.assemble(
                (digits, "bold"), " pick  ", ("j k ↵", "bold"), " too  ", ("esc", "bold"), " not at all"
            )
            yield Static(keys, classes="hint")

    def action_pick(self, index: int) -> None:
        """Take the choice of a digit."""
        if index < len(self.choices):
            self.dismiss(self.choices[index].key)

    def action_step(self, steps: int) -> None:
        """Move the pick."""
        choices = self.query_one(ChoiceList)
        choices.pick(0 if choices.picked is None else choices.picked + steps)

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Take a choice by mouse."""
        self.dismiss(self.choices[message.index].key)

    def action_go(self) -> None:
        """Take the choice that is picked."""
        if (key := self.query_one(ChoiceList).key) is not None:
            self.dismiss(key)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


class WordsDialog(Dialog[str | None]):
    """Gives one typed line, or nothing when the user leaves; what `check` says of it is shown as it is typed.

    A text for which `check` raises one of the program's errors is not taken: it stays there to be mended.
    """

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, title: str, about: str, hint: str, check: Callable[[str], str] | None = None) -> None:
        """Ask for a line, under a title; `about` says of what, `hint` how it is written."""
        super().__init__(classes="dialog")
        self.heading, self.about, self.hint, self.check = title, about, hint, check

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, ("  " + cut(self.about, _ROOM), "dim")), classes="title")
            words = Input(placeholder=self.hint, classes="words", select_on_focus=False)
            words.cursor_blink = False
            yield words
            yield Static(Content(""), classes="quiet")
            yield Static(Content.assemble(("↵", "bold"), " set  ", ("esc", "bold"), " not at all"), classes="hint")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Say what will be done, or what is wrong with it so far."""
        message.stop()
        told, _ = self._checked(message.value)
        self._say(told, wrong=False)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it, once there is something to be done and nothing is wrong with it."""
        message.stop()
        told, wrong = self._checked(message.value)
        if wrong:
            self._say(told, wrong=True)
        elif message.value.strip():
            self.dismiss(message.value)

    def _checked(self, text: str) -> tuple[str, bool]:
        if self.check is None or not text.strip():
            return "", False
        try:
            return self.check(text), False
        except FunneltuiError as error:
            return str(error), True

    def _say(self, words: str, *, wrong: bool) -> None:
        shown = self.query_one(".quiet", Static)
        shown.set_class(wrong, "problem")
        shown.update(Content(strip_controls(words)))

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
