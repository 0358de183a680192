"""Files that are written whole or not at all: private, never over another one unless that is wished."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import BadInput, RuleBroken, StorageError
from funneltui.exchange.files_out import demand_place, harmless, whole_file

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, *, force: bool = False) -> None:
    with whole_file(path, force=force) as out:
        out.write(b"new")


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name != "home")


def test_a_file_is_its_owners_alone_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    written(tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert names(tmp_path) == ["out"]


def test_a_file_that_is_there_stays_unless_it_is_wished_otherwise(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old")
    with pytest.raises(RuleBroken, match="out is there already; name another file, or write over it with --force"):
        written(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "old"
    written(tmp_path / "out", force=True)
    assert (tmp_path / "out").read_text() == "new"
    assert names(tmp_path) == ["out"]


def test_whoever_takes_the_name_meanwhile_keeps_it(tmp_path: Path) -> None:
    def taken() -> None:
        with whole_file(tmp_path / "out"):
            (tmp_path / "out").write_text("theirs")

    with pytest.raises(RuleBroken, match="already"):
        taken()
    assert (tmp_path / "out").read_text() == "theirs"
    assert names(tmp_path) == ["out"]


def test_what_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> None:
        with whole_file(tmp_path / "out") as out:
            out.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert names(tmp_path) == []


@pytest.mark.parametrize("force", [False, True])
def test_a_database_and_a_folder_are_never_written_over(tmp_path: Path, force: bool) -> None:
    (tmp_path / "work.db").write_bytes(b"SQLite format 3\0 and more")
    for name in ("work.db", "."):
        with pytest.raises(BadInput):
            written(tmp_path / name, force=force)
    assert (tmp_path / "work.db").read_bytes() == b"SQLite format 3\0 and more"


@pytest.mark.parametrize("target", ["theirs", "gone"])
def test_a_link_is_neither_replaced_nor_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "theirs").write_text("old")
    (tmp_path / "out").symlink_to(tmp_path / target)
    with pytest.raises(BadInput, match=f"out is a link; name the file itself for which it stands: .*{target}"):
        written(tmp_path / "out", force=True)
    assert (tmp_path / "theirs").read_text() == "old"
    assert (tmp_path / "out").is_symlink()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", ".lock"])
@pytest.mark.parametrize("there", [True, False])
def test_what_a_database_keeps_beside_itself_is_never_written_over(tmp_path: Path, ending: str, there: bool) -> None:
    (tmp_path / "work.db").write_bytes(b"SQLite format 3\0 and more")
    beside = tmp_path / f"work.db{ending}"
    if there:
        beside.write_text("log")
    for write in (lambda: written(beside, force=True), lambda: demand_place(beside)):
        with pytest.raises(BadInput, match=r"belongs to the database work\.db; name another file"):
            write()
    assert beside.exists() is there
    written(tmp_path / f"other{ending}")


def test_a_backup_goes_into_no_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"there is no folder .*usb; make it, or connect its disk"):
        demand_place(tmp_path / "usb" / "a.db")
    demand_place(tmp_path / "a.db")


@pytest.mark.parametrize("path", ["nowhere/out", "n" * 300, "a\0b"])
def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path, path: str) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        written(tmp_path / path)


def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="out: the disk is full; make room and try again"):
        written(tmp_path / "out")
    assert names(tmp_path) == []


def test_harmless_texts_keep_their_lines_and_lose_what_acts_on_a_terminal() -> None:
    assert harmless("a\nb\x1b[2J\u202e") == "a\nb[2J"
    assert harmless({"a\x07": ["\x9b1", 5, None, {"b": True}]}) == {"a": ["1", 5, None, {"b": True}]}
