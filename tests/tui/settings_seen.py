"""The settings on a screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from funneltui import config, paths
from funneltui.tui.screens.settings import SettingsScreen
from funneltui.tui.settings_state import KeyRow, SettingRow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Board, Show

MINE = """# mine
density = "comfortable"  # two lines
week_start = "sun"

[panes]
today_days = 5

[keys]
"deal.win" = "W"
"""


class Settings:
    """The settings at work over the board."""

    def __init__(self, board: Board, screen: SettingsScreen) -> None:
        self.board, self.screen = board, screen

    @property
    def row(self) -> SettingRow | KeyRow:
        """What the cursor is on."""
        row = self.screen.state.row
        assert row is not None
        return row

    def line(self, name: str) -> list[str]:
        """Give the words of the line of the screen that begins with a name."""
        return next(line[2:].split() for line in self.board.lines if line[2:].startswith(f"{name} "))

    def source(self, key: str) -> str:
        """Where a setting comes from."""
        rows = (row for row in self.screen.state.rows if isinstance(row, SettingRow))
        return next(row.source for row in rows if row.setting.key == key)

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.board.press(*keys)

    async def go_to(self, wanted: str) -> None:
        """Put the cursor on a setting, or on "screen action"."""
        state = self.screen.state
        places = {row.id: place for place, row in enumerate(state.rows) if isinstance(row, SettingRow | KeyRow)}
        here, there = (list(places).index(name) for name in (self.row.id, wanted))
        self.screen.go(there - here)
        await self.board.pilot.pause()
        assert self.row.id == wanted

    async def says(self, text: str) -> None:
        """Wait until something stands under the rows."""
        await self.board.until(lambda: text in self.screen.state.said)
        await self.board.pilot.pause()
        assert " ".join(text.split()) in " ".join(self.board.text.split())


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*config.VARIABLES, "NO_COLOR", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


def written() -> str:
    """Give what the config file says."""
    return paths.config_file().read_text(encoding="utf-8")


def says(text: str) -> None:
    """Let the config file say this."""
    paths.config_file().parent.mkdir(parents=True, exist_ok=True)
    paths.config_file().write_text(text, encoding="utf-8")


@asynccontextmanager
async def opened(
    show: Show, size: tuple[int, int] = (120, 36), *keys: str, options: dict[str, str] | None = None, **more: Any
) -> AsyncIterator[Settings]:
    """Show the settings over the board, or over where keys lead."""
    async with show(size, **more) as board:
        board.app.options = options or {}
        await board.press(*keys, "comma")
        await board.opens("SettingsScreen")
        screen = board.app.screen
        assert isinstance(screen, SettingsScreen)
        await board.until(lambda: screen.state.reading is not None)
        await board.pilot.pause()
        yield Settings(board, screen)
