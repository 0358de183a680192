"""What the rows of each table look like: by that a row of a damaged file is told to be one, or to be none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funneltui.storage.database import query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.storage.database import Database
    from funneltui.storage.pages import Row

ITS_OWN = frozenset({"schema_migration", "sqlite_sequence"})
"""The tables that a new file has its own rows in."""

_MOST = {"INTEGER": 2**31 - 1, "BIGINT": 253_402_300_799_999_999, "BOOLEAN": 1}
"""The largest number in a column of each kind; microseconds end with the year 9999, all else is far below."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `most` is the largest number that it takes, 0 if it takes texts; one `is_due` where a row may not
    end before it, as it may before a column that came later.
    """

    name: str
    most: int
    needed: bool
    is_due: bool
    is_rowid: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in their order, and the first of its pages."""

    name: str
    columns: tuple[Column, ...]
    root: int

    def fits(self, row: Row) -> bool:
        """Tell whether a row can be one of this table's; columns that came later may be missing."""
        if not 1 <= len(row) <= len(self.columns) or any(one.is_due for one in self.columns[len(row) :]):
            return False
        return all(_can_be(value, column) for value, column in zip(row, self.columns, strict=False))


def _can_be(value: Any, column: Column) -> bool:
    if column.is_rowid:
        return value is None
    if value is None:
        return not column.needed
    if column.most:
        return isinstance(value, int) and 0 <= value <= column.most
    return isinstance(value, str)


def tables_of(database: Database, roots: dict[str, int]) -> list[Table]:
    """Give the tables that there are in a new file, each with its first page in the damaged one.

    Where that is not legible it is taken to be the same as in the new one, which was made in the same way; what stands
    there has to fit, as everywhere.
    """
    names = query(database, "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [
        Table(name, _columns(query(database, f'PRAGMA table_info("{name}")')), roots.get(name, root))
        for name, root in names
        if name not in ITS_OWN
    ]


def _columns(described: Sequence[tuple[Any, ...]]) -> tuple[Column, ...]:
    """Give the columns as SQLite describes them; a whole number that is the only key is the rowid, and not in the row."""
    keys = sum(bool(key) for *_, key in described)
    return tuple(
        Column(
            name,
            _MOST.get(kind.upper(), 0),
            bool(needed),
            bool(needed) and default is None,
            bool(key) and keys == 1 and kind.upper() == "INTEGER",
        )
        for _, name, kind, needed, default, key in described
    )
