"""The board as the user prefers it: what the config file says holds from the first frame, what keys change is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui import config_file, paths, settings
from funneltui.domain.dates import DateOrder
from funneltui.domain.views import View
from funneltui.services import views
from funneltui.tui import preferences
from funneltui.tui.preferences import DEFAULT, Preferences
from tests.tui.conftest import TODAY
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

COMPACT = replace(DEFAULT, density="compact")
NO_SIDE = replace(DEFAULT, side=False)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what keys have changed without the second's pause."""
    monkeypatch.setattr(preferences, "PAUSE", 0.01)


def side_of(board: Board) -> int:
    """Give the columns of the panes beside the lanes; 0 where there are none."""
    side = board.screen._side
    return side.size.width + side.gutter.width if side.display and not board.screen.has_class("-today") else 0


def written(key: str) -> settings.Value | None:
    """Give what the config file says of a setting by now; nothing if it does not name it."""
    return config_file.read(paths.config_file()).values.get(key)


def test_without_a_config_file_the_settings_own_defaults_hold() -> None:
    assert Preferences.of({}) == DEFAULT
    assert (DEFAULT.density, DEFAULT.side, DEFAULT.side_width, DEFAULT.today_days) == ("comfortable", True, 0, 7)
    assert DEFAULT.usual_days == settings.BY_KEY["follow_up.usual"].default


def test_every_preference_follows_its_setting() -> None:
    examples = {one.key: one.example for one in settings.SETTINGS}
    chosen = Preferences.of(examples)
    assert all(getattr(chosen, name) != getattr(DEFAULT, name) for name in DEFAULT.__slots__)


def test_a_usual_day_that_can_no_longer_be_read_is_left_out() -> None:
    usual = Preferences.of({"follow_up.usual": ("25/12", "fri")}).usual(TODAY, DateOrder.MDY)
    assert list(usual) == [("fri", date(2026, 11, 27))]


async def test_compact_cards_from_the_first_frame(full: Shop, show: Show) -> None:
    async with show((120, 36), preferences=COMPACT) as board:
        same_as_kept(board, "compact-120x36")


async def test_a_board_without_the_side_keeps_its_funnel_in_a_line(full: Shop, show: Show) -> None:
    async with show((120, 36), preferences=NO_SIDE) as board:
        assert "Funnel conversion  ▸" in board.lines[-2]
        same_as_kept(board, "no-side-120x36")


async def test_c_is_remembered_and_leaves_comments_alone(full: Shop, show: Show) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text('theme = "day"  # at home\n', encoding="utf-8")
    async with show(remembers=file) as board:
        await board.press("c")
        await board.until(lambda: written("density") == "compact")
    assert file.read_text(encoding="utf-8") == 'theme = "day"  # at home\ndensity = "compact"\n'


async def test_what_was_changed_and_changed_back_is_not_written(full: Shop, show: Show) -> None:
    async with show(remembers=paths.config_file()) as board:
        await board.at_once("c", "c")
        await board.press("b")
        await board.until(lambda: written("panes.side") is False)
    assert written("density") is None


async def test_what_is_written_elsewhere_is_known(full: Shop, show: Show) -> None:
    async with show(remembers=paths.config_file()) as board:
        await board.press("b")
        board.app.prefer(replace(board.app.preferences, density="compact"), written=True)
        await board.press("c")
        await board.until(lambda: written("density") == "comfortable")
        assert written("panes.side") is False


async def test_leaving_at_once_loses_nothing(full: Shop, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "PAUSE", 3600)
    async with show(remembers=paths.config_file()) as board:
        await board.press("c", "q")
    assert written("density") == "compact"


async def test_a_broken_config_file_is_left_alone_and_told_once(full: Shop, show: Show) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text("density = [", encoding="utf-8")
    async with show(remembers=file) as board:
        await board.press("c")
        await board.tells("how the board is laid out is not remembered")
        board.app.clear_notifications()
        await board.press("c")
        await board.app.worker.apart(lambda: None)
        await board.pilot.pause(0.1)
        assert board.told == ""
    assert file.read_text(encoding="utf-8") == "density = ["


async def test_b_hides_the_side_and_shows_it_again(full: Shop, show: Show) -> None:
    async with show((120, 36), remembers=paths.config_file()) as board:
        assert side_of(board) == 32
        await board.press("b")
        await board.until(lambda: side_of(board) == 0)
        await board.shows("Funnel conversion  ▸")
        await board.press("b")
        await board.until(lambda: side_of(board) == 32)
        await board.shows("Today 3")


async def test_without_the_side_more_lanes_fit(full: Shop, show: Show) -> None:
    async with show((100, 36)) as board:
        assert "Acquired" not in board.lines[1]
        await board.press("b")
        await board.shows("Umbrella renewal")


async def test_a_hidden_side_comes_for_as_long_as_today_has_the_keys(full: Shop, show: Show) -> None:
    async with show((120, 36), preferences=NO_SIDE) as board:
        await board.press("t")
        await board.until(lambda: side_of(board) == 32)
        assert "Waiting 3" in board.lines[1]
        await board.press("t")
        await board.until(lambda: side_of(board) == 0)


async def test_the_side_is_made_wider_and_narrower_and_that_is_remembered(full: Shop, show: Show) -> None:
    async with show((120, 36), remembers=paths.config_file()) as board:
        await board.press("less_than_sign")
        await board.until(lambda: side_of(board) == 36)
        await board.until(lambda: written("panes.side_width") == 36)
        await board.press("greater_than_sign", "greater_than_sign", "greater_than_sign")
        await board.until(lambda: side_of(board) == 24)
        await board.press("greater_than_sign")
        await board.tells("24 columns are the fewest")


async def test_the_side_leaves_two_lanes_their_room(full: Shop, show: Show) -> None:
    async with show((100, 36), preferences=replace(DEFAULT, side_width=80)) as board:
        assert side_of(board) == 56
        await board.press("less_than_sign")
        await board.tells("56 columns are the most")


@pytest.mark.parametrize("key", ["b", "less_than_sign", "greater_than_sign"])
async def test_where_there_is_no_side_its_keys_say_why(full: Shop, show: Show, key: str) -> None:
    async with show((80, 24)) as board:
        await board.press(key)
        await board.tells("from 100 columns on, today and the funnel stand beside the lanes; here t shows today")


async def test_a_hidden_side_is_not_made_wider(full: Shop, show: Show) -> None:
    async with show((120, 36), preferences=NO_SIDE) as board:
        await board.press("less_than_sign")
        await board.tells("the side is hidden; b shows it")


async def test_the_funnel_begins_as_preferred_and_f_changes_it_for_the_moment(full: Shop, show: Show) -> None:
    standard = Preferences.of({"panes.funnel": "standard"})
    async with show((120, 36), preferences=standard, remembers=paths.config_file()) as board:
        assert "Funnel standard" in board.text
        await board.press("f")
        await board.shows("Funnel conversion")
    assert written("panes.funnel") is None


async def test_todays_follow_ups_reach_as_far_ahead_as_preferred(shop: Shop, show: Show) -> None:
    for days in (1, 3, 4, 30):
        shop.add(f"in {days} days", follow_up=TODAY + timedelta(days=days))
    async with show(preferences=replace(DEFAULT, today_days=3)) as board:
        assert [deal.title for deal in board.state.due.deals] == ["in 1 days", "in 3 days"]
        board.app.prefer(replace(DEFAULT, today_days=30))
        await board.shows("Today 4")


async def test_an_empty_today_says_how_far_it_looked(shop: Shop, show: Show) -> None:
    shop.add("Later", follow_up=TODAY + timedelta(days=60))
    async with show(preferences=replace(DEFAULT, today_days=30)) as board:
        await board.shows("nothing due for 30 days")


async def test_another_pipelines_board_is_laid_out_alike(full: Shop, show: Show) -> None:
    async with show((120, 36)) as board:
        await board.press("c", "b")
        await board.app.show_pipeline(board.screen.pipeline)
        await board.until(lambda: board.state.loaded)
        assert (board.screen.preferences.density, side_of(board)) == ("compact", 0)


@pytest.mark.parametrize(
    ("name", "screen"), [("list", "ListScreen"), ("List", "ListScreen"), ("review", "ReviewScreen")]
)
async def test_list_or_review_is_shown_first_and_the_board_lies_beneath(
    full: Shop, show: Show, name: str, screen: str
) -> None:
    async with show(preferences=Preferences.of({"default_view": name})) as board:
        await board.opens(screen)
        await board.press("escape")
        await board.opens("")
        assert "Waiting 3" in board.text


async def test_a_saved_view_is_shown_first_with_its_filter(full: Shop, show: Show) -> None:
    views.save(full.context, View("Big ones", filter_text="amount>5000"))
    async with show(preferences=Preferences.of({"default_view": "big ones"})) as board:
        await board.opens("ListScreen")
        await board.shows("Initech licences")
        await board.until(lambda: "Hooli pilot" not in board.text)
        assert "Big ones" in board.lines[0]


async def test_a_first_view_that_nobody_saved_is_told_and_the_board_shown(full: Shop, show: Show) -> None:
    async with show(preferences=Preferences.of({"default_view": "Big ones"})) as board:
        await board.tells('default_view: there is no view "Big ones"')
        assert board.told.endswith("the board is shown")
        assert "Waiting 3" in board.text


async def test_the_follow_up_dialog_offers_the_usual_days(full: Shop, show: Show) -> None:
    usual = Preferences.of({"follow_up.usual": ("fri", "1m")})
    async with show(preferences=usual) as board:
        await board.press("d")
        await board.opens("FollowUpDialog")
        assert "1-2 day" in board.text
        await board.press("2")
        await board.until(lambda: full.deal(1).follow_up == date(2026, 12, 21))


async def test_a_digit_beyond_the_usual_days_begins_a_typed_date(full: Shop, show: Show) -> None:
    async with show(preferences=Preferences.of({"follow_up.usual": ("fri",)})) as board:
        await board.press("d")
        await board.opens("FollowUpDialog")
        await board.press("3", "d", "enter")
        await board.until(lambda: full.deal(1).follow_up == TODAY + timedelta(days=3))
