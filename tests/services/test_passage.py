"""Going back and skipping: allowed, warned of before and after, and recorded in the move's event (E2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.history import EventKind
from funneltui.services import deals, imports, moves, undo
from funneltui.services.imports import ImportRow, Origin

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

CLOSE = date(2026, 12, 15)
OFFER = {"detail": "contract", "follow_up": date(2026, 11, 25)}
CALL = {"detail": "call"}
NOTHING_SAID: dict[str, object] = {}


def add(context: Context, stage: str = "waiting", **more: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | more, stage)


def recorded(context: Context, number: int) -> dict[str, object]:
    """Give what a deal's latest event says of the way it went."""
    data = deals.show(context, number).events[-1].data
    return {name: data[name] for name in ("passage", "skipped") if name in data}


def test_the_next_stage_is_recorded_as_nothing_special(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", CALL)
    assert recorded(context, deal.number) == NOTHING_SAID


def test_a_move_back_is_recorded(context: Context) -> None:
    deal = add(context, "offered", **OFFER)
    moves.move(context, [deal.number], "acquisition", CALL)
    assert recorded(context, deal.number) == {"passage": "back"}


def test_a_move_over_a_stage_is_recorded_with_what_it_left_out(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "offered", OFFER, note="they asked for it")
    assert recorded(context, deal.number) == {"passage": "skip", "skipped": ["acquisition"]}
    assert deals.show(context, deal.number).events[-1].data["note"] == "they asked for it"


def test_a_win_out_of_the_blue_leaves_all_open_stages_out(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    assert recorded(context, deal.number) == {"passage": "skip", "skipped": ["acquisition", "offered"]}


def test_a_win_from_the_last_open_stage_leaves_nothing_out(context: Context) -> None:
    deal = add(context, "offered", **OFFER)
    moves.win(context, deal.number)
    assert recorded(context, deal.number) == NOTHING_SAID


def test_a_loss_is_no_skip_and_a_reopening_not_back(context: Context) -> None:
    deal = add(context, "offered", **OFFER)
    moves.lose(context, [deal.number], {"reason": "price"})
    assert recorded(context, deal.number) == NOTHING_SAID
    moves.reopen(context, deal.number, "waiting")
    assert recorded(context, deal.number) == NOTHING_SAID


def test_an_edit_into_another_stage_records_it_too(context: Context) -> None:
    deal = add(context)
    deals.edit(context, deal.number, {"title": "New", **OFFER}, stage="offered")
    assert recorded(context, deal.number) == {"passage": "skip", "skipped": ["acquisition"]}


def test_of_several_deals_each_records_its_own_way(context: Context) -> None:
    next_one, over, back = add(context), add(context), add(context, "offered", **OFFER)
    moves.move(context, [next_one.number, back.number], "acquisition", CALL)
    moves.move(context, [next_one.number, over.number], "offered", OFFER)
    assert recorded(context, next_one.number) == NOTHING_SAID
    assert recorded(context, over.number) == {"passage": "skip", "skipped": ["acquisition"]}
    assert recorded(context, back.number) == {"passage": "back"}


def test_undoing_a_move_forward_is_no_move_back(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", CALL)
    undo.undo(context)
    assert deals.show(context, deal.number).events[-1].kind is EventKind.UNDONE
    assert recorded(context, deal.number) == NOTHING_SAID


def test_a_move_over_a_stage_can_be_undone_and_redone(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "offered", OFFER)
    assert undo.undo(context).deals[0].stage == "waiting"
    assert undo.redo(context).deals[0].stage == "offered"


def test_an_import_goes_over_stages_without_a_word(context: Context) -> None:
    origin = Origin("crm", "deals.csv", context.pipeline)
    values: dict[str, object] = {"title": "Deal", "source": "web", "expected_close": CLOSE}

    def imported(stage: str, **more: object) -> imports.RowResult:
        row = ImportRow(2, values | more, {}, "EUR", stage, external_id="7")
        return imports.import_batch(context, [row], origin)[0]

    assert imported("waiting").why == ""
    assert imported("offered", **OFFER) == imports.RowResult(2, imports.Fate.UPDATED, number=1)


def test_a_mover_is_warned_before_he_moves(context: Context) -> None:
    deal = add(context, "acquisition", **CALL)
    stage = context.pipeline.stage
    assert moves.warning_of(context, deal, stage("waiting")) == "back from In acquisition to Waiting"
    assert moves.warning_of(context, deal, stage("acquired")) == "skips Offered"
    assert moves.warning_of(context, deal, stage("offered")) == ""


def test_of_several_deals_each_warning_is_said_once(context: Context) -> None:
    first, second, offered = add(context), add(context), add(context, "offered", **OFFER)
    ways = [(first, "offered"), (offered, "waiting"), (second, "offered")]
    assert moves.warnings_of(context, ways) == "deals 1, 2: skips In acquisition; deal 3: back from Offered to Waiting"


def test_among_several_the_deal_that_is_warned_of_is_named(context: Context) -> None:
    first, second = add(context), add(context, "acquisition", **CALL)
    assert moves.warnings_of(context, [(first, "offered"), (second, "offered")]) == "deal 1: skips In acquisition"
    assert moves.warnings_of(context, [(first, "offered")]) == "skips In acquisition"
    assert moves.warnings_of(context, [(second, "offered")]) == ""
