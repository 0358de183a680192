"""Rows of pipelines that are lost, written again from what still tells them: stored versions, or a preset that they agree
with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import StageKind
from funneltui.storage import pipelines
from funneltui.storage.database import query, run_many
from funneltui.storage.repair import Mended

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.domain.pipeline import Pipeline
    from funneltui.storage.database import Database

_PARTS = ("stage", "detail", "reason", "source", "qualifier", "field")
_NAMING = (*_PARTS, "pipeline_version", "deal")
"""The tables whose rows name a pipeline by its key."""

_TOLD = " told"
"""The key under which a definition stands for as long as it is compared: no pipeline can be called so."""

_NAMED_BY_DEALS = {"stage": "stage", "source": "source", "reason": "reason", "detail": "stage, detail"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A pipeline as it is told otherwise than by its rows; `by` says by what.

    One that `is_its_own` was this pipeline once (`is_past`: not as it was last), and gives whatever is missing. Any other
    gives something only where rows are missing for certain, and all that is left agrees with it.
    """

    pipeline: Pipeline
    by: str
    is_its_own: bool = False
    is_past: bool = False


def named(database: Database) -> list[str]:
    """Give the keys of all pipelines that anything names, those among them whose own row is lost."""
    sql = " UNION ".join(f"SELECT pipeline FROM {table}" for table in _NAMING)
    return sorted(str(key) for (key,) in query(database, f"SELECT key FROM pipeline UNION {sql}"))


def version_texts(database: Database, key: str) -> list[str]:
    """Give the texts of a pipeline's stored versions, the newest first."""
    sql = "SELECT text FROM pipeline_version WHERE pipeline = ? ORDER BY version DESC"
    return [str(text) for (text,) in query(database, sql, (key,))]


def write_again(database: Database, definitions: Iterable[Definition]) -> list[Mended]:
    """Write the rows of pipelines that are lost as these definitions tell them, the first first; within a transaction.

    What is there stays as it is. Rule: a row of a pipeline is never taken away, so what a version of it had and is not
    there is lost.
    """
    done = []
    for one in definitions:
        pipelines.add(database, replace(one.pipeline, key=_TOLD))
        try:
            if count := _written(database, one):
                pipelines.count_change(database)
                what = (
                    f"what is lost of the pipeline {one.pipeline.name}, its gates with it: written again from {one.by}"
                )
                done.append(Mended(what, count))
        finally:
            _forget(database)
    return done


def _written(database: Database, one: Definition) -> int:
    key = one.pipeline.key
    wanting = _PARTS if one.is_its_own else _lacking(database, key)
    is_whole = not wanting and _count(database, key, ("pipeline",)) > 0
    if not one.is_its_own and (is_whole or not _agrees(database, key)):
        return 0
    currency = (
        "coalesce((SELECT d.currency FROM deal d WHERE d.pipeline = ? GROUP BY 1 ORDER BY count(*) DESC LIMIT 1), ?)"
    )
    before = _count(database, key, ("pipeline", *_PARTS))
    run_many(
        database,
        f"INSERT INTO pipeline (key, name, currency, position) VALUES (?, ?, {currency}, 0) ON CONFLICT DO NOTHING",
        [(key, one.pipeline.name, key, one.pipeline.currency)],
    )
    for table in wanting:
        columns = _columns(database, table)
        given = [f"{'true' if one.is_past else 'retired'}" if name == "retired" else name for name in columns]
        run_many(
            database,
            f"INSERT INTO {table} (pipeline, {', '.join(columns)}) SELECT ?, {', '.join(given)} FROM {table} "
            "WHERE pipeline = ? ON CONFLICT DO NOTHING",
            [(key, _TOLD)],
        )
    return _count(database, key, ("pipeline", *_PARTS)) - before


def _lacking(database: Database, key: str) -> tuple[str, ...]:
    """Give the tables in which rows of a pipeline are missing for certain: all of them, a kind of stage, or one between
    others."""
    return tuple(table for table in _PARTS if _lacks(database, table, key))


def _lacks(database: Database, table: str, key: str) -> bool:
    count, last = query(database, f"SELECT count(*), max(position) FROM {table} WHERE pipeline = ?", (key,))[0]
    if not count:
        return _count(database, _TOLD, (table,)) > 0
    if table == "stage":
        kinds = {kind for (kind,) in query(database, "SELECT DISTINCT kind FROM stage WHERE pipeline = ?", (key,))}
        if kinds < set(StageKind):
            return True
    return int(last) >= int(count)


def _agrees(database: Database, key: str) -> bool:
    """Tell whether all that is left of a pipeline, and all that its deals name, is as the definition tells it."""
    for table in _PARTS:
        columns = ", ".join(_columns(database, table))
        if _beyond(database, f"SELECT {columns} FROM {table} WHERE pipeline = ?", key):
            return False
    for table, columns in _NAMED_BY_DEALS.items():
        keys = "stage, key" if table == "detail" else "key"
        called = f"SELECT DISTINCT {columns} FROM deal WHERE pipeline = ? AND {table} IS NOT NULL"
        if _beyond(database, called, key, f"SELECT {keys} FROM {table} WHERE pipeline = ?"):
            return False
    return True


def _beyond(database: Database, found: str, key: str, told: str = "") -> bool:
    """Tell whether rows are found that the definition does not tell."""
    return bool(query(database, f"{found} EXCEPT {told or found}", (key, _TOLD)))


def _count(database: Database, key: str, tables: Sequence[str]) -> int:
    sql = " + ".join(
        f"(SELECT count(*) FROM {table} WHERE {'key' if table == 'pipeline' else 'pipeline'} = ?)" for table in tables
    )
    return int(query(database, f"SELECT {sql}", (key,) * len(tables))[0][0])


def _columns(database: Database, table: str) -> list[str]:
    return [column.name for column in database.get_columns(table) if column.name != "pipeline"]


def _forget(database: Database) -> None:
    for table in reversed(_PARTS):
        run_many(database, f"DELETE FROM {table} WHERE pipeline = ?", [(_TOLD,)])
    run_many(database, "DELETE FROM pipeline WHERE key = ?", [(_TOLD,)])
