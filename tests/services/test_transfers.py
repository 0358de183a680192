"""Transfers: deals go to another pipeline through its gate, and neither funnel takes the other's stays for its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.history import EventKind, Role
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import FunneltuiError, NotFound, RuleBroken
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, health, moves, pipelines, reports, undo
from funneltui.services.context import Clock, Context
from funneltui.services.people import add_user
from funneltui.services.transfers import move_to_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

CLOSE, NEXT = date(2026, 12, 15), date(2026, 11, 25)
OFFER = {"detail": "contract", "follow_up": NEXT}
PARTNERS = Pipeline(
    "partners", "Partners", "EUR",
    (
        Stage("found", "Found"),
        Stage("offered", "Offered", details=(Detail("draft", "draft"),), demands=("detail",)),
        Stage("signed", "Signed", StageKind.WON),
        Stage("resigned", "Resigned", StageKind.LOST),
    ),
    (Reason("dear", "Too expensive"),),
    (Source("web", "web"), Source("call", "phone")),
)  # fmt: skip


@pytest.fixture
def two(context: Context) -> Context:
    """Give the workspace with a second pipeline, one of whose stages has the same key as one of the first."""
    return pipelines.add_pipeline(context, PARTNERS, to_toml)


def add(context: Context, stage: str | None = None, **values: object) -> int:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values, stage).number


def go(context: Context, number: int, stage: str | None = None, pipeline: str = "partners", **given: object) -> Deal:
    return move_to_pipeline(context, [number], pipeline, stage, given)[0]


def later(context: Context, **passed: float) -> Context:
    return replace(context, clock=Clock(context.clock.zone, context.clock.now() + timedelta(**passed)))


def reached(context: Context, pipeline: str, mode: Mode = Mode.CONVERSION) -> list[int]:
    return [row.reached for row in reports.funnel_of(context, context.pipeline_of(pipeline), mode).stages]


def test_a_deal_arrives_in_the_first_stage_with_what_it_has(two: Context, location: str) -> None:
    number = add(two, "offered", amount=500, company="Acme", owner="ana", **OFFER)
    before = deals.show(two, number).deal
    after = go(later(two, hours=1), number)
    assert (after.pipeline, after.stage, after.detail, after.reach) == ("partners", "found", None, "found")
    for name in ("number", "title", "amount", "company", "owner", "source", "follow_up", "expected_close", "created"):
        assert getattr(after, name) == getattr(before, name)
    visits = deals.show(two, number).visits
    assert [(visit.stage, visit.seconds, visit.pipeline) for visit in visits] == [
        ("offered", 3600, "sales"), ("found", None, None),
    ]  # fmt: skip
    assert health.examine(two, location).findings == ()


def test_its_event_says_from_where_to_where(two: Context) -> None:
    number = add(two)
    go(two, number)
    event = deals.show(two, number).events[-1]
    assert event.kind is EventKind.MOVED
    assert (event.data["before"]["pipeline"], event.data["after"]["pipeline"]) == ("sales", "partners")
    assert undo.told_history(two, number)[0].what == f"moved deal {number} to found of partners"


def test_a_stage_of_the_same_key_is_another_stage(two: Context, location: str) -> None:
    number = add(two, "offered", **OFFER)
    with pytest.raises(RuleBroken, match=r"Offered demands a detail \(draft\)"):
        go(two, number, "offered")
    after = go(two, number, "offered", detail="draft")
    assert (after.stage, after.detail, len(deals.show(two, number).visits)) == ("offered", "draft", 2)
    back = go(two, number, "waiting", "sales")
    assert back.stage == "waiting"
    assert health.examine(two, location).findings == ()


def test_each_funnel_counts_the_stays_in_its_own_stages(two: Context, location: str) -> None:
    number = add(two, "offered", **OFFER)
    assert (reached(two, "sales"), reached(two, "partners")) == ([1, 1, 1], [0, 0])
    go(two, number)
    assert (reached(two, "sales"), reached(two, "partners")) == ([0, 0, 0], [1, 0])
    assert reached(two, "partners", Mode.ENTERED) == [1, 0]
    go(two, number, "waiting", "sales")
    assert (reached(two, "sales"), reached(two, "partners")) == ([1, 1, 1], [0, 0])
    assert reached(two, "sales", Mode.ENTERED) == [1, 0, 1]
    assert health.examine(two, location).findings == ()


def test_sources_go_over_by_key_or_name_or_are_demanded(two: Context) -> None:
    by_key, by_name, unknown = add(two), add(two, source="phone"), add(two, source="other")
    assert (go(two, by_key).source, go(two, by_name).source) == ("web", "call")
    with pytest.raises(RuleBroken, match=r"a deal demands a source \(web, call\)") as refused:
        go(two, unknown)
    assert [one.field for one in refused.value.missing] == ["source"]
    assert go(two, unknown, source="web").source == "web"


def test_a_lost_deal_takes_its_reason_along_if_it_is_known_there(two: Context) -> None:
    same, other = add(two), add(two)
    moves.lose(two, [same], {"reason": "price", "reason_note": "by half"})
    moves.lose(two, [other], {"reason": "other"})
    after = go(two, same, "resigned")
    assert (after.outcome, after.reason, after.reason_note) == (Outcome.LOST, "dear", "by half")
    with pytest.raises(RuleBroken, match=r"Resigned demands a rejection reason \(dear\)"):
        go(two, other, "resigned")
    reopened = go(two, other)
    assert (reopened.outcome, reopened.reason, reopened.closed_on) == (Outcome.OPEN, None, None)


def test_a_won_deal_stays_won_on_its_day(two: Context) -> None:
    number = add(two)
    moves.win(two, number)
    after = go(later(two, days=3), number, "signed")
    assert (after.outcome, after.closed_on) == (Outcome.WON, date(2026, 11, 21))


def test_all_go_or_none(two: Context) -> None:
    numbers = [add(two), add(two, source="other")]
    with pytest.raises(RuleBroken, match=r"deal 2: a deal demands a source \(web, call\); none was moved"):
        move_to_pipeline(two, numbers, "partners")
    assert {deals.show(two, number).deal.pipeline for number in numbers} == {"sales"}


def test_undo_and_redo_bring_it_back_with_both_histories(two: Context, location: str) -> None:
    number = add(two, "offered", **OFFER)
    moves.move(two, [number], "waiting")
    before = deals.show(two, number)
    go(two, number, "offered", detail="draft")
    undo.undo(two)
    undone = deals.show(two, number)
    assert replace(undone.deal, version=0) == replace(before.deal, version=0)
    assert undone.visits == before.visits
    assert reached(two, "sales") == [1, 1, 1]
    undo.redo(two)
    assert (reached(two, "sales"), reached(two, "partners")) == ([0, 0, 0], [1, 1])
    assert health.examine(two, location).findings == ()


def test_a_change_of_the_pipeline_left_behind_touches_no_deal_that_left(two: Context, location: str) -> None:
    number = add(two, "offered", **OFFER)
    go(two, number, "found")
    stages = tuple(stage for stage in two.pipeline.stages if stage.key != "offered")
    now = pipelines.apply(two, replace(two.pipeline, stages=stages), {}, to_toml).context
    assert (reached(now, "sales"), reached(now, "partners")) == ([0, 0], [1, 0])
    with pytest.raises(RuleBroken, match="would stand in Offered, which is no stage of Sales any more"):
        undo.undo(now)
    assert health.examine(now, location).findings == ()


def test_what_cannot_go_is_refused(two: Context, as_user: Callable[[str], Context]) -> None:
    add_user(two, "bor", Role.REP)
    number, junk = add(two), add(two)
    activities.spam(two, [junk])
    retired = pipelines.retire_pipeline(two, "partners", to_toml)
    refusals: list[tuple[Context, int, str, str | None, str]] = [
        (retired, number, "sales", None, "it is in Sales already"),
        (retired, junk, "sales", None, "it is spam"),
        (retired, number, "partners", None, "Partners is retired"),
        (retired, number, "nowhere", None, 'no pipeline "nowhere"'),
        (retired, number, "sales", "nowhere", 'no stage "nowhere"'),
        (as_user("bor"), number, "sales", None, "no deal 1 among yours"),
    ]
    for context, which, pipeline, stage, why in refusals:
        with pytest.raises(FunneltuiError, match=why):
            move_to_pipeline(context, [which], pipeline, stage)


def test_a_rep_takes_his_own_deals_over(two: Context, as_user: Callable[[str], Context]) -> None:
    add_user(two, "bor", Role.REP)
    own, others = add(two, owner="bor"), add(two)
    rep = as_user("bor")
    assert go(rep, own).pipeline == "partners"
    with pytest.raises(NotFound):
        go(rep, others)
