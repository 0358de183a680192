"""A deal, opened: changed where it stands, worked with the board's own keys, and left for the next one."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.services import activities, deals
from funneltui.tui.screens.opened_deal import OpenedDeal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Board, Shop, Show


async def opened(board: Board) -> OpenedDeal:
    await board.press("enter")
    await board.opens("OpenedDeal")
    screen = board.app.screen
    assert isinstance(screen, OpenedDeal)
    return screen


def goes_to(screen: OpenedDeal, field: str) -> int:
    """Give how many steps down a field is."""
    return [spot.field for spot in screen._page.spots].index(field)


async def test_enter_on_a_field_changes_it_where_it_stands(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "amount"), "enter")
        await board.until(lambda: board.app.focused is not None)
        board.app.focused.value = ""
        await board.type("15k")
        await board.shows("= €15,000")
        await board.press("enter")
        await board.until(lambda: full.deal(1).amount == 1_500_000)
        await board.shows("amount: €12,500 → €15,000")
        assert board.dialog == "OpenedDeal"


async def test_a_field_that_cannot_be_read_stays_open_and_says_so(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "expected_close"), "enter")
        await board.until(lambda: board.app.focused is not None)
        board.app.focused.value = "someday"
        await board.press("enter")
        await board.shows("not understood")
        await board.shows('expected close: can\'t read "someday" as a date; try today')
        await board.press("escape")
        await board.until(lambda: board.app.focused is None)
        assert board.dialog == "OpenedDeal"
    assert full.rows() == before


async def test_the_line_of_keys_has_those_of_the_field_and_what_can_be_answered_in_it(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "source"), "enter")
        await board.shows("↵ keep it  esc leave it as it was   contact form, phone, other")
        await board.press("escape")
        await board.shows("↵ change")


async def test_what_is_wrong_with_a_text_leaves_that_its_room(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "email"), "enter")
        await board.until(lambda: board.app.focused is not None)
        board.app.focused.value = "somebody.with.a.long.name.example.com"
        await board.shows("is no e-mail address")
        assert "somebody.with.a.long.name.example" in board.text


async def test_G_and_end_go_to_the_end_of_an_opened_deal_and_g_and_home_back(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        screen = await opened(board)
        for last, first in (("G", "g"), ("end", "home")):
            await board.press(last)
            await board.shows("added in Waiting")
            assert screen._page.place == len(screen._page.spots) - 1
            await board.press(first)
            await board.until(lambda: screen._page.place == 0 and "title " in board.lines[1])


async def test_a_field_that_every_deal_needs_cannot_be_emptied(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        await board.press("enter")
        await board.until(lambda: board.app.focused is not None)
        board.app.focused.value = ""
        await board.press("enter")
        await board.tells("title")
    assert full.deal(1).title == "Northwind rollout"


async def test_what_somebody_else_changes_is_seen_at_once(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        deals.edit(full.context, 1, {"title": "Northwind, larger"})
        await board.shows("#1 Northwind, larger")
        assert screen.dossier.opened.deal.version == 2


async def test_what_is_typed_is_not_lost_when_somebody_was_quicker(full: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "company"), "enter")
        await board.until(lambda: board.app.focused is not None)
        await board.type(" Ltd")
        deals.edit(full.context, 1, {"title": "Northwind, larger"})
        await board.press("enter")
        await board.tells("deal 1 was changed meanwhile: ana edited it (title)")
        await board.until(lambda: board.app.focused is not None)
        assert board.app.focused.value == "Acme Ltd"
        assert full.deal(1).company == "Acme"
        await board.press("enter")
        await board.until(lambda: full.deal(1).company == "Acme Ltd")
    assert full.deal(1).title == "Northwind, larger"


@pytest.mark.parametrize(
    ("keys", "stage"),
    [(("L", "1", "enter"), "acquisition"), (("m", "2", "1", "enter"), "acquisition"), (("w",), "acquired")],
)
async def test_the_keys_that_move_deals_move_the_opened_one(
    full: Shop, show: Show, keys: tuple[str, ...], stage: str
) -> None:
    async with show() as board:
        await opened(board)
        await board.at_once(*keys)
        await board.until(lambda: full.deal(1).stage == stage)
        await board.until(lambda: board.dialog == "OpenedDeal" and ("moved to" in board.text or "won:" in board.text))


async def test_what_the_stage_wants_next_is_told(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        assert "Before In acquisition" in board.text
        assert "It asks for: detail." in board.text


async def test_u_in_the_opened_deal_takes_the_change_back(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        await board.press("w")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)
        await board.press("u")
        await board.until(lambda: full.deal(1).is_open)
        await board.shows("(undone)")


async def test_next_and_previous_go_along_the_lane(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        await board.press("J")
        await board.shows("#2 Hooli pilot")
        await board.press("J")
        await board.shows("#3 Soylent onboarding")
        await board.press("J")
        await board.tells("this is the last one")
        await board.press("K", "K")
        await board.shows("#1 Northwind rollout")
        await board.press("K")
        await board.tells("this is the first one")
        await board.press("escape")
        assert board.under_cursor == "Northwind rollout"


async def test_a_deal_that_was_moved_on_leaves_its_place_to_the_next(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        await board.press("w")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)
        await board.shows("won:")
        await board.press("J")
        await board.shows("#2 Hooli pilot")


async def test_next_keeps_to_the_filter(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("amount>0")
        await board.press("enter")
        await board.until(lambda: board.titles("waiting") == ["Northwind rollout", "Hooli pilot"])
        await opened(board)
        await board.press("J", "J")
        await board.shows("#2 Hooli pilot")
        await board.tells("this is the last one")


async def test_next_goes_along_todays_follow_ups(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("t")
        await opened(board)
        await board.press("J")
        await board.shows("#2 Hooli pilot")


async def test_notes_of_several_lines_are_written_and_shown(full: Shop, show: Show) -> None:
    async with show() as board:
        await opened(board)
        await board.press("N")
        await board.opens("NotesDialog")
        board.app.screen.query_one("#notes").load_text("first line\nsecond [b]line[/b]")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).notes == "first line\nsecond [b]line[/b]")
        await board.shows("second [b]line[/b]")


async def test_notes_that_were_written_are_thrown_away_at_the_second_escape_only(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        await board.press("a", "escape")
        await board.shows("esc again throws away")
        assert board.dialog == "NotesDialog"
        await board.press("escape")
        await board.opens("")
    assert full.rows() == before


async def test_notes_go_through_the_users_own_editor(
    full: Shop, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() + 'from the \\x1b[31meditor\\n')"
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        monkeypatch.setattr(type(board.app._driver), "can_suspend", True)
        await board.press("ctrl+e")
        await board.shows("from the [31meditor")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).notes == "from the [31meditor")


@pytest.mark.parametrize(("value", "words"), [("/no/such/editor", "cannot be started"), ("false", "failed (status 1)")])
async def test_an_editor_that_fails_loses_nothing(
    full: Shop, show: Show, monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    monkeypatch.setenv("VISUAL", value)
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        monkeypatch.setattr(type(board.app._driver), "can_suspend", True)
        await board.press("a", "b", "ctrl+e")
        await board.shows(words)
        assert board.app.screen.query_one("#notes").text == "ab"


async def test_y_copies_a_line_the_number_the_e_mail_or_the_phone_and_shows_it(shop: Shop, show: Show) -> None:
    shop.add("Northwind", company="Acme", email="anna@example.com", phone="+386 1 234", amount=100_000)
    async with show() as board:
        for digit, text in (
            ("1", "#1 Northwind · Acme · €1,000 · Waiting · close Tue 15 Dec"), ("2", "1"), ("3", "anna@example.com"),
            ("4", "+386 1 234"),
        ):  # fmt: skip
            await board.press("y")
            await board.opens("PickDialog")
            await board.press(digit)
            await board.tells(f"copied: {text}")
            assert board.app.clipboard == text


async def test_the_company_tells_its_figures_and_its_other_deals_open(shop: Shop, show: Show) -> None:
    shop.add("First", company="Acme")
    for title, amount in (("Second", 500_000), ("Third", 250_000)):
        deal = shop.add(title, company="Acme", amount=amount)
        shop.move(deal.number, "acquired")
    shop.add("Elsewhere", company="Globex")
    async with show() as board:
        screen = await opened(board)
        assert "3 deals, won €7,500" in board.text
        assert "Elsewhere" not in board.text
        others = [place for place, spot in enumerate(screen._page.spots) if spot.deal]
        assert len(others) == 2
        await board.press(*["j"] * others[0], "enter")
        await board.shows("#3 Third")
        await board.press("escape")
        await board.shows("#1 First")
        await board.press("escape")
        await board.opens("")


async def test_a_rep_is_told_nothing_of_the_companys_other_deals(shop: Shop, show: Show) -> None:
    shop.rep("bo")
    shop.add("Mine", company="Acme", owner="bo")
    won = shop.add("Secret", company="Acme", amount=100_000)
    shop.move(won.number, "acquired")
    async with show(user="bo") as board:
        await opened(board)
        assert "Secret" not in board.text
        assert "€1,000" not in board.text


async def test_a_deal_that_is_gone_is_left(shop: Shop, show: Show) -> None:
    shop.add("Northwind")
    async with show() as board:
        await opened(board)
        await board.press("u")
        await board.opens("")
        await board.shows("There are no deals yet")


async def test_a_follow_up_of_a_won_deal_is_set_where_it_stands(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("l", "l", "l")
        await board.until(lambda: board.under_cursor == "Umbrella renewal")
        screen = await opened(board)
        await board.press(*["j"] * goes_to(screen, "follow_up"), "enter")
        await board.opens("FollowUpDialog")
        await board.press("3")
        await board.until(lambda: full.deal(6).follow_up == date(2026, 11, 23))
        await board.press("d", "0")
        await board.until(lambda: full.deal(6).follow_up is None)


async def test_the_page_of_a_long_history_scrolls(shop: Shop, show: Show) -> None:
    shop.add("Northwind")
    for number in range(60):
        activities.note(shop.context, 1, f"note {number:02}")
    for size in ((80, 24), (160, 40)):
        async with show(size) as board:
            await opened(board)
            assert "note 00" not in board.text
            await board.press(*["pagedown"] * 6)
            await board.shows("note 00")
            await board.press(*["pageup"] * 6)
            assert "note 00" not in board.text
