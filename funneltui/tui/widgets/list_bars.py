"""The lines around the table: where you are, the tabs with their counts, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.domain import dates
from funneltui.domain.views import Column
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.table import heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events

    from funneltui.domain.views import View
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.list_state import ListState
    from funneltui.tui.theming import Look


class ListTop(Painted):
    """The program, the pipeline, the view with its sort and filter; who acts, and the day."""

    def __init__(self, look: Look, state: ListState, context: Context) -> None:
        """Show a list's state."""
        super().__init__(look, id="top")
        self.state, self.context = state, context
        self.saved: View | None = None

    def line_style(self, y: int) -> Style:
        """The bar's ground."""
        return self.palette.bar

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar."""
        palette, view = self.palette, self.state.view
        today = self.context.clock.today()
        left: list[Piece] = [
            (" funneltui", palette.key), (f"  {self.state.pipeline.name}", palette.strong), (" list", palette.muted),
        ]  # fmt: skip
        if self.saved is not None:
            changed = "" if view.is_like(self.saved) else " changed"
            left += [(f"  {self.saved.name}", palette.accent), (changed, palette.muted)]
        left.append(
            (f" · by {heading(view.sort, self.state.pipeline)} {'↓' if view.descending else '↑'}", palette.muted)
        )
        if self.state.chance_words:
            left.append((f" {self.state.chance_words}", palette.muted))
        if self.state.behind is not None:
            left.append((f"  {self.state.behind.words}", palette.accent))
        if view.filter_text:
            left.append((f"  /{view.filter_text}", palette.today))
        if self.state.marked:
            left.append((f"  ■ {len(self.state.marked):,} marked", palette.marked))
        who, day = f"  {self.context.actor.name}", f"  {dates.echo(today, today)} "
        right = [(who, palette.text), (day, palette.muted)]
        if sum(width_of(text) for text, _ in (*left, *right)) > width:
            right = right[1:]
        return spread(left, right, width, palette.text)


class Tabs(Painted):
    """All, and a tab a stage, each with how many deals it holds; the one that is shown stands in brackets."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, look: Look, state: ListState) -> None:
        """Show a list's state."""
        super().__init__(look, id="tabs")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the tabs that fit, the one that is shown among them."""
        palette = self.palette
        tabs, first = self._shown(width)
        pieces: list[Piece] = [("‹" if first else " ", palette.accent)]
        for key, name, count in tabs:
            here = key == self.state.view.tab
            style = palette.strong if here else palette.muted
            pieces += [
                ("[" if here else " ", palette.key), (name, style), (f" {count}" if count else "", palette.muted),
                ("]" if here else " ", palette.key), (" ", palette.text),
            ]  # fmt: skip
        if first + len(tabs) < len(self.state.tabs):
            pieces.append(("›", palette.accent))
        return pieces

    def _shown(self, width: int) -> tuple[list[tuple[str, str, str]], int]:
        """Give key, name and count of the tabs that fit, and the place of the first one."""
        tabs = [
            (key, name, f"{self.state.count_of(key):,}" if self.state.loaded else "") for key, name in self.state.tabs
        ]
        last = next((place for place, tab in enumerate(tabs) if tab[0] == self.state.view.tab), 0)
        first = 0
        while first < last and sum(map(_width, tabs[first : last + 1])) + 2 > width:
            first += 1
        while last + 1 < len(tabs) and sum(map(_width, tabs[first : last + 2])) + 2 <= width:
            last += 1
        return tabs[first : last + 1], first

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked."""
        place = 1
        for tab in self._shown(self.size.width)[0]:
            if place <= event.x < place + _width(tab):
                self.post_message(self.Chosen(tab[0]))
            place += _width(tab)


def _width(tab: tuple[str, str, str]) -> int:
    return width_of(tab[1]) + (len(tab[2]) + 1 if tab[2] else 0) + 3


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
