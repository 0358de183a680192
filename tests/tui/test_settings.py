"""The settings by key: seen with where they come from, changed where they stand; and the keys of every action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import paths, settings
from funneltui.tui.preferences import Remembering
from funneltui.tui.settings_state import KeyRow, SettingRow, Tab
from tests.tui.settings_seen import MINE, no_variables, opened, says, written
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


__all__ = ["no_variables"]


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
