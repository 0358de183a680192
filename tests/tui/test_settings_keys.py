"""An action's keys are given, added, taken away and put back on the settings screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import paths
from funneltui.domain.deal import Outcome
from funneltui.tui.screens.settings import SettingsScreen
from tests.tui.settings_seen import MINE, no_variables, opened, says, written

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


__all__ = ["no_variables"]


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


async def test_keys_added_without_any_pause_are_all_added(shop: Shop, show: Show) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.redo")
        await at.board.at_once("a", "f7", "a", "f8")
        await at.says("deal.redo: U  f7  f8, now")


@pytest.mark.parametrize(
    ("key", "in_file"), [("comma", None), ("f5", "f5"), ("full_stop", "."), ("ctrl+n", "ctrl+n"), ("ž", "ž")]
)
async def test_keys_are_written_as_people_write_them(shop: Shop, show: Show, key: str, in_file: str | None) -> None:
    async with opened(show) as at:
        await at.press("tab")
        await at.go_to("board deal.win")
        await at.press("enter", key)
        if in_file is None:
            await at.says("it belongs to app.settings")
        else:
            await at.says("deal.win: ")
            assert f'"deal.win" = "{in_file}"' in written()


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
