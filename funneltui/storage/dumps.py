"""Backups of a workspace on a PostgreSQL server: its rows, as COPY gives and takes them over the connection that is there.

No program of the server's is needed, and none of its versions can be the wrong one. The tables stay what they are when rows
are put back, with the rights that the server's keeper gave on them.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import peewee

from funneltui.errors import StorageError
from funneltui.storage import backups, schema, whole
from funneltui.storage.backups import Contents
from funneltui.storage.database import Unsound, reading, storage_error
from funneltui.storage.parts import meant_by
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.storage.database import Database

_SIGN = b"-- funneltui workspace "
_END = b"-- end of the workspace\n"
_ROWS_END = b"\\.\n"
_COPY = re.compile(rb'COPY ("\w+") \(("\w+"(?:, "\w+")*)\) FROM stdin;\n')
_BLOCK = 1 << 18
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError, TypeError)


def is_dump(file: Path) -> bool:
    """Tell whether a file is such a backup."""
    try:
        with gzip.open(file) as opened:
            return opened.read(len(_SIGN)) == _SIGN
    except (OSError, EOFError, zlib.error):
        return False


def dump(database: Database, part: Path) -> None:
    """Write the rows of a workspace to a file, as of one moment.

    Raises:
        StorageError: the server or the disk refuses.
    """
    try:
        with reading(database), gzip.open(part, "wb", compresslevel=1) as out:
            _settle_forms(database)
            held = asdict(backups.contents(database))
            held["last_event"] = held["last_event"] and to_micros(held["last_event"])
            out.write(_SIGN + json.dumps(held).encode() + b"\n")
            for table in whole.workspace_tables():
                _write_rows(database, table.name, out)
            out.write(_END)
    except OSError as error:
        raise storage_error(error, str(meant_by(part))) from error


def _settle_forms(database: Database) -> None:
    """Let rows be written and read in the same form, whatever is usual on the server; for this transaction."""
    for form in ("client_encoding = 'UTF8'", "datestyle = 'ISO'"):
        database.execute_sql(f"SET LOCAL {form}")


def _write_rows(database: Database, table: str, out: gzip.GzipFile) -> None:
    names = ", ".join(f'"{column.name}"' for column in database.get_columns(table))
    out.write(f'COPY "{table}" ({names}) FROM stdin;\n'.encode())
    with _in_our_words(), database.cursor().copy(f'COPY "{table}" ({names}) TO STDOUT') as rows:
        for block in rows:
            out.write(block)
    out.write(_ROWS_END)


def _in_our_words() -> AbstractContextManager[None]:
    """Give what turns the errors of a raw cursor into peewee's, as a transaction expects them."""
    wrapper: AbstractContextManager[None] = vars(peewee)["__exception_wrapper__"]
    return wrapper


def glance(file: Path) -> Contents:
    """Give what a backup says that it holds, without examining it.

    Raises:
        StorageError: it cannot be read.
    """
    with _opened(file) as (holds, _):
        return holds


def check(file: Path) -> Contents:
    """Read a backup to its end and give what it holds.

    Raises:
        StorageError: it is damaged, is none, or was written by a newer funneltui.
    """
    with _opened(file) as (holds, lines):
        tail = b""
        while block := lines.read(_BLOCK):
            tail = (tail + block)[-len(_END) :]
        if tail != _END:
            raise _damaged("its end is missing")
    return holds


def put_back(database: Database, file: Path) -> list[str]:
    """Put the rows of a backup in the place of what a database holds; within a transaction that writes.

    An empty database gets the tables of the backup's time, which are then brought up to date: the migrations are given.

    Raises:
        StorageError: the file is damaged, or of an older version than the database.
    """
    with _opened(file) as (holds, lines):
        later = _make_ready(database, holds.schema)
        _settle_forms(database)
        there = [f'"{table.name}"' for table in whole.workspace_tables() if database.table_exists(table.name)]
        database.execute_sql(f"TRUNCATE {', '.join(there)}")
        while (line := lines.readline()) != _END:
            copy = _COPY.fullmatch(line)
            if copy is None:
                raise _damaged("a table's beginning is missing")
            _read_rows(database, copy, lines)
        if backups.contents(database) != holds:
            raise _damaged("it does not hold what it says")
    if later:
        whole.build(database)
    whole.count_on(database)
    return later


def demand_fitting(database: Database, migration: str) -> None:
    """Refuse the rows of a migration for a database that has other tables.

    Raises:
        StorageError: it has; the message says where they would fit.
    """
    had = schema.applied(database)
    if had and had[-1] != migration:
        message = (
            f"the backup is of another version ({migration}) than the database ({had[-1]}): restore it into a new, empty "
            "one, which is then brought up to date"
        )
        raise StorageError(message)


def _make_ready(database: Database, migration: str) -> list[str]:
    """See that a database has the tables of a migration, and give the migrations that come after it."""
    demand_fitting(database, migration)
    if not schema.applied(database):
        whole.build(database, migration)
    return schema.known()[schema.known().index(migration) + 1 :]


def _read_rows(database: Database, copy: re.Match[bytes], lines: gzip.GzipFile) -> None:
    table, names = (part.decode() for part in copy.groups())
    with _in_our_words(), database.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as rows:
        while (line := lines.readline()) != _ROWS_END:
            if not line:
                raise _damaged("it ends in the middle of a table")
            rows.write(line)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[Contents, gzip.GzipFile]]:
    """Open a backup, and give what it says that it holds, and its lines."""
    try:
        with gzip.open(file) as lines:
            first = lines.readline(_BLOCK)
            if not first.startswith(_SIGN):
                message = f"{file.name} holds no workspace of funneltui"
                raise Unsound(message)
            told = json.loads(first.removeprefix(_SIGN))
            last = told.pop("last_event")
            holds = Contents(**told, last_event=None if last is None else from_micros(last))
            if holds.schema not in schema.known():
                message = f"{file.name} was written by a newer funneltui (it has {holds.schema}); upgrade the program"
                raise StorageError(message)
            yield holds, lines
    except _BROKEN as error:
        raise _damaged(str(error)) from error
    except OSError as error:
        raise storage_error(error, str(file)) from error


def _damaged(why: str) -> Unsound:
    return Unsound(f"damaged: {why}")
