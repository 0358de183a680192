"""The follow-up dialog: a digit for the usual days, or a typed date and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from funneltui.domain import dates
from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.services.fields import Values
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.tui.theming import Look

_USUAL = (("tomorrow", "tomorrow"), ("+3d", "in three days"), ("next week", "next week"), ("2w", "in two weeks"))


class FollowUpDialog(ModalScreen[Values | None]):
    """Gives the follow-up's fields, with an empty date to take it away, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"usual({digit - 1})", show=False) for digit in range(1, len(_USUAL) + 1)),
        Binding("0", "none", show=False),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, look: Look, context: Context, pipeline: Pipeline, title: str, deal: Deal | None) -> None:
        """Ask for the next contact of the deal of this title, or of several, of which none is given."""
        super().__init__(classes="dialog")
        self.look, self.context, self.pipeline, self.deal_title = look, context, pipeline, title
        self.now = deal.follow_up if deal else None
        self.note, self.repeat = (deal.follow_up_note, deal.follow_up_repeat) if deal else ("", "")

    def compose(self) -> ComposeResult:
        """Lay out the usual days, and the fields."""
        stage, today = self.pipeline.first, self.context.clock.today()
        named = [(text, words, dates.parse_date(text, today)) for text, words in _USUAL]
        choices = tuple(Choice(text, f"{words:<16}{dates.echo(day, today)}") for text, words, day in named)
        with Vertical(classes="box"):
            yield Static(Content.assemble("Follow-up", (f"  {cut(self.deal_title, 42)}", "dim")), classes="title")
            if self.now:
                yield Static(Content(f"now {dates.echo(self.now, today)}"), classes="quiet")
            yield ChoiceList(self.look, choices)
            yield TypedField(self.context, self.pipeline, stage, "follow_up", "another day")
            yield TypedField(self.context, self.pipeline, stage, "follow_up_note", "what to do", self.note)
            yield TypedField(self.context, self.pipeline, stage, "follow_up_repeat", "again every", self.repeat)
            yield Static(self._keys(), classes="hint")

    def on_key(self, event: events.Key) -> None:
        """Whoever just begins to type a date types it into its field."""
        if self.begin_typing(event):
            event.stop()

    def begin_typing(self, event: events.Key) -> bool:
        """Take a key that begins a text, also one that was typed before the dialog stood; tell whether it was one."""
        if self.focused is not None or not event.is_printable or (event.character or "0") in "01234":
            return False
        field = self.query_one("#field-follow_up Input", Input)
        self.set_focus(field)
        field.insert_text_at_cursor(event.character or "")
        return True

    def action_usual(self, index: int) -> None:
        """Take one of the usual days, with the words as they stand."""
        self._finish(dates.parse_date(_USUAL[index][0], self.context.clock.today()))

    def action_none(self) -> None:
        """Plan nothing."""
        self.dismiss({"follow_up": None, "follow_up_note": "", "follow_up_repeat": ""})

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Take a day by mouse."""
        self.action_usual(message.index)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it, with the day typed, else the one that stood there."""
        message.stop()
        when = self.query_one("#field-follow_up", TypedField)
        if not when.read():
            when.query_one(Input).focus()
            return
        self._finish(when.value or self.now)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)

    def _finish(self, day: object) -> None:
        what = self.query_one("#field-follow_up_note", TypedField)
        again = self.query_one("#field-follow_up_repeat", TypedField)
        if not again.read():
            again.query_one(Input).focus()
            return
        self.dismiss({"follow_up": day, "follow_up_note": what.text, "follow_up_repeat": again.value or ""})

    def _keys(self) -> Content:
        return Content.assemble(
            ("1", "bold"), "-", ("4", "bold"), " day  ", ("0", "bold"), " none  ", ("tab", "bold"), " fields  ",
            ("↵", "bold"), " set  ", ("esc", "bold"), " not at all",
        )  # fmt: skip
