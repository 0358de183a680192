"""The lines around the inbox: where you are, its three tabs, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain import dates
from funneltui.domain.inbox import EntryState
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.painting import spread, width_of
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.inbox_state import InboxState
    from funneltui.tui.theming import Look

TABS = {EntryState.WAITING: "Waiting", EntryState.DROPPED: "Dropped", EntryState.DEAL: "Deals"}
"""The tabs in their order."""

_BY_NAME = {action.name: action for action in INBOX}
_ON_ENTRIES = ("open", "deal", "drop", "restore", "mark")
_FOOTERS = {
    EntryState.WAITING: ("open", "drop", "mark", "next_tab", "new", "undo", "back", "help"),
    EntryState.DROPPED: ("restore", "mark", "previous_tab", "back", "help"),
    EntryState.DEAL: ("deal", "previous_tab", "undo", "back", "help"),
}


class InboxTop(Painted):
    """The program, where you are, what is marked; whose entries are seen, who acts, and the day."""

    def __init__(self, look: Look, state: InboxState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, id="top")
        self.state, self.context = state, context

    def line_style(self, y: int) -> Style:
        """The bar's ground."""
        return self.palette.bar

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar."""
        palette, actor, today = self.palette, self.context.actor, self.context.clock.today()
        left: list[Piece] = [(" funneltui", palette.key), ("  Inbox", palette.strong)]
        if self.state.marked:
            left.append((f"  ■ {len(self.state.marked):,} marked", palette.marked))
        right: list[Piece] = [
            (f"  {'all' if actor.scope is None else 'mine'} · {actor.name}", palette.text),
            (f"  {dates.echo(today, today)} ", palette.muted),
        ]  # fmt: skip
        if sum(width_of(text) for text, _ in (*left, *right)) > width:
            right = right[1:]
        return spread(left, right, width, palette.text)


class InboxTabs(Painted):
    """What waits, what was dropped, what became deals, each with how many; the tab that is shown stands in brackets."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: EntryState) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: InboxState) -> None:
        """Show a state."""
        super().__init__(look, id="tabs")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the tabs."""
        palette = self.palette
        pieces: list[Piece] = [(" ", palette.text)]
        for tab, name in TABS.items():
            here = tab is self.state.tab
            pieces += [
                ("[" if here else " ", palette.key), (name, palette.strong if here else palette.muted),
                (self._count(tab), palette.muted), ("]" if here else " ", palette.key), (" ", palette.text),
            ]  # fmt: skip
        return pieces

    def _count(self, tab: EntryState) -> str:
        return f" {self.state.counts[tab]:,}" if self.state.loaded else ""

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked."""
        place = 1
        for tab, name in TABS.items():
            end = place + len(name) + len(self._count(tab)) + 3
            if place <= event.x < end:
                self.post_message(self.Chosen(tab))
            place = end


class InboxBottom(KeysBar):
    """The keys that matter most in the tab that is shown; at the right where in the list the cursor is."""

    def __init__(self, look: Look, state: InboxState) -> None:
        """Show a state."""
        super().__init__(look, [])
        self.state = state

    def acts(self, action: Action) -> bool:
        """Where nothing is listed, only what needs no entry can act."""
        return not self.state.loaded or bool(self.state.total) or action.name not in _ON_ENTRIES

    def note(self, width: int) -> str:
        """Tell where in the list the cursor is."""
        return f"  {self.state.place + 1:,} of {self.state.total:,} " if self.state.total else ""

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the keys of the tab."""
        words = {"previous_tab": "waiting"}
        self.actions = [_BY_NAME[name].labelled(words.get(name)) for name in _FOOTERS[self.state.tab]]
        return super().pieces(y, width)
