"""The list by key: tabs, sorts, columns, filter, saved views, and a cursor that holds on to its deal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.views import FIRST_VIEW
from funneltui.services import activities, views
from funneltui.tui.list_actions import LIST
from funneltui.tui.screens.list import ListScreen
from tests.tui.listing import Listed, Show_list, listed

if TYPE_CHECKING:
    from tests.tui.conftest import Shop


__all__ = ["listed"]


async def save_as(seen: Listed, name: str) -> None:
    await seen.press("v")
    await seen.opens("ViewsDialog")
    await seen.press("n")
    await seen.board.type(name)
    await seen.press("enter")
    await seen.board.tells(f'saved as "{name}"')
    await seen.opens("")


async def test_the_list_shows_every_stage_the_newest_deal_first(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.lists(
            "Vandelay import", "Umbrella renewal", "Initech licences", "Globex migration", "Soylent onboarding",
            "Hooli pilot", "Northwind rollout",
        )  # fmt: skip
        assert "[All 7]  Waiting 3   In acquisition 1   Offered 1   Acquired 1   Resigned 1" in seen.board.text
        assert "1 of 7" in seen.board.lines[-1]


async def test_the_rejection_reason_is_nowhere_in_the_list(full: Shop, listed: Show_list) -> None:
    async with listed((200, 50)) as seen:
        await seen.press("c", *["j"] * 30)
        assert "reason" not in seen.board.text
        assert "too expensive" not in seen.board.text


async def test_numbers_stand_to_the_right_and_marks_beside_them(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        rows = [line for line in seen.board.lines if "Northwind" in line or "Hooli" in line]
        assert [row[:9] for row in rows] == [" •     2 ", " !     1 "]


async def test_the_keys_go_through_the_list(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("j", "down", "k")
        assert seen.here == "Umbrella renewal"
        await seen.press("G")
        assert seen.here == "Northwind rollout"
        await seen.press("j")
        assert seen.here == "Northwind rollout"
        await seen.press("g", "k")
        assert seen.here == "Vandelay import"
        await seen.press("pagedown")
        assert seen.here == "Northwind rollout"
        await seen.press("pageup")
        assert seen.here == "Vandelay import"


async def test_tabs_go_round_through_the_stages(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("tab")
        await seen.lists("Soylent onboarding", "Hooli pilot", "Northwind rollout")
        assert "[Waiting 3]" in seen.board.text
        await seen.press("shift+tab", "shift+tab")
        await seen.lists("Vandelay import")
        assert "[Resigned 1]" in seen.board.text
        await seen.press("tab")
        await seen.board.until(lambda: len(seen.titles) == 7)


async def test_the_filter_works_in_place_and_escape_shows_all_again(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("slash")
        await seen.board.type("stage:waiting -hooli")
        await seen.lists("Soylent onboarding", "Northwind rollout")
        await seen.press("enter")
        assert "/stage:waiting -hooli" in seen.board.lines[0]
        await seen.press("j")
        assert seen.here == "Northwind rollout"
        await seen.press("escape")
        await seen.board.until(lambda: len(seen.titles) == 7)
        assert seen.board.dialog == "ListScreen"


async def test_spam_is_found_by_searching_for_it(full: Shop, listed: Show_list) -> None:
    activities.spam(full.context, [2])
    async with listed() as seen:
        assert "Hooli pilot" not in seen.titles
        await seen.press("slash")
        await seen.board.type("is:spam")
        await seen.lists("Hooli pilot")


async def test_a_filter_that_nothing_matches_says_so(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("slash")
        await seen.board.type("nowhere")
        await seen.board.shows("no deal matches the filter")
        await seen.press("enter", "enter", "e")
        assert "there is no deal here" in seen.board.told


async def test_a_filter_that_cannot_be_read_is_told_when_it_is_finished(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("slash")
        await seen.board.type("stage:nonsense")
        await seen.press("enter")
        await seen.board.tells("no such stage")
        assert len(seen.titles) == 7


async def test_a_view_is_saved_under_a_name_and_recalled_by_its_digit(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("tab", "l", "s", "r", "plus")
        await save_as(seen, "waiting by title")
        kept = seen.view
        assert "waiting by title" in seen.board.lines[0]
        await seen.press("v", "a")
        await seen.board.until(lambda: len(seen.titles) == 7)
        assert seen.view == FIRST_VIEW
        await seen.press("v")
        await seen.opens("ViewsDialog")
        assert "1 waiting by title  Waiting · by title ↑" in seen.board.text
        await seen.press("1")
        await seen.lists("Hooli pilot", "Northwind rollout", "Soylent onboarding")
        assert seen.view == kept
    assert views.saved(full.context) == [kept]


async def test_a_saved_view_is_there_the_next_time_with_its_filter(full: Shop, listed: Show_list) -> None:
    views.save(full.context, replace(FIRST_VIEW, name="late", filter_text="is:overdue"))
    async with listed() as seen:
        await seen.press("v")
        await seen.opens("ViewsDialog")
        await seen.press("j", "enter")
        await seen.lists("Northwind rollout")
        assert "/is:overdue" in seen.board.lines[0]
        await seen.press("s")
        await seen.board.shows("late changed")


async def test_a_view_whose_filter_means_nothing_any_more_is_recalled_without_it(full: Shop, listed: Show_list) -> None:
    views.save(full.context, replace(FIRST_VIEW, name="old", filter_text="stage:gone", tab="gone", row_height=2))
    async with listed() as seen:
        await seen.press("v")
        await seen.opens("ViewsDialog")
        await seen.press("1")
        await seen.board.tells("without its filter")
        assert (len(seen.titles), seen.view.row_height, seen.view.tab) == (7, 2, "")


async def test_a_view_that_cannot_be_read_says_so_and_is_saved_anew_under_its_name(
    full: Shop, listed: Show_list
) -> None:
    views.save(full.context, replace(FIRST_VIEW, name="old"))
    full.context.database.execute_sql("UPDATE \"view\" SET data = ''")
    async with listed() as seen:
        await seen.press("v")
        await seen.opens("ViewsDialog")
        assert "1 old  cannot be read" in seen.board.text
        await seen.press("1")
        await seen.board.tells('the saved view "old" cannot be read')
        await seen.opens("ViewsDialog")
        await seen.press("escape")
        await seen.opens("")
        await save_as(seen, "old")
    assert [view.is_readable for view in views.saved(full.context)] == [True]


async def test_a_view_is_recalled_by_two_keys_that_come_at_once(full: Shop, listed: Show_list) -> None:
    views.save(full.context, replace(FIRST_VIEW, name="waiting", tab="waiting"))
    async with listed() as seen:
        await seen.board.at_once("v", "1")
        await seen.board.until(lambda: len(seen.titles) == 3)
        assert seen.view.name == "waiting"


async def test_a_filter_can_be_typed_at_once_with_its_key(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.board.at_once("slash", *"hooli")
        await seen.lists("Hooli pilot")


async def test_views_are_renamed_and_deleted_in_the_menu(full: Shop, listed: Show_list) -> None:
    for name in ("a", "b"):
        views.save(full.context, replace(FIRST_VIEW, name=name))
    async with listed() as seen:
        await seen.press("v")
        await seen.opens("ViewsDialog")
        await seen.press("d")
        assert "pick the view first" in seen.board.text
        await seen.press("j", "d")
        await seen.board.until(lambda: [view.name for view in seen.screen.saved] == ["b"])
        await seen.opens("ViewsDialog")
        await seen.press("j", "r")
        await seen.board.until(lambda: getattr(seen.board.app.focused, "value", "") == "b")
        await seen.press("end", "2", "enter")
        await seen.board.until(lambda: [view.name for view in seen.screen.saved] == ["b2"])


async def test_leaving_the_field_for_a_name_keeps_the_menu(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("v")
        await seen.opens("ViewsDialog")
        await seen.press("n", "x", "escape")
        assert seen.board.dialog == "ViewsDialog"
        await seen.press("escape")
        await seen.opens("")
    assert views.saved(full.context) == []


async def test_enter_opens_the_deal(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("j", "enter")
        await seen.opens("OpenedDeal")
        assert "Umbrella renewal" in seen.board.text
        await seen.press("escape")
        await seen.opens("")


async def test_a_new_deal_is_added_and_the_cursor_goes_there(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("l", "s", "n")
        await seen.opens("DealForm")
        await seen.board.type("Middle")
        await seen.press(*["tab"] * 6)
        await seen.board.type("web")
        await seen.press("tab")
        await seen.board.type("+9d")
        await seen.press("ctrl+s")
        await seen.board.until(lambda: seen.here == "Middle")
        assert seen.state.total == 8


async def test_a_deal_is_edited_where_it_stands(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("j", "e")
        await seen.opens("DealForm")
        await seen.press("end", "X", "ctrl+s")
        await seen.board.until(lambda: seen.here == "Umbrella renewalX")
    assert full.deal(6).title == "Umbrella renewalX"


async def test_another_persons_change_is_shown_and_the_cursor_stays_on_its_deal(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("j", "j", "j")
        full.add("Brand new")
        await seen.board.shows("Brand new")
        assert seen.here == "Globex migration"
        full.move(4, "offered", detail="contract", follow_up=date(2026, 12, 1))
        await seen.board.shows("Offered 2")


async def test_a_deal_that_left_the_tab_leaves_the_cursor_beside_its_place(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.press("tab")
        await seen.lists("Soylent onboarding", "Hooli pilot", "Northwind rollout")
        await seen.press("j")
        full.move(2, "acquisition", detail="call")
        await seen.lists("Soylent onboarding", "Northwind rollout")
        assert seen.here == "Northwind rollout"


@pytest.mark.parametrize("key", ["escape", "1"])
async def test_the_board_is_one_key_away(full: Shop, listed: Show_list, key: str) -> None:
    async with listed() as seen:
        await seen.press(key)
        await seen.board.until(lambda: seen.board.dialog == "")


async def test_help_lists_the_keys_of_the_list(shop: Shop, listed: Show_list) -> None:
    async with listed((120, 110)) as seen:
        await seen.press("question_mark")
        await seen.opens("Help")
        for action in LIST:
            assert action.help in seen.board.text


@pytest.mark.parametrize("action", LIST, ids=lambda action: action.id)
def test_every_action_of_the_list_has_a_method(action: Any) -> None:
    from funneltui.tui.app import FunnelApp

    owner = FunnelApp if action.id.startswith("app.") else ListScreen
    assert callable(getattr(owner, f"action_{action.name}"))


def test_no_key_of_the_list_stands_for_two_actions() -> None:
    keys = [key for action in LIST for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 36), (200, 50), (300, 90), (39, 9), (10, 3)])
async def test_the_list_is_shown_at_any_size(full: Shop, listed: Show_list, size: tuple[int, int]) -> None:
    async with listed(size) as seen:
        await seen.press("l", "j", "r", "G")
        assert all(len(line) <= size[0] for line in seen.board.lines)
        assert ("Northwind" in seen.board.text) is (size[0] >= 40)


@pytest.mark.parametrize("theme", ["night", "day", "contrast", "terminal", "mono"])
async def test_the_list_is_painted_in_every_theme_without_a_difference_in_its_text(
    full: Shop, listed: Show_list, theme: str
) -> None:
    async with listed(theme=theme) as seen:
        assert "[All 7]" in seen.board.text
        assert sum("▌" in line for line in seen.board.lines) == 1


async def test_nothing_that_acts_on_a_terminal_leaves_the_list(shop: Shop, listed: Show_list) -> None:
    shop.add("Bold [bold]move[/] [/]", company="[@click=app.quit]x", contact="e\u202evil")
    views.save(shop.context, replace(FIRST_VIEW, name="[red]v[/]"))
    async with listed((200, 50)) as seen:
        assert "Bold [bold]move[/] [/]" in seen.board.text
        await seen.press("v")
        await seen.opens("ViewsDialog")
        assert "[red]v[/]" in seen.board.text
        assert "\u202e" not in seen.board.text


async def test_many_deals_are_read_by_windows_only(shop: Shop, listed: Show_list) -> None:
    for n in range(400):
        shop.add(f"Case {n:03}")
    async with listed((80, 24)) as seen:
        assert seen.state.total == 400
        assert len(seen.state.deals) < 100
        await seen.press("G")
        await seen.board.shows("Case 000")
        assert len(seen.state.deals) < 100
        await seen.press(*["pageup"] * 7)
        await seen.board.until(lambda: seen.here != "")
        assert seen.here == f"Case {7 * seen.screen._table.capacity:03}"


async def test_the_theme_of_the_list_changes_with_the_programs(full: Shop, listed: Show_list) -> None:
    async with listed() as seen:
        await seen.board.until(lambda: len(seen.board.app.looks) == 9)
        seen.board.app.show_theme("day")
        await seen.board.until(lambda: seen.screen.look.name == "day")
