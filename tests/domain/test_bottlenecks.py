"""Where the trouble is: stuck deals, empty spots, inflow against closings; said in words with the numbers."""

from __future__ import annotations

from datetime import date, timedelta

from funneltui.domain.bottlenecks import crowds, empty_spots, inflow, stuck, weekly, weeks_from
from funneltui.domain.deal import Outcome
from funneltui.domain.metrics import DAY, Fact, Stay, time_in_stages
from tests.domain.test_metrics import PIPELINE, TODAY, fact, sums


def standing(**ages: list[int]) -> list[Fact]:
    """Give open deals by the stage in which they stand, each for so many days."""
    return [
        fact(number, stage=stage, entered=TODAY - timedelta(days=age))
        for stage, days in ages.items()
        for number, age in enumerate(days)
    ]


def said(some: list[Fact], stays: list[Stay]) -> str:
    left = [fact(stay.deal, Outcome.WON) for stay in stays]
    seen = sums([*some, *left], stays)
    return stuck(crowds(PIPELINE, seen.standing, time_in_stages(PIPELINE, seen.stays, seen.standing, TODAY), TODAY))


def usual(stage: str, days: int, count: int = 5) -> list[Stay]:
    return [Stay(100 + number, stage, TODAY, days * DAY) for number in range(count)]


def test_few_at_the_top_and_many_too_long_in_the_middle_are_said_with_their_numbers() -> None:
    some = standing(waiting=[1], acquisition=[2, 3], offered=[5, 21, 30, 40])
    assert said(some, usual("offered", 10)) == (
        "Few at the top: 1 in Waiting, 4 in Offered. "
        "Too long in Offered: 3 of 4 have been there over 20 d (twice the median, n 5)."
    )


def test_under_five_stays_the_limit_is_that_for_rotting() -> None:
    some = standing(waiting=[15, 20, 3])
    assert said(some, usual("waiting", 1, 4)) == (
        "Too long in Waiting: 2 of 3 have been there over 14 d (its limit for rotting)."
    )


def test_a_stage_without_a_usual_time_and_without_a_limit_keeps_nobody_too_long() -> None:
    assert said(standing(waiting=[1, 1], offered=[300]), []).startswith("Nothing is stuck")


def test_an_empty_pipeline_has_nothing_to_be_stuck() -> None:
    assert said([], []) == "No deal is open."


def test_empty_spots_are_open_stages_without_a_deal() -> None:
    some = sums(standing(waiting=[1])).standing
    assert [stage.key for stage in empty_spots(PIPELINE, some)] == ["acquisition", "offered"]


def test_weeks_run_from_monday_to_sunday_and_leave_none_out() -> None:
    sunday, monday = date(2026, 11, 15), date(2026, 11, 16)
    created = {sunday: 1, monday: 1}
    closed = {(monday, Outcome.WON): 1, (sunday, Outcome.LOST): 1}
    weeks = weekly(created, closed, date(2026, 11, 4), TODAY)
    assert weeks_from(date(2026, 11, 4), TODAY) == (date(2026, 11, 2), date(2026, 11, 22))
    assert [(week.monday.day, week.created, week.won, week.lost) for week in weeks] == [
        (2, 0, 0, 0), (9, 1, 0, 1), (16, 1, 1, 0),
    ]  # fmt: skip


def test_inflow_is_held_against_closings() -> None:
    closed = {(TODAY, Outcome.WON): 2}
    assert inflow(weekly({TODAY: 1}, closed, TODAY, TODAY)) == (
        "In 1 week 1 came in and 2 closed: new deals come in slower than deals close."
    )
    assert "as fast as" in inflow(weekly({TODAY: 2}, closed, TODAY, TODAY))
    assert inflow(weekly({}, {}, TODAY, TODAY)) == "In 1 week nothing came in and nothing closed."
    assert "faster than" in inflow(weekly({TODAY: 3}, closed, TODAY, TODAY))
