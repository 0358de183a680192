"""A deal's notes: a text of any length, written here or in the user's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from funneltui.domain.text import clean_text, cut, strip_controls
from funneltui.errors import BadInput
from funneltui.exchange.drafts import Draft, What
from funneltui.tui import editor
from funneltui.tui.drafts import DraftedDialog

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from funneltui.tui.drafts import Offer


class NotesDialog(DraftedDialog[str | None]):
    """Gives the notes as they were written, or nothing when the user leaves them as they were."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+e", "editor", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, number: int, version: int, offer: Offer | None = None) -> None:
        """Show the notes of the deal of this title, number and version, or over them what a draft has typed."""
        super().__init__(offer)
        self.deal_title, self.text = title, clean_text(text)
        self.number, self.version = number, version
        self._asked = False

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box wide tall"):
            yield Static(Content.assemble("Notes", (f"  {cut(self.deal_title, 60)}", "dim")), classes="title")
            typed = self.offer.draft.texts["notes"] if self.offer else self.text
            area = TextArea(typed, id="notes", soft_wrap=True, highlight_cursor_line=False)
            area.cursor_blink = False
            area.cursor_location = area.document.end
            yield area
            yield Static(Content(strip_controls(self.offer.remark) if self.offer else ""), classes="problem")
            keys = Content.assemble(
                ("ctrl+s", "bold"), " save  ", ("ctrl+e", "bold"), " your editor  ", ("esc", "bold"), " not at all"
            )
            yield Static(keys, classes="hint")

    def on_text_area_changed(self) -> None:
        """Keep what is written."""
        self.typed()

    def draft(self, at: datetime) -> Draft | None:
        """Give the text, if it is another one."""
        text = self.query_one(TextArea).text
        if text == self.text:
            return None
        return Draft(What.NOTES, {"notes": text}, at, number=self.number, version=self.version, title=self.deal_title)

    def action_save(self) -> None:
        """Give the text."""
        self.dismiss(self.query_one(TextArea).text)

    def action_editor(self) -> None:
        """Go on in the user's own editor, and come back with what it left."""
        area = self.query_one(TextArea)
        try:
            area.load_text(clean_text(editor.edited(self.app, area.text)))
        except BadInput as error:
            self.query_one(".problem", Static).update(Content(str(error)))
        area.cursor_location = area.document.end

    def action_leave(self) -> None:
        """Leave without a trace; what was written is thrown away at the second time only."""
        if self.query_one(TextArea).text == self.text or self._asked:
            self.dismiss(None)
            return
        self._asked = True
        self.query_one(".problem", Static).update(Content("esc again throws away what you wrote; ctrl+s keeps it"))
