"""Companies and contacts as a screen looks at them: windows, the place of one, merges told before they are made."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.errors import NotAllowed, NotFound, RuleBroken
from funneltui.services import activities, deals, merge_plans, record_windows, records, undo
from funneltui.services.people import add_user
from funneltui.services.record_windows import Kind
from funneltui.storage.database import query

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.record_windows import RecordWindow


def add(context: Context, company: str = "", **more: object) -> Deal:
    values = {"title": "Deal", "source": "web", "expected_close": date(2026, 12, 1), "company": company, **more}
    return deals.add(context, values)


def names(found: RecordWindow) -> list[str]:
    return [record_windows.label_of(record_windows.record_of(line)) for line in found.lines]


def company_id(context: Context, name: str) -> int:
    return records.company(context, name).company.id


def contact_id(context: Context, name: str) -> int:
    return records.contact(context, name).contact.id


def everything(context: Context) -> list[object]:
    tables = ("deal", "visit", "event", "company", "contact", "change")
    return [query(context.database, f'SELECT * FROM "{table}" ORDER BY 1') for table in tables]


@pytest.fixture
def bor(context: Context, as_user: Callable[[str], Context]) -> Context:
    """Give the same workspace as a rep sees it."""
    add_user(context, "bor", Role.REP)
    return as_user("bor")


def test_a_window_counts_both_kinds_with_the_words_that_are_looked_for(context: Context) -> None:
    for name in ("Acme", "Globex", "Hooli"):
        add(context, name, contact=f"Ana of {name}")
    found = record_windows.window(context, Kind.COMPANY, "", 1, 1)
    assert (names(found), found.counts) == (["Globex"], {Kind.COMPANY: 3, Kind.CONTACT: 3})
    found = record_windows.window(context, Kind.CONTACT, "acme", 0, 10)
    assert (names(found), found.counts) == (["Ana of Acme"], {Kind.COMPANY: 1, Kind.CONTACT: 1})


def test_a_window_is_read_around_the_record_that_is_held_on_to(context: Context) -> None:
    for number in range(30):
        add(context, f"Company {number:02}", contact="Ana")
    held = company_id(context, "Company 20")
    found = record_windows.window(context, Kind.COMPANY, "", 0, 6, held)
    assert (found.start, found.anchor_place) == (17, 20)
    assert names(found)[3] == "Company 20"
    assert record_windows.window(context, Kind.COMPANY, "19", 0, 6, held).anchor_place is None
    last = record_windows.window(context, Kind.CONTACT, "", 0, 60)
    assert [record_windows.window(context, Kind.CONTACT, "", 0, 60, record_windows.record_of(line).id).anchor_place
            for line in last.lines] == list(range(30))  # fmt: skip


def test_a_rep_holds_on_to_records_of_his_own_deals_only(context: Context, bor: Context) -> None:
    add(context, "Acme"), add(bor, "Globex"), add(bor, "Hooli")
    assert record_windows.window(bor, Kind.COMPANY, "", 0, 9, company_id(context, "Hooli")).anchor_place == 1
    acme = company_id(context, "Acme")
    assert record_windows.window(bor, Kind.COMPANY, "", 0, 9, acme).anchor_place is None
    assert record_windows.lines(bor, Kind.COMPANY, [acme]) == ()
    with pytest.raises(NotFound, match="not there any more"):
        record_windows.look_at(bor, Kind.COMPANY, acme)
    with pytest.raises(NotFound, match="deal 1 has no company"):
        record_windows.of_deal(bor, Kind.COMPANY, 1)


def test_a_record_is_opened_by_its_id_whatever_it_is_called_now(context: Context) -> None:
    deal = add(context, "Acme", contact="Ana")
    acme = record_windows.of_deal(context, Kind.COMPANY, deal.number)
    assert record_windows.of_deal(context, Kind.CONTACT, deal.number) == contact_id(context, "Ana")
    merge_plans.edit(context, Kind.COMPANY, acme, {"company": "Acme Ltd"})
    opened = record_windows.look_at(context, Kind.COMPANY, acme)
    assert record_windows.label_of(record_windows.record_of(opened.sheet)) == "Acme Ltd"
    assert record_windows.id_of_company(context, "acme ltd") == acme


def test_a_deal_without_a_contact_opens_none(context: Context) -> None:
    add(context, "Acme")
    with pytest.raises(NotFound, match="deal 1 has no contact; edit it to name one"):
        record_windows.of_deal(context, Kind.CONTACT, 1)


def test_a_plan_tells_what_a_merge_of_companies_does_and_changes_nothing(context: Context) -> None:
    add(context, "Acme"), add(context, "Acme Ltd"), add(context, "Acme Ltd"), add(context, "ACME d.o.o.")
    activities.spam(context, [add(context, "Acme Ltd").number])
    before = everything(context)
    ids = [company_id(context, name) for name in ("Acme", "Acme Ltd", "ACME d.o.o.")]
    plan = merge_plans.plan(context, Kind.COMPANY, ids[0], ids[1:])
    assert everything(context) == before
    assert [line.figures.deals for line in (plan.keep, *plan.gone, plan.after)] == [1, 2, 1, 4]
    assert (plan.over, plan.takes) == (4, {})
    changed = merge_plans.merge(context, Kind.COMPANY, ids[0], ids[1:])
    assert (len(changed.deals), records.company(context, "Acme").figures.deals) == (plan.over, 4)


def test_a_plan_names_what_the_kept_contact_takes_from_the_others(context: Context) -> None:
    (
        add(context, contact="Ana", email="ana@acme.example"),
        add(context, "Acme", contact="Ana Novak", phone="041 234 567"),
    )
    ids = [contact_id(context, name) for name in ("Ana Novak", "Ana")]
    plan = merge_plans.plan(context, Kind.CONTACT, ids[0], ids[1:])
    assert (plan.over, plan.takes) == (1, {"email": "ana@acme.example"})
    assert len(records.contacts(context)) == 2


def test_a_change_after_a_plan_is_undone_alone(context: Context) -> None:
    add(context, "Acme"), add(context, "Acme Ltd")
    ids = [company_id(context, name) for name in ("Acme", "Acme Ltd")]
    merge_plans.plan(context, Kind.COMPANY, *ids[:1], ids[1:])
    merge_plans.merge(context, Kind.COMPANY, *ids[:1], ids[1:])
    assert [deal.company for deal in undo.undo(context).deals] == ["Acme Ltd"]


@pytest.mark.parametrize("does", [merge_plans.plan, merge_plans.merge])
def test_what_a_merge_refuses_its_plan_refuses(
    context: Context, bor: Context, does: Callable[[Context, Kind, int, list[int]], object]
) -> None:
    add(bor, "Acme"), add(bor, "Globex", contact="Ana"), add(context, "Globex"), add(bor, "Hooli", contact="Ana")
    acme, globex = company_id(bor, "Acme"), company_id(bor, "Globex")
    with pytest.raises(NotAllowed, match="others have deals with Globex"):
        does(bor, Kind.COMPANY, acme, [globex])
    people = [line.contact.id for line in records.contacts(bor)]
    with pytest.raises(RuleBroken, match="different companies"):
        does(bor, Kind.CONTACT, people[0], people[1:])


def test_a_plan_with_a_record_that_is_gone_says_so(context: Context) -> None:
    add(context, "Acme")
    with pytest.raises(NotFound, match="not there any more"):
        merge_plans.plan(context, Kind.COMPANY, company_id(context, "Acme"), [99])


def test_a_contact_is_corrected_by_its_id(context: Context) -> None:
    add(context, "Acme", contact="Ana")
    changed = merge_plans.edit(context, Kind.CONTACT, contact_id(context, "Ana"), {"email": "ana@acme.example"})
    assert [deal.email for deal in changed.deals] == ["ana@acme.example"]
