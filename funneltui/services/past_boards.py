"""The board as of a moment: its lanes, tallies and what was due, from the deals as they stood then (G4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.metrics import tallies
from funneltui.services.metrics import Asked
from funneltui.services.past_figures import read, standing_stage
from funneltui.services.reports import BoardAnswer, LaneAnswer
from funneltui.storage import feed
from funneltui.storage.boards import Due, Sort, Window
from funneltui.storage.database import reading
from funneltui.storage.deals import search_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from funneltui.domain.filters import Filter
    from funneltui.domain.funnel import Tally
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context
    from funneltui.services.reports import LaneRequest
    from funneltui.storage.feed import Position


@dataclass(frozen=True, slots=True)
class PastBoard:
    """A pipeline as it stood at a moment, as far as the actor may see it now: replayed once, then shown by windows.

    `lanes` are by the key of the stage; a deal that stood in a stage which is retired by now counts where
    `Pipeline.furthest` puts it.
    """

    pipeline: Pipeline
    point: Point
    lanes: Mapping[str, tuple[Deal, ...]]
    tallies: tuple[Tally, ...]
    position: Position


def past_board(context: Context, pipeline: Pipeline, point: Point, wanted: Filter) -> PastBoard:
    """Give a pipeline as it stood at a moment: of the deals that a filter let through as they stood; see `as_of`."""
    from funneltui.services.as_of import deals_at

    with reading(context.database):
        position = feed.position(context.database)
        ground = read(context, Asked(pipeline, wanted, as_of=point))
        stood = deals_at(context, pipeline, point.moment, wanted)
    lanes: dict[str, list[Deal]] = {stage.key: [] for stage in pipeline.stages}
    for deal in stood:
        key = standing_stage(pipeline, deal.stage)
        if key in lanes and pipeline.stage(key).kind.value == deal.outcome.value:
            lanes[key].append(deal)
    return PastBoard(
        pipeline, point, {key: tuple(some) for key, some in lanes.items()}, tuple(tallies(ground.facts)), position
    )


def shown(
    context: Context, past: PastBoard, lanes: Sequence[LaneRequest], sort: Sort, *, due_days: int, due_limit: int = 60
) -> BoardAnswer:
    """Give what a board shows of it; the days are counted from the day of that moment."""
    today = context.clock.local_day(past.point.moment)
    last = today + timedelta(days=due_days)
    every = sorted(
        (deal.due, deal.number, deal)
        for some in past.lanes.values()
        for deal in some
        if deal.due is not None and deal.due <= last
    )
    overdue, at_once = sum(day < today for day, _, _ in every), sum(day == today for day, _, _ in every)
    due = Due(tuple(deal for _, _, deal in every[:due_limit]), overdue, at_once, len(every) - overdue - at_once)
    answers = tuple(lane(past, one, sort) for one in lanes)
    return BoardAnswer(past.pipeline, answers, past.tallies, due, past.position)


def lane(past: PastBoard, wanted: LaneRequest, sort: Sort) -> LaneAnswer:
    """Give one lane's window, in the order that the lane of now has (`storage.boards`)."""
    some = _in_order(past.lanes[wanted.stage], sort)
    place = next((at for at, deal in enumerate(some) if deal.number == wanted.anchor), None)
    start = wanted.start
    if place is not None and not start <= place < start + wanted.size:
        start = max(0, place - wanted.size // 2)
    return LaneAnswer(wanted.stage, Window(start, tuple(some[start : start + wanted.size])), place)


def _in_order(deals: Iterable[Deal], sort: Sort) -> list[Deal]:
    some = list(deals)
    if sort is Sort.CREATED:
        return sorted(some, key=lambda deal: (deal.created, deal.number), reverse=True)
    if some and some[0].outcome is not Outcome.OPEN and sort in _CLOSED:
        return sorted(some, key=_CLOSED[sort], reverse=True)
    return sorted(some, key=_OPEN[sort])


_OPEN: dict[Sort, Callable[[Deal], Any]] = {
    Sort.DUE: lambda deal: (deal.due, deal.number),
    Sort.AMOUNT: lambda deal: (-(-1 if deal.amount is None else deal.amount), deal.number),
    Sort.TITLE: lambda deal: (search_text(deal), deal.number),
    Sort.AGE: lambda deal: (deal.stage_entered, deal.number),
}
_CLOSED: dict[Sort, Callable[[Deal], Any]] = {
    Sort.DUE: lambda deal: (deal.closed_on, deal.number),
    Sort.AGE: lambda deal: (deal.stage_entered, deal.number),
}
