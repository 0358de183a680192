"""A deal replayed from its events: what holds, in which order, and what a moment of the past includes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from funneltui.domain.deal import Outcome
from funneltui.domain.history import Event, EventKind
from funneltui.domain.replay import holding, standing, until
from tests.conftest import small_pipeline

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
PIPELINES = {"sales": small_pipeline()}
NEW = {
    "title": "Deal", "pipeline": "sales", "stage": "waiting", "source": "web", "expected_close": "2026-12-15",
    "created": START.isoformat(), "stage_entered": START.isoformat(), "currency": "EUR", "outcome": "open",
}  # fmt: skip


def event(number: int, hours: float, kind: EventKind = EventKind.EDITED, **data: Any) -> Event:
    return Event(number, 1, START + timedelta(hours=hours), "ana", kind, number, data)


CREATED = event(1, 0, EventKind.CREATED, before={}, after=NEW)


def title_at(events: list[Event], hours: float) -> str | None:
    found = standing(events, START + timedelta(hours=hours), PIPELINES)
    return found.deal.title if found else None


def test_a_moment_includes_what_happened_in_it() -> None:
    events = [CREATED, event(2, 2, before={"title": "Deal"}, after={"title": "Sale"})]
    assert [title_at(events, hours) for hours in (-0.1, 0, 1.9, 2)] == [None, "Deal", "Deal", "Sale"]


def test_where_clocks_differ_no_deal_is_in_a_state_that_it_never_had() -> None:
    events = [CREATED, event(2, 5, after={"title": "Late clock"}), event(3, 4, after={"notes": "early clock"})]
    assert [one.id for one in until(events, START + timedelta(hours=4.5))] == [1]
    assert title_at(events, 5) == "Late clock"


def test_what_was_undone_does_not_hold_until_it_is_redone() -> None:
    edit = event(2, 1, after={"title": "Sale"})
    undone = event(3, 2, EventKind.UNDONE, events=[2], after={"title": "Deal"})
    redone = event(4, 3, EventKind.REDONE, events=[2], after={"title": "Sale"})
    assert [one.id for one in holding([CREATED, edit, undone])] == [1]
    assert [one.id for one in holding([CREATED, edit, undone, redone])] == [1, 2]
    found = standing([CREATED, edit, undone], START + timedelta(hours=9), PIPELINES)
    assert found is not None
    assert (found.deal.title, found.deal.version, found.deal.touched) == ("Deal", 3, CREATED.at)


def test_a_deal_that_was_added_closed_had_been_in_the_first_stage() -> None:
    won = NEW | {"stage": "acquired", "outcome": "won", "closed_on": "2026-11-01"}
    found = standing([event(1, 0, EventKind.CREATED, before={}, after=won)], START, PIPELINES)
    assert found is not None
    assert [(stay.stage, stay.seconds) for stay in found.stays] == [("waiting", 0), ("acquired", None)]
    assert (found.deal.outcome, found.deal.reach) == (Outcome.WON, "acquired")


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    after = {"tags": ["hot", "big"], "follow_up": "2026-11-30", "amount": 0, "custom": {"budget": "12.5"}}
    found = standing([CREATED, event(2, 1, after=after)], START + timedelta(hours=1), PIPELINES)
    assert found is not None
    assert (found.deal.tags, found.deal.follow_up, found.deal.amount) == (("hot", "big"), date(2026, 11, 30), 0)
    assert found.deal.custom.get("budget") == "12.5"


def test_a_deal_without_events_was_never_there() -> None:
    assert standing([], START, PIPELINES) is None
