"""What is learned from closed deals: never worse than the stage's rate, with its work shown, silent when too few closed."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.chance import stage_probability
from funneltui.domain.chance_history import DAY, LANDMARKS, ClosedDeal, Facts, Moment, Past, Stay
from funneltui.domain.chance_learning import model_of
from funneltui.domain.chance_model import log_odds
from funneltui.domain.chance_scores import Judged, scores
from funneltui.domain.chance_tables import Tables
from funneltui.domain.chance_traits import Classes, Trait
from tests.conftest import small_pipeline
from tests.domain.histories import OWNERS, SOURCES, STAGES, day_text, invented, moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.chance_model import Model

PIPELINE = small_pipeline()
PLAIN = Facts("web", "ana", 5_000_00, "EUR")


def learn(deals: Iterable[ClosedDeal]) -> Model:
    """Give what deals say that closed in the order of their days and numbers."""
    closed = sorted(deals, key=lambda deal: (deal.closed_on, deal.number))
    classes = Classes.of((facts.currency, facts.amount) for deal in closed for _, facts in deal.past.facts[:1])
    tables = Tables(PIPELINE, classes, len(closed))
    for rank, deal in enumerate(closed):
        tables.take(rank, deal)
    return model_of(tables)


def losses(model: Model, deals: list[ClosedDeal]) -> tuple[float, float]:
    """Give the log loss of a model's estimates and that of the stage's rates, over moments of deals."""
    judged = []
    for moment, won in moments(deals):
        estimate = model.estimate(moment)
        assert estimate is not None
        judged.append(Judged(estimate.probability, estimate.base, won))
    found = scores(judged)
    assert found is not None
    return found.log_loss, found.prior_log_loss


# --- Whatever the history is


# Built once: a strategy that is made within another one is looked through anew for every value.
AMOUNT = st.none() | st.integers(0, 10**15)
FACTS = st.builds(
    Facts, st.sampled_from(SOURCES), st.sampled_from(OWNERS), AMOUNT, st.sampled_from(("EUR", "JPY", None))
)
CHANGED_FACTS = st.lists(st.tuples(st.integers(0, 10**15), FACTS), max_size=2)
BEGINNING = st.integers(-(10**15), 10**15)
STAYS = st.lists(st.tuples(st.sampled_from((*STAGES, "resigned", "gone")), st.integers(0, 200 * DAY)), max_size=4)
CONTACTS = st.none() | st.lists(BEGINNING, max_size=5).map(sorted).map(tuple)
REACH = st.sampled_from((*STAGES, None))
CLOSED = st.integers(0, 300).map(day_text)


@st.composite
def histories(draw: st.DrawFn, most: int = 60) -> list[ClosedDeal]:
    """Give closed deals of any shape: skipped stages, no stays at all, changed facts, unknown amounts, old stages."""
    deals = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        moment, stays = draw(BEGINNING), []
        for stage, stayed in draw(STAYS):
            stays.append(Stay(stage, moment, moment + stayed))
            moment += stayed
        known = ((0, draw(FACTS)), *draw(CHANGED_FACTS))
        contacts, won = draw(CONTACTS), draw(st.booleans())
        reach = "acquired" if won else draw(REACH)
        deals.append(ClosedDeal(number, draw(CLOSED), won, reach, Past(tuple(stays), known, contacts)))
    return deals


MOMENTS = st.builds(
    Moment,
    st.sampled_from((*STAGES, "gone")),
    st.integers(0, 10_000),
    st.builds(
        Facts, st.sampled_from((*SOURCES, "new")), st.sampled_from(OWNERS), st.none() | st.integers(0, 10**15),
        st.sampled_from(("EUR", "CHF", None)),
    ),
    st.none() | st.integers(0, 100),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(histories(), MOMENTS)
def test_an_estimate_is_a_probability_and_there_is_none_under_twenty_closed_deals(
    deals: list[ClosedDeal], moment: Moment
) -> None:
    model = learn(deals)
    estimate = model.estimate(moment)
    if len(deals) < 20 or moment.stage == "gone":
        assert estimate is None
    else:
        assert estimate is not None
        assert 0 <= estimate.probability <= 1
    assert bool(model.why_silent) == (len(deals) < 20)


@settings(deadline=None, max_examples=30)
@given(histories(40), histories(1), MOMENTS)
def test_one_more_closed_deal_is_always_taken(deals: list[ClosedDeal], more: list[ClosedDeal], moment: Moment) -> None:
    together = [*deals, *(one._replace(number=1000) for one in more)]
    model = learn(together)
    assert (model.closed, model.won) == (len(together), sum(deal.won for deal in together))
    model.estimate(moment)


@settings(deadline=None, max_examples=40)
@given(histories(), MOMENTS)
def test_the_base_is_the_rate_of_the_definitions(deals: list[ClosedDeal], moment: Moment) -> None:
    estimate = learn(deals).estimate(moment)
    if estimate is None:
        return
    place = STAGES.index(moment.stage)
    reached = [deal for deal in deals if deal.won or place == 0 or STAGES.index(deal.reach or "waiting") >= place]
    won = sum(deal.won for deal in deals)
    expected = stage_probability(won, len(reached) - won, won, len(deals) - won)
    assert estimate.base == expected
    assert estimate.reached == len(reached)


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_was_borne_out_the_estimate_is_the_stages_rate(seed: int) -> None:
    model = learn(invented(25, seed, lambda facts, contacted: 0.5))  # too few to be judged by
    assert (model.damping, dict(model.effects)) == (0.0, {})
    for stage in STAGES:
        estimate = model.estimate(Moment(stage, 3, PLAIN, 1))
        assert estimate is not None
        others = [term for term in estimate.terms if term.trait is not Trait.STAGE]
        assert others == []


# --- What the work shows


def test_the_terms_add_up_from_the_base_to_the_estimate() -> None:
    model = learn(invented(1500, 3, lambda facts, contacted: {"web": 0.75, "phone": 0.2}.get(facts.source, 0.5)))
    estimate = model.estimate(Moment("waiting", 0, PLAIN, 1))
    assert estimate is not None
    assert {term.trait for term in estimate.terms} >= {Trait.SOURCE}
    assert estimate.base + sum(term.points for term in estimate.terms) == pytest.approx(estimate.probability)
    effects = log_odds(estimate.base) + sum(term.effect for term in estimate.terms)
    assert effects == pytest.approx(log_odds(estimate.probability))
    strengths = [abs(term.effect) for term in estimate.terms]
    assert strengths == sorted(strengths, reverse=True)


def test_a_term_says_from_how_many_closed_deals_it_comes() -> None:
    deals = invented(800, 4, lambda facts, contacted: 0.85 if facts.source == "web" else 0.2)
    estimate = learn(deals).estimate(Moment("waiting", 0, PLAIN, None))
    assert estimate is not None
    (term,) = [term for term in estimate.terms if term.trait is Trait.SOURCE]
    assert term.n == sum(deal.past.facts[0][1].source == "web" for deal in deals)
    assert term.effect > 0.5


def test_a_value_that_hardly_any_closed_deal_had_says_nothing() -> None:
    deals = invented(800, 4, lambda facts, contacted: 0.85 if facts.source == "web" else 0.2)
    rare = [
        deal._replace(number=5000 + place, past=deal.past._replace(facts=((0, PLAIN._replace(source="fair")),)))
        for place, deal in enumerate(deals[:4])
    ]
    model = learn([*deals, *rare])
    assert "web" in model.effects[Trait.SOURCE]
    assert "fair" not in model.effects[Trait.SOURCE]


def test_a_stage_that_won_deals_only_skipped_has_the_rate_of_those_who_stood_there() -> None:
    """A won deal has reached every stage: of one that all skipped the definition's rate is that of a sure thing."""
    straight = [
        deal._replace(
            reach="acquired" if deal.won else "waiting",
            past=deal.past._replace(stays=tuple(stay for stay in deal.past.stays if stay.stage == "waiting")),
        )
        for deal in invented(400, 9, lambda facts, contacted: 0.4)
    ]
    estimate = learn(straight).estimate(Moment("offered", 0, PLAIN, 0))
    assert estimate is not None
    share = sum(deal.won for deal in straight) / len(straight)
    assert estimate.base > 0.9
    assert estimate.probability == pytest.approx(share)
    assert [(term.trait, term.n) for term in estimate.terms] == [(Trait.STAGE, 0)]


# --- Where something matters, and where nothing does

_RULES = {
    "source": lambda facts, contacted: {"web": 0.8, "phone": 0.2}.get(facts.source, 0.5),
    "owner": lambda facts, contacted: 0.75 if facts.owner == "ana" else 0.35,
    "amount": lambda facts, contacted: 0.75 if facts.amount < 25_000_00 else 0.3,
    "contacts": lambda facts, contacted: 0.2 + 0.2 * contacted,
}


@pytest.mark.parametrize("name", _RULES)
def test_what_matters_makes_estimates_clearly_better_than_the_rate(name: str) -> None:
    rule = _RULES[name]
    model = learn(invented(1000, 11, rule))
    assert Trait(name) in model.effects
    ours, prior = losses(model, invented(2000, 12, rule))
    assert ours < prior - 0.02


def test_time_in_stage_tells_where_it_matters() -> None:
    deals = invented(1500, 21, lambda facts, contacted: 0.5)
    slow = [deal for deal in deals if deal.past.stays[0].left - deal.past.stays[0].entered > 30 * DAY]
    lost = {deal.number for deal in slow if deal.number % 4}
    told = [deal._replace(won=False, reach="waiting") if deal.number in lost else deal for deal in deals]
    model = learn(told)
    fresh, old = (model.estimate(Moment("waiting", days, PLAIN, 0)) for days in (0, 60))
    assert fresh is not None
    assert old is not None
    assert Trait.AGE in model.effects
    assert old.probability < fresh.probability - 0.1


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [60, 200, 1000])
def test_where_nothing_matters_nothing_is_read_into_it(count: int, seed: int) -> None:
    model = learn(invented(count, seed, lambda facts, contacted: 0.4))
    later = invented(1500, 1000 + seed, lambda facts, contacted: 0.4)
    ours, prior = losses(model, later)
    assert ours <= prior + 0.003
    estimates = [model.estimate(moment) for moment, _ in moments(later)]
    found = [estimate.probability for estimate in estimates if estimate]
    assert max(found) - min(found) < 0.12


@pytest.mark.parametrize("seed", range(4))
def test_rates_that_change_from_month_to_month_are_not_taken_for_traits(seed: int) -> None:
    """What looks like a trait may only be the season: the deals of one owner closed in better months than another's."""
    deals = invented(1200, seed, lambda facts, contacted: 0.4)
    seasons = [
        deal._replace(won=(deal.number * 7919) % 100 < (60 if place // 100 % 2 else 20))
        for place, deal in enumerate(deals)
    ]
    model = learn([one._replace(reach="acquired" if one.won else "waiting") for one in seasons])
    assert not {Trait.SOURCE, Trait.OWNER, Trait.AMOUNT, Trait.CONTACTS} & set(model.effects)


# --- A deal as it stood


def test_a_deal_is_looked_at_when_it_enters_a_stage_and_while_it_stays() -> None:
    past = Past((Stay("waiting", 0, 40 * DAY), Stay("offered", 40 * DAY, 41 * DAY)), ((0, PLAIN),))
    assert [(one.stage, one.days) for one in past.moments()] == [
        ("waiting", 0),
        ("waiting", 7),
        ("waiting", 30),
        ("offered", 0),
    ]
    assert LANDMARKS == (0, 7, 30, 90)


def test_what_changed_later_was_not_known_before() -> None:
    past = Past(
        (Stay("waiting", 0, 40 * DAY),), ((0, PLAIN), (10 * DAY, PLAIN._replace(amount=0))), (8 * DAY, 20 * DAY)
    )
    assert [(one.facts.amount, one.contacts) for one in past.moments()] == [(5_000_00, 0), (5_000_00, 0), (0, 2)]
    standing = past.at(9 * DAY)
    assert standing == Moment("waiting", 9, PLAIN, 1)


def test_what_came_with_the_close_was_not_known_even_if_all_is_of_one_instant() -> None:
    past = Past((Stay("waiting", DAY, DAY),), ((0, PLAIN), (DAY, PLAIN._replace(amount=0))), (DAY,))
    assert past.moments() == [Moment("waiting", 0, PLAIN, 0)]


def test_a_deal_stands_nowhere_before_it_began_and_after_it_closed() -> None:
    past = Past((Stay("waiting", DAY, 2 * DAY),), ((0, PLAIN),))
    assert past.at(0) is None
    assert past.at(2 * DAY) is None


# --- Classes of amounts


@given(st.lists(st.integers(0, 10**15), min_size=20, max_size=60))
def test_no_amount_can_be_read_from_the_classes(amounts: list[int]) -> None:
    classes = Classes.of(("EUR", amount) for amount in amounts)
    for edge in classes.edges["EUR"]:
        assert str(edge).rstrip("0") in ("1", "2", "5")
    assert list(classes.edges["EUR"]) == sorted(set(classes.edges["EUR"]))


def test_classes_are_told_in_money() -> None:
    classes = Classes.of(("EUR", amount * 100_00) for amount in range(1, 101))
    told = [classes.told(PIPELINE, Trait.AMOUNT, ("EUR", place)) for place in (-1, 0, 1, len(classes.edges["EUR"]))]
    assert told == ["no amount", "under €2,000", "€2,000 to €5,000", "€10,000 and more"]


# --- Scores


def test_scores_are_those_of_the_textbook() -> None:
    found = scores([Judged(0.8, 0.5, won=True), Judged(0.4, 0.5, won=False), Judged(0.3, 0.5, won=True)])
    assert found is not None
    assert found.log_loss == pytest.approx(-(log(0.8) + log(0.6) + log(0.3)) / 3)
    assert found.prior_log_loss == pytest.approx(log(2))
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.49) / 3)
    assert found.auc == pytest.approx(0.5)
    assert [(one.low, one.n, one.won_rate) for one in found.calibration] == [
        (0.3, 1, 1.0),
        (0.4, 1, 0.0),
        (0.8, 1, 1.0),
    ]


def test_without_both_kinds_there_is_no_area_and_without_any_no_score() -> None:
    found = scores([Judged(1.0, 1.0, won=True)])
    assert found is not None
    assert found.auc is None
    assert scores([]) is None


@settings(deadline=None)
@given(st.lists(st.builds(Judged, st.floats(0, 1), st.floats(0, 1), won=st.booleans()), min_size=1))
def test_the_lines_of_the_calibration_hold_every_deal_once(judged: list[Judged]) -> None:
    found = scores(judged)
    assert found is not None
    assert sum(one.n for one in found.calibration) == len(judged)
    for one in found.calibration:
        assert one.low - 1e-9 <= one.mean_probability <= one.high + 1e-9
    assert found.auc is None or 0 <= found.auc <= 1
