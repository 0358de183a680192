"""The pipeline screen's dialogs: a name, several fields, a long text, and the changes before they are applied."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from funneltui.domain.text import clean_text, cut, strip_controls
from funneltui.errors import BadInput
from funneltui.tui import editor
from funneltui.tui.painting import fit
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.domain.gates import Choice
    from funneltui.tui.theming import Look


class NameDialog(ModalScreen[str | None]):
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


class ManyList(Painted):
    """Choices of which several can be taken, those that are with a mark."""

    def __init__(self, look: Look, choices: Sequence[Choice], taken: Sequence[str]) -> None:
        """Show the choices; the taken ones first, in their order."""
        super().__init__(look, id="many")
        first = [one for key in taken for one in choices if one.key == key]
        self.choices = [*first, *(one for one in choices if one not in first)]
        self.taken = list(taken)
        self.place = self.top = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a choice, as long as the screen has room."""
        return max(1, min(len(self.choices), viewport.height - 8))

    def go(self, place: int) -> None:
        """Put the cursor on a choice."""
        self.place = max(0, min(place, len(self.choices) - 1))
        self.top = min(max(self.top, self.place - max(1, self.size.height) + 1), self.place)
        self.refresh()

    def switch(self) -> None:
        """Take the choice under the cursor, or take it no more."""
        key = self.choices[self.place].key
        if key in self.taken:
            self.taken.remove(key)
        else:
            self.taken.append(key)
        self.refresh()

    def line_style(self, y: int) -> Style:
        """The line under the cursor has a ground of its own."""
        return self.palette.cursor if self.top + y == self.place else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a choice."""
        if self.top + y >= len(self.choices):
            return []
        one = self.choices[self.top + y]
        taken = one.key in self.taken
        ink = self.palette.strong if taken else self.palette.muted
        return [(" [x] " if taken else " [ ] ", self.palette.key), (fit(one.name, width - 5), ink)]

    def on_click(self, event: events.Click) -> None:
        """Take the choice that was clicked, or take it no more."""
        if self.top + event.y < len(self.choices):
            self.go(self.top + event.y)
            self.switch()


class ManyDialog(ModalScreen[tuple[str, ...] | None]):
    """Gives the keys of the choices that are taken, in the order in which they were, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space,x", "switch", show=False),
        Binding("enter", "go", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, look: Look, title: str, about: str, choices: Sequence[Choice], taken: Sequence[str]) -> None:
        """Show choices, under a title; `about` says of what."""
        super().__init__(classes="dialog")
        self.heading, self.about = title, about
        self._list = ManyList(look, choices, taken)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, (f"  {cut(self.about, 36)}", "dim")), classes="title")
            self._list.styles.height = "auto"
            yield self._list
            keys = (("space", "bold"), " demand it  ", ("↵", "bold"), " set  ", ("esc", "bold"), " not at all")
            yield Static(Content.assemble(*keys), classes="hint")

    def action_step(self, steps: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.place + steps)

    def action_switch(self) -> None:
        """Take the choice, or take it no more."""
        self._list.switch()

    def action_go(self) -> None:
        """Give what is taken."""
        self.dismiss(tuple(self._list.taken))

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


class LongTextDialog(ModalScreen[str | None]):
    """Gives a text of any length, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+e", "editor", show=False, priority=True),
    ]

    def __init__(self, title: str, about: str, text: str) -> None:
        """Show a text under a title; `about` says of what."""
        super().__init__(classes="dialog")
        self.heading, self.about, self.text = title, about, clean_text(text)

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box wide tall"):
            yield Static(Content.assemble(self.heading, (f"  {cut(self.about, 60)}", "dim")), classes="title")
            area = TextArea(self.text, id="notes", soft_wrap=True, highlight_cursor_line=False)
            area.cursor_blink = False
            area.cursor_location = area.document.end
            yield area
            yield Static(Content(""), classes="problem")
            keys = Content.assemble(
                ("ctrl+s", "bold"), " set  ", ("ctrl+e", "bold"), " your editor  ", ("esc", "bold"), " not at all"
            )
            yield Static(keys, classes="hint")

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
        self.dismiss(None)


class Verdict(StrEnum):
    """What is to become of changes that are not applied yet."""

    APPLY = "apply"
    DROP = "drop"


class ChangesDialog(ModalScreen[Verdict | None]):
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
