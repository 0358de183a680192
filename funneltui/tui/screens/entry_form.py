"""The form of a deal that is made of an entry of the inbox: it begins with what arrived, and gives what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from funneltui.domain import money
from funneltui.services.fields import Values
from funneltui.tui.screens.deal_form import DealForm
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual import events
    from textual.await_complete import AwaitComplete

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.drafts import Draft
    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened


class EntryForm(DealForm):
    """Gives the values that differ from what arrived, an empty one for what was cleared; `texts` has them as typed."""

    def __init__(
        self, context: Context, pipeline: Pipeline, opened: Opened, typed: Mapping[str, str], complaint: str = ""
    ) -> None:
        """Show the form with an entry's values; over them what was `typed` before that was refused with a complaint."""
        super().__init__(context, pipeline)
        self.entry, self._begins, self._typed, self._complaint = opened.entry, opened.values, typed, complaint
        begins = opened.entry.stage if pipeline.key == opened.entry.pipeline else None
        self.stage = next((one for one in pipeline.stages if one.key == begins), pipeline.first)
        self.texts: dict[str, str] = {}

    def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]
        """Begin in the first field that is missing; amounts are read in the currency that arrived."""
        event.prevent_default()  # Textual calls the handler of every class by itself
        super().on_mount()
        for field in self.query(TypedField):
            field.currency = self._currency
            field.query_one(Input).value = self._typed.get(field.field, field.first_text)
            field.read()
        if self.entry.text:
            self.query_one("#field-notes Input", Input).placeholder = "what it says comes after this"
        missing = [field for field in self.query(TypedField) if field.must and not field.text.strip()]
        if missing:
            missing[0].query_one(Input).focus()
        if self._complaint:
            self._complain(self._complaint)

    def draft(self, at: datetime) -> Draft | None:
        """Give none: the entry itself waits on; a draft would make a second deal beside it."""
        return None

    def dismiss(self, result: Values | None = None) -> AwaitComplete:
        """Close, and hold on to what was typed."""
        self.texts = {field.field: field.text for field in self.query(TypedField) if field.changed}
        return super().dismiss(result)

    @property
    def _currency(self) -> str:
        return str(self._begins.get("currency") or self.pipeline.currency)

    def _text(self, name: str) -> str:
        value = self._begins.get(name)
        if name == "notes":  # the message's text is among them, which is no line to be typed
            return self.entry.texts.get("notes", "")
        if value is None:
            return ""
        if name == "amount" and isinstance(value, int):
            return money.as_typed(value, self._currency)
        return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
