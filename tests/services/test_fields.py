"""Fields as they are typed: read, cleaned, and refused with the field's name."""

from __future__ import annotations

import shutil
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.gates import FIELD_LABELS
from funneltui.errors import BadInput, FunneltuiError, NotFound
from funneltui.services import deals
from funneltui.services.fields import read, read_percent, read_tags, settle, values_of

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Context

CLOSE = date(2026, 12, 15)


@pytest.fixture
def location(tmp_path: Path, made_file: Path) -> str:
    """Give a file with a workspace: reading what is typed asks no database."""
    return str(shutil.copy(made_file, tmp_path / "test.db"))


def typed(context: Context, stage: str = "offered", **texts: str) -> dict[str, object]:
    return read(context, texts, context.pipeline, context.pipeline.stage(stage))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("title", "  New \x1b[2J roof ", "New [2J roof"),
        ("source", "Contact", "web"),
        ("detail", "contract sent", "contract"),
        ("reason", "TOO EXP", "price"),
        ("expected_close", "15.12.", CLOSE),
        ("follow_up", "2026-12-15", CLOSE),
        ("amount", "12,500", 1_250_000),
        ("probability", "60 %", 60),
        ("tags", "#Big, eu", ("big", "eu")),
        ("email", "ann@example.com", "ann@example.com"),
        ("notes", "one\r\ntwo", "one\ntwo"),
        ("phone", "+386 1 234", "+386 1 234"),
    ],
)
def test_a_typed_text_is_read(context: Context, field: str, text: str, value: object) -> None:
    assert typed(context, **{field: text}) == {field: value}


@pytest.mark.parametrize("field", sorted(FIELD_LABELS))
def test_an_empty_text_clears_the_field(context: Context, field: str) -> None:
    value = typed(context, **{field: "  "})[field]
    assert value in (None, "", ())
    blank = values_of(deals.add(context, {"title": "x", "source": "web", "expected_close": CLOSE}))[field]
    if field not in ("title", "source", "expected_close", "owner"):
        assert value == blank


def test_an_amount_is_read_in_the_currency_given_with_it(context: Context) -> None:
    assert typed(context, amount="500", currency="jpy") == {"currency": "JPY", "amount": 500}


def test_an_amount_is_read_in_the_deals_own_currency(context: Context) -> None:
    deal = deals.add(context, {"title": "x", "source": "web", "expected_close": CLOSE, "currency": "JPY"})
    assert read(context, {"amount": "500"}, context.pipeline, context.pipeline.first, deal) == {"amount": 500}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("amount", "a lot"),
        ("amount", "-5"),
        ("probability", "101"),
        ("probability", "half"),
        ("probability", "٥٠"),
        ("expected_close", "someday"),
        ("follow_up", "31.2."),
        ("email", "ann at example"),
        ("email", "a@b, c@d"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_fields_name(context: Context, field: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"^{FIELD_LABELS[field]}: "):
        typed(context, **{field: text})


@pytest.mark.parametrize("field", ["source", "detail", "reason"])
def test_what_the_pipeline_does_not_know_is_refused_with_what_it_knows(context: Context, field: str) -> None:
    with pytest.raises(NotFound, match="choose one of: "):
        typed(context, **{field: "astrology"})


def test_a_detail_is_looked_up_in_the_stage_that_is_entered(context: Context) -> None:
    with pytest.raises(NotFound):
        typed(context, "acquisition", detail="contract")


def test_an_unknown_field_is_refused_with_the_fields_there_are(context: Context) -> None:
    with pytest.raises(BadInput, match='no field "colour"; the fields are: title, '):
        typed(context, colour="red")


def test_an_unknown_currency_is_refused(context: Context) -> None:
    with pytest.raises(BadInput):
        typed(context, amount="5", currency="ZZZ")


@pytest.mark.parametrize(("text", "percent"), [("0", 0), ("100%", 100), (" 7 % ", 7)])
def test_a_probability_is_whole_percent(text: str, percent: int) -> None:
    assert read_percent(text) == percent


def test_tags_are_folded_sorted_and_each_once() -> None:
    assert read_tags("Žaga; #EU eu,, big\tBIG") == ("big", "eu", "zaga")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_tags_read_again_are_the_same(text: str) -> None:
    tags = read_tags(text)
    assert read_tags(" ".join(tags)) == tags


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "notes", "company", "owner", "detail"]), st.text(max_size=40)))
def test_settling_twice_is_settling_once(values: dict[str, object]) -> None:
    assert settle(settle(values)) == settle(values)


@pytest.mark.parametrize("field", ["probability", "amount"])
@pytest.mark.parametrize("value", [-1, 10**16])
def test_a_number_out_of_bounds_is_refused(field: str, value: int) -> None:
    with pytest.raises(BadInput):
        settle({field: value})


@pytest.mark.parametrize("day", [date(1969, 12, 31), date(2201, 1, 1)])
@pytest.mark.parametrize("field", ["expected_close", "follow_up", "closed_on"])
def test_a_date_out_of_bounds_is_refused(field: str, day: date) -> None:
    with pytest.raises(BadInput, match="out of bounds"):
        settle({field: day})


def test_a_repeat_is_stored_in_its_one_written_form_or_refused() -> None:
    assert settle({"follow_up_repeat": "every 2w"}) == {"follow_up_repeat": "2 weeks"}
    with pytest.raises(BadInput, match=r'^follow-up repeats: .*"banana" as a repeat'):
        settle({"follow_up_repeat": "banana"})


def test_any_text_in_any_field_is_read_or_refused_in_words(context: Context) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(sorted(FIELD_LABELS)), st.text(max_size=30))
    def attempt(field: str, text: str) -> None:
        said = ""
        try:
            typed(context, **{field: text})
        except FunneltuiError as error:
            said = str(error)
        assert not [sign for sign in said if unicodedata.category(sign) in ("Cc", "Cs")]

    attempt()
