"""The cursor: where keys and the mouse take it, and that it holds on to its deal whatever others do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import StorageError
from funneltui.services import reports
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.widgets.lane import LaneView

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show


@pytest.fixture
def many(shop: Shop) -> Shop:
    """Give forty waiting deals, in the order of their due dates, and two in the next lane."""
    for number in range(40):
        shop.add(f"Deal {number:02}", expected_close=date(2026, 12, 1 + number // 2))
    for name in ("Left", "Right"):
        shop.add(name, "acquisition", detail="call")
    return shop


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        (("j",), "Deal 01"),
        (("down",), "Deal 01"),
        (("j", "j", "k"), "Deal 01"),
        (("down", "up"), "Deal 00"),
        (("k",), "Deal 00"),
        (("G",), "Deal 39"),
        (("end",), "Deal 39"),
        (("G", "j"), "Deal 39"),
        (("G", "g"), "Deal 00"),
        (("end", "home"), "Deal 00"),
        (("pagedown",), "Deal 15"),
        (("ctrl+d", "ctrl+d", "pageup"), "Deal 15"),
        (("pagedown", "ctrl+u"), "Deal 00"),
        (("l",), "Left"),
        (("right", "j"), "Right"),
        (("j", "l"), "Right"),
        (("l", "left"), "Deal 00"),
        (("l", "h"), "Deal 00"),
        (("h",), "Deal 00"),
        (("l", "l", "l", "l", "h", "h"), "Left"),
    ],
)
async def test_keys_take_the_cursor_about(many: Shop, show: Show, keys: tuple[str, ...], title: str) -> None:
    async with show((120, 36)) as board:
        await board.at_once(*keys)
        await board.until(lambda: board.under_cursor == title)
        assert cursor_line(board) == title


def cursor_line(board: Board) -> str:
    """Give what stands beside the cursor's bar on the screen."""
    line = next(line for line in board.lines if "▌" in line)
    return line.split("▌")[1][:20].rstrip(" ?")


async def test_the_foot_tells_of_the_deal_under_the_cursor(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j")
        assert "#2 · Waiting 0 d" in board.lines[-1]


async def test_a_click_takes_the_cursor_and_another_one_opens_the_deal(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.pilot.click(offset=(5, 7))
        await board.until(lambda: board.under_cursor == "Deal 02")
        await board.pilot.click(offset=(5, 7))
        await board.opens("OpenedDeal")
        assert "#3 Deal 02" in board.text


async def test_the_wheel_scrolls_a_lane(many: Shop, show: Show) -> None:
    from textual.events import MouseScrollDown

    async with show() as board:
        await board.pilot._post_mouse_events([MouseScrollDown], offset=(5, 7))
        await board.until(lambda: board.lines[3][1:8] == "Deal 03")


async def test_scrolling_far_reads_on(shop: Shop, show: Show) -> None:
    for number in range(200):
        shop.add(f"Deal {number:03}")
    async with show() as board:
        await board.press("G")
        await board.until(lambda: board.under_cursor == "Deal 199")
        await board.shows("Deal 185")
        await board.press("g")
        await board.until(lambda: board.under_cursor == "Deal 000")
        await board.shows("Deal 014")


async def test_the_cursor_stays_on_its_deal_when_others_come(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j", "j", "j")
        many.add("Sooner", expected_close=date(2026, 11, 25))
        await board.shows("Sooner", 1.5)
        assert (board.under_cursor, cursor_line(board)) == ("Deal 03", "Deal 03")
        await board.press("j")
        assert board.under_cursor == "Deal 04"


async def test_the_cursor_stays_on_its_deal_when_others_go(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("G")
        await board.until(lambda: board.under_cursor == "Deal 39")
        for number in range(1, 11):
            many.move(number, "acquired")
        await board.shows("Waiting 30", 1.5)
        await board.until(lambda: board.under_cursor == "Deal 39")
        assert cursor_line(board) == "Deal 39"


async def test_the_cursor_stays_in_place_when_its_own_deal_is_taken_away(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j")
        many.move(2, "acquired")
        await board.until(lambda: board.under_cursor == "Deal 02", 1.5)
        assert cursor_line(board) == "Deal 02"


async def test_the_last_deal_of_a_lane_that_goes_leaves_the_cursor_usable(shop: Shop, show: Show) -> None:
    shop.add("Only")
    async with show() as board:
        shop.move(1, "acquired")
        await board.shows("Acquired 1", 1.5)
        await board.press("enter")
        await board.tells("there is no deal here")
        await board.press("l", "l", "l")
        await board.until(lambda: board.under_cursor == "Only")


async def test_lanes_funnel_and_totals_follow_somebody_elses_changes_within_a_second(many: Shop, show: Show) -> None:
    async with show() as board:
        many.move(1, "acquired")
        many.add("New", "offered", detail="contract", follow_up=date(2026, 11, 20), amount=100_000)
        await board.until(lambda: "Acquired 1" in board.text and "Offered 1" in board.text, 1.5)
        assert "43 in" in board.text
        assert "! 1 overdue" in board.lines[0]


async def test_the_cursor_goes_along_with_the_deal_that_it_moves(many: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("j")
        await board.at_once("L", "1", "enter")
        await board.until(lambda: board.state.cursor_stage == "acquisition" and board.under_cursor == "Deal 01")
        assert cursor_line(board) == "Deal 01"


async def test_a_board_begins_in_the_first_lane_that_holds_deals(shop: Shop, show: Show) -> None:
    shop.add("Globex", "offered", detail="contract", follow_up=date(2026, 11, 25))
    async with show((80, 24)) as board:
        await board.until(lambda: board.under_cursor == "Globex")


async def test_a_database_that_no_longer_answers_is_told_once_and_not_with_every_look(
    many: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def refuse(*_: object) -> None:
        looks.append(1)
        message = "the database does not answer"
        raise StorageError(message)

    async with show() as board:
        monkeypatch.setattr(reports, "changed_since", refuse)
        await board.tells("the database does not answer")
        await board.until(lambda: len(looks) >= 4)
        assert board.told.count("does not answer") == 1


def test_other_peoples_changes_are_looked_for_several_times_a_second() -> None:
    assert 2 * POLL_SECONDS < 1  # at the worst a change waits for one look that has just been taken, and the next one


async def test_a_reading_that_brings_nothing_new_paints_no_lane(
    many: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []

    def paint(view: LaneView, *_: object, **__: object) -> None:
        painted.append(view.lane.stage.key)

    async with show() as board:
        await board.press("j")
        monkeypatch.setattr(LaneView, "refresh", paint)
        await board.screen.reload()
        assert painted == []
        many.add("Globex", "acquisition", detail="meeting")
        await board.screen.reload()
        assert "waiting" not in painted


async def test_the_cursor_is_painted_where_it_follows_a_deal_of_an_unchanged_lane(many: Shop, show: Show) -> None:
    async with show() as board:
        board.screen.follow([many.deal(41)])
        await board.screen.reload()
        await board.until(lambda: cursor_line(board) == "Left")


async def test_a_lane_that_was_scrolled_is_shown_from_its_top_with_another_filter(many: Shop, show: Show) -> None:
    from textual.events import MouseScrollDown

    async with show() as board:
        await board.press("l")
        await board.pilot._post_mouse_events([MouseScrollDown], offset=(5, 7))
        await board.until(lambda: board.lines[3][1:8] == "Deal 03")
        await board.press("slash")
        await board.type("is:open")
        await board.until(lambda: board.lines[3][1:8] == "Deal 00")


async def test_marks_go_from_deals_that_a_move_finds_where_they_are_to_be(many: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        await board.press("space", "space")
        await board.shows("■")
        await board.press("m", "1")
        await board.until(lambda: "■" not in board.text)
