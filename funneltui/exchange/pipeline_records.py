"""The JSON forms of pipelines, of their versions, and of what a change of one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.naming import Named
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.domain.pipeline_changes import PipelineVersion
    from funneltui.exchange.record_values import Record
    from funneltui.services.pipeline_difference import Difference
    from funneltui.services.pipelines import Overview


def overview_record(overview: Overview) -> Record:
    """Give a pipeline of a list: its stages by their keys, and how many deals are open in it."""
    pipeline = overview.pipeline
    return _head(pipeline) | {"stages": [stage.key for stage in pipeline.board_order], "open": overview.open}


def pipeline_record(overview: Overview, versions: Sequence[PipelineVersion]) -> Record:
    """Give a pipeline with all that belongs to it; `deals` are those that stand in a stage, spam left out."""
    pipeline = overview.pipeline
    gone = pipeline.retired
    return _head(pipeline) | {
        "open": overview.open,
        "version": versions[-1].version if versions else 1,
        "stages": [_stage(stage) | {"deals": overview.standing.get(stage.key, 0)} for stage in pipeline.stages],
        "reasons": _named(pipeline.reasons),
        "sources": _named(pipeline.sources),
        "qualifiers": _named(pipeline.qualifiers),
        "fields": [_field(field) for field in pipeline.fields],
        "retired_parts": {
            "stages": _named(gone.stages),
            "details": [{"stage": stage, "key": one.key, "name": one.name} for stage, one in gone.details],
            "reasons": _named(gone.reasons),
            "sources": _named(gone.sources),
            "qualifiers": _named(gone.qualifiers),
            "fields": [_field(field) for field in gone.fields],
            "choices": [{"field": field, "key": one.key, "name": one.name} for field, one in gone.choices],
        },
        "versions": [version_record(version) for version in versions],
    }


def version_record(version: PipelineVersion) -> Record:
    """Give a version of a pipeline without its text; `at` (an ISO moment) and `who` are null when they are not known."""
    return {
        "version": version.version,
        "at": version.at.isoformat() if version.at else None,
        "who": version.who,
        "retired": version.is_retired,
    }


def difference_record(difference: Difference) -> Record:
    """Give what changes: `changes` as values, `words` as sentences, and how many deals are concerned or lack something."""
    return {
        "pipeline": difference.new.key,
        "changes": [
            {
                "part": one.part.value, "turn": one.turn.value, "key": one.key, "name": one.name, "stage": one.stage,
                "field": one.field, "before": one.before, "after": one.after,
            }
            for one in difference.alterations
        ],
        "concerned": [
            {
                "part": one.part.value, "key": one.key, "stage": one.stage, "open": one.open, "closed": one.closed,
                "spam": one.spam,
            }
            for one in difference.concerned
        ],
        "lacking": [
            {"stage": one.stage, "fields": list(one.fields), "deals": one.deals} for one in difference.lacking
        ],
        "words": list(difference.words),
    }  # fmt: skip


def _head(pipeline: Pipeline) -> Record:
    return {
        "key": pipeline.key,
        "name": pipeline.name,
        "currency": pipeline.currency,
        "retired": pipeline.is_retired,
    }


def _stage(stage: Stage) -> Record:
    return {
        "key": stage.key,
        "name": stage.name,
        "kind": stage.kind.value,
        "details": _named(stage.details),
        "demands": list(stage.demands),
        "question": stage.question,
        "guidance": stage.guidance,
        "entry": stage.entry,
        "probability": None if stage.probability is None else stage.probability / 100,
        "rot_days": stage.rot_days,
        "follow_up_days": stage.follow_up_days,
        "wip_limit": stage.wip_limit,
        "color": stage.color,
    }


def _field(field: CustomField) -> Record:
    return {
        "key": field.key,
        "name": field.name,
        "kind": field.kind.value,
        "choices": _named(field.choices),
        "help": field.help,
    }


def _named(some: Iterable[Named]) -> list[Record]:
    return [{"key": one.key, "name": one.name} for one in some]
