"""The activity dialog: what was done, as a digit, and a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.exchange.drafts import Draft, What
from funneltui.services import activities
from funneltui.tui.drafts import DraftedDialog
from funneltui.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.tui.drafts import Offer
    from funneltui.tui.theming import Look

NOTE = "note"
_CHOICES = (Choice(NOTE, "note"), Choice("call", "call"), Choice("mail", "mail"), Choice("meeting", "meeting"))


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done: "note", or how the client was contacted; and the words."""

    kind: str
    text: str


def keep_activity(context: Context, activity: Activity, number: int) -> Deal:
    """Keep an activity in the history of a deal, as a note or as a contact, and give the deal.

    Raises:
        BadInput: a note without words. NotFound, Conflict.
    """
    if activity.kind == NOTE:
        return activities.note(context, number, activity.text)
    return activities.log(context, number, activities.ContactBy(activity.kind), activity.text)


class ActivityDialog(DraftedDialog[Activity | None]):
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

    def __init__(self, look: Look, title: str, number: int = 0, offer: Offer | None = None) -> None:
        """Ask what was done on the deal of this title; with its number the words are kept as a draft meanwhile."""
        super().__init__(offer)
        self.look, self.deal_title, self.number = look, title, number

    def compose(self) -> ComposeResult:
        """Lay out the choices and the line for the words."""
        with Vertical(classes="box"):
            yield Static(Content.assemble("What was done?", (f"  {cut(self.deal_title, 38)}", "dim")), classes="title")
            yield ChoiceList(self.look, _CHOICES)
            words = Input(placeholder="a few words", select_on_focus=False, classes="words")
            words.cursor_blink = False
            yield words
            yield Static(Content.assemble(("1", "bold"), "-", ("4", "bold"), " pick, then write  ", ("↵", "bold"), " keep  ",
                                          ("esc", "bold"), " not at all"), classes="hint")  # fmt: skip

    def on_mount(self) -> None:
        """Begin with a note, which is what is written most, or where a draft was left."""
        self.query_one(ChoiceList).pick(0)
        if self.offer:
            self._write_on(self.offer.draft.texts)

    def _write_on(self, texts: Mapping[str, str]) -> None:
        kinds, words = [choice.key for choice in _CHOICES], texts.get("words", "")
        if texts.get("by") in kinds:  # once the list has its size, or it would scroll
            self.call_after_refresh(self.query_one(ChoiceList).pick, kinds.index(texts["by"]))
        field = self.query_one(Input)
        self.set_focus(field)
        field.value, field.cursor_position = words, len(words)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Keep what is written."""
        message.stop()
        self.typed()

    def draft(self, at: datetime) -> Draft | None:
        """Give the words, once there are any, and what they are about."""
        words = self.query_one(Input).value
        if not (self.number and words.strip()):
            return None
        by = self.query_one(ChoiceList).key or NOTE
        return Draft(What.NOTE, {"by": by, "words": words}, at, number=self.number, title=self.deal_title)

    def on_key(self, event: events.Key) -> None:
        """Whoever just begins to write writes a note."""
        if self.focused is not None or not event.is_printable or (event.character or "0") in "1234":
            return
        event.stop()
        field = self.query_one(Input)
        self.set_focus(field)
        field.insert_text_at_cursor(event.character or "")

    def action_pick(self, index: int) -> None:
        """Pick by digit, and go on to the words."""
        self.query_one(ChoiceList).pick(index)
        self.set_focus(self.query_one(Input))
        self.typed()

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
