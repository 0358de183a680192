"""Gates: what must be known before a deal may enter a stage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.gates import ALWAYS, FIELD_LABELS, Allowed, Blocked, check_entry, check_new, demands_of
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind

FREE = Stage("free", "Free")
ACQUISITION = Stage(
    "acquisition",
    "In acquisition",
    details=(Detail("call", "call scheduled"), Detail("meeting", "meeting")),
    demands=("detail",),
)
OFFERED = Stage(
    "offered", "Offered", details=(Detail("contract", "contract sent"),), demands=("detail", "follow_up", "amount")
)
ACQUIRED = Stage("acquired", "Acquired", StageKind.WON)
RESIGNED = Stage("resigned", "Resigned", StageKind.LOST)
LOST_WITH_NOTE = Stage("dropped", "Dropped", StageKind.LOST, demands=("reason_note", "reason"))
PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (FREE, ACQUISITION, OFFERED, ACQUIRED, RESIGNED, LOST_WITH_NOTE),
    (Reason("price", "too expensive"), Reason("other", "other")),
    (Source("web", "contact form"),),
)
BASICS: dict[str, object] = {"title": "Deal", "source": "web", "expected_close": "2026-12-01"}


def missing_of(stage: Stage, **values: object) -> list[str]:
    return [one.field for one in check_entry(PIPELINE, stage, values).missing]


def test_a_stage_without_demands_lets_everything_in() -> None:
    assert check_entry(PIPELINE, FREE, {}) == Allowed()


def test_a_stage_that_demands_a_detail_offers_its_details() -> None:
    gate = check_entry(PIPELINE, ACQUISITION, {})
    assert isinstance(gate, Blocked)
    assert [choice.key for choice in gate.missing[0].choices] == ["call", "meeting"]
    assert "In acquisition" in gate.message
    assert "call, meeting" in gate.message


def test_a_known_detail_opens_the_gate() -> None:
    assert missing_of(ACQUISITION, detail="call") == []


@pytest.mark.parametrize("detail", ["contract", "CALL", "nothing", "call "])
def test_a_detail_of_another_stage_is_as_good_as_none(detail: str) -> None:
    gate = check_entry(PIPELINE, ACQUISITION, {"detail": detail})
    assert isinstance(gate, Blocked)
    assert gate.missing[0].unknown == detail
    assert "is no detail" in gate.message


def test_a_stage_without_details_takes_none() -> None:
    assert missing_of(FREE, detail="call") == ["detail"]
    assert check_entry(PIPELINE, FREE, {"detail": "call"}).message == 'Free: "call" is no detail; leave it out'


def test_what_is_unknown_is_told_beside_what_is_demanded() -> None:
    demanded = check_new(PIPELINE, ACQUISITION, BASICS | {"title": "", "detail": "nothing"})
    assert demanded.message == 'a deal demands a title; "nothing" is no detail; choose one of: call, meeting'
    unknown = check_entry(PIPELINE, ACQUISITION, {"detail": "nothing", "reason": "boredom"})
    assert unknown.message == (
        'In acquisition: "nothing" is no detail; choose one of: call, meeting; '
        '"boredom" is no rejection reason; choose one of: price, other'
    )


@pytest.mark.parametrize("stage", [RESIGNED, LOST_WITH_NOTE])
def test_a_loss_always_demands_a_reason(stage: Stage) -> None:
    assert "reason" in demands_of(stage)
    assert "reason" in missing_of(stage, reason_note="too dear")


def test_a_loss_asks_for_the_reason_once() -> None:
    assert demands_of(LOST_WITH_NOTE) == ("reason_note", "reason")


def test_an_unknown_reason_does_not_open_the_gate() -> None:
    assert missing_of(RESIGNED, reason="boredom") == ["reason"]


def test_a_known_reason_opens_the_gate() -> None:
    assert check_entry(PIPELINE, RESIGNED, {"reason": "price"}) == Allowed()


def test_an_unknown_reason_is_refused_even_where_none_is_demanded() -> None:
    assert missing_of(FREE, reason="boredom") == ["reason"]


def test_everything_missing_is_said_at_once_in_the_order_to_ask() -> None:
    assert missing_of(OFFERED) == ["detail", "follow_up", "amount"]


def test_nought_is_a_value() -> None:
    assert missing_of(OFFERED, detail="contract", follow_up="2026-12-01", amount=0) == []


@pytest.mark.parametrize("empty", [None, "", ()])
def test_empty_values_are_missing(empty: object) -> None:
    assert "follow_up" in missing_of(OFFERED, detail="contract", follow_up=empty, amount=1)


@pytest.mark.parametrize("field", sorted(FIELD_LABELS))
def test_every_field_can_be_demanded(field: str) -> None:
    stage = Stage("strict", "Strict", details=(Detail("call", "call"),), demands=(field,))
    known = {"detail": "call", "reason": "price", "source": "web"}
    pipeline = Pipeline("p", "P", "EUR", (stage,), PIPELINE.reasons, PIPELINE.sources)
    assert [one.field for one in check_entry(pipeline, stage, {}).missing] == [field]
    assert check_entry(pipeline, stage, {field: known.get(field, "something")}) == Allowed()


@pytest.mark.parametrize("field", ALWAYS)
def test_every_deal_has_a_title_a_source_and_an_expected_close(field: str) -> None:
    gate = check_new(PIPELINE, FREE, BASICS | {field: None})
    assert [one.field for one in gate.missing] == [field]


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    gate = check_new(PIPELINE, FREE, BASICS | {"source": "astrology"})
    assert isinstance(gate, Blocked)
    assert '"astrology" is no source; choose one of: web' in gate.message


def test_a_new_deal_is_asked_for_the_basics_and_for_the_stages_demands_together() -> None:
    gate = check_new(PIPELINE, ACQUISITION, {"title": "Deal"})
    assert [one.field for one in gate.missing] == ["source", "expected_close", "detail"]


def test_a_field_that_both_the_deal_and_the_stage_demand_is_asked_for_once() -> None:
    stage = Stage("strict", "Strict", demands=("expected_close", "source"))
    gate = check_new(PIPELINE, stage, {"title": "Deal"})
    assert sorted(one.field for one in gate.missing) == ["expected_close", "source"]


@pytest.mark.parametrize(
    ("field", "words"),
    [("amount", "an amount"), ("expected_close", "an expected close"), ("email", "an e-mail"), ("owner", "an owner")],
)
def test_the_sentence_is_english(field: str, words: str) -> None:
    gate = check_entry(PIPELINE, Stage("strict", "Strict", demands=(field,)), {})
    assert isinstance(gate, Blocked)
    assert words in gate.message


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["", "Deal"]),
        "source": st.sampled_from([None, "web", "astrology"]),
        "expected_close": st.sampled_from([None, "2026-12-01"]),
        "detail": st.sampled_from([None, "call", "contract", "nothing"]),
        "reason": st.sampled_from([None, "price", "boredom"]),
        "reason_note": st.sampled_from(["", "so"]),
        "follow_up": st.sampled_from([None, "2026-12-02"]),
        "amount": st.sampled_from([None, 0, 5]),
    },
)


@settings(deadline=None)
@given(st.sampled_from(PIPELINE.stages), VALUES)
def test_whoever_is_let_in_has_everything_demanded(stage: Stage, values: dict[str, object]) -> None:
    gate = check_new(PIPELINE, stage, values)
    lacking = [name for name in (*ALWAYS, *demands_of(stage)) if values.get(name) in (None, "")]
    assert set(lacking) <= {one.field for one in gate.missing}
    assert isinstance(gate, Allowed) == (not gate.missing)


@settings(deadline=None)
@given(st.sampled_from(PIPELINE.stages), VALUES)
def test_a_gate_changes_nothing_of_what_it_looks_at(stage: Stage, values: dict[str, object]) -> None:
    before = dict(values)
    check_new(PIPELINE, stage, values)
    assert values == before
