"""The filter: live as it is typed, completed, kept with enter, gone with escape; a wrong one says where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

SCREENS = pytest.mark.parametrize("screen", ["board", "list"])


async def open_filter(board: Board, screen: str = "board") -> None:
    """Open the filter's line on the board, or on the list."""
    if screen == "list":
        await board.press("2")
        await board.opens("ListScreen")
        await board.shows("Umbrella renewal")
    await board.press("slash")
    await board.shows("tab [stage:]")


def typed(board: Board) -> str:
    """Give the text in the filter's line."""
    return str(getattr(board.app.focused, "value", ""))


def proposals(board: Board) -> str:
    """Give the line above the one in which the filter is typed."""
    return board.lines[-2].rstrip()


def underlined(board: Board) -> str:
    """Give what is underlined in the line in which the filter is typed."""
    last = board.app.screen._compositor.render_strips()[-1]
    return "".join(part.text for part in last if part.style is not None and part.style.underline)


async def test_a_filter_works_while_it_is_typed(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.until(lambda: "Northwind" not in board.text)
        assert "Hooli pilot" in board.text
        assert "1 open" in board.lines[0]
        assert "1 in" in board.text


async def test_enter_keeps_the_filter_and_tells_of_it(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.press("enter", "w")
        await board.until(lambda: not full.deal(2).is_open)
        assert "/hool" in board.lines[0]
        assert "Northwind" not in board.text


async def test_escape_while_typing_shows_all_again(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hool")
        await board.until(lambda: "Northwind" not in board.text)
        await board.press("escape")
        await board.shows("Northwind rollout")
        assert "hool" not in board.text
        await board.press("j")
        assert board.under_cursor != ""


async def test_escape_after_enter_shows_all_again(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("owner:me hool")
        await board.press("enter")
        await board.until(lambda: "Northwind" not in board.text)
        await board.press("escape")
        await board.shows("Northwind rollout")


async def test_a_wrong_filter_says_what_is_wrong_and_where_and_hides_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hooli amount>lots")
        await board.press("enter")
        await board.until(lambda: bool(board.told))
        assert "lots" in board.told
        assert "Northwind rollout" in board.text or "Hooli pilot" in board.text


async def test_while_a_filter_is_typed_it_complains_of_nothing(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("amount>")
        await board.pilot.pause()
        await board.type("1000")
        await board.until(lambda: "Soylent" not in board.text)
        assert board.told == ""


async def test_letters_in_the_filter_are_letters_and_not_keys(full: Shop, show: Show) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("slash")
        await board.type("wxqLHm5?:")
        await board.shows("No deal matches.")
        assert board.app.is_running
        await board.press("escape")
        await board.shows("Northwind")
    assert full.rows() == before


async def test_the_filter_holds_for_todays_follow_ups_too(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("hooli")
        await board.shows("Today 1")


async def test_a_deal_that_no_longer_matches_leaves_the_board(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("slash")
        await board.type("stage:waiting")
        await board.press("enter")
        await board.until(lambda: "Globex" not in board.text)
        await board.press("w")
        await board.until(lambda: "Northwind" not in board.text)
        assert board.under_cursor != "Northwind rollout"


@pytest.mark.parametrize("again", [False, True])
async def test_what_is_typed_right_after_the_slash_is_the_filter_and_moves_nothing(
    full: Shop, show: Show, again: bool
) -> None:
    before = full.rows()
    async with show() as board:
        if again:
            await board.press("slash", "z", "escape")
            await board.shows("Northwind")
        await board.at_once("/", *"wo hool")
        await board.until(lambda: getattr(board.app.focused, "value", "") == "wo hool")
        assert "marked" not in board.lines[0]
    assert full.rows() == before


@SCREENS
async def test_tab_takes_the_proposal_and_the_arrow_at_the_end_does(full: Shop, show: Show, screen: str) -> None:
    async with show((80, 24)) as board:
        await open_filter(board, screen)
        await board.type("sta")
        await board.until(lambda: proposals(board).startswith(" tab [stage:] "))
        await board.press("tab")
        assert typed(board) == "stage:"
        await board.until(
            lambda: proposals(board).startswith(" tab [waiting] acquisition  offered  acquired  resigned")
        )
        await board.type("off")
        await board.press("right")
        assert typed(board) == "stage:offered"
        await board.until(lambda: "Northwind" not in board.text and "Initech" in board.text)


@SCREENS
async def test_the_arrows_choose_among_the_proposals_round_and_round(full: Shop, show: Show, screen: str) -> None:
    async with show() as board:
        await open_filter(board, screen)
        await board.type("is:o")
        await board.until(lambda: proposals(board).startswith(" tab [open] overdue "))
        await board.press("down")
        assert proposals(board).startswith(" tab  open [overdue]")
        await board.press("down", "up")
        assert proposals(board).startswith(" tab  open [overdue]")
        await board.press("tab")
        assert typed(board) == "is:overdue"
        await board.until(lambda: "Hooli" not in board.text)
        assert "Northwind rollout" in board.text


@pytest.mark.parametrize("again", [False, True])
async def test_a_filter_completed_in_one_breath_comes_out_as_typed_slowly(full: Shop, show: Show, again: bool) -> None:
    async with show() as board:
        if again:
            await board.press("slash", "z", "escape")
            await board.shows("Northwind")
        await board.at_once("/", *"sta", "tab", *"wai", "tab", *" hool")
        await board.until(lambda: typed(board) == "stage:waiting hool")


@pytest.mark.parametrize("again", [False, True])
async def test_a_filter_typed_and_kept_in_one_breath_is_kept(full: Shop, show: Show, again: bool) -> None:
    async with show() as board:
        if again:
            await board.press("slash", "z", "escape")
            await board.shows("Northwind")
        await board.at_once("/", *"hool", "enter")
        await board.until(lambda: "/hool" in board.lines[0] and board.app.focused is None)
        assert "Northwind" not in board.text


async def test_companies_tags_and_people_are_proposed_from_the_workspace(full: Shop, show: Show) -> None:
    full.rep("bor")
    full.add("Žagar upgrade", company="Žagar & sons", tags="vip")
    async with show() as board:
        await open_filter(board)
        for text, shown in (
            ("company:zag", '["Žagar & sons"]'),
            ("company:", '[Acme] "Žagar & sons"'),
            ("tag:V", "[vip]"),
            ("owner:", "[me] nobody  ana  bor"),
        ):
            board.app.focused.value = ""
            await board.type(text)
            await board.until(lambda shown=shown: f" tab {shown}" in proposals(board))


async def test_a_rep_is_proposed_nothing_of_what_others_have(full: Shop, show: Show) -> None:
    full.rep("bor")
    full.add("Bors own", company="Boria", tags="mine", owner="bor")
    full.add("Somebody else's", company="Borneo", tags="misc")
    async with show(user="bor") as board:
        await open_filter(board)
        await board.type("company:")
        await board.until(lambda: proposals(board).startswith(" tab [Boria] "))
        assert "Borneo" not in board.text
        await board.type("x tag:")
        await board.until(lambda: proposals(board).startswith(" tab [mine] "))
        assert "misc" not in board.text


async def test_a_click_takes_a_proposal(full: Shop, show: Show) -> None:
    async with show() as board:
        await open_filter(board)
        await board.type("source:")
        await board.until(lambda: "phone" in proposals(board))
        await board.pilot.click(offset=(proposals(board).index("phone") + 1, 34))
        assert typed(board) == "source:phone"


@SCREENS
async def test_a_mistake_is_told_and_underlined_where_it_stands_while_one_types(
    full: Shop, show: Show, screen: str
) -> None:
    async with show((80, 24)) as board:
        await open_filter(board, screen)
        await board.type("hooli amount>lots")
        await board.until(lambda: proposals(board).startswith(' at 14, amount: can\'t read "lots" as an amount'))
        assert underlined(board) == "lots"
        assert board.told == ""
        await board.type(" is:")
        await board.until(lambda: proposals(board).startswith(" tab [open] won "))
        assert 'can\'t read "lots"' in proposals(board)


async def test_a_term_that_can_still_be_completed_is_no_mistake(full: Shop, show: Show) -> None:
    async with show() as board:
        await open_filter(board)
        await board.type("hool is:o")
        await board.until(lambda: "[open]" in proposals(board) and "Northwind" not in board.text)
        assert underlined(board) == ""
        assert "could be" not in board.text
        await board.press("home")
        await board.until(lambda: "it could be open or overdue" in proposals(board))


@SCREENS
async def test_a_term_that_cannot_be_read_yet_filters_nothing_and_the_others_do(
    full: Shop, show: Show, screen: str
) -> None:
    async with show() as board:
        await open_filter(board, screen)
        await board.type("comp")
        await board.until(lambda: "Hooli pilot" not in board.text)
        await board.press("tab")
        await board.shows("Hooli pilot")
        await board.type("acm")
        await board.until(lambda: "Hooli pilot" not in board.text)
        assert "Northwind rollout" in board.text


@SCREENS
async def test_enter_on_a_mistake_leads_back_to_it_and_once_mended_keeps_the_filter(
    full: Shop, show: Show, screen: str
) -> None:
    async with show() as board:
        await open_filter(board, screen)
        await board.type("stage:wating hool")
        await board.press("enter")
        await board.tells("did you mean waiting")
        await board.press(*["backspace"] * 4, *"iting")
        assert typed(board) == "stage:waiting hool"
        await board.press("enter")
        await board.until(lambda: board.app.focused is None)
        assert "/stage:waiting hool" in board.lines[0]
        assert "Hooli pilot" in board.text
        assert "tab [" not in board.text


@SCREENS
async def test_the_rejection_reason_is_neither_proposed_nor_filtered_by(full: Shop, show: Show, screen: str) -> None:
    async with show() as board:
        await open_filter(board, screen)
        await board.type("reason:price")
        await board.shows("the rejection reason is told in the deal")
        assert "Northwind rollout" in board.text
        await board.press("enter")
        await board.tells("the rejection reason")


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 50)])
@pytest.mark.parametrize("text", ["", "stage:", "company:", "stage:x is:", "x" * 300, 'tag:"', "漢字:漢"])
async def test_the_two_lines_stay_within_the_screen(full: Shop, show: Show, size: tuple[int, int], text: str) -> None:
    async with show(size) as board:
        await open_filter(board)
        board.app.focused.value = text
        board.app.focused.action_end()
        await board.press("down", "down")
        await board.until(lambda: not board.screen._reading.locked())
        assert all(strip.cell_length == size[0] for strip in board.app.screen._compositor.render_strips())
        assert board.lines[-1].startswith(" /")


async def test_the_cursor_of_the_filter_does_not_blink(full: Shop, show: Show) -> None:
    async with show() as board:
        await open_filter(board)
        assert not board.app.focused.cursor_blink


async def test_a_filter_that_is_kept_can_be_typed_on(full: Shop, show: Show) -> None:
    async with show() as board:
        await open_filter(board)
        await board.type("stage:waiting")
        await board.press("enter")
        await board.press("slash")
        assert typed(board) == "stage:waiting"
        await board.type(" hool")
        await board.until(lambda: "Soylent" not in board.text)
        assert "Hooli pilot" in board.text


async def test_the_line_is_painted_with_the_theme_that_is_chosen_later(full: Shop, show: Show) -> None:
    async with show() as board:
        await open_filter(board)
        await board.until(lambda: "day" in board.app.looks)
        board.app.show_theme("day")
        await board.pilot.pause()
        line = board.app.screen.query_one("Proposals")
        assert line.look is board.app.look
