"""What the tests of changed pipelines share: deals, pipelines that differ from the workspace's, and looks at all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal
from funneltui.domain.funnel import Mode
from funneltui.domain.pipeline import Pipeline, Stage
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import deals, health, pipelines, reports
from funneltui.storage.database import query

if TYPE_CHECKING:
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context
    from funneltui.services.pipelines import Applied

CLOSE, NEXT = date(2026, 12, 15), date(2026, 11, 25)
CALL, OFFER = {"detail": "call"}, {"detail": "contract", "follow_up": NEXT}
DEMO = Stage("demo", "Demo")
TABLES = ("setting", "pipeline", "stage", "detail", "reason", "source", "pipeline_version", "deal", "visit", "event")


def add(context: Context, stage: str | None = None, **values: object) -> int:
    """Add a deal and give its number."""
    given = {"title": "Deal", "source": "web", "expected_close": CLOSE} | values
    return deals.add(context, given, stage).number


def deal(context: Context, number: int) -> Deal:
    """Give a deal as it is stored."""
    return deals.show(context, number).deal


def dump(context: Context) -> bytes:
    """Give every row of every table."""
    return repr([sorted(map(repr, query(context.database, f"SELECT * FROM {table}"))) for table in TABLES]).encode()


def changed(context: Context, **fields: object) -> Pipeline:
    """Give the pipeline with other values."""
    return replace(context.pipeline, **fields)  # type: ignore[arg-type]


def with_stage(context: Context, key: str, **fields: object) -> Pipeline:
    """Give the pipeline with other values of one of its stages."""
    stages = (replace(one, **fields) if one.key == key else one for one in context.pipeline.stages)  # type: ignore[arg-type]
    return changed(context, stages=tuple(stages))


def without(context: Context, *keys: str) -> Pipeline:
    """Give the pipeline without some stages."""
    return changed(context, stages=tuple(stage for stage in context.pipeline.stages if stage.key not in keys))


def grown(context: Context, place: int, stage: Stage = DEMO) -> Pipeline:
    """Give the pipeline with one more stage at a place."""
    stages = context.pipeline.stages
    return changed(context, stages=(*stages[:place], stage, *stages[place:]))


def apply(context: Context, new: Pipeline, moves_: Moves | None = None) -> Context:
    """Change the pipeline and give the workspace as it is then."""
    return applied(context, new, moves_).context


def applied(context: Context, new: Pipeline, moves_: Moves | None = None) -> Applied:
    """Change the pipeline and tell what that did."""
    return pipelines.apply(context, new, moves_ or {}, to_toml)


def reached(context: Context, mode: Mode = Mode.CONVERSION) -> dict[str, tuple[int, int, int, int]]:
    """Give per stage what the funnel counts: reached, open, won, lost; they always add up."""
    rows = reports.funnel_of(context, context.pipeline, mode).stages
    assert all(row.reached == row.open + row.won + row.lost for row in rows)
    return {row.stage.key: (row.reached, row.open, row.won, row.lost) for row in rows}


def is_sound(context: Context, location: str) -> bool:
    """Tell whether a check of the workspace finds nothing."""
    return health.examine(context, location).findings == ()
