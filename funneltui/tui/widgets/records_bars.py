"""The lines around the table of companies and contacts: where you are, the two tabs, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.services.record_windows import Kind
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.screen_bars import HeadLine, Tab, TabsLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.records_state import RecordsState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

_NAMES = {Kind.COMPANY: "Companies", Kind.CONTACT: "Contacts"}


class RecordsTop(HeadLine):
    """Where you are, what is looked for and marked; who acts, and the day."""

    def __init__(self, look: Look, state: RecordsState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, context)
        self.state = state

    def where(self) -> list[Piece]:
        """Name the screen, what is looked for, and how many are marked."""
        palette, state = self.palette, self.state
        told: list[Piece] = [("  Companies and contacts", palette.strong)]
        if state.words.strip():
            told.append((f"  /{state.words.strip()}", palette.today))
        if state.tab.marked:
            told.append((f"  ■ {len(state.tab.marked):,} marked", palette.marked))
        return told


class RecordTabs(TabsLine[Kind]):
    """The companies and the contacts, each with how many there are."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, kind: Kind) -> None:
            self.kind = kind
            super().__init__()

    def __init__(self, look: Look, state: RecordsState) -> None:
        """Show a state."""
        super().__init__(look)
        self.state = state

    def tabs(self) -> list[Tab[Kind]]:
        """Give the two of them."""
        state = self.state
        return [Tab(kind, name, f"{state.tabs[kind].total:,}" if state.loaded else "") for kind, name in _NAMES.items()]

    def shown_tab(self) -> Kind:
        """Give the kind that is shown."""
        return self.state.kind

    def chosen(self, key: Kind) -> Message:
        """Tell which one was clicked."""
        return self.Chosen(key)


class RecordsBottom(KeysBar):
    """The keys that matter most; at the right where in the list the cursor is."""

    def __init__(self, look: Look, state: RecordsState, actions: Sequence[Action]) -> None:
        """Show the labelled ones of these actions, and a state."""
        by_name = {action.name: action for action in actions if action.label}
        super().__init__(look, [by_name[name] for name in _FOOTER])
        self.state = state

    def note(self, width: int) -> str:
        """Tell where in the list the cursor is."""
        tab = self.state.tab
        if not tab.total:
            return "  none " if self.state.loaded else ""
        return f"  {tab.place + 1:,} of {tab.total:,} "


_FOOTER = ("open", "search", "edit", "mark", "merge", "same", "board", "help")
