"""What helps while a filter is typed: what can come next, and where it is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.filter_completion import Vocabulary, completions, mistake, readable, vocabulary
from funneltui.domain.filter_parser import LONGEST, parse
from funneltui.domain.filters import Field, Filter, Word
from funneltui.domain.pipeline import Detail, Pipeline, Source, Stage, StageKind
from funneltui.errors import BadInput

SATURDAY = date(2026, 11, 21)
SALES = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting"),
        Stage("acquisition", "In acquisition", details=(Detail("call", "call scheduled"),)),
        Stage("acquired", "Acquired", StageKind.WON),
        Stage("resigned", "Zrezygnował", StageKind.LOST),
    ),
    (),
    (Source("web", "contact form"), Source("phone", "phone")),
)


def proposed(text: str, known: Vocabulary | None = None) -> tuple[str, ...]:
    return completions(text, len(text), vocabulary(SALES) if known is None else known).options


def read(text: str) -> Filter:
    return parse(text, SATURDAY, pipelines=(SALES,))


def refused(text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(text)
    return caught.value


def test_before_anything_is_typed_the_fields_are_proposed_those_most_asked_for_first() -> None:
    options = proposed("")
    assert options[:4] == ("stage:", "is:", "owner:", "close:")
    assert len(set(options)) == len(options)
    assert proposed("acme ") == proposed("-") == options


def test_every_field_can_be_completed_but_the_rejection_reason() -> None:
    names = {option.rstrip(":").replace("-", "_") for option in proposed("")}
    fields = {field.value.replace("-", "_") for field in Field}
    assert names == fields - {"reason"} | {"is", "no", "has"}
    assert proposed("reas") == ()
    assert proposed("reason:", {"reason": ("price",)}) == ()


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("created_", ("created-by:",)),
        ("CREATED-", ("created-by:",)),
        ("exp", ("expected-close:",)),
        ("subj", ("subject:",)),
        ("ta", ("tag:",)),
        ("zz", ()),
    ],
)
def test_a_field_is_proposed_by_its_name_and_by_another_name_where_none_has_that_beginning(
    typed: str, options: tuple[str, ...]
) -> None:
    assert proposed(typed) == options


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("stage:", ("waiting", "acquisition", "acquired", "resigned")),
        ("stage:acq", ("acquisition", "acquired")),
        ("stage:in", ('"In acquisition"',)),
        ("stage:ZREZYGNOWAL", ()),
        ("stage:zrezyg", ("Zrezygnował",)),
        ("reached:acq", ("acquisition", "acquired")),
        ("reached:zrezyg", ()),
        ("visited:zrezyg", ("Zrezygnował",)),
        ("detail:c", ("call",)),
        ("detail:call ", proposed("")),
        ("source:con", ('"contact form"',)),
        ("currency:e", ("EUR",)),
        ("stage:waiting,", ("waiting", "acquisition", "acquired", "resigned")),
        ("amount>", ()),
        ("created<y", ("yesterday",)),
    ],
)
def test_what_a_pipeline_knows_is_proposed_by_its_key_or_by_its_name(typed: str, options: tuple[str, ...]) -> None:
    assert proposed(typed) == options


def test_what_stands_there_already_is_not_proposed() -> None:
    assert proposed("is:won") == ()
    assert proposed("owner:ziga", {"owner": ("Žiga", "Ziga Novak")}) == ('"Ziga Novak"',)


@pytest.mark.parametrize(
    ("name", "option"),
    [("Acme, Ltd", '"Acme, Ltd"'), ("A..B", '"A..B"'), ('Acme "Best" Ltd', "Acme"), ("“Acme” Ltd", '"Acme Ltd"')],
)
def test_a_value_is_proposed_as_it_can_be_typed(name: str, option: str) -> None:
    assert proposed("company:", {"company": (name,)}) == (option,)
    read(f"company:{option}")


@given(st.text(alphabet='aŽ "“,.:-', max_size=12).map("x{}".format))
def test_whatever_a_company_is_called_its_proposal_can_be_read(name: str) -> None:
    known = {"company": (name,)}
    (option,) = proposed("company:", known)
    text, cursor = completions("company:", 8, known).put_in("company:", option)
    assert cursor == len(text)
    assert not read(text).is_empty


def test_what_is_taken_replaces_what_was_typed_of_it_and_the_cursor_stands_behind_it() -> None:
    found = completions("stage:wxx acme", 7, vocabulary(SALES))
    assert found.put_in("stage:wxx acme", "waiting") == ("stage:waiting acme", 13)


@pytest.mark.parametrize(
    ("typed", "field", "beginning"),
    [
        ("company:Žag", Field.COMPANY, "zag"),
        ("-created_by:a,b", Field.CREATED_BY, "b"),
        ('x tags:"In a', Field.TAG, "in a"),
        ("stage:", Field.STAGE, ""),
        ("reason:p", None, "p"),
        ("is:o", None, "o"),
        ("comp", None, ""),
    ],
)
def test_whoever_knows_more_values_is_told_of_which_field_and_how_they_begin(
    typed: str, field: Field | None, beginning: str
) -> None:
    found = completions(typed, len(typed), {})
    assert (found.field, found.typed) == (field, beginning)


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("hooli amount>lots acme", "lots", "at 14, amount: can't read"),
        ("stage:nonsense", "nonsense", 'at 7, "nonsense": no such stage'),
        ("acme amoont>5 x", "amoont>5", 'at 6, "amoont": no such field'),
        ("owner: x", "owner:", "at 1,"),
        ('x stage:"b c', '"b c', "at 9,"),
        ("a or", "or", "at 3,"),
        ("a - b", "-", "at 3,"),
        ("a " * LONGEST, "a " * LONGEST, "it is 2000 characters long"),
    ],
)
def test_a_mistake_has_a_place_in_the_text_and_words_without_preamble(text: str, place: str, why: str) -> None:
    found = mistake(text, refused(text))
    assert text[found.start : found.end] == place
    assert found.why.startswith(why)


@given(st.text(alphabet='stage:is,"<>-#. orž\u200b', max_size=40))
def test_a_mistake_always_lies_within_the_text(text: str) -> None:
    try:
        read(text)
    except BadInput as error:
        found = mistake(text, error)
        assert 0 <= found.start < found.end <= len(text)
        assert not found.why.startswith("filter")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("hooli amount>lots", "hooli"),
        ("stage:", ""),
        ("stage:nonsense acme", "acme"),
        ("acme or stage:x", "acme"),
        ("-stage:x acme", "acme"),
        ("amoont:1 acme is:o", "acme"),
        ("acme " + "x:1 " * 50, ""),
    ],
)
def test_while_it_is_typed_a_filter_means_what_can_be_read_of_it(text: str, part: str) -> None:
    kept, wanted, error = readable(text, read)
    assert kept.strip() == part
    assert wanted == (Filter(Word(part)) if part else Filter())
    assert str(error) == str(refused(text))


def test_a_filter_that_can_be_read_is_left_as_it_is() -> None:
    assert readable("acme stage:waiting", read) == ("acme stage:waiting", read("acme stage:waiting"), None)


@given(st.text(alphabet='stage:is,"<>-#. orž', max_size=40))
def test_whatever_is_typed_some_part_of_it_can_be_read(text: str) -> None:
    part, wanted, _ = readable(text, read)
    assert read(part) == wanted
