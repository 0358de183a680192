"""Opens a workspace's database, SQLite or PostgreSQL, and gives its transactions."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import peewee

from funneltui.errors import StorageError
from funneltui.storage import opened_file
from funneltui.storage.database_places import file_of as file_of
from funneltui.storage.database_places import is_server as is_server
from funneltui.storage.disks import on_network_disk
from funneltui.storage.refusals import Damaged as Damaged
from funneltui.storage.refusals import Unsound as Unsound
from funneltui.storage.refusals import storage_error as storage_error
from funneltui.storage.refusals import what_came_first, without_password

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Database = peewee.Database

_WAL_IS_SAFE = (3, 51, 3)
"""SQLite from 3.7.0 to 3.51.2 can corrupt a WAL database under several connections (the WAL-reset bug)."""

WRITER_LOCK = 0x66756E6E
"""The advisory lock that PostgreSQL writers take, so that event ids are committed in their order."""


def connect(location: str, *, create: bool = False) -> Database:
    """Open the database at a path or URL, and connect; another program's file is left as it is.

    Raises:
        StorageError: it is not there (and `create` is not set), is no workspace, or cannot be reached.
    """
    try:
        database = _server(location) if is_server(location) else _file(file_of(location), create=create)
    except (OSError, ValueError, RuntimeError) as error:  # a path or a URL that cannot be
        raise storage_error(error, location) from error
    try:
        database.connect()
        # peewee keeps its connection per thread: `interrupt` must reach it from another one.
        vars(database)["raw_connection"] = database.connection()
        if not is_server(location):
            _settle_file(database, location)
            vars(database)["opened_file"] = opened_file.of(file_of(location))
        query(database, "SELECT 1")
    except (peewee.PeeweeException, StorageError) as error:
        refusal = storage_error(error.__cause__ or error, location)
        take_back(database)
        raise refusal from error
    return database


def take_back(database: Database) -> None:
    """Close a connection over which a workspace was to be made in vain; the file that was made for it goes again."""
    database.close()
    made = vars(database).get("made_file")
    if made is not None:
        opened_file.unmake(made)


def _settle_file(database: Database, location: str) -> None:
    """Set the journal's mode, which is written into the file: only when that is not another program's."""
    if not is_foreign(database):
        query(database, f"PRAGMA journal_mode = {journal_mode(file_of(location))}")


def is_foreign(database: Database) -> bool:
    """Tell whether a database holds tables, but none of ours.

    Raises:
        StorageError: it cannot be looked at.
    """
    with in_words(database):
        tables = set(database.get_tables())
    return bool(tables) and "schema_migration" not in tables


def has_table(database: Database, name: str) -> bool:
    """Tell whether a database has a table.

    Raises:
        StorageError: it cannot be looked at.
    """
    with in_words(database):
        return bool(database.table_exists(name))


def journal_mode(path: Path) -> str:
    """Give the journal mode that is safe here: WAL, unless this SQLite has the WAL-reset bug or the disk is remote."""
    version = tuple(sqlite_module().sqlite_version_info)
    return "wal" if version >= _WAL_IS_SAFE and not on_network_disk(path) else "truncate"


def sqlite_module() -> Any:
    """Give the SQLite driver that peewee found: pysqlite3's newer library where it is installed, else Python's own."""
    return vars(peewee)["sqlite3"]


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """One transaction that writes: all of it or nothing; inside another one, a part of that.

    SQLite takes its write lock at once (IMMEDIATE), PostgreSQL an advisory lock that all writers share: so a service reads
    what nobody can change before it has written.
    """
    outermost = database.transaction_depth() == 0
    change = vars(database).get("change")
    try:
        _reconnect(database)
        if outermost:
            demand_same_file(database)
        if outermost and not vars(database).get("keep_change"):
            vars(database)["change"] = None  # the first event of this transaction begins a new one
        with database.atomic():
            if outermost and not isinstance(database, peewee.SqliteDatabase):
                database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))
            yield
            if outermost:
                demand_same_file(database)
        if outermost:
            vars(database)["has_written"] = True
    except BaseException as error:
        vars(database)["change"] = change  # one that was begun in here was rolled back with the rest
        first = what_came_first(error)
        if isinstance(first, StorageError) and first is not error:
            raise first from error
        if isinstance(first, peewee.DatabaseError | sqlite_module().Error):
            raise _in_words(database, first) from first
        raise


def has_written(database: Database) -> bool:
    """Tell whether something was written over this connection since it was opened."""
    return bool(vars(database).get("has_written"))


def demand_same_file(database: Database) -> None:
    """Refuse to go on with a file that is no longer where it was opened: nobody would ever see what is written into it.

    Raises:
        StorageError: it was moved, deleted or replaced, or its folder is gone; the message says which.
    """
    opened = vars(database).get("opened_file")
    if opened is not None:
        opened_file.demand(opened)


@contextmanager
def in_words(database: Database) -> Iterator[None]:
    """Tell the errors of a database that is open in words, and of a lock who keeps it, if the system tells."""
    try:
        yield
    except peewee.PeeweeException as error:
        raise _in_words(database, error) from error


def _in_words(database: Database, error: BaseException) -> StorageError:
    opened = vars(database).get("opened_file")
    if opened is None:
        return storage_error(error)
    from funneltui.storage.lock_holders import holder_of

    return storage_error(error, holder=holder_of(opened.path) if "locked" in str(error) else "", file=opened.path)


@contextmanager
def reading(database: Database) -> Iterator[None]:
    """One transaction that reads: everything in it sees the same moment."""
    if database.transaction_depth():
        yield
        return
    try:
        if isinstance(database, peewee.SqliteDatabase):
            with database.atomic("DEFERRED"):
                yield
        else:
            _reconnect(database)
            with database.atomic():
                database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
    except (peewee.DatabaseError, sqlite_module().Error) as error:
        raise _in_words(database, error) from error


def query(database: Database, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement, its parameters marked by "?", and give all rows as tuples."""
    if not isinstance(database, peewee.SqliteDatabase):
        sql = sql.replace("%", "%%").replace("?", "%s")
    try:
        _reconnect(database)
        rows: list[tuple[Any, ...]] = database.execute_sql(sql, tuple(values)).fetchall()
    except (peewee.DatabaseError, sqlite_module().Error) as error:  # rows are fetched without peewee
        raise _in_words(database, error) from error
    return rows


def run_many(database: Database, sql: str, rows: Sequence[Sequence[object]]) -> None:
    """Run one statement for every row of values, its parameters marked by "?": prepared once, however many rows.

    Raises peewee's errors: only within a transaction, which tells them in words.
    """
    if not rows:
        return
    if not isinstance(database, peewee.SqliteDatabase):
        sql = sql.replace("%", "%%").replace("?", "%s")
    if len(rows) == 1:
        database.execute_sql(sql, tuple(rows[0]))
        return
    cursor = database.cursor()
    # A raw cursor raises the driver's errors; this is how peewee turns them into its own.
    with vars(peewee)["__exception_wrapper__"]:
        cursor.executemany(sql, rows)


def _reconnect(database: Database) -> None:
    """Connect again to a server that ended the connection, unless a transaction was lost with it."""
    if isinstance(database, peewee.SqliteDatabase) or database.transaction_depth():
        return
    if not database.is_closed() and vars(database)["raw_connection"].closed:
        database.close()
        database.connect()
        vars(database)["raw_connection"] = database.connection()


def _server(location: str) -> Database:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        message = "PostgreSQL needs the extra: install funneltui[postgres]"
        raise StorageError(message) from None
    from urllib.parse import parse_qsl, unquote

    parts = urlsplit(location)
    options: dict[str, Any] = {"prefer_psycopg3": True, "connect_timeout": 10, **dict(parse_qsl(parts.query))}
    for name, value in (("user", parts.username), ("password", parts.password)):
        if value is not None:
            options[name] = unquote(value)
    if parts.hostname:
        options["host"] = unquote(parts.hostname)
    try:
        if parts.port:
            options["port"] = parts.port
    except ValueError as error:
        message = f"the port in the database URL is no number ({without_password(location)})"
        raise StorageError(message) from error
    return peewee.PostgresqlDatabase(unquote(parts.path.lstrip("/")) or "postgres", **options)


def _file(path: Path, *, create: bool) -> Database:
    is_new = not path.exists()
    if path.is_dir():
        message = f"{path} is a folder; name a file with --db"
        raise StorageError(message)
    if is_new:
        if not create:
            message = (
                f"there is no workspace at {path}; make one with `funneltui init`, or look around with `funneltui demo`"
            )
            raise StorageError(message)
        opened_file.make(path)
    pragmas = {"synchronous": "full", "foreign_keys": 1, "busy_timeout": 10_000}
    opened = peewee.SqliteDatabase(
        str(path), pragmas=pragmas, lock_type="IMMEDIATE", timeout=10, check_same_thread=False
    )
    vars(opened)["made_file"] = path if is_new else None
    return opened


def interrupt(database: Database) -> None:
    """Stop the query that runs on the database's connection, if one does; may be called from another thread."""
    raw = vars(database).get("raw_connection")
    if raw is not None:
        stop = getattr(raw, "interrupt", None) or raw.cancel
        with suppress(sqlite_module().ProgrammingError):  # it was closed in this very moment: nothing runs any more
            stop()


def close(database: Database) -> None:
    """Close the connection; in the thread that opened it."""
    database.close()
