"""What becomes of a pipeline when it is changed: told in words, and nothing that ever had a name loses it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.pipeline_changes import compare, succeed
from funneltui.domain.pipeline_definitions import whole
from funneltui.errors import BadInput, NotFound

WAITING = Stage("waiting", "Waiting", rot_days=3)
VISIT = Detail("visit", "visit")
TALKING = Stage("talking", "Talking", details=(Detail("call", "call"), VISIT))
OFFERED = Stage("offered", "Offered", probability=50)
WON, SERVED, LOST = (
    Stage("won", "Won", StageKind.WON),
    Stage("served", "Served", StageKind.WON),
    Stage("lost", "Lost", StageKind.LOST),
)
OLD = Pipeline(
    "sales", "Sales", "EUR", (WAITING, TALKING, OFFERED, WON, SERVED, LOST),
    (Reason("price", "price"), Reason("other", "other")), (Source("web", "web"), Source("web_form", "web form")),
)  # fmt: skip


def with_stages(*stages: Stage, old: Pipeline = OLD) -> Pipeline:
    return replace(old, stages=stages)


def words(new: Pipeline, old: Pipeline = OLD) -> list[str]:
    return [one.words for one in compare(old, new)]


def test_nothing_differs_between_a_pipeline_and_itself() -> None:
    assert compare(OLD, OLD) == ()


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (replace(OLD, name="Deals"), "pipeline Sales is called Deals"),
        (replace(OLD, currency="USD"), "pipeline Sales: currency EUR -> USD"),
        (with_stages(*OLD.stages, Stage("demo", "Demo")), "stage Demo is added after Lost"),
        (with_stages(Stage("demo", "Demo"), *OLD.stages), "stage Demo is added"),
        (with_stages(WAITING, TALKING, WON, SERVED, LOST), "stage Offered is removed"),
        (
            with_stages(TALKING, WAITING, OFFERED, WON, SERVED, LOST),
            "stages in another order: Talking, Waiting, Offered, Won, Served, Lost",
        ),
        (replace(OLD, reasons=OLD.reasons[1:]), "reason price is removed"),
        (replace(OLD, sources=OLD.sources[::-1]), "sources in another order: web form, web"),
    ],
)
def test_a_change_is_one_sentence(new: Pipeline, told: str) -> None:
    assert words(new) == [told]


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (replace(TALKING, name="In talks"), "stage Talking is called In talks"),
        (replace(TALKING, kind=StageKind.WON), "stage Talking: kind open -> won"),
        (replace(TALKING, demands=("detail", "amount")), "stage Talking: demanded fields none -> detail, amount"),
        (replace(TALKING, guidance="Call."), "stage Talking: guidance written anew"),
        (replace(TALKING, entry="They answer."), "stage Talking: entry criterion written anew"),
        (replace(TALKING, probability=30), "stage Talking: default probability none -> 30%"),
        (replace(TALKING, rot_days=7), "stage Talking: days until rotting none -> 7"),
        (replace(TALKING, follow_up_days=0), "stage Talking: days until the next contact 3 -> 0"),
        (replace(TALKING, wip_limit=9), "stage Talking: limit of work in progress none -> 9"),
        (replace(TALKING, color="red"), "stage Talking: colour none -> red"),
        (replace(TALKING, details=TALKING.details[:1]), "detail visit of Talking is removed"),
        (replace(TALKING, details=TALKING.details[::-1]), "details of Talking in another order: visit, call"),
        (replace(TALKING, details=(Detail("call", "ring"), VISIT)), "detail call of Talking is called ring"),
    ],
)  # fmt: skip
def test_every_part_of_a_stage_that_changes_is_told(stage: Stage, told: str) -> None:
    assert words(with_stages(WAITING, stage, OFFERED, WON, SERVED, LOST)) == [told]


def test_what_is_taken_out_is_retired_with_its_name() -> None:
    new = replace(with_stages(WAITING, OFFERED, WON, LOST), reasons=OLD.reasons[1:], sources=OLD.sources[:1])
    heir = succeed(OLD, new)
    assert heir == new
    assert (heir.stage_name("talking"), heir.detail_name("talking", "call")) == ("Talking", "call")
    assert (heir.reason_name("price"), heir.source_name("web_form")) == ("price", "web form")
    assert [stage.key for stage in heir.stages] == ["waiting", "offered", "won", "lost"]


def test_what_is_retired_is_told_to_be_brought_back_and_is_retired_no_longer() -> None:
    without = succeed(OLD, with_stages(WAITING, OFFERED, WON, SERVED, LOST))
    assert words(OLD, without) == ["stage Talking is brought back"]
    back = succeed(without, OLD)
    assert (back.retired.stages, back.retired.details, back.retired.order) == ((), (), ())


def test_a_detail_that_is_not_brought_back_with_its_stage_stays_retired() -> None:
    without = succeed(OLD, with_stages(WAITING, OFFERED, WON, SERVED, LOST))
    back = succeed(without, with_stages(WAITING, replace(TALKING, details=TALKING.details[:1]), OFFERED, WON, LOST))
    assert back.retired.details == (("talking", Detail("visit", "visit")),)
    assert back.detail_name("talking", "visit") == "visit"


def test_a_pipeline_keeps_its_key_whatever_the_new_definition_says() -> None:
    assert succeed(OLD, replace(OLD, key="other")).key == "sales"


@pytest.mark.parametrize(
    ("kept", "visited", "reach"),
    [
        ((WAITING, OFFERED, WON, SERVED, LOST), ["talking"], "waiting"),
        ((WAITING, OFFERED, WON, SERVED, LOST), ["waiting", "talking", "lost"], "waiting"),
        ((WAITING, TALKING, WON, SERVED, LOST), ["offered"], "talking"),
        ((TALKING, OFFERED, WON, SERVED, LOST), ["waiting"], "talking"),
        ((OFFERED, WON, SERVED, LOST), ["talking"], "offered"),
        ((WAITING, TALKING, OFFERED, WON, LOST), ["served"], "won"),
        ((WAITING, TALKING, OFFERED, SERVED, LOST), ["won"], "served"),
        ((WAITING, WON, SERVED, LOST), ["offered", "talking"], "waiting"),
    ],
)
def test_who_visited_a_retired_stage_has_reached_the_one_before_it(
    kept: tuple[Stage, ...], visited: list[str], reach: str
) -> None:
    assert succeed(OLD, with_stages(*kept)).furthest(visited) == reach


def test_a_retired_stage_keeps_its_place_when_the_others_change_theirs() -> None:
    without = succeed(OLD, with_stages(WAITING, TALKING, WON, SERVED, LOST))
    turned = succeed(without, with_stages(TALKING, WAITING, WON, SERVED, LOST))
    assert turned.furthest(["offered"]) == "talking"
    grown = succeed(turned, with_stages(TALKING, Stage("demo", "Demo"), WAITING, WON, SERVED, LOST))
    assert grown.furthest(["offered"]) == "talking"


KEYS = ("a", "b", "c", "d", "e")
ORDERS = st.permutations(KEYS).flatmap(lambda keys: st.integers(1, len(keys)).map(lambda n: tuple(keys[:n])))


def of_keys(keys: tuple[str, ...]) -> Pipeline:
    return with_stages(*(Stage(key, key.upper()) for key in keys), WON, LOST)


@settings(max_examples=200, deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=5), st.sets(st.sampled_from(KEYS), min_size=1))
def test_no_stage_is_ever_forgotten_and_every_visit_counts_somewhere(
    orders: list[tuple[str, ...]], visited: set[str]
) -> None:
    pipeline = of_keys(KEYS)
    for keys in orders:
        pipeline = succeed(pipeline, of_keys(keys))
        assert {stage.key for stage in pipeline.stages + pipeline.retired.stages} == {*KEYS, "won", "lost"}
        assert pipeline.furthest(visited) in keys


@settings(max_examples=200, deadline=None)
@given(ORDERS, st.sampled_from(KEYS), st.lists(st.sampled_from(KEYS), min_size=1))
def test_retiring_a_stage_lets_no_other_but_the_first_count_otherwise(
    keys: tuple[str, ...], gone: str, visited: list[str]
) -> None:
    kept = tuple(key for key in keys if key != gone)
    if gone not in keys or not kept:
        return
    before = of_keys(keys)
    after = succeed(before, of_keys(kept))
    here = [key for key in visited if key in keys]
    for key in kept[1:]:
        got = [before.furthest(here), after.furthest(here)]
        ranks = [
            (known.rank(reach) if reach else -1, known.rank(key))
            for known, reach in zip((before, after), got, strict=True)
        ]
        assert [reached >= rank for reached, rank in ranks] in ([True, True], [False, False])


def test_no_deal_is_moved_to_a_retired_stage_by_its_name() -> None:
    heir = succeed(OLD, with_stages(WAITING, OFFERED, WON, SERVED, LOST))
    for find in (heir.stage, heir.find_stage):
        with pytest.raises(NotFound, match="Talking is no stage of Sales any more; choose one of: waiting"):
            find("talking")


def test_a_retired_source_is_found_by_its_whole_name_before_the_beginning_of_another() -> None:
    heir = succeed(OLD, replace(OLD, sources=OLD.sources[1:]))
    assert heir.find_source("web").key == "web"
    assert heir.find_source("web f").key == "web_form"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (with_stages(WON, LOST), "there is no open stage"),
        (with_stages(WAITING, LOST), "there is no won stage"),
        (with_stages(WAITING, WON), "there is no lost stage"),
        (replace(OLD, reasons=()), "there is no reason"),
        (replace(OLD, sources=()), "there is no source"),
        (replace(OLD, name=" "), "needs a name"),
        (with_stages(*OLD.stages, Stage("WON", "Sold", StageKind.WON)), 'another stage has the key "WON" already'),
        (with_stages(*OLD.stages, Stage("sold", "won", StageKind.WON)), 'another stage has the name "won" already'),
        (with_stages(*OLD.stages, Stage("x", "")), "a stage has no name"),
        (with_stages(*OLD.stages, Stage("x", "X", demands=("detail",))), "X demands a detail but has none"),
        (with_stages(*OLD.stages, Stage("x", "X", demands=("shoe",))), 'X demands an unknown field "shoe"'),
        (with_stages(*OLD.stages, Stage("x", "X", probability=101)), "101 is no probability"),
        (with_stages(*OLD.stages, Stage("x", "X", rot_days=-1)), "days and limits are whole numbers"),
    ],
)
def test_a_definition_that_no_pipeline_can_have_is_refused(bad: Pipeline, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        whole(bad)


def test_a_definition_comes_out_cleaned_of_what_acts_on_a_terminal() -> None:
    dirty = replace(OLD, name="Sales\x1b[2J", stages=(replace(WAITING, entry="a\x07\nb"), *OLD.stages[1:]))
    assert (whole(dirty).name, whole(dirty).first.entry) == ("Sales[2J", "a\nb")
