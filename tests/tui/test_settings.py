"""The settings by key: seen with where they come from, changed where they stand; and the keys of every action."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from funneltui import config, paths, settings
from funneltui.domain.deal import Outcome
from funneltui.tui.preferences import Remembering
from funneltui.tui.screens.settings import SettingsScreen
from funneltui.tui.settings_state import KeyRow, SettingRow, Tab
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Board, Shop, Show

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


# What is seen


async def test_every_setting_stands_under_its_table_with_its_value(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show) as at:
        assert at.line("density") == ["density", "comfortable", "line", "2"]
        assert at.line("mouse") == ["mouse", "yes", "default"]
        assert at.line("today_days") == ["today_days", "5", "line", "6"]
        assert at.line("usual") == ["usual", "tomorrow,", "+3d,", "next", "week,", "2w", "default"]
        assert at.line("side_width")[:3] == ["side_width", "what", "fits"]
        names = [row.name for row in at.screen.state.rows if isinstance(row, SettingRow)]
        assert names == [one.key.rpartition(".")[2] for one in settings.SETTINGS]
        assert [line.strip() for line in at.board.lines if line.strip() in ("panes", "follow_up")] == [
            "panes",
            "follow_up",
        ]


async def test_a_line_of_help_under_the_cursor_says_what_it_is_for_and_may_be(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("panes.today_days")
        assert "How many days ahead today's follow-ups reach." in at.board.text
        assert "a whole number from 1 to 90  ·  by default 7  ·  acts at once" in at.board.text
        await at.go_to("date_order")
        assert "dmy, mdy or ymd  ·  by default dmy  ·  from the next start" in at.board.text


async def test_a_variable_or_an_option_that_wins_says_so(
    shop: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNNELTUI_DATE_ORDER", "ymd")
    async with opened(show, options={"theme": "day"}) as at:
        assert at.line("theme") == ["theme", "day", "--theme"]
        assert "--theme is given and wins over the config file" in at.board.text
        await at.go_to("date_order")
        assert at.line("date_order") == ["date_order", "ymd", "FUNNELTUI_DATE_ORDER"]
        assert "FUNNELTUI_DATE_ORDER is set and wins over the config file" in at.board.text


async def test_without_colours_the_theme_is_said_to_be_mono_and_why(
    shop: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(show) as at:
        assert at.line("theme") == ["theme", "mono:", "NO_COLOR", "is", "set", "default"]
        await at.go_to("theme")
        assert "NO_COLOR is set and wins over every theme: mono is shown" in at.board.text


async def test_what_is_wrong_with_the_file_stands_at_the_top_with_its_lines(shop: Shop, show: Show) -> None:
    says('densty = "x"\n[keys]\n"deal.win" = "x"\n')
    async with opened(show) as at:
        assert '! line 1: there is no setting "densty"; did you mean "density"?; ignored' in at.board.text
        assert (
            "! line 3: deal.win cannot have x: on the board it belongs to deal.lose; deal.win keeps w" in at.board.text
        )


async def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are(shop: Shop, show: Show) -> None:
    says("".join(f"wrong_{number} = 1\n" for number in range(9)))
    async with opened(show, (120, 24)) as at:
        assert at.board.text.count("! line") == 2
        assert "and 7 more: `funneltui config`" in at.board.text
        assert "density" in at.board.text


@pytest.mark.parametrize("keys", [(), ("2",), ("enter",), ("C",)], ids=["board", "list", "deal", "records"])
async def test_the_settings_are_a_key_away_from_every_screen_of_deals(
    full: Shop, show: Show, keys: tuple[str, ...]
) -> None:
    async with show() as board:
        await board.press(*keys)
        before = board.app.screen
        await board.press("comma")
        await board.opens("SettingsScreen")
        await board.press("escape")
        await board.until(lambda: board.app.screen is before)


async def test_the_palette_offers_the_settings(shop: Shop, show: Show) -> None:
    async with show() as board:
        offered = [command.title for command in board.app.get_system_commands(board.screen)]
        assert "settings  ," in offered


async def test_help_lists_the_keys_of_the_settings(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("question_mark")
        await at.board.opens("Help")
        assert "put its default back" in at.board.text


# Settings changed


async def test_a_switch_is_turned_by_enter_and_written_beside_the_comments(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show) as at:
        await at.go_to("mouse")
        await at.press("enter")
        await at.says("mouse: no, from the next start")
        assert at.line("mouse")[:2] == ["mouse", "no"]
        assert written() == MINE.replace('"sun"\n', '"sun"\nmouse = false\n')


async def test_the_other_one_of_two_is_taken_by_enter(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show) as at:
        await at.go_to("density")
        await at.press("enter")
        await at.says("density: compact, now")
        assert 'density = "compact"  # two lines' in written()
        await at.press("enter")
        await at.says("density: comfortable")
        assert written() == MINE


async def test_one_of_several_is_picked_by_its_digit(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("date_order")
        await at.press("enter")
        await at.board.opens("PickDialog")
        await at.press("3")
        await at.says("date_order: ymd, from the next start")
        assert at.source("date_order") == "line 2"
        assert 'date_order = "ymd"' in written()


async def test_what_is_typed_is_checked_with_every_key_and_kept_once_it_can_be(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("panes.today_days")
        await at.press("enter", "0", "0")
        await at.says("panes.today_days is 700; expected a whole number from 1 to 90")
        await at.press("enter")
        assert at.screen.focused is not None
        await at.press("backspace", "backspace", "backspace", "9", "enter")
        await at.says("panes.today_days: 9, now")
        assert written().endswith("[panes]\ntoday_days = 9\n")


async def test_a_list_is_typed_with_commas(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("follow_up.usual")
        await at.press("enter")
        await at.board.type(", fri")
        await at.says("has 5 of them")
        await at.press(*["backspace"] * 9, "enter")
        await at.says("follow_up.usual: tomorrow, +3d, next week")
        assert 'usual = ["tomorrow", "+3d", "next week"]' in written()


async def test_escape_leaves_a_value_as_it_was(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("currency")
        await at.press("enter", "q", "escape")
        await at.board.until(lambda: at.screen.focused is None)
        assert at.line("currency")[1] == "EUR,"
        assert not paths.config_file().exists()
        await at.press("escape")
        await at.board.opens("")


async def test_keys_typed_ahead_reach_the_field(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("currency")
        await at.board.at_once("enter", "c", "z", "k", "enter")
        await at.says("currency: CZK")


async def test_the_default_is_put_back_by_a_key(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show) as at:
        await at.go_to("week_start")
        await at.press("r")
        await at.says("week_start: mon, from the next start")
        assert at.source("week_start") == "default"
        assert written() == MINE.replace('week_start = "sun"\n', "")
        await at.press("r")
        await at.says("the default is in force already")


async def test_a_theme_is_seen_as_it_is_picked_and_kept_by_enter(full: Shop, show: Show) -> None:
    async with opened(show) as at:
        app = at.board.app
        await at.board.until(lambda: len(app.looks) > 3)
        await at.press("enter")
        await at.board.opens("ThemeDialog")
        await at.press("j")
        seen = app.look.name
        assert seen != "night"
        assert (at.screen.look.name, at.board.screen.look.name) == (seen, seen)
        await at.press("escape")
        await at.board.opens("SettingsScreen")
        assert app.look.name == "night"
        await at.press("enter")
        await at.board.opens("ThemeDialog")
        await at.press("j", "enter")
        await at.says(f"theme: {seen}, now")
        assert (app.look.name, f'theme = "{seen}"' in written()) == (seen, True)
        await at.press("r")
        await at.says("theme:")
        assert app.look.name == "night"


async def test_the_board_follows_at_once_where_it_can(full: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.go_to("density")
        await at.press("enter")
        await at.says("density: compact, now")
        await at.press("escape")
        await at.board.opens("")
        assert at.board.app.preferences.density == "compact"
        await at.board.until(lambda: at.board.lines[4][1:6] == "Hooli")


async def test_a_key_that_takes_a_setting_back_is_remembered_too(full: Shop, show: Show) -> None:
    async with opened(show) as at:
        app = at.board.app
        app.remembering = Remembering(app.worker, paths.config_file(), app.preferences)
        await at.go_to("density")
        await at.press("enter")
        await at.says("density: compact, now")
        await at.press("escape")
        await at.board.opens("")
        await at.press("c")
        await at.board.until(lambda: 'density = "comfortable"' in written())


async def test_a_broken_file_refuses_every_change_and_says_what_to_do(shop: Shop, show: Show) -> None:
    says("density = \n")
    async with opened(show) as at:
        assert "the whole file is ignored" in at.board.text
        await at.go_to("mouse")
        await at.press("enter")
        await at.says("mend it in an editor first")
        assert (at.line("mouse")[1], written()) == ("yes", "density = \n")


async def test_words_are_looked_for_in_both_parts(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("slash")
        await at.board.type("follow-up digit")
        await at.board.until(lambda: at.screen.state.counts[Tab.SETTINGS] == 1)
        assert at.row.id == "follow_up.usual"
        await at.press(*["backspace"] * 6, "enter", "tab")
        rows = [row for row in at.screen.state.rows if isinstance(row, KeyRow)]
        assert {"deal.follow_up", "deal.done", "review.date"} <= {row.action.id for row in rows}
        await at.press("slash")
        await at.board.type("zzz")
        await at.board.shows("nothing has these words")
        await at.press("escape")
        await at.board.until(lambda: len(at.screen.state.rows) > 100)


# Keys changed


async def test_an_action_gets_the_key_that_is_pressed_and_it_works_at_once(full: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.win")
        await at.press("enter")
        assert "press a key" in at.board.text
        await at.press("W")
        await at.says("deal.win: W, now")
        assert '"deal.win" = "W"' in written()
        await at.press("escape")
        await at.board.opens("")
        assert "W won" in at.board.lines[-1]
        await at.press("w")
        assert full.deal(1).outcome is Outcome.OPEN
        await at.press("W")
        await at.board.until(lambda: full.deal(1).outcome is Outcome.WON)


async def test_a_key_that_is_another_actions_is_refused_with_whose_it_is(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.win")
        await at.press("enter", "x")
        await at.says("deal.win cannot have x: on the board it belongs to deal.lose; deal.win keeps w")
        assert not paths.config_file().exists()


async def test_escape_keeps_the_keys(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("list list.views")
        await at.press("enter", "escape")
        await at.says("list.views keeps v")
        assert not paths.config_file().exists()
        await at.press("j")
        assert isinstance(at.board.app.screen, SettingsScreen)


async def test_a_key_typed_ahead_is_the_actions_too(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.win")
        await at.board.at_once("enter", "ctrl+w")
        await at.says("deal.win: ctrl+w, now")


@pytest.mark.parametrize(
    ("key", "in_file"), [("comma", None), ("f5", "f5"), ("full_stop", "."), ("ctrl+n", "ctrl+n"), ("ž", "ž")]
)
async def test_keys_are_written_as_people_write_them(shop: Shop, show: Show, key: str, in_file: str | None) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.win")
        await at.press("enter")
        at.screen.begin_typing(key_event(key))
        if in_file is None:
            await at.says("it belongs to app.settings")
        else:
            await at.says("deal.win: ")
            assert f'"deal.win" = "{in_file}"' in written()


def key_event(name: str) -> Any:
    from textual.events import Key

    return Key(name, name if len(name) == 1 else None)


async def test_one_more_key_and_no_key_at_all_and_the_default_again(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.redo")
        await at.press("a", "Y")
        await at.says("deal.redo: U  Y, now")
        assert '"deal.redo" = "U,Y"' in written()
        await at.press("x")
        await at.says("deal.redo: no key, now")
        assert '"deal.redo" = ""' in written()
        assert at.board.app.keymap.keys["deal.redo"] == ""
        await at.press("r")
        await at.says("deal.redo has U again")
        assert "deal.redo" not in written()


@pytest.mark.parametrize("key", ["a", "x"])
async def test_a_key_for_keys_says_on_a_setting_where_they_are(shop: Shop, show: Show, key: str) -> None:
    async with opened(show) as at:
        await at.press(key)
        await at.says("a setting has no keys; tab shows those of the actions")


async def test_a_way_out_cannot_be_without_a_key(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("settings settings.back")
        await at.press("x")
        await at.says("settings.back needs a key: nobody finds the way without")


async def test_the_settings_own_keys_can_be_changed_and_their_footer_follows(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("settings settings.default")
        await at.press("enter", "d")
        await at.says("settings.default: d, now")
        assert "d default" in at.board.lines[-1]
        await at.press("d")
        await at.says("settings.default has r  delete again")


async def test_every_action_stands_under_its_screen_and_changed_ones_have_a_mark(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show) as at:
        await at.press("tab")
        assert "The board" in at.board.text
        await at.go_to("board deal.win")
        assert at.line("W")[-2:] == ["deal.win", "*"]
        assert "by default w  ·  on the board, in the list, in an opened deal" in at.board.text


# How it looks


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=lambda size: "{}x{}".format(*size))
async def test_the_settings_look_as_they_did(shop: Shop, show: Show, size: tuple[int, int]) -> None:
    says(MINE + '"deal.wim" = "z"\n')
    async with opened(show, size, options={"user": "ana"}) as at:
        await at.press("j")
        same_as_kept(at.board, f"settings-{size[0]}x{size[1]}")


async def test_the_keys_look_as_they_did(shop: Shop, show: Show) -> None:
    says(MINE)
    async with opened(show, (80, 24)) as at:
        await at.press("tab", "j", "enter")
        same_as_kept(at.board, "settings-keys-80x24")


@pytest.mark.parametrize("size", [(20, 5), (39, 24), (40, 10), (41, 12)])
async def test_no_size_breaks_the_settings(shop: Shop, show: Show, size: tuple[int, int]) -> None:
    says("wrong = 1\n[keys]\n" + "".join(f'"no.{name}" = "z"\n' for name in "abcdefgh"))
    async with opened(show, size) as at:
        await at.press("j", "tab", "G", "k")
        assert at.board.text.strip()
