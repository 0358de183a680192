"""Companies and contacts merged: the marked ones once that is confirmed, and pairs that are probably the same."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from funneltui.services import merging, records, same_records
from funneltui.services.record_windows import Kind
from tests.tui.records_seen import fill, seen

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.services.same_records import SameCompanies
    from tests.tui.conftest import Shop, Show


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Give the workspace with some companies and contacts."""
    return fill(shop)


def companies(shop: Shop) -> list[str]:
    return [line.company.name for line in records.companies(shop.context)]


async def test_m_says_what_will_happen_before_anything_does(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show) as at:
        await at.press("M")
        await at.board.tells("mark with space what is to go")
        await at.press("j", "space")
        assert "■ 1 marked" in at.board.text
        await at.press("g", "M")
        await at.opens("MergeDialog")
        text = " ".join(at.board.text.split())
        for words in ("Merge 2 companies into one", "stays Acme 4 deals", "goes Acme d.o.o. 1 deal",
                      "1 deal goes over to Acme, which then has 5. u takes it all back."):  # fmt: skip
            assert words in text
        await at.press("escape")
        await at.opens("")
    assert filled.rows() == before


async def test_marked_companies_are_merged_into_the_one_under_the_cursor_and_undone(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("space", "space", "M")
        await at.opens("MergeDialog")
        await at.press("enter")
        await at.lists("Globex", "Hooli")
        await at.board.tells("5 deals with Globex now; u takes it back")
        assert (at.here, at.screen.state.tab.marked) == ("Globex", set())
        await at.press("u")
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")
        assert at.here == "Globex"


async def test_a_dialog_names_what_the_kept_contact_takes_over(filled: Shop, show: Show) -> None:
    filled.add(contact="Zvone"), filled.add(contact="Zvonimir", company="Hooli", email="z@hooli.example")
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.go_to("Zvonimir")
        await at.press("space")
        await at.go_to("Zvone")
        await at.press("M")
        await at.opens("MergeDialog")
        assert "1 deal goes over to Zvone, which then has 2." in at.board.text
        assert "It takes over: e-mail z@hooli.example, company Hooli." in at.board.text
        await at.press("enter")
        await at.board.until(lambda: filled.deal(8).email == "z@hooli.example")
        assert {(filled.deal(n).contact, filled.deal(n).company) for n in (8, 9)} == {("Zvone", "Hooli")}


async def test_contacts_at_different_companies_are_not_merged(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.go_to("Cene Zupan")
        await at.press("space")
        await at.go_to("Bor Kos")
        await at.press("M")
        await at.board.tells("they are at different companies: Acme, Globex; merge the companies first")
        assert at.board.dialog == "RecordsScreen"
    assert filled.rows() == before


async def test_a_marked_record_that_is_gone_meanwhile_is_told(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("space", "j")
        merging.merge_companies(filled.context, "Hooli", ["Acme"])
        await at.lists("Acme d.o.o.", "Globex", "Hooli")
        await at.press("M")
        await at.board.tells("one of them is not there any more; mark them anew")
        assert at.screen.state.tab.marked == set()


# What is probably the same


async def test_pairs_are_looked_for_while_the_screen_stays_alive(
    filled: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = threading.Event()

    def slowly(context: Context) -> list[SameCompanies]:
        found.wait()
        return same_companies(context)

    same_companies = same_records.same_companies
    monkeypatch.setattr(same_records, "same_companies", slowly)
    async with seen(show) as at:
        try:
            await at.press("equals_sign")
            await at.opens("SameDialog")
            await at.board.shows("looking ...")
        finally:
            found.set()
        await at.board.shows("Probably the same  1 of 1   95 %: same name without its legal form")


async def test_enter_merges_a_pair_and_the_end_says_so(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("equals_sign")
        await at.board.shows("stays")
        await at.press("enter")
        await at.board.shows("that was all: 1 merged; u takes the last one back")
        assert companies(filled) == ["Acme", "Globex", "Hooli"]
        await at.press("escape")
        await at.lists("Acme", "Globex", "Hooli")
        await at.press("u")
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")


async def test_s_lets_the_other_one_stay(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("equals_sign")
        await at.board.shows("stays")
        await at.press("s", "enter")
        await at.board.shows("that was all")
    assert companies(filled) == ["Acme d.o.o.", "Globex", "Hooli"]


async def test_what_one_says_no_to_is_not_proposed_again_on_this_screen(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show) as at:
        await at.press("equals_sign")
        await at.board.shows("stays")
        await at.press("n")
        await at.board.shows("that was all; nothing was merged")
        await at.press("enter")
        await at.opens("")
        await at.press("equals_sign")
        await at.board.shows("no two companies look the same")
    assert filled.rows() == before


async def test_a_merge_that_is_refused_leaves_the_pair_with_the_reason(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.press("equals_sign")
        await at.board.shows("100 %: same e-mail, same name")
        await at.press("enter")
        await at.board.shows("they are at different companies")
        await at.press("n")
        await at.board.shows("that was all")
    assert filled.rows() == before


async def test_a_pair_of_which_one_is_gone_is_passed_by(filled: Shop, show: Show) -> None:
    for name in ("Globex Ltd", "Hooli Inc"):
        filled.add(company=name)
    async with seen(show) as at:
        await at.press("equals_sign")
        await at.board.shows("1 of 3")
        shown = [at.board.app.screen.pairs[place].other.company.name for place in range(3)]
        merging.merge_companies(filled.context, "Acme", shown[1:2])
        await at.press("n")
        await at.board.shows("3 of 3")
        assert shown[2] in at.board.text
