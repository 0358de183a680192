"""Transfers: deals go from one pipeline to another, through the gate of the stage where they arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_text, fold
from funneltui.errors import RuleBroken
from funneltui.services.changes import Change, commit_all, reachable
from funneltui.services.fields import settle
from funneltui.services.moves import entering, kind_of, refuse_spam
from funneltui.services.people import with_names
from funneltui.services.together import all_or_none
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Pipeline, Reason, Source, Stage
    from funneltui.services.changes import Versions
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_NOTHING: Values = {}


def move_to_pipeline(
    context: Context,
    numbers: Sequence[int],
    pipeline: str,
    stage: str | None = None,
    given: Values = _NOTHING,
    versions: Versions | None = None,
    note: str = "",
) -> list[Deal]:
    """Move deals into another pipeline, all or none, and give them as they stand then.

    `stage` is a key there, the first stage if none is named. Source and reason go over to those of the same key there, else
    of the same name; where there is none the gate demands it, and `given` says it with whatever else is demanded. `note`
    goes into the history. Funnel and reach of each pipeline count the stays in its own stages only; a deal that comes back
    finds its earlier stays again.

    Raises:
        RuleBroken: a gate is shut (`missing` says what it wants), the pipeline is retired, or a deal is there already.
        NotFound, NotAllowed, Conflict, BadInput.
    """
    said = {"note": clean_text(note)} if clean_text(note) else {}
    with writing(context.database):
        joined = context.pipeline_of(pipeline)
        place = joined.stage(stage) if stage else joined.first
        settled = with_names(context, settle(given))
        before = reachable(context, numbers, versions)
        changes = all_or_none(before, lambda deal: _change(context, deal, joined, place, settled, said), "moved")
        return commit_all(context, changes)


def asked_of_all(context: Context, numbers: Sequence[int], pipeline: str, stage: str) -> tuple[Missing, ...]:
    """Give what to ask before all these deals move to a stage (its key) of another pipeline, each thing once.

    Raises:
        RuleBroken: no answer would let a deal pass; see `move_to_pipeline`. NotFound: a deal or the stage is not there.
    """
    missing: dict[str, Missing] = {}
    with reading(context.database):
        joined = context.pipeline_of(pipeline)
        place = joined.stage(stage)
        for deal in reachable(context, numbers):
            try:
                _change(context, deal, joined, place, _NOTHING)
            except RuleBroken as error:
                if not error.missing:
                    raise
                missing |= {one.field: one for one in error.missing}
    return tuple(missing.values())


def _change(
    context: Context, deal: Deal, joined: Pipeline, stage: Stage, given: Values, said: Mapping[str, object] = _NOTHING
) -> Change:
    refuse_spam(deal)
    if joined.is_retired:
        message = f"the pipeline {joined.name} is retired; no deal begins in it"
        raise RuleBroken(message)
    if deal.pipeline == joined.key:
        message = f"it is in {joined.name} already; move it to a stage"
        raise RuleBroken(message)
    left = context.pipeline_of(deal.pipeline)
    source = _same(deal.source, left.source_name(deal.source), joined.sources)
    # No stage of the new pipeline is the one where the deal stands, whatever its key.
    arriving = replace(deal, pipeline=joined.key, stage="", source=source or "", reason=None)
    carried: Values = {}
    if deal.reason and stage.kind is StageKind.LOST:
        reason = _same(deal.reason, left.reason_name(deal.reason), joined.reasons)
        carried = {"reason": reason, "reason_note": deal.reason_note}
    after = entering(context, arriving, stage, carried | given)
    return Change(deal, after, kind_of(replace(deal, stage=""), after), said)


def _same(key: str, name: str, among: Sequence[Source] | Sequence[Reason]) -> str | None:
    """Give the key of the one of the same key, else of the same name, or nothing."""
    if any(one.key == key for one in among):
        return key
    return next((one.key for one in among if fold(one.name) == fold(name)), None)
