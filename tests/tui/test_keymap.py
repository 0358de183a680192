"""Keys of one's own: which are refused and why, and that those in force work, and are shown, wherever an action is."""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import BadInput
from funneltui.services import workspaces
from funneltui.tui import theming
from funneltui.tui.actions import BOARD, Action, key_label
from funneltui.tui.app import FunnelApp
from funneltui.tui.key_names import as_written, read_key
from funneltui.tui.keymap import Keymap, KeyScreen, build, refusal, screens, with_keys
from funneltui.tui.screens.list import ListScreen
from funneltui.tui.screens.opened_deal import OpenedDeal
from funneltui.tui.worker import Worker
from tests.tui.conftest import THEMES, Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from funneltui.services.context import Clock, Context
    from tests.tui.conftest import Shop

FEW = (
    KeyScreen(
        "board", "The board", "on the board",
        (Action("deal.win", "w", "won", "win", ""), Action("deal.lose", "x,delete", "", "lose", ""),
         Action("app.help", "question_mark", "", "help", ""), Action("app.quit", "q,ctrl+q", "", "leave", "")),
    ),
    KeyScreen(
        "review", "The review", "in the review",
        (Action("deal.win", "w", "", "win", ""), Action("review.skip", "space", "", "skip", "")),
    ),
    KeyScreen("filter", "The line", "in the line", (Action("filter.take", "tab", "", "take", ""),), frozenset({"ctrl+a"})),
)  # fmt: skip


def refusals(**given: str) -> list[str]:
    """Give what is said of keys that are asked for; a double underscore stands for the dot of an id."""
    return [one.message for one in build(ids(given), FEW).problems]


def granted(**given: str) -> dict[str, str]:
    """Give the keys that are in force when these are asked for."""
    return dict(build(ids(given), FEW).keys)


def ids(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", "."): keys for name, keys in given.items()}


@pytest.mark.parametrize("screen", screens(), ids=lambda one: one.name)
def test_by_default_no_key_stands_for_two_actions(screen: KeyScreen) -> None:
    keys = Counter(key for action in screen.actions for key in action.keys.split(","))
    assert [key for key, times in keys.items() if times > 1] == []
    assert build({"deal.win": "w"}).problems == ()


@pytest.mark.parametrize("screen", screens(), ids=lambda one: one.name)
def test_every_default_key_can_be_written_in_the_config_file(screen: KeyScreen) -> None:
    for action in screen.actions:
        assert [read_key(key) for key in action.keys.split(",")] == action.keys.split(",")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("L", "L"), ("?", "question_mark"), ("#", "number_sign"), ("+", "plus"), ("ž", "ž"), ("Ctrl+N", "ctrl+n"),
        ("shift+right", "shift+right"), ("PgDn", "pagedown"), ("esc", "escape"), ("return", "enter"), ("f5", "f5"),
        ("ctrl+space", "ctrl+@"), ("ctrl+]", "ctrl+right_square_bracket"), ("alt+x", "alt+x"), ("alt+X", "alt+shift+x"),
        (" n ", "n"), ("full_stop", "full_stop"), ("comma", "comma"), ("question_mark", "question_mark"),
    ],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, name: str) -> None:
    assert read_key(written) == name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ctrl+h", "terminals send backspace for it"),
        ("ctrl+i", "terminals send tab for it"),
        ("ctrl+m", "terminals send enter for it"),
        ("ctrl+[", "terminals send escape for it"),
        ("shift+enter", "terminals send enter for it"),
        ("shift+l", 'write "L"'),
        ("shift+1", "write the character that it types"),
        ("ctrl+shift+a", "does not arrive from most terminals"),
        ("super+a", "only ctrl, shift and alt do"),
        ("pagedwn", 'did you mean "pagedown"'),
        ("nonsense", "write one like L"),
        ("ctrl+", "does not arrive"),
        ("\x1b", "there is no key"),
    ],
)
def test_keys_that_no_terminal_sends_are_refused_with_what_to_write(written: str, why: str) -> None:
    with pytest.raises(BadInput, match=why.replace("+", r"\+")):
        read_key(written)


@pytest.mark.parametrize(
    "key", ["L", "comma", "space", "question_mark", "slash", "ctrl+n", "ctrl+@", "f5", "plus", "ž"]
)
def test_a_key_is_written_so_that_it_is_read_again(key: str) -> None:
    assert read_key(as_written(key)) == key


@pytest.mark.parametrize(
    ("key", "shown"), [("comma", ","), ("ctrl+right_square_bracket", "ctrl+]"), ("ctrl+@", "ctrl+space"), ("f5", "f5")]
)
def test_keys_are_shown_as_people_read_them(key: str, shown: str) -> None:
    assert key_label(key) == shown


def test_what_speaks_against_a_key_is_said_of_the_one_that_is_asked_for() -> None:
    assert refusal({"deal.wim": "z"}, "deal.win", "W") == ""
    assert "it belongs to deal.lose" in refusal({}, "deal.win", "x")
    assert "it belongs to deal.lose" in refusal({"deal.lose": "X"}, "deal.win", "X")
    assert refusal({}, "app.quit", "") == "app.quit needs a key: nobody finds the way without"


def test_without_wishes_there_is_nothing_to_change() -> None:
    assert build({}) == Keymap()
    assert Keymap().for_textual() == {}


def test_an_action_gets_several_keys_or_none() -> None:
    assert granted(deal__win="W, ctrl+w", deal__lose="") == {"deal.win": "W,ctrl+w", "deal.lose": ""}


def test_the_comma_itself_can_be_a_key() -> None:
    assert granted(deal__win=",") == {"deal.win": "comma"}


def test_an_unknown_action_is_told_with_the_nearest() -> None:
    assert refusals(deal__wim="w") == ['there is no action "deal.wim"; did you mean "deal.win"?; ignored']


def test_of_two_actions_with_one_key_the_one_keeps_it_that_had_it() -> None:
    assert refusals(deal__win="ctrl+w,x") == [
        "deal.win cannot have x: on the board it belongs to deal.lose; deal.win keeps w"
    ]
    assert granted(deal__win="ctrl+w,x") == {}


def test_of_two_actions_that_both_ask_for_a_key_the_first_gets_it() -> None:
    given = {"deal__lose": "z", "deal__win": "z"}
    assert refusals(**given) == ["deal.win cannot have z: on the board it belongs to deal.lose; deal.win keeps w"]
    assert granted(**given) == {"deal.lose": "z"}


def test_a_key_may_be_taken_of_an_action_that_gets_another() -> None:
    assert granted(deal__win="x", deal__lose="w") == {"deal.win": "x", "deal.lose": "w"}


def test_a_key_of_an_action_whose_own_wish_is_refused_is_not_free() -> None:
    said = refusals(deal__win="x", deal__lose="ctrl+h")
    assert [line.split(":")[0] for line in said] == ["deal.lose", "deal.win cannot have x"]
    assert granted(deal__win="x", deal__lose="ctrl+h") == {}


def test_a_clash_on_any_screen_counts() -> None:
    assert refusals(deal__win="space") == [
        "deal.win cannot have space: in the review it belongs to review.skip; deal.win keeps w"
    ]


def test_a_key_that_the_app_takes_first_is_free_only_with_its_action() -> None:
    assert refusals(review__skip="ctrl+q") == [
        "review.skip cannot have ctrl+q: in the review it belongs to app.quit; review.skip keeps space"
    ]
    assert granted(review__skip="ctrl+q", app__quit="Z") == {"review.skip": "ctrl+q", "app.quit": "Z"}


@pytest.mark.parametrize("action", ["app.help", "app.quit"])
def test_help_and_the_way_out_keep_a_key(action: str) -> None:
    (problem,) = build({action: ""}, FEW).problems
    assert problem.message == f"{action} needs a key: nobody finds the way without; ignored"


def test_what_is_typed_into_a_filter_stays_text() -> None:
    assert "what is typed there is text" in refusals(filter__take="z")[0]
    assert "it moves or edits the text" in refusals(filter__take="ctrl+a")[0]
    assert granted(filter__take="ctrl+y") == {"filter.take": "ctrl+y"}


def test_alt_and_a_letter_is_a_warning_over_ssh_and_stays() -> None:
    built = build({"deal.win": "alt+w"}, FEW, over_ssh=True)
    assert dict(built.keys) == {"deal.win": "alt+w"}
    assert [one.warning for one in built.problems] == [True]
    assert build({"deal.win": "alt+w"}, FEW).problems == ()


def test_actions_take_the_keys_in_force() -> None:
    changed = with_keys(BOARD, {"deal.move_right": "ctrl+n"})
    by_id = {action.id: action for action in changed}
    assert by_id["deal.move_right"].shown_key == "ctrl+n"
    assert [action for action in changed if action.id != "deal.move_right"] == [
        action for action in BOARD if action.id != "deal.move_right"
    ]


@asynccontextmanager
async def show(shop: Shop, clock: Clock, **given: str) -> AsyncIterator[Board]:
    """Show the board with these keys."""

    def opener() -> Context:
        return workspaces.open_workspace(str(shop.path), "ana", clock, chosen=True)

    worker = Worker(opener)
    keymap_given = build(ids(given))
    assert keymap_given.problems == ()
    app = FunnelApp(worker, theming.first_look((THEMES,), "night")[0], None, (THEMES,), keymap=keymap_given)
    try:
        async with app.run_test(size=(120, 60), notifications=True) as pilot:
            shown = Board(app, pilot)
            await shown.until(lambda: shown.state.loaded)
            await pilot.pause()
            yield shown
    finally:
        worker.close()


async def test_a_rebound_key_moves_the_deal_on_the_board_and_the_old_one_does_not(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__move_right="ctrl+n", deal__new="N", deal__notes="") as board:
        await board.press("L", "shift+right")
        assert board.dialog == ""
        await board.press("ctrl+n")
        await board.opens("MoveDialog")
        await board.press("escape")
        await board.opens("")
        assert shop.deal(1).stage == "waiting"
        await board.press("n")
        await board.press("N")
        await board.opens("DealForm")


async def test_a_rebound_key_works_in_the_list_and_the_old_one_does_not(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__win="W", app__board="0", list__sort="ctrl+s") as board:
        await board.press("2")
        await board.until(lambda: isinstance(board.app.screen, ListScreen))
        await board.shows("Northwind")
        await board.press("w")
        await board.press("W")
        await board.until(lambda: shop.deal(1).outcome.value == "won")
        await board.press("1")
        assert isinstance(board.app.screen, ListScreen)
        await board.press("0")
        await board.opens("")


async def test_a_rebound_key_works_in_an_opened_deal_and_the_old_one_does_not(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, opened__close="B", deal__win="W") as board:
        await board.press("enter")
        await board.until(lambda: isinstance(board.app.screen, OpenedDeal))
        await board.press("escape", "q", "w")
        assert isinstance(board.app.screen, OpenedDeal)
        assert shop.deal(1).outcome.value == "open"
        await board.press("W")
        await board.until(lambda: shop.deal(1).outcome.value == "won")
        await board.press("B")
        await board.opens("")


async def test_two_actions_can_change_their_keys_with_one_another(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__win="x", deal__lose="w") as board:
        await board.press("x")
        await board.until(lambda: shop.deal(1).outcome.value == "won")


async def test_an_action_without_a_key_does_nothing_and_is_not_in_the_footer(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__win="") as board:
        await board.press("w")
        assert shop.deal(1).outcome.value == "open"
        assert " won" not in board.lines[-1]


async def test_the_footer_shows_the_key_in_force(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__win="W", opened__close="B") as board:
        assert "W won" in board.lines[-1]
        await board.press("enter")
        await board.shows("B back")


async def test_help_shows_the_key_in_force(shop: Shop, clock: Clock) -> None:
    async with show(shop, clock, deal__move_right="ctrl+n") as board:
        await board.press("question_mark")
        await board.opens("Help")
        line = next(one for one in board.lines if "move the deal to the next stage" in one)
        assert "ctrl+n" in line
        assert "L" not in line.split("move the deal")[0]


async def test_a_rebound_letter_is_still_typed_into_a_filter(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, deal__win="z") as board:
        await board.press("slash")
        await board.type("zebra")
        await board.press("escape")
        assert shop.deal(1).outcome.value == "open"


async def test_a_key_of_the_filter_line_can_be_changed(shop: Shop, clock: Clock) -> None:
    async with show(shop, clock, filter__take="ctrl+y") as board:
        await board.press("slash")
        await board.type("stag")
        field = board.app.focused
        await board.press("ctrl+y")
        await board.until(lambda: getattr(field, "value", "") == "stage:")


async def test_ctrl_q_leaves_no_more_when_leaving_has_other_keys(shop: Shop, clock: Clock) -> None:
    async with show(shop, clock, app__quit="Z") as board:
        await board.press("ctrl+q", "q")
        assert not board.app._exit
        await board.at_once("Z")
        await board.until(lambda: board.app._exit)


async def test_ctrl_p_is_free_when_the_palette_has_another_key(shop: Shop, clock: Clock) -> None:
    shop.add("Northwind")
    async with show(shop, clock, app__command_palette="colon", deal__win="ctrl+p") as board:
        await board.press("ctrl+p")
        await board.until(lambda: shop.deal(1).outcome.value == "won")
        assert board.dialog == ""


async def test_a_key_of_a_screen_that_is_not_open_is_held_against_too(shop: Shop, clock: Clock) -> None:
    built = build({"deal.win": "v"})
    assert [one.message for one in built.problems] == [
        "deal.win cannot have v: in the list it belongs to list.views; deal.win keeps w"
    ]
