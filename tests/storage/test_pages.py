"""The pages of a damaged file read one by one: whatever the damage, only what lies in it is lost."""

from __future__ import annotations

import random
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.storage.pages import PageFile
from funneltui.storage.salvage import salvage

if TYPE_CHECKING:
    from pathlib import Path

VALUES = (None, 0, 1, -1, 127, -32768, 2**31, -(2**47), 2**62, 0.5, "", "žaba", "x" * 9000, b"\x00\xff", 8, 9)


def made(path: Path, rows: int, *, size: int = 4096, text: str = "") -> list[tuple[int, ...]]:
    """Make a file with one table and give what SQLite reads from it."""
    opened = sqlite3.connect(path)
    opened.execute(f"PRAGMA page_size = {size}")
    opened.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, a, b, c)")
    chosen = random.Random(rows)
    for number in range(rows):
        values = [chosen.choice(VALUES) for _ in range(3)]
        opened.execute("INSERT INTO thing VALUES (?, ?, ?, ?)", (number * 3 + 1, *values))
    opened.commit()
    found = opened.execute("SELECT * FROM thing ORDER BY id").fetchall()
    opened.close()
    return found


def read(path: Path) -> list[tuple[object, ...]]:
    """Give the rows of the table as the pages have them."""
    pages = PageFile(path)
    (root,) = (row[3] for leaf in pages.leaves(1) for _, row in pages.cells(leaf).rows if row[0] == "table")
    assert isinstance(root, int)
    return sorted((rowid, *row[1:]) for leaf in pages.leaves(root) for rowid, row in pages.cells(leaf).rows)


@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
@pytest.mark.parametrize("rows", [0, 1, 40, 700])
def test_the_pages_say_what_sqlite_says(tmp_path: Path, rows: int, size: int) -> None:
    expected = made(tmp_path / "x.db", rows, size=size)
    assert read(tmp_path / "x.db") == expected


def test_what_the_log_beside_the_file_has_committed_is_read_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    opened = sqlite3.connect(path, isolation_level=None)
    opened.execute("PRAGMA journal_mode = wal")
    opened.execute("PRAGMA cache_size = 5")
    opened.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, a)")
    opened.execute("INSERT INTO thing VALUES (1, 'committed')")
    opened.execute("BEGIN")
    for number in range(2, 100):  # more than is kept in memory: the log has pages that are not committed
        opened.execute("INSERT INTO thing VALUES (?, ?)", (number, "x" * 3000))
    assert read(path) == [(1, "committed")]
    opened.close()


def test_pages_that_are_not_in_use_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    made(path, 300)
    opened = sqlite3.connect(path)
    opened.execute("DELETE FROM thing WHERE id > 30")
    opened.commit()
    (free,) = opened.execute("PRAGMA freelist_count").fetchone()
    opened.close()
    assert free > 10
    assert len(PageFile(path).unused()) == free


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000), where=st.integers(0, 30000))
def test_nothing_that_a_file_holds_makes_the_reading_fall_over(content: bytes, where: int, tmp_path: Path) -> None:
    path, part = tmp_path / "x.db", tmp_path / "part.db"
    path.unlink(missing_ok=True)
    made(path, 20)
    whole = bytearray(path.read_bytes())
    whole[where : where + len(content)] = content
    path.write_bytes(whole)
    for left in tmp_path.glob("part.db*"):
        left.unlink()
    part.touch()
    assert salvage(path, part).rows["deal"] == 0


def test_a_rowid_that_is_damaged_is_told_from_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    opened = sqlite3.connect(path)
    opened.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, a)")
    opened.executemany("INSERT INTO thing VALUES (?, ?)", [(number, f"row {number}") for number in range(1, 11)])
    opened.commit()
    opened.close()
    content = path.read_bytes()
    place = content.index(b"row 5") - 4  # length, rowid, length of the head, two kinds
    assert content[place] == 5
    path.write_bytes(content[:place] + b"\x7f" + content[place + 1 :])
    assert [row[0] for row in read(path)] == [1, 2, 3, 4, 6, 7, 8, 9, 10]
