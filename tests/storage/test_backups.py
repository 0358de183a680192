"""Copies of a workspace's file: of one moment while others write, private, checked, and put back in one transaction."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import RuleBroken, StorageError
from funneltui.storage import backups, copying, dumps, schema
from funneltui.storage.database import connect, query, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
COPIES = """
import sys
from pathlib import Path
from funneltui.storage import backups, copying
from funneltui.storage.database import connect
what, live, other = sys.argv[1:]
print("ready", flush=True)
if what == "backup":
    database = connect(live)
    while True:
        backups.make(database, Path(other), force=True)
else:
    while True:
        copying.put_back(Path(other), Path(live))
"""
PARTS = """
import sys
from pathlib import Path
from funneltui.storage.parts import part_beside
with part_beside(Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.readline()
"""
WRITES = """
import sys
from funneltui.storage.database import connect, query, writing
database = connect(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    number += 1
    with writing(database):
        for half in ("a", "b"):
            query(database, "INSERT INTO setting (key, value) VALUES (?, 'x') RETURNING key", (f"{half}{number}",))
"""


@pytest.fixture
def live(made_file: Path, tmp_path: Path) -> Path:
    """Give the file of a workspace."""
    path = tmp_path / "live.db"
    path.write_bytes(made_file.read_bytes())
    return path


@pytest.fixture
def database(live: Path) -> Iterator[Database]:
    opened = connect(str(live))
    yield opened
    opened.close()


def running(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program and wait until it says that it is ready."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def kill(started: subprocess.Popen[str]) -> None:
    started.send_signal(signal.SIGKILL)
    started.communicate()


def note(database: Database, key: str) -> None:
    with writing(database):
        query(database, "INSERT INTO setting (key, value) VALUES (?, 'x') RETURNING key", (key,))


def notes(path: Path) -> set[str]:
    opened = sqlite3.connect(path)
    try:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {key for (key,) in opened.execute("SELECT key FROM setting WHERE key LIKE '_%'")}
    finally:
        opened.close()


def test_a_copy_is_one_private_file_that_holds_what_the_workspace_does(database: Database, tmp_path: Path) -> None:
    note(database, "kept")
    target = tmp_path / "folder" / "copy.db"
    holds = backups.make(database, target)
    assert (holds.users, holds.deals, holds.events) == (1, 0, 0)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert "kept" in notes(target)


def test_a_file_that_is_there_is_written_over_only_by_force(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(RuleBroken, match="is there already; name another file, or write over it with --force"):
        backups.make(database, target)
    assert target.read_text() == "mine"
    backups.make(database, target, force=True)
    assert notes(target) is not None


def test_a_copy_made_while_another_writes_is_of_one_moment(live: Path, database: Database, tmp_path: Path) -> None:
    writer = running(WRITES, live)
    try:
        for number in range(5):
            target = tmp_path / f"copy{number}.db"
            backups.make(database, target)
            halves = notes(target)
            assert {key[1:] for key in halves if key[0] == "a"} == {key[1:] for key in halves if key[0] == "b"}
    finally:
        kill(writer)


def test_a_damaged_workspace_gives_no_backup_and_says_so(database: Database, tmp_path: Path) -> None:
    query(database, "PRAGMA foreign_keys = off")
    with writing(database):
        database.execute_sql(
            "INSERT INTO contact (name, folded, email, phone, company_id) VALUES ('x', 'x', '', '', 99)"
        )
    with pytest.raises(StorageError, match=r"no backup was made .*missing company.*doctor --repair"):
        backups.make(database, tmp_path / "copy.db")
    assert list(tmp_path.glob("*copy*")) == []


def test_what_is_told_between_steps_can_stop_a_copy_and_nothing_stays(database: Database, tmp_path: Path) -> None:
    def stop(done: int, size: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        backups.make(database, tmp_path / "copy.db", stop)
    assert list(tmp_path.glob("*copy*")) == []


def test_writes_of_the_same_connection_between_two_steps_are_in_the_copy(database: Database, tmp_path: Path) -> None:
    written: list[int] = []

    def write(done: int, size: int) -> None:
        if not written:
            written.append(done)
            note(database, "between")

    backups.make(database, tmp_path / "copy.db", write)
    assert written
    assert notes(tmp_path / "copy.db") <= {"between", "pipelines_version"}


def test_what_a_killed_program_has_left_is_taken_away_by_the_next_one(database: Database, tmp_path: Path) -> None:
    making = running(PARTS, tmp_path / "other.db")
    (left,) = tmp_path.glob(".*")
    backups.make(database, tmp_path / "first.db")
    assert left.is_dir()  # it is at work
    kill(making)
    backups.make(database, tmp_path / "second.db")
    assert not left.exists()


def test_a_copy_put_back_is_seen_by_whoever_has_the_file_open(live: Path, database: Database, tmp_path: Path) -> None:
    backups.make(database, tmp_path / "copy.db")
    note(database, "later")
    mark = query(database, "PRAGMA data_version")
    inode = live.stat().st_ino
    copying.put_back(tmp_path / "copy.db", live)
    assert live.stat().st_ino == inode
    assert query(database, "PRAGMA data_version") != mark
    assert query(database, "SELECT count(*) FROM setting WHERE key = 'later'") == [(0,)]
    note(database, "after")
    assert "after" in notes(live)


def test_a_file_that_another_has_locked_is_not_written_over(
    live: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(database, tmp_path / "copy.db")
    monkeypatch.setattr(copying, "_LOCKED_AFTER", 0.2)
    with writing(database):
        note(database, "mine")
        with pytest.raises(StorageError, match="locked"):
            copying.put_back(tmp_path / "copy.db", live)
    assert query(database, "SELECT count(*) FROM setting WHERE key = 'mine'") == [(1,)]


@pytest.mark.parametrize("seed", range(4))
def test_killed_while_it_is_written_over_a_file_is_what_it_was_or_what_it_was_to_be(
    live: Path, tmp_path: Path, seed: int
) -> None:
    opened = connect(str(live))
    note(opened, "old")
    backups.make(opened, tmp_path / "old.db")
    note(opened, "new")
    backups.make(opened, tmp_path / "new.db")
    opened.close()
    for place, other in enumerate(("old", "new") * 3):
        restoring = running(COPIES, "restore", live, tmp_path / f"{other}.db")
        time.sleep(0.003 * (place + seed))
        kill(restoring)
        again = connect(str(live))
        found = {key for (key,) in query(again, "SELECT key FROM setting WHERE key IN ('old', 'new')")}
        assert query(again, "PRAGMA integrity_check") == [("ok",)]
        again.close()
        assert found in ({"old"}, {"old", "new"})


def test_killed_while_it_is_made_a_backup_is_the_whole_one_before_or_the_whole_new_one(
    live: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    for pause in (0.0, 0.004, 0.009, 0.02, 0.05):
        making = running(COPIES, "backup", live, target)
        time.sleep(pause)
        kill(making)
        if target.exists():
            notes(target)  # which looks whether it is sound


def test_a_file_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    opened = sqlite3.connect(other)
    opened.execute("CREATE TABLE song (title TEXT)")
    opened.close()
    with pytest.raises(StorageError, match="it holds no workspace"):
        backups.check(other)


def test_what_only_the_log_beside_a_file_holds_is_copied_with_it(
    live: Path, database: Database, tmp_path: Path
) -> None:
    note(database, "logged")
    assert b"logged" not in live.read_bytes()
    part = tmp_path / "copy.db"
    copying.copy_of(live, part)
    assert "logged" in notes(part)


@pytest.fixture
def dumped(postgres_server: str, made_database: str, tmp_path: Path) -> Path:
    """Give a backup of a workspace on the server."""
    opened = connect(postgres_server.replace("/postgres?", f"/{made_database}?"))
    dumps.dump(opened, tmp_path / "x.dump")
    opened.close()
    return tmp_path / "x.dump"


def test_rows_of_a_server_are_read_to_their_end_before_they_are_believed(dumped: Path) -> None:
    assert dumps.is_dump(dumped)
    assert dumps.check(dumped) == dumps.glance(dumped)
    assert dumps.check(dumped).users == 1


def test_rows_that_are_cut_off_or_changed_are_refused(dumped: Path) -> None:
    whole, lines = dumped.read_bytes(), gzip.decompress(dumped.read_bytes())
    for harmed in (
        whole[:-20], whole[:200] + b"x" + whole[201:], gzip.compress(lines[:-30]), gzip.compress(lines.split(b"\n")[0]),
    ):  # fmt: skip
        dumped.write_bytes(harmed)
        with pytest.raises(StorageError, match="damaged"):
            dumps.check(dumped)


def test_rows_of_a_newer_program_are_refused(dumped: Path) -> None:
    newer = gzip.decompress(dumped.read_bytes()).replace(schema.known()[-1].encode(), b"9999_future", 1)
    dumped.write_bytes(gzip.compress(newer))
    with pytest.raises(StorageError, match="newer funneltui"):
        dumps.check(dumped)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as refused:
        call()
    return str(refused.value)


def test_a_file_to_restore_that_is_not_there_or_no_file_is_named(tmp_path: Path) -> None:
    assert "there is no file" in refusal(lambda: copying.copy_of(tmp_path / "gone.db", tmp_path / "x"))
    assert "is no file" in refusal(lambda: copying.copy_of(tmp_path, tmp_path / "x"))
