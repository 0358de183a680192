"""What changed in a pipeline since a date, since yesterday, since the last review (G4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.funnel import Figure
from funneltui.domain.period_changes import Between, changes_between
from funneltui.domain.replay import standing, was_open_between
from funneltui.domain.text import fold
from funneltui.errors import BadInput
from funneltui.services.as_of import Point, read_beginning, read_point
from funneltui.storage import last_reviews, replays
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event
    from funneltui.domain.period_changes import PeriodChanges
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

LAST_REVIEW = "last review"
"""What is typed for the moment at which the actor finished a review last."""


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What changed in a pipeline between two points in time."""

    pipeline: Pipeline
    since: Point
    until: Point
    changes: PeriodChanges


def read_since(context: Context, text: str) -> Point:
    """Give the point in time that was typed for a beginning: a date is the start of that day; or "last review".

    Raises:
        BadInput: it cannot be read, is still to come, or the actor has never finished a review.
    """
    if " ".join(fold(text).replace("-", " ").split()) != LAST_REVIEW:
        return read_beginning(context, text)
    with reading(context.database):
        at = last_reviews.of(context.database, context.actor.id)
    if at is None:
        message = (
            f"{context.actor.name} has finished no review yet; name a date, or go through `funneltui review` first"
        )
        raise BadInput(message)
    return Point(at)


def changes_since(
    context: Context, since: Point, until: Point | None = None, pipeline: Pipeline | None = None
) -> ChangesSince:
    """Give what changed in a pipeline (the first one, if none is named) between two points in time, the later one now.

    Of the deals that the actor may see now. Two statements: what nothing happened to since is only counted, the rest is
    replayed from its events, as it stood at both. Rules: `domain.period_changes.changes_between`, `domain.replay.standing`.

    Raises:
        BadInput: it ends before it begins.
    """
    chosen = pipeline or context.pipeline
    ends = until or Point(context.clock.now())
    if ends.moment < since.moment:
        message = f"it ends ({ends.text}) before it begins ({since.text}); turn the two round"
        raise BadInput(message)
    scope = context.actor.scope
    with reading(context.database):
        histories = replays.changed_since(context.database, scope, since.moment)
        unchanged = replays.open_sums_unchanged_since(context.database, scope, since.moment, chosen.key)
    pipelines = {one.key: one for one in context.pipelines}
    pairs = []
    for events in histories.values():
        before, after = (_deal_at(events, point, pipelines) for point in (since, ends))
        if before is not None or after is not None:
            was_open = was_open_between(events, since.moment, ends.moment, chosen.key)
            pairs.append(Between(before, after, was_open))
    found = changes_between(chosen, pairs, {code: Figure(*sums) for code, sums in unchanged.items()})
    return ChangesSince(chosen, since, ends, found)


def _deal_at(events: Sequence[Event], point: Point, pipelines: Mapping[str, Pipeline]) -> Deal | None:
    stood = standing(events, point.moment, pipelines)
    return None if stood is None else stood.deal


def changes_typed(
    context: Context, since: str, until: str | None = None, pipeline: Pipeline | None = None
) -> ChangesSince:
    """Give the same for two points in time as they were typed; see `read_since` and `as_of.read_point`."""
    return changes_since(context, read_since(context, since), read_point(context, until) if until else None, pipeline)
