"""The review: which deals want an answer and why, one after another, each with its history at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.dates import parse_date
from funneltui.domain.deal import Deal, is_rotting
from funneltui.domain.history import EventKind
from funneltui.services import deals
from funneltui.services.changes import Versions, reachable
from funneltui.storage import deals as stored
from funneltui.storage import feed, history, review_queue
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from funneltui.domain.history import Event
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position


class Why(StrEnum):
    """Why a deal wants an answer, in the order of the review."""

    OVERDUE = "overdue"
    TODAY = "today"
    CLOSE_PASSED = "close_passed"
    ROTTING = "rotting"
    NO_NEXT_STEP = "no_next_step"


WORDS = {
    Why.OVERDUE: "overdue",
    Why.TODAY: "today",
    Why.CLOSE_PASSED: "close passed",
    Why.ROTTING: "rotting",
    Why.NO_NEXT_STEP: "no next step",
}
"""What a count of such deals is called."""

MARKS = {Why.OVERDUE: "!", Why.TODAY: "•", Why.CLOSE_PASSED: "»", Why.ROTTING: "~", Why.NO_NEXT_STEP: "?"}
"""The signs, those of the cards and one for an expected close that has passed: state is never colour alone."""


class Snooze(StrEnum):
    """How far a follow-up is put off by one key, as a date is typed."""

    TOMORROW = "tomorrow"
    THREE_DAYS = "+3d"
    NEXT_WEEK = "next week"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the queue: the deal's number, and why it is there."""

    number: int
    whys: frozenset[Why]

    @property
    def first(self) -> Why:
        """The why that counts most: by it the deal is placed, and counted once."""
        return first_of(self.whys)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A deal in the queue, and why it is there."""

    deal: Deal
    whys: frozenset[Why]


@dataclass(frozen=True, slots=True)
class Looked:
    """A deal as it stands at the moment, and its latest events, the newest first; `position` is the feed's place then."""

    item: ReviewItem
    events: tuple[Event, ...]
    position: Position


def first_of(whys: Iterable[Why]) -> Why:
    """Give the why that comes first in the order of the review."""
    there = set(whys)
    return next(why for why in Why if why in there)


def whys_of(context: Context, deal: Deal) -> frozenset[Why]:
    """Tell why a deal wants an answer; nothing when it wants none.

    Rules: overdue and today by the due date (the follow-up, else the expected close: F2), as on the cards and in the today
    list; an expected close before today; "Rotting" of the definitions; an open deal without a follow-up.
    """
    today = context.clock.today()
    stage = next((one for one in context.pipeline_of(deal.pipeline).stages if one.key == deal.stage), None)
    due = deal.due
    holds = {
        Why.OVERDUE: due is not None and due < today,
        Why.TODAY: due == today,
        Why.CLOSE_PASSED: deal.is_open and deal.expected_close < today,
        Why.ROTTING: stage is not None and is_rotting(deal, stage, context.clock.local_day(deal.touched), today),
        Why.NO_NEXT_STEP: deal.is_open and deal.follow_up is None,
    }
    return frozenset(why for why, so in holds.items() if so)


def places(context: Context, pipeline: Pipeline | None = None) -> tuple[Place, ...]:
    """Give the whole queue of what the actor may see, of one pipeline or of all, as numbers: no deal is loaded.

    In the order overdue, today, expected close passed, rotting, no next step; each deal once; the oldest date first.
    """
    among = (pipeline,) if pipeline else context.pipelines
    scope, clock = context.actor.scope, context.clock
    with reading(context.database):
        rows = review_queue.waiting(context.database, scope, context.actor.id, among, clock.today(), clock.zone)
    every = tuple(Why)
    return tuple(
        Place(number, frozenset(why for why, so in zip(every, signs, strict=True) if so)) for number, signs in rows
    )


def queue(context: Context, pipeline: Pipeline | None = None, limit: int | None = None) -> tuple[ReviewItem, ...]:
    """Give the deals of the queue, or the first `limit` of them, in its order; see `places`."""
    with reading(context.database):
        wanted = places(context, pipeline)[:limit]
        found = stored.load(context.database, context.actor.scope, [place.number for place in wanted])
    return tuple(ReviewItem(found[place.number], place.whys) for place in wanted if place.number in found)


def counts(waiting: Iterable[Place]) -> dict[Why, int]:
    """Give how many places there are by their first why, in the order of the review; those without any are left out."""
    found = Counter(place.first for place in waiting)
    return {why: found[why] for why in Why if found[why]}


def look(context: Context, number: int, lines: int = 40) -> Looked:
    """Give a deal with its latest events, without those that were undone since, in a fixed number of statements.

    Raises:
        NotFound: it is gone, or not the actor's any more.
    """
    with reading(context.database):
        position = feed.position(context.database)
        deal = reachable(context, [number])[0]
        found = history.latest_events(context.database, context.actor.scope, number, lines)
    turns = (EventKind.UNDONE, EventKind.REDONE)
    events = tuple(event for event, undone in found if not undone and event.kind not in turns)
    return Looked(ReviewItem(deal, whys_of(context, deal)), events, position)


def snooze_day(context: Context, until: Snooze) -> date:
    """Give the day to which a follow-up is put off; by the grammar of typed dates."""
    return parse_date(until.value, context.clock.today(), context.order)


def snooze(context: Context, number: int, until: Snooze, versions: Versions | None = None) -> Deal:
    """Put a deal's follow-up off, its words as they were; see `deals.edit`."""
    return deals.edit(context, number, {"follow_up": snooze_day(context, until)}, versions=versions)


def in_words(context: Context, item: ReviewItem) -> list[tuple[Why, str]]:
    """Say why a deal wants an answer, with its days: "follow-up 3 d late", "untouched for 14 d", "no next step"."""
    deal, today = item.deal, context.clock.today()
    told: list[tuple[Why, str]] = []
    which = "follow-up" if deal.follow_up else "expected close"
    for why in Why:
        if why not in item.whys:
            continue
        if why is Why.OVERDUE and deal.due:
            told.append((why, f"{which} {(today - deal.due).days} d late"))
        elif why is Why.TODAY:
            told.append((why, f"{which} today"))
        elif why is Why.CLOSE_PASSED and deal.follow_up:  # else it is said as overdue
            told.append((why, f"expected close {(today - deal.expected_close).days} d ago"))
        elif why is Why.ROTTING:
            told.append((why, f"untouched for {(today - context.clock.local_day(deal.touched)).days} d"))
        elif why is Why.NO_NEXT_STEP:
            told.append((why, "no next step"))
    return told


def in_short(context: Context, item: ReviewItem) -> str:
    """Say the first why in few words, for a column beside its sign: "3 d late", "untouched 14 d"."""
    deal, today = item.deal, context.clock.today()
    first = first_of(item.whys)
    if first is Why.OVERDUE and deal.due:
        late = f"{(today - deal.due).days} d late"
        return late if deal.follow_up else f"close {late}"
    if first is Why.CLOSE_PASSED:
        return f"close {(today - deal.expected_close).days} d ago"
    if first is Why.ROTTING:
        return f"untouched {(today - context.clock.local_day(deal.touched)).days} d"
    return WORDS[first]


def in_counts(found: dict[Why, int]) -> str:
    """Say counts in a line: "3 overdue, 2 today"."""
    return ", ".join(f"{n:,} {WORDS[why]}" for why, n in found.items())
