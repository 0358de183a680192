"""The forecast by key: periods, owners, quotas set and revised, what if, and the very deals behind every figure."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from funneltui.domain.periods import Span, period_of
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import forecasts, pipelines, quotas
from funneltui.tui.screens.forecast import ForecastScreen
from tests.conftest import small_pipeline
from tests.tui.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Board, Shop, Show

QUARTER = period_of(TODAY, Span.QUARTER, 1)


@asynccontextmanager
async def forecast_of(show: Show) -> AsyncIterator[tuple[Board, ForecastScreen]]:
    """Show the forecast over the board."""
    async with show() as board:
        await board.press("5")
        await board.opens("ForecastScreen")
        screen = cast("ForecastScreen", board.app.screen)
        await board.until(lambda: screen.read_at() is not None)
        yield board, screen


async def to_deal(board: Board, screen: ForecastScreen, number: int) -> None:
    """Put the cursor on a deal that is expected to close."""
    await board.press("g")
    while not (screen._page.figure and screen._page.figure.deal == number):
        await board.press("j")


async def test_five_shows_the_present_quarter_and_brackets_step(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        assert "2026 Q4" in board.lines[0]
        await board.press("right_square_bracket")
        await board.until(lambda: "2027 Q1" in board.lines[0])
        await board.press("p", "p")
        await board.until(lambda: screen.period.label == "2026-11")


async def test_a_quota_is_set_and_revised_and_both_are_told(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        for typed in ("100k", "80k"):
            await board.press("Q")
            await board.opens("WordsDialog")
            await board.type(typed)
            await board.press("enter")
            await board.until(lambda typed=typed: typed.upper().replace("K", "k") in board.text)
        while not (screen._page.figure and screen._page.figure.key == "period 2026 Q4 quota"):
            await board.press("h")
        await board.shows("€80,000, revised from €100,000; set by ana")
    assert len(quotas.history(history.context)) == 2


async def test_none_takes_a_quota_back_and_is_no_mistake(history: Shop, show: Show) -> None:
    quotas.set_quota(history.context, "team", QUARTER, 2_000_000, "EUR")
    async with forecast_of(show) as (board, _):
        await board.press("Q")
        await board.opens("WordsDialog")
        await board.type("none")
        assert "can't read" not in board.text
        await board.press("enter")
        await board.shows("no quota is set")


async def test_what_is_no_currency_stays_to_be_mended(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        await board.press("$")
        await board.opens("WordsDialog")
        await board.type("xqq")
        await board.press("enter")
        await board.shows('"XQQ" is no currency')
        assert board.dialog == "WordsDialog"
        await board.press("backspace", "backspace", "backspace", *"usd", "enter")
        await board.until(lambda: screen.currency == "USD")


async def test_a_quota_set_for_all_pipelines_is_there_and_revised_here_while_there_is_one(
    history: Shop, show: Show
) -> None:
    quotas.set_quota(history.context, "team", QUARTER, 2_000_000, "EUR")
    async with forecast_of(show) as (board, _):
        await board.shows("20k")
        assert "no quota is set" not in board.text
        await board.press("Q")
        await board.opens("WordsDialog")
        await board.type("30k")
        await board.press("enter")
        await board.shows("30k")
    asked = forecasts.Asked((QUARTER,), "EUR")
    assert forecasts.forecast_of(history.context, asked).total.quota == 3_000_000


async def test_one_of_several_pipelines_says_that_a_quota_is_set_for_all_of_them(history: Shop, show: Show) -> None:
    pipelines.add_pipeline(history.context, replace(small_pipeline(), key="renewals", name="Renewals"), to_toml)
    quotas.set_quota(history.context, "team", QUARTER, 2_000_000, "EUR")
    async with forecast_of(show) as (board, _):
        await board.shows("a quota is set for all pipelines:  a tells them together")
        await board.press("a")
        await board.until(lambda: "a quota is set for all pipelines" not in board.text)
        assert "20k" in board.text


async def test_a_quota_is_of_the_owner_whose_line_the_cursor_is_on(history: Shop, show: Show) -> None:
    history.rep("Bor Zupan")
    history.add("Big", owner="Bor Zupan", amount=100_000)
    history.add("Loose", owner=None)
    async with forecast_of(show) as (board, screen):
        screen._page.go_to(lambda figure: figure.key == "owner Bor Zupan open")
        await board.press("Q")
        await board.opens("WordsDialog")
        assert "Bor Zupan, 2026 Q4" in board.text
        await board.press("escape")
        await board.opens("ForecastScreen")
        screen._page.go_to(lambda figure: figure.key == "owner  open")
        await board.press("Q")
        await board.tells("nobody has no quota")


async def test_enter_says_why_the_deals_of_several_pipelines_are_in_no_list(history: Shop, show: Show) -> None:
    pipelines.add_pipeline(history.context, replace(small_pipeline(), key="renewals", name="Renewals"), to_toml)
    async with forecast_of(show) as (board, _):
        await board.press("a", "g", "enter")
        await board.tells("a list is of one")


async def test_what_is_supposed_moves_the_figures_and_is_not_stored(history: Shop, show: Show) -> None:
    before = history.rows()
    async with forecast_of(show) as (board, screen):
        await to_deal(board, screen, 1)
        await board.press("w")
        await board.opens("WhatIfDialog")
        await board.press("tab", "tab")
        await board.type("100")
        await board.press("enter")
        await board.shows("what if: 1 deal supposed")
        assert "weighted +€11,250" in board.text
        await board.press("X")
        await board.until(lambda: "what if:" not in board.text)
    assert history.rows() == before


async def test_what_is_supposed_is_kept_as_one_change(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        await to_deal(board, screen, 1)
        screen.supposed[2] = (history.deal(2), history.deal(2))
        await board.press("w")
        await board.opens("WhatIfDialog")
        await board.press("tab", "tab")
        await board.type("70")
        await board.press("enter")
        await board.shows("what if:")
        await board.press("K")
        await board.tells("kept")
        await board.until(lambda: history.deal(1).probability == 70)
        assert history.deal(1).expected_close == date(2026, 12, 15)
        await board.press("u")
        await board.until(lambda: history.deal(1).probability is None)


async def test_escape_drops_what_is_supposed_before_it_leaves(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        screen.supposed[2] = (history.deal(2), history.deal(2))
        await board.press("escape")
        await board.tells("dropped")
        assert not screen.supposed
        await board.press("escape")
        await board.opens("")


async def test_a_rep_sees_his_own_forecast_and_sets_no_quota(history: Shop, show: Show) -> None:
    history.rep("bo")
    async with show(user="bo") as board:
        await board.press("5")
        await board.opens("ForecastScreen")
        screen = cast("ForecastScreen", board.app.screen)
        await board.until(lambda: screen.read_at() is not None)
        assert "by owner" not in board.text
        await board.press("Q")
        await board.opens("WordsDialog")
        await board.type("1k")
        await board.press("enter")
        await board.tells("only a manager")


async def test_w_goes_to_the_first_deal_that_something_can_be_supposed_of(history: Shop, show: Show) -> None:
    async with forecast_of(show) as (board, screen):
        await board.press("g", "w")
        await board.opens("WhatIfDialog")
        await board.press("escape")
        await board.opens("ForecastScreen")
        assert screen._page.figure is not None
        assert screen._page.figure.deal
