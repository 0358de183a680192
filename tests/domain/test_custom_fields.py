"""Custom fields: what a key, a kind and a value can be, and how a value is read and shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.custom_fields import (
    CustomField,
    FieldChoice,
    FieldKind,
    FieldValues,
    checked,
    is_field_key,
    read_number,
    told,
)
from funneltui.domain.filter_completion import completions, vocabulary
from funneltui.domain.gates import Blocked, check_entry, check_retired
from funneltui.domain.pipeline_definitions import whole
from funneltui.domain.views import Column, FieldColumn, View
from funneltui.errors import BadInput
from tests.fielded import RIVAL, SEATS, SEGMENT, fielded_pipeline

PIPELINE = fielded_pipeline()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"), ("012", "12"), ("1,250", "1250"), ("1 250", "1250"), ("12.5", "12.5"), ("12,5", "12.5"),
        ("1.234,5", "1234.5"), ("12.50", "12.5"), ("-3", "-3"), ("−3", "-3"), ("+3", "3"), ("-0", "0"), ("-0.0", "0"),
        ("0.125", "0.1250"), ("1.2345", "1.2345"), ("12k", "12000"), ("1.5m", "1500000"), ("99999999999", "99999999999"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "many", "1.23456", "12 EUR", "€5", "1-2", "--1", "100000000000", "1e5", "٣", "1,2,3"]
)
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"as a number; write it like 12500, 12.5 or -3"):
        read_number(text)


@given(st.decimals(-(10**11) + 1, 10**11 - 1, places=4, allow_nan=False, allow_infinity=False))
def test_a_canonical_number_is_itself_and_what_is_shown_is_read_back(number: Decimal) -> None:
    text = read_number(str(number))
    assert Decimal(text) == number
    assert read_number(text) == checked(SEATS, text, ()) == text
    assert read_number(told(SEATS, text, {})) == text


@pytest.mark.parametrize(
    ("value", "shown"), [("2026", "2026"), ("12500", "12,500"), ("-12500.5", "-12,500.5"), ("1.1250", "1.1250")]
)
def test_a_number_that_could_be_a_year_is_not_grouped(value: str, shown: str) -> None:
    assert told(SEATS, value, {}) == shown


@pytest.mark.parametrize("key", ["", "Seats", "1st", "a-b", "a b", "é", "a" * 61, "_a", "a.b", 'a"'])
def test_a_key_is_one_that_can_be_typed_anywhere(key: str) -> None:
    assert not is_field_key(key)


def test_values_are_compared_whatever_their_order_and_have_none_that_is_empty() -> None:
    values = FieldValues.of({"b": "2", "a": "1", "c": ""})
    assert values == FieldValues.of({"a": "1", "b": "2"}) == FieldValues((("a", "1"), ("b", "2")))
    assert hash(values) == hash(FieldValues.of({"a": "1", "b": "2"}))
    assert values.changed({"a": "", "d": "4"}) == FieldValues.of({"b": "2", "d": "4"})
    assert values.differing(FieldValues.of({"b": "3", "d": "4"})) == ["a", "b", "d"]


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (CustomField("seats", "Seats 2"), 'another field has the key "seats" already'),
        (CustomField("other", "rival"), 'another field has the name "rival" already'),
        (CustomField("Hat", "Hat"), '"Hat" is no key of a field; expected letters a-z'),
        (CustomField("follow_up", "Hat"), '"follow_up" means something of every deal already'),
        (CustomField("visited", "Hat"), '"visited" means something of every deal already'),
        (CustomField("created", "Hat"), '"created" means something of every deal already'),
        (CustomField("hat", "Amount"), 'every deal has the field "Amount" already'),
        (CustomField("hat", "Hat", FieldKind.CHOICE), "a choice needs something to choose from"),
        (CustomField("hat", "Hat", FieldKind.TEXT, SEGMENT.choices), "only a choice has choices, and this is a text"),
        (
            CustomField("hat", "Hat", FieldKind.CHOICE, (FieldChoice("a", "A"),) * 2),
            'another choice has the key "a" already',
        ),
        (CustomField("hat", ""), "a field has no name"),
    ],
)
def test_a_field_that_cannot_be_is_refused(field: CustomField, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        whole(replace(PIPELINE, fields=(*PIPELINE.fields, field)))


@pytest.mark.parametrize(
    ("stage", "name"), [("waiting", "reason"), ("waiting", "closed_on"), ("acquired", "reason_note")]
)
def test_no_stage_demands_what_no_deal_can_have_there(stage: str, name: str) -> None:
    with pytest.raises(BadInput, match="which no deal has that stands there"):
        whole(fielded_pipeline(**{stage: (name,)}))


def test_a_stage_demands_fields_that_there_are() -> None:
    assert whole(fielded_pipeline(waiting=("rival",))).first.demands == ("rival",)
    with pytest.raises(BadInput, match=r'Waiting demands an unknown field "rivals"; choose from: title, .*, rival$'):
        whole(fielded_pipeline(waiting=("rivals",)))


def test_a_gate_asks_for_a_choice_with_its_answers_and_for_a_text_without_any() -> None:
    pipeline = fielded_pipeline(waiting=("segment", "rival", "qualifier"))
    gate = check_entry(pipeline, pipeline.first, {"segment": "", "rival": "Acme"})
    assert isinstance(gate, Blocked)
    assert [(one.field, one.label, [choice.key for choice in one.choices]) for one in gate.missing] == [
        ("segment", "Market segment", ["public", "industry", "other"]),
        ("qualifier", "qualifier", ["budget", "referred"]),
    ]
    assert gate.message == (
        "Waiting demands Market segment (public, industry, other) and a qualifier (budget, referred)"
    )


def test_what_a_deal_had_before_it_may_keep() -> None:
    stage, had = PIPELINE.first, {"segment": "gone", "qualifier": "free text"}
    assert not isinstance(check_retired(PIPELINE, stage, had, had), Blocked)
    assert isinstance(check_retired(PIPELINE, stage, had, {}), Blocked)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("sea", ("seats:",)), ("RENEWAL", ("renewal_on:",)), ("renewal-o", ("renewal_on:",)), ("seg", ("segment:",)),
        ("segment:", ("public", "industry", "other")), ('segment:"the', ('"the rest"',)),
        ("renewal_on:to", ("today", "tomorrow")), ("renewal-on<ye", ("yesterday",)), ("seats>", ()),
        ("has:se", ("seats", "segment")), ("qualifier:", ("budget", "referred")),
        ('qualifier:"budget c', ('"budget confirmed"',)),
    ],
)  # fmt: skip
def test_a_filter_completes_fields_and_their_choices(typed: str, options: tuple[str, ...]) -> None:
    assert completions(typed, len(typed), vocabulary(PIPELINE)).options == options


def test_a_view_keeps_custom_columns_with_their_place_width_and_order() -> None:
    seats, rival = FieldColumn("seats"), FieldColumn("rival")
    view = View("Mine").with_columns([Column.NUMBER, Column.TITLE, seats, rival]).moved(rival, -2).sized(seats, 9)
    view = view.sorted_by(seats).reversed()
    back = View.from_json("Mine", view.to_json())
    assert back == view
    assert [placed.column for placed in back.columns] == [Column.NUMBER, rival, Column.TITLE, seats]
    assert (back.columns[3].width, back.sort, back.descending) == (9, seats, True)


def test_a_pipeline_without_the_field_is_looked_at_without_the_column() -> None:
    hat = FieldColumn("hat")
    view = replace(View().with_columns([Column.TITLE, hat, FieldColumn("rival")]), sort=hat, tab="gone")
    seen = view.within(PIPELINE)
    assert [placed.column for placed in seen.columns] == [Column.TITLE, FieldColumn("rival")]
    assert (seen.sort, seen.tab) == (Column.NUMBER, "")
    assert View().within(PIPELINE) is not None
    kept = replace(View(), tab="offered")
    assert kept.within(PIPELINE) is kept


@pytest.mark.parametrize("name", ["field:", "field:A", "field:a b", "hat", "field"])
def test_what_names_no_column_is_left_out_of_a_view(name: str) -> None:
    text = View().to_json().replace('["title", 0]', f'["{name}", 5]')
    columns = [placed.column for placed in View.from_json("Mine", text).columns]
    assert Column.TITLE not in columns
    assert len(columns) == len(View().columns) - 1


def test_a_field_is_called_by_key_or_name_whatever_the_case() -> None:
    for text in ("segment", "Segment", "market segment", "MARKET-SEGMENT", " market_segment "):
        assert PIPELINE.field_called(text) == SEGMENT
    assert PIPELINE.field_called("riv") is None
    assert PIPELINE.custom_field("rival") == RIVAL
