"""The inbox by key: what waits is seen, completed into a deal by the form, dropped and restored; nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

import pytest
from textual.widgets import Input

from funneltui.domain.deal import Outcome
from funneltui.domain.inbox import Arrival, Channel, EntryState
from funneltui.services import deals, inbox, undo
from funneltui.services.inbox_values import Completion
from funneltui.tui.inbox_actions import INBOX
from funneltui.tui.inbox_state import AT_ONCE
from funneltui.tui.keymap import build, use
from funneltui.tui.screens.inbox import InboxScreen
from funneltui.tui.widgets.typed_field import TypedField
from tests.tui.test_snapshots import SIZES, same_as_kept

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

SENT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
LONG = "\n".join(f"line {number}" for number in range(1, 101))


def arrive(
    shop: Shop, id: str, title: str, text: str = "How much is it?", channel: Channel = Channel.MAIL, **texts: str
) -> int:
    """Let something arrive that lacks a source and an expected close, and give its entry's number."""
    told = {"title": title, "contact": "Jan Novak", "email": "jan@acme.example", **texts}
    arrival = Arrival(channel, id, "Jan Novak <jan@acme.example>", told, text, SENT)
    taken = inbox.take_in(shop.context, arrival, Completion({}, {}))
    assert taken.entry is not None
    return taken.entry.number


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Give a shop with a deal, and three things that wait: two mails and a form, the newest last."""
    shop.add("Northwind rollout")
    arrive(shop, "1", "Five lamps", source="phone")
    arrive(shop, "2", "Warehouse scanners", LONG)
    arrive(
        shop, "3", "Site network", channel=Channel.FORM, company="Globex", amount="12500", expected_close="15.12.2026"
    )
    return shop


async def seen(board: Board) -> InboxScreen:
    """Show the inbox, and wait until it is read."""
    await board.press("8")
    await board.opens("InboxScreen")
    screen = cast("InboxScreen", board.app.screen)
    await board.until(lambda: screen.state.loaded)
    await board.pilot.pause()
    return screen


def titles(screen: InboxScreen) -> list[str]:
    """Give what is listed, in its order."""
    return [one.entry.texts["title"] for one in screen.state.entries]


def field(board: Board, name: str) -> TypedField:
    """Give a field of the open form."""
    return board.app.screen.query_one(f"#field-{name}", TypedField)


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
        assert "@ 3 inbox" in board.lines[0]
    for _ in range(3):
        waiting.add("Overdue", follow_up=date(2026, 11, 1))
        waiting.add("Due", follow_up=date(2026, 11, 21))
    async with show((80, 24)) as board:
        assert "• 3 today  @ 3" in board.lines[0]
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
