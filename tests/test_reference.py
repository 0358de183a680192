"""The pages that are made from the code are what the code gives, and can be read by what they are meant for."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from funneltui import config_file, settings, write_docs
from funneltui.cli import reference
from funneltui.cli.main import COMMANDS
from funneltui.tui import keymap
from funneltui.tui.key_names import read_key

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = write_docs.pages()
MADE_BY_CLICK = tuple(name for name in PAGES if name.startswith("completions/"))


@pytest.mark.parametrize("name", [name for name in PAGES if name not in MADE_BY_CLICK])
def test_a_page_is_what_the_code_gives(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


def test_make_docs_writes_every_page(tmp_path: Path) -> None:
    assert "\tpython -m funneltui.write_docs docs\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    write_docs.write(tmp_path)
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(PAGES)


def test_the_page_of_commands_has_every_command_with_every_option() -> None:
    page = PAGES["commands.md"]
    described = reference.every_command()
    assert [one.name for one in described] == list(COMMANDS)
    for one in described:
        assert f"\n## {one.name}\n\n```\nfunneltui {one.name}" in page
        for names, text in one.options:
            assert f"- `{names}`: {text}" in page


def test_the_page_of_keys_has_every_action_of_every_screen() -> None:
    page = PAGES["keys.md"]
    for screen in keymap.screens():
        section = page.split(f"\n## {screen.title}\n")[1].split("\n## ")[0]
        assert re.findall(r"`([\w.]+)` \|$", section, re.M) == [action.id for action in screen.actions]


def test_the_example_of_the_page_of_settings_is_a_config_file_without_a_mistake(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGES["config.md"], re.S)
    path = tmp_path / "config.toml"
    path.write_text(example, encoding="utf-8")
    read = config_file.read(path)
    assert read.problems == ()
    assert set(read.values) == set(settings.BY_KEY)
    assert keymap.build(read.keys).problems == ()


def test_the_example_of_the_page_of_keys_can_be_written_so() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGES["keys.md"], re.S)
    assert keymap.build(tomllib.loads(example)["keys"]).problems == ()


def test_what_the_page_of_keys_names_as_keys_can_be_written() -> None:
    named = re.search(r"A key is (.*?) where terminals send that", PAGES["keys.md"], re.S)
    assert named is not None
    written = [key for key in re.findall(r"`([^`]+)`", named[1]) if not key.endswith("+")]
    assert len([read_key(key) for key in written]) > 8


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff here to read a manual page")
def test_the_manual_page_is_good_roff() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", str(DOCS / "funneltui.1")], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    plain = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    for words in ("funneltui move [OPTIONS] NUMBER... STAGE", "--follow-up DATE", "FUNNELTUI_DB", "panes.side_width"):
        assert words in plain


@pytest.mark.parametrize("name", MADE_BY_CLICK)
def test_a_completion_script_asks_the_program(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    shell = {"funneltui.bash": "bash", "_funneltui": "zsh", "funneltui.fish": "fish"}[Path(name).name]
    assert f"_FUNNELTUI_COMPLETE={shell}_complete" in text
    assert "funneltui" in text.splitlines()[0] + text.splitlines()[-1]


def test_manual_page_and_completions_are_installed_with_the_program() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    shared = build["targets"]["wheel"]["shared-data"]
    assert set(shared) == {f"docs/{name}" for name in PAGES if not name.endswith(".md")}
    assert all((ROOT / path).is_file() for path in shared)
    assert shared["docs/funneltui.1"] == "share/man/man1/funneltui.1"


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"](docs/{name})" in readme for name in PAGES if name.endswith(".md"))
