"""Bringing a database to this program's schema: once, alone, after a backup, never backwards."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.errors import StorageError
from funneltui.storage import copying, schema
from funneltui.storage.database import connect, is_server, query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
ADD_TABLE = "def up(migrator, db):\n    db.execute_sql('CREATE TABLE extra (id INTEGER)')\n"
FAILS_LATE = ADD_TABLE + "    db.execute_sql('INSERT INTO nowhere VALUES (1)')\n"
UPGRADE = """
import sys
from funneltui.storage import schema
from funneltui.storage.database import connect
database = connect(sys.argv[1], create=True)
print("ready", flush=True)
sys.stdin.readline()
print(",".join(schema.upgrade(database)), flush=True)
database.close()
"""


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of the test's own, so that a stray file is seen and harms nobody."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    return tmp_path / "cwd"


@pytest.fixture
def empty(location: str) -> Iterator[Database]:
    database = connect(location, create=True)
    yield database
    database.close()


@pytest.fixture
def extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that makes this program know one more migration."""

    def know(body: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema._DIRECTORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "0999_extra.py").write_text(f'"""One more."""\n\n{body}')
        monkeypatch.setattr(schema, "_DIRECTORY", folder)

    return know


def tables(database: Database) -> set[str]:
    return set(database.get_tables())


def backups(location: str) -> list[Path]:
    return sorted(Path(location).parent.glob("*.before-upgrade-*"))


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    assert schema.upgrade(empty) == schema.known()
    assert {"deal", "visit", "event", "stage", "person", "pipeline"} <= tables(empty)
    assert schema.applied(empty) == schema.known()


def test_a_second_upgrade_does_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    assert schema.upgrade(empty) == []


def test_a_new_database_needs_no_backup(empty: Database, location: str) -> None:
    schema.upgrade(empty)
    assert is_server(location) or backups(location) == []


def test_a_newer_database_is_refused_and_left_alone(empty: Database) -> None:
    schema.upgrade(empty)
    columns = [column.name for column in empty.get_columns("schema_migration")]
    rows = query(empty, "SELECT * FROM schema_migration ORDER BY name LIMIT 1")
    values = ["9999_future" if name == "name" else value for name, value in zip(columns, rows[0], strict=True)]
    values = [9999 if name == "id" else value for name, value in zip(columns, values, strict=True)]
    marks = ", ".join("?" * len(values))
    query(empty, f"INSERT INTO schema_migration ({', '.join(columns)}) VALUES ({marks}) RETURNING name", values)
    with pytest.raises(StorageError, match=r"newer funneltui \(it has 9999_future\); upgrade the program"):
        schema.upgrade(empty)


def test_what_is_pending_is_applied(empty: Database, extra: Callable[[str], None]) -> None:
    schema.upgrade(empty)
    extra(ADD_TABLE)
    assert schema.upgrade(empty) == ["0999_extra"]
    assert "extra" in tables(empty)


def test_a_file_is_copied_beside_itself_before_it_is_changed(tmp_path: Path, extra: Callable[[str], None]) -> None:
    location = str(tmp_path / "test.db")
    database = connect(location, create=True)
    schema.upgrade(database)
    query(database, "INSERT INTO setting (key, value) VALUES ('k', 'v') RETURNING key")
    extra(ADD_TABLE)
    schema.upgrade(database)
    database.close()
    (copy,) = backups(location)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    old = connect(str(copy))
    assert query(old, "SELECT value FROM setting") == [("v",)]
    assert "extra" not in tables(old)
    old.close()


def test_a_copy_that_is_broken_off_has_no_name_and_nothing_is_changed(
    tmp_path: Path, extra: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    database = connect(str(path), create=True)
    schema.upgrade(database)
    extra(ADD_TABLE)

    def broken_off(source: object, part: Path, told: object) -> None:
        part.write_bytes(b"SQLite format 3\0")
        raise StorageError("the disk is full")

    monkeypatch.setattr(copying, "copy_pages", broken_off)
    with pytest.raises(StorageError, match="the disk is full"):
        schema.upgrade(database)
    assert not database.table_exists("extra")
    database.close()
    assert [one.name for one in tmp_path.glob("*old.db*") if one.suffix != ".lock"] == ["old.db"]


def test_an_upgrade_of_a_server_leaves_no_file_behind(
    empty: Database, location: str, extra: Callable[[str], None], a_folder_of_its_own: Path
) -> None:
    if not is_server(location):
        pytest.skip("a file is copied")
    schema.upgrade(empty)
    extra(ADD_TABLE)
    try:
        schema.upgrade(empty)
    finally:
        assert list(a_folder_of_its_own.iterdir()) == []


def test_a_migration_that_fails_leaves_nothing_of_itself(empty: Database, extra: Callable[[str], None]) -> None:
    schema.upgrade(empty)
    extra(FAILS_LATE)
    with pytest.raises(StorageError):
        schema.upgrade(empty)
    assert "extra" not in tables(empty)
    assert "0999_extra" not in schema.applied(empty)


def test_after_a_failure_the_next_upgrade_succeeds(
    empty: Database, extra: Callable[[str], None], tmp_path: Path
) -> None:
    schema.upgrade(empty)
    extra(FAILS_LATE)
    with pytest.raises(StorageError):
        schema.upgrade(empty)
    (tmp_path / "migrations" / "0999_extra.py").write_text(ADD_TABLE)
    assert schema.upgrade(empty) == ["0999_extra"]


def test_four_processes_at_once_apply_each_migration_once(location: str) -> None:
    connect(location, create=True).close()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, location],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )
        for _ in range(4)
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    outputs = [one.communicate(timeout=30) for one in running]
    assert [error for _, error in outputs] == [""] * 4
    done = sorted(output.strip() for output, _ in outputs)
    assert done == ["", "", "", ",".join(schema.known())]


@pytest.fixture
def with_event(empty: Database) -> Database:
    """Give a database with one deal and one event, put there by hand."""
    schema.upgrade(empty)
    statements = (
        "INSERT INTO pipeline VALUES ('p', 'P', 'EUR', 0)",
        "INSERT INTO stage VALUES ('p', 's', 0, 'S', 'open', '', '', '', '', NULL, 0, 3, 0, '', false)",
        "INSERT INTO source VALUES ('p', 'web', 0, 'Web', false)",
        "INSERT INTO deal (number, title, source, currency, pipeline, stage, outcome, created, stage_entered, touched, "
        "expected_close, follow_up_note, follow_up_repeat, qualifier, tags, notes, reason_note, version, search) "
        "VALUES (1, 'Deal', 'web', 'EUR', 'p', 's', 'open', 1, 1, 1, '2026-12-01', '', '', '', '', '', '', 1, 'deal')",
        "INSERT INTO visit (deal, stage, entered) VALUES (1, 's', 1)",
        "INSERT INTO event (deal, at, kind, version, data) VALUES (1, 1, 'created', 1, '{}')",
    )
    for statement in statements:
        empty.execute_sql(statement)
    return empty


FORBIDDEN = (
    "UPDATE event SET kind = 'won'",
    "DELETE FROM event",
    "UPDATE deal SET outcome = 'lost'",
    "UPDATE deal SET outcome = 'nonsense'",
    "UPDATE deal SET title = ''",
    "UPDATE deal SET source = 'gone'",
    "UPDATE deal SET stage = 'gone'",
    "UPDATE deal SET detail = 'gone'",
    "UPDATE deal SET amount = -1",
    "UPDATE deal SET probability = 101",
    "UPDATE deal SET expected_close = NULL",
    "INSERT INTO visit (deal, stage, entered) VALUES (1, 's', 2)",
    "DELETE FROM deal",
)


def test_the_database_itself_refuses_what_would_break_the_rules(with_event: Database) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(peewee.DatabaseError):
            with_event.execute_sql(statement)
        assert query(with_event, "SELECT kind FROM event") == [("created",)], statement
