"""Help: the keys of where you are, from the same list that the bindings are made from."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from funneltui.tui.actions import Action
from funneltui.tui.keymap import in_force

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

_MARKS = (
    ("!", "overdue: the follow-up, or else the expected close, has passed"),
    ("•", "due today"),
    ("~", "rotting: untouched for longer than its stage allows"),
    ("?", "no next contact is planned"),
    ("■", "marked"),
)


_KEYS = 16
"""The cells that the keys take at least."""


class Help(ModalScreen[None]):
    """Lists keys and what they do."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", show=False),
        Binding("j,down", "scroll(2)", show=False),
        Binding("k,up", "scroll(-2)", show=False),
        Binding("pagedown,space", "scroll(12)", show=False),
        Binding("pageup", "scroll(-12)", show=False),
        Binding("g,home", "scroll(-1000)", show=False),
        Binding("G,end", "scroll(1000)", show=False),
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

    def on_key(self, event: events.Key) -> None:
        """The key that has opened the help closes it too."""
        here = in_force(self.app, self.actions)
        if any(event.key in action.single_keys for action in here if action.name == "help"):
            event.stop()
            self.action_close()

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _lines(self) -> list[Content]:
        lines: list[Content] = []
        here = in_force(self.app, self.actions)
        cells = max(_KEYS, *(len(action.shown_keys) + 2 for action in here))
        for group, actions in groupby(here, key=lambda action: action.group):
            lines.append(Content.assemble(("\n" if lines else "", ""), (group, "bold")))
            lines += [
                Content.assemble((f"  {action.shown_keys:<{cells}}", "$primary bold"), action.help)
                for action in actions
            ]
        lines.append(Content.assemble("\n", ("On the cards", "bold")))
        lines += [Content.assemble((f"  {sign:<{cells}}", "$primary bold"), text) for sign, text in _MARKS]
        return lines
