"""What dialogs of a long text share: it is written here, or in the user's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from funneltui.domain.text import clean_text, cut, strip_controls
from funneltui.errors import BadInput
from funneltui.tui import editor
from funneltui.tui.screens.base import Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult


class WrittenDialog(Dialog[str | None]):
    """Gives the text as it was written, or nothing when the user leaves it as it was."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+e", "editor", show=False, priority=True),
    ]
    SAVES: ClassVar[str] = "save"
    """What ctrl+s does with the text."""

    heading: str
    about: str
    text: str

    @property
    def first_text(self) -> str:
        """What is there to begin with."""
        return self.text

    @property
    def remark(self) -> str:
        """What is said to begin with."""
        return ""

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box wide tall"):
            yield Static(Content.assemble(self.heading, (f"  {cut(self.about, 60)}", "dim")), classes="title")
            area = TextArea(self.first_text, id="notes", soft_wrap=True, highlight_cursor_line=False)
            area.cursor_blink = False
            area.cursor_location = area.document.end
            yield area
            yield Static(Content(strip_controls(self.remark)), classes="problem")
            keys = (
                ("ctrl+s", "bold"),
                f" {self.SAVES}  ",
                ("ctrl+e", "bold"),
                " your editor  ",
                ("esc", "bold"),
                " not at all",
            )
            yield Static(Content.assemble(*keys), classes="hint")

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
        """Leave without a trace."""
        raise NotImplementedError
