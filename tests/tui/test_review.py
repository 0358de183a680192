"""The review on the screen: a deal at a time, a key an answer, the next by itself, and a summary to copy."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.services import activities, deals
from tests.tui.conftest import TODAY
from tests.tui.reviewing import ALONE, LATE, TODAYS, Reviewing, reviewing

if TYPE_CHECKING:
    from tests.tui.conftest import Shop


__all__ = ["reviewing"]


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


async def test_a_rep_goes_through_his_own_deals_only(shop: Shop, reviewing: Reviewing) -> None:
    shop.rep("bor")
    shop.add("Ana's"), shop.add("Bor's", owner="bor")
    async with reviewing(user="bor") as review:
        assert "1 of 1" in review.text
        assert review.title == "Bor's"
