"""Entries of the inbox are completed, dropped and brought back, one or several, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from funneltui.domain.deal import Outcome
from funneltui.errors import StorageError
from funneltui.services import inbox
from funneltui.services.inbox_values import Completion
from tests.tui.inbox_seen import field, seen, titles, waiting

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


__all__ = ["waiting"]


async def test_undo_brings_the_entry_back_and_redo_takes_it_again(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await board.press("ctrl+s")
        await board.until(lambda: len(screen.state.entries) == 2)
        await board.press("u")
        await board.until(lambda: titles(screen)[0] == "Site network")
        await board.press("U")
        await board.until(lambda: len(screen.state.entries) == 2)
        assert waiting.deal(2).outcome is Outcome.OPEN


async def test_what_is_cleared_in_the_form_is_not_the_deals(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        for name in ("email", "amount"):
            field(board, name).query_one(Input).value = ""
        await board.press("ctrl+s")
        await board.until(lambda: len(screen.state.entries) == 2)
        assert (waiting.deal(2).email, waiting.deal(2).amount) == ("", None)


async def test_leaving_the_form_makes_no_deal(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await board.press("escape")
        await board.opens("InboxScreen")
        assert len(screen.state.entries) == 3
        assert waiting.count("deal") == 1


async def test_a_deal_that_may_repeat_another_is_told_before_and_after(waiting: Shop, show: Show) -> None:
    waiting.add("Globex network", company="Globex", email="jan@acme.example")
    async with show() as board:
        await seen(board)
        await board.shows('deal 2 "Globex network" looks like the same')
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await board.press("ctrl+s")
        await board.tells("Globex network")


async def test_what_somebody_completed_meanwhile_is_refused_and_shown_as_it_is(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        inbox.complete(waiting.context, 3, Completion({"source": "web"}, {}))
        await board.type("phone")
        await board.press("ctrl+s")
        await board.tells("entry 3 has become deal 2; nothing was changed")
        await board.opens("InboxScreen")
        assert len(screen.state.entries) == 2


async def test_what_is_refused_is_asked_about_again_with_what_was_typed(
    waiting: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")

        def refused(*_: object) -> None:
            from funneltui.errors import RuleBroken

            raise RuleBroken("not like this")

        with monkeypatch.context() as patched:
            patched.setattr(inbox, "complete", refused)
            await board.press("ctrl+s")
            await board.until(lambda: "not like this" in board.text and "EntryForm" in board.dialog)
        assert field(board, "source").text == "phone"
        await board.press("ctrl+s")
        await board.until(lambda: len(screen.state.entries) == 2)
        assert waiting.deal(2).source == "phone"


async def test_x_drops_and_r_brings_back(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("x")
        await board.tells("dropped: Site network; r brings it back")
        assert titles(screen) == ["Warehouse scanners", "Five lamps"]
        await board.press("r")
        await board.tells("waits again: Site network")
        assert len(screen.state.entries) == 3


async def test_undo_takes_back_the_last_thing_done_here_whether_a_drop_or_a_deal(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("x")
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await board.press("tab")
        await board.type("fri")
        await board.press("ctrl+s")
        await board.until(lambda: titles(screen) == ["Five lamps"])
        await board.press("x")
        await board.until(lambda: titles(screen) == [])
        await board.press("u")
        await board.tells("waits again: Five lamps")
        assert waiting.deal(2).outcome is Outcome.OPEN
        await board.press("U")
        await board.until(lambda: titles(screen) == [])
        await board.press("u", "u")
        await board.until(lambda: titles(screen) == ["Warehouse scanners", "Five lamps"])
        assert waiting.deal(1).outcome is Outcome.OPEN
        await board.press("r")
        await board.until(lambda: len(screen.state.entries) == 3)


async def test_a_drop_that_could_not_be_undone_can_be_tried_again(
    waiting: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    async with show() as board:
        screen = await seen(board)
        await board.press("x")
        await board.until(lambda: len(titles(screen)) == 2)
        with monkeypatch.context() as patched:
            patched.setattr(inbox, "restore", full)
            await board.press("u")
            await board.tells("the disk is full")
        await board.press("u")
        await board.until(lambda: len(titles(screen)) == 3)


async def test_keys_typed_ahead_drop_one_after_another(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.at_once("x", "x")
        await board.until(lambda: titles(screen) == ["Five lamps"])


async def test_marked_ones_are_dropped_together_and_restored_where_dropped_ones_are_shown(
    waiting: Shop, show: Show
) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("space", "space")
        assert "■ 2 marked" in board.lines[0]
        await board.press("x")
        await board.tells("dropped: 2 entries")
        await board.press("tab")
        await board.until(lambda: len(screen.state.entries) == 2)
        assert "[Dropped 2]" in board.text
        assert "dropped by ana" in board.text
        await board.press("enter")
        await board.tells("it was dropped; r lets it wait again")
        await board.press("r")
        await board.until(lambda: titles(screen) == ["Warehouse scanners"])
        assert inbox.waiting(waiting.context) == 2
