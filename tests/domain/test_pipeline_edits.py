"""Small steps in a pipeline's definition: each gives a new one, keeps every key, and breaks no list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind
from funneltui.domain.pipeline import Pipeline, Stage, StageKind
from funneltui.domain.pipeline_changes import Part, succeed
from funneltui.domain.pipeline_definitions import whole
from funneltui.domain.pipeline_edits import (
    Spot,
    added,
    changed,
    found,
    is_offered,
    listed,
    moved,
    offered_again,
    read_value,
    removed,
    renamed,
    retired,
)
from funneltui.errors import BadInput
from tests.conftest import small_pipeline

SALES = replace(small_pipeline(), fields=(CustomField("size", "Size", FieldKind.CHOICE, (FieldChoice("s", "small"),)),))
OFFERED = Spot(Part.STAGE, "offered")
CONTRACT = Spot(Part.DETAIL, "contract", "offered")
PARTS = [
    OFFERED, CONTRACT, Spot(Part.REASON, "price"), Spot(Part.SOURCE, "web"), Spot(Part.FIELD, "size"),
    Spot(Part.CHOICE, "s", "size"), Spot(Part.QUALIFIER),
]  # fmt: skip


def keys(pipeline: Pipeline, spot: Spot) -> list[str]:
    return [one.key for one in listed(pipeline, spot.part, spot.of)]


def gone(old: Pipeline, spot: Spot) -> Pipeline:
    """Give the pipeline as it is once the thing was taken out and that was applied."""
    return succeed(old, removed(old, spot))


@pytest.mark.parametrize("spot", PARTS, ids=lambda spot: spot.part)
def test_a_new_one_stands_after_the_one_beside_it_under_a_key_of_its_own(spot: Spot) -> None:
    new, at = added(SALES, spot, "Ça va?")
    assert (at.key, found(new, at).name, is_offered(new, at)) == ("ca_va", "Ça va?", True)
    before = keys(SALES, spot)
    place = before.index(spot.key) + 1 if spot.key else 0
    assert keys(new, spot) == [*before[:place], "ca_va", *before[place:]]
    assert whole(new) == new


def test_it_can_stand_before_it() -> None:
    new, _ = added(SALES, OFFERED, "Demo", before=True)
    assert keys(new, OFFERED) == ["waiting", "acquisition", "demo", "offered", "acquired", "resigned"]


def test_a_new_stage_is_of_the_kind_of_its_neighbour() -> None:
    new, at = added(SALES, Spot(Part.STAGE, "acquired"), "After care")
    assert new.stage(at.key).kind is StageKind.WON


@pytest.mark.parametrize("name", ["Offered?", "2nd offer", "Ponuda №1", "продажа", "a" * 200])
def test_a_key_is_one_that_can_be_and_not_taken(name: str) -> None:
    first, one = added(SALES, OFFERED, name)
    second, other = added(first, one, f"{name}!")
    assert len({"offered", one.key, other.key}) == 3
    assert whole(second).stage(other.key)
    assert all(sign.isascii() and len(spot.key) <= 60 for spot in (one, other) for sign in spot.key)


def test_what_was_retired_does_not_come_back_by_its_name() -> None:
    old = gone(SALES, OFFERED)
    _, at = added(old, Spot(Part.STAGE, "waiting"), "Offered")
    assert at.key == "offered_2"


def test_what_has_no_name_is_not_added() -> None:
    with pytest.raises(BadInput, match="a reason needs a name"):
        added(SALES, Spot(Part.REASON, "price"), " \t")


@pytest.mark.parametrize("spot", [spot for spot in PARTS if spot.key], ids=lambda spot: spot.part)
def test_a_name_changes_and_the_key_stays(spot: Spot) -> None:
    new = renamed(SALES, spot, "  Another  one ")
    assert (found(new, spot).name, keys(new, spot)) == ("Another one", keys(SALES, spot))


def test_the_pipeline_itself_has_another_name() -> None:
    assert renamed(SALES, Spot(Part.PIPELINE), "Partners").name == "Partners"


def test_a_stage_changes_places_with_those_of_its_kind_only() -> None:
    shuffled = replace(SALES, stages=(*SALES.stages[:2], SALES.stage("acquired"), *SALES.stages[2:3], SALES.stages[4]))
    up = moved(shuffled, OFFERED, -1)
    assert [stage.key for stage in up.board_order] == ["waiting", "offered", "acquisition", "acquired", "resigned"]
    assert moved(up, OFFERED, -5).first.key == "offered"
    assert moved(SALES, OFFERED, 1) == SALES
    assert moved(SALES, Spot(Part.STAGE, "acquired"), -1) == SALES


@given(st.lists(st.tuples(st.sampled_from(["waiting", "acquisition", "offered"]), st.integers(-3, 3)), max_size=8))
def test_moving_loses_nothing(steps: list[tuple[str, int]]) -> None:
    new = SALES
    for key, by in steps:
        new = moved(new, Spot(Part.STAGE, key), by)
    assert sorted(new.stages, key=lambda one: one.key) == sorted(SALES.stages, key=lambda one: one.key)
    assert new.won_stages + new.lost_stages == SALES.won_stages + SALES.lost_stages


@pytest.mark.parametrize("spot", [CONTRACT, Spot(Part.REASON, "price"), Spot(Part.SOURCE, "web")], ids=str)
def test_what_is_taken_out_is_retired_and_offered_again_as_it_was(spot: Spot) -> None:
    one = found(SALES, spot)
    old = gone(SALES, spot)
    assert spot.key not in keys(old, spot)
    assert one in retired(old, spot.part, spot.of)
    again = offered_again(old, spot)
    assert (found(again, spot), keys(again, spot)[-1]) == (one, spot.key)


def test_a_stage_comes_back_behind_the_others_of_its_kind() -> None:
    again = offered_again(gone(SALES, Spot(Part.STAGE, "waiting")), Spot(Part.STAGE, "waiting"))
    assert [stage.key for stage in again.stages] == ["acquisition", "offered", "waiting", "acquired", "resigned"]


def test_nothing_demands_what_is_taken_out() -> None:
    asking = changed(SALES, OFFERED, "demands", ("detail", "size"))
    assert removed(asking, Spot(Part.FIELD, "size")).stage("offered").demands == ("detail",)
    one_left = removed(asking, CONTRACT)
    assert one_left.stage("offered").demands == ("detail", "size")
    none_left = removed(one_left, Spot(Part.DETAIL, "negotiation", "offered"))
    assert none_left.stage("offered").demands == ("size",)
    assert whole(none_left) == none_left


def test_a_detail_of_a_stage_that_is_new_was_not_there_before() -> None:
    new, at = added(SALES, OFFERED, "Demo")
    new, detail = added(new, Spot(Part.DETAIL, of=at.key), "shown")
    assert (is_offered(new, detail), is_offered(SALES, detail)) == (True, False)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("probability", "55 %", 55), ("probability", "", None), ("probability", "0", 0), ("rot_days", "14", 14),
        ("rot_days", "", 0), ("wip_limit", " 3 ", 3), ("currency", "czk", "CZK"), ("name", " a  b ", "a b"),
        ("guidance", "one\n\ntwo", "one\n\ntwo"), ("kind", "number", FieldKind.NUMBER), ("question", "", ""),
    ],
)  # fmt: skip
def test_a_typed_value_is_read(field: str, text: str, value: object) -> None:
    assert read_value(field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("probability", "101", "no percentage"), ("probability", "-1", "no percentage"), ("probability", "½", "no perc"),
        ("rot_days", "soon", "a whole number of days, 0 for never"), ("wip_limit", "-2", "a whole number of deals"),
        ("currency", "euro", "euro|EURO"), ("name", "  ", "a name is needed"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_in_words(field: str, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_value(field, text)


def test_a_stage_that_stands_alone_needs_no_neighbour_to_be_found() -> None:
    bare = Pipeline("p", "P", "EUR", (Stage("a", "A"),))
    assert keys(added(bare, Spot(Part.REASON), "dear")[0], Spot(Part.REASON)) == ["dear"]
