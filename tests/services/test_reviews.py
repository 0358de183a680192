"""The review's queue and summary: who is in it and why, in which order, and what a day's work says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.history import Role
from funneltui.errors import Conflict, NotFound
from funneltui.services import activities, deals, moves, review_summary, reviews, undo
from funneltui.services.context import Clock, Context
from funneltui.services.people import add_user
from funneltui.services.review_summary import Did
from funneltui.services.reviews import Snooze, Why
from funneltui.storage import review_queue
from funneltui.storage.database import query
from funneltui.storage.tables import to_micros

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal

TODAY = date(2026, 11, 21)
CLOSE = date(2026, 12, 15)
LATER = date(2026, 12, 1)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def add(context: Context, **values: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values)


def touched_before(context: Context, number: int, days: int) -> None:
    """Let a deal lie untouched for so many days."""
    moment = to_micros(context.clock.now() - timedelta(days=days))
    query(context.database, "UPDATE deal SET touched = ? WHERE number = ? RETURNING number", (moment, number))


def queued(context: Context) -> list[int]:
    return [item.deal.number for item in reviews.queue(context)]


def whys(context: Context, number: int) -> set[Why]:
    return next((set(item.whys) for item in reviews.queue(context) if item.deal.number == number), set())


def on_another_day(context: Context, days: int) -> Context:
    moment = context.clock.now() + timedelta(days=days)
    return replace(context, clock=Clock(context.clock.zone, moment))


def test_a_late_follow_up_is_overdue(context: Context) -> None:
    assert whys(context, add(context, follow_up=day(-1)).number) == {Why.OVERDUE}


def test_without_a_follow_up_the_expected_close_is_what_is_late(context: Context) -> None:
    deal = add(context, expected_close=day(-3))
    assert whys(context, deal.number) == {Why.OVERDUE, Why.CLOSE_PASSED, Why.NO_NEXT_STEP}
    item = reviews.queue(context)[0]
    assert [words for _, words in reviews.in_words(context, item)] == ["expected close 3 d late", "no next step"]


def test_a_follow_up_today_is_due_today(context: Context) -> None:
    assert whys(context, add(context, follow_up=TODAY).number) == {Why.TODAY}


def test_an_expected_close_that_has_passed_is_asked_about_despite_a_later_follow_up(context: Context) -> None:
    deal = add(context, expected_close=day(-2), follow_up=LATER)
    assert whys(context, deal.number) == {Why.CLOSE_PASSED}


def test_a_deal_untouched_for_longer_than_its_stage_allows_is_rotting(context: Context) -> None:
    deal = add(context)
    touched_before(context, deal.number, 15)
    assert whys(context, deal.number) == {Why.ROTTING, Why.NO_NEXT_STEP}


def test_a_follow_up_to_come_pauses_rotting(context: Context) -> None:
    deal = add(context, follow_up=LATER)
    touched_before(context, deal.number, 60)
    assert queued(context) == []


def test_a_deal_without_a_follow_up_has_no_next_step(context: Context) -> None:
    assert whys(context, add(context).number) == {Why.NO_NEXT_STEP}


def test_a_won_deal_comes_only_when_its_follow_up_is_due(context: Context) -> None:
    for follow_up in (None, LATER, TODAY):
        moves.win(context, add(context).number, {"follow_up": follow_up})
    assert queued(context) == [3]
    assert whys(context, 3) == {Why.TODAY}


def test_lost_deals_spam_and_undone_ones_are_not_asked_about(context: Context) -> None:
    for _ in range(3):
        add(context, follow_up=day(-1))
    moves.lose(context, [1], {"reason": "price"})
    activities.spam(context, [2])
    add(context, follow_up=day(-1))
    undo.undo(context)
    assert queued(context) == [3]


def test_the_order_is_overdue_today_close_passed_rotting_no_next_step_and_each_deal_comes_once(
    context: Context,
) -> None:
    no_step = add(context)
    rotting = add(context)
    passed = add(context, expected_close=day(-1), follow_up=LATER)
    today = add(context, follow_up=TODAY, expected_close=day(-9))
    late, later = add(context, follow_up=day(-2)), add(context, follow_up=day(-1))
    touched_before(context, rotting.number, 30)
    expected = [late, later, today, passed, rotting, no_step]
    assert queued(context) == [deal.number for deal in expected]
    assert reviews.counts(reviews.places(context)) == {
        Why.OVERDUE: 2, Why.TODAY: 1, Why.CLOSE_PASSED: 1, Why.ROTTING: 1, Why.NO_NEXT_STEP: 1,
    }  # fmt: skip


def test_a_rep_reviews_his_own_deals_and_a_manager_all(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    add(context), add(context, owner="bor"), add(context, owner=None)
    bor = as_user("bor")
    assert queued(bor) == [2]
    assert queued(context) == [1, 2, 3]
    with pytest.raises(NotFound):
        reviews.look(bor, 1)


def test_the_queue_is_read_in_two_statements_however_long_it_is(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        add(context)
    executed: list[str] = []
    real = type(context.database).execute_sql

    def counted(self: object, sql: str, *rest: object, **more: object) -> object:
        executed.append(sql)
        return real(self, sql, *rest, **more)

    monkeypatch.setattr(type(context.database), "execute_sql", counted)
    assert len(reviews.queue(context)) == 30
    assert sum("FROM deal" in sql for sql in executed) == 2
    executed.clear()
    assert len(reviews.queue(context, limit=4)) == 4


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    close=st.integers(-40, 40), follow_up=st.none() | st.integers(-40, 40), untouched=st.integers(0, 40),
    stage=st.sampled_from(["waiting", "acquisition", "acquired", "resigned"]),
)  # fmt: skip
def test_the_database_and_the_rule_agree_on_why(
    context: Context, close: int, follow_up: int | None, untouched: int, stage: str
) -> None:
    when = None if follow_up is None else day(follow_up)
    deal = add(context, expected_close=day(close))
    given = {"acquisition": {"detail": "call"}, "resigned": {"reason": "price"}}.get(stage, {})
    if stage != "waiting":
        moves.move(context, [deal.number], stage, given)
    deals.follow_up(context, deal.number, when, "")
    touched_before(context, deal.number, untouched)
    looked = reviews.look(context, deal.number)
    assert looked.item.whys == whys(context, deal.number)


@pytest.mark.parametrize(
    ("until", "becomes"),
    [(Snooze.TOMORROW, day(1)), (Snooze.THREE_DAYS, day(3)), (Snooze.NEXT_WEEK, date(2026, 11, 23))],
)
def test_a_snoozed_deal_leaves_with_its_words_kept(context: Context, until: Snooze, becomes: date) -> None:
    deal = add(context, follow_up=day(-1), follow_up_note="call Anna")
    snoozed = reviews.snooze(context, deal.number, until, {deal.number: deal.version})
    assert (snoozed.follow_up, snoozed.follow_up_note) == (becomes, "call Anna")
    assert queued(context) == []


def test_a_deal_changed_meanwhile_is_not_snoozed(context: Context) -> None:
    deal = add(context, follow_up=day(-1))
    activities.note(context, deal.number, "hello")
    with pytest.raises(Conflict):
        reviews.snooze(context, deal.number, Snooze.TOMORROW, {deal.number: deal.version})


def test_a_deal_is_looked_at_with_its_latest_events_without_what_was_undone(context: Context) -> None:
    deal = add(context)
    activities.note(context, deal.number, "kept")
    moves.win(context, deal.number)
    undo.undo(context)
    looked = reviews.look(context, deal.number)
    assert [event.kind.value for event in looked.events] == ["noted", "created"]


def busy_day(context: Context) -> None:
    for amount in (100_000, 200_000, None):
        add(context, amount=amount)
    moves.win(context, 1)
    moves.lose(context, [2], {"reason": "price", "reason_note": "two cents above"})
    moves.move(context, [3], "acquisition", {"detail": "call"})
    activities.note(context, 3, "asked who signs")
    activities.log(context, 3, activities.ContactBy.CALL, "not in")
    deals.follow_up(context, 3, TODAY, "call again")
    activities.finish_follow_up(context, 3)


def test_the_summary_tells_what_was_done_today(context: Context) -> None:
    busy_day(context)
    found = review_summary.summary(context)
    assert {did: [deed.deal.number for deed in deeds] for did, deeds in found.done.items()} == {
        Did.WON: [1], Did.LOST: [2], Did.MOVED: [3], Did.FOLLOWED_UP: [3], Did.FOLLOW_UP_SET: [3], Did.CONTACTED: [3],
        Did.NOTED: [3],
    }  # fmt: skip
    for words in ("Won: 1, €1,000", "-> In acquisition · call scheduled", "call: not in", "asked who signs"):
        assert words in found.text
    assert "Still waiting: 1\n  1 no next step\n  ? #3 Deal  no next step" in found.text


def test_the_summary_keeps_the_rejection_reason_to_itself(context: Context) -> None:
    busy_day(context)
    text = review_summary.summary(context).text
    assert "expensive" not in text
    assert "two cents" not in text


def test_what_was_undone_was_not_done(context: Context) -> None:
    add(context)
    moves.win(context, 1)
    undo.undo(context)
    assert review_summary.summary(context).done == {}
    undo.redo(context)
    assert list(review_summary.summary(context).done) == [Did.WON]


def test_a_deal_won_and_reopened_is_not_won(context: Context) -> None:
    add(context)
    moves.win(context, 1)
    moves.reopen(context, 1, "waiting")
    assert list(review_summary.summary(context).done) == [Did.MOVED]


def test_the_summary_is_of_today_and_of_the_actor(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.MANAGER)
    busy_day(context)
    assert review_summary.summary(as_user("bor")).done == {}
    tomorrow = review_summary.summary(on_another_day(context, 1))
    assert tomorrow.done == {}
    assert "Nothing done yet today." in tomorrow.text


def test_today_begins_at_the_users_midnight(context: Context) -> None:
    late = replace(context, clock=Clock(context.clock.zone, datetime.fromisoformat("2026-11-20T22:59:59+00:00")))
    early = replace(context, clock=Clock(context.clock.zone, datetime.fromisoformat("2026-11-20T23:00:00+00:00")))
    add(late)
    activities.note(late, 1, "before midnight in Ljubljana")
    assert review_summary.summary(context).done == {}
    activities.note(early, 1, "after it")
    assert list(review_summary.summary(context).done) == [Did.NOTED]


def test_unlike_currencies_are_never_added_up(context: Context) -> None:
    for currency in ("EUR", "USD"):
        moves.win(context, add(context, amount=100, currency=currency).number)
    assert "Won: 2, €1 + $1" in review_summary.summary(context).text


def test_the_summary_fits_72_columns_whatever_the_deals_are_called(context: Context) -> None:
    titles = ["x" * 300, "Łódź " * 40, "冷蔵庫の取引" * 30, "short"]
    for title in titles:
        deal = add(context, title=title, amount=10**12)
        deals.follow_up(context, deal.number, TODAY, "about " + title)
        activities.note(context, deal.number, title + "\nsecond line\x1b[2J")
    text = review_summary.summary(context).text
    assert max(review_summary._columns(line) for line in text.split("\n")) <= review_summary.WIDTH
    assert "\x1b" not in text


def test_a_long_day_is_counted_where_it_is_not_told(context: Context) -> None:
    for _ in range(11):
        moves.win(context, add(context).number)
    assert "Won: 11" in (text := review_summary.summary(context).text)
    assert "  and 3 more" in text


def test_with_nothing_waiting_the_summary_says_so(context: Context) -> None:
    assert review_summary.summary(context).text.endswith("Nothing is waiting.")


def test_adding_deals_is_not_read_for_a_summary(context: Context) -> None:
    add(context)
    assert review_queue.done_since(context.database, context.actor.id, context.clock.now() - timedelta(1)) == []
