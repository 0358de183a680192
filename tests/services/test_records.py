"""Companies and contacts: what their deals come to, completion, likely duplicates, proposals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.domain.sameness import Why
from funneltui.errors import BadInput, NotFound
from funneltui.services import activities, moves, record_windows, records, same_records, undo
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.services.record_windows import Kind
from tests.services.recorded import add, names, people, picture, won

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


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
    assert record_windows.window(bor, Kind.COMPANY, "", 0, 9).counts == {Kind.COMPANY: 1, Kind.CONTACT: 1}
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
    assert record_windows.window(context, Kind.COMPANY, "zaga", 0, 1).counts[Kind.COMPANY] == 2
    assert record_windows.window(context, Kind.COMPANY, "y.example", 0, 1).counts[Kind.CONTACT] == 3


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
