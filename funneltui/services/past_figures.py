"""What the figures of a moment of the past are computed from: the deals as they stood then, and their stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome, is_rotting
from funneltui.domain.metrics import Fact, Stay
from funneltui.services.as_of import changed_at, condition_at
from funneltui.storage import metrics as stored
from funneltui.storage import replays
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.replay import Standing
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked


@dataclass(frozen=True, slots=True)
class PastGround:
    """The deals of a moment, spam left out, their stays that had ended, the stages that they had visited, and its day."""

    facts: tuple[Fact, ...]
    stays: tuple[Stay, ...]
    visited: Mapping[int, Iterable[str]]
    today: date


def read(
    context: Context, asked: Asked, *, with_company: bool = False, with_visits: bool = False, with_stays: bool = True
) -> PastGround:
    """Give the deals of the moment that is asked of, or of now; companies with tags, visits and stays only if wanted.

    What nothing happened to since stands as it is stored, the rest is replayed from its events.
    """
    moment = asked.as_of.moment if asked.as_of else context.clock.now()
    scope, database, pipeline = context.actor.scope, context.database, asked.pipeline
    today, zone = context.clock.local_day(moment), context.clock.zone
    asked_for = condition_at(context, moment, asked.wanted)
    unchanged = replays.unchanged_since(moment)
    with reading(database):
        facts = stored.facts(database, scope, pipeline, today, zone, asked_for, unchanged, wide=with_company)
        stays = stored.stays(database, scope, pipeline, zone, asked_for, unchanged) if with_stays else []
        visited = stored.visited(database, scope, pipeline, asked_for, unchanged) if with_visits else {}
        changed = changed_at(context, moment, pipeline, asked.wanted)
    local_day = context.clock.local_day
    for one in changed:
        if one.deal.outcome is not Outcome.SPAM:
            facts.append(_fact(one, pipeline, today, local_day))
            visited[one.deal.number] = set(one.visited)
            stays += [
                Stay(stay.deal, stay.stage, local_day(stay.left), stay.seconds or 0)
                for stay in one.stays
                if stay.left is not None and stay.pipeline is None
            ]
    return PastGround(tuple(facts), tuple(stays), visited, today)


def _fact(one: Standing, pipeline: Pipeline, today: date, local_day: Callable[..., date]) -> Fact:
    deal = one.deal
    stage = next((each for each in pipeline.stages if each.key == deal.stage), None)
    return Fact(
        deal.number, deal.outcome, standing_stage(pipeline, deal.stage), deal.reach, deal.currency, deal.amount,
        deal.probability, local_day(deal.created), deal.closed_on, local_day(deal.stage_entered), deal.owner, deal.source,
        deal.reason, stage is not None and is_rotting(deal, stage, local_day(deal.touched), today), deal.company,
        " ".join(deal.tags),
    )  # fmt: skip


def standing_stage(pipeline: Pipeline, key: str) -> str:
    """Give where a deal counts that stood in a stage which is there no longer: by `Pipeline.furthest`, as its visits do."""
    there = any(stage.key == key for stage in pipeline.stages)
    return key if there else pipeline.furthest([pipeline.first.key, key]) or key
