"""Deals that are won, lost and reopened: their dates, their reasons, and pipelines with several ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import BadInput, RuleBroken
from funneltui.services import deals, moves
from funneltui.services.context import Context
from funneltui.services.workspaces import refreshed
from funneltui.storage import pipelines
from funneltui.storage.database import writing
from tests.services.moved import CLOSE, TODAY, add, dump, later

if TYPE_CHECKING:
    pass


@pytest.fixture
def after_sale(context: Context) -> Context:
    """Give the workspace with a second pipeline: two won stages, two lost ones, keys of its own."""
    service = Pipeline(
        "service",
        "Service",
        "EUR",
        (
            Stage("asked", "Asked"),
            Stage("signed", "Signed", StageKind.WON),
            Stage("served", "Served", StageKind.WON, details=(Detail("yearly", "yearly"),), demands=("detail",)),
            Stage("refused", "Refused", StageKind.LOST),
            Stage("left", "Left", StageKind.LOST, demands=("reason_note",)),
        ),
        (Reason("price", "too expensive"),),
        (Source("web", "contact form"),),
    )
    with writing(context.database):
        pipelines.add(context.database, service, 1)
    return refreshed(context)


def test_a_won_deal_is_closed_today_without_a_follow_up(context: Context) -> None:
    deal = add(context, follow_up=TODAY, follow_up_note="call")
    won = moves.win(context, deal.number)
    assert (won.stage, won.outcome, won.closed_on, won.reach) == ("acquired", Outcome.WON, TODAY, "acquired")
    assert (won.follow_up, won.follow_up_note) == (None, "")
    assert deals.show(context, deal.number).events[-1].kind is EventKind.WON


def test_a_win_can_have_an_amount_a_close_date_and_a_follow_up(context: Context) -> None:
    deal = add(context)
    later_on = later(context, days=3)
    won = moves.win(later_on, deal.number, {"amount": 900, "closed_on": TODAY, "follow_up": date(2027, 1, 5)})
    assert (won.amount, won.closed_on, won.follow_up) == (900, TODAY, date(2027, 1, 5))


def test_a_won_deal_is_won_once(context: Context) -> None:
    deal = add(context)
    won = moves.win(context, deal.number)
    assert moves.win(later(context, days=1), deal.number) == won


def test_a_lost_deal_keeps_its_reason_and_note(context: Context) -> None:
    deal = add(context)
    (lost,) = moves.lose(context, [deal.number], {"reason": "price", "reason_note": "twice ours"})
    assert (lost.outcome, lost.reason, lost.reason_note, lost.closed_on) == (Outcome.LOST, "price", "twice ours", TODAY)
    assert lost.reach == "waiting"
    assert deals.show(context, deal.number).events[-1].kind is EventKind.LOST


def test_a_loss_of_several_needs_a_reason_for_all(context: Context) -> None:
    numbers = [add(context).number for _ in range(2)]
    before = dump(context.database)
    with pytest.raises(RuleBroken, match=r"deals 1, 2: .*rejection reason"):
        moves.lose(context, numbers)
    assert dump(context.database) == before


def test_losing_nothing_loses_nothing(context: Context) -> None:
    assert moves.lose(context, [], {"reason": "price"}) == []
    assert moves.move(context, [], "acquisition", {"detail": "call"}) == []


def test_a_lost_deal_that_is_won_has_no_reason_left(context: Context) -> None:
    deal = add(context)
    moves.lose(context, [deal.number], {"reason": "price"})
    won = moves.win(context, deal.number)
    assert (won.outcome, won.reason) == (Outcome.WON, None)


def test_a_won_deal_that_is_lost_has_no_follow_up_left(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number, {"follow_up": date(2027, 1, 5)})
    (lost,) = moves.lose(context, [deal.number], {"reason": "price"})
    assert lost.follow_up is None


def test_a_reopened_deal_has_no_close_date_and_no_reason(context: Context) -> None:
    deal = add(context)
    moves.lose(context, [deal.number], {"reason": "price", "reason_note": "so"})
    again = moves.reopen(context, deal.number, "acquisition", {"detail": "call"})
    assert (again.outcome, again.closed_on, again.reason, again.reason_note) == (Outcome.OPEN, None, None, "")
    assert deals.show(context, deal.number).events[-1].kind is EventKind.REOPENED


def test_a_reopened_sale_never_loses_its_reach(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    assert moves.reopen(context, deal.number, "waiting").reach == "acquired"


def test_a_reopening_goes_through_the_gate(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    before = dump(context.database)
    with pytest.raises(RuleBroken):
        moves.reopen(context, deal.number, "acquisition")
    assert dump(context.database) == before


@pytest.mark.parametrize("stage", ["acquired", "resigned"])
def test_a_deal_is_reopened_into_an_open_stage_only(context: Context, stage: str) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    with pytest.raises(RuleBroken, match="reopened into an open stage"):
        moves.reopen(context, deal.number, stage)


def test_an_open_deal_is_not_reopened(context: Context) -> None:
    deal = add(context)
    with pytest.raises(RuleBroken, match="is open already"):
        moves.reopen(context, deal.number, "waiting")


def test_an_open_deal_takes_no_close_date_by_a_move(context: Context) -> None:
    deal = add(context)
    with pytest.raises((RuleBroken, BadInput)):
        moves.move(context, [deal.number], "acquisition", {"detail": "call", "closed_on": TODAY})


def test_a_reopening_takes_no_close_date(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    with pytest.raises((RuleBroken, BadInput)):
        moves.reopen(context, deal.number, "waiting", {"closed_on": TODAY})


def test_a_closed_deal_always_has_a_close_date(context: Context) -> None:
    deal = add(context)
    assert moves.win(context, deal.number, {"closed_on": None}).closed_on == TODAY


def test_there_can_be_several_won_stages(after_sale: Context) -> None:
    deal = deals.add(after_sale, {"title": "D", "source": "web", "expected_close": CLOSE}, pipeline="service")
    won = moves.win(after_sale, deal.number)
    served = moves.move(later(after_sale, days=9), [deal.number], "served", {"detail": "yearly"})[0]
    assert (won.stage, served.stage, served.outcome) == ("signed", "served", Outcome.WON)
    assert served.closed_on == won.closed_on == TODAY
    assert deals.show(after_sale, deal.number).events[-1].kind is EventKind.MOVED


def test_every_won_stage_has_its_own_gate(after_sale: Context) -> None:
    deal = deals.add(after_sale, {"title": "D", "source": "web", "expected_close": CLOSE}, pipeline="service")
    with pytest.raises(RuleBroken, match="Served demands a detail"):
        moves.move(after_sale, [deal.number], "served")


def test_every_lost_stage_demands_a_reason_and_its_own(after_sale: Context) -> None:
    deal = deals.add(after_sale, {"title": "D", "source": "web", "expected_close": CLOSE}, pipeline="service")
    with pytest.raises(RuleBroken) as refused:
        moves.move(after_sale, [deal.number], "left")
    assert [one.field for one in refused.value.missing] == ["reason", "reason_note"]


def test_deals_of_two_pipelines_are_each_lost_in_their_own(after_sale: Context) -> None:
    here = add(after_sale)
    there = deals.add(after_sale, {"title": "D", "source": "web", "expected_close": CLOSE}, pipeline="service")
    lost = moves.lose(after_sale, [here.number, there.number], {"reason": "price"})
    assert [deal.stage for deal in lost] == ["resigned", "refused"]
