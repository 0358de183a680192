"""How the board is laid out, as the user prefers it: cards of one line or two, the panes at the side, how wide they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui import settings
from funneltui.tui.keymap import key_for
from funneltui.tui.preferences import COMFORTABLE, COMPACT
from funneltui.tui.screens.board_ground import WIDE
from funneltui.tui.screens.board_navigation import Navigation

if TYPE_CHECKING:
    from funneltui.tui.preferences import Preferences

_STEP = 4
_WIDTH = settings.BY_KEY["panes.side_width"]


class Panes(Navigation):
    """The keys that change the layout; what they change is remembered."""

    def show_preferences(self, preferences: Preferences) -> None:
        """Lay the board out by other preferences; what that shows and is not read yet, is read."""
        before, self.preferences = self.preferences, preferences
        for view in self._views.values():
            view.card_height = preferences.card_height
        if preferences.funnel is not before.funnel:
            self.show_funnel(preferences.funnel)
        if preferences.today_days != before.today_days:
            self.state.today_days = preferences.today_days
            self.soon(self.reload())
        self._lay_out()
        self.call_after_refresh(self.settle)

    def _prefer(self, preferences: Preferences) -> None:
        self.app.prefer(preferences)  # type: ignore[attr-defined]

    def action_density(self) -> None:
        """Cards of one line, or of two."""
        density = COMFORTABLE if self.preferences.density == COMPACT else COMPACT
        self._prefer(replace(self.preferences, density=density))

    def action_side(self) -> None:
        """Hide the panes at the side, or show them."""
        if self._has_room_for_a_side():
            self._today.activate(active=False)
            self._prefer(replace(self.preferences, side=not self.preferences.side))

    def action_side_wider(self) -> None:
        """Make the panes at the side wider."""
        self._widen(_STEP)

    def action_side_narrower(self) -> None:
        """Make the panes at the side narrower."""
        self._widen(-_STEP)

    def _has_room_for_a_side(self) -> bool:
        if self.cells.width < WIDE:
            today = key_for(self.app, "board.today")
            self.tell(f"from {WIDE} columns on, today and the funnel stand beside the lanes; here {today} shows today")
        return self.cells.width >= WIDE

    def _widen(self, columns: int) -> None:
        if not self._has_room_for_a_side():
            return
        if not self.has_side:
            self.tell(f"the side is hidden; {key_for(self.app, 'board.side')} shows it")
            return
        width = max(_WIDTH.least, min(self.side_width + columns, _WIDTH.most, self.most_side_width))
        if width == self.side_width:
            self.tell(f"{width} columns are the {'most' if columns > 0 else 'fewest'} that the side can have here")
            return
        self._prefer(replace(self.preferences, side_width=width))
