"""How far deals got, worked out from their visits: when a pipeline's stages change their order, and to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query, run_many

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline


def settle(database: Database, pipeline: Pipeline) -> None:
    """Set the reach of every deal of a pipeline to what its visits say by the stages as they stand now.

    One statement, which writes only the rows that differ. Rule: `Pipeline.furthest`, and that every deal has reached the
    first stage; a visit of the time in another pipeline counts for nothing.
    """
    reach, values = _reach(pipeline)
    sql = f"UPDATE deal SET reach = {reach} WHERE {_CONCERNED} AND coalesce(reach, '') <> {reach}"
    run_many(database, sql, [(*values, pipeline.key, *values)])


def wrong(database: Database, pipeline: Pipeline) -> list[int]:
    """Give the numbers of the deals of a pipeline whose reach is not what their visits say."""
    reach, values = _reach(pipeline)
    sql = f"SELECT number FROM deal WHERE {_CONCERNED} AND coalesce(reach, '') <> {reach}"
    return [int(number) for (number,) in query(database, sql, (pipeline.key, *values))]


_CONCERNED = "deal.pipeline = ? AND deal.outcome <> 'undone'"


def _reach(pipeline: Pipeline) -> tuple[str, tuple[object, ...]]:
    """Give the expression for a deal's reach, with its parameters."""
    places = pipeline.places
    visited = " ".join(f"WHEN ? THEN {place}" for place in places.values())
    of_the_deal = "FROM visit v WHERE v.deal = deal.number AND v.pipeline IS NULL"
    furthest = f"(SELECT max(CASE v.stage {visited} ELSE 0 END) {of_the_deal})"
    ranked = pipeline.ranked_stages
    keys = " ".join(f"WHEN {rank} THEN ?" for rank in range(1, len(ranked)))
    return f"CASE {furthest} {keys} ELSE ? END", (*places, *(stage.key for stage in ranked[1:]), ranked[0].key)
