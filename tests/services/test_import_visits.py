"""Rows that tell the stages that their deals entered: visits and events with the file's own moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind
from funneltui.services import deals
from funneltui.services.imports import Fate, Stay
from funneltui.storage.database import query
from tests.conftest import NOW
from tests.imported_rows import DAY, deal, events, row, stays, take, why

if TYPE_CHECKING:
    from funneltui.services.context import Context

WAITING = Stay("waiting", date(2026, 1, 1))
OFFERED = Stay("offered", date(2026, 1, 11))
LOST = Stay("resigned", date(2026, 1, 21))
WON = Stay("acquired", date(2026, 2, 1))


def test_the_stays_are_the_visits_whatever_their_order(context: Context) -> None:
    take(context, row(stage="resigned", reason="price", stays=(LOST, WAITING, OFFERED)))
    assert stays(context) == [
        ("waiting", date(2026, 1, 1), 10 * DAY), ("offered", date(2026, 1, 11), 10 * DAY),
        ("resigned", date(2026, 1, 21), None),
    ]  # fmt: skip
    assert events(context) == [
        (EventKind.CREATED, date(2026, 1, 1), 1), (EventKind.MOVED, date(2026, 1, 11), 2),
        (EventKind.LOST, date(2026, 1, 21), 3),
    ]  # fmt: skip
    assert (deal(context).reach, deal(context).closed_on) == ("offered", date(2026, 1, 21))


def test_a_stage_told_twice_in_a_row_is_one_stay(context: Context) -> None:
    take(context, row(stays=(WAITING, Stay("waiting", date(2026, 1, 5)))))
    assert stays(context) == [("waiting", date(2026, 1, 1), None)]


def test_a_deal_that_was_created_before_its_first_stay_stood_in_the_first_stage(context: Context) -> None:
    take(context, row(stage="acquired", created=date(2026, 1, 2), stays=(OFFERED, WON)))
    assert stays(context)[0] == ("waiting", date(2026, 1, 2), 9 * DAY)


def test_a_deal_that_was_closed_at_once_still_began_in_an_open_stage(context: Context) -> None:
    take(context, row(stage="acquired", stays=(WON,)))
    assert stays(context) == [("waiting", date(2026, 2, 1), 0), ("acquired", date(2026, 2, 1), None)]


def test_a_deal_that_stands_elsewhere_than_its_last_stay_went_there_when_it_closed(context: Context) -> None:
    take(context, row(stage="acquired", closed=date(2026, 3, 1), stays=(WAITING, OFFERED)))
    assert stays(context)[-1] == ("acquired", date(2026, 3, 1), None)
    assert deal(context).closed_on == date(2026, 3, 1)


def test_a_close_date_before_the_deal_began_gives_way_to_the_stay(context: Context) -> None:
    take(context, row(stage="acquired", closed=date(2024, 2, 3), stays=(WAITING, WON)))
    assert deal(context).closed_on == date(2026, 2, 1)


def test_won_then_lost_is_told_as_both(context: Context) -> None:
    take(context, row(stage="resigned", reason="price", stays=(WAITING, Stay("acquired", date(2026, 1, 5)), LOST)))
    assert [kind for kind, _, _ in events(context)] == [EventKind.CREATED, EventKind.WON, EventKind.LOST]
    assert deal(context).outcome is Outcome.LOST


def test_a_loss_taken_back_needs_its_reason_too(context: Context) -> None:
    told = (WAITING, LOST, Stay("waiting", date(2026, 2, 2)))
    assert "it was lost on 2026-01-21 and went on later" in why(context, row(stays=told))
    take(context, row(stays=told, lost_because="price"))
    lost = deals.show(context, 1).events[1]
    assert (lost.kind, lost.data["after"]["reason"]) == (EventKind.LOST, "price")


def test_a_loss_taken_back_closed_on_the_users_own_day(context: Context) -> None:
    late = datetime(2026, 1, 21, 23, 30, tzinfo=UTC)  # the 22nd in Ljubljana
    told = (WAITING, Stay("resigned", late), Stay("waiting", date(2026, 2, 2)))
    assert "it was lost on 2026-01-22 and went on later" in why(context, row(stays=told))
    take(context, row(stays=told, lost_because="price"))
    assert deals.show(context, 1).events[1].data["after"]["closed_on"] == "2026-01-22"


def test_a_stay_that_is_still_to_come_is_refused(context: Context) -> None:
    assert "still to come" in why(context, row(stays=(Stay("waiting", date(2027, 1, 1)),)))


MOMENTS = st.one_of(
    st.dates(date(2025, 12, 1), date(2026, 11, 23)),
    st.datetimes(datetime(2025, 12, 1), NOW.replace(tzinfo=None) + timedelta(days=2)).map(
        lambda when: when.replace(tzinfo=UTC)
    ),
)
PLACES = st.sampled_from(["waiting", "acquisition", "offered", "acquired", "resigned"])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.builds(Stay, PLACES, MOMENTS), min_size=1, max_size=6),
    stage=PLACES,
    created=st.none() | MOMENTS,
    closed=st.none() | MOMENTS,
)
def test_whatever_a_history_tells_the_deal_is_sound(
    context: Context, told: list[Stay], stage: str, created: date | None, closed: date | None
) -> None:
    needed = {"detail": {"acquisition": "call", "offered": "contract"}.get(stage), "follow_up": date(2026, 12, 1)}
    given_values = needed | {"reason": "price" if stage == "resigned" else None}
    if stage in ("acquired", "resigned"):
        given_values["follow_up"] = None
    (result,) = take(
        context,
        row(stage=stage, stays=tuple(told), created=created, closed=closed, lost_because="price", **given_values),
    )
    if result.fate is Fate.REJECTED:
        return
    (number,) = query(context.database, "SELECT max(number) FROM deal")[0]
    opened = deals.show(context, number)
    assert opened.deal.version == len(opened.events) == len(opened.visits)
    assert opened.deal.created == opened.visits[0].entered
    assert opened.deal.stage_entered == opened.visits[-1].entered
    assert all(one.left == after.entered and one.stage != after.stage for one, after in pairwise(opened.visits))
    assert opened.visits[0].stage in ("waiting", "acquisition", "offered")
    if opened.deal.closed_on:
        assert opened.deal.closed_on >= opened.deal.created.date() - timedelta(days=1)
