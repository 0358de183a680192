"""The form of a deal: new or edited, each field read as it is typed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain import money
from funneltui.domain.gates import ALWAYS, Blocked, check_new, demands_of, label_of
from funneltui.domain.text import cut, strip_controls
from funneltui.exchange.drafts import Draft, What
from funneltui.services.fields import Values, value_of
from funneltui.tui.drafts import DraftedDialog
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.tui.drafts import Offer

FIELDS = (
    "title", "company", "contact", "email", "phone", "amount", "source", "expected_close", "detail", "follow_up",
    "follow_up_note", "probability", "qualifier", "owner", "tags", "notes", "reason", "reason_note",
)  # fmt: skip
"""The fields of every deal in their order; the pipeline's own come after the qualifier."""


class DealForm(DraftedDialog[Values | None]):
    """Gives the fields that were filled or changed, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        # At once, so that keys of the same packet reach the field that they are meant for.
        Binding("enter", "enter", show=False, priority=True),
        Binding("tab,down", "app.focus_next", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self, context: Context, pipeline: Pipeline, deal: Deal | None = None, offer: Offer | None = None
    ) -> None:
        """Show the form: empty for a new deal, else filled from `deal`; over that what a draft has typed, and its remark."""
        super().__init__(offer)
        self.context, self.pipeline, self.deal = context, pipeline, deal
        self.stage: Stage = pipeline.stage(deal.stage) if deal else pipeline.first

    def compose(self) -> ComposeResult:
        """Lay out a line a field."""
        demanded = {*ALWAYS, *demands_of(self.stage)}
        with Vertical(classes="box wide"):
            title = f"Edit #{self.deal.number}" if self.deal else "New deal"
            yield Static(Content.assemble(title, ("  " + strip_controls(self.stage.name), "dim")), classes="title")
            with VerticalScroll(id="rows", can_focus=False):
                for name in self._names():
                    if self._shown(name):
                        label = label_of(self.pipeline, name)
                        yield TypedField(
                            self.context,
                            self.pipeline,
                            self.stage,
                            name,
                            label,
                            self._text(name),
                            must=name in demanded,
                        )
            yield Static(Content(""), classes="problem")
            yield Static(Content(""), classes="hint", id="options")
            yield Static(self._keys(), classes="hint")

    def on_mount(self) -> None:
        """Begin in the first field; amounts are read in the deal's own currency."""
        self.set_focus(self.query(Input).first())
        self.query_one(".problem").display = False
        if self.deal:
            for field in self.query(TypedField):
                field.currency = self.deal.currency
                field.read()
        if self.offer:
            self._type(self.offer)

    def _type(self, offer: Offer) -> None:
        """Type a draft in, as if by hand: it is read and judged anew; a text whose field is gone is told."""
        texts = offer.draft.texts
        asked = self._names()
        gone = [
            f'{label_of(self.pipeline, name)} "{cut(text, 24)}"'
            for name, text in texts.items()
            if name not in asked or not self._shown(name)
        ]
        for field in self.query(TypedField):
            text = texts.get(field.field)
            if text is not None:
                typed = field.query_one(Input)
                typed.value, typed.cursor_position = text, len(text)
        remarks = [offer.remark] if offer.remark else []
        if gone:
            remarks.append(f"not asked for any more: {', '.join(gone)}")
        if remarks:
            self._complain(". ".join(remarks))

    def on_typed_field_read(self, message: TypedField.Read) -> None:
        """Keep what is typed."""
        message.stop()
        self.typed()

    def on_typed_field_known(self, message: TypedField.Known) -> None:
        """Fill in what is known of a contact, where nothing stands yet."""
        message.stop()
        for name in ("company", "email", "phone"):
            typed = self.query_one(f"#field-{name} Input", Input)
            if not typed.value.strip():
                typed.value = getattr(message.contact, name)

    def draft(self, at: datetime) -> Draft | None:
        """Give what differs from what the form began with, as it was typed."""
        texts = {field.field: field.text for field in self.query(TypedField) if field.changed}
        if not texts:
            return None
        if self.deal is None:
            return Draft(What.NEW, texts, at, pipeline=self.pipeline.key)
        return Draft(What.EDIT, texts, at, number=self.deal.number, version=self.deal.version, title=self.deal.title)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show what can be answered where the choice is fixed."""
        field = event.widget.parent if isinstance(event.widget, Input) else None
        options = field.options if isinstance(field, TypedField) else ""
        self.query_one("#options", Static).update(Content(strip_controls(options)))

    async def action_enter(self) -> None:
        """Go to the next field, and save in the last one."""
        if self.focused is self.query(Input).last():
            await self.action_save()
        else:
            self.focus_next()

    async def action_save(self) -> None:
        """Give what was typed, if it can be read and the gate is open; else say beside each field what is wrong."""
        await self._keys_have_arrived()
        values: Values = {}
        standing: Values = {}
        first_wrong: TypedField | None = None
        for field in self.query(TypedField):
            if not field.read():
                field.complain(field.problem if field.text.strip() else "needed")
                first_wrong = first_wrong or field
            standing[field.field] = field.value
            if field.changed:
                values[field.field] = field.value
        if first_wrong is None:
            first_wrong = self._gate(standing)
        if first_wrong is not None:
            first_wrong.query_one(Input).focus()
            return
        self.dismiss(values)

    async def _keys_have_arrived(self) -> None:
        """Wait until every field has taken the keys that were pressed before this one."""
        for field in self.query(Input):
            taken = asyncio.Event()
            if field.call_later(taken.set):
                await taken.wait()

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)

    def _gate(self, standing: Values) -> TypedField | None:
        gate = check_new(self.pipeline, self.stage, standing)
        if not isinstance(gate, Blocked):
            return None
        self._complain(gate.message)
        names = {one.field for one in gate.missing}
        return next((field for field in self.query(TypedField) if field.field in names), self.query(TypedField).first())

    def _complain(self, problem: str) -> None:
        shown = self.query_one(".problem", Static)
        shown.display = True
        shown.update(Content(strip_controls(problem)))
        self.query_one("#rows").styles.max_height = "55vh"  # the keys below stay in sight on a small terminal

    def _names(self) -> tuple[str, ...]:
        place = FIELDS.index("qualifier") + 1
        return (*FIELDS[:place], *(field.key for field in self.pipeline.fields), *FIELDS[place:])

    def _shown(self, name: str) -> bool:
        if name == "detail":
            return bool(self.stage.details)
        if name in ("reason", "reason_note"):
            return self.stage.kind.value == "lost"
        return True

    def _text(self, name: str) -> str:
        if self.deal is None:
            return ""
        value = value_of(self.deal, name)
        if value is None:
            return ""
        if name == "amount" and isinstance(value, int):
            return money.as_typed(value, self.deal.currency)
        return " ".join(value) if isinstance(value, tuple) else str(value)

    def _keys(self) -> Content:
        return Content.assemble(
            ("tab", "bold"), " next  ", ("ctrl+s", "bold"), " save  ", ("esc", "bold"), " not at all   * is needed"
        )
