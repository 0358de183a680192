"""Companies and contacts: corrections, merges and their undo, with every deal and no history harmed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import EventKind, Role
from funneltui.errors import BadInput, NotAllowed, NotFound, RuleBroken
from funneltui.services import activities, deals, health, merging, records, undo
from funneltui.services.people import add_user
from funneltui.storage.deals import EVERYTHING
from tests.services.recorded import add, names, number_of, people, picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


@pytest.fixture
def bor(context: Context, as_user: Callable[[str], Context]) -> Context:
    """Give the same workspace as a rep sees it."""
    add_user(context, "bor", Role.REP)
    return as_user("bor")


# Corrections


def test_a_company_is_renamed_on_all_its_deals_with_one_event_each_and_one_undo(context: Context) -> None:
    first, second = add(context, "Acme", contact="Ana"), add(context, "Acme")
    spam = add(context, "Acme")
    activities.spam(context, [spam.number])
    add(context, "Globex")
    before = picture(context)
    changed = merging.edit_company(context, "acme", " Acme  Rockets ")
    assert (changed.company.name, len(changed.deals)) == ("Acme Rockets", 3)
    assert names(context) == ["Acme Rockets", "Globex"]
    assert [deals.show(context, one.number).deal.company for one in (first, second, spam)] == ["Acme Rockets"] * 3
    assert [one.kind for one in deals.show(context, first.number).events] == [EventKind.CREATED, EventKind.EDITED]
    after = picture(context)
    undo.undo(context)
    assert picture(context) == before
    undo.redo(context)
    assert picture(context) == after


def test_a_renamed_company_keeps_its_contacts_and_is_found_by_words(context: Context) -> None:
    add(context, "Acme", contact="Ana")
    number = number_of(context, "ana")
    merging.edit_company(context, "Acme", "Žagar")
    assert records.contact(context, number).contact.company == "Žagar"
    assert [deal.number for deal in deals.listed(context, EVERYTHING, "d.number") if deal.company == "Žagar"] == [1]


def test_a_company_is_spelled_anew(context: Context) -> None:
    add(context, "acme"), add(context, "ACME")
    assert len(merging.edit_company(context, "acme", "Acmé").deals) == 2
    assert names(context) == ["Acmé"]
    assert merging.edit_company(context, "acme", "Acmé").deals == ()


def test_a_new_spelling_is_undone_and_redone(context: Context) -> None:
    add(context, "acme"), add(context, "Globex")
    before = picture(context)
    merging.edit_company(context, "acme", "ACME")
    after = picture(context)
    undo.undo(context)
    assert picture(context) == before
    undo.redo(context)
    assert picture(context) == after


def test_a_company_does_not_take_the_name_of_another(context: Context) -> None:
    add(context, "Acme"), add(context, "Globex")
    before = picture(context)
    with pytest.raises(RuleBroken, match='merge the two: `funneltui companies merge "Globex" "Acme"`'):
        merging.edit_company(context, "Acme", "globex")
    with pytest.raises(BadInput, match="needs a name"):
        merging.edit_company(context, "Acme", "  ")
    assert picture(context) == before


def test_a_name_that_was_left_behind_can_be_taken_again(context: Context) -> None:
    add(context, "Acme")
    merging.edit_company(context, "Acme", "Globex")
    undo.undo(context)
    assert merging.edit_company(context, "Acme", "GLOBEX").company.name == "GLOBEX"
    assert names(context) == ["GLOBEX"]


def test_a_contact_is_corrected_on_all_its_deals_and_keeps_its_number(context: Context) -> None:
    add(context, "Acme", contact="Ana", email="ana@acme.example"), add(context, "Acme", contact="Bor")
    add(context, "Acme", contact="Ana", email="ana@acme.example")
    number, before = number_of(context, "ana"), picture(context)
    changed = merging.edit_contact(context, number, {"contact": "Ana Novak", "phone": " 041  234 "})
    assert changed.contact.id == number
    assert [deal.number for deal in changed.deals] == [1, 3]
    assert people(context, "ana") == [("Ana Novak", "ana@acme.example", "041 234", "Acme", 2)]
    undo.undo(context)
    assert picture(context) == before
    undo.redo(context)
    assert people(context, "ana") == [("Ana Novak", "ana@acme.example", "041 234", "Acme", 2)]


def test_a_contact_corrected_into_another_becomes_that_one(context: Context) -> None:
    add(context, "Acme", contact="Ana", email="ana@acme.example"), add(context, "Acme", contact="Anna")
    merging.edit_contact(context, "Anna", {"contact": "Ana", "email": "ana@acme.example"})
    assert people(context) == [("Ana", "ana@acme.example", "", "Acme", 2)]
    undo.undo(context)
    assert [one[0] for one in people(context)] == ["Ana", "Anna"]


def test_a_contact_keeps_something_to_be_known_by(context: Context) -> None:
    add(context, "Acme", contact="Ana", email="ana@acme.example")
    assert merging.edit_contact(context, "Ana", {"contact": ""}).contact.label == "ana@acme.example"
    with pytest.raises(BadInput, match="needs a name, an e-mail or a phone"):
        merging.edit_contact(context, "ana@acme.example", {"email": ""})
    with pytest.raises(BadInput, match='no "company" of its own'):
        merging.edit_contact(context, "ana@acme.example", {"company": "Globex"})


def test_what_a_stage_demands_cannot_be_taken_away_by_way_of_the_contact(context: Context) -> None:
    first = context.pipeline.first
    stages = (replace(first, demands=("email",)), *context.pipeline.stages[1:])
    strict = replace(context, pipelines=(replace(context.pipeline, stages=stages),))
    add(strict, "Acme", contact="Ana", email="ana@acme.example")
    with pytest.raises(RuleBroken, match="Waiting demands an e-mail") as refused:
        merging.edit_contact(strict, "Ana", {"email": ""})
    assert [one.field for one in refused.value.missing] == ["email"]
    assert merging.edit_contact(strict, "Ana", {"contact": ""}).contact.email == "ana@acme.example"


def test_a_rep_corrects_only_what_is_his_alone(context: Context, bor: Context) -> None:
    add(bor, "Acme", contact="Ana")
    merging.edit_company(bor, "Acme", "Acme Two")
    merging.edit_contact(bor, "Ana", {"phone": "041"})
    add(context, "Acme Two", contact="Ana", phone="041")
    before = picture(context)
    for change in (
        lambda: merging.edit_company(bor, "Acme Two", "Mine"),
        lambda: merging.edit_contact(bor, "Ana", {"contact": "Jana"}),
    ):
        with pytest.raises(NotAllowed, match="a manager can change it for all of them"):
            change()
    assert picture(context) == before


def test_a_rep_may_give_his_company_a_name_that_only_colleagues_have(context: Context, bor: Context) -> None:
    add(context, "Globex"), add(bor, "Globbex")
    assert merging.edit_company(bor, "Globbex", "GLOBEX").company.name == "Globex"
    assert names(context) == ["Globex"]


# Merging


def test_merged_companies_are_one_and_one_undo_parts_them(context: Context, location: str) -> None:
    add(context, "Acme", contact="Ana"), add(context, "Acme d.o.o.", contact="Ana"), add(context, "ACME Ltd", amount=7)
    before = picture(context)
    done = merging.merge_companies(context, "Acme", ["acme D.O.O.", "Acme Ltd", "acme ltd"])
    assert (done.company.name, [deal.number for deal in done.deals]) == ("Acme", [2, 3])
    assert names(context) == ["Acme"]
    assert people(context) == [("Ana", "", "", "Acme", 2)]
    assert records.company(context, "Acme").figures.open_amounts == (("EUR", 7),)
    after = picture(context)
    assert undo.undo(context).what == "edited 2 deals (company)"
    assert picture(context) == before
    undo.redo(context)
    assert picture(context) == after
    assert health.examine(context, location).findings == ()


def test_a_merge_names_what_goes_and_what_stays(context: Context) -> None:
    add(context, "Acme", contact="Ana"), add(context, "Globex")
    with pytest.raises(BadInput, match="Acme is to be kept"):
        merging.merge_companies(context, "acme", ["Globex", "ACME"])
    with pytest.raises(BadInput, match="name what is to be merged into Ana"):
        merging.merge_contacts(context, "Ana", [])
    with pytest.raises(NotFound, match='no company "Initech"'):
        merging.merge_companies(context, "Acme", ["Globex", "Initech"])
    assert names(context) == ["Acme", "Globex"]


def test_merged_contacts_are_one_that_lacks_nothing_that_was_known(context: Context) -> None:
    add(context, "Acme", contact="Ana Novak", email="ana@acme.example")
    add(context, "Acme", contact="A. Novak", phone="041 234 567")
    add(context, "", contact="Novak", email="old@acme.example")
    before = picture(context)
    first, second, third = (number_of(context, word) for word in ("ana@", "041", "old@"))
    done = merging.merge_contacts(context, first, [second, third])
    assert [deal.number for deal in done.deals] == [1, 2, 3]
    assert people(context) == [("Ana Novak", "ana@acme.example", "041 234 567", "Acme", 3)]
    assert (done.contact.phone, records.company(context, "Acme").figures.deals) == ("041 234 567", 3)
    after = picture(context)
    undo.undo(context)
    assert picture(context) == before
    undo.redo(context)
    assert picture(context) == after


def test_a_kept_contact_that_becomes_what_the_other_is_leaves_no_twin(context: Context) -> None:
    add(context, "Acme", contact="Ana", email="ana@acme.example")
    add(context, "Acme", contact="Ana", email="ana@acme.example", phone="041")
    without, with_phone = sorted((line.contact for line in records.contacts(context)), key=lambda one: one.phone)
    merging.merge_contacts(context, without.id, [with_phone.id])
    assert people(context) == [("Ana", "ana@acme.example", "041", "Acme", 2)]


def test_contacts_of_different_companies_are_not_merged(context: Context) -> None:
    add(context, "Acme", contact="Ana"), add(context, "Globex", contact="Ana B")
    with pytest.raises(RuleBroken, match="different companies: Acme, Globex; merge the companies first"):
        merging.merge_contacts(context, "Ana", ["Ana B"])


def test_a_rep_merges_into_a_company_but_takes_no_colleagues_deals_along(context: Context, bor: Context) -> None:
    add(context, "Acme"), add(bor, "Acme"), add(bor, "Acme Ltd")
    merging.merge_companies(bor, "Acme", ["Acme Ltd"])
    assert records.company(bor, "Acme").figures.deals == 2
    add(bor, "Acme Oy")
    with pytest.raises(NotAllowed, match="others have deals with Acme too"):
        merging.merge_companies(bor, "Acme Oy", ["Acme"])


def test_a_deal_added_to_a_merged_company_stays_when_the_merge_is_undone(context: Context) -> None:
    add(context, "Acme"), add(context, "Acme Ltd")
    merging.merge_companies(context, "Acme", ["Acme Ltd"])
    later = add(context, "Acme")
    undo.undo(context)  # the deal
    assert names(context) == ["Acme"]
    undo.undo(context)
    assert names(context) == ["Acme", "Acme Ltd"]
    assert later.company == "Acme"
