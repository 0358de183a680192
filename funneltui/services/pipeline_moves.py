"""Where deals go when what they stand in is given up: checked, and made into changes through the gates of the new stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.pipeline import StageKind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import BadInput, NotFound, RuleBroken
from funneltui.services.changes import Change
from funneltui.services.fields import settle
from funneltui.services.moves import change_of, entering, gate_for
from funneltui.services.pipeline_difference import named_place
from funneltui.services.together import all_or_none
from funneltui.storage import pipeline_deals
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.services.pipeline_difference import Difference

Given = Mapping[str, "Values"]
"""What is said for the deals that go to a stage, by the stage's key: whatever its gate wants besides the detail."""

NOTHING_GIVEN: Given = {}

_KEPT_ON = ("reason", "reason_note", "follow_up", "follow_up_note", "follow_up_repeat")
"""What a deal that is lost already keeps when its lost stage gives way to another one."""


def demand_moves(wanted: Difference, moves: Moves) -> None:
    """Refuse a change after which a deal would stand nowhere, or moves that make no sense with it.

    Raises:
        RuleBroken: deals stand in what is given up, and `moves` does not say where they go.
        BadInput: a place that is not given up is to be left. NotFound: a place to go to is not there.
    """
    given_up = wanted.given_up
    for place, target in moves.items():
        if place not in given_up and Place(place.stage) not in given_up:
            message = f"{named_place(wanted.old, place)} stays as it is; only deals of what is given up are moved"
            raise BadInput(message)
        stage = wanted.new.stage(target.stage)
        if target.detail and stage.detail(target.detail) is None:
            names = ", ".join(detail.key for detail in stage.details) or "none"
            message = f'there is no detail of {stage.name} "{target.detail}"; choose one of: {names}'
            raise NotFound(message)
        if target == place or (target.stage == place.stage and Place(place.stage) in given_up):
            message = f"deals cannot stay in {named_place(wanted.old, place)}; name another place for them"
            raise BadInput(message)
    if unplaced := wanted.unplaced(moves):
        counted = [(named_place(wanted.old, place), count) for place, count in unplaced.items()]
        told = ", ".join(f"{count} in {name}" for name, count in counted)
        message = f"deals stand in what would be given up ({told}); say where they go"
        raise RuleBroken(message)


def changes_for(context: Context, wanted: Difference, moves: Moves, given: Given = NOTHING_GIVEN) -> list[Change]:
    """Give the changes of the deals that must leave, all or none; `context` has the pipeline as it is to be.

    Each goes through the gate of its new stage; what it lacks there is taken from `given`, what it has it keeps. A deal
    that is lost already keeps its reason and its follow-up in another lost stage. Spam, which no gate asks, follows into a
    stage of the same kind, else into the first of that kind.

    Raises:
        RuleBroken: a gate is shut; the message names the deals and what they lack.
    """
    leaving = pipeline_deals.in_places(context.database, wanted.old.key, wanted.waiting)
    return all_or_none(leaving, lambda deal: _change(context, wanted, deal, _target(moves, deal), given), "moved")


def asked_of_leaving(context: Context, wanted: Difference, place: Place, stage: str) -> tuple[Missing, ...]:
    """Give what to ask before the deals that must leave a place go to a stage (its key) of the pipeline as it is to be.

    Whatever is missing for any of them, each thing once; spam is asked nothing.
    """
    ahead = replace(
        context, pipelines=tuple(wanted.new if one.key == wanted.new.key else one for one in context.pipelines)
    )
    target = wanted.new.stage(stage)
    leaving = [one for one in wanted.waiting if place in (one, Place(one.stage))]
    missing: dict[str, Missing] = {}
    with reading(context.database):
        for deal in pipeline_deals.in_places(context.database, wanted.old.key, leaving):
            if deal.outcome is not Outcome.SPAM:
                kept = _kept_on(deal, target)
                lacking = gate_for(ahead, deal, target).missing
                missing |= {one.field: one for one in lacking if not kept.get(one.field)}
    return tuple(missing.values())


def _target(moves: Moves, deal: Deal) -> Place:
    return moves.get(Place(deal.stage, deal.detail)) or moves[Place(deal.stage)]


def _change(context: Context, wanted: Difference, deal: Deal, target: Place, given: Given) -> Change:
    pipeline = context.pipeline_of(deal.pipeline)
    said = {"note": _why(wanted, deal)}
    if deal.outcome is Outcome.SPAM:
        after = _spam_in(wanted.old, pipeline, deal, target)
    else:
        stage = pipeline.stage(target.stage)
        kept = {"detail": target.detail} | _kept_on(deal, stage)
        after = entering(context, deal, stage, _lacking(context, deal, stage, given) | kept)
    return change_of(context, deal, after, said)


def _lacking(context: Context, deal: Deal, stage: Stage, given: Given) -> Values:
    """Give what is given for a stage and the deal would lack there."""
    said = given.get(stage.key)
    if not said:
        return {}
    missing = {one.field for one in gate_for(context, deal, stage).missing}
    return {name: value for name, value in settle(said).items() if name in missing}


def _why(wanted: Difference, deal: Deal) -> str:
    """Say why a deal had to leave, for its history: "Offered was given up"."""
    stay = next((stage for stage in wanted.new.stages if stage.key == deal.stage), None)
    if stay is None:
        return f"{named_place(wanted.old, Place(deal.stage))} was given up"
    if stay.kind is not wanted.old.stage(deal.stage).kind:
        return f"{stay.name} became {'an open' if stay.is_open else f'a {stay.kind}'} stage"
    return f"{named_place(wanted.old, Place(deal.stage, deal.detail))} was given up"


def _kept_on(deal: Deal, stage: Stage) -> Values:
    if deal.outcome is not Outcome.LOST or stage.kind is not StageKind.LOST:
        return {}
    return {name: getattr(deal, name) for name in _KEPT_ON}


def _spam_in(old: Pipeline, new: Pipeline, deal: Deal, target: Place) -> Deal:
    kind = old.stage(deal.stage).kind
    if new.stage(target.stage).kind is kind:
        return replace(deal, stage=target.stage, detail=target.detail)
    first = next(stage for stage in new.board_order if stage.kind is kind)
    return replace(deal, stage=first.key, detail=None)
