"""`list` with the chance to win: as a column, as an order, in a saved view, and not of a past day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.views import FIRST_VIEW, Column
from funneltui.services import views, workspaces

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Clock
    from tests.cli.conftest import Shop

SURE, PLAIN, NEXT, WON = "25", "26", "27", "1"


@pytest.fixture
def history(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a workspace with twelve deals won, twelve lost, and three open ones, of which one has its own probability."""
    numbers = [deal() for _ in range(24)]
    for number in numbers[:12]:
        shop.ok("win", str(number))
    shop.ok("lose", *map(str, numbers[12:]), "--reason", "price")
    deal("Sure", "--probability", "80"), deal("Plain"), deal("Next")
    return shop


def test_the_chance_is_a_column_blank_for_closed_deals(history: Shop) -> None:
    rows = history.ok("list", "--columns", "number,chance").rows
    assert [row for row in rows if row[0] in (WON, SURE, PLAIN)] == [[WON, ""], [SURE, "80%"], [PLAIN, "50%"]]


def test_before_a_person_an_own_chance_says_so(history: Shop, terminal: Callable[..., None]) -> None:
    terminal()
    out = history.ok("list", "is:open", "--columns", "number,chance").out
    lines = [line.split() for line in re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines()]
    assert lines == [["#", "chance"], [SURE, "own", "80%"], [PLAIN, "50%"], [NEXT, "50%"]]


def test_by_chance_equal_deals_stand_in_the_order_of_their_numbers_either_way(history: Shop) -> None:
    assert [row[0] for row in history.ok("list", "--sort", "-chance").rows] == [SURE, PLAIN, NEXT]
    assert [row[0] for row in history.ok("list", "--sort", "chance").rows] == [PLAIN, NEXT, SURE]


def test_a_saved_view_by_chance_shows_all_its_deals_the_closed_ones_last(history: Shop, clock: Clock) -> None:
    context = workspaces.open_workspace(history.location, "ana", clock, chosen=True)
    view = FIRST_VIEW.with_columns([Column.NUMBER, Column.CHANCE]).best_first()
    views.save(context, replace(view, name="best"))
    context.database.close()
    rows = history.ok("list", "--view", "best").rows
    assert rows[:4] == [[SURE, "80%"], [PLAIN, "50%"], [NEXT, "50%"], [WON, ""]]
    assert len(rows) == 27
    assert history.ok("views").rows == [["best", "", "-chance", "", "number,chance"]]


@pytest.mark.parametrize("asked", [("--sort", "chance"), ("--columns", "number,chance")])
def test_as_of_a_past_day_there_is_no_chance_and_it_is_said(history: Shop, asked: tuple[str, str]) -> None:
    done = history("list", "--as-of", "today", *asked)
    assert (done.status, done.out) == (1, "")
    assert "there is none as of a past day" in done.err
