"""`keys`: the keys in force, screen by screen, and what is wrong with those that the config file asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import bootstrap, paths
from funneltui.tui.keymap import screens
from tests.cli.conftest import Done

if TYPE_CHECKING:
    from collections.abc import Callable

    Typed = Callable[..., Done]

MINE = '[keys]\n"deal.move_right" = "ctrl+n"\n"deal.redo" = ""\n"deal.win" = "x"\n"deal.wim" = "w"\n'


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Give a function that runs the whole program with these arguments."""
    monkeypatch.delenv("SSH_CONNECTION", raising=False)

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        status = bootstrap.main(list(arguments))
        printed = capsys.readouterr()
        return Done(status, printed.out, printed.err)

    return run


def asked(text: str) -> None:
    """Write a config file."""
    path = paths.config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_every_action_of_every_screen_is_listed_with_its_keys(typed: Typed) -> None:
    expected = [[screen.name, action.id, action.keys, action.help] for screen in screens() for action in screen.actions]
    done = typed("keys")
    assert (done.rows, done.err) == (expected, "")


def test_the_keys_in_force_are_those_of_the_config_file(typed: Typed) -> None:
    asked(MINE)
    listed = {(one["screen"], one["action"]): one for one in typed("keys", "--json").json}
    for screen in ("board", "list", "deal"):
        moved = listed[screen, "deal.move_right"]
        assert (moved["keys"], moved["shown"], moved["default"]) == (["ctrl+n"], ["ctrl+n"], ["L", "shift+right"])
    assert listed["board", "deal.redo"]["keys"] == []
    assert listed["board", "deal.win"]["keys"] == ["w"]
    assert listed["review", "review.next_stage"]["keys"] == ["L", "shift+right"]


def test_what_is_wrong_is_told_beside_them_with_its_line(typed: Typed) -> None:
    asked(MINE)
    done = typed("keys")
    assert done.status == 0
    assert done.err.splitlines() == [
        'warning: ~/funneltui/config.toml, line 5: there is no action "deal.wim"; did you mean "deal.win"?; ignored',
        "warning: ~/funneltui/config.toml, line 4: deal.win cannot have x: "
        "on the board it belongs to deal.lose; deal.win keeps w",
    ]


def test_a_terminal_gets_a_table_a_screen_with_keys_as_people_read_them(
    typed: Typed, terminal: Callable[[int], None]
) -> None:
    asked(MINE)
    terminal(120)
    lines = typed("keys").out.splitlines()
    assert lines[0] == "The board"
    assert {screen.title for screen in screens()} <= set(lines)
    moved = next(line for line in lines if "move the deal to the next stage" in line)
    assert moved.split()[0] == "ctrl+n"
    assert moved.rstrip().endswith("deal.move_right *")
    opened = next(line for line in lines if "open the deal" in line)
    assert opened.split()[0] == "↵"


def test_alt_and_a_letter_over_ssh_is_a_warning_and_in_force(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    asked('[keys]\n"deal.win" = "alt+w"\n')
    assert typed("keys").err == ""
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    done = typed("keys", "--json")
    assert "line 2: deal.win: over SSH alt+w may arrive as escape and a letter" in done.err
    assert {tuple(one["keys"]) for one in done.json if one["action"] == "deal.win"} == {("alt+w",)}


def test_the_board_is_not_needed_for_it(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELTUI_DB", "/nowhere/at/all.db")
    assert typed("keys").status == 0
