"""The pipeline screen's dialogs: a name, several fields, a long text, and the changes before they are applied."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.text import clean_text, cut, strip_controls
from funneltui.tui.screens.base import Dialog
from funneltui.tui.screens.written_dialog import WrittenDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class NameDialog(Dialog[str | None]):
    """Gives one typed line, begun with what there is, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, title: str, about: str = "", text: str = "") -> None:
        """Ask for a line, under a title; `about` says of what."""
        super().__init__(classes="dialog")
        self.heading, self.about, self.text = title, about, text

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, (f"  {cut(self.about, 36)}", "dim")), classes="title")
            words = Input(strip_controls(self.text), classes="words", select_on_focus=False)
            words.cursor_blink = False
            yield words
            yield Static(Content.assemble(("↵", "bold"), " set  ", ("esc", "bold"), " not at all"), classes="hint")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter does it, once something is typed."""
        message.stop()
        if message.value.strip():
            self.dismiss(message.value)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


class LongTextDialog(WrittenDialog):
    """Gives a text of any length, or nothing when the user leaves."""

    SAVES = "set"

    def __init__(self, title: str, about: str, text: str) -> None:
        """Show a text under a title; `about` says of what."""
        super().__init__(classes="dialog")
        self.heading, self.about, self.text = title, about, clean_text(text)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


class Verdict(StrEnum):
    """What is to become of changes that are not applied yet."""

    APPLY = "apply"
    DROP = "drop"


class ChangesDialog(Dialog[Verdict | None]):
    """Shows what would change and for how many deals; gives what is to become of it, nothing to go on with it."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,w,ctrl+s", "apply", show=False),
        Binding("d", "drop", show=False),
        Binding("j,down", "scroll(2)", show=False),
        Binding("k,up", "scroll(-2)", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, name: str, words: Sequence[str], goes: Sequence[str]) -> None:
        """Show the changes of a pipeline in words, and where deals go."""
        super().__init__(classes="dialog")
        self.pipeline_name, self.words, self.goes = name, words, goes

    def compose(self) -> ComposeResult:
        """Lay out the sentences."""
        with Vertical(classes="box wide"):
            yield Static(Content.assemble("Apply this?", (f"  {cut(self.pipeline_name, 50)}", "dim")), classes="title")
            with VerticalScroll(id="rows", can_focus=False):
                lines = [Content(f"* {strip_controls(line)}") for line in self.words]
                lines += [Content.styled(f"→ {strip_controls(line)}", "$success") for line in self.goes]
                yield Static(Content("\n").join(lines))
            keys = (("↵", "bold"), " apply all of it  ", ("d", "bold"), " drop all of it  ", ("esc", "bold"), " go on")
            yield Static(Content.assemble(*keys), classes="hint")

    def action_apply(self) -> None:
        """Apply."""
        self.dismiss(Verdict.APPLY)

    def action_drop(self) -> None:
        """Drop."""
        self.dismiss(Verdict.DROP)

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Go on changing."""
        self.dismiss(None)
