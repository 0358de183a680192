"""A newcomer's minute in a real terminal: from an empty machine to an own deal on an own board, its keys counted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal.pseudo_terminal import ALT_SCREEN, MAIN_SCREEN, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Newcomer:
    """A person who counts the keys that he presses beyond the text of his deal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.keys = 0

    def press(self, key: bytes) -> None:
        """Press one key that is no text."""
        self.keys += 1
        self.terminal.type(key)

    def type(self, text: str) -> None:
        """Type text."""
        self.terminal.type(text.encode())
        self.terminal.shows(text)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Newcomer]]:
    """Give a function that starts the program on a machine where nothing of it is."""
    running: list[Terminal] = []

    def begin(*arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> Newcomer:
        command = [sys.executable, "-m", "funneltui", *arguments]
        running.append(Terminal(command, {"HOME": str(tmp_path), "USER": "ana", "LOGNAME": "ana"} | environment, size))
        return Newcomer(running[-1])

    yield begin
    for one in running:
        one.__exit__()


def test_an_own_deal_on_an_own_board_takes_fewer_than_ten_keys(start: Callable[..., Newcomer], tmp_path: Path) -> None:
    newcomer = start()
    newcomer.terminal.shows("How do you begin?")
    assert "Waiting" in newcomer.terminal.text
    newcomer.press(b"\r")
    newcomer.terminal.shows("n adds the first one")
    newcomer.press(b"n")
    newcomer.terminal.shows("New deal")
    newcomer.type("Northwind rollout")
    newcomer.press(b"\x13")
    newcomer.terminal.settle()
    newcomer.type("phone")
    newcomer.press(b"\x13")
    newcomer.terminal.settle()
    if "New deal" in newcomer.terminal.text:
        newcomer.type("+30d")
        newcomer.press(b"\x13")
    newcomer.terminal.hides("New deal")
    newcomer.terminal.shows("Waiting 1")
    assert newcomer.keys < 10
    assert (tmp_path / ".local" / "share" / "funneltui" / "workspace.db").is_file()


def test_keys_typed_in_one_packet_reach_the_form_of_the_board(start: Callable[..., Newcomer]) -> None:
    newcomer = start()
    newcomer.terminal.shows("How do you begin?")
    newcomer.press(b"\rn")
    newcomer.terminal.shows("New deal")
    newcomer.type("Northwind")


@pytest.mark.parametrize("key", [b"q", b"\x1b", b"\x11"], ids=["q", "esc", "ctrl+q"])
def test_leaving_makes_nothing(start: Callable[..., Newcomer], tmp_path: Path, key: bytes) -> None:
    newcomer = start()
    newcomer.terminal.shows("How do you begin?")
    newcomer.terminal.settle()
    newcomer.press(key)
    assert newcomer.terminal.end() == 0
    assert newcomer.terminal.raw.rindex(MAIN_SCREEN) > newcomer.terminal.raw.rindex(ALT_SCREEN)
    assert not (tmp_path / ".local" / "share" / "funneltui").exists()


def test_the_demo_leaves_nothing_behind(start: Callable[..., Newcomer], tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    newcomer = start(TMPDIR=str(folder))
    newcomer.terminal.shows("How do you begin?")
    newcomer.press(b"7")
    newcomer.press(b"\r")
    newcomer.terminal.shows("In acquisition")
    newcomer.terminal.settle()
    newcomer.press(b"q")
    assert newcomer.terminal.end() == 0
    assert list(folder.iterdir()) == []
    assert not (tmp_path / ".local" / "share" / "funneltui").exists()


def test_a_file_brings_its_deals(start: Callable[..., Newcomer], tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("title,stage\nNorthwind,Qualified\nHooli,Offer sent\n", encoding="utf-8")
    newcomer = start()
    newcomer.terminal.shows("How do you begin?")
    newcomer.press(b"6")
    newcomer.press(b"\r")
    newcomer.terminal.shows("tab completes")
    newcomer.type("~/deals.csv")
    newcomer.press(b"\r")
    newcomer.terminal.shows("2 deals of 2 rows would be created")
    newcomer.press(b"\r")
    newcomer.terminal.shows("Offer sent 1")
    newcomer.terminal.shows("Northwind")


@pytest.mark.parametrize("environment", [{"TERM": "linux"}, {"NO_COLOR": "1"}, {"FUNNELTUI_ASCII": "yes"}], ids=str)
def test_it_is_shown_with_fewer_colours_and_in_ascii(
    start: Callable[..., Newcomer], environment: dict[str, str]
) -> None:
    newcomer = start(**environment)
    newcomer.terminal.shows("How do you begin?")
    newcomer.press(b"j")
    newcomer.terminal.shows("Prospecting")


def test_a_terminal_that_cannot_show_it_gets_its_message(start: Callable[..., Newcomer]) -> None:
    newcomer = start(TERM="dumb")
    newcomer.terminal.shows("cannot show the board")
    assert newcomer.terminal.end() == 1


def test_the_commands_still_say_that_there_is_none(start: Callable[..., Newcomer]) -> None:
    newcomer = start("list")
    newcomer.terminal.until(lambda: "make one w" in newcomer.terminal.text.replace("\n", ""))
    assert newcomer.terminal.end() == 1
