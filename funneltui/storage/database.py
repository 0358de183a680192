"""Opens a workspace's database, SQLite or PostgreSQL, and gives its transactions."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import peewee

from funneltui.errors import StorageError
from funneltui.storage.database_places import file_of as file_of
from funneltui.storage.database_places import is_server as is_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Database = peewee.Database

_WAL_IS_SAFE = (3, 51, 3)
"""SQLite from 3.7.0 to 3.51.2 can corrupt a WAL database under several connections (the WAL-reset bug)."""

_NETWORK_DISKS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.glusterfs",
}

_WRITER_LOCK = 0x66756E6E
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
        query(database, "SELECT 1")
    except (peewee.PeeweeException, StorageError) as error:
        database.close()
        raise storage_error(error.__cause__ or error, location) from error
    return database


def _settle_file(database: Database, location: str) -> None:
    """Set the journal's mode, which is written into the file: only when that is not another program's."""
    if not is_foreign(database):
        query(database, f"PRAGMA journal_mode = {journal_mode(file_of(location))}")


def is_foreign(database: Database) -> bool:
    """Tell whether a database holds tables, but none of ours."""
    tables = set(database.get_tables())
    return bool(tables) and "schema_migration" not in tables


def journal_mode(path: Path) -> str:
    """Give the journal mode that is safe here: WAL, unless this SQLite has the WAL-reset bug or the disk is remote."""
    version = tuple(sqlite_module().sqlite_version_info)
    return "wal" if version >= _WAL_IS_SAFE and not on_network_disk(path) else "truncate"


def sqlite_module() -> Any:
    """Give the SQLite driver that peewee found: pysqlite3's newer library where it is installed, else Python's own."""
    return vars(peewee)["sqlite3"]


def on_network_disk(path: Path) -> bool:
    """Tell whether a path lies on a network file system, as far as the system's mount table says."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux: nothing to be known
        return False
    place = str(path.resolve())
    found = ("", "")
    for line in mounts:
        _, point, kind, *_ = [*line.split(" "), "", "", ""]
        point = point.replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1] in _NETWORK_DISKS


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
        if outermost and not vars(database).get("keep_change"):
            vars(database)["change"] = None  # the first event of this transaction begins a new one
        with database.atomic():
            if outermost and not isinstance(database, peewee.SqliteDatabase):
                database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITER_LOCK,))
            yield
    except BaseException as error:
        vars(database)["change"] = change  # one that was begun in here was rolled back with the rest
        if isinstance(error, peewee.DatabaseError):
            raise storage_error(error) from error
        raise


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
    except peewee.DatabaseError as error:
        raise storage_error(error) from error


def query(database: Database, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement, its parameters marked by "?", and give all rows as tuples."""
    if not isinstance(database, peewee.SqliteDatabase):
        sql = sql.replace("%", "%%").replace("?", "%s")
    try:
        _reconnect(database)
        rows: list[tuple[Any, ...]] = database.execute_sql(sql, tuple(values)).fetchall()
    except peewee.DatabaseError as error:
        raise storage_error(error) from error
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


def storage_error(error: BaseException, location: str = "") -> StorageError:
    """Give the message for a database's own error: what is wrong and what to do."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    where = f" ({_without_password(location)})" if location else ""
    lower = text.lower()
    for sign, advice in _ADVICE:
        if sign in lower:
            return StorageError(f"{advice}{where}")
    return StorageError(f"the database refused{where}: {text}")


_ADVICE = (
    (
        "not a database",
        "this file is no funneltui workspace, or it is damaged; restore a backup or name another with --db",
    ),
    ("unsupported file format", "the database file is damaged; run `funneltui doctor`, and restore a backup"),
    ("malformed", "the database file is damaged; run `funneltui doctor`, and restore a backup"),
    ("permission denied", "the database file or its folder may not be entered; check the rights"),
    ("name too long", "the path of the database is too long; name another with --db"),
    ("null byte", "the path of the database has a character that no path can have; name another with --db"),
    ("home directory", "the path of the database names a user that does not exist; name another with --db"),
    ("netloc", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("ipv6", "the database URL cannot be read; it looks like postgresql://user:password@host/name"),
    ("locked", "the database is locked by another program; nothing was changed, try again in a moment"),
    ("readonly", "the database is read-only: check the rights of the file and of its folder; nothing was changed"),
    ("disk is full", "the disk is full: nothing was changed; make room and try again"),
    ("unable to open", "the database file cannot be opened; check the path and its rights"),
    ("disk i/o", "the disk does not answer; nothing was changed"),
    ("terminating connection", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is closed", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection unexpectedly", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection is lost", "the PostgreSQL server ended the connection; nothing was changed, try again"),
    ("connection refused", "the PostgreSQL server does not answer; check the URL and that the server runs"),
    ("password authentication", "the PostgreSQL server refused the user or the password of the URL"),
    ("foreign key", "a record that this refers to does not exist; nothing was changed"),
)


def _without_password(location: str) -> str:
    if not is_server(location):
        return location
    try:
        parts = urlsplit(location)
    except ValueError:
        return location.split("://")[0]
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


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
        message = f"the port in the database URL is no number ({_without_password(location)})"
        raise StorageError(message) from error
    return peewee.PostgresqlDatabase(unquote(parts.path.lstrip("/")) or "postgres", **options)


def _file(path: Path, *, create: bool) -> Database:
    if path.is_dir():
        message = f"{path} is a folder; name a file with --db"
        raise StorageError(message)
    if not path.exists():
        if not create:
            message = (
                f"there is no workspace at {path}; make one with `funneltui init`, or look around with `funneltui demo`"
            )
            raise StorageError(message)
        _make_private(path)
    pragmas = {"synchronous": "full", "foreign_keys": 1, "busy_timeout": 10_000}
    return peewee.SqliteDatabase(str(path), pragmas=pragmas, lock_type="IMMEDIATE", timeout=10, check_same_thread=False)


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        message = f"cannot make the database file {path}: {error.strerror}"
        raise StorageError(message) from error


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
