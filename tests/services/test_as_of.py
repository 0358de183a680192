"""As of any moment: imports with a past, undone ones, other pipelines, retired stages, reps; and what was typed for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.filter_parser import parse
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.period_changes import Kind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import BadInput
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, as_of, changes_since, deals, funnels, metrics, moves, pipelines, undo
from funneltui.services.context import Clock, Context
from funneltui.services.metrics import Asked
from funneltui.services.people import add_user
from funneltui.services.review_summary import finish
from funneltui.services.transfers import move_to_pipeline
from tests.services.test_imports import row, take
from tests.services.test_time_travel import adds_up
from tests.services.test_transfers import PARTNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal

CLOSE = date(2026, 12, 15)


def add(context: Context, stage: str | None = None, **values: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values, stage)


def later(context: Context, **passed: float) -> Context:
    return replace(context, clock=Clock(context.clock.zone, context.clock.now() + timedelta(**passed)))


def at(context: Context, day: str, text: str = "") -> dict[int, str]:
    """Give where the deals stood on a day, of a filter if there is one."""
    wanted = parse(text, context.clock.today(), pipelines=context.pipelines)
    return {
        deal.number: deal.stage for deal in as_of.deals_at(context, None, as_of.read_point(context, day).moment, wanted)
    }


def changed(context: Context, since: str, until: str | None = None) -> dict[str, list[int]]:
    found = changes_since.changes_typed(context, since, until)
    adds_up(found)
    return {kind.value: [pair.latest.number for pair in pairs] for kind, pairs in found.changes.lists.items()}


def imported(context: Context) -> None:
    past = {"created": date(2026, 1, 10), "closed": date(2026, 3, 1), "reason": "price"}
    take(context, row(2, "resigned", via="offered", entered=date(2026, 2, 1), detail=None, **past),
         row(3, "waiting", created=date(2026, 2, 15), amount=500))  # fmt: skip


def test_an_imported_deal_stood_in_the_stages_of_its_past(context: Context) -> None:
    imported(context)
    assert at(context, "2026-01-09") == {}
    assert at(context, "2026-01-10") == {1: "waiting"}
    assert at(context, "2026-02-20") == {1: "offered", 2: "waiting"}
    assert at(context, "2026-03-01") == {1: "resigned", 2: "waiting"}


def test_what_changed_in_the_past_of_an_import_is_told(context: Context) -> None:
    imported(context)
    assert changed(context, "2026-02-01", "2026-03-31") == {"new": [2], "lost": [1]}
    assert changed(context, "2026-01-01", "2026-01-31") == {"new": [1]}
    assert changed(context, "2026-01-15", "2026-02-10") == {"advanced": [1]}


def test_an_import_that_was_undone_never_had_a_past_and_has_it_again_when_redone(context: Context) -> None:
    imported(context)
    undo.undo(later(context, minutes=1))
    after = later(context, minutes=2)
    assert at(after, "2026-02-20") == at(after, "today") == {}
    assert changed(after, "2026-01-01") == {}
    undo.redo(later(context, minutes=3))
    again = later(context, minutes=4)
    assert at(again, "2026-02-20") == {1: "offered", 2: "waiting"}


def test_what_was_undone_later_stood_until_then(context: Context) -> None:
    add(context)
    moves.win(later(context, days=1), 1)
    undo.undo(later(context, days=3))
    now = later(context, days=5)
    assert [at(now, f"2026-11-{day}") for day in (20, 21, 22, 23, 24)] == [
        {}, {1: "waiting"}, {1: "acquired"}, {1: "acquired"}, {1: "waiting"},
    ]  # fmt: skip


def test_a_deal_whose_adding_was_undone_was_there_and_is_named_in_the_sum(context: Context) -> None:
    add(context, amount=700)
    undo.undo(later(context, days=2))
    now = later(context, days=5)
    assert at(now, "2026-11-22") == {1: "waiting"}
    assert at(now, "today") == {}
    assert changed(now, "2026-11-22") == {"undone": [1]}
    assert changed(now, "2026-11-20") == {}


def test_spam_and_its_return_are_named_in_the_sum(context: Context) -> None:
    add(context, amount=700)
    activities.spam(later(context, days=2), [1])
    activities.restore(later(context, days=4), [1])
    now = later(context, days=6)
    assert changed(now, "2026-11-22", "2026-11-23") == {"spam": [1]}
    assert changed(now, "2026-11-24") == {"restored": [1]}
    assert at(now, "2026-11-23") == {}


def test_a_deal_of_another_pipeline_comes_and_goes(context: Context) -> None:
    two = pipelines.add_pipeline(context, PARTNERS, to_toml)
    add(two, amount=700)
    move_to_pipeline(later(two, days=2), [1], "partners")
    now = later(two, days=4)
    assert at(now, "2026-11-22") == {1: "waiting"}
    assert at(now, "2026-11-24") == {1: "found"}
    assert changed(now, "2026-11-22") == {"left": [1]}
    found = changes_since.changes_typed(now, "2026-11-22", pipeline=now.pipeline_of("partners"))
    assert list(found.changes.lists) == [Kind.ARRIVED]
    adds_up(found)
    stood = as_of.changed_at(now, as_of.read_point(now, "2026-11-22").moment, now.pipeline)
    assert [stay.pipeline for stay in stood[0].stays] == [None]


def test_a_currency_that_changed_is_named_in_both_sums(context: Context) -> None:
    add(context, amount=700)
    deals.edit(later(context, days=2), 1, {"currency": "USD", "amount": 900})
    found = changes_since.changes_typed(later(context, days=3), "2026-11-22")
    adds_up(found)
    told = {ledger.currency: ledger.terms[Kind.CURRENCY] for ledger in found.changes.ledgers}
    assert {code: (figure.count, figure.amount) for code, figure in told.items()} == {
        "EUR": (-1, -700),
        "USD": (1, 900),
    }


def test_an_amount_counts_as_changed_and_as_won_with_what_it_was_in_the_end(context: Context) -> None:
    add(context, amount=1_000)
    deals.edit(later(context, days=2), 1, {"amount": 1_200})
    moves.win(later(context, days=3), 1)
    found = changes_since.changes_typed(later(context, days=4), "2026-11-22")
    adds_up(found)
    terms = {kind.value: (figure.count, figure.amount) for kind, figure in found.changes.ledger("EUR").terms.items()}
    assert terms == {"won": (-1, -1_200), "amount_up": (0, 200)}


def test_moved_on_and_back_again_is_neither(context: Context) -> None:
    add(context)
    moves.move(later(context, days=2), [1], "acquisition", {"detail": "call"})
    moves.move(later(context, days=3), [1], "waiting")
    now = later(context, days=4)
    assert changed(now, "2026-11-22") == {}
    assert changed(now, "2026-11-22", "2026-11-23") == {"advanced": [1]}
    assert changed(now, "2026-11-24") == {"back": [1]}


def test_an_expected_close_is_pushed_or_pulled(context: Context) -> None:
    add(context)
    deals.edit(later(context, days=2), 1, {"expected_close": CLOSE + timedelta(days=9)})
    deals.edit(later(context, days=4), 1, {"expected_close": CLOSE})
    now = later(context, days=6)
    assert changed(now, "2026-11-22", "2026-11-23") == {"slipped": [1]}
    assert changed(now, "2026-11-24") == {"pulled_in": [1]}
    assert changed(now, "2026-11-22") == {}


def test_a_won_deal_that_is_lost_now_was_reopened_and_lost(context: Context) -> None:
    add(context, amount=5)
    moves.win(context, 1)
    moves.lose(later(context, days=2), [1], {"reason": "price"})
    assert changed(later(context, days=3), "2026-11-22") == {"lost": [1], "reopened": [1]}


def test_a_deal_that_stood_in_a_stage_retired_since_counts_where_its_visits_count(context: Context) -> None:
    add(context, "offered", detail="contract", follow_up=CLOSE)
    now = later(context, days=2)
    without = replace(now.pipeline, stages=tuple(one for one in now.pipeline.stages if one.key != "offered"))
    told = pipelines.apply(
        now, without, {Place("offered"): Place("waiting"), Place("offered", "contract"): Place("waiting")}, to_toml
    )
    after = later(told.context, days=1)
    asked = Asked(after.pipeline, as_of=as_of.read_point(after, "2026-11-22"))
    drawn = funnels.funnels(after, asked, Mode.STANDARD).whole
    assert {row.stage.key: row.count for row in drawn.stages} == {"waiting": 0, "acquisition": 1}
    assert at(after, "2026-11-22") == {1: "offered"}


def test_a_rep_sees_of_the_past_what_is_his_now(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    add(context, owner="bor")
    add(context)
    deals.edit(later(context, days=2), 1, {"owner": "ana"})
    deals.edit(later(context, days=2), 2, {"owner": "bor"})
    his = later(as_user("bor"), days=4)
    assert at(his, "2026-11-22") == {2: "waiting"}
    assert changed(his, "2026-11-21") == {"new": [2]}
    assert metrics.stats(his, Asked(his.pipeline, as_of=as_of.read_point(his, "2026-11-22"))).whole.open.count == 1


def test_a_filter_is_asked_of_the_deals_as_they_stood(context: Context) -> None:
    add(context, amount=5_000, follow_up=date(2026, 11, 20))
    deals.edit(later(context, days=2), 1, {"amount": 90_000, "follow_up": CLOSE})
    now = later(context, days=4)
    assert at(now, "2026-11-22", "amount<100") == at(now, "2026-11-22", "is:overdue") == {1: "waiting"}
    assert at(now, "2026-11-23", "amount<100") == at(now, "2026-11-23", "is:overdue") == {}


def test_a_date_is_the_end_of_its_day_in_the_users_zone_and_today_is_now(context: Context) -> None:
    point = as_of.read_point(context, "2026-11-20")
    assert point.moment == datetime(2026, 11, 20, 22, 59, 59, 999_999, tzinfo=UTC)
    assert (point.text, as_of.read_point(context, "today").moment) == ("2026-11-20", context.clock.now())
    assert as_of.read_beginning(context, "2026-11-20").moment == datetime(2026, 11, 19, 22, 59, 59, 999_999, tzinfo=UTC)


def test_a_moment_without_a_zone_is_the_users_own(context: Context) -> None:
    assert as_of.read_point(context, "2026-11-20 14:30").moment == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert as_of.read_point(context, "2026-11-20T14:30Z").moment == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert as_of.read_point(context, "fri").day == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["tomorrow", "2026-11-22", "2026-11-21 23:00", "nonsense"])
def test_what_is_still_to_come_cannot_be_looked_back_on(context: Context, typed: str) -> None:
    with pytest.raises(BadInput):
        as_of.read_point(context, typed)


def test_the_last_review_is_each_persons_own(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.MANAGER)
    add(context)
    finish(later(context, hours=1))
    add(later(context, hours=2))
    finish(as_user("bor"))
    now = later(context, hours=3)
    assert changed(now, "last review") == {"new": [2]}
    assert changed(later(as_user("bor"), hours=3), "Last  Review") == {"new": [2]}


def test_without_a_review_there_is_no_last_one(context: Context) -> None:
    with pytest.raises(BadInput, match="no review yet"):
        changes_since.read_since(context, "last review")


def test_what_ends_before_it_begins_is_refused(context: Context) -> None:
    with pytest.raises(BadInput, match="before it begins"):
        changes_since.changes_typed(context, "2026-11-20", "2026-11-18")
