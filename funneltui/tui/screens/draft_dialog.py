"""The dialog that offers a draft: what was being typed, when, and whether to go on with it."""

from __future__ import annotations

from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.text import cut, strip_controls
from funneltui.exchange.drafts import Draft, What
from funneltui.tui.screens.base import Dialog

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult

    from funneltui.tui.drafts import Offer

_MOST_TEXTS = 5
_TEXT_WIDTH, _TITLE_WIDTH = 37, 20
_TYPED = {
    What.NEW: "A new deal was being typed",
    What.EDIT: "{deal} was being edited",
    What.NOTE: "A note on {deal} was being typed",
    What.NOTES: "The notes of {deal} were being typed",
    What.ENTRY: "Entry {deal} was being completed",
}
_NOT_SAVED = {
    What.NEW: "The new deal is not saved",
    What.EDIT: "The edit of {deal} is not saved",
    What.NOTE: "The note on {deal} is not saved",
    What.NOTES: "The notes of {deal} are not saved",
    What.ENTRY: "Entry {deal} is not completed",
}


class Wish(StrEnum):
    """What is to become of a draft."""

    GO_ON = "go on"
    DROP = "drop"
    LATER = "later"


class DraftDialog(Dialog[Wish]):
    """Gives what the user wishes for one draft. It comes unasked: keys on their way already are not meant for it."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "wish('go on')", show=False),
        Binding("d", "wish('drop')", show=False),
        Binding("escape", "wish('later')", show=False),
    ]

    def __init__(self, offer: Offer, now: datetime, others: int) -> None:
        """Offer a draft, or offer it again after a refusal; so many others wait behind it."""
        super().__init__(classes="dialog")
        self.offer, self.now, self.others = offer, now, others
        self._since = monotonic()

    def compose(self) -> ComposeResult:
        """Lay out what was being typed, the texts, and the keys."""
        draft = self.offer.draft
        with Vertical(classes="box"):
            yield Static(Content(self._title()), classes="title")
            if self.offer.remark:
                yield Static(Content(strip_controls(self.offer.remark) + "\n"), classes="problem")
            for label, text in texts_of(draft)[:_MOST_TEXTS]:
                with Horizontal(classes="row"):
                    yield Static(Content(label), classes="label")
                    yield Static(Content(cut(text, _TEXT_WIDTH)))
            if len(draft.texts) > _MOST_TEXTS:
                yield Static(Content(f"and {len(draft.texts) - _MOST_TEXTS} more"), classes="quiet")
            yield Static(self._keys(), classes="hint")

    def on_key(self, event: events.Key) -> None:
        """Pass by what was pressed before there was anything to answer."""
        if event.time < self._since:
            event.stop()

    def action_wish(self, wish: str) -> None:
        """Give the wish."""
        self.dismiss(Wish(wish))

    def _title(self) -> str:
        draft = self.offer.draft
        deal = f"#{draft.number} {cut(draft.title, _TITLE_WIDTH)}".rstrip()
        if self.offer.remark:
            return _NOT_SAVED[draft.what].format(deal=deal)
        return f"{_TYPED[draft.what].format(deal=deal)} {ago(draft.at, self.now)}"

    def _keys(self) -> Content:
        others = f"  {self.others} more after it" if self.others else ""
        return Content.assemble(
            ("↵", "bold"), " go on  ", ("d", "bold"), " drop it  ", ("esc", "bold"), " later", (others, "dim")
        )


def texts_of(draft: Draft) -> list[tuple[str, str]]:
    """Give what was typed, each with its label; a field that was made empty says so."""
    if draft.what is What.NOTE:
        return [(draft.texts.get("by", ""), draft.texts.get("words", ""))]
    return [
        (FIELD_LABELS.get(name, name.replace("_", " ")), text or "(made empty)") for name, text in draft.texts.items()
    ]


def ago(moment: datetime, now: datetime) -> str:
    """Give how long ago a moment was, in the largest unit that is whole: "10 min ago"."""
    minutes = int((now - moment).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} d ago"
