"""Pipelines in words: what one has, its versions, and its definition as TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.moments import spoken
from funneltui.cli.output import Column, say, say_json, say_rows
from funneltui.domain.gates import label_of
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.naming import Named
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.domain.pipeline_changes import PipelineVersion
    from funneltui.services.context import Context
    from funneltui.services.pipelines import Overview

_STAGES = (
    Column("stage", least=12), Column("key"), Column("kind"), Column("deals", number=True), Column("demands"),
    Column("details", least=12), Column("chance", number=True), Column("rots after", number=True),
    Column("limit", number=True),
)  # fmt: skip


def say_pipeline(context: Context, overview: Overview, versions: Sequence[PipelineVersion]) -> None:
    """Print a pipeline: its stages in a table, its reasons, sources and own fields, what it has retired, its versions."""
    pipeline, gone = overview.pipeline, overview.pipeline.retired
    state = ", retired" if pipeline.is_retired else ""
    say(f"{pipeline.name} (key {pipeline.key}), {pipeline.currency}, {overview.open} open{state}")
    say_rows(_STAGES, (_row(stage, overview.standing.get(stage.key, 0)) for stage in pipeline.board_order))
    say(f"reasons: {_names(pipeline.reasons)}")
    say(f"sources: {_names(pipeline.sources)}")
    if pipeline.qualifiers:
        say(f"qualifiers: {_names(pipeline.qualifiers)}")
    if pipeline.fields:
        say(f"fields: {', '.join(map(_field, pipeline.fields))}")
    details = ", ".join(f"{pipeline.stage_name(stage)}: {one.name} ({one.key})" for stage, one in gone.details)
    for what, names in (
        ("stages", _names(gone.stages)), ("details", details), ("reasons", _names(gone.reasons)),
        ("sources", _names(gone.sources)), ("qualifiers", _names(gone.qualifiers)), ("fields", _names(gone.fields)),
        ("choices", ", ".join(f"{label_of(pipeline, field)}: {one.name} ({one.key})" for field, one in gone.choices)),
    ):  # fmt: skip
        if names:
            say(f"retired {what}: {names}")
    for version in versions:
        say(f"version {version.version}: {_made(context, version)}{', retired' if version.is_retired else ''}")


def _row(stage: Stage, deals: int) -> tuple[str, ...]:
    return (
        stage.name, stage.key, stage.kind.value, str(deals), ", ".join(stage.demands), _names(stage.details),
        "" if stage.probability is None else f"{stage.probability}%", f"{stage.rot_days} d" if stage.rot_days else "",
        str(stage.wip_limit or ""),
    )  # fmt: skip


def _field(field: CustomField) -> str:
    choices = f": {', '.join(one.key for one in field.choices)}" if field.choices else ""
    return f"{field.name} ({field.key}, {field.kind}{choices})"


def _names(some: Iterable[Named]) -> str:
    return ", ".join(f"{one.name} ({one.key})" for one in some)


def _made(context: Context, version: PipelineVersion) -> str:
    if version.at is None:
        return "as it was at first"
    return f"{spoken(context.clock, version.at)}, by {version.who or 'somebody'}"


def say_toml(session: Session, pipeline: Pipeline, versions: Sequence[PipelineVersion], number: int | None) -> None:
    """Print the definition of a pipeline as it is, or as it was in a version.

    Raises:
        NotFound: there is no such version.
    """
    text = _text_of(pipeline, versions, number)
    if session.json:
        say_json({"pipeline": pipeline.key, "version": number, "toml": text})
        return
    say(text.removesuffix("\n"))


def _text_of(pipeline: Pipeline, versions: Sequence[PipelineVersion], number: int | None) -> str:
    from funneltui.exchange.pipeline_writer import to_toml

    if number is None or (number == 1 and not versions):
        return to_toml(pipeline)
    for version in versions:
        if version.version == number:
            return version.text
    last = versions[-1].version if versions else 1
    known = "there is only version 1" if last == 1 else f"there are versions 1 to {last}"
    message = f"{pipeline.name} has no version {number}; {known}"
    raise NotFound(message)
