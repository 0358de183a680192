"""Help: the keys of where you are, from the same list that the bindings are made from."""

from __future__ import annotations

import textwrap
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from funneltui.tui.actions import Action
from funneltui.tui.keymap import in_force
from funneltui.tui.screens.base import Dialog

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


_MARKED = frozenset(("deal.open", "deal.edit", "review.edit"))
"""The actions of screens on which a deal is seen with its mark."""

_KEYS, _KEYS_WHERE_NARROW, _WIDE = 16, 10, 100
"""The cells that the keys take: at least, from so many columns on; below, where several stand under one another."""

_WIDEST, _AROUND, _BORDER = 92, 5, 2
"""The cells of the box, and those in it that are not for the lines: padding and the bar for scrolling; a border in ANSI."""


class Help(Dialog[None]):
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
                yield Static(Content("\n").join(self._lines()), id="lines")
            yield Static(Content.assemble(("j k", "bold"), " scroll  ", ("esc", "bold"), " back"), classes="hint")

    def on_resize(self) -> None:
        """Break the lines for another width."""
        self.query_one("#lines", Static).update(Content("\n").join(self._lines()))

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
        wide = self.app.size.width >= _WIDE
        cells = max(_KEYS, *(len(one.shown_keys) + 2 for one in here)) if wide else _KEYS_WHERE_NARROW
        for group, actions in groupby(here, key=lambda action: action.group):
            lines.append(Content.assemble(("\n" if lines else "", ""), (group, "bold")))
            for action in actions:
                lines += self._row(action.shown_keys, action.help, cells)
        if not _MARKED.isdisjoint(action.id for action in here):
            lines.append(Content.assemble("\n", ("On the cards", "bold")))
            for sign, text in _MARKS:
                lines += self._row(sign, text, cells)
        return lines

    def _row(self, keys: str, does: str, cells: int) -> list[Content]:
        """Give keys in so many cells and what they do, both broken in their own column."""
        around = _AROUND + (_BORDER if self.app.current_theme.ansi else 0)
        left = textwrap.wrap(keys, cells - 1, break_long_words=False)
        right = textwrap.wrap(does, max(10, min(self.app.size.width, _WIDEST) - around - cells - 2))
        return [
            Content.assemble((f"  {one:<{cells}}", "$primary bold"), text)
            for one, text in zip_longest(left, right, fillvalue="")
        ]
