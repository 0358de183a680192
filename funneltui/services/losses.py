"""The loss report: why, where and whose deals were lost in a period, now or as of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import losses as rules
from funneltui.domain.deal import Outcome
from funneltui.services.metrics import read

if TYPE_CHECKING:
    from funneltui.domain.losses import Losses
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked, Ground


def losses(context: Context, asked: Asked, ground: Ground | None = None) -> Losses:
    """Give the losses among the deals that the actor may see: of the deals lost with a close date in the period.

    The reason stands here, in the deal and in its form, and nowhere else (D4). Spam never counts. `ground` is what was read
    already, of the same that is asked.
    """
    ground = ground or read(context, asked)
    lost = [fact for fact in ground.facts if fact.outcome is Outcome.LOST and fact.closed_on in asked.window]
    return rules.losses(asked.pipeline, lost, rules.lost_from(asked.pipeline, ground.stays), asked.money)
