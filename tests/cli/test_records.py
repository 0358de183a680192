"""`companies` and `contacts`: lists, sheets, corrections, merges; and the note of `add` on what looks the same."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

FIGURES = ["deals", "open", "won", "lost", "open_amounts", "won_amounts", "last_touch"]
CONTACT_KEYS = ["id", "name", "email", "phone", "company"]
HOSTILE = "a\x1b]0;owned\x07b\x1b[2Jc\u202ed"


@pytest.fixture
def three(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a shop with two companies that are probably one, and a third with a won deal in each of two currencies."""
    ana = ("--contact", "Ana Novak", "--email", "ana@acme.example")
    deal("CRM", "--company", "Acme d.o.o.", "--amount", "900", *ana)
    deal("Scanners", "--company", "Acme", "--contact", "Ana Novak", "--phone", "041 234 567")
    deal("Lamps", "--company", "Globex", "--amount", "1.2m", "--contact", "Bor Kos")
    deal("Desks", "--company", "Globex", "--amount", "300", "--currency", "USD")
    shop.ok("win", "3"), shop.ok("win", "4")
    return shop


def test_companies_are_listed_with_what_their_deals_come_to(three: Shop) -> None:
    assert three.ok("companies").rows == [
        ["Acme", "1", "", "", "2026-11-21"],
        ["Acme d.o.o.", "1", "€900", "", "2026-11-21"],
        ["Globex", "2", "", "€1,200,000 + $300", "2026-11-21"],
    ]


def test_words_look_for_companies_and_a_subcommand_goes_first(three: Shop) -> None:
    assert [row[0] for row in three.ok("companies", "ACME").rows] == ["Acme", "Acme d.o.o."]
    assert [row[0] for row in three.ok("companies", "acme", "o.o").rows] == ["Acme d.o.o."]
    assert [row[0] for row in three.ok("companies", "--limit", "1").rows] == ["Acme"]
    assert [row[0] for row in three.ok("companies", "glob", "--limit", "1").rows] == ["Globex"]
    assert [row["name"] for row in three.ok("companies", "--json", "--limit", "1").json] == ["Acme"]
    assert [row[0] for row in three.ok("companies", "--user", "ana", "--limit", "1").rows] == ["Acme"]
    assert three.ok("companies", "list", "same").rows == []
    assert three.ok("companies", "acme", "--json").json == three.ok("companies", "--json", "list", "acme").json


def test_many_companies_are_all_listed(shop: Shop, deal: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funneltui.cli.paging._PAGE", 2)
    for place in range(5):
        deal("Deal", "--company", f"Company {place}")
    assert [row[0][-1] for row in shop.ok("companies").rows] == list("01234")
    assert [row[0][-1] for row in shop.ok("companies", "--limit", "3").rows] == list("012")


def test_a_company_for_machines_has_exactly_its_fields(three: Shop) -> None:
    globex = three.ok("companies", "globex", "--json").json[0]
    assert list(globex) == ["name", *FIGURES]
    assert globex["won_amounts"] == [
        {"currency": "EUR", "amount": "1200000.00"}, {"currency": "USD", "amount": "300.00"},
    ]  # fmt: skip
    assert (globex["open"], globex["won"], globex["last_touch"]) == (0, 2, "2026-11-21T09:30:00+00:00")
    shown = three.ok("companies", "show", "GLOBEX", "--json").json
    assert list(shown) == ["name", *FIGURES, "contacts", "deal_list"]
    assert [one["number"] for one in shown["deal_list"]] == [4, 3]
    assert list(shown["contacts"][0]) == [*CONTACT_KEYS, *FIGURES]


def test_a_company_is_shown_with_lifetime_value_contacts_and_deals(three: Shop) -> None:
    lines = three.ok("companies", "show", "globex").out.splitlines()
    assert lines[0] == "Globex"
    assert "  deals           2: 0 open, 2 won, 0 lost" in lines
    assert "  lifetime value  €1,200,000 + $300" in lines
    assert lines[lines.index("contacts") + 1].split("\t")[1] == "Bor Kos"
    assert [line.split("\t")[1] for line in lines[lines.index("deals") + 1 :]] == ["Desks", "Lamps"]


def test_contacts_are_listed_and_shown_by_number_name_or_e_mail(three: Shop) -> None:
    assert [row[1:3] for row in three.ok("contacts").rows] == [
        ["Ana Novak", "Acme d.o.o."], ["Ana Novak", "Acme"], ["Bor Kos", "Globex"],
    ]  # fmt: skip
    number = three.ok("contacts", "041").rows[0][0]
    assert three.ok("contacts", "show", number).out.startswith(f"contact {number}  Ana Novak\n  company         Acme\n")
    assert three.ok("contacts", "show", "Ana@acme.example", "--json").json["deal_list"][0]["title"] == "CRM"
    refused = three("contacts", "show", "ana novak")
    assert (refused.status, refused.out) == (1, "")
    assert "2 contacts are called" in refused.err


def test_a_table_fits_eighty_columns(three: Shop, terminal: Callable[[int], None]) -> None:
    three.ok("companies", "edit", "globex", "--name", "Globex Heavy Industries and Daughters of Lower Saxony")
    terminal(80)
    for command in (["companies"], ["contacts"], ["companies", "same"], ["companies", "show", "acme"]):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", three.ok(*command).out).splitlines()
        assert 0 < max(map(len, lines)) <= 80
    assert "€1.2m + $300" in three.ok("companies", "globex").out


def test_what_is_probably_the_same_is_proposed(three: Shop) -> None:
    assert three.ok("companies", "same").rows == [["95%", "Acme d.o.o.", "Acme", "same name without its legal form"]]
    (pair,) = three.ok("contacts", "same", "--json").json
    assert (pair["score"], pair["why"]) == (90, ["same name"])
    assert [pair["keep"]["company"], pair["other"]["company"]] == ["Acme d.o.o.", "Acme"]


def test_companies_are_merged_and_parted_by_one_undo(three: Shop) -> None:
    before = three.ok("companies").out
    assert three.ok("companies", "merge", "acme", "acme d.o.o.").out == "company Acme: 1 deal changed\n"
    assert [row[:2] for row in three.ok("companies").rows] == [["Acme", "2"], ["Globex", "2"]]
    assert three.ok("undo").out == "undone: edited deal 1 (company)\n"
    assert three.ok("companies").out == before


def test_contacts_are_merged_by_number_or_e_mail(three: Shop) -> None:
    three.ok("companies", "merge", "acme", "acme d.o.o.")
    number = int(three.ok("contacts", "041").rows[0][0])
    done = three.ok("contacts", "merge", "ana@acme.example", str(number), "--json").json
    assert list(done) == [*CONTACT_KEYS, "changed"]
    assert (done["email"], done["phone"], done["changed"]) == ("ana@acme.example", "041 234 567", [1, 2])


def test_records_are_corrected_on_all_their_deals(three: Shop) -> None:
    assert three.ok("companies", "edit", "globex", "--name", "Globex AG").out == "company Globex AG: 2 deals changed\n"
    assert three.ok("companies", "edit", "globex ag", "--name", "Globex AG").out == "company Globex AG is as it was\n"
    done = three.ok("contacts", "edit", "bor kos", "--email", "bor@globex.example", "--json").json
    assert (done["email"], done["company"], done["changed"]) == ("bor@globex.example", "Globex AG", [3])
    assert three.ok("show", "3", "--json").json["company"] == "Globex AG"


@pytest.mark.parametrize(
    ("command", "status", "why"),
    [
        (["companies", "show", "Initech"], 1, "there is no company"),
        (["companies", "merge", "Acme", "Initech"], 1, "there is no company"),
        (["companies", "merge", "Acme", "ACME"], 1, "to be kept"),
        (["companies", "merge", "Acme"], 2, "OTHER"),
        (["companies", "edit", "Acme", "--name", "Globex"], 1, "merge the two"),
        (["companies", "edit", "Acme"], 2, "--name"),
        (["contacts", "show", "999999999"], 1, "there is no contact"),
        (["contacts", "show", "99999999999999999999"], 1, "there is no contact"),
        (["contacts", "edit", "Bor Kos", "--email", "nonsense"], 1, "no e-mail address"),
        (["contacts", "edit", "Bor Kos"], 2, "--phone"),
        (["contacts", "merge", "Bor Kos", "ana@acme.example"], 1, "different companies"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else None,
)
def test_what_cannot_be_is_refused_and_nothing_changes(three: Shop, command: list[str], status: int, why: str) -> None:
    before = three.dump()
    done = three(*command)
    assert (done.status, done.out) == (status, "")
    assert why in done.err
    assert three.dump() == before


def test_a_rep_sees_the_records_of_his_own_deals(everywhere: Shop) -> None:
    everywhere.ok("users", "add", "bo")
    for owner, company in (("bo", "Acme"), ("ana", "Acme"), ("ana", "Globex")):
        everywhere.ok("add", "x", "--source", "web", "--close", "fri", "--owner", owner, "--company", company,
                      "--contact", owner)  # fmt: skip
    assert [row[:2] for row in everywhere.ok("companies", user="bo").rows] == [["Acme", "1"]]
    assert [row[1] for row in everywhere.ok("contacts", user="bo").rows] == ["bo"]
    refused = everywhere("companies", "edit", "Acme", "--name", "Mine", user="bo")
    assert (refused.status, "a manager can" in refused.err) == (1, True)


def test_adding_what_looks_the_same_is_noted_beside_the_output(shop: Shop) -> None:
    new = ("--source", "web", "--close", "fri", "--company", "Acme", "--email", "ana@acme.example")
    assert shop.ok("add", "CRM rollout", *new).err == ""
    again = shop.ok("add", "CRM roll-out", *new, "--json")
    assert again.json["number"] == 2
    assert again.err == 'note: deal 1 "CRM rollout" looks like the same (same e-mail, same company, similar title)\n'


def test_a_refused_deal_is_not_compared(shop: Shop, deal: Callable[..., int]) -> None:
    deal("CRM", "--email", "ana@acme.example")
    assert "looks like" not in shop("add", "CRM", "--email", "ana@acme.example", "--source", "web").err


@pytest.mark.parametrize(
    "command",
    [["companies"], ["contacts"], ["companies", "--json"], ["contacts", "show", "1"], ["companies", "same"]],
    ids=" ".join,
)
def test_nothing_stored_acts_on_the_terminal(three: Shop, command: list[str]) -> None:
    with sqlite3.connect(three.location) as database:
        database.execute("UPDATE company SET name = name || ?", (HOSTILE,))
        database.execute("UPDATE contact SET name = ?, email = ?, phone = ?", (HOSTILE,) * 3)
        database.execute("UPDATE deal SET title = ?", (HOSTILE,))
    database.close()
    printed = three.ok(*command).out.replace("\t", "").split("\n")
    assert printed == [strip_controls(line) for line in printed]
