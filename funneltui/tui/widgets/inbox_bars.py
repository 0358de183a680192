"""The lines around the inbox: where you are, its three tabs, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain.inbox import EntryState
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.screen_bars import HeadLine, Tab, TabsLine

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.inbox_state import InboxState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

TABS = {EntryState.WAITING: "Waiting", EntryState.DROPPED: "Dropped", EntryState.DEAL: "Deals"}
"""The tabs in their order."""

_BY_NAME = {action.name: action for action in INBOX}
_ON_ENTRIES = ("open", "deal", "drop", "restore", "mark")
_FOOTERS = {
    EntryState.WAITING: ("open", "drop", "mark", "next_tab", "new", "undo", "back", "help"),
    EntryState.DROPPED: ("restore", "mark", "previous_tab", "back", "help"),
    EntryState.DEAL: ("deal", "previous_tab", "undo", "back", "help"),
}


class InboxTop(HeadLine):
    """Where you are, what is marked; whose entries are seen, who acts, and the day."""

    def __init__(self, look: Look, state: InboxState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, context)
        self.state = state

    def where(self) -> list[Piece]:
        """Name the screen, and how many are marked."""
        marked = len(self.state.marked)
        told: list[Piece] = [("  Inbox", self.palette.strong)]
        return [*told, (f"  ■ {marked:,} marked", self.palette.marked)] if marked else told

    def who(self) -> str:
        """Say whose entries are seen, and who acts."""
        return f"{'all' if self.context.actor.scope is None else 'mine'} · {self.context.actor.name}"


class InboxTabs(TabsLine[EntryState]):
    """What waits, what was dropped, what became deals, each with how many."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: EntryState) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: InboxState) -> None:
        """Show a state."""
        super().__init__(look)
        self.state = state

    def tabs(self) -> list[Tab[EntryState]]:
        """Give the three of them."""
        state = self.state
        return [Tab(tab, name, f"{state.counts[tab]:,}" if state.loaded else "") for tab, name in TABS.items()]

    def shown_tab(self) -> EntryState:
        """Give the tab that is shown."""
        return self.state.tab

    def chosen(self, key: EntryState) -> Message:
        """Tell which one was clicked."""
        return self.Chosen(key)


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
