"""Help: the keys of where you are, from the same list that the bindings are made from."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from funneltui.tui.actions import Action, key_label
from funneltui.tui.keymap import in_force

if TYPE_CHECKING:
    from textual.app import ComposeResult

_MARKS = (
    ("!", "overdue: the follow-up, or else the expected close, has passed"),
    ("•", "due today"),
    ("~", "rotting: untouched for longer than its stage allows"),
    ("?", "no next contact is planned"),
    ("■", "marked"),
)


class Help(ModalScreen[None]):
    """Lists keys and what they do."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "close", show=False),
        Binding("j,down", "scroll(2)", show=False),
        Binding("k,up", "scroll(-2)", show=False),
        Binding("pagedown,space", "scroll(12)", show=False),
        Binding("pageup", "scroll(-12)", show=False),
    ]

    def __init__(self, actions: tuple[Action, ...]) -> None:
        """Show these actions, under their groups."""
        super().__init__(classes="dialog")
        self.actions = actions

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box wide tall"):
            with VerticalScroll(id="rows", can_focus=False):
                yield Static(Content("\n").join(self._lines()))
            yield Static(Content.assemble(("j k", "bold"), " scroll  ", ("esc", "bold"), " back"), classes="hint")

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _lines(self) -> list[Content]:
        lines: list[Content] = []
        for group, actions in groupby(in_force(self.app, self.actions), key=lambda action: action.group):
            lines.append(Content.assemble(("\n" if lines else "", ""), (group, "bold")))
            for action in actions:
                keys = "  ".join(key_label(key) for key in action.keys.split(","))
                lines.append(Content.assemble((f"  {keys:<16}", "$primary bold"), action.help))
        lines.append(Content.assemble("\n", ("On the cards", "bold")))
        lines += [Content.assemble((f"  {sign:<16}", "$primary bold"), text) for sign, text in _MARKS]
        return lines
