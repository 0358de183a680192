"""The follow-up dialog: a date and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from funneltui.domain import dates
from funneltui.services.fields import Values
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


class FollowUpDialog(ModalScreen[Values | None]):
    """Gives the follow-up's date and words, an empty date to take it away, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, context: Context, pipeline: Pipeline, deal: Deal) -> None:
        """Ask for a deal's next contact."""
        super().__init__(classes="dialog")
        self.context, self.pipeline, self.deal = context, pipeline, deal

    def compose(self) -> ComposeResult:
        """Lay out the two fields."""
        stage = self.pipeline.stage(self.deal.stage)
        with Vertical(classes="box"):
            yield Static(Content.assemble("Follow-up", ("  " + self.deal.title, "dim")), classes="title")
            yield TypedField(self.context, self.pipeline, stage, "follow_up", "when", "")
            note = self.deal.follow_up_note
            yield TypedField(self.context, self.pipeline, stage, "follow_up_note", "what", note)
            yield Static(self._keys(), classes="hint")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it."""
        message.stop()
        when, what = self.query(TypedField)
        if not when.read():
            when.query_one(Input).focus()
            return
        self.dismiss({"follow_up": when.value, "follow_up_note": what.text if when.value else ""})

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)

    def _keys(self) -> Content:
        day = self.deal.follow_up
        now = f"now {dates.echo(day, self.context.clock.today())}; empty: none  " if day else ""
        return Content.assemble(now, ("↵", "bold"), " set  ", ("esc", "bold"), " not at all")
