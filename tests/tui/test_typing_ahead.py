"""Keys that a slow line brings in one packet: each reaches the field that it is meant for, and none is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.services import deals

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


@pytest.mark.parametrize("on", ["tab", "enter", "down"])
async def test_a_new_deal_typed_without_any_pause_is_whole(shop: Shop, show: Show, on: str) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.at_once(*"Northwind", on, *"Acme", *[on] * 5, *"web", on, *"fri", "ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
    deal = shop.deal(1)
    assert (deal.title, deal.company, deal.source) == ("Northwind", "Acme", "web")


async def test_going_back_a_field_without_any_pause_goes_back(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.at_once(*"North", "tab", *"Acme", "shift+tab", *"wind")
        await board.until(lambda: [one.value for one in board.app.screen.query("Input")][:2] == ["Northwind", "Acme"])


async def test_a_note_begun_without_picking_has_its_first_letter(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("i")
        await board.opens("ActivityDialog")
        await board.press(*"asked", "enter")
        await board.until(lambda: full.deal(1).version == 2)
    assert deals.show(full.context, 1).events[-1].data["note"] == "asked"
