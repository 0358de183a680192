"""The loss report: why, where and whose deals were lost in a period, now or as of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import losses as rules
from funneltui.domain.deal import Outcome
from funneltui.domain.losses import Lost
from funneltui.services.metrics import deals_now
from funneltui.services.past_figures import read
from funneltui.storage.collecting import no_collection
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from funneltui.domain.losses import Losses
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked


@no_collection()
def losses(context: Context, asked: Asked) -> Losses:
    """Give the losses among the deals that the actor may see: of the deals lost with a close date in the period.

    The reason stands here, in the deal and in its form, and nowhere else (D4). Spam never counts.
    """
    pipeline = asked.pipeline
    if asked.as_of is None:
        with reading(context.database):
            lost, stays = deals_now(context, asked).lost(asked.window)
    else:
        past = read(context, asked)
        lost = [
            Lost(fact.number, fact.reason, fact.owner, fact.source, fact.currency, fact.amount)
            for fact in past.facts
            if fact.outcome is Outcome.LOST and fact.closed_on in asked.window
        ]
        stays = [(stay.deal, stay.stage) for stay in past.stays]
    return rules.losses(pipeline, lost, rules.lost_from(pipeline, stays), asked.money)
