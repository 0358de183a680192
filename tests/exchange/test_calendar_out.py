"""Follow-ups as a calendar: all-day events that a calendar knows again, moves and lets go; by the letter of RFC 5545."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from dateutil.parser import isoparse
from icalendar import Calendar

from funneltui.exchange.calendar_out import write_calendar
from funneltui.services import activities, deals, exports, moves
from funneltui.services.reports import DueKind, today

if TYPE_CHECKING:
    from icalendar import Event

    from funneltui.services.context import Context


def written(context: Context) -> bytes:
    """Give the calendar of all follow-ups."""
    out = io.BytesIO()
    write_calendar(out, context, ((deal, DueKind.FOLLOW_UP) for deal in exports.follow_ups(context)))
    return out.getvalue()


def events(calendar: bytes) -> list[Event]:
    """Give the events as a parser reads them."""
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def add(context: Context, title: str = "CRM", **more: object) -> None:
    """Add a deal that is to be followed up in three days."""
    day = context.clock.today()
    values = {"title": title, "source": "web", "expected_close": day + timedelta(days=30)}
    deals.add(context, values | {"follow_up": day + timedelta(days=3), "follow_up_note": "call Ann"} | more)


def test_a_follow_up_is_an_event_of_one_whole_day(context: Context) -> None:
    add(context, contact="Ann", company="Acme", phone="+386 1 234", amount=1_250_000)
    (event,) = events(written(context))
    assert event["summary"] == "CRM: call Ann"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 11, 24), date(2026, 11, 25))
    assert event["description"] == "deal 1, Waiting\n€12,500\nAnn, Acme\n+386 1 234"
    assert event["transp"] == "TRANSPARENT"


def test_what_looks_like_an_escape_stays_what_it_is(context: Context) -> None:
    add(context, "up\\New; a, b\\n", follow_up_note="")
    assert rb"SUMMARY:up\\New\; a\, b\\n" in written(context)


def test_an_event_keeps_its_id_when_it_is_put_off_and_counts_on(context: Context) -> None:
    add(context)
    (before,) = events(written(context))
    deals.follow_up(context, 1, date(2026, 12, 24), "send it")
    (after,) = events(written(context))
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == date(2026, 12, 24)


def test_what_is_done_goes_and_what_is_lost_too(context: Context) -> None:
    for title in ("done", "lost", "stays"):
        add(context, title)
    activities.finish_follow_up(context, 1)
    moves.lose(context, [2], {"reason": "price"})
    assert [event["summary"] for event in events(written(context))] == ["stays: call Ann"]


def test_the_same_deals_give_the_same_bytes(context: Context) -> None:
    add(context)
    assert written(context) == written(context)
    assert b"2026" in written(context)


def test_what_is_due_holds_expected_closes_under_ids_of_their_own(context: Context) -> None:
    add(context, "followed up")
    add(context, "to be closed", follow_up=None, follow_up_note="", expected_close=context.clock.today())
    out = io.BytesIO()
    assert write_calendar(out, context, ((one.deal, one.kind) for one in today(context))) == 2
    summaries = {str(event["uid"]): str(event["summary"]) for event in events(out.getvalue())}
    assert set(summaries.values()) == {"to be closed: expected close", "followed up: call Ann"}
    assert len(summaries) == 2


HOSTILE = 'a;b,c\\n"d"\n\x1b]0;x\x07\u202eBEGIN:VEVENT\r\nUID:1 ' + "ž€🙂" * 60


def test_every_line_is_as_the_standard_wants_it_whatever_a_deal_holds(context: Context) -> None:
    add(context, HOSTILE, contact=HOSTILE, follow_up_note=HOSTILE)
    raw = written(context)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw)
    unfolded = raw.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    assert [line for line in unfolded if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    for name in ("VERSION:2.0", "PRODID:", "UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"):
        assert sum(line.startswith(name) for line in unfolded) == 1
    stamp = next(line for line in unfolded if line.startswith("DTSTAMP:"))
    assert isoparse(stamp.removeprefix("DTSTAMP:")).tzinfo is not None


def test_without_the_library_it_is_said_what_to_install(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from funneltui.errors import BadInput

    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(BadInput, match=r"install funneltui\[calendar\]"):
        written(context)
