"""Brings a database to this program's schema: locked, after a backup, and never one that is newer."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import peewee

from funneltui.errors import StorageError
from funneltui.storage.database import Database, has_table, in_words, is_foreign, query, storage_error

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIGRATION_LOCK = 0x66756E6D
_DIRECTORY = Path(__file__).parent / "migrations"


def known() -> list[str]:
    """Give the names of the migrations that this program has, in order."""
    return sorted(path.stem for path in _DIRECTORY.glob("[0-9]*.py"))


def applied(database: Database) -> list[str]:
    """Give the names of the migrations that a database has had, in order; none for an empty one."""
    if not has_table(database, "schema_migration"):
        return []
    return [name for (name,) in query(database, "SELECT name FROM schema_migration ORDER BY name")]


def upgrade(database: Database) -> list[str]:
    """Apply what is missing and give its names; a SQLite file that holds something is copied beside itself first.

    Raises:
        StorageError: the database is newer than this program, or a migration failed (nothing of it stays).
    """
    if is_foreign(database):
        message = "this database holds another program's data; name another one with --db"
        raise StorageError(message)
    done = applied(database)
    newer = sorted(set(done) - set(known()))
    if newer:
        message = f"this workspace was written by a newer funneltui (it has {newer[-1]}); upgrade the program"
        raise StorageError(message)
    if done == known():
        return []
    with _alone(database):
        before = applied(database)  # another process may have been quicker
        if before == known():
            return []
        if before and isinstance(database, peewee.SqliteDatabase):
            _back_up(database)
        from playhouse.migrations import MigrationError, Runner

        try:
            with in_words(database):
                names: list[str] = Runner(database, directory=str(_DIRECTORY)).up()
        except MigrationError as error:
            raise storage_error(error) from error
        return names


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Keep every other process from migrating the same database."""
    if not isinstance(database, peewee.SqliteDatabase):
        query(database, "SELECT pg_advisory_lock(?)", (_MIGRATION_LOCK,))
        try:
            yield
        finally:
            query(database, "SELECT pg_advisory_unlock(?)", (_MIGRATION_LOCK,))
        return
    import fcntl

    try:
        lock = os.open(f"{database.database}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise storage_error(error, str(database.database)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _back_up(database: peewee.SqliteDatabase) -> None:
    from funneltui.storage.copying import copy_pages
    from funneltui.storage.parts import part_beside, put_in_place

    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = Path(f"{database.database}.before-upgrade-{stamp}")
    with part_beside(target) as part:
        copy_pages(database.connection(), part, None)
        put_in_place(part, target, force=True)
