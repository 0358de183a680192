"""Exit statuses and messages: 1 refused, 2 not written so; and the global options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import __version__
from funneltui.cli.frame import _PLACES
from funneltui.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop


def test_no_command_shows_the_board_with_the_choices_made(shop: Shop) -> None:
    assert shop.bare("--db", "x.db", "--user", "bo", "--theme", "day").status == 0
    (chosen,) = shop.boards
    assert (chosen.location, chosen.user, chosen.user_chosen, chosen.theme) == ("x.db", "bo", True, "day")


def test_demo_shows_a_board(shop: Shop) -> None:
    assert shop.bare("demo", "--theme", "day").status == 0
    assert shop.boards[0].theme == "day"


def test_global_options_may_stand_after_the_command(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.bare("show", "1", "--db", shop.location, "--user", "ana")
    assert done.status == 0
    assert "Northwind" in done.out


def test_the_environment_names_the_workspace_and_the_user(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELTUI_DB", shop.location)
    monkeypatch.setenv("FUNNELTUI_USER", "nobody here")
    assert "nobody here" in shop.bare("list").err
    assert shop.bare("list", "--user", "ANA").status == 0


def test_version_may_stand_anywhere(shop: Shop) -> None:
    for arguments in (["--version"], ["list", "--version"]):
        done = shop.bare(*arguments)
        assert (done.status, done.out) == (0, f"funneltui {__version__}\n")


@pytest.mark.parametrize("arguments", [["lst"], ["list", "--nonsense"], ["show"], ["show", "x"], ["init", "--db"]])
def test_what_is_not_written_so_is_2_and_points_to_the_help(shop: Shop, arguments: list[str]) -> None:
    done = shop(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("funneltui: ")
    assert "--help` tells" in done.err


def test_an_unknown_command_is_answered_with_the_nearest(shop: Shop) -> None:
    assert 'did you mean "list"?' in shop("lst").err


@pytest.mark.parametrize(
    "arguments",
    [["show", "7"], ["edit", "7", "--tags", "x"], ["move", "7", "offered"], ["win", "7"], ["lose", "7"],
     ["reopen", "7", "waiting"], ["follow-up", "7", "fri"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_a_deal_that_is_not_there_is_refused(shop: Shop, arguments: list[str]) -> None:
    done = shop(*arguments)
    assert (done.status, done.out) == (1, "")
    assert "funneltui: there is no deal 7" in done.err


@pytest.mark.parametrize("number", ["0", "-1", "9" * 9, "9" * 30])
def test_a_number_that_no_deal_has_is_refused(shop: Shop, number: str) -> None:
    done = shop("show", "--", number)
    assert (done.status, done.out) == (1, "")
    assert f"there is no deal {number[:20]}" in done.err


def test_a_gate_hints_only_at_options_that_the_command_has(shop: Shop, deal: Callable[..., int]) -> None:
    deal("x", "--stage", "offered", "--detail", "contract", "--follow-up", "fri")
    done = shop("follow-up", "1", "none")
    assert done.status == 1
    assert "say it with" not in done.err
    assert "say it with: TITLE" in shop("add", "", "--source", "web", "--close", "fri").err


def test_without_a_workspace_every_command_says_how_to_make_one(empty: Shop) -> None:
    for command in (["list"], ["today"], ["funnel"], ["show", "1"], ["users"], ["add", "x"]):
        done = empty(*command)
        assert done.status == 1
        assert "funneltui init" in done.err


def test_init_says_where_and_what_next(empty: Shop) -> None:
    done = empty.ok("init", "--preset", "acquisition", "--currency", "PLN")
    assert empty.location in done.out
    assert "PLN" in done.out
    assert "funneltui add" in done.out
    assert empty.ok("funnel", "--json").json["currency"] == "PLN"


def test_init_takes_acquisition_when_no_preset_is_named(empty: Shop) -> None:
    assert empty.ok("init", "--json").json["pipeline"] == "acquisition"
    assert [user["role"] for user in empty.ok("users", "--json").json] == ["manager"]


def test_a_second_init_is_refused_and_changes_nothing(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    before = shop.dump()
    assert shop("init").status == 1
    assert shop.dump() == before


def test_a_wrong_preset_or_currency_makes_no_workspace(empty: Shop) -> None:
    assert empty("init", "--preset", "nonsense").status == 1
    assert empty("init", "--currency", "nonsense").status == 1
    assert "funneltui init" in empty("list").err


def test_every_command_has_a_place_and_a_help(shop: Shop) -> None:
    assert list(_PLACES) == list(COMMANDS)
    for name in COMMANDS:
        done = shop.bare(name, "--help")
        assert done.status == 0
        assert f"funneltui {name}" in done.out
        assert shop.bare(name, "-h").out == done.out


def test_the_help_page_lists_every_command(shop: Shop) -> None:
    out = shop.bare("--help").out
    assert all(f"  {name} " in out and text in out for name, text in COMMANDS.items())


@pytest.mark.parametrize(("typed", "word"), [(["mo"], "move"), (["move", "1", "off"], "offered"),
                                             (["lose", "1", "--reason", "pr"], "price"),
                                             (["add", "x", "--source", "ph"], "phone"),
                                             (["list", "--so"], "--sort")])  # fmt: skip
def test_a_shell_can_complete(shop: Shop, monkeypatch: pytest.MonkeyPatch, typed: list[str], word: str) -> None:
    monkeypatch.setenv("FUNNELTUI_DB", shop.location)
    monkeypatch.setenv("FUNNELTUI_USER", "ana")
    monkeypatch.setenv("_FUNNELTUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["funneltui", *typed]))
    monkeypatch.setenv("COMP_CWORD", str(len(typed)))
    assert f"plain,{word}\n" in shop.bare().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_print_a_script_and_where_it_goes(shop: Shop, shell: str) -> None:
    out = shop.bare("completions", shell).out
    assert "_FUNNELTUI_COMPLETE" in out
    assert out.splitlines()[-1].startswith("# ")


def test_completions_of_an_unknown_shell_are_not_written_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert shop.bare("completions").status == 2
    assert shop.bare("completions", "tcsh").status == 2


def test_an_interrupt_leaves_quietly(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("funneltui.services.reports.today", interrupted)
    done = shop("today")
    assert (done.status, done.out, done.err) == (130, "", "")
