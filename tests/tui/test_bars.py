"""The lines around the board and over it: what they give up where there is no room, and what they never show in vain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.tui.test_past_board import past

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


# --- The top


async def test_a_past_day_is_told_at_80x24_and_the_totals_go_instead(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await past(board, "today")
        assert board.lines[0].startswith(" funneltui  Sales  as of Sat 21 Nov")
        assert "1 overdue" in board.lines[0]


async def test_what_is_marked_is_told_whole_at_80x24(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await board.press("space", "space")
        assert "■ 2 marked" in board.lines[0]


# --- The keys


async def test_an_empty_board_shows_only_the_keys_that_can_act(shop: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        assert board.lines[-1].strip() == "n new  u undo  ? keys"
        shop.add("Northwind")
        await board.shows("m move")


async def test_a_filter_that_nothing_matches_can_be_changed(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await board.press("slash", *"zzz", "enter")
        await board.shows("No deal matches.")
        await board.until(lambda: "/ filter" in board.lines[-1])
        assert "m move" not in board.lines[-1]


async def test_a_past_day_without_deals_says_how_one_goes_back_to_now(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await past(board, "2020-01-01")
        await board.shows("No deal stood here then.")
        assert "esc goes back to now" in board.text
        assert board.lines[-1].strip() == "[ earlier  ] later  @ date  esc now  ? keys"


@pytest.mark.parametrize(("key", "dialog"), [("n", "DealForm"), ("question_mark", "Help"), ("d", "FollowUpDialog")])
async def test_under_a_dialog_no_key_of_the_board_is_shown(full: Shop, show: Show, key: str, dialog: str) -> None:
    async with show((120, 36)) as board:
        await board.press(key)
        await board.opens(dialog)
        await board.until(lambda: "m move" not in board.lines[-1] and "? keys" not in board.lines[-1])
        await board.press("escape")
        await board.opens("")
        await board.until(lambda: "m move" in board.lines[-1])


# --- The funnel in a line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (90, " Funnel conversion  ▸ Waiting 7 ▸ In acquisition 3 43% ▸ Offered 2 67% ▸ Won 1 50%"),
        (80, " Funnel  ▸ Waiting 7 ▸ In acquisition 3 43% ▸ Offered 2 67% ▸ Won 1 50%"),
        (70, " Funnel  ▸ Waiting 7 ▸ In acqu… 3 43% ▸ Offered 2 67% ▸ Won 1 50%"),
        (60, " Funnel conversion  ▸ 7 ▸ 3 43% ▸ 2 67% ▸ Won 1 50%"),
        (45, " Funnel  ▸ 7 ▸ 3 43% ▸ 2 67% ▸ Won 1 50%"),
    ],
)
async def test_the_line_of_the_funnel_gives_up_its_mode_then_names_and_never_won(
    full: Shop, show: Show, width: int, line: str
) -> None:
    async with show((width, 24)) as board:
        assert board.lines[-2].rstrip() == line


# --- The heads of lanes


async def test_the_sums_of_all_lanes_stand_in_the_same_line(full: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        assert board.lines[1].count("€") == 4
        full.add("Big", "acquisition", detail="meeting", amount=91_250_000)
        await board.until(lambda: board.lines[2][:88].count("€") == 4)
        assert "€" not in board.lines[1][:88]


# --- What is said in the corner


async def test_what_a_view_has_said_goes_with_it(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("p")
        await board.tells("one pipeline only")
        await board.press("2")
        await board.opens("ListScreen")
        assert board.told == ""


# --- The help


def _marks(board: Board) -> bool:
    from textual.widgets import Static

    return "On the cards" in str(board.app.screen.query_one("#lines", Static).render())


@pytest.mark.parametrize(("view", "seen"), [("1", True), ("2", True), ("R", True), ("6", False), ("C", False)])
async def test_the_help_tells_of_marks_where_deals_are_seen(full: Shop, show: Show, view: str, seen: bool) -> None:
    async with show() as board:
        await board.press(view, "question_mark")
        await board.opens("Help")
        assert _marks(board) is seen


async def test_a_long_line_of_the_help_goes_on_under_its_words(full: Shop, show: Show) -> None:
    async with show((70, 60)) as board:
        await board.press("question_mark")
        await board.opens("Help")
        place = next(at for at, line in enumerate(board.lines) if "copy the number, the e-mail" in line)
        begins = board.lines[place].index("copy")
        assert board.lines[place + 1][:begins].strip() == ""
        assert board.lines[place + 1][begins] != " "


# --- What if


async def test_a_mistake_in_what_is_supposed_is_told_in_full(full: Shop, show: Show) -> None:
    async with show() as board:
        from funneltui.tui.screens.what_if_dialog import WhatIfDialog

        context = full.context
        await board.app.push_screen(WhatIfDialog(context, context.pipeline, full.deal(1)))
        await board.opens("WhatIfDialog")
        await board.shows("nothing is stored")
        await board.type("12 or so")
        await board.press("enter")
        await board.shows('can\'t read "12 or so" as an amount')


async def test_what_is_typed_takes_the_place_of_what_is_there(full: Shop, show: Show) -> None:
    async with show() as board:
        from funneltui.tui.screens.what_if_dialog import WhatIfDialog

        supposed: list[object] = []
        context = full.context
        await board.app.push_screen(WhatIfDialog(context, context.pipeline, full.deal(1)), supposed.append)
        await board.opens("WhatIfDialog")
        await board.press(*"9000", "tab", *"1.2.", "enter")
        await board.opens("")
        (deal,) = supposed
        assert (deal.amount, deal.expected_close) == (900_000, date(2027, 2, 1))  # type: ignore[attr-defined]
