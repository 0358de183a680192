"""What the board shows: lanes with their totals, cards with their marks, the funnel."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.services.context import Clock
from tests.conftest import NOW

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show


async def test_a_head_tells_name_number_and_sum_of_its_lane(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        heads = re.split(r"\s{2,}", board.lines[1].split("▏")[0].strip())
    assert heads == ["Waiting 3", "€15.5k", "In acquisition 1", "€8k", "Offered 1", "€40k", "Acquired 1", "€9k"]


async def test_a_sum_never_adds_another_currency_but_says_that_it_is_there(shop: Shop, show: Show) -> None:
    shop.add("Northwind", amount=500_000)
    shop.add("Hooli", amount=900_000, currency="USD")
    async with show() as board:
        assert "Waiting 2  €5k+" in re.sub(r" {3,}", "  ", board.lines[1])
        assert board.text.count("$9") == 1


async def test_a_card_shows_title_amount_company_and_day(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        card = [line[:38].rstrip() for line in board.lines[3:5]]
    assert card[0].startswith("▌Northwind rollout")
    assert card[0].endswith("!")
    assert card[1].split() == ["▌€12,500", "Acme", "18", "Nov"]


async def test_a_card_prefers_the_detail_to_the_company(shop: Shop, show: Show) -> None:
    shop.add("Globex", "acquisition", detail="meeting", company="Acme")
    async with show((200, 50)) as board:
        await board.shows("after call - meeting")
        assert "Acme" not in board.text


@pytest.mark.parametrize(
    ("mark", "values"),
    [
        ("!", {"follow_up": date(2026, 11, 20)}),
        ("!", {"expected_close": date(2026, 11, 20)}),
        ("•", {"follow_up": date(2026, 11, 21)}),
        ("?", {}),
        ("", {"follow_up": date(2026, 12, 1)}),
    ],
)
async def test_a_mark_says_how_a_deal_stands(shop: Shop, show: Show, mark: str, values: dict[str, Any]) -> None:
    shop.add("Northwind", **values)
    async with show() as board:
        assert board.lines[3][:22].split()[1:] == [mark][: len(mark)]


async def test_a_deal_that_nobody_touched_for_too_long_is_rotting(shop: Shop, show: Show) -> None:
    now = shop.context
    shop.context = replace(now, clock=Clock(now.clock.zone, NOW - timedelta(days=15)))
    shop.add("Northwind")
    async with show() as board:
        assert board.lines[3][:22].split() == ["▌Northwind", "~"]


async def test_at_120x36_a_lane_holds_fourteen_cards_and_tells_of_the_others(shop: Shop, show: Show) -> None:
    for number in range(20):
        shop.add(f"Deal {number:02}")
    async with show((120, 36)) as board:
        shown = [line for line in board.lines if re.match(r"[▌ ]Deal \d\d", line)]
        assert len(shown) >= 14
        await board.shows(f"{20 - len(shown)} more ↓")


async def test_c_makes_cards_of_one_line_and_back(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("c")
        assert [line[1:10].strip() for line in board.lines[3:6]] == ["Northwind", "Hooli pil", "Soylent o"]
        assert "€3,000" in board.lines[4]
        await board.press("c")
        assert board.lines[5][1:12] == "Hooli pilot"


async def test_o_shows_the_lane_of_lost_deals_and_hides_it_again(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        assert "Vandelay" not in board.text
        await board.press("o")
        await board.shows("Vandelay import")
        assert "Resigned 1" in board.lines[1]
        await board.press("o")
        await board.until(lambda: "Vandelay" not in board.text)


@pytest.mark.parametrize("keys", [(), ("o",), ("t",), ("f",), ("c", "o"), ("s", "o")])
async def test_the_reason_of_a_loss_is_nowhere_on_the_board(full: Shop, show: Show, keys: tuple[str, ...]) -> None:
    async with show((300, 50)) as board:
        await board.press(*keys)
        await board.until(lambda: "o" not in keys or "Vandelay" in board.text)
        for word in ("too expensive", "price", "two cents"):
            assert word not in board.text


async def test_the_reason_of_a_loss_is_told_in_the_opened_deal(full: Shop, show: Show) -> None:
    async with show((200, 50)) as board:
        await board.press("o")
        await board.shows("Vandelay")
        await board.press("l", "l", "l", "l")
        await board.until(lambda: board.under_cursor == "Vandelay import")
        await board.press("enter")
        await board.opens("OpenedDeal")
        assert re.search(r"rejection reason +too expensive", board.text)
        assert re.search(r"note on the reason +two cents above", board.text)


async def test_lanes_that_do_not_fit_are_one_key_away(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        assert "1›" in board.lines[1]
        assert "Acquired" not in board.text
        await board.press("l", "l", "l")
        await board.shows("Umbrella renewal")
        assert "‹1" in board.lines[1]
        assert "Waiting 3" not in board.text
        await board.press("h", "h", "h")
        await board.shows("Northwind rollout")
        assert "1›" in board.lines[1]


async def test_the_funnel_of_thirteen_deals_three_won_is_as_its_makers_drew_it(shop: Shop, show: Show) -> None:
    for number in range(13):
        deal = shop.add(f"Deal {number}")
        if number < 3:
            shop.move(deal.number, "acquired")
    async with show() as board:
        assert re.search(r"Funnel conversion +13 in", board.text)
        assert re.search(r"Waiting +13 *\n.*█+", board.text)
        await board.press("f")
        assert re.search(r"Funnel standard +10 open", board.text)
        assert re.search(r"Waiting +10 *\n.*█+", board.text)
        assert re.search(r"Won +3 *\n.*█+", board.text)


async def test_the_funnel_of_a_small_terminal_is_one_line(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        assert board.lines[-2].rstrip() == " Funnel  ▸ Waiting 7 ▸ In acquisition 3 43% ▸ Offered 2 67% ▸ Won 1 50%"
        await board.press("f")
        assert board.lines[-2].rstrip().startswith(" Funnel  ▸ Waiting 3 €15.5k ▸ In acqu")


async def test_the_funnel_follows_a_move_at_once(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await board.at_once("w")
        await board.until(lambda: board.lines[-2].rstrip().endswith("▸ Won 2 67%"))


async def test_s_orders_the_lanes_by_amount_title_age_newest_and_due_date(full: Shop, show: Show) -> None:
    full.add("Big one", amount=9_000_000)
    names = {"Northwind rollout": "N", "Hooli pilot": "H", "Soylent onboarding": "S", "Big one": "B"}
    orders = []
    async with show() as board:
        for words in ("", "amount", "title", "time in stage", "newest first", "due date"):
            if words:
                await board.press("s")
                await board.tells(f"lanes by {words}")
                await board.until(lambda: not board.screen._reading.locked())
            orders.append("".join(names[title] for title in board.titles("waiting")))
    assert orders == ["NHSB", "BNHS", "BHNS", "NHSB", "BSHN", "NHSB"]


async def test_the_sort_in_force_is_told_at_the_top(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("s")
        assert "by amount" in board.lines[0]


async def test_t_gives_the_keys_to_todays_follow_ups_and_takes_them_back(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("t", "j", "enter")
        await board.opens("OpenedDeal")
        assert "#2 Hooli pilot" in board.text
        await board.press("escape", "t", "j", "j", "enter")
        await board.opens("OpenedDeal")
        assert "#3 Soylent onboarding" in board.text


async def test_todays_follow_ups_lie_over_the_board_of_a_small_terminal(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        await board.press("t")
        await board.shows("Today 3")
        assert [word in board.text for word in ("Waiting 3", "3 d late", "Wed 25")] == [False, True, True]
        await board.press("t")
        await board.shows("Waiting 3")


async def test_todays_follow_ups_are_overdue_first_and_end_after_a_week(shop: Shop, show: Show) -> None:
    for days in (8, 7, 0, -2):
        shop.add(f"in {days} days", follow_up=date(2026, 11, 21) + timedelta(days=days))
    async with show() as board:
        assert [deal.title for deal in board.state.due.deals] == ["in -2 days", "in 0 days", "in 7 days"]
        assert "Today 3" in board.text


async def test_the_top_tells_what_is_overdue_and_due_and_who_acts(full: Shop, show: Show) -> None:
    async with show() as board:
        for words in ("Sales", "5 open", "€63.5k", "! 1 overdue", "• 1 today", "ana", "Sat 21 Nov"):
            assert words in board.lines[0]
