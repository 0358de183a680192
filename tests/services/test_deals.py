"""Deals: added, edited, followed up, looked at; each actor within his own reach."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind, Role
from funneltui.errors import BadInput, Conflict, FunneltuiError, NotAllowed, NotFound, RuleBroken, StorageError
from funneltui.services import deals, moves
from funneltui.services.people import add_user
from funneltui.storage.database import query
from funneltui.storage.deals import EVERYTHING, Condition

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

TODAY = date(2026, 11, 21)
CLOSE = date(2026, 12, 15)
NASTY = "\x1b]0;x\x07\x9b\u202eA\u200bc\x00me\ud800\ufeff"
TABLES = ("person", "company", "contact", "deal", "visit", "event")


def values(**more: object) -> dict[str, object]:
    return {"title": "Deal", "source": "web", "expected_close": CLOSE} | more


def add(context: Context, **more: object) -> Deal:
    return deals.add(context, values(**more))


def dump(context: Context) -> bytes:
    """Give every row of the tables that a deal touches."""
    return repr([query(context.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES]).encode()


def listed(context: Context) -> list[int]:
    return [deal.number for deal in deals.listed(context, EVERYTHING, "d.number")]


@pytest.fixture
def bor(context: Context, as_user: Callable[[str], Context]) -> Context:
    """Give the workspace as bor, a rep, sees it."""
    add_user(context, "bor", Role.REP)
    return as_user("bor")


def test_a_new_deal_begins_in_the_first_open_stage(context: Context) -> None:
    deal = add(context)
    assert (deal.number, deal.stage, deal.outcome, deal.version, deal.reach) == (
        1,
        "waiting",
        Outcome.OPEN,
        1,
        "waiting",
    )
    assert (deal.owner, deal.created_by, deal.currency) == ("ana", "ana", "EUR")


def test_a_new_deal_has_one_open_visit_and_one_event(context: Context) -> None:
    opened = deals.show(context, add(context).number)
    assert [(visit.stage, visit.left) for visit in opened.visits] == [("waiting", None)]
    (created,) = opened.events
    assert (created.kind, created.data["before"]) == (EventKind.CREATED, {})
    assert created.data["after"]["title"] == "Deal"
    assert created.data["after"]["expected_close"] == "2026-12-15"


def test_what_is_given_back_is_what_is_stored(context: Context) -> None:
    deal = add(context, company="Acme", contact="Ann", amount=100, tags=("big",), probability=0, notes="a\nb")
    assert deals.show(context, deal.number).deal == deal


@pytest.mark.parametrize("field", ["title", "source", "expected_close"])
def test_a_new_deal_demands_a_title_a_source_and_an_expected_close(context: Context, field: str) -> None:
    before = dump(context)
    with pytest.raises(RuleBroken) as refused:
        add(context, **{field: None if field != "title" else " \u200b"})
    assert [one.field for one in refused.value.missing] == [field]
    assert dump(context) == before


def test_a_new_deal_in_a_later_stage_goes_through_its_gate(context: Context) -> None:
    before = dump(context)
    with pytest.raises(RuleBroken) as refused:
        deals.add(context, values(), "offered")
    assert [one.field for one in refused.value.missing] == ["detail", "follow_up"]
    assert dump(context) == before


def test_a_deal_that_is_won_at_once_was_open_first(context: Context) -> None:
    deal = deals.add(context, values(), "acquired")
    assert (deal.outcome, deal.closed_on, deal.reach) == (Outcome.WON, TODAY, "acquired")
    assert [(visit.stage, visit.seconds) for visit in deals.show(context, deal.number).visits] == [
        ("waiting", 0), ("acquired", None),
    ]  # fmt: skip


def test_a_deal_that_is_lost_at_once_demands_its_reason(context: Context) -> None:
    with pytest.raises(RuleBroken):
        deals.add(context, values(), "resigned")
    lost = deals.add(context, values(reason="price"), "resigned")
    assert (lost.outcome, lost.closed_on, lost.reach) == (Outcome.LOST, TODAY, "waiting")


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 20)])
def test_a_new_deal_cannot_have_closed_before_today_or_after(context: Context, day: date) -> None:
    with pytest.raises(RuleBroken):
        deals.add(context, values(closed_on=day), "acquired")


def test_a_new_open_deal_takes_no_close_date(context: Context) -> None:
    with pytest.raises((RuleBroken, BadInput)):
        add(context, closed_on=TODAY)


OUT_OF_BOUNDS: list[dict[str, object]] = [
    {"amount": -1},
    {"amount": 10**15 + 1},
    {"probability": 101},
    {"probability": -1},
    {"expected_close": date(1901, 1, 1)},
    {"follow_up": date(2201, 1, 1)},
    {"currency": "EU"},
    {"currency": "euros"},
    {"currency": "ZZZ"},
]
TEXTS = ("title", "company", "contact", "email", "phone", "follow_up_note", "qualifier", "notes")


def refusal(context: Context, wrong: dict[str, object]) -> tuple[type[FunneltuiError] | None, bool]:
    """Give the error with which a new deal is refused, and whether anything was stored; undo it in either case."""
    before, error = dump(context), None
    with context.database.atomic() as transaction:
        try:
            add(context, **wrong)
        except FunneltuiError as refused:
            error = type(refused)
        stored = dump(context) != before
        transaction.rollback()
    return error, stored


def test_a_value_out_of_bounds_is_bad_input_and_stores_nothing(context: Context) -> None:
    found = [(wrong, *refusal(context, wrong)) for wrong in OUT_OF_BOUNDS]
    assert found == [(wrong, BadInput, False) for wrong in OUT_OF_BOUNDS]


def test_what_acts_on_a_terminal_is_never_stored(context: Context) -> None:
    deal = add(context, **dict.fromkeys(TEXTS, f"{NASTY} x"))
    edited = deals.edit(context, deal.number, dict.fromkeys(TEXTS, f"{NASTY} y"))
    assert {getattr(deal, field) for field in TEXTS} == {"]0;xAcme x"}
    assert {getattr(edited, field) for field in TEXTS} == {"]0;xAcme y"}
    assert not any(sign in dump(context).decode() for sign in ("\\x1b", "\\u001b", "\\x9b", "\\u202e", "\\u200b"))


def test_the_note_on_a_reason_is_cleaned_too(context: Context) -> None:
    (lost,) = moves.lose(context, [add(context).number], {"reason": "price", "reason_note": f"{NASTY} so"})
    assert lost.reason_note == "]0;xAcme so"


def test_tags_are_cleaned_whoever_brings_them(context: Context) -> None:
    deal = add(context, tags=(f"{NASTY}", "two words"))
    stored = deals.show(context, deal.number).deal
    assert stored == deal
    assert all(tag.isprintable() for tag in stored.tags)


def test_an_edit_changes_what_it_names_and_says_so_in_one_event(context: Context) -> None:
    deal = add(context, amount=100)
    edited = deals.edit(context, deal.number, {"amount": 200})
    last = deals.show(context, deal.number).events[-1]
    assert (edited.amount, edited.title, edited.version) == (200, "Deal", 2)
    assert (last.kind, last.version) == (EventKind.EDITED, 2)
    touched = deal.touched.isoformat()
    assert last.data == {
        "before": {"amount": 100}, "after": {"amount": 200}, "currency": "EUR", "touched": touched,
    }  # fmt: skip


def test_an_edit_that_changes_nothing_leaves_no_event(context: Context) -> None:
    deal = add(context)
    before = dump(context)
    assert deals.edit(context, deal.number, {"title": " Deal "}) == deal
    assert dump(context) == before


@pytest.mark.parametrize("field", ["title", "source", "expected_close"])
def test_no_edit_takes_away_what_every_deal_has(context: Context, field: str) -> None:
    deal = add(context)
    before = dump(context)
    with pytest.raises(RuleBroken):
        deals.edit(context, deal.number, {field: "" if field == "title" else None})
    assert dump(context) == before


@pytest.mark.parametrize("field", ["detail", "follow_up"])
def test_no_edit_takes_away_what_the_stage_demands(context: Context, field: str) -> None:
    deal = deals.add(context, values(detail="contract", follow_up=TODAY), "offered")
    before = dump(context)
    with pytest.raises(RuleBroken) as refused:
        deals.edit(context, deal.number, {field: None})
    assert [one.field for one in refused.value.missing] == [field]
    assert dump(context) == before


def test_no_edit_takes_the_reason_of_a_loss_away(context: Context) -> None:
    deal = deals.add(context, values(reason="price"), "resigned")
    with pytest.raises(RuleBroken):
        deals.edit(context, deal.number, {"reason": None})
    assert deals.edit(context, deal.number, {"reason": "other"}).reason == "other"


def test_an_edit_to_another_stage_is_a_move_through_the_gate(context: Context) -> None:
    deal = add(context)
    with pytest.raises(RuleBroken):
        deals.edit(context, deal.number, {"title": "New"}, stage="acquisition")
    moved = deals.edit(context, deal.number, {"title": "New", "detail": "call"}, stage="acquisition")
    opened = deals.show(context, deal.number)
    assert (moved.stage, moved.title) == ("acquisition", "New")
    assert [event.kind for event in opened.events] == [EventKind.CREATED, EventKind.MOVED]
    assert len(opened.visits) == 2


def test_an_edit_of_the_currency_keeps_the_amount_and_says_both(context: Context) -> None:
    deal = add(context, amount=100)
    edited = deals.edit(context, deal.number, {"currency": "USD"})
    assert (edited.amount, edited.currency) == (100, "USD")
    assert deals.show(context, deal.number).events[-1].data["after"] == {"currency": "USD"}


def test_an_open_deal_has_no_close_date(context: Context) -> None:
    deal = add(context)
    with pytest.raises((RuleBroken, BadInput), match="win or lose it"):
        deals.edit(context, deal.number, {"closed_on": TODAY})
    with pytest.raises((RuleBroken, BadInput)):
        deals.edit(context, deal.number, {"closed_on": TODAY, "detail": "call"}, stage="acquisition")


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 22), None])
def test_a_close_date_lies_between_the_beginning_and_today(context: Context, day: date | None) -> None:
    deal = moves.win(context, add(context).number)
    with pytest.raises((RuleBroken, BadInput)):
        deals.edit(context, deal.number, {"closed_on": day})


def test_spam_is_not_edited(context: Context) -> None:
    deal = add(context)
    query(context.database, "UPDATE deal SET outcome = 'spam' RETURNING number")
    with pytest.raises(RuleBroken, match="restore it first"):
        deals.edit(context, deal.number, {"title": "New"})


def test_a_stale_edit_is_a_conflict_that_says_who_changed_what(
    context: Context, bor: Context, as_user: Callable[[str], Context]
) -> None:
    deal = add(bor)
    deals.edit(context, deal.number, {"title": "Anas title", "amount": 7})
    before = dump(context)
    with pytest.raises(Conflict, match=r"ana edited it \(amount, title\) at 10:30 on 21 Nov"):
        deals.edit(bor, deal.number, {"title": "Bors title"}, versions={deal.number: 1})
    assert dump(context) == before


def test_a_follow_up_is_set_and_taken_away(context: Context) -> None:
    deal = add(context)
    due = deals.follow_up(context, deal.number, TODAY, "call Ann")
    assert (due.follow_up, due.follow_up_note, due.due) == (TODAY, "call Ann", TODAY)
    gone = deals.follow_up(context, deal.number, None, "ignored")
    assert (gone.follow_up, gone.follow_up_note, gone.due) == (None, "", CLOSE)


def test_an_offered_deal_always_has_a_follow_up(context: Context) -> None:
    deal = deals.add(context, values(detail="contract", follow_up=TODAY), "offered")
    with pytest.raises(RuleBroken, match="follow-up"):
        deals.follow_up(context, deal.number, None, "")


def test_the_follow_up_moves_no_expected_close(context: Context) -> None:
    deal = add(context)
    assert deals.follow_up(context, deal.number, TODAY, "").expected_close == CLOSE


def test_a_reps_new_deal_is_his_own(bor: Context) -> None:
    assert add(bor).owner == "bor"
    assert add(bor, owner=None).owner == "bor"
    assert add(bor, owner="me").owner == "bor"


def test_a_managers_new_deal_can_be_anybodys_or_nobodys(context: Context, bor: Context) -> None:
    assert add(context, owner="BOR").owner == "bor"
    assert add(context, owner=None).owner is None
    assert add(context, owner="").owner is None


def test_a_rep_makes_no_deal_for_somebody_else(context: Context, bor: Context) -> None:
    before = dump(context)
    with pytest.raises(NotAllowed):
        add(bor, owner="ana")
    assert dump(context) == before


@pytest.mark.parametrize("owner", ["ana", None, ""])
def test_a_rep_cannot_give_a_deal_away(context: Context, bor: Context, owner: str | None) -> None:
    deal = add(bor)
    before = dump(context)
    with pytest.raises(NotAllowed):
        deals.edit(bor, deal.number, {"owner": owner})
    assert dump(context) == before


def test_a_manager_gives_a_deal_to_a_rep_and_takes_it_back(context: Context, bor: Context) -> None:
    deal = add(context)
    deals.edit(context, deal.number, {"owner": "bor"})
    assert deals.show(bor, deal.number).deal.owner == "bor"
    deals.edit(context, deal.number, {"owner": None})
    with pytest.raises(NotFound):
        deals.show(bor, deal.number)


def test_a_deal_goes_to_nobody_unknown(context: Context) -> None:
    deal = add(context)
    with pytest.raises(NotFound, match='no user "cene"'):
        deals.edit(context, deal.number, {"owner": "cene"})


def test_a_rep_sees_his_own_deals_and_a_manager_all(context: Context, bor: Context) -> None:
    anas, bors, nobodys = add(context), add(bor), add(context, owner=None)
    assert listed(bor) == [bors.number]
    assert listed(context) == [anas.number, bors.number, nobodys.number]


def test_a_rep_reads_and_writes_none_of_somebody_elses_deals(context: Context, bor: Context) -> None:
    others = [add(context), add(context, owner=None)]
    before = dump(context)
    for other in others:
        for attempt in (
            lambda number: deals.show(bor, number),
            lambda number: deals.edit(bor, number, {"title": "Mine"}),
            lambda number: deals.edit(bor, number, {"owner": "bor"}),
            lambda number: deals.follow_up(bor, number, TODAY, "mine"),
        ):
            with pytest.raises(NotFound, match="among yours"):
                attempt(other.number)
    assert dump(context) == before


def test_somebody_elses_deal_and_no_deal_are_refused_alike(context: Context, bor: Context) -> None:
    other = add(context)
    messages = []
    for number in (other.number, 99):
        with pytest.raises(NotFound) as refused:
            deals.edit(bor, number, {"title": "Mine"}, versions={number: 77})
        messages.append(str(refused.value).replace(str(number), "N"))
    assert messages[0] == messages[1]


def test_no_condition_widens_a_reps_list(context: Context, bor: Context) -> None:
    add(context)
    either = Condition("d.outcome = ? OR d.outcome = ?", ("open", "won"))
    assert list(deals.listed(bor, either, "d.number")) == []


def test_a_list_can_be_left_half_read(context: Context) -> None:
    for _ in range(3):
        add(context)
    listing = deals.listed(context, EVERYTHING, "d.number")
    next(listing)
    del listing
    assert add(context).number == 4


def test_numbers_are_given_once(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    assert [add(context).number, add(other).number, add(context).number] == [1, 2, 3]


def test_a_lost_connection_is_told_in_words(context: Context) -> None:
    from funneltui.services import reports

    last = reports.board(context, context.pipeline, []).position
    if hasattr(context.database, "pragma"):
        pytest.skip("a file has no connection to lose")
    pid = query(context.database, "SELECT pg_backend_pid()")[0][0]
    _end_connection(context, pid)
    with pytest.raises(StorageError):
        reports.changed_since(context, last)


def _end_connection(context: Context, pid: int) -> None:
    import psycopg

    connection = context.database.connection()
    with psycopg.connect(connection.info.dsn, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
