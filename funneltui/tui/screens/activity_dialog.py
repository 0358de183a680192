"""The activity dialog: what was done, as a digit, and a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from funneltui.tui.theming import Look

NOTE = "note"
_CHOICES = (Choice(NOTE, "note"), Choice("call", "call"), Choice("mail", "mail"), Choice("meeting", "meeting"))


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done: "note", or how the client was contacted; and the words."""

    kind: str
    text: str


class ActivityDialog(ModalScreen[Activity | None]):
    """Gives an activity, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"pick({digit - 1})", show=False) for digit in range(1, len(_CHOICES) + 1)),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("enter", "write", show=False),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, look: Look, title: str) -> None:
        """Ask what was done on the deal of this title."""
        super().__init__(classes="dialog")
        self.look, self.deal_title = look, title

    def compose(self) -> ComposeResult:
        """Lay out the choices and the line for the words."""
        with Vertical(classes="box"):
            yield Static(Content.assemble("What was done?", (f"  {cut(self.deal_title, 38)}", "dim")), classes="title")
            yield ChoiceList(self.look, _CHOICES)
            words = Input(placeholder="a few words", classes="words")
            words.cursor_blink = False
            yield words
            yield Static(Content.assemble(("1", "bold"), "-", ("4", "bold"), " pick, then write  ", ("↵", "bold"), " keep  ",
                                          ("esc", "bold"), " not at all"), classes="hint")  # fmt: skip

    def on_mount(self) -> None:
        """Begin with a note, which is what is written most."""
        self.query_one(ChoiceList).pick(0)

    def on_key(self, event: events.Key) -> None:
        """Whoever just begins to write writes a note."""
        if self.begin_typing(event):
            event.stop()

    def begin_typing(self, event: events.Key) -> bool:
        """Take a key that begins a text, also one that was typed before the dialog stood; tell whether it was one."""
        if self.focused is not None or not event.is_printable or (event.character or "0") in "1234":
            return False
        field = self.query_one(Input)
        self.set_focus(field)
        field.insert_text_at_cursor(event.character or "")
        return True

    def action_pick(self, index: int) -> None:
        """Pick by digit, and go on to the words."""
        self.query_one(ChoiceList).pick(index)
        self.set_focus(self.query_one(Input))

    def action_step(self, steps: int) -> None:
        """Move the pick."""
        choices = self.query_one(ChoiceList)
        choices.pick((choices.picked or 0) + steps)

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Pick by mouse."""
        self.action_pick(message.index)

    def action_write(self) -> None:
        """Go on to the words."""
        self.set_focus(self.query_one(Input))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter keeps it; a note without words is none."""
        message.stop()
        kind, text = self.query_one(ChoiceList).key or NOTE, message.value.strip()
        if text or kind != NOTE:
            self.dismiss(Activity(kind, text))

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
