"""The follow-up dialog: a digit for the usual days, or a typed date and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain import dates
from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.services.fields import Values
from funneltui.settings import USUAL_DAYS
from funneltui.tui.painting import fit
from funneltui.tui.preferences import preferences_of
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from datetime import date

    from textual import events
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.tui.theming import Look

_IN_WORDS = {"+3d": "in three days", "1w": "in a week", "2w": "in two weeks", "1m": "in a month"}


class FollowUpDialog(Dialog[Values | None]):
    """Gives the follow-up's fields, with an empty date to take it away, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"usual({digit - 1})", show=False) for digit in range(1, USUAL_DAYS + 1)),
        Binding("0", "none", show=False),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(
        self,
        look: Look,
        context: Context,
        pipeline: Pipeline,
        title: str,
        deal: Deal | None,
        *,
        following: bool = False,
    ) -> None:
        """Ask for the next contact of the deal of this title, or of several, of which none is given.

        With `following` the one that is set is done with and a next one is demanded: it begins empty, none is no answer.
        """
        super().__init__(classes="dialog")
        self.look, self.context, self.pipeline, self.deal_title = look, context, pipeline, title
        self.following = following
        known = None if following else deal
        self.now = known.follow_up if known else None
        self.note, self.repeat = (known.follow_up_note, known.follow_up_repeat) if known else ("", "")

    def compose(self) -> ComposeResult:
        """Lay out the usual days, and the fields."""
        stage, today = self.pipeline.first, self.context.clock.today()
        named = [(text, fit(_IN_WORDS.get(text, text), 15), day) for text, day in self._usual_days()]
        choices = tuple(Choice(text, f"{words} {dates.echo(day, today)}") for text, words, day in named)
        with Vertical(classes="box"):
            yield Static(Content.assemble(self._heading, (f"  {cut(self.deal_title, 42)}", "dim")), classes="title")
            if self.now:
                yield Static(Content(f"now {dates.echo(self.now, today)}"), classes="quiet")
            if choices:
                yield ChoiceList(self.look, choices)
            yield TypedField(self.context, self.pipeline, stage, "follow_up", "another day")
            yield TypedField(self.context, self.pipeline, stage, "follow_up_note", "what to do", self.note)
            yield TypedField(self.context, self.pipeline, stage, "follow_up_repeat", "again every", self.repeat)
            yield Static(self._keys(), classes="hint")

    def on_key(self, event: events.Key) -> None:
        """Whoever just begins to type a date types it into its field."""
        digits = "01234"[: len(self._usual_days()) + 1]
        if self.focused is not None or not event.is_printable or (event.character or "0") in digits:
            return
        event.stop()
        field = self.query_one("#field-follow_up Input", Input)
        self.set_focus(field)
        field.insert_text_at_cursor(event.character or "")

    def action_usual(self, index: int) -> None:
        """Take one of the usual days, with the words as they stand."""
        days = self._usual_days()
        if index < len(days):
            self._finish(days[index][1])

    def _usual_days(self) -> list[tuple[str, date]]:
        """Give the days that a digit sets."""
        return list(preferences_of(self.app).usual(self.context.clock.today(), self.context.order))

    @property
    def _heading(self) -> str:
        return "Done. The next follow-up?" if self.following else "Follow-up"

    def action_none(self) -> None:
        """Plan nothing, where that is an answer."""
        if not self.following:
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
        if self.following and not when.value:
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
        last = len(self._usual_days())
        digits: list[str | tuple[str, str]] = [
            ("1", "bold"),
            *(("-", (str(last), "bold")) if last > 1 else ()),
            " day  ",
        ]
        return Content.assemble(
            *(digits if last else ()), *(() if self.following else (("0", "bold"), " none  ")), ("tab", "bold"), " fields  ",
            ("↵", "bold"), " set  ", ("esc", "bold"), " not at all",
        )  # fmt: skip
