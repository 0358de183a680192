"""The review on the screen: a deal at a time, a key an answer, the next by itself, and a summary to copy."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.deal import Outcome
from funneltui.exchange.pipeline_files import preset
from funneltui.services import activities, deals, demo, reviews
from funneltui.tui import theming
from funneltui.tui.actions import key_label
from funneltui.tui.app import FunnelApp
from funneltui.tui.preferences import Preferences
from funneltui.tui.review_actions import REVIEW
from funneltui.tui.screens.review import ReviewScreen
from funneltui.tui.worker import Worker
from tests.tui.conftest import THEMES, TODAY, Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from funneltui.services.context import Clock
    from tests.tui.conftest import Shop, Show

LATE, TODAYS, ALONE = 1, 2, 4
"""The deals of the full shop that want an answer, in the order of the review."""


class Review(Board):
    """The review at work over the board."""

    @property
    def review(self) -> ReviewScreen:
        """The review's screen, whatever lies over it."""
        return next(one for one in self.app.screen_stack if isinstance(one, ReviewScreen))

    @property
    def title(self) -> str:
        """The title of the deal that is asked about, or nothing at the end."""
        deal = self.review.state.deal
        return deal.title if deal else ""

    async def comes(self, title: str) -> None:
        """Wait until a deal is asked about."""
        await self.until(lambda: self.title == title and title in self.text)

    async def ends(self) -> None:
        """Wait until the summary stands."""
        await self.shows("Review of ")

    async def over(self, dialog: str) -> None:
        """Wait until a dialog stands, or with an empty name until none does."""
        await self.opens(dialog or "ReviewScreen")


@pytest.fixture
def reviewing(show: Show) -> Callable[..., Any]:
    """Give a function that shows the shop's review."""

    @asynccontextmanager
    async def opened(*args: Any, **kwargs: Any) -> AsyncIterator[Review]:
        async with show(*args, **kwargs) as board:
            board.app.show_review(board.state.pipeline)
            review = Review(board.app, board.pilot)
            await review.until(lambda: review.dialog == "ReviewScreen" and review.review.state.loaded)
            state = review.review.state
            await review.until(lambda: bool(state.looked or state.summary))
            await review.pilot.pause()
            yield review

    return opened


Reviewing = Any
"""A function that shows the review: `async with reviewing(size, user=..., theme=...) as review`."""


async def test_the_deals_come_in_their_order_with_why_and_with_what_is_left(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        for words in (
            "1 of 3", "! 1 overdue  • 1 today  ? 1 no next step", "Northwind rollout", "#1 · ana", "! follow-up 3 d late",
            "Waiting, 0 d here", "Wed 18 Nov, 3 d late · call Anna", "Tue 15 Dec, in 24 d", "€12,500", "added in Waiting",
        ):  # fmt: skip
            assert words in review.text, words
        await review.press("space")
        await review.comes("Hooli pilot")
        assert "• expected close today   ? no next step" in review.text
        await review.press("space")
        await review.comes("Globex migration")
        assert "? no next step" in review.text


@pytest.mark.parametrize(
    ("key", "day"), [("1", TODAY + timedelta(1)), ("2", TODAY + timedelta(3)), ("3", date(2026, 11, 23))]
)
async def test_a_digit_puts_the_follow_up_off_and_the_next_deal_comes(
    full: Shop, reviewing: Reviewing, key: str, day: date
) -> None:
    async with reviewing() as review:
        await review.press(key)
        await review.comes("Hooli pilot")
        assert "2 of 3" in review.text
        assert "1 answered" in review.text
        assert "Northwind rollout: follow-up" in review.text
    assert (full.deal(LATE).follow_up, full.deal(LATE).follow_up_note) == (day, "call Anna")


async def test_keys_that_come_in_one_packet_answer_one_deal_each(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.at_once("1", "2", "1")
        await review.ends()
    follow_ups = [full.deal(number).follow_up for number in (LATE, TODAYS, ALONE)]
    assert follow_ups == [TODAY + timedelta(1), TODAY + timedelta(3), TODAY + timedelta(1)]


async def test_a_digit_meant_for_a_dialog_never_answers_the_next_deal(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.at_once("x", "1", "enter", "2")
        await review.comes("Globex migration")
    assert (full.deal(LATE).reason, full.deal(LATE).follow_up) == ("price", None)
    assert full.deal(TODAYS).follow_up == TODAY + timedelta(3)


async def test_a_date_can_be_typed(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("4")
        await review.over("FollowUpDialog")
        await review.press("f")
        await review.type("ri")
        await review.press("enter")
        await review.comes("Hooli pilot")
    assert full.deal(LATE).follow_up == date(2026, 11, 27)


async def test_d_finishes_the_follow_up(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("d")
        await review.comes("Hooli pilot")
        assert "follow-up done" in review.text
    assert full.deal(LATE).follow_up is None


async def test_d_says_why_there_is_nothing_to_finish_and_the_deal_stays(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "d")
        await review.tells("deal 2 has no follow-up to finish")
        assert review.title == "Hooli pilot"


async def test_the_next_stage_asks_what_its_gate_wants(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("L")
        await review.over("MoveDialog")
        await review.press("2", "enter")
        await review.comes("Hooli pilot")
        assert "Northwind rollout: → In acquisition · after call - meeting" in review.text
    assert (full.deal(LATE).stage, full.deal(LATE).detail) == ("acquisition", "meeting")


async def test_a_dialog_that_is_left_answers_nothing(full: Shop, reviewing: Reviewing) -> None:
    before = full.rows()
    async with reviewing() as review:
        for key, dialog in (
            ("L", "MoveDialog"), ("x", "MoveDialog"), ("4", "FollowUpDialog"), ("m", "StageDialog"),
            ("n", "DealForm"), ("c", "LineDialog"), ("i", "ActivityDialog"), ("e", "DealForm"),
            ("enter", "OpenedDeal"), ("question_mark", "Help"),
        ):  # fmt: skip
            await review.press(key)
            await review.over(dialog)
            await review.press("escape")
            await review.over("")
        assert review.title == "Northwind rollout"
    assert full.rows() == before


async def test_m_and_a_digit_move_to_any_stage(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("m")
        await review.over("StageDialog")
        assert "1 Waiting  (here)" in review.text
        await review.press("4")
        await review.comes("Hooli pilot")
    assert full.deal(LATE).outcome is Outcome.WON


async def test_m_and_a_digit_ask_what_the_gate_wants(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.at_once("m", "2", "1", "enter")
        await review.comes("Hooli pilot")
    assert (full.deal(LATE).stage, full.deal(LATE).detail) == ("acquisition", "call")


async def test_w_wins(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("w")
        await review.comes("Hooli pilot")
    assert full.deal(LATE).outcome is Outcome.WON


async def test_x_demands_the_reason(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("x")
        await review.over("MoveDialog")
        await review.press("enter")
        await review.shows("pick the rejection reason first")
        await review.press("1", "enter")
        await review.comes("Hooli pilot")
        assert "expensive" not in review.text
    assert full.deal(LATE).reason == "price"


async def test_words_typed_after_i_are_a_line_in_the_history(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("i")
        await review.over("ActivityDialog")
        await review.press("enter")
        await review.type("asked who signs")
        await review.press("enter")
        await review.comes("Hooli pilot")
        await review.press("b")
        await review.comes("Northwind rollout")
        assert "note: asked who signs" in review.text


async def test_a_contact_is_logged(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("i")
        await review.over("ActivityDialog")
        await review.press("2")
        await review.type("not in")
        await review.press("enter")
        await review.comes("Hooli pilot")
        await review.press("b")
        await review.shows("call: not in")


async def test_another_expected_close_is_one_line(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "c")
        await review.over("LineDialog")
        await review.type("eom")
        await review.press("enter")
        await review.comes("Globex migration")
        assert "expected close Mon 30 Nov" in review.text
    assert full.deal(TODAYS).expected_close == date(2026, 11, 30)


async def test_an_edited_deal_stays_until_it_wants_nothing(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("e")
        await review.over("DealForm")
        await review.type(" two")
        await review.press("ctrl+s")
        await review.until(lambda: full.deal(LATE).version > 1)
        await review.comes("Northwind rollout two")


async def test_an_opened_deal_leads_to_its_form_and_to_a_new_deal(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        for key, words in (("e", "Edit #1"), ("n", "New deal")):
            await review.press("enter")
            await review.over("OpenedDeal")
            await review.press(key)
            await review.over("DealForm")
            assert words in review.text
            await review.press("escape")
            await review.over("OpenedDeal")
            await review.press("escape")
            await review.over("")
        assert review.title == "Northwind rollout"


async def test_a_note_typed_ahead_is_a_note(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.at_once("i", *"was 1 w x")
        await review.until(lambda: getattr(review.app.focused, "value", "") == "was 1 w x")
        await review.press("enter")
        await review.comes("Hooli pilot")
    assert full.deal(LATE).follow_up == date(2026, 11, 18)


async def test_a_skipped_deal_is_as_it_was_and_still_left(full: Shop, reviewing: Reviewing) -> None:
    before = full.rows()
    async with reviewing() as review:
        await review.press("space")
        await review.comes("Hooli pilot")
        assert "1 skipped" in review.text
        assert "! 1 overdue" in review.text
    assert full.rows() == before


async def test_b_goes_back_and_the_first_deal_has_none_before_it(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "1", "b")
        await review.comes("Hooli pilot")
        assert "follow-up Sun" not in review.lines[-3]
        await review.press("b")
        await review.comes("Northwind rollout")
        await review.press("b")
        await review.tells("this is the first one")


async def test_an_answered_deal_is_passed_by_on_the_way_on(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "1", "b", "b", "1")
        await review.comes("Globex migration")


async def test_u_takes_the_answer_back_and_shows_its_deal_and_redo_does_it_again(
    full: Shop, reviewing: Reviewing
) -> None:
    async with reviewing() as review:
        await review.press("1", "u")
        await review.comes("Northwind rollout")
        assert "undone: edited deal 1" in review.text
        assert "answered" not in review.lines[0]
        assert full.deal(LATE).follow_up == date(2026, 11, 18)
        await review.press("U")
        await review.comes("Hooli pilot")
    assert full.deal(LATE).follow_up == TODAY + timedelta(1)


async def test_undo_with_nothing_left_says_so(reviewing: Reviewing, shop: Shop) -> None:
    async with reviewing() as review:
        await review.press("u")
        await review.tells("there is nothing to undo")


async def test_a_deal_changed_by_a_colleague_is_shown_anew(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        activities.note(full.context, LATE, "ana called from elsewhere")
        await review.shows("note: ana called from elsewhere")


async def test_a_conflict_is_told_and_nothing_is_answered(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("x")
        await review.over("MoveDialog")
        activities.note(full.context, LATE, "meanwhile")
        await review.press("1", "enter")
        await review.tells("deal 1 was changed meanwhile")
        await review.comes("Northwind rollout")
    assert full.deal(LATE).is_open


async def test_a_deal_that_a_colleague_has_answered_is_passed_by(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        full.move(TODAYS, "acquired")
        await review.press("space")
        await review.comes("Globex migration")
        assert "3 of 3" in review.text


async def test_a_deal_given_away_meanwhile_is_told_and_passed_by(shop: Shop, reviewing: Reviewing) -> None:
    shop.rep("bor")
    first = shop.add("Given away", owner="bor", follow_up=TODAY)
    shop.add("Kept", owner="bor")
    async with reviewing(user="bor") as review:
        deals.edit(shop.context, first.number, {"owner": "ana"})
        await review.comes("Kept")
        assert "there is no deal 1 among yours" in review.told
        await review.press("b")
        await review.comes("Kept")


async def test_at_the_end_undo_goes_back_to_its_deal(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "space", "w")
        await review.ends()
        await review.press("u")
        await review.comes("Globex migration")
    assert full.deal(ALONE).is_open


async def test_undoing_what_was_done_before_the_review_keeps_the_summary(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "space", "space")
        await review.ends()
        assert "Lost: 1" in review.text
        await review.press("u")
        await review.until(lambda: "Lost: 1" not in review.text)


async def test_a_rep_goes_through_his_own_deals_only(shop: Shop, reviewing: Reviewing) -> None:
    shop.rep("bor")
    shop.add("Ana's"), shop.add("Bor's", owner="bor")
    async with reviewing(user="bor") as review:
        assert "1 of 1" in review.text
        assert review.title == "Bor's"


async def test_it_ends_with_a_summary_that_y_copies(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing((120, 50)) as review:
        await review.press("w", "1", "space")
        await review.ends()
        for words in ("Won: 2", "#1 Northwind rollout", "Follow-ups set: 1", "Still waiting: 1", "no next step"):
            assert words in review.text, words
        await review.press("y")
        await review.shows("sent to the clipboard")
        assert review.app.clipboard == review.review.state.summary
        assert review.app.clipboard.startswith("Review of Sat 21 Nov 2026, ana")


async def test_the_summary_of_the_screen_is_that_of_the_command(full: Shop, reviewing: Reviewing) -> None:
    from funneltui.services.review_summary import summary

    async with reviewing() as review:
        await review.press("w", "1", "1")
        await review.ends()
        assert review.review.state.summary == summary(full.context).text


async def test_esc_ends_with_the_summary_once_something_was_answered(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("1", "escape")
        await review.ends()
        await review.press("b")
        await review.comes("Hooli pilot")
        await review.press("escape", "escape")
        await review.opens("")


async def test_esc_leaves_at_once_when_nothing_was_answered(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("space", "escape")
        await review.opens("")


async def test_the_board_shows_what_was_answered(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.press("w", "escape", "escape")
        await review.opens("")
        await review.until(lambda: "Northwind rollout" in review.titles("acquired"))


async def test_an_empty_queue_says_so(shop: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.shows("Nothing is waiting for a review.")
        await review.press("1")
        await review.tells("there is nothing to review")
        await review.press("b")
        await review.tells("nothing to go back to")
        await review.press("escape")
        await review.opens("")


@pytest.mark.parametrize("key", ["1", "L", "m", "w", "x", "c", "i", "e", "d", "4", "enter", "space"])
async def test_no_key_answers_a_deal_at_the_end(full: Shop, reviewing: Reviewing, key: str) -> None:
    async with reviewing() as review:
        await review.press("space", "space", "space")
        await review.ends()
        before = full.rows()
        await review.press(key)
        await review.tells("the review is at its end")
        assert full.rows() == before


async def test_a_summary_longer_than_the_screen_scrolls(shop: Shop, reviewing: Reviewing) -> None:
    for number in range(12):
        shop.add(f"Deal {number}")
    async with reviewing((80, 14)) as review:
        await review.press("1", *["space"] * 11)
        await review.ends()
        assert "more lines" in review.text
        await review.press(*["j"] * 20)
        assert "and 3 more" in review.text
        assert "Review of" not in review.text
        await review.press(*["k"] * 20)
        assert "Review of" in review.text


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50), (40, 10), (60, 14)])
async def test_the_question_the_progress_and_the_keys_are_seen_at_every_size(
    full: Shop, reviewing: Reviewing, size: tuple[int, int]
) -> None:
    async with reviewing(size) as review:
        for words in ("1 of 3", "Northwind", "follow-up 3 d late", "! 1", "1 tomorrow"):
            assert words in review.text, words
        assert all(len(line) == size[0] for line in review.lines)


async def test_at_80x24_every_usual_answer_stands_in_the_footer(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing((80, 24)) as review:
        for words in (
            "1 tomorrow", "2 +3 days", "3 next week", "4 a date", "d done", "i note", "space skip", "L next stage",
            "m stage", "w won", "x lost", "↵ open", "b back", "u undo", "esc end", "? keys",
        ):  # fmt: skip
            assert words in review.text, words


async def test_where_there_is_no_room_it_says_so(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing((30, 8)) as review:
        assert "The review needs 40x10" in review.text
        await review.pilot.resize_terminal(80, 24)
        await review.shows("Northwind rollout")


@pytest.mark.parametrize("theme", ["night", "day", "contrast", "terminal", "mono"])
async def test_without_colour_the_signs_and_words_say_the_same(full: Shop, reviewing: Reviewing, theme: str) -> None:
    async with reviewing(theme=theme) as review:
        assert "! follow-up 3 d late" in review.text
        await review.press("space")
        await review.comes("Hooli pilot")
        assert "• expected close today" in review.text


async def test_another_theme_is_taken_over(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing() as review:
        await review.until(lambda: "day" in review.app.looks)
        review.app.show_theme("day")
        assert review.review.look.name == "day"


async def test_hostile_texts_do_nothing(shop: Shop, reviewing: Reviewing) -> None:
    deal = shop.add("[red]bold[/] \x1b[2J evil", follow_up=TODAY, follow_up_note="[@click=app.quit]x")
    activities.note(shop.context, deal.number, "\x1b]0;title\x07[/]")
    async with reviewing() as review:
        assert "[red]bold[/]" in review.text
        assert "\x1b" not in review.text


def test_every_key_and_every_id_stands_for_one_action_that_has_a_method() -> None:
    keys = [key for action in REVIEW for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert len({action.id for action in REVIEW}) == len(REVIEW)
    for action in REVIEW:
        owner = FunnelApp if action.id.startswith("app.") else ReviewScreen
        assert callable(getattr(owner, f"action_{action.name}")), action.id


async def test_the_key_of_the_help_stands_in_the_narrowest_lines_of_keys(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing((60, 24)) as review:
        assert "? keys" in review.lines[-1]
        assert "esc end" not in review.lines[-1]


async def test_help_lists_the_keys_of_the_review(full: Shop, reviewing: Reviewing) -> None:
    async with reviewing((120, 60)) as review:
        await review.press("question_mark")
        await review.over("Help")
        for action in REVIEW:
            assert action.help in review.text
            assert key_label(action.keys.split(",")[0]) in review.text


async def test_the_demos_queue_is_finished_with_one_key_a_deal(tmp_path: Path, clock: Clock) -> None:
    worker = Worker(lambda: demo.create(str(tmp_path / "demo.db"), preset("acquisition"), "ana", clock))
    look, _ = theming.first_look((THEMES,), "night")
    preferences = Preferences.of({"default_view": "review"})
    app = FunnelApp(worker, look, None, (THEMES,), preferences=preferences)
    try:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            review = Review(app, pilot)
            await review.until(lambda: review.dialog == "ReviewScreen" and bool(review.review.state.looked))
            number = len(review.review.state.places)
            assert number > 20
            await review.press(*["1"] * number)
            await review.ends()
            left = await worker.run(reviews.places)
            assert left == ()
    finally:
        worker.close()
