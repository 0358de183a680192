"""Time travel: the deals as they stood at any moment (G4), those that the actor may see now, filtered as they stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from funneltui.domain.dates import parse_date, parse_moment
from funneltui.domain.deal import Outcome
from funneltui.domain.filter_match import Matcher
from funneltui.domain.filters import EMPTY
from funneltui.domain.replay import Standing, standing
from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.storage import deals as stored
from funneltui.storage import replays
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING, Condition

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.filters import Filter
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_INSTANT = timedelta(microseconds=1)
_TIME_OF_DAY = re.compile(r"[0-9]:[0-9]")
_HAS_ZONE = re.compile(r"(?:z|utc|[+-][0-9]{2}(?::?[0-9]{2})?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time that was asked for: the moment, and the day if a day was typed and no time."""

    moment: datetime
    day: date | None = None

    @property
    def text(self) -> str:
        """It as a machine reads it: an ISO date, or an ISO moment in UTC."""
        return self.day.isoformat() if self.day else self.moment.isoformat()


def read_point(context: Context, text: str) -> Point:
    """Give the point in time that was typed: a date means the end of that day, today means now.

    Dates are read as those of the past ("fri" is the last one); a time of day without a zone is the user's own.

    Raises:
        BadInput: it cannot be read, or it is still to come.
    """
    point = _read(context, text, begins=False)
    return Point(context.clock.now(), point.day) if point.day == context.clock.today() else point


def read_beginning(context: Context, text: str) -> Point:
    """Give the point in time that was typed as a beginning: a date means the start of that day; see `read_point`."""
    return _read(context, text, begins=True)


def _read(context: Context, text: str, *, begins: bool) -> Point:
    clock = context.clock
    if _TIME_OF_DAY.search(text):
        moment = parse_moment(text, context.order)
        if isinstance(moment, datetime):
            if not _HAS_ZONE.search(text):
                moment = _in_utc(moment.replace(tzinfo=clock.zone))
            _demand_past(moment <= clock.now(), text)
            return Point(moment)
    day = parse_date(text, clock.today(), context.order, past=True)
    _demand_past(day <= clock.today(), text)
    return Point(before_day(context, day) if begins else before_day(context, day + timedelta(days=1)), day)


def _demand_past(is_past: bool, text: str) -> None:
    if not is_past:
        message = f'"{cut(text)}" is still to come; name a date or a moment of the past'
        raise BadInput(message)


def before_day(context: Context, day: date) -> datetime:
    """Give the last moment before a day begins in the user's zone."""
    return _in_utc(datetime.combine(day, time.min, tzinfo=context.clock.zone)) - _INSTANT


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def deals_at(
    context: Context, pipeline: Pipeline | None, moment: datetime, wanted: Filter = EMPTY, *, with_spam: bool = False
) -> list[Deal]:
    """Give the deals as they stood at a moment, by number: of a pipeline or of all, without spam unless it is wanted.

    A filter is asked of them as they stood: what is overdue was so on that day. Only deals that the actor may see now. In
    two statements: what nothing happened to since stands as it is stored, the rest is replayed from its events. A deal that
    stood in a stage which was retired since still names it; see `Pipeline.furthest` for what that counts as. Rules:
    `domain.replay.standing`.
    """
    there = Condition("d.pipeline = ?", (pipeline.key,)) if pipeline else EVERYTHING
    asked = there & condition_at(context, moment, wanted) & replays.unchanged_since(moment)
    with reading(context.database):
        changed = changed_at(context, moment, pipeline, wanted)
        unchanged = stored.select(context.database, asked & stored.within(context.actor.scope))
    found = [*unchanged, *(one.deal for one in changed)]
    return sorted(
        (deal for deal in found if with_spam or deal.outcome is not Outcome.SPAM), key=lambda deal: deal.number
    )


def changed_at(
    context: Context, moment: datetime, pipeline: Pipeline | None = None, wanted: Filter = EMPTY
) -> list[Standing]:
    """Give of the deals that something happened to after a moment those that were there, as they stood with their stays.

    Spam is among them. See `deals_at` for the rest.
    """
    with reading(context.database):
        histories = replays.changed_since(context.database, context.actor.scope, moment)
    pipelines, clock = {one.key: one for one in context.pipelines}, context.clock
    matcher = Matcher(context.actor.name, clock.local_day(moment), clock.zone, context.pipelines, stored.search_text)
    lets_through = matcher.of(wanted)
    found = []
    for events in histories.values():
        stood = standing(events, moment, pipelines)
        if stood is not None and (pipeline is None or stood.deal.pipeline == pipeline.key) and lets_through(stood):
            found.append(stood)
    return found


def condition_at(context: Context, moment: datetime, wanted: Filter) -> Condition:
    """Give the condition of a filter as of a moment: right for deals to which nothing happened after it."""
    from funneltui.storage.filtering import condition

    today, zone = context.clock.local_day(moment), context.clock.zone
    return condition(wanted, actor_id=context.actor.id, today=today, zone=zone, pipelines=context.pipelines)
