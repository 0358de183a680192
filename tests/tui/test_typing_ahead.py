"""Keys that a slow line brings in one packet: each reaches the field that it is meant for, and none is lost."""

from __future__ import annotations

import os
import random
import threading
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.services import deals
from funneltui.storage.database import close
from tests.conftest import small_pipeline
from tests.tui.conftest import Shop, filled, showing

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Clock
    from tests.tui.conftest import Show


@pytest.mark.parametrize("on", ["tab", "enter", "down"])
async def test_a_new_deal_typed_without_any_pause_is_whole(shop: Shop, show: Show, on: str) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.at_once(*"Northwind", on, *"Acme", *[on] * 5, *"web", on, *"fri", "ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
    deal = shop.deal(1)
    assert (deal.title, deal.company, deal.source) == ("Northwind", "Acme", "web")


async def test_going_back_a_field_without_any_pause_goes_back(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.at_once(*"North", "tab", *"Acme", "shift+tab", *"wind")
        await board.until(lambda: [one.value for one in board.app.screen.query("Input")][:2] == ["Northwind", "Acme"])


async def test_a_note_begun_without_picking_has_its_first_letter(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("i")
        await board.opens("ActivityDialog")
        await board.press(*"asked", "enter")
        await board.until(lambda: full.deal(1).version == 2)
    assert deals.show(full.context, 1).events[-1].data["note"] == "asked"


async def test_a_deal_is_worked_from_its_adding_to_its_loss_without_any_pause(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.at_once(
            *"nNorthwind", *["tab"] * 6, *"web", "tab", *"fri", "ctrl+s", *"L1", "enter", *"d1", *"iasked", "enter",
            *"L2", "enter", *"w", *"x1", "enter", "u",
        )  # fmt: skip
        await board.until(lambda: shop.count("event") == 8)
    events = deals.show(shop.context, 1).events
    assert " ".join(one.kind for one in events) == "created moved edited noted moved won lost undone"
    assert events[3].data["note"] == "asked"
    assert (shop.deal(1).title, shop.deal(1).source, shop.deal(1).outcome) == ("Northwind", "web", Outcome.WON)


async def test_keys_for_a_list_that_is_still_read_move_in_it(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.at_once("v", "j", "j", "enter")
        await board.opens("OpenedDeal")
        first, second = board.app.screen_stack[-2:]
        assert (first.place, second.deal.number) == (2, first.deal.number)


async def test_a_change_that_follows_one_of_ones_own_at_once_is_no_conflict(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.at_once(*"d1d2d3", *"#hot", "enter", "L")
        await board.opens("MoveDialog")
        assert board.told == ""
    assert (full.deal(1).version, full.deal(1).tags) == (5, ("hot",))


async def test_what_is_typed_while_a_change_waits_for_the_storage_waits_too(full: Shop, show: Show) -> None:
    go_on = threading.Event()
    async with show() as board:
        board.app.worker._pool.submit(go_on.wait)
        await board.at_once(*"d1", "L")
        assert board.dialog == ""
        go_on.set()
        await board.opens("MoveDialog")
    assert full.deal(1).version == 2


async def test_the_key_that_leaves_from_anywhere_waits_for_nothing(full: Shop, show: Show) -> None:
    go_on = threading.Event()
    async with show() as board:
        board.app.worker._pool.submit(go_on.wait)
        await board.at_once(*"d1", "j", "ctrl+q")
        assert not board.app.is_running or board.app._exit
        go_on.set()


KEYS = (
    *"jklhLHwdmuUiGg123tvxp8CDno#/", "enter", "enter", "escape", "escape", "tab", "space", "ctrl+s",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(int(os.environ.get("FUNNELTUI_TYPED", "3"))))
async def test_keys_without_any_pause_do_what_they_do_one_by_one(tmp_path: Path, clock: Clock, seed: int) -> None:
    keys = random.Random(seed).choices(KEYS, k=40)
    left = []
    for packets in ([[key] for key in keys], [keys]):
        shop = filled(Shop(tmp_path / f"{len(packets)}.db", clock, small_pipeline()))
        async with showing(shop, clock)() as board:
            for packet in packets:
                await board.at_once(*packet)
            left.append((shop.rows(), type(board.app.screen).__name__, board.text))
        close(shop.context.database)
    assert left[0] == left[1], keys


async def test_leaving_waits_for_no_action_that_waits_for_the_storage(full: Shop, show: Show) -> None:
    go_on = threading.Event()
    async with show() as board:
        board.app.worker._pool.submit(go_on.wait)
        await board.at_once("enter", "ctrl+q")
        await board.until(lambda: not board.app.is_running)
        go_on.set()


@pytest.mark.parametrize("keys", [("4", "f", "enter"), ("5", "p", "enter"), ("6", "enter")])
async def test_a_figure_that_is_opened_at_once_is_the_one_that_is_read(
    full: Shop, show: Show, keys: tuple[str, ...]
) -> None:
    seen = []
    for packets in ([[key] for key in keys], [list(keys)]):
        async with show() as board:
            for packet in packets:
                await board.at_once(*packet)
            seen.append((type(board.app.screen).__name__, board.text))
    assert seen[0] == seen[1]
    assert seen[0][0] == "ListScreen"


async def test_letters_go_into_their_field_while_the_storage_is_busy(full: Shop, show: Show) -> None:
    go_on = threading.Event()
    async with show() as board:
        await board.at_once("/", "n")
        board.app.worker._pool.submit(go_on.wait)
        await board.at_once(*"orth")
        assert board.app.focused.value == "north"
        go_on.set()
