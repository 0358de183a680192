"""Paths that are being typed: folders and files go on from them, and nothing that is wrong stops anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from funneltui.exchange.typed_paths import MOST, completions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder where the program was started, with a few things in it."""
    for name in ("Deals.csv", "deals-old.CSV", "notes.md", ".hidden.csv"):
        (tmp_path / name).touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "q1.csv").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_folders_come_first_and_files_by_their_ending(folder: Path) -> None:
    assert completions("", (".csv",)) == ["data/", "Deals.csv", "deals-old.CSV"]
    assert completions("", ()) == ["data/", "Deals.csv", "deals-old.CSV", "notes.md"]


def test_what_is_typed_goes_on_in_any_case(folder: Path) -> None:
    assert completions("dea", (".csv",)) == ["Deals.csv", "deals-old.CSV"]


def test_a_folder_is_gone_into(folder: Path) -> None:
    assert completions("data/", (".csv",)) == ["data/q1.csv"]
    assert completions(f"{folder}/da") == [f"{folder}/data/"]


def test_the_home_folder_stays_a_tilde(folder: Path) -> None:
    assert completions("~/da") == ["~/data/"]


def test_what_is_hidden_shows_once_a_dot_is_typed(folder: Path) -> None:
    assert completions(".h") == [".hidden.csv"]


@pytest.mark.parametrize("text", ["nowhere/x", "notes.md/x", "/root/secret/x", "a\0b/", "~nobody-here/x"])
def test_a_place_that_cannot_be_read_has_nothing_to_offer(folder: Path, text: str) -> None:
    assert completions(text) == []


def test_a_folder_of_very_many_files_is_cut_short(folder: Path) -> None:
    for number in range(MOST + 50):
        (folder / "data" / f"{number:04}.csv").touch()
    assert len(completions("data/")) == MOST
