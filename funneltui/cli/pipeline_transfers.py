"""Deals that a command moves to another pipeline: what was typed is read as the stage there would take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.typed import versions_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


def transfer(
    context: Context, numbers: Sequence[int], pipeline: str, stage: str, texts: Mapping[str, str], note: str
) -> list[Deal]:
    """Move deals to a stage of another pipeline, both by key or name, and give them as they stand then.

    Details, sources and reasons that were typed are those of that pipeline; an amount is read in the first deal's currency.

    Raises:
        RuleBroken: a gate is shut, or a deal is there already. NotFound, NotAllowed, Conflict, BadInput.
    """
    from funneltui.services import deals, fields, transfers

    joined = context.pipeline_of(pipeline)
    place = joined.find_stage(stage)
    first = deals.several(context, numbers)[0]
    given = fields.read(context, texts, joined, place, first)
    versions = versions_for({"amount": ""} if "amount" in texts else {}, first)
    return transfers.move_to_pipeline(context, numbers, joined.key, place.key, given, versions, note)
