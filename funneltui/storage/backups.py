"""Copies of a workspace's file: made while others write, checked, and put back in one transaction."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import StorageError
from funneltui.storage import pipelines, schema
from funneltui.storage.copying import copy_pages, read_only
from funneltui.storage.database import (
    Damaged,
    Unsound,
    connect,
    is_foreign,
    query,
    sqlite_module,
    storage_error,
    writing,
)
from funneltui.storage.health import counts, damages
from funneltui.storage.parts import part_beside, put_in_place, taken
from funneltui.storage.tables import from_micros

if TYPE_CHECKING:
    from datetime import datetime

    from funneltui.storage.copying import Told
    from funneltui.storage.database import Database

_CHECK_EVERY = 50_000
"""SQLite's own operations between two looks at whoever waits for a check."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a workspace holds; `last_event` is the moment of its newest line of history, `schema` its newest migration."""

    users: int
    deals: int
    events: int
    last_event: datetime | None
    schema: str


def contents(database: Database) -> Contents:
    """Give what a workspace holds."""
    found = counts(database)
    (last,) = query(database, "SELECT max(at) FROM event")[0]
    applied = schema.applied(database)
    return Contents(found["users"], found["deals"], found["events"], _moment(last), applied[-1] if applied else "")


def _moment(micros: int | None) -> datetime | None:
    try:
        return None if micros is None else from_micros(micros)
    except (OverflowError, TypeError) as error:
        message = "the newest line of history has a moment that cannot be: the database is damaged"
        raise Damaged(message) from error


def make(database: Database, target: Path, told: Told | None = None, *, force: bool = False) -> Contents:
    """Copy the file that a connection has open to `target`, mode 0600, check the copy, and give what it holds.

    The copy is as of one moment, whoever writes meanwhile, and is named only once it is whole and sound: whatever
    interrupts this leaves nothing, or what `storage.parts` takes away later. What `told` raises stops it.

    Raises:
        RuleBroken: `target` is there, and `force` is not set. StorageError: it cannot be written, or the copy is damaged,
            as then the workspace is.
    """
    if not force and os.path.lexists(target):
        raise taken(target)
    with part_beside(target) as part:
        before = counts(database)
        copy_pages(database.connection(), part, told)
        try:
            found = check(part, told)
        except Damaged as error:
            message = f"the workspace is not sound, and no backup was made ({error}); run `funneltui doctor --repair`"
            raise StorageError(message) from error
        after = counts(database)
        if not all(before[name] <= getattr(found, name) <= after[name] for name in ("deals", "events")):
            message = f"the copy does not hold what the workspace does; nothing was written to {target}: try again"
            raise StorageError(message)
        put_in_place(part, target, force=force)
    return found


def keep(database: Database, target: Path) -> None:
    """Copy the file that a connection has open to `target` as it is, sound or not, before something replaces it.

    Raises:
        StorageError: `target` cannot be written.
    """
    with part_beside(target) as part:
        copy_pages(database.connection(), part, None)
        put_in_place(part, target, force=True)


def check(part: Path, told: Told | None = None) -> Contents:
    """Examine a copy from end to end and give what it holds; brings nothing up to date.

    Raises:
        StorageError: it is damaged, is another program's, or was written by a newer funneltui.
    """
    database = connect(str(part))
    try:
        if told is not None:
            database.connection().set_progress_handler(lambda: told(1, 1), _CHECK_EVERY)
        if is_foreign(database) or not schema.applied(database):
            message = "it holds no workspace of funneltui"
            raise Unsound(message)
        found = damages(database, whole=True)
        if found:
            message = f"damaged: {found[0]}" + (f" (and {len(found) - 1} more)" if len(found) > 1 else "")
            raise Unsound(message)
        held = contents(database)
        query(database, "PRAGMA journal_mode = delete")  # one file, nothing beside it
        return held
    finally:
        with suppress(sqlite_module().Error):
            database.connection().set_progress_handler(None, 0)
        database.close()


def glance(file: Path) -> Contents:
    """Give what a backup says that it holds, without examining it.

    Raises:
        StorageError: it cannot be read, or holds no workspace.
    """
    module = sqlite_module()
    opened = read_only(file)
    try:
        rows = [opened.execute(f"SELECT {what}").fetchone()[0] for what in _AT_A_GLANCE]
    except module.Error as error:
        raise storage_error(error, str(file)) from error
    finally:
        opened.close()
    users, deals, events, last, newest = rows
    return Contents(users, deals, events, _moment(last), newest or "")


_AT_A_GLANCE = (
    "count(*) FROM person",
    "count(*) FROM deal",
    "count(*) FROM event",
    "max(at) FROM event",
    "max(name) FROM schema_migration",
)


def bring_up(part: Path, seen: int) -> list[str]:
    """Bring a copy to this program's schema, and let its pipelines be newer than what anybody has read (`seen`): whoever has
    the workspace open while the copy takes its place reads everything anew before he writes. Give the migrations applied.
    """
    database = connect(str(part))
    try:
        applied = schema.upgrade(database)
        count_beyond(database, seen)
        query(database, "PRAGMA journal_mode = delete")
        return applied
    finally:
        database.close()


def count_beyond(database: Database, seen: int) -> None:
    """Let a workspace's pipelines count as changed after whatever anybody has read of them; see `bring_up`."""
    with writing(database):
        while pipelines.version(database) <= seen:
            pipelines.count_change(database)


def swap(part: Path, path: Path, aside: Path) -> None:
    """Put a checked copy in the place of a file that is no database any more, which is kept under the name `aside`.

    What SQLite keeps beside the old one goes with it: it must never meet the new one.

    Raises:
        StorageError: the disk refuses.
    """
    try:
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.link(path, aside)
        for ending in ("-wal", "-shm", "-journal"):
            beside = Path(f"{path}{ending}")
            if beside.exists():
                beside.rename(f"{aside}{ending}")
    except OSError as error:
        message = f"cannot keep {path} as {aside}: {error.strerror}; nothing was changed"
        raise StorageError(message) from error
    put_in_place(part, path, force=True)
