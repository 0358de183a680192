"""A full disk, a file that is locked, moved or replaced, a folder that goes away: one clear message, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.errors import StorageError
from funneltui.storage import disks, feed, lock_holders, refusals
from funneltui.storage.database import connect, demand_same_file, query, sqlite_module, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
HOLDS = """
import sys
from funneltui.storage.database import connect, query, writing
database = connect(sys.argv[1])
with writing(database):
    query(database, "INSERT INTO note (text) VALUES ('theirs') RETURNING text")
    print("locked", flush=True)
    sys.stdin.readline()
"""
FILLS = """
import resource, sys
from funneltui.errors import StorageError
from funneltui.storage.database import connect, query, writing
database = connect(sys.argv[1])
database.execute_sql("PRAGMA cache_size = 5")
def add(count):
    with writing(database):
        for _ in range(count):
            with writing(database):
                database.execute_sql("INSERT INTO note (text) VALUES (?)", ("x" * 900,))
add(1)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
try:
    add(2000)
except StorageError as error:
    print(error)
print(query(database, "SELECT count(*) FROM note")[0][0])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
add(1)
print(query(database, "SELECT count(*) FROM note")[0][0], query(database, "PRAGMA integrity_check")[0][0])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file with a table of notes, in a folder of its own."""
    file = tmp_path / "folder" / "test.db"
    made = connect(str(file), create=True)
    made.execute_sql("CREATE TABLE note (text TEXT)")
    made.execute_sql("CREATE TABLE event (id INTEGER PRIMARY KEY, deal INTEGER)")
    made.execute_sql("CREATE TABLE setting (key TEXT, value TEXT)")
    made.execute_sql("CREATE TABLE schema_migration (id INTEGER PRIMARY KEY, name TEXT)")
    made.close()
    return file


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = connect(str(path))
    yield opened
    opened.close()


def notes(database: Database) -> list[str]:
    return [text for (text,) in query(database, "SELECT text FROM note ORDER BY text")]


def add(database: Database, *texts: str) -> None:
    with writing(database):
        for text in texts:
            query(database, "INSERT INTO note (text) VALUES (?) RETURNING text", (text,))


def refusal(database: Database, *texts: str) -> str:
    with pytest.raises(StorageError) as refused:
        add(database, *texts)
    return str(refused.value)


def test_a_full_disk_in_the_middle_of_a_change_takes_all_of_it_back_and_says_so(database: Database) -> None:
    add(database, "before")
    database.execute_sql("PRAGMA cache_size = 5")
    (pages,) = query(database, "PRAGMA page_count")[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages + 20}")
    assert "the disk is full" in refusal(database, *["x" * 900] * 500)
    assert notes(database) == ["before"]
    database.execute_sql(f"PRAGMA max_page_count = {pages + 2000}")
    add(database, "after")
    assert notes(database) == ["after", "before"]


def test_a_full_disk_within_a_part_of_a_change_is_told_in_the_same_words(database: Database) -> None:
    database.execute_sql("PRAGMA cache_size = 5")
    (pages,) = query(database, "PRAGMA page_count")[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(StorageError, match="the disk is full"), writing(database):
        add(database, *["x" * 900] * 500)
    assert notes(database) == []


def test_a_limit_of_sizes_is_a_full_disk(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLS, str(path)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told, during, after = done.stdout.splitlines()
    assert "nothing was changed" in told
    assert ("full" in told, "room" in told) == (True, True)
    assert during == "1"
    assert after == "2 ok"


def test_an_error_of_a_full_disk_is_told_as_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise peewee.OperationalError("disk I/O error")

    monkeypatch.setattr(database, "execute_sql", refuses)
    assert "it is full, a limit of sizes is reached, or it fails" in refusal(database, "lost")
    monkeypatch.setattr(disks, "_NO_ROOM", float("inf"))
    assert refusal(database, "lost").startswith("the disk is full")


def test_a_row_that_cannot_be_read_is_told_in_words(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Rows:
        def fetchall(self) -> None:  # where SQLite reads, long after peewee has handed the statement over
            raise sqlite_module().DatabaseError("database disk image is malformed")

    monkeypatch.setattr(database, "execute_sql", lambda *_: Rows())
    with pytest.raises(StorageError, match="the database file is damaged"):
        notes(database)


def test_a_folder_that_may_not_be_written_is_told_where_it_is_needed_to_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = os.access
    monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != path.parent and may(place, mode))
    said = str(refusals.storage_error(sqlite_module().OperationalError("unable to open database file"), str(path)))
    assert said.startswith("the folder of the database may not be written, which is needed even for reading")


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Give another program that has locked the file; it lets go when it reads a line."""
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline() == "locked\n"
    yield started
    started.kill()
    started.communicate()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not tell who locks what")
def test_who_keeps_a_file_locked_is_named(database: Database, holder: subprocess.Popen[str]) -> None:
    database.execute_sql("PRAGMA busy_timeout = 50")
    said = refusal(database, "mine")
    assert f"(process {holder.pid})" in said
    assert said.startswith("the database is locked by ")
    assert said.endswith("nothing was changed, try again in a moment")


def test_a_lock_that_is_let_go_in_time_is_waited_for(database: Database, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin is not None
    waiting = threading.Thread(target=add, args=(database, "mine"))
    waiting.start()
    holder.communicate("\n")
    waiting.join(timeout=10)
    assert notes(database) == ["mine", "theirs"]


def test_nobody_is_named_where_nobody_locks(path: Path, database: Database) -> None:
    with writing(database):
        assert lock_holders.holder_of(path) == ""  # one's own lock is nobody else's
    assert lock_holders.holder_of(path.with_name("gone.db")) == ""


def test_a_file_that_was_moved_takes_no_more_changes_until_it_is_back(path: Path, database: Database) -> None:
    path.rename(path.with_name("elsewhere.db"))
    said = refusal(database, "lost")
    assert f"the database file {path} is gone" in said
    assert "nothing was changed" in said
    path.with_name("elsewhere.db").rename(path)
    add(database, "kept")
    assert notes(database) == ["kept"]


def test_a_folder_that_goes_away_is_named(path: Path, database: Database) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    assert f"the folder {path.parent} is gone" in refusal(database, "lost")


def test_a_file_in_the_place_of_the_opened_one_is_not_written_and_neither_is_that(
    path: Path, database: Database
) -> None:
    add(database, "before")
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.replace(path)
    said = refusal(database, "lost")
    assert "another file has taken the place" in said
    assert "leave and start again" in said
    again = connect(str(path))
    assert "lost" not in notes(again)
    again.close()


def test_a_file_that_goes_away_during_a_change_takes_nothing_of_it(path: Path, database: Database) -> None:
    def lose_it() -> None:
        with writing(database):
            add(database, "lost")
            path.rename(path.with_name("elsewhere.db"))

    with pytest.raises(StorageError, match="is gone"):
        lose_it()
    path.with_name("elsewhere.db").rename(path)
    assert notes(database) == []


def test_whoever_looks_for_changes_is_told_that_the_file_is_another(path: Path, database: Database) -> None:
    position = feed.position(database)
    demand_same_file(database)
    path.unlink()
    with pytest.raises(StorageError, match="is gone: it was moved or deleted; bring it back, or restore a backup"):
        feed.moved_on(database, position)


def test_a_text_that_is_none_any_more_is_damage(database: Database) -> None:
    add(database, "whole")
    database.execute_sql("UPDATE note SET text = CAST(x'ff41' AS TEXT)")
    with pytest.raises(StorageError, match="the database file is damaged; `funneltui doctor --repair`"):
        notes(database)
