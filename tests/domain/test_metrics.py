"""The figures, one by one: rates, sizes, cycles, times, velocity."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.deal import Outcome
from funneltui.domain.figure_sums import By, Sums, of_facts
from funneltui.domain.metrics import (
    ALWAYS,
    DAY,
    Fact,
    Spread,
    Stay,
    Window,
    cycle,
    deal_size,
    metrics,
    spread,
    spread_of,
    time_in_stages,
    velocity,
    win_rate,
    win_rates,
)
from tests.conftest import small_pipeline

TODAY = date(2026, 11, 21)
PIPELINE = small_pipeline()


def fact(number: int = 1, outcome: Outcome = Outcome.OPEN, **given_: Any) -> Fact:
    values: dict[str, Any] = {
        "stage": {"open": "waiting", "won": "acquired", "lost": "resigned"}[outcome.value], "reach": "waiting",
        "currency": "EUR", "amount": 100, "probability": None, "created": TODAY - timedelta(days=10),
        "closed_on": None if outcome is Outcome.OPEN else TODAY, "entered": TODAY - timedelta(days=4), "owner": "ana",
        "source": "web", "reason": None, "rots": False,
    }  # fmt: skip
    return Fact(number, outcome, **(values | given_))


def sums(facts: list[Fact], stays: list[Stay] | None = None, window: Window = ALWAYS) -> Sums:
    """Give the sums of some deals; a number stands for one deal, whatever else is said of it."""
    return of_facts(facts, stays or [], window, None).together()


WON, LOST = fact(outcome=Outcome.WON), fact(outcome=Outcome.LOST)


def test_nothing_has_no_mean_and_no_median() -> None:
    assert spread([]) == Spread(None, None, 0)


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    assert spread([4, 1, 3, 10]) == Spread(Fraction(18, 4), Fraction(7, 2), 4)


@given(st.lists(st.integers(0, 10**15), min_size=1))
def test_a_median_has_as_many_below_as_above(values: list[int]) -> None:
    middle = spread(values).median
    assert middle is not None
    assert sum(value < middle for value in values) <= len(values) // 2
    assert sum(value > middle for value in values) <= len(values) // 2


@given(st.lists(st.integers(-50, 50)))
def test_numbers_that_are_counted_have_the_mean_and_the_median_of_all_of_them(values: list[int]) -> None:
    assert spread_of(Counter(values)) == spread(values)


def test_a_win_rate_is_won_of_all_that_closed() -> None:
    assert win_rate(1, 2) == Fraction(1, 3)
    assert win_rate(0, 0) is None


def test_both_win_rates_say_of_how_many() -> None:
    closed, created = sums([WON, LOST, LOST]), sums([WON, fact(), fact(), LOST])
    rate = win_rates(closed.ended, created.created)
    assert (rate.of_closed, rate.n_closed, rate.of_created, rate.n_created) == (1 / 3, 3, 0.25, 4)


def test_no_rate_is_told_of_no_deals() -> None:
    rate = win_rates([], [])
    assert (rate.of_closed, rate.of_created) == (None, None)


def test_a_cycle_is_the_days_from_created_to_closed_and_never_less_than_none() -> None:
    early = LOST._replace(closed_on=TODAY - timedelta(days=11))
    found = cycle(sums([WON, early]).ended)
    assert (found.won.mean, found.lost.mean, found.closed.mean, found.closed.n) == (10, 0, 5, 2)


def test_a_deal_size_counts_won_amounts_of_one_currency_that_are_known() -> None:
    some = [WON, WON._replace(amount=300), WON._replace(amount=None), WON._replace(currency="USD"), LOST]
    assert deal_size(sums(some).won, "EUR") == Spread(Fraction(200), Fraction(200), 2)


def test_velocity_is_what_is_won_a_day() -> None:
    assert velocity(10, Fraction(5_000), Fraction(1, 4), Fraction(50)) == 250


def test_no_velocity_is_told_while_a_part_of_it_is_not_known() -> None:
    assert velocity(10, None, Fraction(1, 4), Fraction(50)) is None
    assert velocity(10, Fraction(5), None, Fraction(50)) is None
    assert velocity(10, Fraction(5), Fraction(1, 4), Fraction(0)) is None


def test_the_latest_stay_and_all_stays_of_a_deal_are_told_apart_and_those_that_go_on_beside_them() -> None:
    stays = [Stay(1, "waiting", TODAY, 2 * DAY), Stay(1, "offered", TODAY, DAY), Stay(1, "waiting", TODAY, 4 * DAY)]
    seen = sums([fact()], stays)
    found = time_in_stages(PIPELINE, seen.stays, seen.standing, TODAY)
    waiting = found["waiting"]
    assert (waiting.latest, waiting.all, waiting.now) == (Spread(Fraction(4), Fraction(4), 1), *[
        Spread(Fraction(6), Fraction(6), 1), Spread(Fraction(4), Fraction(4), 1),
    ])  # fmt: skip
    assert found["acquisition"].latest.n == 0


def test_unlike_currencies_are_counted_and_named_but_never_added_up() -> None:
    dollars = fact(2, currency="USD", amount=900)
    found = metrics(PIPELINE, sums([fact(), dollars, WON]), TODAY, "EUR")
    assert (found.open.count, found.open.amount) == (2, 100)
    assert [(code, open_.count, open_.amount) for code, (open_, _, _) in found.others.items()] == [("USD", 1, 900)]


def test_velocity_takes_only_the_open_deals_of_its_currency() -> None:
    some = sums([fact(), fact(2, currency="USD"), WON])
    assert metrics(PIPELINE, some, TODAY, "EUR").velocity == Fraction(1 * 100 * 1, 10)


def test_deals_with_several_tags_are_in_several_groups_and_once_in_the_whole() -> None:
    counted = of_facts([fact(1, tags="old big"), fact(2, tags="old"), fact(3)], [], ALWAYS, By.TAG)
    assert {key: sum(one.deals for one in part.standing) for key, part in counted.apart().items()} == {
        "old": 2, "big": 1, None: 1,
    }  # fmt: skip
    assert sum(one.deals for one in counted.together().standing) == 3


def test_a_group_has_every_stay_that_ended_in_the_period_whenever_its_deal_came_and_closed() -> None:
    spring = Window(TODAY.replace(month=3), TODAY.replace(month=5))
    long_ago = fact(1, Outcome.LOST, created=TODAY.replace(month=1))
    counted = of_facts([long_ago], [Stay(1, "waiting", TODAY.replace(month=4), DAY)], spring, By.OWNER)
    assert counted.apart()["ana"].stays == counted.together().stays != {}


def test_the_latest_of_a_deals_stays_is_the_latest_whatever_month_it_ended_in() -> None:
    before, spring = TODAY.replace(month=5), TODAY.replace(month=6)
    stays = [Stay(2, "waiting", spring, DAY), Stay(1, "waiting", before, 2 * DAY), Stay(1, "waiting", spring, 4 * DAY)]
    seen = of_facts([fact(1), fact(2)], stays, ALWAYS, By.MONTH).together()
    assert time_in_stages(PIPELINE, seen.stays, (), TODAY)["waiting"].latest.mean == Fraction(4 + 1, 2)


def test_a_window_holds_its_first_and_its_last_day() -> None:
    window = Window(TODAY - timedelta(days=1), TODAY)
    days = [TODAY + timedelta(days=by) for by in (-2, -1, 0, 1)]
    assert [day in window for day in days] == [False, True, True, False]
    assert None in ALWAYS
    assert None not in window
