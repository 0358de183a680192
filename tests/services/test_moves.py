"""Moves: through the gate or not at all, each with its visit and its event."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import EventKind, Role
from funneltui.errors import BadInput, Conflict, FunneltuiError, NotAllowed, NotFound, RuleBroken
from funneltui.services import deals, moves
from funneltui.services.context import Context
from funneltui.services.people import add_user
from funneltui.storage.database import query
from tests.services.moved import OFFER, TODAY, add, dump, later, visits

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_move_closes_the_visit_with_its_seconds_and_opens_the_next(context: Context) -> None:
    deal = add(context)
    moves.move(later(context, hours=2), [deal.number], "acquisition", {"detail": "call"})
    moves.move(later(context, hours=3), [deal.number], "offered", OFFER)
    assert visits(context, deal.number) == [("waiting", 7200), ("acquisition", 3600), ("offered", None)]


def test_the_new_visit_begins_when_the_old_one_ends(context: Context) -> None:
    deal = add(context)
    moves.move(later(context, hours=2), [deal.number], "acquisition", {"detail": "call"})
    first, second = deals.show(context, deal.number).visits
    assert first.left == second.entered == context.clock.now() + timedelta(hours=2)
    assert (second.detail, second.who) == ("call", "ana")


def test_a_move_writes_one_event_with_before_and_after(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    created, moved = deals.show(context, deal.number).events
    assert (created.kind, moved.kind, moved.version, moved.who) == (EventKind.CREATED, EventKind.MOVED, 2, "ana")
    assert moved.data["before"]["stage"] == "waiting"
    assert moved.data["after"]["stage"] == "acquisition"
    assert (moved.data["before"]["detail"], moved.data["after"]["detail"]) == (None, "call")


def test_a_note_said_with_a_move_is_kept_cleaned_in_its_event(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"}, note=" liked it\x1b[2J ")
    assert deals.show(context, deal.number).events[-1].data["note"] == "liked it[2J"


def test_a_note_of_nothing_printable_is_no_change(context: Context) -> None:
    deal = add(context)
    assert moves.move(context, [deal.number], "waiting", note="\x1b") == [deal]
    assert len(deals.show(context, deal.number).events) == 1


BLOCKED: list[tuple[str, dict[str, object], set[str]]] = [
    ("acquisition", {}, {"detail"}),
    ("acquisition", {"detail": "contract"}, {"detail"}),
    ("acquisition", {"detail": "\x1b"}, {"detail"}),
    ("offered", {}, {"detail", "follow_up"}),
    ("offered", {"detail": "contract"}, {"follow_up"}),
    ("offered", {"follow_up": date(2026, 11, 25)}, {"detail"}),
    ("resigned", {}, {"reason"}),
    ("resigned", {"reason": "boredom"}, {"reason"}),
    ("resigned", {"reason": ""}, {"reason"}),
    ("acquired", {"title": ""}, {"title"}),
    ("acquired", {"expected_close": None}, {"expected_close"}),
    ("acquired", {"source": None}, {"source"}),
    ("acquired", {"source": "astrology"}, {"source"}),
    ("acquired", {"detail": "call"}, {"detail"}),
]
REFUSED: list[tuple[list[int], str, dict[str, object], type[FunneltuiError]]] = [
    ([1, 99], "acquisition", {"detail": "call"}, NotFound),
    ([1], "nowhere", {}, NotFound),
    ([1], "acquisition", {"detail": "call", "owner": "nobody of this name"}, NotFound),
    ([1], "acquisition", {"detail": "call", "amount": -1}, BadInput),
    ([1], "acquisition", {"detail": "call", "probability": 150}, BadInput),
    ([1], "acquisition", {"detail": "call", "follow_up": date(2900, 1, 1)}, BadInput),
    ([1], "acquired", {"closed_on": date(2026, 11, 22)}, RuleBroken),
    ([1], "acquired", {"closed_on": date(2026, 11, 20)}, RuleBroken),
    ([1], "acquired", {"currency": "euros"}, BadInput),
]


def test_a_blocked_move_says_what_is_missing_and_changes_nothing(context: Context) -> None:
    deal = add(context)
    before = dump(context.database)
    for stage, given, missing in BLOCKED:
        with pytest.raises(RuleBroken) as refused:
            moves.move(context, [deal.number], stage, given)
        assert {one.field for one in refused.value.missing} == missing, (stage, given)
        assert dump(context.database) == before, (stage, given)


def refusal(context: Context, do: Callable[[], object]) -> tuple[type[FunneltuiError] | None, bool]:
    """Give the error with which something is refused, and whether it changed anything; undo it in either case."""
    before, error = dump(context.database), None
    with context.database.atomic() as transaction:
        try:
            do()
        except FunneltuiError as refused:
            error = type(refused)
        changed = dump(context.database) != before
        transaction.rollback()
    return error, changed


def test_whatever_is_refused_changes_nothing(context: Context) -> None:
    add(context)
    found = [
        (stage, given, *refusal(context, partial(moves.move, context, numbers, stage, given)))
        for numbers, stage, given, _ in REFUSED
    ]
    assert found == [(stage, given, error, False) for _, stage, given, error in REFUSED]


def test_several_deals_move_together(context: Context) -> None:
    numbers = [add(context).number for _ in range(3)]
    moved = moves.move(context, numbers, "acquisition", {"detail": "call"})
    assert [deal.number for deal in moved] == numbers
    assert {deal.stage for deal in moved} == {"acquisition"}


def test_one_deal_that_may_not_move_keeps_all_where_they_are(context: Context) -> None:
    with_note, without = add(context, follow_up=TODAY), add(context)
    before = dump(context.database)
    with pytest.raises(RuleBroken, match=f"deal {without.number}: .*follow-up.*none was moved"):
        moves.move(context, [with_note.number, without.number], "offered", {"detail": "contract"})
    assert dump(context.database) == before


def test_a_number_named_twice_moves_once(context: Context) -> None:
    deal = add(context)
    assert len(moves.move(context, [deal.number] * 2, "acquisition", {"detail": "call"})) == 1
    assert len(deals.show(context, deal.number).events) == 2


def test_moving_to_where_it_stands_changes_nothing(context: Context) -> None:
    deal = add(context)
    before = dump(context.database)
    assert moves.move(later(context, hours=1), [deal.number], "waiting") == [deal]
    assert dump(context.database) == before


def test_a_new_detail_in_the_same_stage_goes_on_with_the_same_visit(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    moves.move(later(context, hours=1), [deal.number], "acquisition", {"detail": "meeting"})
    last = deals.show(context, deal.number).visits[-1]
    assert (last.detail, last.left, last.entered) == ("meeting", None, context.clock.now())


def test_a_detail_belongs_to_its_stage_and_is_said_anew(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    back = moves.move(context, [deal.number], "waiting")[0]
    assert back.detail is None


def test_skipping_and_going_back_are_allowed_and_keep_the_reach(context: Context) -> None:
    deal = add(context)
    assert moves.move(context, [deal.number], "offered", OFFER)[0].reach == "offered"
    assert moves.move(context, [deal.number], "waiting")[0].reach == "offered"


def test_spam_does_not_move(context: Context) -> None:
    deal = add(context)
    query(context.database, "UPDATE deal SET outcome = 'spam' WHERE number = ? RETURNING number", (deal.number,))
    before = dump(context.database)
    for attempt in (
        lambda: moves.move(context, [deal.number], "acquisition", {"detail": "call"}),
        lambda: moves.win(context, deal.number),
        lambda: moves.lose(context, [deal.number], {"reason": "price"}),
        lambda: moves.reopen(context, deal.number, "waiting"),
    ):
        with pytest.raises(RuleBroken, match="spam"):
            attempt()
    assert dump(context.database) == before


def test_a_stale_version_is_a_conflict_that_says_who_changed_what(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    deal = add(context)
    add_user(context, "bor", Role.MANAGER)
    moves.move(as_user("bor"), [deal.number], "offered", OFFER)
    before = dump(context.database)
    with pytest.raises(Conflict) as refused:
        moves.move(context, [deal.number], "acquisition", {"detail": "call"}, {deal.number: deal.version})
    assert "bor moved it to offered at 10:30 on 21 Nov" in str(refused.value)
    assert dump(context.database) == before


@pytest.mark.parametrize("how", ["win", "lose", "edit", "follow_up"])
def test_every_change_minds_a_stale_version(context: Context, how: str) -> None:
    deal = add(context)
    stale = {deal.number: deal.version}
    deals.edit(context, deal.number, {"amount": 5})
    with pytest.raises(Conflict, match=r"ana edited it \(amount\)"):
        {
            "win": lambda: moves.win(context, deal.number, {}, stale),
            "lose": lambda: moves.lose(context, [deal.number], {"reason": "price"}, stale),
            "edit": lambda: deals.edit(context, deal.number, {"title": "New"}, versions=stale),
            "follow_up": lambda: deals.follow_up(context, deal.number, TODAY, "call", stale),
        }[how]()


def test_a_reopening_minds_a_stale_version(context: Context) -> None:
    deal = moves.win(context, add(context).number)
    deals.edit(context, deal.number, {"amount": 5})
    with pytest.raises(Conflict):
        moves.reopen(context, deal.number, "waiting", {}, {deal.number: deal.version})


def test_the_version_that_was_seen_may_move(context: Context) -> None:
    deal = add(context)
    moved = moves.move(context, [deal.number], "acquisition", {"detail": "call"}, {deal.number: deal.version})[0]
    assert moved.version == deal.version + 1


def test_a_rep_cannot_give_a_deal_away_with_a_move(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    deal = add(bor)
    before = dump(context.database)
    for owner in ("ana", None, ""):
        with pytest.raises(NotAllowed):
            moves.move(bor, [deal.number], "acquisition", {"detail": "call", "owner": owner})
    assert dump(context.database) == before


def test_a_rep_moves_none_of_somebody_elses_deals(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    mine, anas, nobodys = add(bor), add(context), add(context, owner=None)
    before = dump(context.database)
    for other in (anas, nobodys):
        with pytest.raises(NotFound, match="among yours"):
            moves.move(bor, [mine.number, other.number], "acquisition", {"detail": "call"})
        with pytest.raises(NotFound):
            moves.win(bor, other.number)
        with pytest.raises(NotFound):
            moves.lose(bor, [other.number], {"reason": "price"})
        with pytest.raises(NotFound):
            moves.reopen(bor, other.number, "waiting")
    assert dump(context.database) == before


def test_a_change_made_while_a_list_is_read_is_kept(context: Context) -> None:
    from funneltui.storage.deals import EVERYTHING

    deal = add(context)
    listing = deals.listed(context, EVERYTHING, "d.number")
    next(listing)
    try:
        moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    finally:
        del listing
    assert deals.show(context, deal.number).deal.stage == "acquisition"
