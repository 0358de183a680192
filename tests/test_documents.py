"""What the documents promise is what the program does: commands, keys, examples, dates, filters, places."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from funneltui.cli.frame import LazyGroup
from funneltui.cli.main import COMMANDS, run
from funneltui.cli.program import Program
from funneltui.domain import dates, filter_parser
from funneltui.exchange.pipeline_files import preset, preset_names
from funneltui.services import workspaces
from funneltui.tui.actions import BOARD, key_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock, Context

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Give the README's text under a heading."""
    return re.split(r"^## ", README.split(f"\n## {heading}\n")[1], flags=re.M)[0]


def table(first_heading: str) -> list[list[str]]:
    """Give the cells of the README's table whose first column is headed so."""
    lines = README.split(f"\n| {first_heading} |")[1].splitlines()[2:]
    rows = lines[: next(place for place, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def blocks(language: str) -> list[str]:
    """Give the README's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def quoted(text: str) -> list[str]:
    """Give what stands between backticks in a text's prose."""
    return re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def command(name: str) -> click.Command:
    found = LazyGroup("funneltui").get_command(click.Context(click.Command("funneltui")), name)
    assert found is not None, name
    return found


def options(name: str) -> set[str]:
    """Give the options that a command takes, the global ones included."""
    return {option for param in command(name).params for option in param.opts}


def test_the_readme_lists_every_command_in_the_order_and_words_of_the_help() -> None:
    listed = {quoted(row[0])[0].split()[0]: row[1] for row in table("command")}
    assert list(listed.items()) == list(COMMANDS.items())


def test_the_readme_shows_no_option_that_a_command_does_not_take() -> None:
    written = [quoted(row[0])[0] for row in table("command")]
    written += re.findall(
        r"^(?:\$ )?funneltui ((?!--)\w.*?)(?:#.*)?$", "\n".join(blocks("sh") + blocks("console")), re.M
    )
    for line in written:
        name, *words = shlex.split(line.replace("'", ""))
        assert {word for word in words if word.startswith("--")} <= options(name), line


def test_the_readme_names_every_key_of_the_board_and_no_other() -> None:
    keys = {key_label(key) for action in BOARD for key in action.keys.split(",")}
    text = section("Keys").split("\nOn a card")[0]
    assert set(quoted(text)) == keys


def test_the_readme_names_every_mark_of_a_card() -> None:
    from funneltui.tui.screens.help import _MARKS

    shown = quoted(section("Keys").split("\nOn a card")[1])
    assert shown == [sign for sign, _ in _MARKS if sign != "■"]


def test_the_readme_names_every_preset_and_theme() -> None:
    themes = {tomllib.loads(path.read_text(encoding="utf-8"))["name"] for path in (ROOT / "themes").glob("*.toml")}
    assert set(preset_names()) <= set(quoted(section("Start")))
    assert {row[0]: set(quoted(row[1])) for row in table("variable")}["`FUNNELTUI_THEME`"] == themes | {"--theme"}


def test_the_readme_names_every_environment_variable() -> None:
    read = set(re.findall(r'"(FUNNELTUI_[A-Z_]+)"', (ROOT / "funneltui" / "config.py").read_text(encoding="utf-8")))
    assert {quoted(row[0])[0] for row in table("variable")} == read


def test_the_readmes_dates_mean_what_it_says(clock: Clock) -> None:
    today = clock.today()
    for typed, means in table("typed"):
        echoed = [dates.echo(dates.parse_date(text, today), today) for text in quoted(typed)]
        assert ", ".join(echoed) == means


def test_the_readmes_filters_can_be_typed(clock: Clock) -> None:
    for typed, _ in table("filter"):
        parsed = filter_parser.parse(quoted(typed)[0], clock.today(), pipelines=(preset("acquisition"),))
        assert parsed.root is not None


@pytest.fixture
def console(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], str]:
    """Give a function that runs a command line on a terminal of 100 columns and gives what is printed."""
    for name, value in {"FUNNELTUI_DB": "deals.db", "FUNNELTUI_USER": "ana", "COLUMNS": "100", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    workspaces.create("deals.db", preset("acquisition"), "ana", clock).database.close()

    def open_workspace(chosen: Config) -> Context:
        return workspaces.open_workspace(chosen.location, chosen.user, clock, chosen.order, chosen=True)

    def refuse(chosen: Config, pipeline: Pipeline | None = None) -> Context:
        raise AssertionError("the examples of the README need neither a board nor a new workspace")

    def typed(line: str) -> str:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        capsys.readouterr()
        run(shlex.split(line)[1:], Program(open_workspace, refuse, refuse, refuse))  # type: ignore[arg-type]
        printed = capsys.readouterr()
        plain = re.sub(r"\x1b\[[0-9;]*m", "", printed.out + printed.err)
        return "".join(f"{line.rstrip()}\n" for line in plain.splitlines())

    return typed


def test_the_readmes_examples_print_what_it_shows(console: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(blocks("csv")[0], encoding="utf-8")
    examples = [example.split("\n", 1) for example in "".join(blocks("console")).split("$ ")[1:]]
    assert len(examples) >= 8
    assert [[line, console(line)] for line, _ in examples] == examples


def test_what_the_build_server_runs_is_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep -E '(.*)' README\.md", script)
    assert pattern is not None
    found = subprocess.run(
        ["grep", "-E", pattern[1], "README.md"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert [found.stdout] == [block for block in blocks("sh") if "pytest" in block]


def test_the_links_of_the_documents_lead_to_files() -> None:
    links = [
        target
        for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert links
    assert [target for target in links if not (ROOT / target).is_file()] == []


def test_the_files_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table_of_folders = re.findall(r"^\| `([\w./]+)` \|", text, re.M)
    named = [*table_of_folders, *re.findall(r"`((?:tui|services|storage|domain)/[\w./]+\.py)`", text)]
    assert len(named) > 10
    assert [name for name in named if not (ROOT / "funneltui" / name).exists()] == []


def test_the_changelog_names_every_command() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(COMMANDS) <= set(quoted(text))
