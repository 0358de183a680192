"""The summary of a day's review: what the actor did today and what wants an answer still, as text for mail or chat."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from funneltui.domain import dates, event_words, money
from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind
from funneltui.domain.text import clean_line
from funneltui.services import reviews
from funneltui.services.reviews import MARKS, Place
from funneltui.storage import deals as stored
from funneltui.storage import last_reviews, review_queue
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

WIDTH = 72
"""The most columns of a summary: quoted in a mail it still fits 80."""

_SHOWN = 8
"""How many deals are named under each heading; the others are counted."""


class Did(StrEnum):
    """What one can have done to a deal, in the order of the summary."""

    WON = "won"
    LOST = "lost"
    MOVED = "moved"
    FOLLOWED_UP = "follow-ups done"
    FOLLOW_UP_SET = "follow-ups set"
    CONTACTED = "contacts"
    NOTED = "notes"


_DID = {
    EventKind.WON: Did.WON,
    EventKind.LOST: Did.LOST,
    EventKind.MOVED: Did.MOVED,
    EventKind.REOPENED: Did.MOVED,
    EventKind.FOLLOWED_UP: Did.FOLLOWED_UP,
    EventKind.CONTACTED: Did.CONTACTED,
    EventKind.NOTED: Did.NOTED,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a deal today: the latest event of its kind."""

    deal: Deal
    event: Event


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done today, by kind and each deal once a kind; what is waiting still; and both as text."""

    day: date
    who: str
    done: dict[Did, tuple[Deed, ...]] = field(default_factory=dict)
    waiting: tuple[Place, ...] = ()
    text: str = ""


def summary(context: Context, pipeline: Pipeline | None = None) -> Summary:
    """Give what the actor did today and has not undone, and what is waiting still; of one pipeline or of all.

    Done counts as it stands: a deal that was won and reopened since is not won. Only deals that the actor may see. The text
    is plain, at most `WIDTH` columns wide; the rejection reason is not in it (D4).
    """
    today = context.clock.today()
    with reading(context.database):
        since = datetime.combine(today, time.min, tzinfo=context.clock.zone).astimezone(UTC)
        events = review_queue.done_since(context.database, context.actor.id, since)
        waiting = reviews.places(context, pipeline)
        first = [place.number for place in waiting[:_SHOWN]]
        numbers = dict.fromkeys([*(event.deal for event in events), *first])
        found = stored.load(context.database, context.actor.scope, list(numbers))
    if pipeline:
        found = {number: deal for number, deal in found.items() if deal.pipeline == pipeline.key}
    done = _by_kind(events, found)
    items = [reviews.ReviewItem(found[place.number], place.whys) for place in waiting[:_SHOWN] if place.number in found]
    text = _text(context, done, waiting, items)
    return Summary(today, context.actor.name, done, waiting, text)


def finish(context: Context, pipeline: Pipeline | None = None) -> Summary:
    """Give the summary with which a review ends, and note that the actor has finished it: now is his last review.

    What has changed since then is told by `changes_since`; see `summary` for the rest.
    """
    with writing(context.database):
        last_reviews.note(context.database, context.actor.id, context.clock.now())
    return summary(context, pipeline)


def _by_kind(events: Sequence[Event], found: dict[int, Deal]) -> dict[Did, tuple[Deed, ...]]:
    by_kind: dict[Did, dict[int, Deed]] = {did: {} for did in Did}
    for event in events:
        deal = found.get(event.deal)
        kind = _kind(event)
        if deal is None or kind is None:
            continue
        if kind in (Did.WON, Did.LOST) and deal.outcome is not Outcome(kind.value):
            continue
        by_kind[kind].pop(deal.number, None)
        by_kind[kind][deal.number] = Deed(deal, event)
    return {did: tuple(deeds.values()) for did, deeds in by_kind.items() if deeds}


def _kind(event: Event) -> Did | None:
    if event.kind is EventKind.EDITED:
        return Did.FOLLOW_UP_SET if event.data.get("after", {}).get("follow_up") else None
    return _DID.get(event.kind)


def _text(
    context: Context, done: dict[Did, tuple[Deed, ...]], waiting: Sequence[Place], items: Sequence[reviews.ReviewItem]
) -> str:
    today = context.clock.today()
    lines = [_fit(f"Review of {dates.full(today)}, {context.actor.name}"), ""]
    for did, deeds in done.items():
        lines.append(_fit(f"{did.value.capitalize()}: {len(deeds):,}{_worth(did, deeds)}"))
        lines += [_line(_head(deed.deal), _said(context, did, deed)) for deed in deeds[:_SHOWN]]
        lines += _more(len(deeds))
    if not done:
        lines.append("Nothing done yet today.")
    lines.append("")
    if not waiting:
        return "\n".join([*lines, "Nothing is waiting."])
    lines.append(f"Still waiting: {len(waiting):,}")
    counted = reviews.in_counts(reviews.counts(waiting))
    lines += textwrap.wrap(counted, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for item in items:
        whys = reviews.in_words(context, item)
        lines.append(_line(f"  {MARKS[reviews.first_of(item.whys)]} #{item.deal.number} {item.deal.title}", whys[0][1]))
    return "\n".join([*lines, *_more(len(waiting))])


def _head(deal: Deal) -> str:
    return f"  #{deal.number} {deal.title}"


def _more(n: int) -> list[str]:
    return [f"  and {n - _SHOWN:,} more"] if n > _SHOWN else []


def _worth(did: Did, deeds: Sequence[Deed]) -> str:
    """Give what the won deals are worth; unlike currencies are never added up."""
    sums: dict[str, int] = {}
    for deed in deeds if did is Did.WON else ():
        if deed.deal.amount is not None:
            sums[deed.deal.currency] = sums.get(deed.deal.currency, 0) + deed.deal.amount
    return f", {' + '.join(money.format_full(amount, currency) for currency, amount in sums.items())}" if sums else ""


def _said(context: Context, did: Did, deed: Deed) -> str:
    deal, today = deed.deal, context.clock.today()
    pipeline = context.pipeline_of(deal.pipeline)
    if did in (Did.WON, Did.LOST):
        return "" if deal.amount is None else money.format_full(deal.amount, deal.currency)
    if did is Did.MOVED:
        return f"-> {event_words.place(deed.event.data.get('after', {}), pipeline)}"
    if did is Did.FOLLOW_UP_SET:
        day = dates.echo(deal.follow_up, today) if deal.follow_up else ""
        return ", ".join(part for part in (day, deal.follow_up_note) if part)
    told = event_words.in_words(deed.event, pipeline, today)
    return told.removeprefix("note: ").removeprefix("follow-up done").lstrip(":, ")


def _line(head: str, said: str) -> str:
    """Give a deal's line: the title gives way to what is said of it, up to a third of the line."""
    head, said = clean_line(head.strip()), clean_line(said)
    said = _fit(said, max(WIDTH // 2, WIDTH - 4 - _columns(head)))
    room = WIDTH - 2 - (_columns(said) + 2 if said else 0)
    return f"  {_fit(head, room)}{f'  {said}' if said else ''}"


def _fit(text: str, room: int = WIDTH) -> str:
    if _columns(text) <= room:
        return text
    while text and _columns(text) > room - 1:
        text = text[: -max(1, (_columns(text) - room) // 2)]
    return text.rstrip(" –-,") + "…"


def _columns(text: str) -> int:
    """Count the columns that a text takes on a screen: East Asian letters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
