"""The board as a process in a real terminal: shown, driven, shared, and ended."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from tests.terminal.pseudo_terminal import ALT_SCREEN, MAIN_SCREEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terminal.conftest import Shop
    from tests.terminal.pseudo_terminal import Terminal

    Run = Callable[..., Terminal]


def test_the_board_of_a_file_is_shown(run: Run) -> None:
    board = run()
    board.shows("? keys")
    for words in ("Northwind rollout", "Waiting 2", "In acquisition 1", "Offered 0", "€12,500", "Funnel"):
        assert words in board.text
    assert ALT_SCREEN in board.raw


def test_a_move_typed_in_one_packet_is_stored(shop: Shop, run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.type(b"L2\r")
    board.until(lambda: shop.deal(1).stage == "acquisition")
    assert shop.deal(1).detail == "meeting"


def test_keys_typed_before_the_first_frame_are_not_lost(shop: Shop, run: Run) -> None:
    board = run()
    board.until(lambda: ALT_SCREEN in board.raw)
    board.type(b"jw")
    board.until(lambda: shop.deal(2).outcome is Outcome.WON)


def test_q_leaves_and_gives_the_screen_back(run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.type(b"q")
    assert board.end() == 0
    assert board.raw.rindex(MAIN_SCREEN) > board.raw.rindex(ALT_SCREEN)
    for restored in (b"\x1b[?25h", b"\x1b[?7h", b"\x1b[?1003l", b"\x1b[?2004l"):
        assert restored in board.raw[board.raw.rindex(ALT_SCREEN) :]


@pytest.mark.parametrize("sign", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_the_board_at_once_and_cleanly(run: Run, sign: signal.Signals) -> None:
    board = run()
    board.shows("Northwind rollout")
    os.kill(board.process.pid, sign)
    assert board.end() == 128 + sign
    assert board.raw.rindex(MAIN_SCREEN) > board.raw.rindex(ALT_SCREEN)
    assert "Traceback" not in board.text


def test_a_signal_in_a_dialog_stores_nothing_of_it(shop: Shop, run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.type(b"L1")
    board.shows("call scheduled")
    os.kill(board.process.pid, signal.SIGTERM)
    assert board.end() == 128 + signal.SIGTERM
    assert shop.deal(1).stage == "waiting"


def test_a_broken_connection_ends_the_board(run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.hang_up()
    assert board.end() != 0


@pytest.mark.parametrize("keys", [b"\xe8\xff", b"\xc3", b"\x80\xfe\xe8"])
def test_bytes_that_are_no_text_do_no_harm(run: Run, keys: bytes) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.type(keys)
    board.type(b"jj")
    board.type(b"?")
    board.shows("add a deal")


def test_bytes_that_are_no_text_in_a_field_do_no_harm(run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.type(b"n")
    board.shows("New deal")
    board.type(b"caf\xe8 x")
    board.shows("caf")
    board.shows(" x")


def test_two_boards_follow_each_other(shop: Shop, run: Run) -> None:
    one, other = run(), run()
    for board in (one, other):
        board.shows("Northwind rollout")
        board.settle()
    one.type(b"w")
    one.until(lambda: not shop.deal(1).is_open)
    other.until(lambda: "Waiting 1" in other.text and "Won 1" in other.text)
    other.type(b"w")
    one.shows("Acquired 2")


def test_a_command_beside_it_shows_on_the_board(shop: Shop, run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    done = run("add", "Soylent", "--source", "web", "--close", "15.12.2099")
    assert done.end() == 0
    board.shows("Soylent")


def test_a_window_that_changes_its_size_is_drawn_anew(run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.resize(120, 36)
    board.shows("Today")
    assert "Northwind rollout" in board.text
    board.resize(30, 8)
    board.shows("this is 30x8")
    board.resize(80, 24)
    board.shows("Northwind rollout")


@pytest.mark.parametrize(
    "keys",
    ["j l h", "L \x1b", "L1\r", "? q", "n abc \x1b", "t t", "/ hoo \r", "c o", "x", "\r", "w u"],
    ids=repr,
)
def test_what_is_spared_on_the_line_is_not_missed_on_the_screen(run: Run, keys: str) -> None:
    board = run(size=(120, 36))
    board.shows("Northwind rollout")
    for key in keys.split(" "):
        board.type(key.encode())
        board.settle()
    spared = board.cells
    board.resize(119, 36)
    board.settle()
    board.resize(120, 36)
    board.settle()
    assert board.cells == spared


def test_a_key_costs_a_slow_line_little(run: Run) -> None:
    board = run(size=(120, 36))
    board.shows("Northwind rollout")
    board.settle()
    before = len(board.raw)
    board.type(b"j")
    board.settle()
    assert 0 < len(board.raw) - before < 1500


def test_a_board_at_rest_sends_nothing(run: Run) -> None:
    board = run()
    board.shows("Northwind rollout")
    board.settle()
    before = len(board.raw)
    board._read(0.8)
    assert len(board.raw) == before


def test_the_demo_shows_every_pane_and_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    demo = run("demo", size=(160, 45), TMPDIR=str(temporary))
    demo.shows("Funnel")
    demo.settle()
    for words in ("Waiting", "In acquisition", "Offered", "Acquired", "Today", "overall", "? keys", "overdue", "€"):
        assert words in demo.text
    assert len(list(temporary.iterdir())) == 1
    demo.type(b"q")
    assert demo.end() == 0
    assert list(temporary.iterdir()) == []


def test_the_demo_leaves_nothing_behind_when_its_terminal_goes(run: Run, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    demo = run("demo", TMPDIR=str(temporary))
    demo.shows("Funnel")
    demo.hang_up()
    demo.end()
    assert list(temporary.iterdir()) == []
