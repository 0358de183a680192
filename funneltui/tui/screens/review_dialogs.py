"""The review's two small dialogs: which stage, and one line about the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.tui.screens.base import Dialog
from funneltui.tui.screens.small_dialogs import PickDialog
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.tui.theming import Look


class StageDialog(PickDialog):
    """Gives the key of the stage that is picked, or nothing when the user leaves."""

    def __init__(self, look: Look, pipeline: Pipeline, deal: Deal) -> None:
        """Ask for the stage to which a deal moves."""
        here = deal.stage
        stages = [
            Choice(one.key, f"{one.name}  (here)" if one.key == here else one.name) for one in pipeline.board_order
        ]
        super().__init__(look, "Which stage?", deal.title, stages)


class LineDialog(Dialog[object]):
    """Gives the value of one typed field of a deal, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, context: Context, pipeline: Pipeline, deal: Deal, name: str, title: str, label: str) -> None:
        """Ask for the field `name`, under a title and beside a label."""
        super().__init__(classes="dialog")
        self.context, self.pipeline, self.deal = context, pipeline, deal
        self.field_name, self.heading, self.label = name, title, label

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        stage = self.pipeline.stage(self.deal.stage)
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, ("  " + cut(self.deal.title, 36), "dim")), classes="title")
            field = TypedField(self.context, self.pipeline, stage, self.field_name, self.label)
            field.set_class(self.field_name == "notes", "plain")
            yield field
            yield Static(Content.assemble(("↵", "bold"), " set  ", ("esc", "bold"), " not at all"), classes="hint")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it, once there is something to be done."""
        message.stop()
        field = self.query_one(TypedField)
        if field.text.strip() and field.read():
            self.dismiss(field.value)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
