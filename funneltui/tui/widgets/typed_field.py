"""A line of a form: the label, what is typed, and beside it what the program understood, or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from funneltui.domain import custom_fields, dates, money
from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.text import strip_controls
from funneltui.errors import FunneltuiError
from funneltui.services import fields
from funneltui.tui.painting import fit
from funneltui.tui.widgets.suggestions import names_for, suggester_for

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.services.records import Completion

_LABEL = 15
"""The cells of a custom field's label; a star may come after it."""


class TypedField(Horizontal):
    """One field of a deal, read by the same reader as the command line's options."""

    class Read(Message):
        """The text was changed and read again."""

    class Known(Message):
        """The name of a known contact was typed: what else is known of it."""

        def __init__(self, contact: Completion) -> None:
            self.contact = contact
            super().__init__()

    def __init__(
        self,
        context: Context,
        pipeline: Pipeline,
        stage: Stage,
        name: str,
        label: str,
        text: str = "",
        *,
        must: bool = False,
    ) -> None:
        """Show a field with the text to begin with; `must` says that it cannot be left empty."""
        self.context, self.pipeline, self.stage = context, pipeline, stage
        self.own = pipeline.field_called(name) if name not in FIELD_LABELS else None
        self.choosable = names_for(name, pipeline, stage)
        plain = self.own.kind is FieldKind.TEXT if self.own else name in fields.LINES and not self.choosable
        super().__init__(classes="row plain" if plain else "row", id=f"field-{name}")
        self.field, self.label, self.must = name, label, must
        self.first_text = strip_controls(text)
        self.currency = pipeline.currency
        self.value: object = None
        self.problem = ""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        label = fit(strip_controls(self.label), _LABEL).rstrip() if self.own else self.label
        yield Static(Content(f"{label}{' *' if self.must else ''}"), classes="label")
        self._suggester = suggester_for(self.field, self.pipeline, self.stage, self.app.worker)  # type: ignore[attr-defined]
        field = Input(
            self.first_text, placeholder=self._placeholder(), select_on_focus=False, suggester=self._suggester
        )
        field.cursor_blink = False
        yield field
        yield Static(Content(""), classes="echo")

    def on_mount(self) -> None:
        """Read what is there to begin with."""
        self.read()

    @property
    def is_date(self) -> bool:
        """Whether it is read as a date."""
        return self.own.kind is FieldKind.DATE if self.own else self.field in fields.DATES

    @property
    def options(self) -> str:
        """What can be answered where the choice is fixed, or how a date or a number is written."""
        said = [self.own.help] if self.own and self.own.help else []
        if self.choosable:
            said.append(", ".join(self.choosable))
        elif self.is_date:
            said.append("today, tomorrow, fri, +3d, 2w, eom, 15.12., 2026-12-15")
        elif self.own and self.own.kind is FieldKind.NUMBER:
            said.append("12, 12.5, 1,250, 12k")
        return ": ".join(said)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @property
    def changed(self) -> bool:
        """Whether it differs from what was there to begin with."""
        return self.text.strip() != self.first_text.strip()

    def read(self) -> bool:
        """Read the text, show what was understood or what is wrong, and tell whether it can be read."""
        self.problem, echo = "", ""
        try:
            self.value = fields.read_one(self.context, self.field, self.text, self.pipeline, self.stage, self.currency)
            echo = self._echo()
        except FunneltuiError as error:
            self.value, self.problem = None, str(error)
        if not self.problem and self.must and not self.text.strip():
            self.problem = "needed"
        shown = self.query_one(".echo", Static)
        shown.set_class(bool(self.problem) and bool(self.text.strip()), "wrong")
        text = self._short_problem() if self.problem and self.text.strip() else echo
        shown.update(Content(strip_controls(text)))
        return not self.problem

    def complain(self, problem: str) -> None:
        """Show what a rule says of this field."""
        self.problem = problem
        shown = self.query_one(".echo", Static)
        shown.add_class("wrong")
        shown.update(Content(strip_controls(problem)))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read with every key."""
        event.stop()
        self.read()
        self.post_message(self.Read())
        contact = self._suggester.chosen(self.text) if self._suggester and self.field == "contact" else None
        if contact is not None and self.changed:
            self.post_message(self.Known(contact))

    def _short_problem(self) -> str:
        if self.own and self.choosable:
            return "could be several" if "more than one" in self.problem else "no such choice"
        return "not understood" if self.is_date else self.problem.split(";")[0].split(": ", 1)[-1][:23]

    def _placeholder(self) -> str:
        if self.own and self.own.help:
            return strip_controls(self.own.help)
        if self.is_date:
            return "fri, +3d, 2w, eom, 15.12."
        if self.choosable and (self.own or self.field in ("source", "qualifier")):
            return strip_controls(", ".join(self.choosable))
        if self.own and self.own.kind is FieldKind.NUMBER:
            return "12, 12.5, 1,250"
        return {"amount": "12500, 12.5k", "tags": "words", "probability": "percent"}.get(self.field, "")

    def _echo(self) -> str:
        value = self.value
        if not self.text.strip() or value is None:
            return ""
        if self.own:
            return "" if self.own.kind is FieldKind.TEXT else f"= {self._told(self.own)}"
        if self.field in fields.DATES:
            day: date = value  # type: ignore[assignment]
            return f"= {dates.echo(day, self.context.clock.today())}"
        if self.field == "amount" and isinstance(value, int):
            return f"= {money.format_full(value, self.currency)}"
        if self.field == "source":
            return f"= {self.pipeline.source_name(str(value))}"
        if self.field == "qualifier" and self.choosable:
            return f"= {self.pipeline.qualifier_name(str(value))}"
        return ""

    def _told(self, own: CustomField) -> str:
        names = self.pipeline.choice_names(own)
        return custom_fields.told(own, str(self.value), names, self.context.clock.today())
