"""A file that comes again: only what it changed is taken, and what people did here meanwhile stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.services import deals, moves, undo
from funneltui.services.import_runs import as_one_change, origin_of
from funneltui.services.imports import Fate, import_batch
from tests.imported_rows import deal, dump, fates, row, take, why

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.services.import_rows import ImportRow, RowResult


def run(context: Context, *rows: ImportRow) -> list[RowResult]:
    """Import rows as one run of one file does."""
    with as_one_change(context):
        return import_batch(context, rows, origin_of(context, "csv", "deals.csv", context.pipeline))


@pytest.mark.parametrize(
    ("field", "said", "changed"),
    [
        ("amount", 100, 300), ("company", "Acme", "Globex"), ("company", "Acme", ""), ("tags", ("x",), ("y",)),
        ("expected_close", date(2026, 12, 1), date(2027, 1, 15)), ("owner", "Eva", "ana"), ("notes", "theirs", "ours"),
        ("email", "a@acme.example", "b@acme.example"), ("probability", 40, 60),
    ],
)  # fmt: skip
def test_what_was_changed_here_stays_if_the_file_did_not_change_it(
    context: Context, field: str, said: object, changed: object
) -> None:
    first = row(external_id="A", **{field: said})
    take(context, first)
    deals.edit(context, 1, {field: changed})
    before = dump(context)
    assert fates(context, first) == [Fate.UNCHANGED]
    assert dump(context) == before


def test_what_the_file_changed_is_taken_and_nothing_else(context: Context) -> None:
    take(context, row(external_id="A", amount=100, company="Acme", phone="1"))
    deals.edit(context, 1, {"amount": 300})
    assert fates(context, row(external_id="A", amount=100, company="Acme", phone="2")) == [Fate.UPDATED]
    assert (deal(context).amount, deal(context).phone) == (300, "2")
    last = deals.show(context, 1).events[-1]
    assert last.data["imported"] == {"file": "deals.csv", "line": 2}
    assert last.data["after"] == {"phone": "2"}


def test_what_both_changed_is_taken_from_the_file_and_named(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    deals.edit(context, 1, {"amount": 300, "phone": "1"})
    both = row(external_id="A", amount=200, phone="2")
    result = take(context, both)[0]
    assert (result.fate, result.number, result.both) == (Fate.UPDATED, 1, ("amount", "phone"))
    assert deal(context).amount == 200
    assert fates(context, both) == [Fate.UNCHANGED]


def test_what_both_changed_alike_is_no_news_later(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    deals.edit(context, 1, {"amount": 200})
    assert fates(context, row(external_id="A", amount=200)) == [Fate.UNCHANGED]
    deals.edit(context, 1, {"amount": 300})
    assert fates(context, row(external_id="A", amount=200)) == [Fate.UNCHANGED]
    assert deal(context).amount == 300


def test_a_file_that_goes_back_to_an_older_value_is_followed(context: Context) -> None:
    for amount in (100, 200, 100):
        take(context, row(external_id="A", amount=amount))
    assert deal(context).amount == 100


def test_a_deal_moved_here_stays_where_it_is(context: Context) -> None:
    take(context, row(stage="acquisition", external_id="A", detail="call"))
    moves.move(context, [1], "offered", {"detail": "contract", "follow_up": date(2026, 12, 1)})
    assert fates(context, row(stage="acquisition", external_id="A", detail="call")) == [Fate.UNCHANGED]
    assert fates(context, row(stage="acquisition", external_id="A", detail="meeting", phone="1")) == [Fate.UPDATED]
    assert (deal(context).stage, deal(context).detail, deal(context).phone) == ("offered", "contract", "1")


def test_a_deal_closed_or_reopened_here_stays_so(context: Context) -> None:
    lost = row(
        3, stage="resigned", external_id="B", reason="price", closed=date(2026, 11, 20), created=date(2026, 11, 1)
    )
    rows = (row(2, external_id="A"), lost)
    take(context, *rows)
    moves.win(context, 1)
    moves.move(context, [2], "waiting")
    assert fates(context, *rows) == [Fate.UNCHANGED, Fate.UNCHANGED]
    assert (deal(context, 1).outcome, deal(context, 2).outcome) == (Outcome.WON, Outcome.OPEN)


def test_a_move_of_the_file_comes_with_its_detail_whatever_that_was_before(context: Context) -> None:
    meeting = row(stage="acquisition", external_id="A", detail="meeting")
    take(context, meeting)
    take(context, row(stage="waiting", external_id="A"))
    moves.move(context, [1], "offered", {"detail": "contract", "follow_up": date(2026, 12, 1)})
    result = take(context, meeting)[0]
    assert (result.fate, result.both) == (Fate.UPDATED, ("detail", "stage"))
    assert (deal(context).stage, deal(context).detail) == ("acquisition", "meeting")


def test_a_move_of_the_file_never_passes_a_gate(context: Context) -> None:
    take(context, row(external_id="A"))
    deals.edit(context, 1, {"phone": "1"})
    assert "demands a detail" in why(context, row(stage="acquisition", external_id="A"))


def test_an_import_that_was_undone_is_taken_anew(context: Context) -> None:
    run(context, row(external_id="A", amount=100))
    run(context, row(external_id="A", amount=200))
    undo.undo(context)
    assert deal(context).amount == 100
    assert run(context, row(external_id="A", amount=200))[0].fate is Fate.UPDATED
    assert deal(context).amount == 200


def test_an_edit_that_was_undone_is_no_change_of_people(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    deals.edit(context, 1, {"amount": 300})
    undo.undo(context)
    assert take(context, row(external_id="A", amount=200))[0].both == ()


def test_an_id_twice_in_a_file_changes_nothing_when_it_comes_again(context: Context) -> None:
    twice = [row(2, external_id="A", amount=100), row(3, external_id="A", amount=200)]
    assert [one.fate for one in run(context, *twice)] == [Fate.CREATED, Fate.UPDATED]
    assert [one.fate for one in run(context, *twice)] == [Fate.UNCHANGED, Fate.UNCHANGED]
    assert deal(context).amount == 200


def test_the_last_of_several_rows_of_one_deal_counts(context: Context) -> None:
    run(context, *(row(line, external_id="A", amount=amount) for line, amount in enumerate((100, 200, 100), start=2)))
    assert deal(context).amount == 100


def test_an_amount_is_never_taken_without_its_currency(context: Context) -> None:
    take(context, row(external_id="A", amount=100, currency="EUR"))
    deals.edit(context, 1, {"amount": 150, "currency": "USD"})
    assert fates(context, row(external_id="A", amount=100, currency="EUR")) == [Fate.UNCHANGED]
    assert fates(context, row(external_id="A", amount=120, currency="EUR")) == [Fate.UPDATED]
    assert (deal(context).amount, deal(context).currency) == (120, "EUR")


def test_a_deal_whose_currency_was_changed_here_is_no_reason_to_reject_an_unchanged_row(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    deals.edit(context, 1, {"amount": 150, "currency": "USD"})
    assert fates(context, row(external_id="A", amount=100)) == [Fate.UNCHANGED]
    assert "read in EUR" in why(context, row(external_id="A", amount=120))


def test_the_same_file_read_in_another_currency_is_refused(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert "read in USD" in why(context, row(external_id="A", amount=100, currency_read="USD"))


def test_kept_columns_bring_only_what_changed_in_them(context: Context) -> None:
    first = replace(row(external_id="A"), rest=(("Region", "West"), ("Team", "Blue")))
    take(context, first)
    deals.edit(context, 1, {"notes": "Region: West\nby hand"})
    assert fates(context, first) == [Fate.UNCHANGED]
    assert fates(context, replace(first, rest=(("Region", "East"), ("Team", "Blue")))) == [Fate.UPDATED]
    assert deal(context).notes == "by hand\nRegion: East"
