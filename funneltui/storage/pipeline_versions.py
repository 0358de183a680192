"""What pipelines were, version by version, as stored: written once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.pipeline_changes import PipelineVersion
from funneltui.storage.database import Database, query
from funneltui.storage.tables import PipelineVersionRow, from_micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_COLUMNS = (
    "SELECT v.version, v.at, p.name, v.retired, v.text FROM pipeline_version v LEFT JOIN person p ON p.id = v.who_id"
)


def of(database: Database, pipeline: str) -> list[PipelineVersion]:
    """Give the versions of a pipeline, the first one first; none of one that was never changed."""
    rows = query(database, f"{_COLUMNS} WHERE v.pipeline = ? ORDER BY v.version", (pipeline,))
    return [_version(row) for row in rows]


def latest(database: Database) -> list[tuple[str, PipelineVersion]]:
    """Give the newest version of all pipelines, with its pipeline's name: one, or none when no pipeline was changed."""
    rows = query(
        database,
        f"{_COLUMNS.replace('SELECT', 'SELECT l.name,')} JOIN pipeline l ON l.key = v.pipeline "
        "WHERE v.at IS NOT NULL ORDER BY v.at DESC, v.version DESC LIMIT 1",
    )
    return [(str(row[0]), _version(row[1:])) for row in rows]


def add(
    database: Database, pipeline: str, version: int, text: str, at: datetime | None, who: int | None, *, retired: bool
) -> None:
    """Append a version of a pipeline."""
    PipelineVersionRow.insert(
        pipeline=pipeline, version=version, at=at, who=who, retired=retired, text=text
    ).execute(database)  # fmt: skip


def _version(row: Sequence[object]) -> PipelineVersion:
    version, at, who, retired, text = row
    moment = None if at is None else from_micros(int(str(at)))
    return PipelineVersion(int(str(version)), moment, None if who is None else str(who), bool(retired), str(text))
