"""The what-if dialog: another amount, date or chance of a deal, to be looked at and not stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from funneltui.domain import money
from funneltui.domain.deal import Deal
from funneltui.domain.text import cut
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_FIELDS = (("amount", "amount"), ("expected_close", "expected close"), ("probability", "chance"))


class WhatIfDialog(ModalScreen[Deal | None]):
    """Gives the deal as it is supposed to be, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, context: Context, pipeline: Pipeline, deal: Deal) -> None:
        """Suppose something of a deal."""
        super().__init__(classes="dialog")
        self.context, self.pipeline, self.of = context, pipeline, deal

    def compose(self) -> ComposeResult:
        """Lay out the fields, as they are now."""
        stage = self.pipeline.stage(self.of.stage)
        with Vertical(classes="box"):
            yield Static(
                Content.assemble("What if", (f"  #{self.of.number} {cut(self.of.title, 42)}", "dim")), classes="title"
            )
            for name, label in _FIELDS:
                yield TypedField(self.context, self.pipeline, stage, name, label, self._text(name))
            keys = Content.assemble(
                ("tab", "bold"), " next  ", ("↵", "bold"), " look at it  ", ("esc", "bold"), " not at all",
                "   nothing is stored",
            )  # fmt: skip
            yield Static(keys, classes="hint")

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
                field.query_one(Input).focus()
                return
        values = {name: field.value for name, field in fields.items() if field.changed}
        if values.get("expected_close", self.of.expected_close) is None:
            fields["expected_close"].query_one(Input).focus()
            return
        self.dismiss(replace(self.of, **values))  # type: ignore[arg-type]

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
