"""The chance to win from a pipeline's history."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.chance import LEAST_CLOSED, stage_probability
from funneltui.domain.funnel import probability_of
from funneltui.domain.pipeline import Stage

STAGE = Stage("offer", "Offer", probability=35)


@st.composite
def closed_deals(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Give a stage's won and lost among a pipeline's won and lost."""
    all_won, all_lost = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    return draw(st.integers(0, all_won)), draw(st.integers(0, all_lost)), all_won, all_lost


def test_it_is_silent_under_twenty_closed_deals() -> None:
    assert stage_probability(10, 9, 10, 9) is None


def test_it_speaks_from_twenty_closed_deals_on() -> None:
    assert LEAST_CLOSED == 20
    assert stage_probability(10, 10, 10, 10) == 0.5


def test_a_stage_that_nobody_closed_from_has_the_pipelines_rate() -> None:
    assert stage_probability(0, 0, 15, 45) == 0.25


@settings(deadline=None)
@given(closed_deals())
def test_it_lies_between_the_stages_own_rate_and_the_pipelines(deals: tuple[int, int, int, int]) -> None:
    won, lost, all_won, all_lost = deals
    chance = stage_probability(won, lost, all_won, all_lost)
    if all_won + all_lost < 20:
        assert chance is None
        return
    assert chance is not None
    whole = all_won / (all_won + all_lost)
    own = won / (won + lost) if won + lost else whole
    assert min(own, whole) - 1e-9 <= chance <= max(own, whole) + 1e-9


@settings(deadline=None)
@given(closed_deals())
def test_the_more_deals_a_stage_has_the_closer_it_stays_to_its_own_rate(deals: tuple[int, int, int, int]) -> None:
    won, lost, all_won, all_lost = deals
    if won + lost == 0 or all_won + all_lost < 20:
        return
    own = won / (won + lost)
    few = stage_probability(won, lost, all_won, all_lost)
    many = stage_probability(won * 10, lost * 10, all_won, all_lost)
    assert few is not None
    assert many is not None
    assert abs(many - own) <= abs(few - own) + 1e-9


@pytest.mark.parametrize(("won", "lost", "chance"), [(20, 0, 1.0), (0, 20, 0.0)])
def test_history_goes_before_the_configured_default(won: int, lost: int, chance: float) -> None:
    assert probability_of(STAGE, won, lost, won, lost) == chance


def test_without_history_the_configured_default_stands() -> None:
    assert probability_of(STAGE, 1, 1, 1, 1) == 0.35


def test_without_either_there_is_none() -> None:
    assert probability_of(Stage("x", "X"), 1, 1, 1, 1) is None


def test_a_configured_default_of_nought_is_not_none() -> None:
    assert probability_of(Stage("x", "X", probability=0), 0, 0, 0, 0) == 0.0
