"""Several deals changed at once: all of them or none, one transaction, one undo, and a refusal that names each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind, Role
from funneltui.errors import BadInput, Conflict, NotAllowed, NotFound, RuleBroken
from funneltui.services import activities, deals, moves, undo
from funneltui.services.activities import ContactBy
from funneltui.services.own_changes import Shift, TagChange, read_shift, read_tag_change
from funneltui.services.people import add_user
from funneltui.storage.database import query

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

TODAY, CLOSE, NEXT = date(2026, 11, 21), date(2026, 12, 15), date(2026, 11, 25)
OFFER = {"detail": "contract", "follow_up": NEXT}


def add(context: Context, stage: str = "waiting", **more: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | more, stage)


def dump(context: Context) -> list[object]:
    tables = ("deal", "visit", "event", "change", "company", "contact")
    return [query(context.database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def kinds(context: Context, number: int) -> list[EventKind]:
    return [event.kind for event in deals.show(context, number).events]


def test_many_deals_take_an_owner_a_follow_up_a_chance_and_a_source_at_once(context: Context) -> None:
    add_user(context, "bor", Role.REP)
    numbers = [add(context).number for _ in range(3)]
    values: dict[str, object] = {
        "owner": "bor", "follow_up": NEXT, "follow_up_note": "call", "follow_up_repeat": "1 week", "probability": 40,
        "source": "phone",
    }  # fmt: skip
    changed = deals.edit_all(context, numbers, values)
    assert [deal.number for deal in changed] == numbers
    assert {tuple(getattr(deal, name) for name in values) for deal in changed} == {tuple(values.values())}
    assert changed == deals.several(context, numbers)


def test_a_bulk_edit_is_one_event_a_deal_and_one_undo(context: Context) -> None:
    numbers = [add(context, tags=("a",)).number for _ in range(3)]
    before = deals.several(context, numbers)
    deals.edit_all(context, numbers, {"follow_up": NEXT, "tags": TagChange(("hot",))})
    assert kinds(context, 1) == [EventKind.CREATED, EventKind.EDITED]
    assert undo.undo(context).what == "edited 3 deals (follow_up, tags)"
    assert [(deal.follow_up, deal.tags, deal.touched) for deal in deals.several(context, numbers)] == [
        (deal.follow_up, deal.tags, deal.touched) for deal in before
    ]


def test_only_the_deals_in_which_something_differs_change(context: Context) -> None:
    same, other = add(context, probability=40), add(context)
    deals.edit_all(context, [same.number, other.number], {"probability": 40})
    assert kinds(context, same.number) == [EventKind.CREATED]
    assert kinds(context, other.number) == [EventKind.CREATED, EventKind.EDITED]


def test_tags_are_added_and_taken_away_and_the_others_stay(context: Context) -> None:
    first, second = add(context, tags=("cold", "vip")), add(context, tags=("hot",))
    changed = deals.edit_all(context, [first.number, second.number], {"tags": TagChange(("hot",), ("cold",))})
    assert [deal.tags for deal in changed] == [("hot", "vip"), ("hot",)]


def test_expected_closes_are_put_off_each_from_its_own_day(context: Context) -> None:
    first, second = add(context, expected_close=date(2027, 1, 31)), add(context)
    numbers = [first.number, second.number]
    changed = deals.edit_all(context, numbers, {"expected_close": Shift("+1m")})
    assert [deal.expected_close for deal in changed] == [date(2027, 2, 28), date(2027, 1, 15)]
    changed = deals.edit_all(context, numbers, {"expected_close": Shift("-7d")})
    assert [deal.expected_close for deal in changed] == [date(2027, 2, 21), date(2027, 1, 8)]


def test_a_date_that_is_not_there_is_not_shifted(context: Context) -> None:
    first, second = add(context, follow_up=NEXT), add(context)
    before = dump(context)
    with pytest.raises(RuleBroken, match=r"^deal 2: it has no follow-up date to shift; none was changed$"):
        deals.edit_all(context, [first.number, second.number], {"follow_up": Shift("+1d")})
    assert dump(context) == before


def test_a_date_is_not_shifted_out_of_the_calendar(context: Context) -> None:
    near, far = add(context), add(context, expected_close=date(2200, 12, 31))
    with pytest.raises(RuleBroken, match=r"deal 2: .*lies outside the years"):
        deals.edit_all(context, [near.number, far.number], {"expected_close": Shift("+1d")})
    with pytest.raises(BadInput, match="lies outside the years"):
        deals.edit_all(context, [far.number], {"expected_close": Shift("+1d")})


def test_a_refused_bulk_edit_names_each_deal_with_its_why_and_changes_nothing(context: Context) -> None:
    add(context), add(context, "offered", **OFFER), add(context), add(context, "offered", **OFFER)
    activities.spam(context, [3])
    before = dump(context)
    with pytest.raises(RuleBroken) as refused:
        deals.edit_all(context, [1, 2, 3, 4], {"follow_up": None})
    assert str(refused.value) == (
        "deals 2, 4: Offered demands a follow-up date; deal 3: it is spam; restore it first; none was changed"
    )
    assert [one.field for one in refused.value.missing] == ["follow_up"]
    assert dump(context) == before


def test_many_deals_are_edited_into_a_stage_through_its_gate(context: Context) -> None:
    numbers = [add(context).number for _ in range(2)]
    with pytest.raises(RuleBroken, match=r"deals 1, 2: In acquisition demands a detail .*none was changed"):
        deals.edit_all(context, numbers, {"probability": 5}, stage="acquisition")
    moved = deals.edit_all(context, numbers, {"probability": 5, "detail": "call"}, stage="acquisition")
    assert {(deal.stage, deal.detail, deal.probability) for deal in moved} == {("acquisition", "call", 5)}
    assert [visit.stage for visit in deals.show(context, 2).visits] == ["waiting", "acquisition"]


def test_a_bulk_edit_of_the_detail_goes_on_with_each_visit(context: Context) -> None:
    numbers = [add(context, "acquisition", detail="call").number for _ in range(2)]
    deals.edit_all(context, numbers, {"detail": "meeting"})
    assert [deals.show(context, number).visits[-1].detail for number in numbers] == ["meeting", "meeting"]


def test_a_bulk_edit_of_the_company_is_found_by_search(context: Context) -> None:
    numbers = [add(context).number for _ in range(2)]
    deals.edit_all(context, numbers, {"company": "Žagar"})
    assert query(context.database, "SELECT DISTINCT d.search, c.name FROM deal d JOIN company c ON c.id = d.company_id") == [
        ("deal \nzagar", "Žagar")
    ]  # fmt: skip


def test_one_stale_deal_stops_them_all(context: Context) -> None:
    first, second = add(context), add(context)
    deals.edit(context, second.number, {"probability": 7})
    before = dump(context)
    with pytest.raises(Conflict, match="deal 2 was changed meanwhile"):
        deals.edit_all(context, [1, 2], {"follow_up": NEXT}, {1: first.version, 2: second.version})
    assert dump(context) == before


def test_a_rep_edits_many_of_his_own_and_gives_none_away(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    mine, also_mine, anas = add(bor), add(bor), add(context)
    before = dump(context)
    with pytest.raises(NotFound, match="among yours"):
        deals.edit_all(bor, [mine.number, anas.number], {"probability": 5})
    with pytest.raises(NotAllowed, match="only a manager"):
        deals.edit_all(bor, [mine.number, also_mine.number], {"owner": "ana"})
    assert dump(context) == before
    assert len(deals.edit_all(bor, [mine.number, also_mine.number], {"probability": 5})) == 2


def test_editing_no_deals_changes_nothing(context: Context) -> None:
    add(context)
    before = dump(context)
    assert deals.edit_all(context, [], {"probability": 5}) == []
    assert dump(context) == before


def test_a_move_refused_in_another_pipeline_or_as_spam_names_the_deals(context: Context) -> None:
    add(context), add(context), add(context)
    activities.spam(context, [2])
    before = dump(context)
    with pytest.raises(RuleBroken) as refused:
        moves.lose(context, [1, 2, 3])
    assert str(refused.value) == (
        "deals 1, 3: Resigned demands a rejection reason (price, other); deal 2: it is spam; restore it first; "
        "none was moved"
    )
    assert dump(context) == before


def test_many_deals_are_won_at_once(context: Context) -> None:
    numbers = [add(context).number for _ in range(2)]
    assert {deal.outcome for deal in moves.win_all(context, numbers)} == {Outcome.WON}
    assert undo.undo(context).what == "won 2 deals"


def test_one_note_and_one_meeting_can_be_of_several_deals(context: Context) -> None:
    numbers = [add(context).number for _ in range(2)]
    activities.note_all(context, numbers, "trade fair")
    activities.log_all(context, numbers, ContactBy.MEETING, "lunch with both")
    for number in numbers:
        assert [event.data["note"] for event in deals.show(context, number).events[1:]] == [
            "trade fair", "lunch with both",
        ]  # fmt: skip
    assert undo.undo(context).what == "logged a contact on 2 deals"


def test_an_empty_note_is_written_on_none(context: Context) -> None:
    with pytest.raises(BadInput, match="the note is empty"):
        activities.note_all(context, [add(context).number], " \x1b")


def test_follow_ups_are_finished_together_each_by_its_own_repeat(context: Context) -> None:
    once = add(context, follow_up=TODAY, follow_up_note="call")
    weekly = add(context, follow_up=TODAY, follow_up_note="call", follow_up_repeat="1 week")
    done = activities.finish_follow_ups(context, [once.number, weekly.number], "both said yes")
    assert [(deal.follow_up, deal.follow_up_note) for deal in done] == [(None, ""), (date(2026, 11, 28), "call")]
    assert undo.undo(context).what == "finished the follow-up of 2 deals"


def test_follow_ups_are_all_finished_or_none(context: Context) -> None:
    add(context, follow_up=TODAY), add(context), add(context)
    before = dump(context)
    with pytest.raises(RuleBroken, match=r"^deals 2, 3 have no follow-up to finish; none was changed$"):
        activities.finish_follow_ups(context, [1, 2, 3])
    assert dump(context) == before


def test_spam_is_all_restored_or_none(context: Context) -> None:
    add(context), add(context), add(context)
    activities.spam(context, [1])
    before = dump(context)
    with pytest.raises(RuleBroken, match=r"^deals 2, 3 are no spam; there is nothing to restore; none was changed$"):
        activities.restore(context, [1, 2, 3])
    assert dump(context) == before


def test_spam_has_no_follow_up_to_finish_until_it_is_restored(context: Context) -> None:
    number = add(context, follow_up=TODAY).number
    activities.spam(context, [number])
    with pytest.raises(RuleBroken, match=r"^deal 1: it is spam; restore it first$"):
        activities.finish_follow_up(context, number)
    activities.restore(context, [number])
    assert activities.finish_follow_up(context, number).follow_up is None


def test_a_follow_up_taken_away_does_not_come_again(context: Context) -> None:
    deal = add(context, follow_up=TODAY, follow_up_repeat="1 week")
    assert deals.follow_up(context, deal.number, None, "").follow_up_repeat == ""


def test_forty_deals_take_no_more_statements_than_two(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [add(context).number for _ in range(42)]
    sent: list[str] = []
    real = type(context.database).execute_sql

    def counted(self: object, sql: str, *rest: object, **more: object) -> object:
        sent.append(sql)
        return real(self, sql, *rest, **more)

    monkeypatch.setattr(type(context.database), "execute_sql", counted)
    moves.lose(context, numbers[:2], {"reason": "price"})
    of_two = len(sent)
    sent.clear()
    moves.lose(context, numbers[2:], {"reason": "price"})
    assert len(sent) == of_two


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        (["+hot", "-cold"], TagChange(("hot",), ("cold",))),
        (["hot"], TagChange(("hot",))),
        (["+Hot,-#Cold, +žar"], TagChange(("hot", "zar"), ("cold",))),
        (["-follow-up"], TagChange((), ("follow-up",))),
    ],
)
def test_a_change_of_tags_is_typed_with_signs(typed: list[str], change: TagChange) -> None:
    assert read_tag_change(typed) == change


@pytest.mark.parametrize("typed", [[], [""], ["+"], ["-"], ["+hot", "-hot"]])
def test_a_change_of_tags_that_says_nothing_or_both_is_refused(typed: list[str]) -> None:
    with pytest.raises(BadInput, match=r"^tags: "):
        read_tag_change(typed)


@pytest.mark.parametrize("typed", ["+7d", "-2w", " +1M ", "+ 1y"])
def test_a_shift_is_typed_with_a_sign(typed: str) -> None:
    assert read_shift(typed).of(CLOSE) != CLOSE


@pytest.mark.parametrize("typed", ["7d", "fri", "", "+", "+7", "7", "+99999d", "2026-12-15"])
def test_what_is_no_shift_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match=r"try \+7d, -2w, \+1m"):
        read_shift(typed)


def test_a_stage_that_demands_a_follow_up_lets_none_be_finished_without_the_next(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "offered", {"detail": "contract", "follow_up": TODAY})
    before = dump(context)
    with pytest.raises(RuleBroken, match=r"^deal 1: Offered demands a next follow-up$") as refusal:
        activities.finish_follow_ups(context, [deal.number])
    assert [one.field for one in refusal.value.missing] == ["follow_up"]
    assert dump(context) == before
    assert activities.wants_next_of_all(context, [deal.number])
    following = {"follow_up": TODAY + timedelta(days=3), "follow_up_note": "ask again"}
    (done,) = activities.finish_follow_ups(context, [deal.number], following=following)
    assert (done.follow_up, done.follow_up_note) == (TODAY + timedelta(days=3), "ask again")
    assert undo.undo(context).what == "finished the follow-up of deal 1"


def test_a_repeated_follow_up_brings_the_next_one_itself(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "offered", {"detail": "contract", "follow_up": TODAY})
    deals.edit(context, deal.number, {"follow_up_repeat": "1 week"})
    assert not activities.wants_next_of_all(context, [deal.number])
    assert activities.finish_follow_up(context, deal.number).follow_up == TODAY + timedelta(days=7)
