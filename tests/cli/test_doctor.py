"""doctor: what it finds wrong, and that it says what mends it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui import bootstrap, paths
from funneltui.cli.commands import doctor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop


def harm(shop: Shop, statement: str) -> None:
    """Change the database behind the program's back."""
    database = sqlite3.connect(shop.location)
    database.execute(statement)
    database.commit()
    database.close()


def a_busy_life(shop: Shop) -> None:
    shop.ok("add", "a", "--source", "web", "--close", "fri")
    shop.ok("add", "b", "--source", "web", "--close", "fri", "--stage", "resigned", "--reason", "price")
    shop.ok("add", "c", "--source", "web", "--close", "fri", "--stage", "acquired")
    shop.ok("move", "1", "offered", "--detail", "contract", "--follow-up", "fri")
    shop.ok("move", "1", "waiting")
    shop.ok("edit", "1", "--stage", "acquisition", "--detail", "call")
    shop.ok("win", "1", "--follow-up", "+30d")
    shop.ok("reopen", "2", "waiting")


def test_a_workspace_after_a_busy_life_is_sound(everywhere: Shop) -> None:
    a_busy_life(everywhere)
    done = everywhere.ok("doctor")
    assert "all is well" in done.out
    report = everywhere.ok("doctor", "--json").json
    assert list(report) == ["versions", "paths", "database", "terminal", "findings", "sound"]
    assert report["findings"] == []
    assert (report["database"]["users"], report["database"]["deals"]) == (1, 3)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM visit WHERE left_at IS NULL AND deal = 1", "exactly one stage"),
        ("UPDATE visit SET stage = 'offered' WHERE left_at IS NULL AND deal = 1", "last visit"),
        ("UPDATE deal SET outcome = 'open' WHERE number = 1", "outcome"),
        ("UPDATE deal SET reach = 'waiting' WHERE number = 1", "reached"),
        ("UPDATE deal SET version = 99 WHERE number = 1", "events"),
        ("UPDATE deal SET due_on = '1999-01-01' WHERE number = 1", "another day"),
    ],
)
def test_records_that_contradict_each_other_are_found(shop: Shop, statement: str, words: str) -> None:
    a_busy_life(shop)
    harm(shop, statement)
    done = shop("doctor", "--json")
    assert done.status == 1
    told = [finding for finding in done.json["findings"] if words in finding["what"]]
    assert [finding["deals"] for finding in told] == [[1]]
    assert all(finding["mend"] for finding in told)


def test_a_file_that_others_can_read_is_found(shop: Shop) -> None:
    Path(shop.location).chmod(0o644)
    done = shop("doctor")
    assert done.status == 1
    assert "chmod 600" in done.out


def test_a_damaged_file_is_found(shop: Shop, deal: Callable[..., int]) -> None:
    for _ in range(30):
        deal("x" * 400)
    harm(shop, "PRAGMA journal_mode = delete")
    content = bytearray(Path(shop.location).read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    Path(shop.location).write_bytes(content)
    done = shop("doctor")
    assert done.status == 1
    assert "damaged" in done.out


def test_without_a_workspace_the_versions_are_told_all_the_same(empty: Shop) -> None:
    done = empty("doctor")
    assert done.status == 1
    assert "python" in done.out
    assert "funneltui init" in done.out


@pytest.mark.parametrize(
    ("term", "colorterm", "colors"),
    [
        ("xterm-256color", "", "256"),
        ("xterm", "truecolor", "truecolor"),
        ("xterm", "", "16"),
        ("alacritty", "", "256"),
        ("foot", "", "256"),
        ("linux", "", "16"),
        ("dumb", "", "none"),
    ],
)
def test_the_terminal_is_described(monkeypatch: pytest.MonkeyPatch, term: str, colorterm: str, colors: str) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", colorterm)
    monkeypatch.delenv("TEXTUAL_COLOR_SYSTEM", raising=False)
    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    seen = doctor.terminal()
    assert (seen["colors"], seen["inside"]) == (colors, "tmux")


@pytest.fixture
def file() -> Path:
    """Give the place of the config file, in a folder that is there."""
    path = paths.config_file()
    path.parent.mkdir(parents=True)
    return path


def test_the_config_file_is_named_whether_it_is_there_or_not(shop: Shop, file: Path) -> None:
    told = shop.ok("doctor", "--json").json["paths"]
    assert (told["config"], told["config_exists"]) == (str(file), False)
    file.write_text('theme = "day"\n', encoding="utf-8")
    assert shop.ok("doctor", "--json").json["paths"]["config_exists"] is True


def test_what_is_wrong_in_the_config_file_is_a_finding_with_its_line_and_told_once(shop: Shop, file: Path) -> None:
    file.write_text('theme = "day"\nlocale = "xx"\n', encoding="utf-8")
    done = shop("doctor")
    assert (done.status, done.err) == (1, "")
    assert 'wrong: ~/funneltui/config.toml, line 2: locale is "xx"; expected a language' in done.out
    assert "mend: correct the line" in done.out


def test_keys_that_cannot_be_are_a_finding_too(file: Path, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('[keys]\n"deal.wim" = "w"\n', encoding="utf-8")
    status = bootstrap.main(["--db", shop.location, "--user", "ana", "doctor"])
    out = capsys.readouterr().out
    assert status == 1
    assert "wrong: ~/funneltui/config.toml, line 2: " in out
    assert "deal.wim" in out


def test_a_password_in_the_url_is_never_printed() -> None:
    from funneltui.cli.location import shown_location

    shown = shown_location("postgresql://ana:secret@db.example.com:5433/sales?password=secret")
    assert shown == "postgresql://db.example.com:5433/sales"
