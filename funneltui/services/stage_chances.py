"""The chance to win from each stage as a pipeline's whole history teaches it: one for funnels, stats and forecasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain import funnel
from funneltui.domain.forecast_sums import tally_of
from funneltui.domain.history import Role
from funneltui.storage import boards
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Deal
    from funneltui.domain.funnel import Chance
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context


def stage_chances(
    context: Context, pipeline: Pipeline, point: Point | None = None, stood: Iterable[Deal] | None = None
) -> dict[str, Chance]:
    """Give the chance to win from each open stage, as of a moment if one is given: what that moment knew.

    They are learned from everybody's deals, a rep's too, whatever filter or period is looked at (B7): a rate is no deal, and
    the chance of a deal is the same whoever asks (see `services.chances`). `stood` are deals as they stood at the moment, of
    this pipeline and others, all that the actor may see, if they have been read already. Rule: `domain.funnel.chances_of`.
    """
    if point is None:
        with reading(context.database):
            return funnel.chances_of(pipeline, boards.tallies(context.database, None, pipeline.key))
    if stood is None or context.actor.scope is not None:
        from funneltui.services.as_of import deals_at

        everybody = replace(context, actor=replace(context.actor, role=Role.MANAGER))
        stood = deals_at(everybody, pipeline, point.moment)
    return funnel.chances_of(pipeline, [tally_of(deal) for deal in stood if deal.pipeline == pipeline.key])
