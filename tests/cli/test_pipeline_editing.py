"""`pipeline edit`: a pipeline in the user's own editor; never half, and no text of the user's lost."""

from __future__ import annotations

import io
import json
import shlex
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.pipeline_files import read_pipeline, read_pipeline_file
from funneltui.exchange.pipeline_writer import to_toml
from tests.cli.test_pipelines import stages, text_without_offered
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done, Shop


class Editor:
    """An editor that replaces one text by another at each call, as a plan says; it notes what it was given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._plan, self._seen = folder / "plan.json", folder / "seen.json"
        script = folder / "editor.py"
        script.write_text(
            f"import json, pathlib, sys\n"
            f"plan, seen = pathlib.Path({str(self._plan)!r}), pathlib.Path({str(self._seen)!r})\n"
            "path = pathlib.Path(sys.argv[1])\n"
            "steps = json.loads(plan.read_text())\n"
            "text = path.read_text()\n"
            "seen.write_text(json.dumps([*json.loads(seen.read_text()), [str(path), text]]))\n"
            "old, new = steps.pop(0)\n"
            "assert old in text\n"
            "path.write_text(text.replace(old, new))\n"
            "plan.write_text(json.dumps(steps))\n"
        )
        self._seen.write_text("[]")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")

    def plan(self, *steps: tuple[str, str]) -> None:
        self._plan.write_text(json.dumps(steps))

    @property
    def seen(self) -> list[tuple[str, str]]:
        return [tuple(one) for one in json.loads(self._seen.read_text())]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(tmp_path, monkeypatch)


@pytest.fixture
def edited(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Give a function that runs `pipeline edit` and answers its questions."""

    def run(*words: str, answers: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        return shop("pipeline", "edit", *words)

    return run


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "home" / "funneltui" / "pipelines").glob("*.toml"))


def test_what_is_edited_is_told_asked_and_applied(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    done = edited(answers="y\n")
    assert (done.status, done.out) == (0, "stage Waiting is called On hold\nSales is at version 2\n")
    assert "stage Waiting is called On hold\napply this? [y/N]: " in done.err
    assert editor.seen[0][1] == to_toml(small_pipeline())
    assert kept(tmp_path) == []


def test_the_text_that_is_edited_is_readable_by_nobody_else(
    editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    edited(answers="n\n")
    (path,) = kept(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_editor_that_is_left_at_once_changes_nothing(
    editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(("Waiting", "Waiting"), ("Waiting", "Waiting"))
    done = edited()
    assert (done.status, done.out, kept(tmp_path)) == (0, "Sales is as it was\n", [])
    assert edited("--json").json["changes"] == []


def test_a_mistake_is_told_with_its_line_and_the_text_goes_on(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('kind = "won"', 'kind = "sold"'), ('kind = "sold"', 'kind = "won"\nwip_limit = 9'))
    done = edited(answers="y\ny\n")
    assert (done.status, kept(tmp_path)) == (0, [])
    line = to_toml(small_pipeline()).split('kind = "won"')[0].count("\n") + 1
    assert f'line {line}: stage "acquired": kind "sold" is none of open, won, lost\nedit it again? [y/N]: ' in done.err
    assert editor.seen[0][0] == editor.seen[1][0]
    assert 'kind = "sold"' in editor.seen[1][1]
    assert shop.ok("pipeline", "show", "--json").json["stages"][3]["wip_limit"] == 9


@pytest.mark.parametrize("answers", ["n\n", ""])
def test_a_text_with_a_mistake_is_kept_in_a_file_that_is_named(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, answers: str
) -> None:
    editor.plan(('kind = "won"', 'kind = "sold"'))
    done = edited(answers=answers)
    assert done.status != 0
    (path,) = kept(tmp_path)
    assert f"your text is kept; apply it with: funneltui pipeline apply {path}" in done.err
    assert 'kind = "sold"' in path.read_text()
    assert len(stages(shop)) == 5


@pytest.mark.parametrize("answers", ["n\n", ""])
def test_what_is_not_agreed_to_is_not_applied_and_can_be_applied_later(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, answers: str
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    assert edited(answers=answers).status != 0
    (path,) = kept(tmp_path)
    assert shop.ok("pipeline", "show", "--toml").out == to_toml(small_pipeline())
    assert shop.ok("pipeline", "apply", str(path)).out == "stage Waiting is called On hold\nSales is at version 2\n"


def test_it_asks_where_deals_go_until_there_is_such_a_place(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    number = deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    whole, short = to_toml(small_pipeline()), text_without_offered()
    editor.plan((whole, short))
    done = edited(answers="nix\nacquisition:meeting\ny\n")
    assert (done.status, kept(tmp_path)) == (0, [])
    question = "1 deal stands in Offered; where to? (waiting, acquisition[:call|meeting], acquired, resigned): "
    assert done.err.count(question) == 2
    assert 'funneltui: there is no stage "nix"' in done.err
    assert shop.ok("show", str(number), "--json").json["detail"] == "meeting"


def test_it_asks_nothing_that_an_option_has_said(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done]
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    editor.plan((to_toml(small_pipeline()), text_without_offered()))
    done = edited("sales", "--move", "offered=waiting", "--json", answers="y\n")
    assert (done.status, done.json["moved"], "where to?" in done.err) == (0, [1], False)


def test_a_shut_gate_gives_the_text_back(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    editor.plan((to_toml(small_pipeline()), text_without_offered()))
    done = edited(answers="resigned\ny\nn\n")
    assert (done.status, len(kept(tmp_path)), len(stages(shop))) == (1, 1, 5)
    assert "deal 1: Resigned demands a rejection reason (price, other)\nedit it again?" in done.err


def test_the_key_of_a_pipeline_is_not_edited(editor: Editor, edited: Callable[..., Done]) -> None:
    editor.plan(('key = "sales"', 'key = "deals"'))
    done = edited(answers="n\n")
    line = to_toml(small_pipeline()).splitlines().index('key = "sales"') + 1
    assert f'line {line}: key is "deals", but a pipeline keeps its key; expected key = "sales"' in done.err


def test_who_changes_the_pipeline_while_it_is_edited_is_not_written_over(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneltui.exchange import editor as real

    def meanwhile(words: list[str], path: Path) -> str:
        path.write_text(path.read_text().replace('name = "Waiting"', 'name = "On hold"'))
        other = tmp_path / "other.toml"
        other.write_text(to_toml(small_pipeline()).replace('name = "Waiting"', 'name = "Queue"'))
        assert shop("pipeline", "apply", str(other)).status == 0
        return ""

    monkeypatch.setattr(real, "run", meanwhile)
    done = edited(answers="y\n")
    assert done.status == 1
    assert "ana changed the pipeline Sales meanwhile" in done.err
    assert read_pipeline_file(kept(tmp_path)[0]).first.name == "On hold"
    assert read_pipeline(shop.ok("pipeline", "show", "--toml").out, "x").first.name == "Queue"


@pytest.mark.parametrize(
    ("value", "words"),
    [("/no/such/editor", "cannot be started"), ("false", "failed (status 1)"), ('"', "cannot be read")],
)
def test_an_editor_that_fails_changes_nothing_and_leaves_nothing(
    shop: Shop, edited: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    monkeypatch.setenv("VISUAL", value)
    done = edited()
    assert (done.status, words in done.err, kept(tmp_path)) == (1, True, [])
