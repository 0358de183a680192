"""`review`: the queue printed for people and for pipes, the summary, and the way to the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.cli.main import run
from funneltui.cli.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.config import Config
    from tests.cli.conftest import Shop


@pytest.fixture
def waiting(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a workspace with a deal for every why but rotting, and one that wants nothing."""
    deal("Nothing planned", "--amount", "900")
    deal("Close passed", "--follow-up", "+9d")
    shop.ok("edit", "2", "--close", "2026-11-19")
    deal("Due today", "--follow-up", "today")
    deal("Late", "--follow-up", "2026-11-18", "--amount", "1250")
    deal("Later", "--follow-up", "+3d")
    return shop


def test_in_a_pipe_the_queue_is_tab_separated_in_the_order_of_the_review(waiting: Shop) -> None:
    assert [row[:4] for row in waiting.ok("review").rows] == [
        ["4", "Late", "overdue", "2026-11-18"],
        ["3", "Due today", "today", "2026-11-21"],
        ["2", "Close passed", "close_passed", "2026-11-30"],
        ["1", "Nothing planned", "no_next_step", "2026-12-15"],
    ]


def test_json_is_the_deals_with_why(waiting: Shop) -> None:
    found = waiting.ok("review", "--json").json
    assert [(one["number"], one["why"]) for one in found][:2] == [(4, ["overdue"]), (3, ["today"])]
    assert found[0]["amount"] == "1250.00"


def test_a_limit_is_kept(waiting: Shop) -> None:
    assert [row[0] for row in waiting.ok("review", "--limit", "2").rows] == ["4", "3"]


def test_printed_on_a_terminal_it_reads_well_in_80_columns_without_colour(
    waiting: Shop, deal: Callable[..., int], terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    deal(
        "A very long title of a deal " * 4, "--company", "Acme " * 20, "--follow-up", "today", "--amount", "1234567.89"
    )
    terminal(80)
    monkeypatch.setenv("NO_COLOR", "1")
    done = waiting.ok("review", "--list")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in done.out.splitlines()]
    assert max(map(len, lines)) <= 80
    assert lines[1].split()[:3] == ["!", "4", "Late"]
    assert "3 d late" in lines[1]
    assert [
        next(words for words in ("today", "close 2 d ago", "no next step") if words in line) for line in lines[3:]
    ] == ["today", "close 2 d ago", "no next step"]
    assert "5 waiting: 1 overdue, 2 today, 1 close passed, 1 no next step" in done.err
    assert re.findall(r"\x1b\[[0-9;]*3[0-9]", done.out) == []


def test_an_empty_queue_says_so_on_a_terminal_and_nothing_in_a_pipe(
    shop: Shop, terminal: Callable[[int], None]
) -> None:
    assert shop.ok("review").out == ""
    assert shop.ok("review", "--json").json == []
    terminal(80)
    assert shop.ok("review", "--list").out == "nothing is waiting\n"


def test_a_rep_sees_his_own_queue(shop: Shop, deal: Callable[..., int]) -> None:
    shop.ok("users", "add", "bor")
    deal("Ana's"), deal("Bor's", "--owner", "bor")
    assert [row[1] for row in shop("review", user="bor").rows] == ["Bor's"]


def test_the_summary_is_text_of_72_columns(waiting: Shop) -> None:
    waiting.ok("win", "4")
    waiting.ok("note", "3", "asked who signs")
    out = waiting.ok("review", "--summary").out
    assert out.startswith("Review of Sat 21 Nov 2026, ana\n\nWon: 1, €1,250\n  #4 Late  €1,250\n")
    for words in (
        "Notes: 1\n  #3 Due today  asked who signs",
        "Still waiting: 3\n  1 today, 1 close passed, 1 no next",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 72


def test_the_summary_as_json_names_the_deals(waiting: Shop) -> None:
    waiting.ok("win", "4")
    found = waiting.ok("review", "--summary", "--json").json
    assert found["done"]["won"] == [4]
    assert found["waiting"] == {"today": 1, "close_passed": 1, "no_next_step": 1}
    assert found["text"].startswith("Review of ")


@pytest.fixture
def screens(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Give a function that runs `review` on a terminal that has a screen, and gives the configurations shown there."""

    def typed(*words: str) -> list[Any]:
        shown: list[Config] = []

        def show(chosen: Config) -> int:
            shown.append(chosen)
            return 0

        program = replace(Program(shop._open, shop._create, shop._board, shop._board), review=show)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        assert run(["--db", shop.location, "--user", "ana", "review", *words], program) == 0
        return shown

    return typed


def test_on_a_terminal_it_is_the_screen(
    shop: Shop, screens: Callable[..., list[Any]], terminal: Callable[[int], None]
) -> None:
    terminal(80)
    assert [chosen.location for chosen in screens()] == [shop.location]


@pytest.mark.parametrize("words", [("--list",), ("--json",), ("--summary",), ("--limit", "3")])
def test_what_is_to_be_printed_is_printed(
    screens: Callable[..., list[Any]], terminal: Callable[[int], None], words: tuple[str, ...]
) -> None:
    terminal(80)
    assert screens(*words) == []


def test_in_a_pipe_it_is_printed(screens: Callable[..., list[Any]]) -> None:
    assert screens() == []


def test_where_no_screen_can_be_drawn_it_is_printed(
    screens: Callable[..., list[Any]], terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(80)
    monkeypatch.setenv("TERM", "dumb")
    assert screens() == []
