"""Writes follow-ups as an iCalendar file (RFC 5545): all-day events that a calendar knows again and updates.

An event is known by its deal, whatever its date becomes; a follow-up that was done is not there any more, and a calendar
that subscribes to the file lets it go. Nothing in it tells when it was written: the same deals give the same bytes.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import cache
from typing import IO, TYPE_CHECKING

from funneltui.domain.money import format_full
from funneltui.domain.text import clean_line
from funneltui.errors import BadInput
from funneltui.exchange.files_out import harmless
from funneltui.services.reports import DueKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from icalendar import Event, vText

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

_NAMES = uuid.UUID("c4a1a1cc-6b8e-5c0e-9a5a-0f6f1a8f4b52")
"""The name space of the events' ids."""

_END = b"END:VCALENDAR\r\n"


def write_calendar(out: IO[bytes], context: Context, entries: Iterable[tuple[Deal, DueKind]]) -> int:
    """Write the follow-up, or the expected close, of each of these deals, and give the number of events.

    Raises:
        BadInput: the library that writes calendars is not installed.
    """
    try:
        from icalendar import Calendar
    except ImportError:
        message = "iCalendar needs the extra: install funneltui[calendar]"
        raise BadInput(message) from None
    calendar = Calendar()
    calendar.add("prodid", "-//funneltui//follow-ups//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", "Follow-ups")
    calendar.add("x-wr-calname", "Follow-ups")
    calendar.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    beginning = calendar.to_ical()
    out.write(beginning.removesuffix(_END))
    count = 0
    for deal, kind in entries:
        day = deal.follow_up if kind is DueKind.FOLLOW_UP else deal.expected_close
        if day is not None:
            out.write(_event(context, deal, kind, day).to_ical())
            count += 1
    out.write(_END)
    return count


def uid_of(deal: Deal, kind: DueKind) -> str:
    """Give the id of a deal's event: the same in every file, also after the workspace was moved to another database."""
    return str(uuid.uuid5(_NAMES, f"{kind.value} {deal.number} {deal.created.isoformat()}"))


def _event(context: Context, deal: Deal, kind: DueKind, day: date) -> Event:
    from icalendar import Event

    text, event = _text_type(), Event()
    event.add("uid", uid_of(deal, kind))
    event.add("dtstamp", deal.touched)
    event.add("last-modified", deal.touched)
    event.add("created", deal.created)
    event.add("sequence", deal.version)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", text(_summary(deal, kind)))
    event.add("description", text(harmless("\n".join(_description(context, deal)))))
    event.add("transp", "TRANSPARENT")  # it is to be done on that day and keeps nobody busy all of it
    event.add("class", "PRIVATE")
    return event


@cache
def _text_type() -> type[vText]:
    """Give texts that keep what looks like an escape: of a backslash before an N the library makes a line break."""
    from icalendar import vText

    class Text(vText):
        def to_ical(self) -> bytes:
            return _escaped(self).encode()

    return Text


def _escaped(text: str) -> str:
    """Give a text as RFC 5545, section 3.3.11, writes it."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _summary(deal: Deal, kind: DueKind) -> str:
    words = deal.follow_up_note if kind is DueKind.FOLLOW_UP else "expected close"
    return clean_line(f"{deal.title}: {words}" if words else deal.title)


def _description(context: Context, deal: Deal) -> list[str]:
    """Give what one wants to have at hand; the rejection reason and the notes stay where they are (D4)."""
    its = context.pipeline_of(deal.pipeline)
    detail = its.detail_name(deal.stage, deal.detail)
    repeat = f"comes again every {deal.follow_up_repeat.removeprefix('1 ')}" if deal.follow_up_repeat else ""
    lines = [
        f"deal {deal.number}, {its.stage_name(deal.stage)}{f' ({detail})' if detail else ''}",
        "" if deal.amount is None else format_full(deal.amount, deal.currency),
        ", ".join(filter(None, (deal.contact, deal.company))),
        deal.email,
        deal.phone,
        repeat,
    ]
    return [line for line in lines if line]
