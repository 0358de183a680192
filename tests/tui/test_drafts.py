"""Drafts: what is typed is kept until it is left or saved; what was cut off is offered, gone on with, dropped or left."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.inbox import Arrival, Channel
from funneltui.exchange.drafts import What
from funneltui.services import deals, inbox
from funneltui.services.inbox_values import Completion
from tests.conftest import NOW
from tests.tui.conftest import Board
from tests.tui.desk import TYPED, Desk, desk, field, kept, show

if TYPE_CHECKING:
    from tests.tui.conftest import Shop

    Show = Any


__all__ = ["desk", "show"]


async def fill(board: Board, **texts: str) -> None:
    """Put texts into the fields of the open form."""
    for name, text in texts.items():
        field(board, name).value = text
    await board.pilot.pause()


def arrive(shop: Shop) -> None:
    """Let a mail arrive as entry 1 that lacks a source and an expected close."""
    mail = Arrival(Channel.MAIL, "1", "Jan <jan@acme.example>", {"title": "Five lamps"}, "How much is it?", NOW)
    inbox.take_in(shop.context, mail, Completion({}, {}))


async def complete(board: Board) -> None:
    """Show the form of the inbox's entry, its cursor in what is missing first."""
    await board.press("8")
    await board.opens("InboxScreen")
    await board.shows("Five lamps")
    await board.press("enter")
    await board.opens("EntryForm")


async def test_what_is_typed_into_a_new_deal_is_kept_meanwhile(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("North")
        await kept(board, desk, "North")
        await board.type("wind")
        await kept(board, desk, "Northwind")
        assert len(desk.files) == 1
    assert shop.count("deal") == 0


async def test_a_form_in_which_nothing_is_typed_keeps_nothing(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        for key in ("n", "e"):
            await board.press(key)
            await board.opens("DealForm")
            board.app.drafts.flush(board.app)
            assert not desk.path.exists()
            await board.press("escape")
            await board.opens("")
        await board.app.worker.apart(lambda: None)
    assert not desk.path.exists()


async def test_a_form_left_with_esc_leaves_no_draft_and_no_change(full: Shop, show: Show, desk: Desk) -> None:
    before = full.path.read_bytes()
    async with show() as board:
        for key in ("n", "e", "i"):
            await board.press(key)
            await board.until(lambda: bool(board.dialog))
            await board.press(*"xyz")
            await kept(board, desk, "xyz")
            await board.press("escape")
            await board.until(lambda: not desk.files)
    assert full.path.read_bytes() == before


async def test_a_text_that_is_taken_out_again_is_kept_no_more(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.press("x", "y")
        await kept(board, desk, "xy")
        await board.press("backspace", "backspace")
        await board.until(lambda: not desk.files)
        await board.press("z")
        await kept(board, desk, "z")


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_saved_form_leaves_no_draft(shop: Shop, show: Show, desk: Desk, at_once: bool) -> None:
    async with show(pause=60 if at_once else 0.01) as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        if not at_once:
            await kept(board, desk, "12.5k")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        await board.until(lambda: not desk.files)
    assert shop.count("deal") == 1


async def test_a_saved_edit_and_a_saved_note_leave_no_draft(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        await board.type(" II")
        await kept(board, desk, " II")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).title == "Northwind rollout II")
        await board.until(lambda: not desk.files)
        await board.press("i", *"asked")
        await kept(board, desk, "asked")
        await board.press("enter")
        await board.until(lambda: full.deal(1).version == 3)
        await board.until(lambda: not desk.files)
    assert deals.show(full.context, 1).events[-1].data["note"] == "asked"


@pytest.mark.parametrize("leaving", ["signal", "ctrl+q"])
async def test_what_was_typed_just_before_the_end_is_kept_at_once(
    shop: Shop, show: Show, desk: Desk, leaving: str
) -> None:
    async with show(pause=60) as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("Northwind")
        assert desk.files == []
        if leaving == "signal":
            board.app._leave(128 + signal.SIGHUP)
        else:
            await board.press("ctrl+q")
        assert "Northwind" in desk.files[0].read_text()


async def test_a_text_that_came_in_the_very_moment_of_the_end_is_kept(shop: Shop, show: Show, desk: Desk) -> None:
    async with show(pause=60) as board:
        await board.press("n")
        await board.opens("DealForm")
        field(board, "title").value = "Northwind"  # the form has not been told of it yet
        board.app._leave(128 + signal.SIGHUP)
        assert "Northwind" in desk.files[0].read_text()


@pytest.mark.parametrize("moments", range(0, 40, 4))
async def test_a_save_that_the_end_of_the_program_meets_is_stored_or_kept(
    shop: Shop, show: Show, desk: Desk, moments: int
) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        await kept(board, desk, "12.5k")
        board._send("ctrl+s")
        for _ in range(moments):
            await asyncio.sleep(0)
        board.app._leave(128 + signal.SIGTERM)
    assert shop.count("deal") + len(desk.files) == 1


async def test_an_edit_that_is_refused_is_offered_again_and_says_what_changed(
    full: Shop, show: Show, desk: Desk
) -> None:
    async with show(pause=60) as board:
        await board.press("e")
        await board.opens("DealForm")
        await board.type(" II")
        deals.edit(full.context, 1, {"amount": 500})
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The edit of #1 Northwind rollout is not saved" in board.text
        assert "deal 1 was changed meanwhile: ana edited it (amount)" in board.text
        await kept(board, desk, "Northwind rollout II")
        await board.press("enter")
        await board.opens("DealForm")
        assert field(board, "title").value == "Northwind rollout II"
        assert "deal 1 was changed meanwhile: ana edited it (amount)" in board.text
        assert field(board, "amount").value == "5.00"
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).title == "Northwind rollout II")
        await board.until(lambda: not desk.files)
    assert full.deal(1).amount == 500


async def test_a_new_deal_that_a_rule_refuses_is_not_lost(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED, owner="nobody at all")
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The new deal is not saved" in board.text
        await board.press("enter")
        await board.opens("DealForm")
        await fill(board, owner="")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        await board.until(lambda: not desk.files)
    assert shop.deal(1).title == "Northwind"


async def test_a_place_that_cannot_be_written_is_told_once_and_keeps_nobody_from_saving(
    shop: Shop, show: Show, desk: Desk
) -> None:
    desk.path.write_text("no folder")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        await board.tells("cannot be kept as a draft")
        await fill(board, title="Hooli")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        assert board.told.count("cannot be kept as a draft") == 1


async def test_notes_are_kept_while_they_are_written_and_gone_on_with(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        await board.press(*"one", "enter", *"two")
        await kept(board, desk, "one\\ntwo")
        await board.press("escape", "escape")
        await board.until(lambda: not desk.files)
    desk.leave(What.NOTES, {"notes": "one\ntwo"}, number=1, version=1, title="Northwind")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "The notes of #1 Northwind were being typed 10 min ago" in board.text
        await board.press("enter")
        await board.opens("NotesDialog")
        await board.press("enter", *"three", "ctrl+s")
        await board.until(lambda: full.deal(1).notes == "one\ntwo\nthree")
        await board.until(lambda: not desk.files)


async def test_notes_that_are_refused_are_offered_again(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        await board.press(*"mine")
        deals.edit(full.context, 1, {"notes": "theirs"})
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The notes of #1 Northwind rollout are not saved" in board.text
        await board.press("enter")
        await board.opens("NotesDialog")
        assert "deal 1 was changed meanwhile: ana edited it (notes)" in board.text
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).notes == "mine")
        await board.until(lambda: not desk.files)


async def test_the_form_of_an_entry_is_kept_while_it_is_typed_and_leaves_nothing(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    async with show() as board:
        await complete(board)
        await board.type("pho")
        await kept(board, desk, '{"source": "pho"}')
        await board.press("escape")
        await board.until(lambda: not desk.files)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await fill(board, expected_close="15.12.")
        await kept(board, desk, "15.12.")
        await board.press("ctrl+s")
        await board.tells("deal 1 added")
        await board.until(lambda: not desk.files)
    assert (shop.count("deal"), shop.deal(1).source) == (1, "phone")


async def test_an_entry_that_was_being_completed_is_gone_on_with_and_makes_one_deal(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    desk.leave(What.ENTRY, {"source": "phone", "company": "Acme"}, number=1, pipeline="sales", title="Five lamps")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "Entry #1 Five lamps was being completed 10 min ago" in board.text
        await board.press("enter")
        await board.opens("EntryForm")
        assert [field(board, name).value for name in ("title", "source", "company")] == ["Five lamps", "phone", "Acme"]
        await board.type("15.12.")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        await board.until(lambda: not desk.files)
    deal = shop.deal(1)
    assert (shop.count("deal"), deal.company, deal.external_id) == (1, "Acme", "1")
    assert inbox.waiting(shop.context) == 0


async def test_a_deal_of_an_entry_that_is_refused_is_offered_again_and_nothing_typed_is_lost(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    async with show() as board:
        await complete(board)
        await fill(board, source="phone", expected_close="15.12.", owner="nobody at all")
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "Entry #1 Five lamps is not completed" in board.text
        await board.press("enter")
        await board.opens("EntryForm")
        assert field(board, "expected_close").value == "15.12."
        await fill(board, owner="")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        await board.until(lambda: not desk.files)
        await board.shows("nothing waits")


async def test_a_draft_of_an_entry_that_somebody_completed_is_told_and_can_be_dropped(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    desk.leave(What.ENTRY, {"source": "phone"}, number=1, title="Five lamps")
    inbox.complete(shop.context, 1, Completion({"source": "web", "expected_close": "15.12."}, {}))
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.shows("entry 1 has become deal 1")
        await board.press("d")
        await board.until(lambda: not desk.files)
    assert (shop.count("deal"), shop.deal(1).source) == (1, "web")
