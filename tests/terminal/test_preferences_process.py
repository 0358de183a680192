"""The board as a process with a config file: what the user prefers holds, and what keys change is kept for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terminal.pseudo_terminal import Terminal


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give the place of a config file that is not there yet."""
    file = tmp_path / "settings" / "funneltui" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


@pytest.mark.parametrize(("mouse", "asked"), [("true", True), ("false", False)])
def test_the_terminal_is_asked_for_the_mouse_unless_that_is_switched_off(
    run: Callable[..., Terminal], config: Path, mouse: str, asked: bool
) -> None:
    config.write_text(f"mouse = {mouse}\n", encoding="utf-8")
    board = run(XDG_CONFIG_HOME=str(config.parents[1]))
    board.shows("Northwind rollout")
    assert (b"\x1b[?1000h" in board.raw) is asked


def test_what_a_key_changed_holds_at_the_next_start_also_of_the_demo(
    run: Callable[..., Terminal], config: Path
) -> None:
    place = {"XDG_CONFIG_HOME": str(config.parents[1])}
    board = run("demo", size=(120, 36), **place)
    board.shows("Today 2")
    board.type(b"b")
    board.until(lambda: "Today 2" not in board.text)
    board.type(b"q")
    board.until(lambda: board.process.poll() is not None)
    assert "side = false" in config.read_text(encoding="utf-8")
    again = run(size=(120, 36), **place)
    again.shows("Northwind rollout")
    assert "Today" not in again.text


def test_a_config_file_that_a_key_could_not_be_kept_in_is_told_after_the_board(
    run: Callable[..., Terminal], config: Path
) -> None:
    config.write_text("theme = [", encoding="utf-8")
    board = run(XDG_CONFIG_HOME=str(config.parents[1]))
    board.shows("Northwind rollout")
    board.type(b"cq")
    board.until(lambda: board.process.poll() is not None)
    board.shows("is not remembered")


def test_the_preferred_view_is_shown_first(run: Callable[..., Terminal], config: Path) -> None:
    config.write_text('default_view = "list"\n', encoding="utf-8")
    board = run(XDG_CONFIG_HOME=str(config.parents[1]))
    board.shows("Sales list")
