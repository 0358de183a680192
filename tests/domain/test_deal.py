"""A deal's due date and the mark on its card."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.deal import Deal, Mark, Outcome, is_rotting, mark_of
from funneltui.domain.pipeline import Stage

TODAY = date(2026, 11, 21)
MOMENT = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = TODAY + timedelta(days=30)
STAGE = Stage("waiting", "Waiting", rot_days=14)
NEVER = Stage("idle", "Idle", rot_days=0)


def a_deal(**changes: object) -> Deal:
    plain = Deal(1, "Deal", "sales", "waiting", "web", LATER, MOMENT, MOMENT, MOMENT, "EUR")
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_an_open_deal_is_due_on_its_expected_close() -> None:
    assert a_deal().due == LATER


def test_a_follow_up_goes_before_the_expected_close() -> None:
    assert a_deal(follow_up=TODAY).due == TODAY


def test_a_won_deal_is_due_only_for_its_follow_up() -> None:
    assert a_deal(outcome=Outcome.WON).due is None
    assert a_deal(outcome=Outcome.WON, follow_up=TODAY).due == TODAY


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.SPAM])
def test_a_lost_deal_and_spam_are_never_due(outcome: Outcome) -> None:
    assert a_deal(outcome=outcome, follow_up=TODAY).due is None


def test_a_deal_rots_when_the_days_since_its_last_touch_exceed_the_limit() -> None:
    assert not is_rotting(a_deal(), STAGE, TODAY - timedelta(days=14), TODAY)
    assert is_rotting(a_deal(), STAGE, TODAY - timedelta(days=15), TODAY)


def test_a_stage_without_a_limit_never_rots() -> None:
    assert not is_rotting(a_deal(), NEVER, TODAY - timedelta(days=9999), TODAY)


def test_a_follow_up_in_the_future_pauses_the_rot() -> None:
    old = TODAY - timedelta(days=100)
    assert not is_rotting(a_deal(follow_up=TODAY + timedelta(days=1)), STAGE, old, TODAY)
    assert is_rotting(a_deal(follow_up=TODAY), STAGE, old, TODAY)


@pytest.mark.parametrize("outcome", [Outcome.WON, Outcome.LOST, Outcome.SPAM])
def test_what_is_no_longer_open_never_rots(outcome: Outcome) -> None:
    assert not is_rotting(a_deal(outcome=outcome), STAGE, TODAY - timedelta(days=100), TODAY)


@pytest.mark.parametrize(
    ("changes", "touched_days", "mark"),
    [
        ({"expected_close": TODAY - timedelta(days=1)}, 0, Mark.OVERDUE),
        ({"follow_up": TODAY - timedelta(days=1)}, 100, Mark.OVERDUE),
        ({"follow_up": TODAY}, 100, Mark.TODAY),
        ({"expected_close": TODAY}, 0, Mark.TODAY),
        ({}, 100, Mark.ROTTING),
        ({}, 0, Mark.NO_NEXT_STEP),
        ({"follow_up": TODAY + timedelta(days=1)}, 100, Mark.NONE),
        ({"outcome": Outcome.WON}, 100, Mark.NONE),
        ({"outcome": Outcome.WON, "follow_up": TODAY}, 100, Mark.TODAY),
        ({"outcome": Outcome.LOST}, 100, Mark.NONE),
    ],
)
def test_a_card_shows_the_mark_that_matters_most(changes: dict[str, object], touched_days: int, mark: Mark) -> None:
    assert mark_of(a_deal(**changes), STAGE, TODAY - timedelta(days=touched_days), TODAY) is mark


def test_marks_differ_without_colour() -> None:
    assert len({mark.value for mark in Mark}) == len(Mark)


@settings(deadline=None)
@given(
    st.sampled_from(Outcome),
    st.none() | st.integers(-50, 50),
    st.integers(-50, 50),
    st.integers(0, 60),
    st.sampled_from([STAGE, NEVER]),
)
def test_a_mark_says_what_its_rule_says(
    outcome: Outcome, follow_up: int | None, close: int, touched: int, stage: Stage
) -> None:
    deal = a_deal(
        outcome=outcome,
        expected_close=TODAY + timedelta(days=close),
        follow_up=None if follow_up is None else TODAY + timedelta(days=follow_up),
    )
    mark = mark_of(deal, stage, TODAY - timedelta(days=touched), TODAY)
    assert (mark is Mark.OVERDUE) == (deal.due is not None and deal.due < TODAY)
    assert (mark is Mark.TODAY) == (deal.due == TODAY)
    if mark is Mark.ROTTING:
        assert deal.is_open
        assert touched > stage.rot_days > 0
    if mark is Mark.NO_NEXT_STEP:
        assert deal.is_open
        assert deal.follow_up is None


def test_a_deal_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        a_deal().title = "other"  # type: ignore[misc]
