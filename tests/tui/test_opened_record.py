"""A company or contact, opened: its lifetime value, its deals and contacts a key away, corrected where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.services import merging, records
from funneltui.services.record_windows import Kind
from funneltui.tui.screens.opened_record import open_record_of
from tests.tui.records_seen import fill, seen

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Give the workspace with some companies and contacts."""
    return fill(shop)


async def test_a_company_opened_tells_its_lifetime_value_by_currency(filled: Shop, show: Show) -> None:
    async with seen(show, (80, 24)) as at:
        await at.open("Acme")
        text = [" ".join(line.split()) for line in at.board.lines]
        for words in ("deals 4: 1 open, 2 won, 1 lost", "open €12,500", "lifetime value €3,000 + $700",
                      "last touch Sat 21 Nov", "Contacts 2", "Ana Novak ana@acme.example €3,000 + $700",
                      "1 CRM rollout Waiting 15 Dec €12.5k", "Won 2", "3 Licences 21 Nov $700", "Lost 1"):  # fmt: skip
            assert words in text
        assert text.index("3 Licences 21 Nov $700") < text.index("2 Pilot 21 Nov €3k")


async def test_enter_opens_the_deal_and_the_next_one_is_a_key_away(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.open("Acme")
        await at.press("tab", "tab", "enter")
        await at.opens("OpenedDeal")
        await at.board.shows("#1 CRM rollout")
        await at.press("J")
        await at.board.shows("#3 Licences")
        await at.press("escape")
        await at.opens("OpenedRecord")
        assert at.board.app.screen._page.spot.deal == 3


async def test_contacts_whose_addresses_begin_alike_are_told_apart(shop: Shop, show: Show) -> None:
    for ending in ("com", "org"):
        shop.add(f"Pump {ending}", company="Acme", contact="Sales", email=f"sales@a-rather-long-name.example.{ending}")
    async with show((80, 24)) as board:
        await board.until(lambda: board.under_cursor != "")
        await board.press("enter")
        await board.opens("OpenedDeal")
        await board.press("C")
        await board.opens("OpenedRecord")
        await board.shows("sales@a-rather-long-name.example.com")
        await board.shows("sales@a-rather-long-name.example.org")


async def test_enter_opens_a_contact_and_its_company_and_escape_goes_the_way_back(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        opened = await at.open("Acme")
        await at.press("tab", "j", "enter")
        await at.board.shows("contact Bor Kos")
        await at.press("j", "j", "j", "enter")
        await at.board.shows("company Acme")
        await at.press("escape")
        await at.board.shows("contact Bor Kos")
        assert opened._page.spot.company
        await at.press("escape")
        await at.board.shows("company Acme")
        assert opened._page.spot.contact == records.contact(filled.context, "Bor Kos").contact.id
        await at.press("escape")
        await at.opens("")
        assert at.here == "Acme"


async def test_e_changes_a_text_where_it_stands(filled: Shop, show: Show) -> None:
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.open("Cene Zupan")
        await at.press("j", "e")
        await at.board.until(lambda: at.board.app.focused is not None)
        await at.board.type("cene")
        await at.press("enter")
        await at.board.until(lambda: "wrong" in at.board.app.screen.query_one(".echo").classes)
        await at.board.type("@globex.example")
        await at.press("enter")
        await at.board.until(lambda: filled.deal(6).email == "cene@globex.example")
        await at.board.shows("cene@globex.example")
        await at.press("u")
        await at.board.until(lambda: filled.deal(6).email == "")
        await at.press("e")
        await at.board.until(lambda: at.board.app.focused is not None)
        await at.board.type("x@y.example")
        await at.press("escape")
        await at.board.until(lambda: at.board.app.focused is None)
    assert filled.deal(6).email == ""


async def test_what_others_do_is_seen_in_an_opened_company(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        opened = await at.open("Acme")
        await at.press("tab", "tab")
        filled.add("Brand new", company="Acme", contact="Ana Novak", email="ana@acme.example", phone="041 234 567")
        await at.board.shows("Brand new")
        assert opened._page.spot.deal == 1
        merging.edit_company(filled.context, "Acme", "Acme Group")
        await at.board.shows("company Acme Group")


async def test_a_company_that_is_merged_away_meanwhile_is_left(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.open("Acme d.o.o.")
        merging.merge_companies(filled.context, "Acme", ["Acme d.o.o."])
        await at.board.tells("the company is not there any more")
        await at.opens("")
        await at.lists("Acme", "Globex", "Hooli")


async def test_a_company_that_is_merged_away_beneath_its_deal_is_left_with_the_deal(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.open("Acme d.o.o.")
        await at.press("G", "enter")
        await at.opens("OpenedDeal")
        merging.merge_companies(filled.context, "Acme", ["Acme d.o.o."])
        await at.press("escape")
        await at.opens("")


async def test_of_very_many_deals_the_newest_are_shown_and_that_is_said(shop: Shop, show: Show) -> None:
    shop.move(shop.add("The first", company="Acme").number, "acquired")
    for _ in range(52):
        shop.add(company="Acme")
    async with seen(show, (80, 24)) as at:
        await at.open("Acme")
        await at.board.shows("newest 50 of 52")
        await at.press("pagedown")
        assert "PgDn" in at.board.text
        await at.press("G")
        await at.board.shows("1, all of them older")


@pytest.mark.parametrize(
    ("kind", "deal", "told"), [(Kind.CONTACT, 6, "contact Cene Zupan"), (Kind.COMPANY, 6, "company Globex")]
)
async def test_a_deal_leads_to_its_contact_and_company(
    filled: Shop, show: Show, kind: Kind, deal: int, told: str
) -> None:
    async with show() as board:
        await open_record_of(board.screen, kind, deal)
        await board.opens("OpenedRecord")
        assert told in board.lines[0]
        await board.press("q")
        await board.opens("")


async def test_a_deal_without_a_company_says_so(shop: Shop, show: Show) -> None:
    shop.add()
    async with show() as board:
        await open_record_of(board.screen, Kind.COMPANY, 1)
        await board.tells("deal 1 has no company; edit it to name one")
