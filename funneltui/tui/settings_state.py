"""What the settings' screen knows, without a screen: the rows of its two tabs, what is looked for, where the cursor is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from funneltui import config, config_file, paths, settings
from funneltui.config import Origin
from funneltui.domain.text import fold
from funneltui.settings_shown import meaning, origin_words, value_words, winner
from funneltui.tui import keymap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from funneltui.config_file import ConfigFile
    from funneltui.settings import Setting, Value
    from funneltui.tui.actions import Action
    from funneltui.tui.keymap import Keymap, KeyScreen


AT_ONCE = {
    "theme": "", "density": "density", "panes.side": "side", "panes.side_width": "side_width", "panes.funnel": "funnel",
    "panes.today_days": "today_days", "follow_up.usual": "usual_days", "follow_up.days_after_move": "days_after_move",
}  # fmt: skip
"""The settings whose new value is seen at once, each with the preference that it is."""


class Tab(StrEnum):
    """The two parts of the screen."""

    SETTINGS = "Settings"
    KEYS = "Keys"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with its value in force, where that comes from, and its line if the config file has it."""

    setting: Setting
    value: Value
    origin: Origin
    line: int | None

    @property
    def id(self) -> str:
        """What the cursor holds on to."""
        return self.setting.key

    @property
    def name(self) -> str:
        """Its name within its table."""
        return self.setting.key.rpartition(".")[2]

    @property
    def words(self) -> str:
        """The value as it would be typed."""
        return value_words(self.setting, self.value)

    @property
    def meaning(self) -> str:
        """What a value stands for that says nothing by itself."""
        return meaning(self.setting, self.value)

    @property
    def source(self) -> str:
        """Where the value comes from."""
        return origin_words(self.setting.key, self.origin, self.line)

    @property
    def winner(self) -> str:
        """What wins over the config file, if anything does."""
        return winner(self.setting.key, self.origin)

    @property
    def text(self) -> str:
        """What is looked through."""
        return f"{self.setting.key} {self.words} {self.setting.help} {self.setting.expected} {self.source}"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An action on a screen: with the keys in force, and with its default ones."""

    screen: KeyScreen
    action: Action
    default: Action

    @property
    def id(self) -> str:
        """What the cursor holds on to."""
        return f"{self.screen.name} {self.action.id}"

    @property
    def changed(self) -> bool:
        """Whether the keys are not the default."""
        return self.action.keys != self.default.keys

    @property
    def text(self) -> str:
        """What is looked through."""
        return f"{self.action.id} {self.action.help} {self.action.shown_keys} {self.screen.title} {self.action.group}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the rows of a table or of a screen; without words a blank one."""

    words: str = ""


Row = SettingRow | KeyRow | Heading


@dataclass(frozen=True, slots=True)
class Reading:
    """The config file as it is now, the settings in force, and the keys of every screen."""

    file: ConfigFile
    chosen: Mapping[str, tuple[Value, Origin]]
    keymap: Keymap
    screens: tuple[KeyScreen, ...]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the file, each with its line; its name is told elsewhere."""
        told = [
            *self.file.problems,
            *(self.file.told(f"keys.{one.action}", one.message) for one in self.keymap.problems),
        ]
        return [one.removeprefix(self.file.name).removeprefix(", ").removeprefix(": ") for one in told]

    def problem_of(self, action: str) -> str:
        """Say what is wrong with the keys that the file gives to an action, if anything is."""
        return next((one.message for one in self.keymap.problems if one.action == action), "")

    def places_of(self, action: str) -> list[str]:
        """Give the screens on which an action is, as a sentence goes on."""
        return [screen.where for screen in self.screens if any(one.id == action for one in screen.actions)]


def read(options: Mapping[str, str]) -> Reading:
    """Read the config file; `options` are those of the command line, by the setting's key. Not for the event loop.

    Raises:
        BadInput: a variable is set to what cannot be.
    """
    file = config_file.read(paths.config_file())
    chosen = config.resolve(file.values, user=options.get("user"), theme=options.get("theme"))
    screens = keymap.screens()
    return Reading(file, chosen, keymap.build(file.keys, screens, over_ssh=keymap.over_ssh()), screens)


@dataclass(slots=True)
class SettingsState:
    """What is shown: the tab, what is looked for, where its cursor is.

    `said` stands under the rows, `wrong` if it tells of a mistake; `taking` waits for a key that an action is to have.
    `counts` has how many settings and actions there are among those that are looked for.
    """

    reading: Reading | None = None
    tab: Tab = Tab.SETTINGS
    words: str = ""
    said: str = ""
    wrong: bool = False
    taking: bool = False
    rows: list[Row] = field(default_factory=list)
    counts: dict[Tab, int] = field(default_factory=dict)
    tops: dict[Tab, int] = field(default_factory=lambda: dict.fromkeys(Tab, 0))
    _held: dict[Tab, str] = field(default_factory=dict)

    @property
    def row(self) -> SettingRow | KeyRow | None:
        """What the cursor is on."""
        row = self.rows[self.place] if self.rows else None
        return None if isinstance(row, Heading) else row

    @property
    def place(self) -> int:
        """The cursor's line among the rows; where what it was on is not to be seen, the first."""
        held = self._held.get(self.tab, "")
        spots = self.spots
        return next((place for place in spots if _id(self.rows[place]) == held), spots[0] if spots else 0)

    @property
    def spots(self) -> list[int]:
        """The lines on which the cursor can be."""
        return [place for place, row in enumerate(self.rows) if not isinstance(row, Heading)]

    def take(self, reading: Reading) -> None:
        """Take over a reading."""
        self.reading = reading
        self._make()

    def show(self, tab: Tab) -> None:
        """Show a tab; its cursor is where it was."""
        self.tab = tab
        self._make()

    def look_for(self, words: str) -> None:
        """Look for words in both tabs."""
        self.words = words
        self.say("")
        self.tops = dict.fromkeys(Tab, 0)
        self._make()

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Say something under the rows, until the cursor goes on."""
        self.said, self.wrong = words, wrong

    def when(self, row: SettingRow) -> str:
        """Say from when on another value holds."""
        return "acts at once" if row.setting.key in AT_ONCE else "from the next start"

    def step(self, steps: int, height: int) -> None:
        """Let the cursor go so many rows on, as far as there are any."""
        spots = self.spots
        if spots:
            at = spots.index(self.place) + steps
            self.go(spots[max(0, min(at, len(spots) - 1))], height)

    def go(self, place: int, height: int) -> None:
        """Put the cursor on a row, and scroll to it in a page of so many lines; at the top to what stands above it."""
        self._held[self.tab] = _id(self.rows[place])
        self.say("")
        self.scroll_to(place, height)

    def scroll_to(self, place: int, height: int) -> None:
        """Scroll so that a row is seen, with the heading that it is the first one under."""
        above = place
        while above and isinstance(self.rows[above - 1], Heading):
            above -= 1
        top = min(max(self.tops[self.tab], place - height + 1), above)
        self.tops[self.tab] = max(0, min(top, len(self.rows) - height))

    def _make(self) -> None:
        rows = {tab: list(self._rows(tab)) for tab in Tab}
        self.rows = rows[self.tab]
        self.counts = {tab: sum(not isinstance(row, Heading) for row in rows[tab]) for tab in Tab}

    def _rows(self, tab: Tab) -> Iterator[Row]:
        if self.reading is None:
            return
        wanted = fold(self.words).split()
        every = _setting_rows(self.reading) if tab is Tab.SETTINGS else _key_rows(self.reading)
        found = (row for row in every if all(word in fold(row.text) for word in wanted))
        for place, (title, rows) in enumerate(groupby(found, key=_title)):
            if place:
                yield Heading()
            if title:
                yield Heading(title)
            yield from rows


def _setting_rows(reading: Reading) -> Iterator[SettingRow]:
    for one in settings.SETTINGS:
        value, origin = reading.chosen[one.key]
        if one.key == "user" and not value:
            value = config.login()
        yield SettingRow(one, value, origin, reading.file.line(one.key))


def _key_rows(reading: Reading) -> Iterator[KeyRow]:
    for screen in reading.screens:
        for before, now in zip(screen.actions, keymap.with_keys(screen.actions, reading.keymap.keys), strict=True):
            yield KeyRow(screen, now, before)


def _title(row: SettingRow | KeyRow) -> str:
    return row.screen.title if isinstance(row, KeyRow) else row.setting.key.rpartition(".")[0]


def _id(row: Row) -> str:
    return "" if isinstance(row, Heading) else row.id
