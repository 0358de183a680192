"""Pipelines as stored: written from a domain value, read back into one in five statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.storage.database import Database, query
from funneltui.storage.tables import DetailRow, PipelineRow, ReasonRow, SourceRow, StageRow

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAGE_COLUMNS = (
    "pipeline, key, name, kind, demands, question, guidance, entry, probability, rot_days, "
    "follow_up_days, wip_limit, color"
)


def add(database: Database, pipeline: Pipeline, position: int = 0) -> None:
    """Store a new pipeline with all that belongs to it."""
    PipelineRow.insert(key=pipeline.key, name=pipeline.name, currency=pipeline.currency, position=position).execute(
        database
    )
    for place, stage in enumerate(pipeline.stages):
        StageRow.insert(
            pipeline=pipeline.key, key=stage.key, position=place, name=stage.name, kind=stage.kind.value,
            demands=" ".join(stage.demands), question=stage.question, guidance=stage.guidance, entry=stage.entry,
            probability=stage.probability, rot_days=stage.rot_days, follow_up_days=stage.follow_up_days,
            wip_limit=stage.wip_limit, color=stage.color,
        ).execute(database)  # fmt: skip
        for rank, detail in enumerate(stage.details):
            DetailRow.insert(
                pipeline=pipeline.key, stage=stage.key, key=detail.key, position=rank, name=detail.name
            ).execute(database)
    for rank, reason in enumerate(pipeline.reasons):
        ReasonRow.insert(pipeline=pipeline.key, key=reason.key, position=rank, name=reason.name).execute(database)
    for rank, source in enumerate(pipeline.sources):
        SourceRow.insert(pipeline=pipeline.key, key=source.key, position=rank, name=source.name).execute(database)


def load_all(database: Database) -> list[Pipeline]:
    """Give every pipeline of the workspace, in order."""
    details: dict[tuple[str, str], list[Detail]] = defaultdict(list)
    for pipeline, stage, key, name in _listed(database, "pipeline, stage, key, name", "detail"):
        details[pipeline, stage].append(Detail(key, name))
    stages: dict[str, list[Stage]] = defaultdict(list)
    for row in _listed(database, _STAGE_COLUMNS, "stage"):
        stages[row[0]].append(_stage(row, details[row[0], row[1]]))
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for pipeline, key, name in _listed(database, "pipeline, key, name", "reason"):
        reasons[pipeline].append(Reason(key, name))
    sources: dict[str, list[Source]] = defaultdict(list)
    for pipeline, key, name in _listed(database, "pipeline, key, name", "source"):
        sources[pipeline].append(Source(key, name))
    return [
        Pipeline(key, name, currency, tuple(stages[key]), tuple(reasons[key]), tuple(sources[key]))
        for key, name, currency in query(database, "SELECT key, name, currency FROM pipeline ORDER BY position, key")
    ]


def _listed(database: Database, columns: str, table: str) -> list[tuple[str, ...]]:
    return query(database, f"SELECT {columns} FROM {table} WHERE NOT retired ORDER BY pipeline, position")


def _stage(row: tuple[str, ...], details: Iterable[Detail]) -> Stage:
    _, key, name, kind, demands, question, guidance, entry, probability, rot_days, follow_up_days, wip_limit, color = (
        row
    )
    return Stage(
        key=key, name=name, kind=StageKind(kind), details=tuple(details), demands=tuple(demands.split()),
        question=question, guidance=guidance, entry=entry,
        probability=None if probability is None else int(probability), rot_days=int(rot_days),
        follow_up_days=int(follow_up_days), wip_limit=int(wip_limit), color=color,
    )  # fmt: skip
