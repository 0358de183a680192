"""What is retired: off the board, known to history; undo and redo across a change of the pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.funnel import Mode
from funneltui.domain.pipeline import Detail, Reason, Source, StageKind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import NotFound, RuleBroken
from funneltui.services import deals, moves, undo
from tests.services.changed_pipelines import (
    CALL,
    OFFER,
    add,
    apply,
    changed,
    deal,
    dump,
    is_sound,
    reached,
    with_stage,
    without,
)

if TYPE_CHECKING:
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context


# --- What is retired


@pytest.fixture
def slim(context: Context) -> Context:
    """Give the workspace after Offered, a detail, a reason and a source were given up; old deals carry them."""
    add(context, "offered", **OFFER)
    moves.lose(context, [add(context, source="phone")], {"reason": "price"})
    add(context, "acquisition", **CALL)
    new = with_stage(context, "acquisition", details=(Detail("meeting", "meeting"),))
    new = replace(new, stages=tuple(stage for stage in new.stages if stage.key != "offered"))
    new = replace(new, reasons=(Reason("other", "other"),), sources=(Source("web", "contact form"),))
    where: Moves = {
        Place("offered"): Place("waiting"), Place("acquisition", "call"): Place("acquisition", "meeting"),
    }  # fmt: skip
    return apply(context, new, where)


def test_a_retired_stage_is_not_on_the_board_and_takes_no_deal(slim: Context) -> None:
    assert [stage.key for stage in slim.pipeline.board_order] == ["waiting", "acquisition", "acquired", "resigned"]
    for attempt in (
        lambda: moves.move(slim, [1], "offered", OFFER), lambda: add(slim, "offered", **OFFER),
        lambda: deals.edit(slim, 1, OFFER, stage="offered"), lambda: moves.reopen(slim, 2, "offered", OFFER),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="Offered is no stage of Sales any more"):
            attempt()


def test_a_retired_detail_is_given_to_no_deal(slim: Context) -> None:
    with pytest.raises(RuleBroken, match='"call" is no detail; choose one of: meeting'):
        deals.edit(slim, 3, {"detail": "call"})


def test_history_still_knows_every_name(slim: Context) -> None:
    known = slim.pipeline
    assert (known.stage_name("offered"), known.detail_name("offered", "contract")) == ("Offered", "contract sent")
    assert (known.reason_name("price"), known.source_name("phone")) == ("too expensive", "phone")
    assert known.detail_name("acquisition", "call") == "call scheduled"


def test_an_old_deal_keeps_its_retired_reason_and_source_through_edits_and_moves(slim: Context) -> None:
    edited = deals.edit(slim, 2, {"title": "Still lost"})
    assert (edited.reason, edited.source) == ("price", "phone")
    reopened = moves.reopen(slim, 2, "waiting")
    assert (reopened.reason, reopened.source) == (None, "phone")
    with pytest.raises(RuleBroken, match='"price" is no rejection reason; choose one of: other'):
        moves.lose(slim, [2], {"reason": "price"})


def test_no_deal_gets_a_retired_source(slim: Context) -> None:
    for attempt in (lambda: add(slim, source="phone"), lambda: deals.edit(slim, 1, {"source": "phone"})):
        with pytest.raises(RuleBroken, match='"phone" is no source; choose one of: web'):
            attempt()


def test_what_is_brought_back_has_its_history_again(context: Context, location: str) -> None:
    number = add(context, "offered", **OFFER)
    moves.move(context, [number], "waiting")
    slim = apply(context, without(context, "offered"))
    assert reached(slim) == {"waiting": (1, 1, 0, 0), "acquisition": (1, 1, 0, 0)}
    back = apply(slim, context.pipeline)
    assert reached(back) == reached(context) == dict.fromkeys(("waiting", "acquisition", "offered"), (1, 1, 0, 0))
    assert back.pipeline.retired.stages == ()
    assert is_sound(back, location)


def test_a_deal_that_visited_only_what_is_retired_is_still_in_the_funnel(context: Context) -> None:
    number = add(context)
    moves.lose(context, [number], {"reason": "price"})
    now = apply(context, without(context, "waiting"))
    assert reached(now) == {"acquisition": (1, 0, 0, 1), "offered": (0, 0, 0, 0)}
    assert reached(now, Mode.ENTERED)["acquisition"] == (0, 0, 0, 0)


# --- Undo


def test_what_a_change_moved_is_undone_as_one_once_the_stage_is_back(context: Context, location: str) -> None:
    numbers = [add(context, "offered", **OFFER) for _ in range(2)]
    slim = apply(context, without(context, "offered"), {Place("offered"): Place("waiting")})
    before = dump(slim)
    with pytest.raises(
        RuleBroken, match="deal 1 would stand in Offered, which is no stage of Sales any more; nothing was undone"
    ):
        undo.undo(slim)
    assert dump(slim) == before
    back = apply(slim, context.pipeline)
    assert undo.undo(back).what == "moved 2 deals to waiting"
    assert [deal(back, number).stage for number in numbers] == ["offered", "offered"]
    assert is_sound(back, location)


def test_no_redo_leads_into_a_retired_stage_or_detail(context: Context) -> None:
    number = add(context)
    moves.move(context, [number], "acquisition", CALL)
    undo.undo(context)
    now = apply(context, with_stage(context, "acquisition", details=(Detail("meeting", "meeting"),)))
    with pytest.raises(
        RuleBroken, match="In acquisition: call scheduled, which is no detail of it any more; nothing was redone"
    ):
        undo.redo(now)


def test_no_redo_adds_a_deal_again_to_a_stage_that_was_retired_since(context: Context) -> None:
    add(context, "offered", **OFFER)
    undo.undo(context)
    now = apply(context, without(context, "offered"))
    with pytest.raises(RuleBroken, match="deal 1 would stand in Offered, which is no stage of Sales any more"):
        undo.redo(now)


def test_an_undone_move_counts_by_the_order_of_today(context: Context, location: str) -> None:
    number = add(context, "acquisition", **CALL)
    moves.move(context, [number], "offered", OFFER)
    stages = context.pipeline.stages
    now = apply(context, changed(context, stages=(stages[0], stages[2], stages[1], *stages[3:])))
    undo.undo(now)
    assert deal(now, number).reach == "acquisition"
    assert reached(now)["offered"] == (1, 1, 0, 0)
    assert is_sound(now, location)


def test_undo_leaves_a_deal_where_its_stage_means_something_else_now(context: Context) -> None:
    number = add(context, "offered", **OFFER)
    moves.move(context, [number], "waiting")
    now = apply(context, with_stage(context, "offered", kind=StageKind.WON))
    with pytest.raises(
        RuleBroken, match="in Offered as open, but the kind of that stage is won now; nothing was undone"
    ):
        undo.undo(now)
