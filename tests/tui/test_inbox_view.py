"""The inbox by key: what waits is seen, completed into a deal by the form, dropped and restored; nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.inbox import EntryState
from funneltui.services import deals, inbox, undo
from funneltui.services.inbox_values import Completion
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.inbox_state import AT_ONCE
from funneltui.tui.keymap import build, use
from funneltui.tui.screens.inbox import InboxScreen
from tests.tui.inbox_seen import SENT, arrive, field, seen, titles, waiting
from tests.tui.test_snapshots import SIZES, same_as_kept

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


__all__ = ["waiting"]


def test_every_action_has_a_method() -> None:
    for action in INBOX:
        if not action.id.startswith("app."):
            assert callable(getattr(InboxScreen, f"action_{action.name}"))


async def test_eight_shows_what_waits_the_newest_first_and_what_it_says(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        assert titles(screen) == ["Site network", "Warehouse scanners", "Five lamps"]
        assert "[Waiting 3]" in board.text
        row = next(line for line in board.lines if "Five lamps" in line)
        assert row.split() == ["10:30", "mail", "Jan", "Novak", "Five", "lamps", "ana", "expected", "close"]
        assert "lacks source" in board.text
        assert "How much is it?" in board.text
        await board.press("G")
        await board.shows("lacks expected close")


async def test_the_board_says_how_many_wait_with_the_word_where_there_is_room(waiting: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        assert "inbox 3" in board.lines[0]
    for _ in range(3):
        waiting.add("Overdue", follow_up=date(2026, 11, 1))
        waiting.add("Due", follow_up=date(2026, 11, 21))
    async with show((80, 24)) as board:
        assert "• 3 today  i3" in board.lines[0]
        assert "inbox" not in board.lines[0]


async def test_a_rep_is_told_of_his_own_only(waiting: Shop, show: Show) -> None:
    waiting.rep("bo")
    async with show(user="bo") as board:
        assert "@" not in board.lines[0]
        screen = await seen(board)
        assert titles(screen) == []


async def test_enter_fills_the_form_with_what_arrived_and_saving_makes_the_deal(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        assert field(board, "title").text == "Site network"
        assert (field(board, "company").text, field(board, "amount").value) == ("Globex", 1_250_000)
        assert board.app.focused is not None
        assert board.app.focused.parent is field(board, "source")
        await board.type("phone")
        await board.press("ctrl+s")
        await board.tells("deal 2 added; u takes it back")
        deal = waiting.deal(2)
        assert (deal.title, deal.company, deal.source, deal.amount) == ("Site network", "Globex", "phone", 1_250_000)
        assert (deal.expected_close, deal.created, deal.notes) == (date(2026, 12, 15), SENT, "How much is it?")
        assert titles(screen) == ["Warehouse scanners", "Five lamps"]


async def test_escape_takes_the_marks_away_then_leads_back_to_the_board(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("space", "escape")
        assert screen.state.marked == set()
        await board.press("escape")
        await board.opens("")


async def test_what_became_a_deal_is_listed_apart_and_opens_it(waiting: Shop, show: Show) -> None:
    inbox.complete(waiting.context, 3, Completion({"source": "web"}, {}))
    async with show() as board:
        screen = await seen(board)
        await board.press("o")
        await board.tells("no deal has come of it yet")
        await board.press("shift+tab")
        await board.until(lambda: titles(screen) == ["Site network"])
        for key in ("o", "enter"):
            await board.press(key)
            await board.opens("OpenedDeal")
            assert "Site network" in board.text
            await board.press("escape")
            await board.opens("InboxScreen")


async def test_an_empty_inbox_says_how_mails_and_forms_come_in(shop: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await seen(board)
        assert "funneltui add --from-mail" in board.text
        assert "funneltui inbox serve" in board.text
        same_as_kept(board, "inbox-empty-80x24")


async def test_an_empty_inbox_says_so_after_the_terminal_was_made_smaller_and_larger_again(
    shop: Shop, show: Show
) -> None:
    async with show((80, 24)) as board:
        await seen(board)
        await board.pilot.resize_terminal(39, 9)
        await board.shows("this is 39x9")
        await board.pilot.resize_terminal(80, 24)
        await board.shows("Nothing has arrived yet.")


async def test_where_nothing_waits_any_more_it_says_where_the_rest_is(waiting: Shop, show: Show) -> None:
    inbox.drop(waiting.context, [1, 2, 3])
    async with show() as board:
        await seen(board)
        assert "nothing waits; tab shows what was dropped" in board.text


async def test_hints_name_the_keys_in_force(waiting: Shop, show: Show) -> None:
    async with show() as board:
        use(board.app, build({"inbox.restore": "f2", "inbox.next_tab": "f3"}))
        await seen(board)
        await board.press("x")
        await board.tells("f2 brings it back")
        assert "f3 dropped, deals" in board.lines[-1]


async def test_the_text_is_read_whole_and_scrolls(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("j")
        await board.shows("line 1")
        await board.shows("more lines")
        await board.until(lambda: "line 100" in screen._text.said)
        assert "line 100" not in board.text
        await board.press(*["J"] * 12)
        await board.shows("line 100")
        await board.press(*["K"] * 12)
        await board.shows("lacks source and expected close")


async def test_the_scrolled_text_stays_where_it_is_when_something_arrives(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.press("j")
        await board.until(lambda: "line 100" in screen._text.said)
        await board.press(*["J"] * 12)
        await board.shows("line 100")
        arrive(waiting, "4", "One more")
        await board.until(lambda: len(screen.state.entries) == 4)
        await board.pilot.pause()
        assert "line 100" in board.text
        assert screen.state.entry is not None
        assert screen.state.entry.texts["title"] == "Warehouse scanners"


async def test_a_long_list_is_read_on_as_the_cursor_goes_down(shop: Shop, show: Show) -> None:
    for number in range(AT_ONCE + 30):
        arrive(shop, str(number), f"Lamp {number}")
    async with show((80, 24)) as board:
        screen = await seen(board)
        assert len(screen.state.entries) == AT_ONCE
        await board.press("G")
        await board.until(lambda: screen.state.entry is not None)
        assert titles(screen)[screen.state.place] == "Lamp 0"
        assert f"{AT_ONCE + 30} of {AT_ONCE + 30}" in board.lines[-1]


async def test_a_setting_that_cannot_be_read_is_told_and_the_inbox_is_read_without(
    waiting: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneltui.tui import entry_forms

    monkeypatch.setattr(entry_forms, "_settings", lambda: {"source": "moon"})
    async with show() as board:
        screen = await seen(board)
        await board.tells("the settings of the inbox")
        assert len(screen.state.entries) == 3


async def test_the_settings_fill_in_what_is_missing(waiting: Shop, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    from funneltui.tui import entry_forms

    monkeypatch.setattr(entry_forms, "_settings", lambda: {"source": "web", "expected_close": "+30d"})
    async with show() as board:
        await seen(board)
        assert "lacks nothing" in board.text
        await board.press("enter")
        await board.opens("EntryForm")
        await board.press("ctrl+s")
        await board.tells("deal 2 added")
        assert waiting.deal(2).source == "web"


async def test_nothing_of_a_stranger_acts_on_the_terminal_or_is_markup(shop: Shop, show: Show) -> None:
    arrive(shop, "1", "[bold]Lamps[/] \x1b]0;pwned\x07", "[red]x[/red]\n\x1b[2J\u202egnp.exe")
    async with show() as board:
        await seen(board)
        assert "[bold]Lamps[/]" in board.text
        assert "[red]x[/red]" in board.text
        assert not {"\x1b", "\x07", "\u202e"} & set(board.text)


async def test_a_mouse_click_goes_to_an_entry_and_a_second_one_completes_it(waiting: Shop, show: Show) -> None:
    async with show() as board:
        screen = await seen(board)
        await board.pilot.click("#table", offset=(20, 3))
        assert screen.state.place == 2
        await board.pilot.click("#table", offset=(20, 3))
        await board.opens("EntryForm")
        assert field(board, "title").text == "Five lamps"


@pytest.mark.parametrize("size", [(39, 9), (40, 10), (50, 12), (149, 30), (150, 30)])
async def test_every_size_is_painted(waiting: Shop, show: Show, size: tuple[int, int]) -> None:
    async with show(size) as board:
        await seen(board)
        assert board.text.strip()
        assert all(len(line) <= size[0] for line in board.lines)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
async def test_the_inbox_looks_as_it_did(waiting: Shop, show: Show, size: tuple[int, int]) -> None:
    deals.add(waiting.context, {"title": "Later", "source": "web", "expected_close": date(2026, 12, 1)})
    inbox.drop(waiting.context, [1])
    arrive(waiting, "4", "Label printers", company="Acme")
    async with show(size) as board:
        screen = await seen(board)
        await board.press("j", "j")
        await board.until(lambda: screen.state.place == 2)
        await board.until(lambda: "line 100" in screen._text.said)
        same_as_kept(board, f"inbox-{size[0]}x{size[1]}")


async def test_the_form_of_an_entry_looks_as_it_did(waiting: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await seen(board)
        await board.press("enter")
        await board.opens("EntryForm")
        same_as_kept(board, "inbox-form-80x24")


async def test_an_entry_whose_deal_was_undone_elsewhere_waits_again(waiting: Shop, show: Show) -> None:
    inbox.complete(waiting.context, 3, Completion({"source": "web"}, {}))
    async with show() as board:
        screen = await seen(board)
        assert screen.state.counts[EntryState.DEAL] == 1
        undo.undo(waiting.context)
        await board.until(lambda: len(screen.state.entries) == 3)
