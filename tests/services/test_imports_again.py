"""Rows whose deals are there already: they change what they say otherwise, by the gates of a move and an edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind, Role
from funneltui.services import deals, people
from funneltui.services.imports import Fate, Origin, import_batch
from funneltui.storage.database import query
from tests.conftest import NOW
from tests.imported_rows import deal, dump, fates, row, stays, take, why

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


def test_the_same_rows_again_change_nothing(context: Context) -> None:
    rows = [
        row(2, external_id="A", owner="Eva", company="Acme", tags=("x", "y"), amount=100),
        row(3, stage="acquired", external_id="B", created=date(2026, 1, 1), closed=date(2026, 3, 2)),
        row(4, stage="resigned", external_id="C", defaults={"reason": "price"}),
        row(5, stage="acquisition", external_id="D", detail="call", company="ACME", owner="EVA"),
    ]
    take(context, *rows)
    before = dump(context)
    assert fates(context, *rows) == [Fate.UNCHANGED] * 4
    assert dump(context) == before


def test_a_changed_row_changes_its_deal_with_one_event(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert fates(context, row(external_id="A", amount=200)) == [Fate.UPDATED]
    assert deal(context).amount == 200
    last = deals.show(context, 1).events[-1]
    assert (last.kind, last.version, last.data["before"]) == (EventKind.EDITED, 2, {"amount": 100})


def test_an_empty_cell_takes_nothing_away(context: Context) -> None:
    take(context, row(external_id="A", company="Acme", notes="by hand"))
    assert fates(context, row(external_id="A", company=None)) == [Fate.UNCHANGED]
    assert deal(context).company == "Acme"


def test_what_is_set_never_changes_a_deal_that_is_there(context: Context) -> None:
    take(context, row(external_id="A"))
    later = row(external_id="A", stage_if_new="acquired", defaults={"company": "Set", "closed_on": date(2026, 1, 1)})
    assert fates(context, later) == [Fate.UNCHANGED]


def test_a_row_in_another_stage_moves_its_deal_through_the_gate(context: Context) -> None:
    take(context, row(external_id="A"))
    assert "demands a detail" in why(context, row(stage="acquisition", external_id="A"))
    assert fates(context, row(stage="acquisition", external_id="A", detail="meeting")) == [Fate.UPDATED]
    assert [stage for stage, _, _ in stays(context)] == ["waiting", "acquisition"]


def test_a_deal_lost_since_takes_the_reason_that_is_set(context: Context) -> None:
    take(context, row(external_id="A"))
    assert "demands a rejection reason" in why(context, row(stage="resigned", external_id="A"))
    lost = row(stage="resigned", external_id="A", defaults={"reason": "price"}, closed=NOW.date())
    assert fates(context, lost, replace(lost, line=3)) == [Fate.UPDATED, Fate.UNCHANGED]
    assert (deal(context).reason, deal(context).outcome) == ("price", Outcome.LOST)


def test_a_row_that_only_says_won_leaves_a_won_deal_in_its_stage(context: Context) -> None:
    take(context, row(stage="acquired", external_id="A", created=date(2026, 1, 1)))
    again = row(stage="acquired", external_id="A", is_outcome_only=True)
    assert fates(context, again) == [Fate.UNCHANGED]


def test_a_reopened_row_reopens_its_deal(context: Context) -> None:
    take(context, row(stage="resigned", external_id="A", reason="price"))
    assert fates(context, row(stage="waiting", external_id="A")) == [Fate.UPDATED]
    assert deals.show(context, 1).events[-1].kind is EventKind.REOPENED
    assert deal(context).reason is None


def test_an_id_twice_in_a_file_is_one_deal(context: Context) -> None:
    first, second = row(2, external_id="A", amount=1), row(3, external_id="A", amount=2)
    assert fates(context, first, row(4), second) == [Fate.CREATED, Fate.CREATED, Fate.UPDATED]
    assert query(context.database, "SELECT count(*) FROM deal")[0][0] == 2


def test_an_id_whose_first_row_was_rejected_goes_to_the_second(context: Context) -> None:
    assert fates(context, row(2, external_id="A", source=None), row(3, external_id="A")) == [
        Fate.REJECTED, Fate.CREATED,
    ]  # fmt: skip


def test_the_same_id_of_another_system_is_another_deal(context: Context) -> None:
    take(context, row(external_id="A"))
    other = import_batch(context, [row(external_id="A")], Origin("crm", "deals.csv", context.pipeline))
    assert other[0].fate is Fate.CREATED


def test_an_amount_read_in_another_currency_is_rejected(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert "read in USD" in why(context, row(external_id="A", amount=200, currency_read="USD"))


def test_a_change_of_currency_that_the_file_gives_is_taken(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert fates(context, row(external_id="A", amount=100, currency="USD")) == [Fate.UPDATED]
    assert deal(context).currency == "USD"


def test_a_currency_without_an_amount_keeps_the_number_of_whole_units(context: Context) -> None:
    take(context, row(external_id="A", amount=125_000))
    assert fates(context, row(external_id="A", currency="JPY")) == [Fate.UPDATED]
    assert (deal(context).amount, deal(context).currency) == (1250, "JPY")


def test_an_amount_of_as_many_minor_units_in_another_currency_is_another_amount(context: Context) -> None:
    take(context, row(external_id="A", amount=125_000))
    again = row(external_id="A", amount=125_000, currency="JPY", currency_read="JPY")
    assert fates(context, again, replace(again, line=3)) == [Fate.UPDATED, Fate.UNCHANGED]
    assert (deal(context).amount, deal(context).currency) == (125_000, "JPY")


def test_events_come_in_the_order_of_the_rows(context: Context) -> None:
    take(context, row(2, external_id="A"))
    take(context, row(2), row(3, external_id="A", amount=5), row(4))
    order = [number for (number,) in query(context.database, "SELECT deal FROM event ORDER BY id")]
    assert order == [1, 2, 1, 3]


def test_a_rep_imports_his_own_deals_only(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    results = take(bor, row(2), row(3, owner="bor"), row(4, owner="ana"), row(5, owner="stranger"))
    assert [result.fate for result in results] == [Fate.CREATED, Fate.CREATED, Fate.REJECTED, Fate.REJECTED]
    assert "imports only his own deals" in results[2].why
    assert [user.name for user in people.everyone(context)] == ["ana", "bor"]


def test_a_rep_neither_changes_nor_compares_a_deal_that_is_not_his(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    people.add_user(context, "bor", Role.REP)
    take(context, row(external_id="A"))
    before = dump(context)
    results = take(as_user("bor"), row(2, external_id="A"), row(3, external_id="A", owner="bor", amount=1))
    assert ["is not among yours" in result.why for result in results] == [True, True]
    assert dump(context) == before


def test_a_rep_does_not_give_his_deal_away_by_a_file(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    take(bor, row(external_id="A"))
    assert "imports only his own deals" in why(bor, row(external_id="A", owner="ana"))


def test_a_manager_gives_a_deal_to_a_new_rep_by_a_file(context: Context) -> None:
    take(context, row(external_id="A"))
    assert fates(context, row(external_id="A", owner="Newcomer")) == [Fate.UPDATED]
    assert deal(context).owner == "Newcomer"
