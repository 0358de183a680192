"""A pipeline: its order, and how people name what belongs to it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import NotFound

PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting"),
        Stage("lost", "Resigned", StageKind.LOST),
        Stage(
            "acquisition",
            "In acquisition",
            details=(Detail("call", "call scheduled"), Detail("meeting", "after call - meeting")),
        ),
        Stage("won", "Acquired", StageKind.WON),
        Stage("offered", "Offered"),
        Stage("served", "After-sale contact", StageKind.WON),
    ),
    (Reason("price", "too expensive"), Reason("timing", "bad timing")),
    (Source("email", "e-mail"), Source("chat", "live chat"), Source("zrodlo", "Źródło własne")),
)


def test_the_board_shows_open_then_won_then_lost_each_in_order() -> None:
    assert [stage.key for stage in PIPELINE.board_order] == [
        "waiting", "acquisition", "offered", "won", "served", "lost",
    ]  # fmt: skip


def test_a_new_deal_starts_in_the_first_open_stage() -> None:
    assert PIPELINE.first.key == "waiting"


def test_open_stages_rank_in_their_order() -> None:
    assert [PIPELINE.rank(key) for key in ("waiting", "acquisition", "offered")] == [0, 1, 2]


@pytest.mark.parametrize("won", ["won", "served"])
def test_every_won_stage_ranks_above_every_open_one(won: str) -> None:
    rank = PIPELINE.rank(won)
    assert rank is not None
    assert rank > 2


def test_a_lost_stage_has_no_rank() -> None:
    assert PIPELINE.rank("lost") is None


def test_a_loss_and_an_unknown_stage_reach_nothing() -> None:
    assert PIPELINE.furthest(["lost", "gone"]) is None


@settings(deadline=None)
@given(st.lists(st.sampled_from([stage.key for stage in PIPELINE.stages]), max_size=8))
def test_the_reach_is_the_furthest_stage_ever_entered(visits: list[str]) -> None:
    order = ["waiting", "acquisition", "offered", "won", "served"]
    ranked = [key for key in order if key in visits]
    assert PIPELINE.furthest(visits) == (ranked[-1] if ranked else None)


@settings(deadline=None)
@given(st.lists(st.sampled_from([stage.key for stage in PIPELINE.stages]), min_size=1, max_size=8))
def test_the_reach_found_step_by_step_is_the_reach_of_all_visits(visits: list[str]) -> None:
    reach: str | None = None
    for stage in visits:
        reach = PIPELINE.furthest(key for key in (reach, stage) if key)
    assert reach == PIPELINE.furthest(visits)


def test_an_unknown_stage_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r'no stage "x"; choose one of: waiting, lost, acquisition'):
        PIPELINE.stage("x")


@pytest.mark.parametrize(
    "text", ["acquisition", "In acquisition", "IN ACQUISITION", "in acq", " in-acquisition ", "acquis"]
)
def test_a_stage_is_found_by_key_name_or_beginning(text: str) -> None:
    assert PIPELINE.find_stage(text).key == "acquisition"


def test_a_source_is_found_without_its_accents() -> None:
    assert PIPELINE.find_source("zrodlo wlasne").key == "zrodlo"


def test_a_reason_is_found_by_the_beginning_of_its_name() -> None:
    assert PIPELINE.find_reason("too exp").key == "price"


@pytest.mark.parametrize("text", ["e-mail", "e mail", "E-Mail", "email"])
def test_a_hyphen_in_a_name_may_be_left_out(text: str) -> None:
    assert PIPELINE.find_source(text).key == "email"


def test_a_beginning_may_hold_the_hyphen_of_the_name() -> None:
    assert PIPELINE.find_detail(PIPELINE.stage("acquisition"), "after call - m").key == "meeting"
    assert PIPELINE.find_stage("after-sale").key == "served"


def test_a_beginning_of_several_is_refused_and_names_them() -> None:
    pipeline = Pipeline("p", "P", "EUR", (Stage("offer", "Offer"), Stage("offering", "Offering"), Stage("off", "Out")))
    with pytest.raises(NotFound, match='"offe" could be more than one stage: offer, offering'):
        pipeline.find_stage("offe")


def test_an_exact_name_goes_before_a_beginning() -> None:
    pipeline = Pipeline("p", "P", "EUR", (Stage("offering", "Offering"), Stage("offer", "Offer")))
    assert pipeline.find_stage("offer").key == "offer"


@pytest.mark.parametrize("text", ["", "  ", "\x1b[2J", "nothing like it"])
def test_what_names_nothing_is_refused_harmlessly(text: str) -> None:
    with pytest.raises(NotFound) as refused:
        PIPELINE.find_stage(text)
    assert str(refused.value).isprintable()


def test_a_detail_is_looked_up_in_its_own_stage_only() -> None:
    with pytest.raises(NotFound, match="detail of Offered"):
        PIPELINE.find_detail(PIPELINE.stage("offered"), "call")


def test_names_of_what_is_no_longer_known_are_their_keys() -> None:
    assert PIPELINE.source_name("gone") == "gone"
    assert PIPELINE.reason_name("gone") == "gone"
    assert PIPELINE.detail_name("acquisition", "gone") == "gone"
    assert PIPELINE.detail_name("gone", "call") == "call"


def test_names_of_nothing_are_empty() -> None:
    assert (PIPELINE.source_name(None), PIPELINE.reason_name(None), PIPELINE.detail_name("waiting", None)) == ("",) * 3


def test_names_of_what_is_known_are_given() -> None:
    assert PIPELINE.source_name("email") == "e-mail"
    assert PIPELINE.reason_name("price") == "too expensive"
    assert PIPELINE.detail_name("acquisition", "call") == "call scheduled"


def test_a_pipeline_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        PIPELINE.name = "other"  # type: ignore[misc]
