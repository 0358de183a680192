"""Stages and details that are given up: their deals go where they are told, through its gate, with no history harmed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind
from funneltui.domain.pipeline import Detail, Reason, Stage, StageKind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import BadInput, NotFound, RuleBroken
from funneltui.services import activities, deals, moves
from funneltui.storage.database_places import is_server
from tests.services.changed_pipelines import (
    CALL,
    NEXT,
    OFFER,
    add,
    applied,
    apply,
    deal,
    dump,
    is_sound,
    with_stage,
    without,
)

if TYPE_CHECKING:
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context


def test_a_stage_with_deals_is_not_given_up_without_saying_where_they_go(context: Context, location: str) -> None:
    add(context, "offered", **OFFER)
    add(context, "acquisition", **CALL)
    rows, file = dump(context), b"" if is_server(location) else Path(location).read_bytes()
    with pytest.raises(RuleBroken, match=r"deals stand in what would be given up \(1 in Offered\); say where they go"):
        applied(context, without(context, "offered"))
    assert dump(context) == rows
    assert is_server(location) or Path(location).read_bytes() == file


def test_the_deals_of_a_stage_that_is_given_up_go_through_the_gate_each_with_its_event(
    context: Context, location: str
) -> None:
    numbers = [add(context, "offered", **OFFER) for _ in range(3)]
    done = applied(context, without(context, "offered"), {Place("offered"): Place("acquisition", "meeting")})
    now = done.context
    assert [one.number for one in done.moved] == numbers
    for number in numbers:
        opened = deals.show(now, number)
        assert (opened.deal.stage, opened.deal.detail) == ("acquisition", "meeting")
        assert [visit.stage for visit in opened.visits] == ["offered", "acquisition"]
        assert (opened.events[-1].kind, opened.events[-1].data["note"]) == (EventKind.MOVED, "Offered was given up")
    assert len({deals.show(now, number).events[-1].change for number in numbers}) == 1
    assert is_sound(now, location)


def test_a_gate_on_the_way_refuses_the_whole_change_and_names_the_deals(context: Context) -> None:
    add(context)
    add(context)
    before = dump(context)
    with pytest.raises(
        RuleBroken, match=r"deals 1, 2: In acquisition demands a detail \(call, meeting\); none was moved"
    ):
        applied(context, without(context, "waiting"), {Place("waiting"): Place("acquisition")})
    assert dump(context) == before


def test_deals_of_one_stage_may_part_by_their_detail(context: Context) -> None:
    asked = add(context, "offered", **OFFER)
    signing = add(context, "offered", detail="negotiation", follow_up=NEXT)
    where: Moves = {Place("offered"): Place("waiting"), Place("offered", "contract"): Place("acquisition", "call")}
    now = apply(context, without(context, "offered"), where)
    assert [deal(now, number).stage for number in (asked, signing)] == ["acquisition", "waiting"]


def test_a_detail_with_deals_is_given_up_for_another_one(context: Context, location: str) -> None:
    number, beside = add(context, "acquisition", **CALL), add(context, "acquisition", detail="meeting")
    new = with_stage(context, "acquisition", details=(Detail("meeting", "meeting"), Detail("mail", "mail")))
    with pytest.raises(RuleBroken, match=r"1 in In acquisition: call scheduled"):
        applied(context, new)
    now = apply(context, new, {Place("acquisition", "call"): Place("acquisition", "mail")})
    opened = deals.show(now, number)
    assert (opened.deal.detail, [visit.detail for visit in opened.visits]) == ("mail", ["mail"])
    assert opened.events[-1].data["note"] == "In acquisition: call scheduled was given up"
    assert (deal(now, beside).detail, deal(now, beside).version) == ("meeting", 1)
    assert now.pipeline.detail_name("acquisition", "call") == "call scheduled"
    assert is_sound(now, location)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({Place("waiting"): Place("acquisition", "call")}, "Waiting stays as it is"),
        ({Place("offered"): Place("offered")}, "Offered is no stage of Sales any more"),
        ({Place("offered"): Place("nowhere")}, 'there is no stage "nowhere"'),
        ({Place("offered"): Place("acquisition", "contract")}, 'no detail of In acquisition "contract"'),
    ],
)
def test_moves_that_make_no_sense_are_refused(context: Context, where: Moves, why: str) -> None:
    add(context, "offered", **OFFER)
    with pytest.raises((BadInput, NotFound), match=why):
        applied(context, without(context, "offered"), where)


def test_a_lost_deal_keeps_its_reason_in_another_lost_stage(context: Context, location: str) -> None:
    number = add(context)
    moves.lose(context, [number], {"reason": "price", "reason_note": "twice as much", "follow_up": NEXT})
    before = deal(context, number)
    new = replace(without(context, "resigned"), reasons=(Reason("other", "other"),))
    new = replace(new, stages=(*new.stages, Stage("gone", "Gone", StageKind.LOST)))
    now = apply(context, new, {Place("resigned"): Place("gone")})
    after = deal(now, number)
    assert after.stage == "gone"
    for name in ("outcome", "reason", "reason_note", "follow_up", "closed_on"):
        assert getattr(after, name) == getattr(before, name)
    assert is_sound(now, location)


def test_spam_goes_with_its_stage_and_can_be_restored_there(context: Context, location: str) -> None:
    number, other = add(context, "offered", **OFFER), add(context, "offered", **OFFER)
    activities.spam(context, [number])
    moves.win(context, other)
    with pytest.raises(RuleBroken, match="1 in Offered"):
        applied(context, without(context, "offered"))
    now = apply(context, without(context, "offered"), {Place("offered"): Place("resigned")})
    assert (deal(now, number).outcome, deal(now, number).stage) == (Outcome.SPAM, "waiting")
    assert activities.restore(now, [number])[0].outcome is Outcome.OPEN
    assert is_sound(now, location)


def test_a_stage_changes_its_kind_only_when_its_deals_leave(context: Context, location: str) -> None:
    number = add(context, "offered", **OFFER)
    new = with_stage(context, "offered", kind=StageKind.WON, demands=())
    with pytest.raises(RuleBroken, match="1 in Offered"):
        applied(context, new)
    with pytest.raises(BadInput, match="deals cannot stay in Offered"):
        applied(context, new, {Place("offered"): Place("offered")})
    now = apply(context, new, {Place("offered"): Place("acquisition", "call")})
    assert deals.show(now, number).events[-1].data["note"] == "Offered became a won stage"
    assert moves.move(now, [number], "offered")[0].outcome is Outcome.WON
    assert is_sound(now, location)


def test_at_least_one_stage_of_each_kind_stays(context: Context) -> None:
    for key in ("acquired", "resigned"):
        with pytest.raises(BadInput, match="a pipeline has at least one open, one won and one lost stage"):
            applied(context, without(context, key))
