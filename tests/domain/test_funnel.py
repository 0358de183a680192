"""The funnel's figures, against a count of the visits in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Figure, Funnel, Mode, Tally, compute, weigh
from funneltui.domain.money import MAX_MINOR
from funneltui.domain.pipeline import Pipeline, Stage, StageKind

OPEN = ("qualified", "offer", "negotiation")
WON = ("won", "after_sale")
LOST = ("lost",)
PIPELINE = Pipeline(
    "simple",
    "Simple",
    "EUR",
    (
        Stage("qualified", "Qualified", probability=20),
        Stage("offer", "Offer sent", probability=50),
        Stage("negotiation", "In negotiation"),
        Stage("won", "Won", StageKind.WON),
        Stage("after_sale", "After sale", StageKind.WON),
        Stage("lost", "Lost", StageKind.LOST),
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A deal as its visits tell it: the stages entered, in order; it stands in the last one."""

    visits: tuple[str, ...]
    amount: int = 0
    probability: int | None = None
    currency: str = "EUR"
    spam: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.spam:
            return Outcome.SPAM
        if self.visits[-1] in WON:
            return Outcome.WON
        return Outcome.LOST if self.visits[-1] in LOST else Outcome.OPEN

    def reached(self, rank: int) -> bool:
        """Say by the definition's words whether the deal reached the open stage of this rank."""
        return any(stage in WON or (stage in OPEN and OPEN.index(stage) >= rank) for stage in self.visits)


def tallies_of(history: list[Told]) -> list[Tally]:
    """Tally each deal by itself, as the storage would group them."""
    return [
        Tally(
            deal.visits[-1],
            PIPELINE.furthest(deal.visits),
            deal.outcome,
            deal.currency,
            1,
            deal.amount,
            deal.amount * (deal.probability or 0),
            deal.amount if deal.probability is None else 0,
        )
        for deal in history
    ]


def entered_by(history: list[Told]) -> dict[tuple[str, Outcome], int]:
    counts: dict[tuple[str, Outcome], int] = {}
    for deal in history:
        for stage in set(deal.visits):
            counts[stage, deal.outcome] = counts.get((stage, deal.outcome), 0) + 1
    return counts


def drawn(history: list[Told], mode: Mode = Mode.CONVERSION, currency: str | None = None) -> Funnel:
    return compute(PIPELINE, tallies_of(history), mode, entered_by(history), currency)


def some(number: int, *visits: str) -> list[Told]:
    return [Told(visits)] * number


DEALS = st.builds(
    Told,
    st.lists(st.sampled_from(OPEN + WON + LOST), max_size=6).map(lambda rest: ("qualified", *rest)),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 100),
    st.sampled_from(("EUR", "USD", "JPY")),
    st.sampled_from((False, False, False, True)),
)
HISTORIES = st.lists(DEALS, max_size=60)
ENTRANCES = st.lists(
    st.builds(Told, st.lists(st.sampled_from(OPEN + WON + LOST), min_size=1, max_size=5).map(tuple)), max_size=40
)
modest = settings(max_examples=120, deadline=None)


@modest
@given(HISTORIES, st.sampled_from(Mode))
def test_reached_is_always_open_and_won_and_lost(history: list[Told], mode: Mode) -> None:
    for row in drawn(history, mode).stages:
        assert row.reached == row.open + row.won + row.lost


@modest
@given(ENTRANCES)
def test_the_conversion_funnel_never_widens_wherever_deals_entered(history: list[Told]) -> None:
    reached = [row.reached for row in drawn(history).stages]
    assert reached == sorted(reached, reverse=True)


@modest
@given(HISTORIES)
def test_the_conversion_funnel_counts_what_the_visits_tell(history: list[Told]) -> None:
    funnel = drawn(history)
    counted = [deal for deal in history if not deal.spam]
    for rank, row in enumerate(funnel.stages):
        outcomes = [deal.outcome for deal in counted if deal.reached(rank)]
        assert (row.open, row.won, row.lost) == (
            outcomes.count(Outcome.OPEN),
            outcomes.count(Outcome.WON),
            outcomes.count(Outcome.LOST),
        )


@modest
@given(HISTORIES)
def test_a_step_rate_is_the_share_that_went_on(history: list[Told]) -> None:
    rows = drawn(history).stages
    for row, following in pairwise(rows):
        assert row.step_rate == (following.reached / row.reached if row.reached else None)
    assert rows[-1].step_rate == (rows[-1].won / rows[-1].reached if rows[-1].reached else None)


@modest
@given(HISTORIES)
def test_the_overall_rate_is_won_by_those_that_reached_the_first_stage(history: list[Told]) -> None:
    funnel = drawn(history)
    counted = [deal for deal in history if not deal.spam]
    won = sum(deal.outcome is Outcome.WON for deal in counted)
    assert funnel.entered == len(counted)
    assert funnel.overall_rate == (won / len(counted) if counted else None)


@modest
@given(HISTORIES, st.sampled_from((Mode.STANDARD, Mode.CONVERSION)))
def test_all_that_is_won_has_reached_the_first_stage(history: list[Told], mode: Mode) -> None:
    funnel = drawn(history, mode)
    assert funnel.entered_won == funnel.won.count


@modest
@given(ENTRANCES)
def test_in_the_entered_mode_the_overall_rate_is_of_those_that_entered_the_first_stage(history: list[Told]) -> None:
    funnel = drawn(history, Mode.ENTERED)
    there = [deal.outcome for deal in history if PIPELINE.first.key in deal.visits and not deal.spam]
    assert (funnel.entered, funnel.entered_won) == (len(there), there.count(Outcome.WON))
    assert funnel.overall_rate == (there.count(Outcome.WON) / len(there) if there else None)


def test_deals_that_began_later_are_won_by_none_that_entered_the_first_stage() -> None:
    funnel = drawn(some(3, "negotiation", "won") + some(1, "negotiation") + some(1, "qualified"), Mode.ENTERED)
    assert (funnel.won.count, funnel.entered, funnel.entered_won, funnel.overall_rate) == (3, 1, 0, 0.0)


@modest
@given(ENTRANCES)
def test_the_entered_mode_counts_only_the_stages_really_visited(history: list[Told]) -> None:
    for row in drawn(history, Mode.ENTERED).stages:
        there = [deal.outcome for deal in history if row.stage.key in deal.visits]
        assert (row.reached, row.won) == (len(there), there.count(Outcome.WON))


@modest
@given(HISTORIES, st.sampled_from(Mode))
def test_the_standing_counts_are_the_same_in_every_mode(history: list[Told], mode: Mode) -> None:
    funnel = drawn(history, mode)
    for row in funnel.stages:
        assert row.count == sum(deal.visits[-1] == row.stage.key and not deal.spam for deal in history)
    assert funnel.won.count == sum(deal.outcome is Outcome.WON for deal in history)
    assert funnel.lost.count == sum(deal.outcome is Outcome.LOST for deal in history)


@modest
@given(HISTORIES, st.sampled_from(("EUR", "USD", "JPY")))
def test_money_is_never_added_across_currencies(history: list[Told], currency: str) -> None:
    funnel = drawn(history, Mode.STANDARD, currency)

    def total(outcome: Outcome, money: str) -> int:
        return sum(deal.amount for deal in history if deal.outcome is outcome and deal.currency == money)

    assert (funnel.open.amount, funnel.won.amount, funnel.lost.amount) == (
        total(Outcome.OPEN, currency),
        total(Outcome.WON, currency),
        total(Outcome.LOST, currency),
    )
    others = {deal.currency for deal in history if deal.outcome is Outcome.OPEN} - {currency}
    assert {money: figure.amount for money, figure in funnel.others} == {
        money: total(Outcome.OPEN, money) for money in others
    }
    won = {deal.currency for deal in history if deal.outcome is Outcome.WON} - {currency}
    assert {money: figure.amount for money, figure in funnel.won_others} == {
        money: total(Outcome.WON, money) for money in won
    }


@modest
@given(HISTORIES)
def test_grouping_the_tallies_changes_no_figure(history: list[Told]) -> None:
    grouped: dict[tuple[object, ...], Tally] = {}
    for one in tallies_of(history):
        key = (one.stage, one.reach, one.outcome, one.currency)
        known = grouped.get(key)
        grouped[key] = one if known is None else Tally(
            one.stage, one.reach, one.outcome, one.currency, known.count + 1, known.amount + one.amount,
            known.own_weighted + one.own_weighted, known.unweighted + one.unweighted,
        )  # fmt: skip
    assert compute(PIPELINE, grouped.values(), Mode.CONVERSION) == drawn(history)


def test_ten_open_and_three_won_give_thirteen_through_the_funnel() -> None:
    history = some(10, "qualified") + some(3, "qualified", "offer", "negotiation", "won")
    funnel = drawn(history, Mode.CONVERSION)
    first = funnel.stages[0]
    assert (first.reached, first.won, first.open, first.lost) == (13, 3, 10, 0)
    assert funnel.overall_rate == 3 / 13


def test_ten_open_and_three_won_stand_side_by_side_in_the_standard_funnel() -> None:
    history = (
        some(5, "qualified")
        + some(3, "qualified", "offer")
        + some(2, "qualified", "offer", "negotiation")
        + some(3, "qualified", "won")
    )
    funnel = drawn(history, Mode.STANDARD)
    assert [row.count for row in funnel.stages] == [5, 3, 2]
    assert funnel.open.count == 10
    assert funnel.won.count == 3


def test_a_deal_that_skipped_a_stage_reached_it_all_the_same() -> None:
    funnel = drawn(some(1, "qualified", "negotiation"))
    assert [row.reached for row in funnel.stages] == [1, 1, 1]


def test_a_deal_that_skipped_a_stage_did_not_enter_it() -> None:
    funnel = drawn(some(1, "qualified", "negotiation"), Mode.ENTERED)
    assert [row.reached for row in funnel.stages] == [1, 0, 1]


def test_moving_back_keeps_the_reach() -> None:
    funnel = drawn(some(1, "qualified", "negotiation", "qualified"))
    assert [row.reached for row in funnel.stages] == [1, 1, 1]
    assert [row.count for row in funnel.stages] == [1, 0, 0]


def test_a_reopened_sale_still_reached_every_stage_and_is_open() -> None:
    funnel = drawn(some(1, "qualified", "won", "offer"))
    assert [(row.reached, row.open, row.won) for row in funnel.stages] == [(1, 1, 0)] * 3


def test_every_won_stage_counts_as_won() -> None:
    funnel = drawn(some(2, "qualified", "won") + some(1, "qualified", "won", "after_sale"))
    assert funnel.won.count == 3
    assert [row.won for row in funnel.stages] == [3, 3, 3]


def test_a_loss_reaches_nothing_by_itself() -> None:
    funnel = drawn(some(1, "qualified", "lost"))
    assert [(row.reached, row.lost) for row in funnel.stages] == [(1, 1), (0, 0), (0, 0)]


@pytest.mark.parametrize("mode", list(Mode))
def test_spam_never_counts(mode: Mode) -> None:
    funnel = drawn([Told(("qualified",), 500, spam=True)], mode)
    assert (funnel.entered, funnel.open, funnel.won, funnel.lost) == (0, Figure(), Figure(), Figure())


def test_an_empty_funnel_has_no_rates() -> None:
    funnel = drawn([])
    assert funnel.overall_rate is None
    assert [row.step_rate for row in funnel.stages] == [None, None, None]


def test_a_new_stage_appears_in_the_picture() -> None:
    wider = Pipeline("wide", "Wide", "EUR", (*PIPELINE.stages[:3], Stage("signing", "Signing"), *PIPELINE.stages[3:]))
    funnel = compute(wider, tallies_of(some(1, "qualified")), Mode.CONVERSION)
    assert [row.stage.key for row in funnel.stages] == ["qualified", "offer", "negotiation", "signing"]


def test_a_stage_that_is_no_longer_known_hides_no_other() -> None:
    gone = Tally("gone", "gone", Outcome.OPEN, "EUR", 4)
    funnel = compute(PIPELINE, [gone, *tallies_of(some(2, "qualified"))], Mode.CONVERSION)
    assert funnel.stages[0].reached == 2


def test_a_deals_own_probability_weighs_before_its_stages() -> None:
    funnel = drawn([Told(("offer",), 1000, 90), Told(("offer",), 1000)], Mode.STANDARD)
    assert funnel.stages[1].weighted == 900 + 500


def test_an_own_probability_of_nought_weighs_nothing() -> None:
    assert drawn([Told(("offer",), 1000, 0)], Mode.STANDARD).stages[1].weighted == 0


def test_under_twenty_closed_deals_the_stages_default_weighs() -> None:
    history = [*some(19, "qualified", "won"), Told(("qualified",), 1000)]
    first = drawn(history).stages[0]
    assert (first.probability, first.weighted) == (0.2, 200)


def test_from_twenty_closed_deals_on_the_history_weighs() -> None:
    history = [*some(20, "qualified", "won"), Told(("qualified",), 1000)]
    first = drawn(history).stages[0]
    assert (first.probability, first.weighted) == (1.0, 1000)


def test_a_stage_without_history_and_without_default_weighs_nothing() -> None:
    row = drawn([Told(("negotiation",), 1000)]).stages[2]
    assert (row.probability, row.weighted) == (None, 0)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_weighs_alike(mode: Mode) -> None:
    history = [*some(15, "qualified", "won"), *some(9, "qualified", "offer", "lost"), Told(("offer",), 12345)]
    assert drawn(history, mode).stages[1].weighted == drawn(history, Mode.STANDARD).stages[1].weighted


@modest
@given(st.integers(0, 100 * MAX_MINOR), st.integers(0, 100))
@example(100 * MAX_MINOR - 1, 99)
def test_weighing_is_exact_to_the_minor_unit(amount: int, percent: int) -> None:
    assert weigh(amount * percent, 0, None) == round(Fraction(amount * percent, 100))


def test_a_certain_deal_of_the_largest_amount_weighs_its_amount() -> None:
    assert weigh((MAX_MINOR - 1) * 100, 0, None) == MAX_MINOR - 1
