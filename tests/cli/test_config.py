"""`config`: what is in force and where it comes from, and a setting written into the file or taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import bootstrap, config, paths
from funneltui.exchange import pipeline_files
from tests.cli.conftest import Done

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop

    Typed = Callable[..., Done]


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Give a function that runs the whole program with these arguments."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        status = bootstrap.main(list(arguments))
        printed = capsys.readouterr()
        return Done(status, printed.out, printed.err)

    return run


@pytest.fixture
def file() -> Path:
    """Give the place of the config file, in a folder that is there."""
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    return path


def test_every_setting_is_shown_with_its_value_and_where_that_comes_from(
    typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('# mine\ndensity = "compact"\ndate_order = "mdy"\n[keys]\n"deal.win" = "W"\n', encoding="utf-8")
    monkeypatch.setenv("FUNNELTUI_DATE_ORDER", "ymd")
    rows = {row[0]: row[1:] for row in typed("config", "--theme", "day").rows}
    assert rows["density"] == ['"compact"', "line 2"]
    assert rows["date_order"] == ['"ymd"', "FUNNELTUI_DATE_ORDER"]
    assert rows["theme"] == ['"day"', "--theme"]
    assert rows["mouse"] == ["true", "default"]
    assert rows["keys.deal.win"] == ['"W"', "line 5"]


def test_who_acts_is_shown_by_name(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ana")
    shown = {one["key"]: one for one in typed("config", "show", "--json").json["settings"]}
    assert shown["user"] == {"key": "user", "value": "ana", "from": "default", "line": None}


def test_json_has_the_file_and_what_is_wrong_with_it(typed: Typed, file: Path) -> None:
    file.write_text("mouse = 1\n", encoding="utf-8")
    done = typed("config", "--json").json
    assert (done["file"], done["exists"]) == (str(file), True)
    assert done["problems"] == [
        "~/funneltui/config.toml, line 1: mouse is a whole number; expected true or false; ignored"
    ]


def test_a_terminal_is_told_that_there_is_no_file(typed: Typed, terminal: Callable[[int], None]) -> None:
    terminal(100)
    assert typed("config").out.splitlines()[0] == "~/funneltui/config.toml (not there: everything is as it comes)"


def test_the_path_of_the_file_is_printed(typed: Typed) -> None:
    assert typed("config", "path").out == f"{paths.config_file()}\n"
    assert typed("config", "path", "--json").json == {"path": str(paths.config_file()), "exists": False}


def test_a_setting_is_written_and_taken_out_again(typed: Typed, file: Path) -> None:
    assert typed("config", "set", "panes.side", "no").out == "panes.side = false\n"
    assert file.read_text(encoding="utf-8").endswith("[panes]\nside = false\n")
    assert typed("config", "unset", "panes.side").out == "panes.side is no longer set\n"
    assert "side" not in file.read_text(encoding="utf-8")


def test_a_list_is_typed_with_commas(typed: Typed) -> None:
    done = typed("config", "set", "follow_up.usual", "fri, +3d", "--json")
    assert done.json == {"key": "follow_up.usual", "value": ["fri", "+3d"]}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["set", "densty", "compact"], 'there is no setting "densty"; did you mean "density"?'),
        (["set", "density", "tight"], 'density is "tight"; expected comfortable or compact'),
        (["unset", "density"], "~/funneltui/config.toml does not set density"),
        (["set", "keys.deal.wim", "w"], 'there is no action "deal.wim"; did you mean "deal.win"?'),
        (["set", "keys.deal.win", "ctrl+h"], 'deal.win: "ctrl+h" never arrives: terminals send backspace for it'),
        (
            ["set", "keys.deal.win", "x"],
            "deal.win cannot have x: on the board it belongs to deal.lose; deal.win keeps w",
        ),
        (["set", "keys.app.help", ""], "app.help needs a key: nobody finds the way without"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(typed: Typed, arguments: list[str], why: str) -> None:
    done = typed("config", *arguments)
    assert (done.status, done.err) == (1, f"funneltui: {why}\n")
    assert not paths.config_file().exists()


def test_keys_that_take_those_of_another_action_of_the_file_are_refused(typed: Typed) -> None:
    assert typed("config", "set", "keys.deal.win", "ctrl+w").status == 0
    assert typed("config", "set", "keys.deal.lose", "ctrl+w").status == 1
    assert typed("config", "set", "keys.deal.win", "W").status == 0
    assert typed("config", "set", "keys.deal.lose", "ctrl+w").status == 0


def test_a_variable_that_wins_is_mentioned(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELTUI_THEME", "mono")
    assert (
        typed("config", "set", "theme", "day").err == "warning: FUNNELTUI_THEME is set and wins over the config file\n"
    )


def test_a_file_that_is_no_toml_is_left_to_an_editor(typed: Typed, file: Path) -> None:
    file.write_text("theme = \n", encoding="utf-8")
    done = typed("config", "set", "theme", "day")
    assert done.status == 1
    assert done.err.endswith("; mend it in an editor first\n")


def test_a_mistake_is_told_beside_the_output_of_a_command_which_does_its_work(shop: Shop, file: Path) -> None:
    file.write_text("mouse = 1\n", encoding="utf-8")
    done = shop.ok("add", "Northwind", "--source", "web", "--close", "2026-12-15", "--json")
    assert done.json["title"] == "Northwind"
    assert done.err == (
        "warning: ~/funneltui/config.toml, line 1: mouse is a whole number; expected true or false; ignored\n"
    )


def test_a_shell_that_completes_is_told_nothing(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("mouse = 1\n", encoding="utf-8")
    monkeypatch.setenv("_FUNNELTUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "funneltui list stage:")
    monkeypatch.setenv("COMP_CWORD", "2")
    monkeypatch.setenv("FUNNELTUI_DB", shop.location)
    assert bootstrap.main([]) == 0
    assert capsys.readouterr().err == ""


def test_the_currency_of_the_file_is_that_of_a_new_workspace(typed: Typed, file: Path, tmp_path: Path) -> None:
    file.write_text('currency = "CZK"\nuser = "ana"\n', encoding="utf-8")
    made = [
        typed("init", "--json", "--db", str(tmp_path / f"{number}.db"), *options).json
        for number, options in enumerate(((), ("--currency", "USD")))
    ]
    assert [(one["currency"], one["user"]) for one in made] == [("CZK", "ana"), ("USD", "ana")]


@pytest.mark.parametrize(
    ("in_preset", "options", "currency"),
    [
        ('currency = "PLN"', ("--currency", "USD"), "USD"),
        ('currency = "PLN"', (), "PLN"),
        ("", (), "CZK"),
    ],
)
def test_a_pipeline_file_of_ones_own_has_the_setting_s_currency_only_if_it_says_none(
    typed: Typed, file: Path, tmp_path: Path, in_preset: str, options: tuple[str, ...], currency: str
) -> None:
    file.write_text('currency = "CZK"\nuser = "ana"\n', encoding="utf-8")
    ours = pipeline_files._preset_text("acquisition").replace('# currency = "EUR"', in_preset, 1)
    (tmp_path / "mine.toml").write_text(ours, encoding="utf-8")
    made = typed("init", "--json", "--db", str(tmp_path / "w.db"), "--preset", str(tmp_path / "mine.toml"), *options)
    assert made.json["currency"] == currency


def test_the_date_order_of_the_file_is_that_of_what_is_typed(shop: Shop, file: Path) -> None:
    file.write_text('date_order = "mdy"\n', encoding="utf-8")
    added = shop.ok("add", "Northwind", "--source", "web", "--close", "12/1/2026", "--json").json
    assert added["expected_close"] == "2026-12-01"
