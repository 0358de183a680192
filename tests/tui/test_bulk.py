"""Several deals at once: marked, asked about once, moved all or none; and deals that somebody else has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from tests.tui.conftest import Shop, Show


async def test_space_marks_and_goes_on_and_marks_no_more(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space")
        assert "■ 2 marked" in board.lines[0]
        assert board.under_cursor == "Soylent onboarding"
        assert [line[0] for line in board.lines[3:7:2]] == ["■", "■"]
        await board.press("g", "space")
        assert "■ 1 marked" in board.lines[0]


async def test_escape_takes_the_marks_away(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "escape")
        assert "marked" not in board.lines[0]
        assert "■" not in board.text


async def test_marked_deals_are_asked_about_once_and_moved_together(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "space", "L")
        await board.opens("MoveDialog")
        assert "3 deals → In acquisition" in board.text
        await board.press("1", "enter")
        await board.tells("3 deals moved to In acquisition")
        await board.shows("In acquisition 4")
        assert "marked" not in board.lines[0]
    assert {full.deal(number).detail for number in (1, 2, 3)} == {"call"}


async def test_marked_deals_are_lost_for_one_reason(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "x")
        await board.shows("Why were they lost?")
        await board.press("2", "enter")
        await board.tells("2 deals moved to Resigned")
    assert [full.deal(number).reason for number in (1, 2)] == ["other", "other"]


async def test_the_marks_stay_when_the_question_is_left(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "L", "escape")
        await board.opens("")
        assert "■ 2 marked" in board.lines[0]


async def test_a_mark_holds_across_lanes(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "l", "space", "w")
        await board.tells("2 deals moved to Acquired")
    assert [full.deal(number).outcome for number in (1, 4)] == [Outcome.WON, Outcome.WON]


async def test_marked_deals_are_asked_about_wherever_the_cursor_stands(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("space", "space", "l", "m", "2")
        await board.opens("MoveDialog")
        await board.press("1", "enter")
        await board.until(lambda: full.deal(2).stage == "acquisition")
    assert full.deal(1).detail == "call"


async def test_marked_deals_are_moved_from_an_empty_lane_as_well(full: Shop, show: Show) -> None:
    full.move(4, "acquired")
    async with show() as board:
        await board.press("space", "l", "w")
        await board.until(lambda: full.deal(1).outcome is Outcome.WON)


class TestAStageThatDemandsAnAmount:
    @pytest.fixture
    def pipeline(self) -> Pipeline:
        """Give a pipeline whose second stage wants an amount."""
        plain = small_pipeline()
        stages = list(plain.stages)
        stages[1] = replace(stages[1], demands=("detail", "amount"))
        return replace(plain, stages=tuple(stages))

    async def test_all_are_refused_when_one_lacks_something(self, shop: Shop, show: Show) -> None:
        for title, amount in (("Rich", 100_000), ("Poor", None), ("Richer", 200_000)):
            shop.add(title, amount=amount)
        before = shop.rows()
        async with show() as board:
            await board.press("space", "space", "space", "m", "2", "1", "enter")
            await board.until(lambda: bool(board.told) or board.dialog == "MoveDialog")
            assert shop.rows() == before
            assert "amount" in board.told + board.text

    async def test_what_is_missing_is_asked_for_when_the_deal_itself_lacks_it(self, shop: Shop, show: Show) -> None:
        shop.add("Poor")
        async with show() as board:
            await board.press("L", "1")
            await board.opens("MoveDialog")
            assert "amount" in board.text
            await board.press("tab")
            await board.type("1500")
            await board.press("enter")
            await board.until(lambda: shop.deal(1).amount == 150_000)
        assert (shop.deal(1).stage, shop.deal(1).version) == ("acquisition", 2)


class TestADealThatSomebodyElseHasChanged:
    async def test_a_move_is_refused_with_who_did_what_and_then_shown_anew(self, full: Shop, show: Show) -> None:
        async with show() as board:
            await board.press("L")
            await board.opens("MoveDialog")
            full.move(1, "acquisition", detail="meeting")
            await board.press("1", "enter")
            await board.tells("deal 1 was changed meanwhile: ana moved it to acquisition at 10:30 on 21 Nov")
            await board.shows("In acquisition 2")
        assert (full.deal(1).detail, full.deal(1).version) == ("meeting", 2)

    async def test_an_edit_is_refused(self, full: Shop, show: Show) -> None:
        async with show() as board:
            await board.press("e")
            await board.opens("DealForm")
            full.move(1, "acquired")
            await board.type("!")
            await board.press("ctrl+s")
            await board.tells("deal 1 was changed meanwhile")
        assert full.deal(1).title == "Northwind rollout"

    async def test_a_marked_one_refuses_all(self, full: Shop, show: Show) -> None:
        async with show() as board:
            await board.press("space", "space")
            full.move(1, "acquisition", detail="meeting")
            await board.shows("In acquisition 2")
            await board.press("w")
            await board.tells("deal 1 was changed meanwhile")
        assert full.deal(2).is_open


class TestARep:
    async def test_he_sees_his_own_deals_and_totals_only(self, full: Shop, show: Show) -> None:
        full.rep("ben")
        full.add("Bens own", owner="ben", amount=50_000)
        async with show(user="ben") as board:
            assert "Bens own" in board.text
            assert "mine · 1 open · €500" in board.lines[0]
            assert "1 in" in board.text
            for title in ("Northwind", "Hooli", "Globex", "Initech", "Umbrella"):
                assert title not in board.text

    async def test_a_deal_given_away_leaves_his_board(self, full: Shop, show: Show) -> None:
        full.rep("ben")
        full.add("Bens own", owner="ben")
        async with show(user="ben") as board:
            from funneltui.services import deals

            deals.edit(full.context, 8, {"owner": "ana"})
            await board.shows("There are no deals yet.", 1.5)


@pytest.mark.parametrize("text", ["-", ",", "hot -hot"])
async def test_tags_that_cannot_be_read_are_refused_where_they_are_typed(full: Shop, show: Show, text: str) -> None:
    before = full.rows()
    async with show() as board:
        await board.press("number_sign")
        await board.opens("WordsDialog")
        await board.type(text)
        await board.press("enter")
        await board.shows("tags: ")
        assert board.dialog == "WordsDialog"
    assert full.rows() == before
