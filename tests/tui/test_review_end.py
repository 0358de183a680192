"""The review's end with its summary, and how it looks at every size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.pipeline_files import preset
from funneltui.services import activities, demo, reviews
from funneltui.tui import theming
from funneltui.tui.actions import key_label
from funneltui.tui.app import FunnelApp
from funneltui.tui.preferences import Preferences
from funneltui.tui.review_actions import REVIEW
from funneltui.tui.screens.review import ReviewScreen
from funneltui.tui.worker import Worker
from tests.tui.conftest import THEMES, TODAY
from tests.tui.reviewing import ALONE, Review, Reviewing, reviewing

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Clock
    from tests.tui.conftest import Shop


__all__ = ["reviewing"]


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
