"""Where deals go when a stage or detail is given up, as it is typed: OLD=NEW[:DETAIL]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.pipeline_changes import Place
from funneltui.domain.text import cut
from funneltui.errors import BadInput, NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.pipeline_difference import Difference


def read_moves(wanted: Difference, typed: Sequence[str]) -> Moves:
    """Give the moves that were typed, by keys or names: stage=stage, stage=stage:detail, stage:detail=detail.

    Raises:
        BadInput: one is not written so, or a place is named twice. NotFound: there is no such stage or detail.
    """
    moves: Moves = {}
    for text in typed:
        old, sign, new = text.partition("=")
        if not (sign and old.strip() and new.strip()):
            message = f'can\'t read "{cut(text)}" as a move; write OLD=NEW or OLD=NEW:DETAIL'
            raise BadInput(message)
        place = _left(wanted.old, old)
        if place in moves:
            message = f'"{cut(old)}" is moved twice; name one place for its deals'
            raise BadInput(message)
        moves[place] = read_target(wanted.new, place, new)
    return moves


def _left(old: Pipeline, text: str) -> Place:
    """Give the place that deals leave: a stage, STAGE:DETAIL, or a detail that one stage only has."""
    try:
        return _place(old, text)
    except NotFound:
        owners = [stage for stage in old.stages if stage.detail(text.strip())]
        if len(owners) != 1:
            raise
        return Place(owners[0].key, text.strip())


def read_target(new: Pipeline, place: Place, text: str) -> Place:
    """Give the place where the deals of another one go: STAGE, STAGE:DETAIL, or of a detail another of its stage.

    Raises:
        NotFound: there is no such stage or detail.
    """
    stage = next((one for one in new.stages if one.key == place.stage), None)
    if place.detail and stage is not None and ":" not in text:
        named = [one for one in stage.details if text.strip().casefold() in (one.key.casefold(), one.name.casefold())]
        if named:
            return Place(stage.key, named[0].key)
    return _place(new, text)


def _place(pipeline: Pipeline, text: str) -> Place:
    named, _, detail = text.partition(":")
    stage = pipeline.find_stage(named)
    return Place(stage.key, pipeline.find_detail(stage, detail).key if detail.strip() else None)


def with_hint(error: RuleBroken, wanted: Difference, moves: Moves) -> RuleBroken:
    """Give a refusal with the options that would say where the deals go, if that is what it is about."""
    unplaced = wanted.unplaced(moves)
    if not unplaced:
        return error
    left = (f"{place.stage}:{place.detail}" if place.detail else place.stage for place in unplaced)
    options = " ".join(f"--move {typed}=STAGE[:DETAIL]" for typed in left)
    return RuleBroken(f"{error}\nsay it with: {options}", error.missing)
