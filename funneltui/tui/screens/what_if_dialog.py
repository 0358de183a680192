"""The what-if dialog: another amount, date or chance of a deal, to be looked at and not stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain import money
from funneltui.domain.deal import Deal
from funneltui.domain.text import strip_controls
from funneltui.tui.painting import fit
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_ROOM = 54
"""The cells that the deal's title has in the box."""
_FIELDS = (("amount", "amount"), ("expected_close", "expected close"), ("probability", "chance"))


class WhatIfDialog(Dialog[Deal | None]):
    """Gives the deal as it is supposed to be, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, context: Context, pipeline: Pipeline, deal: Deal) -> None:
        """Suppose something of a deal."""
        super().__init__(classes="dialog")
        self.context, self.pipeline, self.of = context, pipeline, deal

    def compose(self) -> ComposeResult:
        """Lay out the fields, as they are now."""
        stage = self.pipeline.stage(self.of.stage)
        with Vertical(classes="box"):
            what = strip_controls(f"#{self.of.number} {self.of.title}")
            title = Content.assemble(
                "What if", ("   nothing is stored", "dim"), "\n", (fit(what, _ROOM).rstrip(), "dim")
            )
            yield Static(title, classes="title")
            for name, label in _FIELDS:
                yield TypedField(self.context, self.pipeline, stage, name, label, self._text(name))
            keys = Content.assemble(
                ("tab", "bold"), " next  ", ("↵", "bold"), " look at it  ", ("esc", "bold"), " not at all",
            )  # fmt: skip
            yield Static(Content(""), classes="problem")
            yield Static(keys, classes="hint")

    def on_mount(self) -> None:
        """Let what is typed take the place of what stands in a field."""
        self.query_one(".problem").display = False
        for typed in self.query(Input):
            typed.select_on_focus = True
        self.set_focus(self.query(Input).first())

    def on_typed_field_read(self, message: TypedField.Read) -> None:
        """Take a complaint away with the next key."""
        message.stop()
        self.query_one(".problem").display = False

    def _complain(self, field: TypedField, problem: str) -> None:
        shown = self.query_one(".problem", Static)
        shown.display = True
        shown.update(Content(strip_controls(problem)))
        field.query_one(Input).focus()

    def _text(self, name: str) -> str:
        value = getattr(self.of, name)
        if value is None:
            return ""
        return money.as_typed(value, self.of.currency) if name == "amount" else str(value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter looks at it, once all can be read."""
        message.stop()
        fields = {name: self.query_one(f"#field-{name}", TypedField) for name, _ in _FIELDS}
        for field in fields.values():
            if not field.read():
                self._complain(field, field.problem)
                return
        values = {name: field.value for name, field in fields.items() if field.changed}
        if values.get("expected_close", self.of.expected_close) is None:
            self._complain(fields["expected_close"], "an open deal needs an expected close")
            return
        self.dismiss(replace(self.of, **values))  # type: ignore[arg-type]

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
