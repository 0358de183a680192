"""When companies, contacts and deals are probably the same, and when they only look alike."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from funneltui.domain.records import Company, Contact
from funneltui.domain.sameness import (
    Why,
    bare_name,
    company_pairs,
    contact_pairs,
    phone_tail,
    same_phone,
    similar_titles,
)


def ratio(one: str, other: str) -> float:
    """Measure likeness as the library does, without the library: the domain does not know it."""
    return 100 * SequenceMatcher(None, one, other, autojunk=False).ratio()


def companies(*names: str) -> list[tuple[str, str, int, Why]]:
    """Give the pairs found among companies of these names: who, whom, how surely, why."""
    known = {place: Company(place, name) for place, name in enumerate(names)}
    pairs = company_pairs(known.values(), ratio)
    return [(known[one.one].name, known[one.other].name, one.score, one.why[0]) for one in pairs]


def contacts(*people: Contact) -> list[tuple[int, int, int, tuple[Why, ...]]]:
    return [(one.one, one.other, one.score, one.why) for one in contact_pairs(people, ratio)]


def person(number: int, name: str = "", email: str = "", phone: str = "", company: str = "") -> Contact:
    return Contact(number, name, email, phone, company)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Žagar d.o.o.", "zagar"), ("Žagar, d. o. o.", "zagar"), ("ZAGAR DOO", "zagar"), ("Müller GmbH & Co. KG", "muller"),
        ("Łódź Druk Sp. z o.o.", "lodz druk"), ("Łódź Druk sp. z o. o.", "lodz druk"),
        ("Łódź Druk Spółka z o.o.", "lodz druk"),
        ("Valo Oy", "valo"), ("Oy Valo Ab", "valo"), ("Алфа ООД", "алфа"), ("ООО Ромашка", "ромашка"),
        ("Acme, Inc.", "acme"), ("O'Neill Ltd.", "oneill"), ("Acme Co. Ltd", "acme"), ("Foo-Bar a.s.", "foo bar"),
    ],
)  # fmt: skip
def test_a_name_is_compared_without_its_legal_form(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_a_name_of_nothing_but_a_legal_form_stays() -> None:
    assert bare_name("Oy") == "oy"
    assert bare_name("???") == ""


def test_companies_that_differ_in_their_legal_form_are_probably_the_same() -> None:
    assert companies("Acme", "Globex", "ACME d.o.o.") == [("Acme", "ACME d.o.o.", 95, Why.BARE_NAME)]


@pytest.mark.parametrize("slip", ["Nortwind Traders", "Northwind Trader", "Morthwind Traders", "NorthwindTraders"])
def test_a_slip_of_the_pen_is_found_among_many(slip: str) -> None:
    others = [f"{first}{second}" for first in ("North", "Nord", "East", "Zip") for second in map(chr, range(97, 123))]
    found = companies("Northwind Traders", *others, slip)
    assert ("Northwind Traders", slip) in [pair[:2] for pair in found]


def test_words_in_another_order_are_found() -> None:
    everyone = [f"Traders {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert companies("Northwind Traders", *everyone, "Northwind Traders Ltd", "Globex")[0][:3] == (
        "Northwind Traders", "Northwind Traders Ltd", 95,
    )  # fmt: skip


def test_companies_with_different_numbers_are_different() -> None:
    assert companies("Power Plant 2", "Power Plant 3", "Power Plant") == []


def test_different_companies_are_left_alone() -> None:
    assert companies("Acme", "Globex", "Initech", "Umbrella", "Hooli", "Acme Rockets") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("041 234 567", "+386 41 234 567", True), ("00386 41 234-567", "+386 (0)41/234.567", True),
        ("(041) 234567", "041234567", True), ("041 234 567", "041 234 568", False), ("", "", False), ("ext", "ext", False),
        ("1234567", "+386 1 1234567", False), ("0123", "+44 123", False), ("041 234 567", "+43 41 234 568", False),
    ],
)  # fmt: skip
def test_phones_are_compared_by_their_digits_with_and_without_the_country(one: str, other: str, same: bool) -> None:
    assert same_phone(one, other) is same_phone(other, one) is same


def test_phones_that_are_the_same_are_looked_up_by_the_same_digits() -> None:
    assert phone_tail("041 234 567") == phone_tail("+386 41 234 567") == "1234567"
    assert phone_tail("112") == ""


def test_one_e_mail_is_one_person_whatever_the_name_is_written_like() -> None:
    ana, again = person(1, "Ana Novak", "ana@acme.example"), person(2, "Novak Ana", "ANA@acme.example")
    assert contacts(ana, again) == [(1, 2, 100, (Why.EMAIL, Why.NAME))]
    assert contacts(ana, person(3, "", "ana@acme.example")) == [(1, 3, 100, (Why.EMAIL,))]


def test_a_shared_mailbox_is_proposed_with_less_confidence() -> None:
    assert contacts(person(1, "Ana Novak", "info@acme.example"), person(2, "Bor Kos", "info@acme.example")) == [
        (1, 2, 75, (Why.EMAIL,))
    ]


def test_a_switchboard_does_not_make_two_people_one() -> None:
    ana, bor = person(1, "Ana Novak", phone="01 234 5678"), person(2, "Bor Kos", phone="+386 1 234 5678")
    assert contacts(ana, bor) == []
    assert contacts(ana, person(3, "Ana Nowak", phone="+386 1 234 5678")) == [(1, 3, 95, (Why.PHONE, Why.SIMILAR_NAME))]


def test_a_namesake_is_the_same_person_at_the_same_company_only() -> None:
    here, there = person(1, "Ana Novak", company="Acme"), person(2, "Ana Novak", company="Globex")
    assert contacts(here, there) == []
    assert contacts(here, person(3, "Ana Novak", company="ACME d.o.o.")) == [(1, 3, 90, (Why.NAME,))]
    assert contacts(here, person(4, "Ana Novak")) == [(1, 4, 85, (Why.NAME,))]


def test_colleagues_of_similar_names_with_their_own_e_mails_are_two_people() -> None:
    ana, jana = person(1, "Ana Novak", "ana@a.example", "", "A"), person(2, "Jana Novak", "jana@a.example", "", "A")
    assert contacts(ana, jana) == []
    assert contacts(ana, person(3, "Jana Novak", company="A"))[0][:2] == (1, 3)


def test_the_surest_pair_comes_first_and_each_once() -> None:
    found = contacts(
        person(1, "Ana Novak", "ana@a.example", "041 234 567", "A"), person(2, "Ana Novak", company="A"),
        person(3, "Ana Novak", "ana@a.example", "041 234 567", "A"),
    )  # fmt: skip
    assert [one[:3] for one in found] == [(1, 3, 100), (1, 2, 90), (2, 3, 90)]


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("CRM rollout", "CRM roll-out", True), ("CRM rollout", "Rollout of CRM", True),
        ("Warehouse scaners", "Warehouse scanners", True),
        ("CRM rollout", "CRM rollout, Ljubljana", True), ("Licence renewal 2025", "Licence renewal 2026", False),
        ("Licence renewal 2025", "Licence renewal", True), ("Website", "Support contract", False), ("", "", False),
    ],
)  # fmt: skip
def test_titles_are_similar_unless_their_numbers_differ(one: str, other: str, similar: bool) -> None:
    assert similar_titles(one, other, ratio) is similar_titles(other, one, ratio) is similar
