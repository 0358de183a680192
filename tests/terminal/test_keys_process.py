"""Keys of one's own in a real terminal, by itself and within tmux, whose prefix is taken: what is shown follows them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal.pseudo_terminal import ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terminal.conftest import Shop

    Start = Callable[[], Terminal]

MINE = '[keys]\n"deal.move_right" = "ctrl+n"\n"deal.win" = "W"\n"app.help" = "f1"\n'
SIZE = (110, 36)


@pytest.fixture
def environment(shop: Shop, tmp_path: Path) -> dict[str, str]:
    """Give the environment of a program whose config file gives other keys."""
    file = tmp_path / "settings" / "funneltui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(MINE, encoding="utf-8")
    return shop.environment | {"XDG_CONFIG_HOME": str(tmp_path / "settings")}


@pytest.fixture(params=["by itself", "in tmux"])
def start(request: pytest.FixtureRequest, environment: dict[str, str]) -> Iterator[Start]:
    """Give a function that starts the board in a terminal, or within tmux there."""
    board = [sys.executable, "-m", "funneltui"]
    running: list[Terminal] = []

    def run(command: list[str], more: dict[str, str]) -> Terminal:
        running.append(Terminal(command, environment | more, SIZE))
        return running[-1]

    if request.param == "by itself":
        yield lambda: run(board, {})
    else:
        tmux = shutil.which("tmux")
        if tmux is None:
            pytest.skip("tmux is not installed")
        # A socket's path must be short: shorter than the folders of a test may be.
        with tempfile.TemporaryDirectory(prefix="fk-") as sockets:
            server = [tmux, "-u", "-L", "keys", "-f", "/dev/null"]
            yield lambda: run([*server, "new-session", *board], {"TMUX_TMPDIR": sockets})
            subprocess.run([*server, "kill-server"], env={"TMUX_TMPDIR": sockets}, check=False, capture_output=True)
    for one in running:
        one.__exit__()


def line_with(board: Terminal, words: str) -> str:
    """Give the line of the screen in which words stand."""
    return next(line for line in board.text.splitlines() if words in line)


def test_footer_help_palette_and_settings_show_the_keys_of_the_config_file(start: Start) -> None:
    board = start()
    board.shows("Northwind rollout")
    board.shows("W won")
    board.type(b"\x1bOP")
    board.shows("scroll")
    board.until(lambda: "ctrl+n" in line_with(board, "move the deal to the next stage"))
    board.type(b"\x1bOP")
    board.hides("scroll")
    board.type(b":")
    board.shows("Search")
    board.type(b"move right")
    board.shows("move right  ctrl+n")
    board.type(b"\x1b")
    board.hides("move right")
    board.type(b",")
    board.shows("[Settings]")
    board.type(b"\t")
    board.shows("deal.move_right *")
    assert line_with(board, "deal.move_right *").split()[0] == "ctrl+n"


def test_the_new_key_moves_the_deal_and_the_old_one_does_not(start: Start, shop: Shop) -> None:
    board = start()
    board.shows("Northwind rollout")
    board.type(b"L")
    board.type(b"\x0e")
    board.shows("pick")
    assert shop.deal(1).stage == "waiting"
    board.type(b"1\r")
    board.until(lambda: shop.deal(1).stage == "acquisition")


def test_a_key_that_is_given_on_the_screen_works_at_once_and_at_the_next_start(start: Start, shop: Shop) -> None:
    board = start()
    board.shows("W won")
    board.type(b",")
    board.shows("[Settings]")
    board.type(b"\t/deal.lose\r")
    board.shows("the deal is lost")
    board.type(b"\rX")
    board.shows("deal.lose: X, now")
    board.type(b"\x1b")
    board.hides("/deal.lose")
    board.type(b"\x1b")
    board.shows("X lost")
    board.type(b"q")
    board.end()
    again = start()
    again.shows("X lost")


def test_the_command_prints_them(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "funneltui", "keys"],
        env=environment | {"PYTHONPATH": ROOT}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "board\tdeal.move_right\tctrl+n\tmove the deal to the next stage" in done.stdout.splitlines()
