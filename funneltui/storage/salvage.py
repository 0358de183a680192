"""What is legible of a damaged workspace's file, carried row by row into a new one; what is lost is counted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee

from funneltui.domain.history import EventKind
from funneltui.errors import StorageError
from funneltui.storage import schema
from funneltui.storage.database import close, connect, query, storage_error
from funneltui.storage.pages import Illegible, PageFile
from funneltui.storage.row_shapes import ITS_OWN, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funneltui.storage.database import Database
    from funneltui.storage.pages import Row
    from funneltui.storage.row_shapes import Table

_CATALOG = 1
"""The page with which the list of tables begins."""

_CHANGING = frozenset({"deal", "visit"})


@dataclass(frozen=True, slots=True)
class Saved:
    """What was carried over: rows by table, those that were legible and yet cannot be, and what is missing.

    `filled` are the rows that an older backup gave; `deals` the numbers of deals whose rows are gone, `events` how many
    lines of history are, as far as their numbers tell; `pages` how many pages of tables cannot be read.
    """

    rows: dict[str, int]
    refused: int
    filled: int
    deals: tuple[int, ...]
    events: int
    pages: int


def salvage(damaged: Path, part: Path, older: Path | None = None) -> Saved:
    """Carry what is legible of a damaged file, and of the log beside it, into the empty file `part`, as a workspace.

    Every page is read by itself, whatever the others say; an older backup of the same workspace fills gaps. What rows
    refer to and what is worked out from them is not put right here: see `storage.repair`.

    Raises:
        StorageError: the file cannot be read, or the disk refuses.
    """
    try:
        pages = PageFile(damaged)
    except OSError as error:
        message = f"cannot read {damaged}: {error.strerror}"
        raise StorageError(message) from error
    if not pages.count:
        message = f"{damaged} is empty: there is nothing to save; restore a backup"
        raise StorageError(message)
    database = connect(str(part))
    try:
        roots = _roots(pages)
        _begin(database, _last_applied(pages, roots))
        found = _gathered(pages, tables_of(database, roots), roots)
        return _carried(database, pages, found, roots, older)
    finally:
        close(database)


def _roots(pages: PageFile) -> dict[str, int]:
    """Give the first page of each table, as far as the file's list of them is legible."""
    return {
        str(row[1]): row[3]
        for leaf in _catalog(pages)
        for _, row in pages.cells(leaf).rows
        if _is_of_catalog(row) and row[0] == "table" and isinstance(row[3], int) and 0 < row[3] <= pages.count
    }


def _catalog(pages: PageFile) -> set[int]:
    """Give the leaves of the list of tables, those to which the first page no longer leads among them."""
    found = set()
    for number in {*pages.leaves(_CATALOG), *filter(pages.is_leaf, range(1, pages.count + 1))}:
        try:
            rows = pages.cells(number).rows
        except Illegible:
            continue
        if rows and all(_is_of_catalog(row) for _, row in rows):
            found.add(number)
    return found


def _is_of_catalog(row: Row) -> bool:
    return len(row) == 5 and row[0] in ("table", "index", "trigger", "view")


def _rows(pages: PageFile, root: int) -> Iterator[tuple[int, Row]]:
    for leaf in pages.leaves(root):
        try:
            yield from pages.cells(leaf).rows
        except Illegible:
            continue


def _last_applied(pages: PageFile, roots: dict[str, int]) -> str:
    """Give the newest migration that the file has had: the newest of this program, if that is not legible."""
    names = {row[1] for _, row in _rows(pages, roots.get("schema_migration", 0)) if len(row) > 1}
    return max((name for name in schema.known() if name in names), default=schema.known()[-1])


def _begin(database: Database, last: str) -> None:
    """Make the tables of a new file as they were in the damaged one: its rows fit these, and are brought up afterwards."""
    from playhouse.migrations import Runner

    Runner(database, directory=str(Path(schema.__file__).parent / "migrations")).up(last)


@dataclass(slots=True)
class _Gathered:
    """Rows by table and rowid, with the tables that they are of, and what could not be read."""

    tables: dict[str, Table]
    rows: dict[str, dict[int, Row]]
    refused: int = 0

    def take(self, table: Table, rows: Iterable[tuple[int, Row]]) -> None:
        """Take the rows of a page over; the first one of a rowid is the one that counts."""
        for rowid, row in rows:
            if table.fits(row):
                self.rows[table.name].setdefault(rowid, row)
            else:
                self.refused += 1


def _gathered(pages: PageFile, tables: list[Table], roots: dict[str, int]) -> _Gathered:
    found = _Gathered({table.name: table for table in tables}, {table.name: {} for table in tables})
    claimed: set[int] = set()
    for table in tables:
        for leaf in pages.leaves(table.root):
            if leaf not in claimed and _take_page(pages, leaf, [table], found):
                claimed.add(leaf)
    # Leaves to which no legible page leads any more: they are told by what stands in them.
    aside = claimed | pages.unused() | _catalog(pages)
    for name in ITS_OWN & roots.keys():
        aside |= set(pages.leaves(roots[name]))
    for number in range(1, pages.count + 1):
        if number not in aside and pages.is_leaf(number):
            _take_page(pages, number, tables, found)
    return found


def _take_page(pages: PageFile, number: int, tables: list[Table], found: _Gathered) -> bool:
    """Take a leaf over, if most of its rows fit one of these tables and no other; tell whether that was so."""
    try:
        cells = pages.cells(number)
    except Illegible:
        return False
    known = set(schema.known())
    if any(known.intersection(map(str, row)) for _, row in cells.rows):  # the list of migrations looks like companies
        return False
    fitting = Counter({table.name: sum(table.fits(row) for _, row in cells.rows) for table in tables})
    (best, count), *others = fitting.most_common(2)
    if cells.rows and (count * 2 <= len(cells.rows) or (others and others[0][1] == count)):
        return False
    found.take(found.tables[best], cells.rows)
    found.refused += cells.lost
    return True


def _carried(database: Database, pages: PageFile, found: _Gathered, roots: dict[str, int], older: Path | None) -> Saved:
    """Write the rows into the new file, and those of an older backup into their gaps; what its rules forbid is counted."""
    query(database, "PRAGMA foreign_keys = off")
    refused = found.refused + _refuse_impossible(found)
    try:
        with database.atomic():
            for name, rows in found.rows.items():
                refused += _inserted(database, found.tables[name], rows)
        filled = _filled(database, older, found) if older else 0
    except peewee.PeeweeException as error:
        raise storage_error(error, str(database.database)) from error
    counts = {name: int(query(database, f'SELECT count(*) FROM "{name}"')[0][0]) for name in found.rows}
    last = {row[0]: row[1] for _, row in _rows(pages, roots.get("sqlite_sequence", 0)) if len(row) == 2}
    newest = _whole(last.get("event")) or max(found.rows["event"], default=0)
    events = newest - int(query(database, "SELECT count(*) FROM event WHERE id <= ?", (newest,))[0][0])
    numbers = {int(number) for (number,) in query(database, "SELECT number FROM deal")}
    told_of = {int(number) for (number,) in query(database, "SELECT DISTINCT deal FROM event")}
    gone = (set(range(1, max(numbers, default=0) + 1)) | told_of) - numbers
    return Saved(counts, refused, filled, tuple(sorted(gone)), max(0, events), len(pages.illegible))


def _refuse_impossible(found: _Gathered) -> int:
    """Leave out lines of history that say what cannot be, or are of deals that there never were; give how many they are."""
    events, names = found.rows["event"], [one.name for one in found.tables["event"].columns]
    deal, version, kind, data = (names.index(name) for name in ("deal", "version", "kind", "data"))
    begun = {row[deal] for row in events.values() if row[version] == 1} | set(found.rows["deal"])
    last = max(found.rows["deal"], default=0)
    impossible = [
        number
        for number, row in events.items()
        if (row[deal] not in begun and _whole(row[deal]) > last) or not _says_something(row[kind], row[data])
    ]
    for number in impossible:
        del events[number]
    return len(impossible)


def _says_something(kind: Any, data: Any) -> bool:
    try:
        return EventKind(kind) is not None and isinstance(json.loads(data), dict)
    except (ValueError, TypeError):
        return False


def _filled(database: Database, older: Path, found: _Gathered) -> int:
    """Take from a backup what it has and the damaged file no longer gives: history, people, pipelines; no deals and stays,
    which have changed since and are told anew by their history. Give how many rows it were; none of another workspace.
    """
    before = database.connection().total_changes
    query(database, "ATTACH DATABASE ? AS older", (str(older),))
    try:
        same = "o.deal = e.deal AND o.at = e.at"
        sql = f"SELECT count(*), coalesce(sum({same}), 0) FROM event e JOIN older.event o ON o.id = e.id"
        together, alike = query(database, sql)[0]
        if alike * 2 <= together:
            return 0
        with database.atomic():
            for name, table in found.tables.items():
                has = {row[1] for row in query(database, f'PRAGMA older.table_info("{name}")')}
                names = ", ".join(f'"{column.name}"' for column in table.columns if column.name in has)
                if names and name not in _CHANGING:
                    query(database, f'INSERT OR IGNORE INTO main."{name}" ({names}) SELECT {names} FROM older."{name}"')
    finally:
        query(database, "DETACH DATABASE older")
    return int(database.connection().total_changes - before)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _inserted(database: Database, table: Table, rows: dict[int, Row]) -> int:
    """Write the rows of one table, and give how many were refused."""
    before = database.connection().total_changes
    for rowid, row in sorted(rows.items()):
        columns = table.columns[: len(row)]
        values = [rowid if column.is_rowid else value for column, value in zip(columns, row, strict=True)]
        names = ", ".join(f'"{column.name}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        database.execute_sql(f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({marks})', values)
    return len(rows) - int(database.connection().total_changes - before)
