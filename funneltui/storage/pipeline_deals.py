"""The deals that a change of their pipeline concerns: counted where they stand and by what they carry, or loaded."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.pipeline_changes import Place
from funneltui.storage.custom_columns import value_sql
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Deal

_THERE = "pipeline = ? AND outcome <> 'undone'"


def standing(database: Database, pipeline: str) -> dict[Place, Counter[Outcome]]:
    """Give how many deals stand in each stage and detail, by their outcomes; a deal that is spam stands where it stood."""
    sql = f"SELECT stage, detail, outcome, count(*) FROM deal WHERE {_THERE} GROUP BY stage, detail, outcome"
    counts: dict[Place, Counter[Outcome]] = defaultdict(Counter)
    for stage, detail, outcome, n in query(database, sql, (pipeline,)):
        counts[Place(stage, detail)][Outcome(outcome)] = int(n)
    return dict(counts)


def carrying(database: Database, pipeline: str, what: str) -> dict[str, Counter[Outcome]]:
    """Give how many deals have each reason, source or qualifier (`what`: the name of the column), by their outcomes."""
    return _counted(database, pipeline, f"d.{what}")


def values(database: Database, pipeline: str, field: str) -> dict[str, Counter[Outcome]]:
    """Give how many deals have each value of a custom field (its key), by their outcomes."""
    return _counted(database, pipeline, value_sql(field, [pipeline]))


def _counted(database: Database, pipeline: str, value: str) -> dict[str, Counter[Outcome]]:
    sql = f"SELECT {value} AS carried, d.outcome, count(*) FROM deal d WHERE {_THERE} GROUP BY carried, d.outcome"
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for key, outcome, n in query(database, sql, (pipeline,)):
        if key:
            counts[key][Outcome(outcome)] = int(n)
    return dict(counts)


def open_deals(database: Database, pipeline: str) -> int:
    """Give how many deals are open in a pipeline."""
    sql = "SELECT count(*) FROM deal WHERE pipeline = ? AND outcome = 'open'"
    return int(query(database, sql, (pipeline,))[0][0])


def in_stage(database: Database, pipeline: str, stage: str) -> list[Deal]:
    """Give the deals that stand in a stage, without spam."""
    there = Condition("d.pipeline = ? AND d.stage = ? AND d.outcome NOT IN ('spam', 'undone')", (pipeline, stage))
    return select(database, there)


def in_places(database: Database, pipeline: str, places: Iterable[Place]) -> list[Deal]:
    """Give the deals that stand in one of these places, spam too: of a place without a detail those that have none."""
    found = []
    for place in places:
        there = Condition("d.pipeline = ? AND d.stage = ? AND d.outcome <> 'undone'", (pipeline, place.stage))
        detail = Condition("d.detail IS NULL") if place.detail is None else Condition("d.detail = ?", (place.detail,))
        found += select(database, there & detail)
    return found
