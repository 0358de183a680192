"""Companies and contacts: what their deals come to, completion, likely duplicates, corrections, merges and their undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import EventKind, Role
from funneltui.domain.sameness import Why
from funneltui.errors import BadInput, NotAllowed, NotFound, RuleBroken
from funneltui.services import activities, deals, health, merging, moves, records, same_records, undo
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

CLOSE = date(2026, 12, 1)


def add(context: Context, company: str = "", title: str = "Deal", **more: object) -> Deal:
    values = {"title": title, "source": "web", "expected_close": CLOSE, "company": company, **more}
    return deals.add(context, values)


def won(context: Context, company: str, amount: int, currency: str = "EUR", **more: object) -> Deal:
    return moves.win(context, add(context, company, amount=amount, currency=currency, **more).number)


def names(context: Context, words: str = "") -> list[str]:
    return [line.company.name for line in records.companies(context, words)]


def people(context: Context, words: str = "") -> list[tuple[str, str, str, str, int]]:
    """Give every contact without its number, and how many deals it has."""
    lines = records.contacts(context, words)
    return [
        (line.contact.name, line.contact.email, line.contact.phone, line.contact.company, line.figures.deals)
        for line in lines
    ]


def number_of(context: Context, words: str) -> int:
    (line,) = records.contacts(context, words)
    return line.contact.id


def picture(context: Context) -> object:
    """Give all that a user sees of records and deals, without the counts of changes."""
    everything = [replace(deal, version=0) for deal in deals.listed(context, EVERYTHING, "d.number")]
    return everything, names(context), people(context)


@pytest.fixture
def bor(context: Context, as_user: Callable[[str], Context]) -> Context:
    """Give the same workspace as a rep sees it."""
    add_user(context, "bor", Role.REP)
    return as_user("bor")


# What the deals of a record come to


def test_a_company_counts_its_deals_and_never_adds_up_unlike_currencies(context: Context) -> None:
    won(context, "Acme", 1000), won(context, "acme", 200), won(context, "Acme", 70, "USD")
    add(context, "Acme", amount=5), add(context, "Acme")
    lost = add(context, "Acme", amount=9)
    moves.lose(context, [lost.number], {"reason": "price"})
    figures = records.company(context, "ACME").figures
    assert (figures.deals, figures.open, figures.won, figures.lost) == (6, 2, 3, 1)
    assert figures.open_amounts == (("EUR", 5),)
    assert figures.won_amounts == (("EUR", 1200), ("USD", 70))
    assert figures.touched == context.clock.now()


def test_spam_and_undone_deals_never_count(context: Context) -> None:
    won(context, "Acme", 1000, contact="Ana")
    spam = add(context, "Acme", amount=5, contact="Ana")
    activities.spam(context, [spam.number])
    add(context, "Acme", amount=7, contact="Ana")
    undo.undo(context)
    add(context, "Ghost")
    undo.undo(context)
    assert records.company(context, "Acme").figures.deals == records.contact(context, "Ana").figures.deals == 1
    assert names(context) == ["Acme"]
    with pytest.raises(NotFound, match="no company"):
        records.company(context, "Ghost")


def test_a_rep_sees_records_and_figures_of_his_own_deals_only(context: Context, bor: Context) -> None:
    won(context, "Acme", 1000, contact="Ana")
    won(bor, "Acme", 200, contact="Bor"), won(context, "Globex", 1, contact="Cene")
    sheet = records.company(bor, "Acme")
    assert (sheet.figures.won_amounts, len(sheet.deals)) == ((("EUR", 200),), 1)
    assert [line.contact.name for line in sheet.contacts] == ["Bor"]
    assert (names(bor), [one[0] for one in people(bor)]) == (["Acme"], ["Bor"])
    assert (records.company_count(bor), records.contact_count(bor)) == (1, 1)
    for look in (lambda: records.company(bor, "Globex"), lambda: records.contact(bor, "Ana")):
        with pytest.raises(NotFound, match="among those of your deals"):
            look()
    assert records.company(context, "Acme").figures.won_amounts == (("EUR", 1200),)


def test_records_are_found_by_folded_words_and_read_in_windows(context: Context) -> None:
    for name in ("Žagar Les", "Acme Žaga", "Globex"):
        add(context, name, contact=f"Head of {name}", email="x@y.example", phone="041 234 567")
    assert names(context) == ["Acme Žaga", "Globex", "Žagar Les"]
    assert names(context, "zaga") == ["Acme Žaga", "Žagar Les"]
    assert names(context, "zaga LES") == ["Žagar Les"]
    assert names(context, "100%") == names(context, "_") == []
    assert [line.company.name for line in records.companies(context, "", 1, 1)] == ["Globex"]
    assert (records.company_count(context, "zaga"), records.contact_count(context, "y.example")) == (2, 3)


@pytest.mark.parametrize("words", ["ana", "NOVAK ana", "acme.example", "acme novak", "041 234", "041234567", "žagar"])
def test_a_contact_is_found_by_name_e_mail_phone_and_company(context: Context, words: str) -> None:
    add(context, "Žagar", contact="Ana Novak", email="Ana@acme.example", phone="(041) 234-567")
    add(context, "Globex", contact="Bor Kos", email="bor@globex.example", phone="031 987 654")
    assert [one[0] for one in people(context, words)] == ["Ana Novak"]


def test_a_sheet_has_the_newest_deals_first_and_the_contacts_by_name(context: Context) -> None:
    for title, contact in (("First", "Bor"), ("Second", "Ana"), ("Third", "")):
        add(context, "Acme", title, contact=contact)
    sheet = records.company(context, "Acme")
    assert [deal.title for deal in sheet.deals] == ["Third", "Second", "First"]
    assert [line.contact.name for line in sheet.contacts] == ["Ana", "Bor"]
    assert [deal.title for deal in records.contact(context, "ana").deals] == ["Second"]


def test_a_contact_is_named_by_number_name_or_e_mail_and_namesakes_are_told_apart(context: Context) -> None:
    add(context, "Acme", contact="Ana", email="Ana@acme.example"), add(context, "Globex", contact="Ana")
    first, second = (line.contact for line in records.contacts(context))
    assert records.contact(context, first.id).contact == first
    assert records.contact(context, "ANA@acme.example").contact.company == "Acme"
    with pytest.raises(
        BadInput, match=rf"2 contacts.*by its number: {first.id} \(Acme, Ana@.*\); {second.id} \(Globex\)"
    ):
        records.contact(context, "ana")
    with pytest.raises(NotFound, match='no contact "99"'):
        records.contact(context, 99)


# Completion


def test_names_that_begin_so_come_before_names_that_contain_it_the_most_used_first(context: Context) -> None:
    for name in ("Northwind", "Nordic", "Nordic", "Acme North", "Acme North", "Acme North", "Globex"):
        add(context, name)
    found = records.completions(context, "company", "NOR")
    assert [(one.name, one.deals) for one in found] == [("Nordic", 2), ("Northwind", 1), ("Acme North", 3)]
    assert [one.name for one in records.completions(context, "company", "nor", 1)] == ["Nordic"]


def test_a_completed_contact_brings_e_mail_phone_and_company(context: Context) -> None:
    add(context, "Žagar", contact="Ana Novak", email="ana@z.example", phone="041")
    (found,) = records.completions(context, "contact", "novak")
    assert found == records.Completion("Ana Novak", 1, "ana@z.example", "041", "Žagar")


def test_nothing_is_completed_without_a_text_or_in_another_field(context: Context) -> None:
    add(context, "Acme", contact="Ana")
    assert records.completions(context, "company", " ") == records.completions(context, "title", "acme") == []
    assert records.completions(context, "contact", "%") == records.completions(context, "company", "a_me") == []


def test_a_rep_completes_with_what_is_his(context: Context, bor: Context) -> None:
    add(context, "Acme", contact="Ana"), add(context, "Acme Two"), add(bor, "Acme Two")
    assert [(one.name, one.deals) for one in records.completions(bor, "company", "acme")] == [("Acme Two", 1)]
    assert records.completions(bor, "contact", "a") == []


# Likely duplicates


def alike(context: Context, **values: object) -> list[tuple[int, tuple[Why, ...]]]:
    return [(one.deal.number, one.why) for one in records.likely_duplicates(context, values)]


def test_a_deal_with_the_same_e_mail_or_phone_looks_the_same(context: Context) -> None:
    add(context, "Acme", email="Ana@acme.example", phone="041 234 567")
    add(context, "Globex", email="bor@globex.example", phone="031 234 567")
    assert alike(context, email="ana@ACME.example") == [(1, (Why.EMAIL,))]
    assert alike(context, phone="+386 41 234-567") == [(1, (Why.PHONE,))]
    assert alike(context, email="new@acme.example", phone="041 234 568", title="Deal") == []


def test_a_similar_title_of_the_same_company_looks_the_same(context: Context) -> None:
    add(context, "Acmé", "CRM rollout"), add(context, "Acme", "Support"), add(context, "Globex", "CRM rollout")
    assert alike(context, company="ACME", title="crm roll-out") == [(1, (Why.TITLE,))]
    assert alike(context, company="Acme", title="Hotline") == alike(context, title="CRM rollout") == []


def test_the_deal_with_most_in_common_comes_first(context: Context) -> None:
    add(context, "Acme", "CRM", email="a@acme.example", phone="041 234 567")
    add(context, "Acme", "Other", email="a@acme.example")
    found = alike(context, company="Acme", title="CRM", email="a@acme.example", phone="041 234 567")
    assert found == [(1, (Why.EMAIL, Why.PHONE, Why.TITLE)), (2, (Why.EMAIL,))]


def test_only_open_and_recently_closed_deals_are_looked_at(context: Context) -> None:
    long_ago = replace(context, clock=Clock(context.clock.zone, context.clock.now() - timedelta(days=200)))
    for days in (0, records.RECENT_DAYS, records.RECENT_DAYS + 1):
        number = add(long_ago, "Acme", email="a@acme.example").number
        moves.win(context, number, {"closed_on": context.clock.today() - timedelta(days=days)})
    spam = add(context, "Acme", email="a@acme.example")
    activities.spam(context, [spam.number])
    assert [number for number, _ in alike(context, email="a@acme.example")] == [2, 1]


def test_a_rep_is_not_told_of_others_deals(context: Context, bor: Context) -> None:
    add(context, "Acme", "CRM", email="a@acme.example", phone="041 234 567")
    assert alike(bor, company="Acme", title="CRM", email="a@acme.example", phone="041 234 567") == []


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


# Proposals


def test_what_is_probably_the_same_is_proposed_and_nothing_is_changed(context: Context) -> None:
    add(context, "Nortwind", contact="Ana", email="a@n.example")
    for _ in range(2):
        add(context, "Northwind Ltd", contact="Ana N", email="A@n.example")
    add(context, "Globex", contact="Bor")
    before = picture(context)
    (company,) = same_records.same_companies(context)
    assert (company.keep.company.name, company.other.company.name) == ("Northwind Ltd", "Nortwind")
    assert (company.keep.figures.deals, company.why) == (2, (Why.SIMILAR_NAME,))
    (contact,) = same_records.same_contacts(context)
    assert (contact.keep.contact.name, contact.other.contact.name, contact.score) == ("Ana N", "Ana", 75)
    assert picture(context) == before


def test_a_rep_is_proposed_only_what_is_his(context: Context, bor: Context) -> None:
    add(context, "Acme", contact="Ana", email="a@n.example"), add(bor, "Acme Ltd", contact="Ana", email="a@n.example")
    assert same_records.same_companies(bor) == same_records.same_contacts(bor) == []
    assert len(same_records.same_companies(context)) == len(same_records.same_contacts(context)) == 1
