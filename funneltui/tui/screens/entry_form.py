"""The form of a deal that is made of an entry of the inbox: it begins with what arrived, and gives what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from funneltui.domain import money
from funneltui.domain.inbox_words import title_of
from funneltui.exchange.drafts import Draft, What
from funneltui.services.fields import Values
from funneltui.tui.screens.deal_form import DealForm
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual import events
    from textual.await_complete import AwaitComplete

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.tui.drafts import Offer


class EntryForm(DealForm):
    """Gives the values that differ from what arrived, an empty one for what was cleared; `texts` has them as typed."""

    def __init__(self, context: Context, opened: Opened, offer: Offer | None = None) -> None:
        """Show the form with an entry's values; over them what a draft has typed, and its remark."""
        pipeline = context.pipeline_of(opened.pipeline)
        super().__init__(context, pipeline, offer=offer)
        self.entry, self.begins = opened.entry, opened.values
        begins = opened.entry.stage if pipeline.key == opened.entry.pipeline else None
        self.stage = next((one for one in pipeline.stages if one.key == begins), pipeline.first)
        self.texts: dict[str, str] = {}
        self._typed: Mapping[str, str] = offer.draft.texts if offer else {}
        self._complaint = ""

    def resume(self, typed: Mapping[str, str], complaint: str) -> EntryForm:
        """Begin with what was typed before and was refused, with a complaint; where no draft is kept of it."""
        self._typed, self._complaint = typed, complaint
        return self

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
        """Give what differs from what arrived, as it was typed: a draft of the entry, so that it makes no second deal."""
        texts = self._changed()
        if not texts:
            return None
        return Draft(What.ENTRY, texts, at, self.pipeline.key, self.entry.number, title=title_of(self.entry))

    def dismiss(self, result: Values | None = None) -> AwaitComplete:
        """Close, and hold on to what was typed."""
        self.texts = self._changed()
        return super().dismiss(result)

    def _changed(self) -> dict[str, str]:
        return {field.field: field.text for field in self.query(TypedField) if field.changed}

    @property
    def _currency(self) -> str:
        return str(self.begins.get("currency") or self.pipeline.currency)

    def _text(self, name: str) -> str:
        value = self.begins.get(name)
        if name == "notes":  # the message's text is among them, which is no line to be typed
            return self.entry.texts.get("notes", "")
        if value is None:
            return ""
        if name == "amount" and isinstance(value, int):
            return money.as_typed(value, self._currency)
        return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
