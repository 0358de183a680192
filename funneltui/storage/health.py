"""The state of a database: its library, its file, whether it is whole, and whether its records agree with each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import peewee

from funneltui.errors import StorageError
from funneltui.storage import deals, pipelines, reach, schema
from funneltui.storage.database import Database, journal_mode, query, sqlite_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LAST = 253_402_300_799_999_999
"""The last moment that there can be, in microseconds: the end of the year 9999."""

_AT_ONCE = 500
"""How many deals are tried at once."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What keeps the workspace. `journal` and `driver` are SQLite's and its Python module's; `schema` the migrations."""

    kind: str
    version: str
    driver: str
    journal: str
    schema: tuple[str, ...]


class Discord(StrEnum):
    """A way in which records can contradict each other; there must be no deal with any of them."""

    VISITS = "visits"
    PLACE = "place"
    OUTCOME = "outcome"
    REACH = "reach"
    HISTORY = "history"
    REASON = "reason"
    DUE = "due"


DUE_ON = (
    "CASE d.outcome WHEN 'open' THEN coalesce(d.follow_up, d.expected_close) "
    "WHEN 'won' THEN coalesce(d.follow_up, '') ELSE '' END"
)
"""The day under which a deal `d` is listed, as SQL: `Deal.due`, "" for none."""

_DISCORDS: dict[Discord, str] = {
    Discord.VISITS: (
        "SELECT d.number FROM deal d LEFT JOIN visit v ON v.deal = d.number AND v.left_at IS NULL "
        "WHERE d.outcome <> 'undone' GROUP BY d.number HAVING count(v.id) <> 1"
    ),
    Discord.PLACE: (
        "SELECT d.number FROM deal d JOIN visit v ON v.deal = d.number AND v.left_at IS NULL "
        "WHERE v.stage <> d.stage OR coalesce(v.detail, '') <> coalesce(d.detail, '')"
    ),
    Discord.OUTCOME: (
        "SELECT d.number FROM deal d JOIN stage s ON s.pipeline = d.pipeline AND s.key = d.stage "
        "WHERE d.outcome NOT IN ('spam', 'undone') "
        "AND (d.outcome <> s.kind OR (d.outcome = 'open') <> (d.closed_on IS NULL))"
    ),
    Discord.HISTORY: (
        "SELECT d.number FROM deal d LEFT JOIN event e ON e.deal = d.number "
        "GROUP BY d.number, d.version HAVING count(e.id) = 0 OR max(e.version) <> d.version"
    ),
    Discord.REASON: "SELECT d.number FROM deal d WHERE d.outcome = 'lost' AND d.reason IS NULL",
    Discord.DUE: f"SELECT d.number FROM deal d WHERE coalesce(d.due_on, '') <> {DUE_ON}",
}


def engine(database: Database) -> Engine:
    """Give what keeps the workspace."""
    names = tuple(schema.applied(database))
    if not isinstance(database, peewee.SqliteDatabase):
        version = str(query(database, "SHOW server_version")[0][0])
        return Engine("PostgreSQL", version, "psycopg", "", names)
    module = sqlite_module()
    journal = str(query(database, "PRAGMA journal_mode")[0][0])
    return Engine("SQLite", str(module.sqlite_version), str(module.__name__).split(".")[0], journal, names)


def damages(database: Database, *, whole: bool = False) -> list[str]:
    """Give what SQLite finds wrong with its file, at most ten; nothing for a server.

    That is its quick check and the references between tables; `whole` compares every index with its table as well.
    """
    if not isinstance(database, peewee.SqliteDatabase):
        query(database, "SELECT count(*) FROM setting")
        return []
    kind = "integrity_check" if whole else "quick_check"
    found = [str(text) for (text,) in query(database, f"PRAGMA {kind}(10)") if text != "ok"]
    orphans = query(database, "PRAGMA foreign_key_check")
    found += [f"{table} row {row}{_REFERS}{parent}" for table, row, parent, _ in orphans[:10]]
    return found[:10]


def is_about_index(damage: str) -> bool:
    """Tell whether what SQLite finds wrong is an index that does not agree with its table: the table is whole."""
    return "index" in damage and not damage.startswith(("Tree", "*** in database", "Page", "Freelist"))


def is_mendable(damage: str) -> bool:
    """Tell whether what SQLite finds wrong can be put right in the file itself: an index, or a reference to nothing."""
    return is_about_index(damage) or _REFERS in damage


_REFERS = " refers to a missing "


def unreadable(database: Database) -> list[int]:
    """Give the numbers of the deals that hold something that cannot be: a date that is none, a text of no letters."""
    numbers = [int(number) for (number,) in query(database, "SELECT number FROM deal ORDER BY number")]
    stays = "SELECT DISTINCT deal FROM visit WHERE entered NOT BETWEEN 0 AND ? OR left_at NOT BETWEEN entered AND ?"
    impossible = {int(number) for (number,) in query(database, stays, (_LAST, _LAST))}
    return sorted(impossible & set(numbers)) + [
        number
        for start in range(0, len(numbers), _AT_ONCE)
        if not _can_be_read(database, some := numbers[start : start + _AT_ONCE])
        for number in some
        if number not in impossible and not _can_be_read(database, [number])
    ]


def _can_be_read(database: Database, numbers: Sequence[int]) -> bool:
    try:
        return len(deals.load_even_undone(database, numbers)) == len(numbers)
    except (StorageError, ValueError, TypeError, AttributeError, OverflowError):
        return False


def is_history_readable(database: Database) -> bool:
    """Tell whether every line of history can be read; one that cannot is damage, for it is never changed."""
    if not isinstance(database, peewee.SqliteDatabase):
        return True
    try:
        broken = query(database, "SELECT count(*) FROM event WHERE NOT json_valid(data) OR typeof(at) <> 'integer'")
        query(database, "SELECT max(length(CAST(data AS TEXT) || kind)) FROM event")
    except StorageError:
        return False
    return not broken[0][0]


def discordant(database: Database, discord: Discord) -> list[int]:
    """Give the numbers of the deals whose records contradict each other in this way."""
    if discord is Discord.REACH:
        return sorted(number for one in pipelines.load_all(database) for number in reach.wrong(database, one))
    return sorted(int(number) for (number,) in query(database, _DISCORDS[discord]))


def counts(database: Database) -> dict[str, int]:
    """Give how many users, deals and events there are."""
    tables = {"users": "person", "deals": "deal", "events": "event"}
    return {name: int(query(database, f"SELECT count(*) FROM {table}")[0][0]) for name, table in tables.items()}


def file_mode(path: Path) -> int | None:
    """Give the rights of a database's file, or none if it is not there."""
    return path.stat().st_mode & 0o777 if path.is_file() else None


def is_unsafe_journal(found: Engine, path: Path) -> bool:
    """Tell whether a file is kept in WAL mode where that can damage it: an affected SQLite, or a network disk."""
    return found.journal == "wal" and journal_mode(path) != "wal"
