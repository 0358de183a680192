"""`chance`: the estimate with its work, the open deals by their chances, and how good past estimates were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

KEYS = ["number", "probability", "own", "estimate", "base", "n", "n_stage", "terms"]
BACKTEST_KEYS = ["date", "n_train", "n_test", "log_loss", "prior_log_loss", "brier", "auc", "calibration"]


@pytest.fixture
def history(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a workspace in which twelve deals were won and twelve lost."""
    numbers = [deal() for _ in range(24)]
    for number in numbers[:12]:
        shop.ok("win", str(number))
    shop.ok("lose", *map(str, numbers[12:]), "--reason", "price")
    return shop


def test_a_chance_has_exactly_its_fields(history: Shop, deal: Callable[..., int]) -> None:
    number = deal()
    found = history.ok("chance", str(number), "--json").json
    assert list(found) == KEYS
    assert (found["number"], found["probability"], found["base"], found["n"]) == (number, 0.5, 0.5, 24)
    assert found["terms"] == []


def test_a_chance_that_nobody_can_tell_is_null_and_says_why(shop: Shop, deal: Callable[..., int]) -> None:
    found = shop.ok("chance", str(deal()), "--json").json
    assert list(found) == [*KEYS, "why"]
    assert (found["probability"], found["base"], found["n"]) == (None, None, 0)
    assert "from 20 on" in found["why"]


def test_an_own_probability_overrides_and_the_estimate_stands_beside_it(
    history: Shop, deal: Callable[..., int]
) -> None:
    found = history.ok("chance", str(deal("Northwind", "--probability", "80")), "--json").json
    assert (found["probability"], found["own"], found["estimate"]) == (0.8, 0.8, 0.5)


def test_a_backtest_has_exactly_its_fields(history: Shop) -> None:
    found = history.ok("chance", "--backtest", "2026-11-21", "--json").json
    assert list(found) == [*BACKTEST_KEYS, "why"]
    assert (found["n_train"], found["n_test"], found["log_loss"], found["calibration"]) == (0, 0, None, [])


def test_all_open_deals_come_with_the_best_chance_first(history: Shop, deal: Callable[..., int]) -> None:
    plain, sure, hopeless = deal(), deal("Sure", "--probability", "95"), deal("Hopeless", "--probability", "5")
    assert [row[0] for row in history.ok("chance").rows] == [str(sure), str(plain), str(hopeless)]
    assert [one["number"] for one in history.ok("chance", "--json").json] == [sure, plain, hopeless]
    assert [row[0] for row in history.ok("chance", "--limit", "1").rows] == [str(sure)]


def test_on_a_terminal_it_shows_its_work_in_eighty_columns(
    history: Shop, deal: Callable[..., int], terminal: Callable[[int], None]
) -> None:
    number = deal("Northwind", "--probability", "80")
    terminal(80)
    lines = history.ok("chance", str(number)).out.splitlines()
    assert lines[:2] == [f"deal {number}  Northwind", "chance to win 80%, its own; estimated 50%"]
    assert "Waiting" in lines[3]
    assert "stage's rate" in lines[3]
    assert lines[4] == "learned from 24 closed deals of Sales, 12 of them won"
    printed = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join([*lines, history.ok("chance").out]))
    assert all(len(line) <= 80 for line in printed.splitlines())


def test_a_number_stands_alone(history: Shop) -> None:
    assert history("chance", "1", "--backtest", "yesterday").status == 2
    assert history("chance", "99").status == 1


def test_a_day_that_is_still_to_come_cannot_be_judged(history: Shop) -> None:
    done = history("chance", "--backtest", "2027-01-01")
    assert (done.status, "still to come" in done.err) == (1, True)


def test_the_list_stands_in_the_order_of_the_chance_to_win(shop: Shop) -> None:
    for title, percent in (("low", "10"), ("high", "90"), ("middle", "50")):
        shop.ok("add", title, "--source", "web", "--close", "+30d", "--probability", percent)
    shop.ok("add", "won by now", "--source", "web", "--close", "+30d")
    shop.ok("win", "4")
    assert [deal["title"] for deal in shop.ok("list", "--sort", "-chance", "--json").json] == ["high", "middle", "low"]
    assert [deal["title"] for deal in shop.ok("list", "--sort", "chance", "--limit", "1", "--json").json] == ["low"]
    assert [deal["title"] for deal in shop.ok("list", "d", "--sort", "-chance", "--json").json] == ["middle"]
