"""Undo and redo: every change of one's own, in order, with all that it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.inbox import Arrival, Channel
from funneltui.errors import FunneltuiError, NotFound, RuleBroken
from funneltui.services import activities, deals, health, imports, inbox, moves, reports, undo
from funneltui.services.activities import ContactBy
from funneltui.services.import_runs import as_one_change
from funneltui.services.imports import ImportRow, Origin
from funneltui.services.inbox_values import Completion
from funneltui.services.people import add_user
from funneltui.storage.database import query
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

CLOSE, NEXT = date(2026, 12, 1), date(2026, 11, 25)


def add(context: Context, **more: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE, "amount": 500, **more})


def picture(context: Context) -> object:
    """Give everything that a user can see of the workspace, without the count of changes."""
    seen = [replace(deal, version=0) for deal in deals.listed(context, EVERYTHING, "d.number")]
    visits = query(
        context.database, "SELECT deal, stage, detail, entered, left_at, seconds FROM visit ORDER BY deal, entered, id"
    )
    funnels = [reports.funnel_of(context, context.pipeline, mode) for mode in Mode]
    return seen, visits, funnels


def every_kind_of_change(context: Context) -> list[Callable[[], object]]:
    return [
        lambda: add(context),
        lambda: add(context, title="Second", tags=("a", "b"), company="Acme", contact="Ann"),
        lambda: deals.edit(context, 1, {"title": "New", "amount": None, "company": "Žagar", "tags": ("x",)}),
        lambda: moves.move(context, [1], "acquisition", {"detail": "call"}),
        lambda: deals.edit(context, 1, {"detail": "meeting"}),
        lambda: activities.note(context, 1, "they like it"),
        lambda: activities.log(context, 1, ContactBy.CALL, "spoke to Ann"),
        lambda: moves.move(context, [1, 2], "offered", {"detail": "contract", "follow_up": NEXT}),
        lambda: activities.finish_follow_up(context, 1, following={"follow_up": NEXT, "follow_up_note": "ask again"}),
        lambda: moves.win(context, 1),
        lambda: moves.lose(context, [2], {"reason": "price"}),
        lambda: moves.reopen(context, 2, "waiting"),
        lambda: activities.spam(context, [1, 2]),
        lambda: activities.restore(context, [1]),
    ]


def test_everything_is_undone_back_to_nothing_and_redone(context: Context, location: str) -> None:
    pictures = [picture(context)]
    changes = every_kind_of_change(context)
    for change in changes:
        change()
        pictures.append(picture(context))
    for before in reversed(pictures[:-1]):
        undo.undo(context)
        assert picture(context) == before
    assert list(deals.listed(context, EVERYTHING, "d.number")) == []
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo.undo(context)
    for after in pictures[1:]:
        undo.redo(context)
        assert picture(context) == after
    with pytest.raises(RuleBroken, match="nothing to redo"):
        undo.redo(context)
    assert health.examine(context, location).findings == ()


def test_an_undo_says_what_it_took_back(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    assert undo.undo(context).what == "moved deal 1 to acquisition"
    assert undo.undo(context).what == "added deal 1"


def test_a_bulk_move_is_one_undo(context: Context) -> None:
    numbers = [add(context).number for _ in range(5)]
    moves.lose(context, numbers, {"reason": "price"})
    step = undo.undo(context)
    assert (step.what, len(step.deals)) == ("lost 5 deals", 5)
    assert {deal.outcome for deal in deals.listed(context, EVERYTHING, "d.number")} == {Outcome.OPEN}


def test_events_stay_when_what_they_did_is_undone(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    undo.undo(context)
    kinds = [event.kind.value for event in deals.show(context, deal.number).events]
    assert kinds == ["created", "won", "undone"]


def test_an_undone_deal_is_nowhere_and_keeps_its_number(context: Context) -> None:
    add(context)
    undo.undo(context)
    with pytest.raises(NotFound):
        deals.show(context, 1)
    assert reports.today(context, 60) == []
    assert add(context).number == 2


def test_a_new_change_ends_what_can_be_redone(context: Context) -> None:
    deal = add(context)
    moves.win(context, deal.number)
    undo.undo(context)
    deals.edit(context, deal.number, {"amount": 7})
    with pytest.raises(RuleBroken, match="nothing to redo"):
        undo.redo(context)


def test_each_undoes_his_own(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.MANAGER)
    mine = add(context)
    theirs = add(as_user("bor"))
    undo.undo(context)
    assert [deal.number for deal in deals.listed(context, EVERYTHING, "d.number")] == [theirs.number]
    with pytest.raises(NotFound):
        deals.show(context, mine.number)


def test_what_somebody_changed_since_is_not_undone_and_he_is_named(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bor", Role.MANAGER)
    first, second = add(context), add(context)
    moves.move(context, [first.number, second.number], "acquisition", {"detail": "call"})
    deals.edit(as_user("bor"), second.number, {"amount": 9})
    before = picture(context)
    with pytest.raises(RuleBroken, match=r"bor edited deal 2 \(amount\) at 10:30 on 21 Nov; nothing was undone"):
        undo.undo(context)
    assert picture(context) == before


def test_what_somebody_changed_after_an_undo_is_not_redone(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.MANAGER)
    deal = add(context)
    moves.win(context, deal.number)
    undo.undo(context)
    deals.edit(as_user("bor"), deal.number, {"amount": 9})
    with pytest.raises(RuleBroken, match="nothing was redone"):
        undo.redo(context)


def test_what_somebody_changed_in_the_midst_of_an_import_is_not_taken_away_with_it(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bor", Role.MANAGER)
    values: dict[str, object] = {"title": "Lamps", "source": "web", "expected_close": CLOSE}
    row = ImportRow(2, values, {}, "EUR", "waiting", external_id="7")
    with as_one_change(context):
        imports.import_batch(context, [row], Origin("crm", "deals.csv", context.pipeline))
        deals.edit(as_user("bor"), 1, {"notes": "they rang"})
        again = replace(row, line=3, values=values | {"title": "Many lamps"})
        imports.import_batch(context, [again], Origin("crm", "deals.csv", context.pipeline))
    before = picture(context)
    with pytest.raises(RuleBroken, match=r"bor edited deal 1 \(notes\) at 10:30 on 21 Nov; nothing was undone"):
        undo.undo(context)
    assert picture(context) == before


def test_forty_deals_are_undone_and_redone_by_no_more_statements_than_two(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [add(context).number for _ in range(42)]
    sent: list[str] = []
    real = type(context.database).execute_sql

    def counted(self: object, sql: str, *rest: object, **more: object) -> object:
        sent.append(sql)
        return real(self, sql, *rest, **more)

    def statements(some: list[int]) -> tuple[int, int]:
        moves.move(context, some, "acquisition", {"detail": "call"})
        found = []
        for turn in (undo.undo, undo.redo):
            sent.clear()
            assert len(turn(context).deals) == len(some)
            found.append(len(sent))
        return found[0], found[1]

    monkeypatch.setattr(type(context.database), "execute_sql", counted)
    assert statements(numbers[2:]) == statements(numbers[:2])


def test_a_deal_whose_message_is_another_deals_by_now_is_not_redone(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bo", Role.MANAGER)
    arrival = Arrival(Channel.MAIL, "1@acme.example", "Jan <jan@acme.example>", {"title": "Lamps"}, "How much?")
    enough = Completion({"source": "phone", "expected_close": "+30d"}, {})
    taken = inbox.take_in(context, arrival, enough)
    assert taken.entry is not None
    undo.undo(context)
    other = inbox.complete(as_user("bo"), taken.entry.number, enough)
    with pytest.raises(RuleBroken, match="another deal came of the same message meanwhile; nothing was redone"):
        undo.redo(context)
    assert [deal.number for deal in deals.listed(context, EVERYTHING, "d.number")] == [other.number]


def test_a_deal_whose_row_is_another_deals_by_now_is_not_redone(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bo", Role.MANAGER)
    values: dict[str, object] = {"title": "Lamps", "source": "web", "expected_close": CLOSE}
    row = ImportRow(2, values, {}, "EUR", "waiting", external_id="7")
    imports.import_batch(context, [row], Origin("crm", "deals.csv", context.pipeline))
    undo.undo(context)
    imports.import_batch(as_user("bo"), [row], Origin("crm", "deals.csv", context.pipeline))
    with pytest.raises(RuleBroken, match="another deal came of the same row meanwhile; nothing was redone"):
        undo.redo(context)


def test_a_rep_undoes_nothing_on_a_deal_that_is_not_his_any_more(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    deal = add(bor)
    deals.edit(context, deal.number, {"owner": "ana"})
    with pytest.raises(FunneltuiError):
        undo.undo(bor)


def test_spam_is_in_no_figure_and_comes_back_where_it_was(context: Context) -> None:
    deal = add(context)
    moves.move(context, [deal.number], "acquisition", {"detail": "call"})
    before = reports.funnel_of(context, context.pipeline, Mode.CONVERSION)
    activities.spam(context, [deal.number])
    assert reports.funnel_of(context, context.pipeline, Mode.CONVERSION).entered == 0
    assert reports.today(context, 60) == []
    (restored,) = activities.restore(context, [deal.number])
    assert (restored.stage, restored.detail, restored.outcome) == ("acquisition", "call", Outcome.OPEN)
    assert reports.funnel_of(context, context.pipeline, Mode.CONVERSION) == before


def test_a_repeating_follow_up_comes_again_and_another_is_gone(context: Context) -> None:
    deal = add(context, follow_up=date(2026, 11, 20), follow_up_note="call", follow_up_repeat="1 week")
    again = activities.finish_follow_up(context, deal.number)
    assert (again.follow_up, again.follow_up_note) == (date(2026, 11, 27), "call")
    deals.edit(context, deal.number, {"follow_up_repeat": ""})
    gone = activities.finish_follow_up(context, deal.number)
    assert (gone.follow_up, gone.follow_up_note) == (None, "")
    with pytest.raises(RuleBroken, match="no follow-up"):
        activities.finish_follow_up(context, deal.number)
