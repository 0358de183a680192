"""Restoring: examined before, the present state kept, everybody who has the workspace open told, and nothing half."""

from __future__ import annotations

import gzip
import sqlite3
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.history import Role
from funneltui.errors import BadInput, Conflict, NotAllowed, NotFound, StorageError
from funneltui.services import backups, deals, people, reports, restoring, workspaces
from funneltui.services.restoring import restore
from funneltui.storage import copying, feed, schema
from funneltui.storage.database import connect, query
from funneltui.storage.database_places import is_server
from tests.conftest import NOW, drop_postgres, fresh_postgres

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


def add(context: Context, title: str) -> None:
    deals.add(context, {"title": title, "source": "web", "expected_close": date(2026, 12, 15)})


def titles(context: Context) -> list[str]:
    return [title for (title,) in query(context.database, "SELECT title FROM deal ORDER BY number")]


@pytest.fixture
def kept(context: Context, location: str) -> Path:
    """Give a backup that holds one deal of a workspace that holds two."""
    add(context, "first")
    made = backups.make(context, location).path
    add(context, "second")
    return made


def file_only(location: str) -> Path:
    if is_server(location):
        pytest.skip("of a file")
    return Path(location)


def test_a_backup_takes_the_place_of_what_is_there_which_is_kept(context: Context, location: str, kept: Path) -> None:
    done = restore(context, location, kept, NOW)
    assert titles(context) == ["first"]
    assert (done.holds.deals, done.before and done.before.deals) == (1, 2)
    assert done.aside is not None
    restore(workspaces.refreshed(context), location, done.aside, NOW)
    assert titles(context) == ["first", "second"]


def test_a_rehearsal_changes_nothing(context: Context, location: str, kept: Path) -> None:
    before = sorted(kept.parent.iterdir())
    done = restore(context, location, kept, NOW, dry_run=True)
    assert (done.is_rehearsal, done.aside, done.holds.deals) == (True, None, 1)
    assert titles(context) == ["first", "second"]
    assert sorted(kept.parent.iterdir()) == before


def test_whoever_has_the_workspace_open_is_told_and_what_he_would_write_is_refused(
    context: Context, location: str, kept: Path, as_user: Callable[[str], Context]
) -> None:
    other = as_user("ana")
    place = feed.position(other.database)
    restore(context, location, kept, NOW)
    assert reports.changed_since(other, place) is not None
    with pytest.raises(Conflict, match="nothing was changed"):
        add(other, "third")
    add(workspaces.refreshed(other), "third")
    assert titles(context) == ["first", "third"]


def test_a_rep_restores_nothing(context: Context, location: str, kept: Path, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "ben", Role.REP)
    with pytest.raises(NotAllowed, match="only a manager restores"):
        restore(as_user("ben"), location, kept, NOW)


def test_a_file_that_is_not_there_is_refused_with_how_to_find_one(context: Context, location: str) -> None:
    with pytest.raises(NotFound, match="funneltui backup --list"):
        restore(context, location, Path("gone.db"), NOW)


def test_a_backup_of_the_other_kind_of_database_is_refused(context: Context, location: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"SQLite format 3\0" if is_server(location) else gzip.compress(b"-- funneltui workspace "))
    with pytest.raises(BadInput, match="PostgreSQL"):
        restore(context, location, other, NOW)


def test_the_workspace_itself_is_refused(context: Context, location: str) -> None:
    with pytest.raises(BadInput, match="is the workspace itself"):
        restore(context, location, file_only(location), NOW)


def test_a_folder_is_told_to_be_one(context: Context, location: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder; name a file in it"):
        restore(context, location, tmp_path, NOW)


@pytest.mark.parametrize("tables", ["", "CREATE TABLE song (title TEXT)"])
def test_what_is_no_workspace_is_named_and_not_the_workspace_that_is_one(
    context: Context, location: str, tmp_path: Path, tables: str
) -> None:
    other, here = tmp_path / "other.db", file_only(location)
    opened = sqlite3.connect(other)
    opened.executescript(tables)
    opened.close()
    other.touch()
    with pytest.raises(StorageError, match=r"other\.db is no sound backup: it holds no workspace") as told:
        restore(context, location, other, NOW)
    assert here.name not in str(told.value)


def test_a_damaged_backup_is_refused_and_nothing_changes(context: Context, location: str, kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    kept.write_bytes(content)
    with pytest.raises(StorageError, match=r"is no sound backup: .*(damaged|malformed).*; nothing was changed"):
        restore(context, location, kept, NOW)
    assert titles(context) == ["first", "second"]


def test_a_disk_that_is_full_is_no_fault_of_the_backup(
    context: Context, location: str, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_only(location)

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(restoring.copying, "copy_pages", full)
    with pytest.raises(StorageError, match=r"\Athe disk is full\Z"):
        restore(context, location, kept, NOW)
    assert titles(context) == ["first", "second"]


def test_a_backup_of_a_newer_program_is_refused(context: Context, location: str, kept: Path) -> None:
    file_only(location)
    opened = sqlite3.connect(kept)
    opened.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    opened.commit()
    opened.close()
    with pytest.raises(StorageError, match="newer funneltui"):
        restore(context, location, kept, NOW)
    assert titles(context) == ["first", "second"]


def test_an_older_backup_is_brought_up_to_date_and_itself_left_as_it_is(
    context: Context, location: str, tmp_path: Path
) -> None:
    file_only(location)
    old = tmp_path / "old.db"
    opened = connect(str(old), create=True)
    from playhouse.migrations import Runner

    first = schema.known()[0]
    Runner(opened, directory=str(schema._DIRECTORY)).up(first)
    opened.execute_sql("INSERT INTO person (name, folded, role) VALUES ('ana', 'ana', 'manager')")
    opened.execute_sql("INSERT INTO pipeline VALUES ('sales', 'Sales', 'EUR', 0)")
    opened.execute_sql("PRAGMA journal_mode = delete")
    opened.close()
    before = old.read_bytes()
    done = restore(context, location, old, NOW)
    assert done.applied == tuple(schema.known()[1:])
    assert old.read_bytes() == before
    assert schema.applied(context.database) == schema.known()


def test_a_file_that_is_gone_comes_back(context: Context, location: str, kept: Path) -> None:
    path = file_only(location)
    context.database.close()
    path.unlink()
    done = restore(StorageError("there is no workspace"), location, kept, NOW)
    assert (done.before, done.aside) == (None, None)
    again = workspaces.open_workspace(location, "ana", context.clock, chosen=True)
    assert titles(again) == ["first"]
    again.database.close()


def test_a_file_that_is_no_database_any_more_is_kept_and_replaced(context: Context, location: str, kept: Path) -> None:
    path = file_only(location)
    context.database.close()
    path.write_bytes(b"\xff" * 9000)
    with pytest.raises(StorageError) as refused:
        workspaces.open_workspace(location, "ana", context.clock, chosen=True)
    done = restore(refused.value, location, kept, NOW)
    assert done.aside is not None
    assert done.aside.read_bytes() == b"\xff" * 9000
    again = workspaces.open_workspace(location, "ana", context.clock, chosen=True)
    assert titles(again) == ["first"]
    again.database.close()


def test_another_programs_database_is_never_replaced(
    context: Context, location: str, kept: Path, tmp_path: Path
) -> None:
    file_only(location)
    theirs = tmp_path / "theirs.db"
    opened = sqlite3.connect(theirs)
    opened.execute("CREATE TABLE song (title TEXT)")
    opened.close()
    before = theirs.read_bytes()
    with pytest.raises(StorageError, match="another program's data") as refused:
        workspaces.open_workspace(str(theirs), "ana", context.clock, chosen=True)
    with pytest.raises(StorageError, match="another program's data"):
        restore(refused.value, str(theirs), kept, NOW)
    assert theirs.read_bytes() == before


def test_what_somebody_changes_while_the_present_state_is_kept_is_kept_too(
    context: Context, location: str, kept: Path, as_user: Callable[[str], Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    file_only(location)
    other = as_user("ana")
    put_back = copying.put_back
    tries = 0

    def disturbed(*given: Any) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            add(other, "in between")
        put_back(*given)

    monkeypatch.setattr(restoring.copying, "put_back", disturbed)
    done = restore(context, location, kept, NOW)
    assert tries == 2
    assert titles(context) == ["first"]
    assert done.aside is not None
    restore(workspaces.refreshed(context), location, done.aside, NOW)
    assert titles(context) == ["first", "second", "in between"]


def earlier(kept: Path, schema_then: str) -> Path:
    """Give a backup of a server that says it is of an earlier schema, in which nothing of its rows was different."""
    lines = gzip.decompress(kept.read_bytes()).replace(schema.known()[-1].encode(), schema_then.encode(), 1)
    older = kept.with_name("older.dump")
    older.write_bytes(gzip.compress(lines))
    return older


def test_a_server_takes_a_backup_of_an_older_version_only_when_it_is_empty(
    context: Context, location: str, kept: Path
) -> None:
    if not is_server(location):
        pytest.skip("a file is brought up before")
    older = earlier(kept, "0001_first_tables")
    for dry_run in (True, False):
        with pytest.raises(StorageError, match=r"another version .* restore it into a new, empty one"):
            restore(context, location, older, NOW, dry_run=dry_run)
    assert titles(context) == ["first", "second"]


def test_a_server_keeps_the_rights_that_were_given_on_its_tables(context: Context, location: str, kept: Path) -> None:
    if not is_server(location):
        pytest.skip("a file has no rights within")
    context.database.execute_sql("GRANT SELECT ON deal TO pg_monitor")
    restore(context, location, kept, NOW)
    assert query(context.database, "SELECT has_table_privilege('pg_monitor', 'deal', 'SELECT')") == [(True,)]


def test_what_is_added_after_a_restore_is_counted_on_from_what_was_restored(
    context: Context, location: str, kept: Path
) -> None:
    restore(context, location, kept, NOW)
    again = workspaces.refreshed(context)
    add(again, "third")
    assert titles(again) == ["first", "third"]
    assert query(again.database, "SELECT count(*), count(DISTINCT id) FROM event") == [(2, 2)]


def test_a_server_without_tables_takes_a_backup_and_gets_them(
    context: Context, location: str, kept: Path, postgres_server: str
) -> None:
    if not is_server(location):
        pytest.skip("a file that is gone is another matter")
    empty = fresh_postgres(postgres_server)
    done = restore(StorageError("this workspace is empty"), empty, kept, NOW)
    assert (done.before, done.aside) == (None, None)
    again = workspaces.open_workspace(empty, "ana", context.clock, chosen=True)
    assert titles(again) == ["first"]
    again.database.close()
    drop_postgres(postgres_server, empty)
