"""The state of a database: its library, its file, whether it is whole, and whether its records agree with each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import peewee

from funneltui.storage import pipelines, reach, schema
from funneltui.storage.database import Database, journal_mode, query, sqlite_module

if TYPE_CHECKING:
    from pathlib import Path


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
    Discord.DUE: (
        "SELECT d.number FROM deal d WHERE coalesce(d.due_on, '') <> "
        "CASE d.outcome WHEN 'open' THEN coalesce(d.follow_up, d.expected_close) "
        "WHEN 'won' THEN coalesce(d.follow_up, '') ELSE '' END"
    ),
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


def damages(database: Database) -> list[str]:
    """Give what SQLite finds wrong with its file (quick_check and foreign keys), at most ten; nothing for a server."""
    if not isinstance(database, peewee.SqliteDatabase):
        query(database, "SELECT count(*) FROM setting")
        return []
    found = [str(text) for (text,) in query(database, "PRAGMA quick_check(10)") if text != "ok"]
    orphans = query(database, "PRAGMA foreign_key_check")
    found += [f"{table} row {row} refers to a missing {parent}" for table, row, parent, _ in orphans[:10]]
    return found[:10]


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
