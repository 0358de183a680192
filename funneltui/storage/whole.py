"""A whole workspace, row by row: read in one order on every database, and put into a database that has none yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee

from funneltui.domain.custom_fields import FieldValues
from funneltui.domain.text import fold
from funneltui.storage import custom_columns, deals, inbox_tables, quota_tables, tables
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.deals import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_MODELS: tuple[type[peewee.Model], ...] = (
    tables.Setting, tables.User, tables.PipelineRow, tables.StageRow, tables.DetailRow, tables.ReasonRow,
    tables.SourceRow, tables.QualifierRow, tables.FieldRow, tables.PipelineVersionRow, tables.Company, tables.Contact,
    tables.DealRow, tables.VisitRow, tables.ChangeRow, tables.EventRow, tables.ViewRow, quota_tables.QuotaRow,
    quota_tables.RateRow, inbox_tables.InboxRow,
)  # fmt: skip
"""What a workspace is made of; a table stands behind those that it refers to."""

LEFT_OUT = ("schema_migration",)
"""The tables that are no part of a workspace: which migrations a database has had is its own matter."""

_FOLDED = {("person", "folded"), ("company", "folded"), ("contact", "folded")}
"""The columns that hold the folded name of their row."""

_WORKED_OUT = {("deal", "search"): "", ("deal", "due_on"): None}
"""The columns that follow from others; they are not written out but made anew, by the rules in force."""

_CUSTOM, _COMPACT = ("deal", "custom"), {("event", "data"), ("inbox", "texts")}
_JSON = {_CUSTOM, *_COMPACT, ("view", "data"), ("field", "choices")}
_PAGE = 1000
_INTEGER, _BIG = 2**31 - 1, 2**63 - 1


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"
    DAY = "day"
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; of its values moments are aware datetimes, days dates, and JSON is what it says.

    `most` is the greatest number that it takes, or the most characters of its text; none: as many as there are.
    """

    name: str
    kind: Kind
    nullable: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a workspace: its columns without those that follow from others, and the names of its key's."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_counted: bool = False


def workspace_tables() -> tuple[Table, ...]:
    """Give the tables of a workspace as this program has them, each behind those that it refers to."""
    return tuple(_table(model) for model in _MODELS)


def _table(model: type[peewee.Model]) -> Table:
    meta = model._meta
    name = str(meta.table_name)
    derived = _FOLDED | _WORKED_OUT.keys()
    columns = tuple(_column(name, field) for field in meta.sorted_fields if (name, field.column_name) not in derived)
    keys: Any = meta.primary_key
    names = keys.field_names if isinstance(keys, peewee.CompositeKey) else (keys.name,)
    return Table(
        name, columns, tuple(str(meta.fields[one].column_name) for one in names), isinstance(keys, peewee.AutoField)
    )


def _column(table: str, field: Any) -> Column:
    name, nullable = str(field.column_name), bool(field.null)
    if (table, name) in _JSON:
        return Column(name, Kind.JSON, nullable)
    own = field.rel_field if isinstance(field, peewee.ForeignKeyField) else field
    if isinstance(own, tables.MomentField):
        return Column(name, Kind.MOMENT, nullable)
    if isinstance(own, tables.DayField):
        return Column(name, Kind.DAY, nullable)
    if isinstance(own, peewee.BooleanField):
        return Column(name, Kind.FLAG, nullable)
    if isinstance(own, peewee.IntegerField):  # AutoField and BigIntegerField are ones
        return Column(name, Kind.NUMBER, nullable, _BIG if isinstance(own, peewee.BigIntegerField) else _INTEGER)
    return Column(name, Kind.TEXT, nullable, own.max_length if isinstance(own, peewee.CharField) else None)


def rows(database: Database, table: Table) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a table by its key, in the order of the characters' codes on every database, a page at a time."""
    readers = [(place, _reader(table, column)) for place, column in enumerate(table.columns)]
    special = [(place, read) for place, read in readers if read is not None]
    for row in _pages(database, table):
        values = list(row)
        for place, read in special:
            if row[place] is not None:
                values[place] = read(row[place])
        yield tuple(values)


def _reader(table: Table, column: Column) -> Callable[[Any], Any] | None:
    """Give what makes a column's value of what is stored; none: it is that."""
    match column.kind:
        case Kind.FLAG:
            return bool  # SQLite has no truth, only 0 and 1
        case Kind.MOMENT:
            return tables.from_micros
        case Kind.DAY:
            return date.fromisoformat
        case Kind.JSON if (table.name, column.name) == _CUSTOM:
            return lambda text: dict(custom_columns.loaded(text).pairs)
        case Kind.JSON:
            return json.loads
        case _:
            return None


def _writer(table: Table, column: Column) -> Callable[[Any], Any] | None:
    """Give what makes of a column's value what is stored, in the very form in which the program stores it."""
    match column.kind:
        case Kind.MOMENT:
            return tables.to_micros
        case Kind.DAY:
            return date.isoformat
        case Kind.JSON if (table.name, column.name) == _CUSTOM:
            return lambda value: custom_columns.stored(FieldValues.of(value))
        case Kind.JSON if (table.name, column.name) in _COMPACT:
            # As `storage.history` and `storage.inbox` write it.
            return lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        case Kind.JSON:
            return lambda value: json.dumps(value, ensure_ascii=False)
        case _:
            return None


def _pages(database: Database, table: Table) -> Iterator[tuple[Any, ...]]:
    kinds = {column.name: column.kind for column in table.columns}
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    bytewise = "" if isinstance(database, peewee.SqliteDatabase) else ' COLLATE "C"'
    order = ", ".join(f'"{name}"{bytewise if kinds[name] is Kind.TEXT else ""}' for name in table.key)
    if (
        len(table.key) > 1 or kinds[table.key[0]] is not Kind.NUMBER
    ):  # what pipelines are made of: a few hundred at most
        yield from query(database, f'SELECT {names} FROM "{table.name}" ORDER BY {order}')
        return
    (key,), last = table.key, -1
    place = [column.name for column in table.columns].index(key)
    sql = f'SELECT {names} FROM "{table.name}" WHERE "{key}" > ? ORDER BY "{key}" LIMIT {_PAGE}'
    while page := query(database, sql, (last,)):
        yield from page
        last = page[-1][place]


def build(database: Database, migration: str | None = None) -> None:
    """Give an empty database the tables as a migration leaves them, or those that it lacks up to the newest one.

    Within a transaction that writes: if it fails, nothing of it stays.
    """
    from playhouse.migrations import Runner

    Runner(database, directory=str(Path(__file__).parent / "migrations")).up(migration)


def columns_there(database: Database, table: str) -> frozenset[str]:
    """Give the names of the columns that a database has of a table; none if it has no such table."""
    if not database.table_exists(table):
        return frozenset()
    return frozenset(str(column.name) for column in database.get_columns(table))


def insert(database: Database, table: Table, there: frozenset[str], some: Sequence[Mapping[str, Any]]) -> None:
    """Put rows, by the names of their columns, into a table that has the columns `there`.

    Raises peewee's errors: only within a transaction, which tells them in words.
    """
    columns = [column for column in table.columns if column.name in there]
    folded = [name for owner, name in _FOLDED if owner == table.name]
    worked_out = {name: value for (owner, name), value in _WORKED_OUT.items() if owner == table.name}
    names = [column.name for column in columns] + folded + list(worked_out)
    writers = [(column.name, _writer(table, column)) for column in columns]
    values = [
        (
            *(_stored(row.get(name), write) for name, write in writers),
            *(fold(row["name"]) for _ in folded),
            *worked_out.values(),
        )
        for row in some
    ]
    listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    run_many(database, f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', values)


def _stored(value: Any, write: Callable[[Any], Any] | None) -> Any:
    return value if value is None or write is None else write(value)


def settle(database: Database) -> None:
    """Work out what follows from the rows that were put in, and let new rows be counted on from them."""
    last = -1
    while page := deals.select(database, Condition("d.number > ?", (last,)), limit=_PAGE):
        worked_out = [deals.columns_of(deal) for deal in page]
        values = [(one["search"], one["due_on"], deal.number) for one, deal in zip(worked_out, page, strict=True)]
        run_many(database, "UPDATE deal SET search = ?, due_on = ? WHERE number = ?", values)
        last = page[-1].number
    count_on(database)


def count_on(database: Database) -> None:
    """Let new rows be counted on from those that were put in."""
    if isinstance(database, peewee.SqliteDatabase):
        return  # it counts on from the greatest by itself
    for table in workspace_tables():
        if table.is_counted:
            query(
                database,
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\" "
                "HAVING max(id) IS NOT NULL",
            )
