"""The choice of a theme: the whole screen shows the one that is picked, and as it was before when the user leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.gates import Choice
from funneltui.tui.screens.small_dialogs import PickDialog
from funneltui.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look

_NAME = 13


class ThemeDialog(PickDialog):
    """Gives the name of a theme, or nothing when the user leaves."""

    def __init__(self, app: FunnelApp) -> None:
        """Offer the themes that the app's terminal can show."""
        fitting = [look for look in app.looks.values() if look.fits(app.terminal_colors)]
        choices = [Choice(look.name, f"{look.name:<{_NAME}}{look.title}") for look in fitting]
        super().__init__(app.look, "Theme", f"now {app.look.name}", choices, app.look.name)
        self._show_theme, self._before = app.show_theme, app.look.name

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        self.query_one(ChoiceList).show_look(look)

    def action_step(self, steps: int) -> None:
        """Move the pick, and show the theme."""
        super().action_step(steps)
        if (name := self.query_one(ChoiceList).key) is not None:
            self._show_theme(name)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self._show_theme(self._before)
        super().action_leave()
