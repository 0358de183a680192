"""What the board, the today list and the funnel show; every reader bound to what the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain import funnel
from funneltui.domain.funnel import Mode
from funneltui.domain.inbox import EntryState
from funneltui.services.stage_chances import stage_chances
from funneltui.storage import boards, feed, inbox
from funneltui.storage.boards import Due, Sort, Window
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING, Condition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.funnel import Funnel, Tally
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position


def funnel_of(
    context: Context, pipeline: Pipeline, mode: Mode, condition: Condition = EVERYTHING, currency: str | None = None
) -> Funnel:
    """Give the funnel of a pipeline as the actor sees it, of the deals of a condition if one is given.

    Its weighted sums and chances go by the history of all deals of the pipeline (B7), whoever asks, whatever the condition.
    """
    with reading(context.database):
        scope = context.actor.scope
        rows = boards.tallies(context.database, scope, pipeline.key, condition)
        is_part = scope is not None or bool(condition.sql)
        chances = stage_chances(context, pipeline) if is_part else funnel.chances_of(pipeline, rows)
        entered = None
        if mode is Mode.ENTERED:
            entered = boards.entered_counts(context.database, scope, pipeline.key, condition)
    return funnel.compute(pipeline, rows, mode, entered, currency, chances)


class Why(StrEnum):
    """How a due date lies to today."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"


class DueKind(StrEnum):
    """Which of a deal's dates is due."""

    FOLLOW_UP = "follow_up"
    EXPECTED_CLOSE = "expected_close"


@dataclass(frozen=True, slots=True)
class DueDeal:
    """A deal that wants attention on `due`; `days` from today, negative when late."""

    deal: Deal
    due: date
    why: Why
    kind: DueKind
    days: int


def due_deal(deal: Deal, today: date) -> DueDeal:
    """Say why a deal with a due date wants attention. Rule: the follow-up date, else the expected close (F2)."""
    day = deal.due
    if day is None:
        message = f"deal {deal.number} has no due date"
        raise ValueError(message)
    why = Why.OVERDUE if day < today else Why.TODAY if day == today else Why.SOON
    kind = DueKind.FOLLOW_UP if deal.follow_up else DueKind.EXPECTED_CLOSE
    return DueDeal(deal, day, why, kind, (day - today).days)


def today(context: Context, days: int = 7, limit: int | None = None) -> list[DueDeal]:
    """Give what is overdue, due today, or due within `days`, the oldest date first; of every pipeline."""
    now = context.clock.today()
    everywhere = [pipeline.key for pipeline in context.pipelines]
    with reading(context.database):
        found = boards.due(context.database, context.actor.scope, everywhere, now, days, limit)
    return [due_deal(deal, now) for deal in found.deals]


@dataclass(frozen=True, slots=True)
class LaneRequest:
    """What a board wants of one lane: `size` deals from `start` on, or around the deal `anchor` if it stands there."""

    stage: str
    start: int
    size: int
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class LaneAnswer:
    """A lane's window, and the place of the anchor in the lane if it stands there."""

    stage: str
    window: Window
    anchor_place: int | None


@dataclass(frozen=True, slots=True)
class BoardAnswer:
    """One moment of a board: the lanes asked for, the tallies behind totals and funnels, what is due, the feed's place.

    `waiting` is how many entries of the inbox wait for the actor.
    """

    pipeline: Pipeline
    lanes: tuple[LaneAnswer, ...]
    tallies: tuple[Tally, ...]
    due: Due
    position: Position
    waiting: int = 0


def board(
    context: Context,
    pipeline: Pipeline,
    lanes: Sequence[LaneRequest],
    sort: Sort = Sort.DUE,
    condition: Condition = EVERYTHING,
    due_limit: int = 60,
    due_days: int = 7,
) -> BoardAnswer:
    """Give what a board shows, as of one moment, in a fixed number of statements; what is due within `due_days`."""
    scope, database = context.actor.scope, context.database
    with reading(database):
        position = feed.position(database)
        answers = tuple(_lane(context, pipeline, lane, sort, condition) for lane in lanes)
        rows = tuple(boards.tallies(database, scope, pipeline.key, condition))
        today = context.clock.today()
        due = boards.due(database, scope, [pipeline.key], today, due_days, due_limit, condition)
        waiting = inbox.count(database, scope, EntryState.WAITING)
    return BoardAnswer(pipeline, answers, rows, due, position, waiting)


def lane_window(
    context: Context,
    pipeline: Pipeline,
    lane: LaneRequest,
    sort: Sort = Sort.DUE,
    condition: Condition = EVERYTHING,
) -> LaneAnswer:
    """Give one lane's window: for scrolling."""
    with reading(context.database):
        return _lane(context, pipeline, lane, sort, condition)


def lane_versions(
    context: Context, pipeline: Pipeline, stage: str, condition: Condition = EVERYTHING
) -> dict[int, int]:
    """Give the versions of all deals of a lane by number: what marking the whole lane marks."""
    with reading(context.database):
        return boards.versions(context.database, context.actor.scope, pipeline.key, pipeline.stage(stage), condition)


def _lane(context: Context, pipeline: Pipeline, lane: LaneRequest, sort: Sort, condition: Condition) -> LaneAnswer:
    database, scope, stage = context.database, context.actor.scope, pipeline.stage(lane.stage)
    place = None
    start = lane.start
    if lane.anchor is not None:
        place = boards.place_of(database, scope, pipeline.key, stage, lane.anchor, sort, condition)
        if place is not None and not start <= place < start + lane.size:
            start = max(0, place - lane.size // 2)
    window = boards.window(database, scope, pipeline.key, stage, start, lane.size, sort, condition)
    return LaneAnswer(lane.stage, window, place)


def changed_since(context: Context, last: Position) -> Position | None:
    """Give the feed's new place when another process changed something since `last`, else none; cheap."""
    return feed.moved_on(context.database, last)
