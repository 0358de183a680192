"""The settings, and the keys of every action: changed where they stand, written into the config file, its comments kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.widgets import Input

from funneltui import config_writing, paths, settings
from funneltui.config import Origin
from funneltui.domain.gates import Choice
from funneltui.errors import BadInput, FunneltuiError, NotFound
from funneltui.settings import Kind
from funneltui.settings_shown import value_words
from funneltui.tui import keymap, theming
from funneltui.tui.actions import Action, bindings, key_label
from funneltui.tui.key_names import as_written
from funneltui.tui.preferences import Preferences
from funneltui.tui.screens.settings_ground import SettingsGround
from funneltui.tui.settings_actions import SETTINGS
from funneltui.tui.settings_state import AT_ONCE, KeyRow, SettingRow
from funneltui.tui.widgets.keys_bar import TYPING
from funneltui.tui.widgets.line_input import LineInput
from funneltui.tui.widgets.settings_page import INDENT, NAME, value_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events

    from funneltui.services.context import Context
    from funneltui.settings import Value
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.rows import Rows
    from funneltui.tui.worker import Worker

_TAKING = (Action("taking.keep", "escape", "keep its keys", "", ""),)


class SettingsScreen(SettingsGround):
    """Takes every key of the settings."""

    ACTIONS: ClassVar[tuple[Action, ...]] = SETTINGS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SETTINGS)]

    def __init__(self, worker: Worker, context: Context, look: Look, options: Mapping[str, str]) -> None:
        """Show what is in force; `options` are those of the command line, by the setting's key."""
        super().__init__(worker, context, look, options)
        self._field: LineInput | None = None
        self._more = False
        self._changing = asyncio.Lock()

    @property
    def program(self) -> FunnelApp:
        """The app, of which themes and keys are changed."""
        return cast("FunnelApp", self.app)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is typed no key does anything else."""
        return self._field is None

    async def action_choose(self) -> None:
        """Change the setting where it stands, or wait for another key of the action."""
        row = self.state.row
        if isinstance(row, KeyRow):
            self._wait_for_key(more=False)
        elif row is not None and row.setting.key == "theme":
            await self._choose_theme(row)
        elif row is not None and row.setting.kind is Kind.SWITCH:
            await self._set(row, row.value is False)
        elif row is not None and row.setting.kind is Kind.CHOICE:
            await self._choose_one(row)
        elif row is not None:
            await self._type(row)

    async def _choose_theme(self, row: SettingRow) -> None:
        from funneltui.tui.screens.theme_dialog import ThemeDialog

        before = self.program.look.name

        async def said(name: str | None) -> None:
            if name is not None and not await self._set(row, name):
                self.program.show_theme(before)

        await self.app.push_screen(ThemeDialog(self.program), said)

    async def _choose_one(self, row: SettingRow) -> None:
        """Take the other one of two; of more, ask which."""
        choices = row.setting.choices
        if len(choices) == 2:
            await self._set(row, choices[1 - choices.index(str(row.value))])
            return
        from funneltui.tui.screens.small_dialogs import PickDialog

        async def said(value: str | None) -> None:
            if value is not None:
                await self._set(row, value)

        offered = [Choice(one, one) for one in choices]
        await self.app.push_screen(PickDialog(self.look, row.name, "", offered, str(row.value)), said)

    async def _type(self, row: SettingRow) -> None:
        """Lay a field over the value."""
        file = self.state.reading.file if self.state.reading else None
        value = file.values.get(row.setting.key, row.value) if file else row.value
        empty = row.setting.key == "user" and row.origin is Origin.DEFAULT
        field = LineInput("" if empty else value_words(row.setting, value), classes="value")
        self._field = field
        self.place_field()
        self.show_keys(*TYPING)
        await self.mount(field)
        self.set_focus(field)

    def place_field(self) -> None:
        """Let the field lie over the value, as wide as there is room for one."""
        if self._field is not None:
            self._field.styles.offset = (INDENT + NAME, self._page.region.y + self._page.line_on_screen)
            self._field.styles.width = value_cells(self.size.width)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Say at once what is wrong with what is typed."""
        row = self.state.row
        if message.input is self._field and isinstance(row, SettingRow):
            message.stop()
            self.say(_mistake(row, message.value), wrong=True)

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Keep what was typed, once nothing is wrong with it."""
        row = self.state.row
        if message.input is not self._field or not isinstance(row, SettingRow):
            return
        message.stop()
        if _mistake(row, message.value):
            return
        await self._leave_field()
        if message.value.strip() != row.words or row.origin is not Origin.FILE:
            await self._set(row, settings.typed(row.setting, message.value))

    async def _leave_field(self) -> None:
        if self._field is not None:
            field, self._field = self._field, None
            self.set_focus(None)
            self.say("")
            self.show_keys()
            await field.remove()

    async def _set(self, row: SettingRow, value: Value) -> bool:
        """Write a setting, and let it act if it can; tell whether it was written."""
        async with self._changing:
            written = await self._write(row.setting.key, value)
            if written:
                await self._act(row.setting.key, value)
                self._tell_of(row.setting.key)
        return written

    async def action_default(self) -> None:
        """Take the setting, or the action's keys, out of the config file."""
        row = self.state.row
        if row is None:
            return
        async with self._changing:
            key = row.setting.key if isinstance(row, SettingRow) else f"keys.{row.action.id}"
            if not await self._write(key, None):
                return
            if isinstance(row, SettingRow):
                await self._act(key, row.setting.default)
                self._tell_of(key)
            else:
                self.say(f"{row.action.id} has {row.default.shown_keys} again")

    async def _write(self, key: str, value: Value | None) -> bool:
        """Write a setting or keys, or take them out with no value, and read the file again; tell whether that was done."""
        path = paths.config_file()
        try:
            if value is None:
                await self.worker.apart(config_writing.unset_value, path, key)
            else:
                await self.worker.apart(config_writing.set_value, path, key, value)
        except NotFound:
            self.say("the default is in force already")
            return False
        except FunneltuiError as error:
            self.say(str(error), wrong=True)
            return False
        return await self.read()

    def _tell_of(self, key: str) -> None:
        """Say what became of a setting; a winner over the file says so by itself."""
        row = next((one for one in self.state.rows if isinstance(one, SettingRow) and one.setting.key == key), None)
        if row is not None and not row.winner:
            shown = row.words or row.meaning
            self.say(f"{key}: {shown}, {'now' if key in AT_ONCE else 'from the next start'}")

    async def _act(self, key: str, value: Value) -> None:
        """Let a new value act, if it can while the program runs."""
        app = self.program
        if preference := AT_ONCE.get(key):
            new = getattr(Preferences.of({key: value}), preference)
            app.prefer(replace(app.preferences, **{preference: new}), written=True)
            if app.remembering is not None:
                app.remembering.said(preference, new)
        elif key == "theme":
            name = str(value)
            if not name:
                look, _ = await self.worker.apart(theming.first_look, app.folders, "", app.terminal_colors)
                name = look.name
            if name in app.looks:
                app.show_theme(name)

    def _wait_for_key(self, *, more: bool) -> None:
        """Take the next key for the action, in the place of its keys or as one more."""
        self.state.taking, self._more = True, more
        self.say("")
        self.show_keys(*_TAKING)
        self._page.refresh()

    def _stop_waiting(self) -> None:
        self.state.taking = False
        self.show_keys()
        self._page.refresh()

    async def on_key(self, event: events.Key) -> None:
        """A key that an action waits for does nothing else; escape in a field leaves the value as it was."""
        row = self.state.row
        if self.state.taking and isinstance(row, KeyRow):
            event.stop()
            event.prevent_default()
            self._stop_waiting()
            if event.key == "escape":
                self.say(f"{row.action.id} keeps {row.action.shown_keys}")
            else:
                await self._give(row, [*(row.action.single_keys if self._more else ()), event.key])
        elif event.key == "escape" and self._field is not None:
            event.stop()
            event.prevent_default()
            await self._leave_field()

    async def _give(self, row: KeyRow, keys: list[str]) -> None:
        """Give an action these keys, unless they cannot be its keys."""
        async with self._changing:
            asked = self.state.reading.file.keys if self.state.reading else {}
            text = ",".join(dict.fromkeys(map(as_written, keys)))
            refused = await self.worker.apart(keymap.refusal, asked, row.action.id, text)
            if refused:
                self.say(refused, wrong=True)
            elif await self._write(f"keys.{row.action.id}", text):
                self.say(f"{row.action.id}: {'  '.join(map(key_label, keys)) or 'no key'}, now")

    def action_add_key(self) -> None:
        """Wait for one more key of the action."""
        if isinstance(self.state.row, KeyRow):
            self._wait_for_key(more=True)
        else:
            self._tell_where_keys_are()

    async def action_no_key(self) -> None:
        """Let the action have no key."""
        if isinstance(row := self.state.row, KeyRow):
            await self._give(row, [])
        else:
            self._tell_where_keys_are()

    def _tell_where_keys_are(self) -> None:
        self.say(f"a setting has no keys{keymap.hint(self.app, 'settings.next_tab', 'shows those of the actions')}")

    async def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """A row was clicked: the cursor goes there; a second click changes it."""
        self._stop_waiting()
        await self._leave_field()
        if message.place == self.state.place:
            await self.action_choose()
        else:
            self.state.go(message.place, self._height)
            self.repaint()


def _mistake(row: SettingRow, text: str) -> str:
    """Say what is wrong with a text that is typed for a setting, if anything is."""
    try:
        settings.typed(row.setting, text)
    except BadInput as error:
        return str(error)
    return ""
