"""After the sale contact goes on (E6), and a planned contact pauses rotting: one rule, wherever it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from funneltui.domain.deal import Mark, Outcome, mark_of
from funneltui.domain.filter_parser import parse
from funneltui.services import activities, deals, moves, reports, reviews, undo
from funneltui.services.context import Clock
from funneltui.storage.filtering import condition

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

TODAY, CLOSE = date(2026, 11, 21), date(2027, 12, 15)


def add(context: Context, **more: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | more)


def won(context: Context, **more: object) -> Deal:
    return moves.win(context, add(context, **more).number)


def after(context: Context, days: int) -> Context:
    """Give the same workspace some days later."""
    return replace(context, clock=Clock(context.clock.zone, context.clock.now() + timedelta(days=days)))


def due(context: Context) -> list[tuple[int, date]]:
    return [(one.deal.number, one.due) for one in reports.today(context)]


def listed(context: Context, typed: str) -> list[int]:
    asked = parse(typed, context.clock.today(), pipelines=context.pipelines)
    found = condition(
        asked, actor_id=context.actor.id, today=context.clock.today(), zone=context.clock.zone,
        pipelines=context.pipelines,
    )  # fmt: skip
    return [deal.number for deal in deals.listed(context, found, "d.number")]


def rotting(context: Context, number: int) -> tuple[bool, bool, bool]:
    """Tell whether a deal rots: by the filter, by the review's queue, by the card's mark."""
    deal = deals.several(context, [number])[0]
    stage, touched = context.pipeline.stage(deal.stage), context.clock.local_day(deal.touched)
    queued = {place.number: place.whys for place in reviews.places(context)}.get(number, frozenset())
    mark = mark_of(deal, stage, touched, context.clock.today())
    return number in listed(context, "is:rotting"), reviews.Why.ROTTING in queued, mark is Mark.ROTTING


def test_a_won_deal_can_be_given_a_follow_up_and_comes_up_on_its_day(context: Context) -> None:
    deal = won(context)
    assert due(context) == []
    day = TODAY + timedelta(days=30)
    sold = deals.follow_up(context, deal.number, day, "how do they like it")
    assert (sold.outcome, sold.due, sold.closed_on) == (Outcome.WON, day, TODAY)
    assert due(context) == []
    assert due(after(context, 30)) == [(deal.number, day)]
    assert listed(after(context, 31), "is:overdue is:won") == [deal.number]


def test_a_won_deals_follow_up_is_undone_and_redone(context: Context) -> None:
    deal = won(context)
    deals.follow_up(context, deal.number, TODAY, "call")
    undo.undo(context)
    assert due(context) == []
    undo.redo(context)
    assert due(context) == [(deal.number, TODAY)]


def test_a_yearly_contact_goes_on_after_each_one(context: Context) -> None:
    deal = won(context)
    deals.edit(context, deal.number, {"follow_up": TODAY, "follow_up_note": "renewal", "follow_up_repeat": "1 year"})
    done = activities.finish_follow_up(context, deal.number, "renewed")
    assert (done.outcome, done.follow_up, done.follow_up_note) == (Outcome.WON, date(2027, 11, 21), "renewal")


def test_a_contact_after_the_sale_can_be_noted_and_logged(context: Context) -> None:
    deal = won(context)
    activities.note(context, deal.number, "they like it")
    activities.log(context, deal.number, activities.ContactBy.CALL, "asked for more")
    assert [event.kind.value for event in deals.show(context, deal.number).events[-2:]] == ["noted", "contacted"]


def test_many_won_deals_take_a_follow_up_at_once(context: Context) -> None:
    numbers = [won(context).number for _ in range(2)]
    deals.edit_all(context, numbers, {"follow_up": TODAY})
    assert due(context) == [(number, TODAY) for number in numbers]


def test_a_won_deal_that_was_spam_is_due_again_when_restored(context: Context) -> None:
    deal = won(context)
    deals.follow_up(context, deal.number, TODAY, "")
    activities.spam(context, [deal.number])
    assert due(context) == []
    activities.restore(context, [deal.number])
    assert due(context) == [(deal.number, TODAY)]


def test_a_planned_contact_pauses_rotting_by_every_way_of_asking(context: Context) -> None:
    planned, alone = add(context, follow_up=TODAY + timedelta(days=20)), add(context)
    later = after(context, 19)
    assert rotting(later, planned.number) == (False, False, False)
    assert rotting(later, alone.number) == (True, True, True)


def test_a_planned_contact_whose_day_has_come_pauses_nothing(context: Context) -> None:
    deal = add(context, follow_up=TODAY + timedelta(days=20))
    # On its day the mark says what matters more: that it is due.
    assert rotting(after(context, 20), deal.number) == (True, True, False)


def test_a_won_deal_never_rots(context: Context) -> None:
    deal = won(context)
    assert rotting(after(context, 900), deal.number) == (False, False, False)
