"""The lines around the table: where you are, the tabs with their counts, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain.views import Column
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.screen_bars import HeadLine, Tab, TabsLine
from funneltui.tui.widgets.table import heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.views import View
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.list_state import ListState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece


class ListTop(HeadLine):
    """The pipeline, the view with its sort and filter; who acts, and the day."""

    def __init__(self, look: Look, state: ListState, context: Context) -> None:
        """Show a list's state."""
        super().__init__(look, context)
        self.state = state
        self.saved: View | None = None

    def where(self) -> list[Piece]:
        """Name the pipeline, the view, the order, what is looked through, and how many are marked."""
        palette, state, view = self.palette, self.state, self.state.view
        told: list[Piece] = [(f"  {state.pipeline.name}", palette.strong), (" list", palette.muted)]
        if self.saved is not None:
            changed = "" if view.is_like(self.saved) else " changed"
            told += [(f"  {self.saved.name}", palette.accent), (changed, palette.muted)]
        told.append((f" · by {heading(view.sort, state.pipeline)} {'↓' if view.descending else '↑'}", palette.muted))
        if state.chance_words:
            told.append((f" {state.chance_words}", palette.muted))
        if state.behind is not None:
            told.append((f"  {state.behind.words}", palette.accent))
        if view.filter_text:
            told.append((f"  /{view.filter_text}", palette.today))
        if state.marked:
            told.append((f"  ■ {len(state.marked):,} marked", palette.marked))
        return told


class Tabs(TabsLine[str]):
    """All, and a tab a stage, each with how many deals it holds (D10)."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: ListState) -> None:
        """Show a list's state."""
        super().__init__(look)
        self.state = state

    def tabs(self) -> list[Tab[str]]:
        """Give all of them."""
        state = self.state
        return [Tab(key, name, f"{state.count_of(key):,}" if state.loaded else "") for key, name in state.tabs]

    def shown_tab(self) -> str:
        """Give the stage that is shown; all are an empty one."""
        return self.state.view.tab

    def chosen(self, key: str) -> Message:
        """Tell which one was clicked."""
        return self.Chosen(key)


class ListBottom(KeysBar):
    """The keys that matter most on the list; at the right where in the list the cursor is."""

    def __init__(self, look: Look, state: ListState, actions: Sequence[Action]) -> None:
        """Show these actions, and a list's state."""
        by_name = {action.name: action for action in actions if action.label}
        super().__init__(look, [by_name[name] for name in _FOOTER])
        self.state = state

    def note(self, width: int) -> str:
        """Tell where in the list the cursor is, and which deal that is when its title has been scrolled away."""
        state = self.state
        if not state.total:
            return "none " if state.loaded else ""
        note = f"{state.place + 1:,} of {state.total:,} "
        titled = any(placed.column is Column.TITLE for placed in state.seen_columns(width))
        if state.deal is None or titled:
            return note
        return f"{fit(state.deal.title, min(width_of(state.deal.title), width // 3)).rstrip()} · {note}"


_FOOTER = ("open", "new", "move_to", "filter", "sort", "columns", "views", "board", "help")
