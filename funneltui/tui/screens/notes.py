"""A deal's notes: a text of any length, written here or in the user's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static, TextArea

from funneltui.domain.text import clean_text
from funneltui.exchange.drafts import Draft, What
from funneltui.tui.drafts import DraftedDialog
from funneltui.tui.screens.written_dialog import WrittenDialog

if TYPE_CHECKING:
    from datetime import datetime

    from funneltui.tui.drafts import Offer


class NotesDialog(WrittenDialog, DraftedDialog[str | None]):
    """Gives the notes as they were written, or nothing when the user leaves them as they were."""

    def __init__(self, title: str, text: str, number: int, version: int, offer: Offer | None = None) -> None:
        """Show the notes of the deal of this title, number and version, or over them what a draft has typed."""
        super().__init__(offer)
        self.heading, self.about, self.text = "Notes", title, clean_text(text)
        self.number, self.version = number, version
        self._asked = False

    @property
    def first_text(self) -> str:
        """The notes, or what a draft has typed."""
        return self.offer.draft.texts["notes"] if self.offer else self.text

    @property
    def remark(self) -> str:
        """What is to be known of the draft."""
        return self.offer.remark if self.offer else ""

    def on_text_area_changed(self) -> None:
        """Keep what is written."""
        self.typed()

    def draft(self, at: datetime) -> Draft | None:
        """Give the text, if it is another one."""
        text = self.query_one(TextArea).text
        if text == self.text:
            return None
        return Draft(What.NOTES, {"notes": text}, at, number=self.number, version=self.version, title=self.about)

    def action_leave(self) -> None:
        """Leave without a trace; what was written is thrown away at the second time only."""
        if self.query_one(TextArea).text == self.text or self._asked:
            self.dismiss(None)
            return
        self._asked = True
        self.query_one(".problem", Static).update(Content("esc again throws away what you wrote; ctrl+s keeps it"))
