"""What any definition of a pipeline must be, wherever it comes from; of a file `exchange` tells it with its lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.text import clean_line, clean_text, cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence


def whole(pipeline: Pipeline) -> Pipeline:
    """Give a definition with every text cleaned, if it is one that a pipeline can have.

    Raises:
        BadInput: a kind of stage, a reason or a source is missing, two of a list share a key or a name, a number is out of
            its bounds, or a stage demands what there is not.
    """
    cleaned = _cleaned(pipeline)
    if not cleaned.name:
        message = "a pipeline needs a name"
        raise BadInput(message)
    for kind in StageKind:
        if not any(stage.kind is kind for stage in cleaned.stages):
            message = f"there is no {kind} stage; a pipeline has at least one open, one won and one lost stage"
            raise BadInput(message)
    for what, some in (("reason", cleaned.reasons), ("source", cleaned.sources)):
        if not some:
            message = f"there is no {what}; a pipeline has at least one"
            raise BadInput(message)
    _demand_own_names("stage", cleaned.stages)
    _demand_own_names("reason", cleaned.reasons)
    _demand_own_names("source", cleaned.sources)
    for stage in cleaned.stages:
        _demand_possible(stage)
    return cleaned


def _cleaned(pipeline: Pipeline) -> Pipeline:
    stages = tuple(
        replace(
            stage, name=clean_line(stage.name), question=clean_line(stage.question), guidance=clean_text(stage.guidance),
            entry=clean_text(stage.entry), details=tuple(Detail(one.key, clean_line(one.name)) for one in stage.details),
        )
        for stage in pipeline.stages
    )  # fmt: skip
    reasons = tuple(Reason(one.key, clean_line(one.name)) for one in pipeline.reasons)
    sources = tuple(Source(one.key, clean_line(one.name)) for one in pipeline.sources)
    return replace(pipeline, name=clean_line(pipeline.name), stages=stages, reasons=reasons, sources=sources)


def _demand_own_names(what: str, some: Sequence[Stage | Detail | Reason | Source]) -> None:
    seen: set[str] = set()
    for one in some:
        if not one.key or not one.name:
            message = f"a {what} has no {'name' if one.key else 'key'}"
            raise BadInput(message)
        words = (f'key "{one.key}"', f'name "{one.name}"')
        if twice := [word for word in words if word.casefold() in seen]:
            message = f"another {what} has the {twice[0]} already; each needs its own"
            raise BadInput(message)
        seen |= {word.casefold() for word in words}


def _demand_possible(stage: Stage) -> None:
    _demand_own_names(f"detail of {stage.name}", stage.details)
    if "detail" in stage.demands and not stage.details:
        message = f"{stage.name} demands a detail but has none to choose from"
        raise BadInput(message)
    if unknown := [name for name in stage.demands if name not in FIELD_LABELS]:
        message = f'{stage.name} demands an unknown field "{cut(unknown[0])}"; choose from: {", ".join(FIELD_LABELS)}'
        raise BadInput(message)
    if not 0 <= (stage.probability or 0) <= 100:
        message = f"{stage.name}: {stage.probability} is no probability; it runs from 0 to 100 percent"
        raise BadInput(message)
    if min(stage.rot_days, stage.follow_up_days, stage.wip_limit) < 0:
        message = f"{stage.name}: days and limits are whole numbers from 0 on"
        raise BadInput(message)
