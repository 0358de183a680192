"""A whole workspace taken out of its database, and put into an empty one: all that it knows, or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from funneltui.domain.history import Actor, Role
from funneltui.domain.text import counted
from funneltui.errors import BadInput, FunneltuiError, RuleBroken, StorageError
from funneltui.services import health, workspaces
from funneltui.services.context import Clock, Context
from funneltui.services.people import demand_manager
from funneltui.storage import people, pipelines, schema
from funneltui.storage import whole as stored
from funneltui.storage.bulk import is_fault_of_a_row
from funneltui.storage.database import close, connect, reading, take_back, writing
from funneltui.storage.whole import Table, workspace_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from funneltui.storage.database import Database

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Whole:
    """A workspace to be written out: the newest migration that it has had, and every row, the tables one after another.

    A row's values are in the order of its table's columns.
    """

    migration: str
    rows: Iterator[tuple[Table, tuple[Any, ...]]]


@contextmanager
def whole_workspace(context: Context) -> Iterator[Whole]:
    """Give all of a workspace as of one moment, in an order that is the same on every database; to be read at once.

    Raises:
        NotAllowed: the actor is no manager: all deals are in it, whoever's they are (D11).
    """
    demand_manager(context, "takes the whole workspace out (`export --what deals` gives your own deals)")
    with reading(context.database):
        rows = ((table, row) for table in workspace_tables() for row in stored.rows(context.database, table))
        yield Whole(schema.applied(context.database)[-1], rows)


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be put in: the line of the file that it stands in, its table, its values by the names of the columns."""

    line: int
    table: Table
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Founded:
    """What a workspace that was put in holds: its users by name, and how many rows of each table."""

    users: tuple[Actor, ...]
    counts: Mapping[str, int]


class Misplaced(BadInput):
    """A row that cannot stand where it is: `line` says where that is."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


def demand_known(migration: str) -> None:
    """Refuse a migration that this program does not have.

    Raises:
        BadInput: the workspace was written out by a newer program.
    """
    if migration not in schema.known():
        message = f"it was written by a newer funneltui (with {migration}); upgrade this one, then try again"
        raise BadInput(message)


def found(location: str, migration: str, rows: Iterable[Row]) -> Founded:
    """Make a workspace of rows that were written out, in one transaction, where there is none yet.

    The rows of an older migration are put into tables of that time, which are then brought up to date. What is made is
    examined as `doctor` does before it is kept; if anything fails, the place is as it was.

    Raises:
        RuleBroken: there is a workspace already. Misplaced, BadInput: a row refers to none above it, stands there twice, or
            the records contradict each other. StorageError: the place cannot be written.
    """
    demand_known(migration)
    if not workspaces.is_absent(location):
        message = "there is a workspace here already; name another place with --db"
        raise RuleBroken(message)
    database = connect(location, create=True)
    try:
        with writing(database):
            founded = _filled(database, location, migration, rows)
    except BaseException:
        take_back(database)
        raise
    close(database)
    return founded


def _filled(database: Database, location: str, migration: str, rows: Iterable[Row]) -> Founded:
    had = schema.applied(database)
    if had not in ([], schema.known()[: schema.known().index(migration) + 1]):
        message = f"the database there is made ready for {had[-1]}, not for {migration}; name an empty place with --db"
        raise RuleBroken(message)
    stored.build(database, migration)
    counts = dict.fromkeys((table.name for table in workspace_tables()), 0)
    for table, group in groupby(rows, key=attrgetter("table")):
        there = stored.columns_there(database, table.name)
        while some := list(islice(group, _AT_ONCE)):
            _demand_columns(some[0], there)
            _insert(database, table, there, some)
            counts[table.name] += len(some)
    stored.build(database)
    stored.settle(database)
    return Founded(_examined(database, location), counts)


def _demand_columns(row: Row, there: frozenset[str]) -> None:
    if not there:
        raise Misplaced(row.line, f"a workspace of that migration has no {row.table.name}")


def _insert(database: Database, table: Table, there: frozenset[str], some: Sequence[Row]) -> None:
    """Put rows into their table; of those that the database refuses, the first is named."""
    for row in some:
        _demand_known_columns(row, there)
    try:
        with writing(database):
            stored.insert(database, table, there, [row.values for row in some])
    except StorageError as error:
        if not is_fault_of_a_row(error):
            raise
        if len(some) == 1:
            raise Misplaced(some[0].line, f"{table.name}: {_fault(str(error.__cause__))}") from error
        half = len(some) // 2
        _insert(database, table, there, some[:half])
        _insert(database, table, there, some[half:])
        raise  # never: one of the halves is refused as well


def _demand_known_columns(row: Row, there: frozenset[str]) -> None:
    for column in row.table.columns:
        if column.name not in there and row.values.get(column.name) is not None:
            raise Misplaced(row.line, f"{row.table.name}: a workspace of that migration has no {column.name}")
        if column.name in there and not column.nullable and row.values.get(column.name) is None:
            raise Misplaced(row.line, f"{row.table.name}: {column.name} is missing")


_FAULTS = (
    ("foreign key", "it refers to something that stands nowhere above it"),
    ("unique", "the same stands above it already"),
    ("check", "a value is none of those that it can have"),
)


def _fault(text: str) -> str:
    said = text.strip().splitlines()[0]
    return next((f"{words} ({said})" for sign, words in _FAULTS if sign in text.lower()), said)


def _examined(database: Database, location: str) -> tuple[Actor, ...]:
    """See that what was put in is a sound workspace, and give its users.

    Raises:
        BadInput: it is not; the message says why.
    """
    users = tuple(people.everyone(database))
    manager = next((user for user in users if user.role is Role.MANAGER), None)
    if manager is None:
        message = "it has no manager; somebody must be one"
        raise BadInput(message)
    try:
        known = tuple(pipelines.load_all(database))
        made = Context(database, manager, Clock(), known, pipelines_version=pipelines.version(database))
        examined = health.examine(made, location)
    except StorageError:
        raise
    except (FunneltuiError, ValueError, KeyError, TypeError, IndexError) as error:
        message = f"its pipelines cannot be read: {error}"
        raise BadInput(message) from error
    if not known:
        message = "it has no pipeline"
        raise BadInput(message)
    wrong = [finding for finding in examined.findings if finding.deals]
    if wrong:
        more = f", and {counted(len(wrong) - 1, 'thing')} more" if len(wrong) > 1 else ""
        message = f"its records contradict each other: {wrong[0].what}{more}"
        raise BadInput(message)
    return users
