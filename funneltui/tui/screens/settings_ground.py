"""The settings' ground: what their screen is made of, how one goes about in it; nothing here changes a setting."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from funneltui.errors import FunneltuiError
from funneltui.tui import keymap, settings_state
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH
from funneltui.tui.screens.list_ground import AIRY
from funneltui.tui.screens.searching import Searching
from funneltui.tui.screens.walking import Stepping
from funneltui.tui.settings_actions import SETTINGS
from funneltui.tui.settings_state import SettingsState, Tab
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.note import Note
from funneltui.tui.widgets.settings_bars import SettingsProblems, SettingsTabs, SettingsTop
from funneltui.tui.widgets.settings_page import SettingsDetail, SettingsPage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

_BY_NAME = {action.name: action for action in SETTINGS}
_FOOTERS = {
    Tab.SETTINGS: ("choose", "default", "next_tab", "search", "back", "help"),
    Tab.KEYS: ("choose", "add_key", "no_key", "default", "search", "back", "previous_tab", "help"),
}


class SettingsGround(Searching, Stepping):
    """Shows the settings, and the keys; reads the config file in the worker's thread."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["records.tcss", "settings.tcss"]
    AUTO_FOCUS = ""
    SEARCHES = "words of names, values, keys"
    BACK = "settings.back"

    def __init__(self, worker: Worker, context: Context, look: Look, options: Mapping[str, str]) -> None:
        """Show what is in force; `options` are those of the command line, by the setting's key."""
        super().__init__()
        self.worker, self.context, self.look, self.options = worker, context, look, options
        self.state = SettingsState()
        self._top, self._tabs = SettingsTop(look, self.state, context), SettingsTabs(look, self.state)
        self._problems = SettingsProblems(look, self.state)
        self._page, self._detail = SettingsPage(look, self.state), SettingsDetail(look, self.state)
        self._bottom = KeysBar(look, self._footer())
        self._note = Note(look)

    def compose(self) -> ComposeResult:
        """Lay out bar, tabs, problems, rows, what the one under the cursor is, keys."""
        yield from (self._top, self._tabs, self._problems, self._note, self._page, self._detail, self._bottom)

    async def on_mount(self) -> None:
        """Read the config file; what the start has told of it stands here too."""
        self.app.clear_notifications()
        await self.read()

    def on_resize(self) -> None:
        """Keep the cursor in sight; say so where there is no room."""
        small = self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(self.size.height >= AIRY, "-airy")
        self._note.display = small
        self._note.say(f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT}", f"this is {self.size.width}x{self.size.height}")
        self.call_after_refresh(self._settle)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._top, self._tabs, self._problems, self._page, self._detail, self._bottom, self._note):
            widget.show_look(look)

    async def read(self) -> bool:
        """Read the config file, and let its keys be in force; tell whether that was possible."""
        try:
            reading = await self.worker.apart(settings_state.read, self.options)
        except FunneltuiError as error:
            self.say(str(error), wrong=True)
            return False
        self.state.take(reading)
        keymap.use(self.app, reading.keymap)
        self._problems.refresh(layout=True)
        self._settle()
        return True

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Say something under the rows, until the cursor goes on."""
        self.state.say(words, wrong=wrong)
        self._detail.refresh()

    def repaint(self) -> None:
        """Paint everything; what looks as before is not sent."""
        for widget in (self._top, self._tabs, self._page, self._detail, self._bottom):
            widget.refresh()

    def _settle(self) -> None:
        """Keep the cursor in sight."""
        if self.state.spots:
            self.state.scroll_to(self.state.place, self._height)
        self.repaint()
        self.place_field()

    def place_field(self) -> None:
        """Let a field that is laid over a value stay there."""
        raise NotImplementedError

    @property
    def _height(self) -> int:
        return max(1, self._page.size.height)

    def _footer(self) -> list[Action]:
        return [_BY_NAME[name] for name in _FOOTERS[self.state.tab]]

    def show_keys(self, *actions: Action) -> None:
        """Show these keys at the bottom, or with none those of the tab."""
        self._bottom.actions = list(actions) or self._footer()
        self._bottom.refresh()

    @property
    def line_count(self) -> int:
        """How many rows the tab has."""
        return len(self.state.rows)

    @property
    def page_height(self) -> int:
        """How many rows are seen."""
        return self._height

    def go(self, steps: int) -> None:
        """Let the cursor go so many rows on."""
        self.state.step(steps, self._height)
        self._page.refresh()
        self._detail.refresh()

    def action_next_tab(self) -> None:
        """To the keys."""
        self.show_tab(Tab.KEYS)

    def action_previous_tab(self) -> None:
        """To the settings."""
        self.show_tab(Tab.SETTINGS)

    def on_settings_tabs_chosen(self, message: SettingsTabs.Chosen) -> None:
        """A tab was clicked."""
        self.show_tab(message.tab)

    def show_tab(self, tab: Tab) -> None:
        """Show the settings, or the keys."""
        self.state.say("")
        self.state.show(tab)
        self.show_keys()
        self._settle()

    @property
    def keys_bar(self) -> KeysBar:
        """The bar that gives its place to the search."""
        return self._bottom

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.state.words

    def look_for(self, words: str) -> None:
        """Show the rows that have these words."""
        self.state.look_for(words)
        self._settle()

    def action_back(self) -> None:
        """Out of the search, then to where this was opened."""
        if not self.show_all_again():
            self.dismiss(None)
