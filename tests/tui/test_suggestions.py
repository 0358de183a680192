"""Fields propose the rest of a name as it is typed, and a known contact brings what else is known of him."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


async def types_into(board: Board, field: str, text: str) -> Input:
    """Type into a field of the form."""
    line = board.app.screen.query_one(f"#field-{field} Input", Input)
    line.focus()
    await board.until(lambda: board.app.focused is line)
    await board.type(text)
    return line


async def proposed(board: Board, line: Input, text: str) -> None:
    await board.until(lambda: line._suggestion == text)
    await board.press("right")
    assert line.value == text


@pytest.mark.parametrize(
    ("field", "typed", "whole"), [("source", "con", "contact form"), ("company", "zal", "Žalec Garden")]
)
async def test_the_right_arrow_takes_what_is_proposed(
    shop: Shop, show: Show, field: str, typed: str, whole: str
) -> None:
    shop.add("First", company="Žalec Garden")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        line = await types_into(board, field, typed)
        await proposed(board, line, whole)


async def test_a_known_contact_brings_company_e_mail_and_phone(shop: Shop, show: Show) -> None:
    shop.add("First", company="Acme", contact="Anna Purchasing", email="anna@example.com", phone="+386 1 234")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        line = await types_into(board, "contact", "ann")
        await proposed(board, line, "Anna Purchasing")
        for field, text in (("company", "Acme"), ("email", "anna@example.com"), ("phone", "+386 1 234")):
            other = board.app.screen.query_one(f"#field-{field} Input", Input)
            await board.until(lambda other=other, text=text: other.value == text)


async def test_what_was_typed_already_is_left_as_it_is(shop: Shop, show: Show) -> None:
    shop.add("First", company="Acme", contact="Anna Purchasing", email="anna@example.com", phone="+386 1 234")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        mail = await types_into(board, "email", "other@example.com")
        line = await types_into(board, "contact", "ann")
        await proposed(board, line, "Anna Purchasing")
        phone = board.app.screen.query_one("#field-phone Input", Input)
        await board.until(lambda: phone.value == "+386 1 234")
        assert mail.value == "other@example.com"


async def test_a_rep_is_proposed_nothing_of_others(shop: Shop, show: Show) -> None:
    shop.rep("bo")
    shop.add("Mine", company="Zebra", owner="bo")
    shop.add("Secret", company="Zenith")
    async with show(user="bo") as board:
        await board.press("n")
        await board.opens("DealForm")
        line = await types_into(board, "company", "ze")
        await board.until(lambda: line._suggestion == "Zebra")
        await board.type("n")
        await board.pilot.pause()
        assert line._suggestion == ""


async def test_a_field_changed_where_it_stands_proposes_too(shop: Shop, show: Show) -> None:
    shop.add("First", company="Acme")
    shop.add("Second")
    async with show() as board:
        await board.press("j", "enter")
        await board.opens("OpenedDeal")
        await board.press("j", "j", "j", "enter")
        await board.until(lambda: isinstance(board.app.focused, Input))
        await board.type("ac")
        await proposed(board, board.app.focused, "Acme")


async def test_a_deal_that_looks_like_another_is_added_and_says_so(shop: Shop, show: Show) -> None:
    shop.add("CRM rollout", email="anna@example.com")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("Another one")
        for field, text in (("email", "anna@example.com"), ("source", "phone"), ("expected_close", "fri")):
            await types_into(board, field, text)
        await board.press("ctrl+s")
        await board.tells('deal 1 "CRM rollout" looks like the same (same e-mail)')
        assert shop.deal(2).title == "Another one"
