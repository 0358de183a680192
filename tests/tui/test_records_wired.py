"""Companies and contacts are a key away wherever a deal is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.records_seen import fill

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


@pytest.mark.parametrize("before", [(), ("2",)], ids=["board", "list"])
async def test_c_shows_companies_and_contacts_and_1_leads_back_to_the_board(
    shop: Shop, show: Show, before: tuple[str, ...]
) -> None:
    fill(shop)
    async with show() as board:
        await board.press(*before, "C")
        await board.shows("[Companies 4]")
        await board.press("1")
        await board.opens("")


async def test_enter_in_the_column_of_the_company_or_contact_opens_that_one(shop: Shop, show: Show) -> None:
    fill(shop)
    async with show((200, 50)) as board:
        await board.press("2")
        await board.shows("1 of 7")
        await board.press("j", "l", "l", "enter")
        await board.shows("company Globex")
        await board.press("escape")
        await board.opens("ListScreen")
        screen = board.app.screen
        while screen.state.column.value != "contact":
            await board.press("l")
        await board.press("enter")
        await board.shows("contact Cene Zupan")
        await board.press("escape", "k", "enter")
        await board.opens("OpenedDeal")


@pytest.mark.parametrize(("steps", "told"), [(1, "contact Cene Zupan"), (2, "company Globex")])
async def test_an_opened_deal_opens_its_company_and_contact(shop: Shop, show: Show, steps: int, told: str) -> None:
    fill(shop)
    async with show() as board:
        await board.screen.open_deal(6)
        await board.opens("OpenedDeal")
        page = board.app.screen._page
        page.place = len(page.spots) - steps
        await board.press("enter")
        await board.opens("OpenedRecord")
        assert told in board.lines[0]
        await board.press("escape")
        await board.opens("OpenedDeal")
