"""Every action: once in the list, with a key of its own and a method that does it; help and palette made from the list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.tui.actions import BOARD, DEAL, Action, bindings, key_label
from funneltui.tui.app import FunnelApp
from funneltui.tui.screens.board import BoardScreen
from funneltui.tui.screens.opened_deal import OpenedDeal
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


@pytest.mark.parametrize("actions", [BOARD, DEAL], ids=["board", "opened deal"])
def test_every_key_and_every_id_stands_for_one_action(actions: tuple[Action, ...]) -> None:
    keys = Counter(key for action in actions for key in action.keys.split(","))
    ids = Counter(action.id for action in actions)
    assert [one for one, times in (keys + ids).items() if times > 1] == []


@pytest.mark.parametrize("action", BOARD, ids=lambda action: action.id)
def test_every_action_of_the_board_has_a_method(action: Action) -> None:
    owner = FunnelApp if action.id.startswith("app.") else BoardScreen
    assert callable(getattr(owner, f"action_{action.name}"))


@pytest.mark.parametrize("action", DEAL, ids=lambda action: action.id)
def test_every_action_of_an_opened_deal_has_a_method(action: Action) -> None:
    owner = FunnelApp if action.id.startswith("app.") else OpenedDeal
    assert callable(getattr(owner, f"action_{action.name}"))


def test_every_binding_carries_the_id_of_its_action() -> None:
    assert [binding.id for binding in bindings(BOARD)] == [action.id for action in BOARD]


async def test_help_lists_every_action_of_the_board_with_its_keys(shop: Shop, show: Show) -> None:
    async with show((120, 100)) as board:
        await board.press("question_mark")
        await board.opens("Help")
        text = board.text
        for action in BOARD:
            assert action.help in text
            assert "  ".join(key_label(key) for key in action.keys.split(",")) in text


async def test_help_explains_the_marks(shop: Shop, show: Show) -> None:
    async with show((120, 40)) as board:
        await board.press("question_mark")
        await board.opens("Help")
        await board.press("G")
        for words in ("! ", "overdue:", "due today", "rotting:", "no next contact", "■ ", "marked"):
            assert words in board.text


async def test_help_scrolls_on_a_small_terminal_and_is_left_by_key(shop: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await board.press("question_mark")
        await board.opens("Help")
        assert "no next contact" not in board.text
        await board.press("G")
        assert "no next contact" in board.text
        await board.press("g")
        assert "no next contact" not in board.text
        await board.press(*["space"] * 8)
        assert "no next contact" in board.text
        await board.press("question_mark")
        await board.opens("")


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_offers_every_action_and_every_theme(shop: Shop, show: Show, key: str) -> None:
    async with show() as board:
        await board.until(lambda: "terminal" in board.app.looks)
        await board.press(key)
        await board.opens("CommandPalette")
        offered = [command.title for command in board.app.get_system_commands(board.app.screen)]
    for action in BOARD:
        if action.name != "command_palette":
            assert any(title.endswith(f"  {action.shown_key}") for title in offered), action
    assert {title for title in offered if title.startswith("theme ")} == {
        f"theme {path.stem}" for path in THEMES.glob("*.toml")
    }


async def test_a_command_of_the_palette_does_what_its_key_does(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("ctrl+p")
        await board.opens("CommandPalette")
        await board.type("the deal is won")
        await board.press("escape")
        await board.opens("")
        command = next(one for one in board.app.get_system_commands(board.screen) if one.title.startswith("won"))
        command.callback()
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)


async def test_a_command_is_found_by_its_name_and_run_by_enter(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("ctrl+p")
        await board.opens("CommandPalette")
        await board.type("density")
        await board.shows("cards of one line")
        await board.press("down", "enter")
        await board.opens("")
        await board.until(lambda: board.lines[4][1:6] == "Hooli")


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_q_leaves(shop: Shop, show: Show, key: str) -> None:
    async with show() as board:
        await board.at_once(key)
        await board.until(lambda: board.app._exit)
    assert board.app.return_code == 0


async def test_ctrl_l_paints_everything_anew(full: Shop, show: Show) -> None:
    async with show() as board:
        before = board.text
        await board.press("ctrl+l")
        assert board.text == before
