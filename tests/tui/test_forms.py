"""Forms: a new deal, an edited one, the next contact; each field read as it is typed, each refusal beside its field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


async def fill(board: Board, **texts: str) -> None:
    """Put texts into the fields of the open form."""
    for name, text in texts.items():
        board.app.screen.query_one(f"#field-{name}", TypedField).query_one(Input).value = text
    await board.pilot.pause()


def beside(board: Board, label: str) -> str:
    """Give what stands on the line of a field."""
    return next(line for line in board.lines if f"  {label}" in line).split(label, 1)[1].strip(" *")


async def test_n_adds_a_deal_with_what_was_typed(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("Northwind")
        await fill(board, company="Acme", amount="12.5k", source="phone", expected_close="15.12.", tags="hot big")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        assert board.under_cursor == "Northwind"
    deal = shop.deal(1)
    assert (deal.title, deal.company, deal.amount, deal.source) == ("Northwind", "Acme", 1_250_000, "phone")
    assert (deal.expected_close, deal.tags, deal.owner) == (date(2026, 12, 15), ("big", "hot"), "ana")


@pytest.mark.parametrize("lacking", ["title", "source", "expected_close"])
async def test_a_new_deal_without_what_every_deal_needs_is_refused_beside_the_field(
    shop: Shop, show: Show, lacking: str
) -> None:
    texts = {"title": "Northwind", "source": "web", "expected_close": "fri"}
    label = lacking.replace("_", " ")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **(texts | {lacking: ""}))
        await board.press("ctrl+s")
        await board.until(lambda: beside(board, label).endswith("needed"))
        assert board.dialog == "DealForm"
        field = board.app.screen.query_one(f"#field-{lacking}")
        assert board.app.focused in field.children
    assert shop.count("deal") == 0


async def test_a_form_says_what_it_understood_of_a_date_and_an_amount(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, expected_close="fri", amount="12.5k", source="ph")
        assert beside(board, "expected close").endswith("= Fri 27 Nov")
        assert beside(board, "amount").endswith("= €12,500")
        assert beside(board, "source").endswith("= phone")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("expected_close", "32.13.", "not understood"),
        ("amount", "a lot", "a lot"),
        ("email", "nobody", "nobody"),
        ("source", "smoke signals", "smoke"),
        ("probability", "140", "140"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field_and_not_saved(
    shop: Shop, show: Show, field: str, text: str, words: str
) -> None:
    texts = {"title": "Northwind", "source": "web", "expected_close": "fri"} | {field: text}
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **texts)
        assert words in board.text
        await board.press("ctrl+s")
        assert board.dialog == "DealForm"
    assert shop.count("deal") == 0


async def test_enter_goes_from_field_to_field_and_saves_in_the_last(shop: Shop, show: Show) -> None:
    async with show((120, 40)) as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, title="Northwind", source="web", expected_close="fri")
        for _ in board.app.screen.query(Input):
            await board.press("enter")
        await board.opens("")
        await board.until(lambda: shop.count("deal") == 1)


async def test_the_form_shows_the_answers_where_the_choice_is_fixed(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        board.app.screen.query_one("#field-source Input", Input).focus()
        await board.until(lambda: board.text.count("contact form, phone, other") == 2)


async def test_e_edits_one_field_and_leaves_the_others(full: Shop, show: Show) -> None:
    before = full.deal(1)
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        assert "Edit #1" in board.text
        await board.type(" II")
        await board.press("ctrl+s")
        await board.shows("Northwind rollout II")
    after = full.deal(1)
    assert (after.title, after.version) == ("Northwind rollout II", before.version + 1)
    assert (after.amount, after.follow_up, after.company) == (before.amount, before.follow_up, before.company)


async def test_an_edit_that_changes_nothing_writes_nothing(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        await board.press("ctrl+s")
        await board.opens("")
    assert full.rows() == before


async def test_an_edit_of_a_deal_with_notes_of_several_lines_keeps_them(shop: Shop, show: Show) -> None:
    shop.add("Northwind", notes="first\nsecond\n\nfourth")
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        await fill(board, title="Renamed")
        await board.press("ctrl+s")
        await board.until(lambda: shop.deal(1).title == "Renamed")
    assert shop.deal(1).notes == "first\nsecond\n\nfourth"


async def test_an_edit_cannot_take_away_what_the_stage_demands(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "e")
        await board.opens("DealForm")
        await fill(board, detail="")
        await board.press("ctrl+s")
        await board.until(lambda: beside(board, "detail").endswith("needed"))
    assert full.deal(4).detail == "meeting"


async def test_the_reason_of_a_lost_deal_is_edited_in_its_form(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        await board.press("o")
        await board.shows("Vandelay")
        await board.press("l", "l", "l", "l", "e")
        await board.opens("DealForm")
        await fill(board, reason="other")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(7).reason == "other")


async def test_d_and_a_digit_set_the_next_contact(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.at_once("j", "d", "2")
        await board.until(lambda: full.deal(2).follow_up == date(2026, 11, 24))
        await board.shows("Today 3")


async def test_a_next_contact_takes_a_typed_day_and_a_few_words(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j", "d")
        await board.opens("FollowUpDialog")
        await board.press("m", "o", "n")
        await board.shows("= Mon 23 Nov")
        await board.press("tab")
        await board.type("send the offer")
        await board.press("enter")
        await board.shows("send the offer")
    assert (full.deal(2).follow_up, full.deal(2).follow_up_note) == (date(2026, 11, 23), "send the offer")


async def test_new_words_alone_keep_the_day_of_the_next_contact(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("d")
        await board.opens("FollowUpDialog")
        await board.press("tab", "tab")
        await board.type(" again")
        await board.press("enter")
        await board.until(lambda: full.deal(1).follow_up_note == "call Anna again")
    assert full.deal(1).follow_up == date(2026, 11, 18)


async def test_nought_takes_the_next_contact_away(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("d", "0")
        await board.until(lambda: full.deal(1).follow_up is None)
    assert full.deal(1).follow_up_note == ""


async def test_a_next_contact_that_cannot_be_read_stays_in_the_dialog(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("d")
        await board.opens("FollowUpDialog")
        await board.press(*"someday", "enter")
        await board.shows("not understood")
        assert board.dialog == "FollowUpDialog"


async def test_the_opened_deal_tells_its_facts_and_its_history(full: Shop, show: Show) -> None:
    full.move(1, "acquisition", detail="call")
    async with show((200, 50)) as board:
        await board.press("l", "enter")
        await board.opens("OpenedDeal")
        for words in ("#1 Northwind rollout", "In acquisition · call scheduled", "€12,500", "Acme", "contact form",
                      "Wed 18 Nov, 3 d late · call Anna", "moved to In acquisition · call scheduled",
                      "added in Waiting"):  # fmt: skip
            assert words in board.text


async def test_e_in_the_opened_deal_edits_it(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("enter")
        await board.opens("OpenedDeal")
        await board.press("e")
        await board.opens("DealForm")
        await board.type("!")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).title == "Northwind rollout!")


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_the_opened_deal_is_left_by_key(full: Shop, show: Show, key: str) -> None:
    async with show() as board:
        await board.press("enter")
        await board.opens("OpenedDeal")
        await board.press(key)
        await board.opens("")
        assert board.app.is_running


@pytest.mark.parametrize(("key", "dialog", "text"), [("n", "DealForm", "Northwind"), ("d", "FollowUpDialog", "fri")])
async def test_what_is_typed_right_after_the_key_of_a_form_is_in_its_first_field(
    full: Shop, show: Show, key: str, dialog: str, text: str
) -> None:
    async with show() as board:
        await board.at_once(key, *text)
        await board.opens(dialog)
        await board.until(lambda: board.app.screen.query(Input).first().value == text)


async def test_a_loss_with_its_note_typed_without_any_pause_is_whole(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.at_once("x", "1", "tab", *"too late", "enter")
        await board.until(lambda: not full.deal(1).is_open)
    assert (full.deal(1).reason, full.deal(1).reason_note) == ("price", "too late")
