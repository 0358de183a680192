"""The filter language: what can be typed, what it means, and what a mistake is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funneltui.domain import filters
from funneltui.domain.deal import Outcome
from funneltui.domain.filter_completion import completions
from funneltui.domain.filter_parser import LONGEST, parse
from funneltui.domain.filters import EMPTY, Field, Filter, Flag, Node, Span
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import BadInput

SATURDAY = date(2026, 11, 21)
SALES = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting"),
        Stage("acquisition", "In acquisition", details=(Detail("call", "call scheduled"),)),
        Stage("negotiation", "In negotiation", details=(Detail("contract", "contract sent"),)),
        Stage("resigned", "Zrezygnował", StageKind.LOST),
    ),
    (Reason("price", "too expensive"),),
    (Source("web", "contact form"), Source("partner", "Partner")),
)


def root(text: str) -> Node:
    return parse(text, SATURDAY).root


def refusal(text: str, pipelines: tuple[Pipeline, ...] = ()) -> str:
    with pytest.raises(BadInput) as caught:
        parse(text, SATURDAY, pipelines=pipelines)
    return str(caught.value)


def answer(text: str) -> str:
    """Give the filter in words, or the refusal; anything else that is raised is a fault."""
    try:
        return f"told: {parse(text, SATURDAY, pipelines=(SALES,)).describe()}"
    except BadInput as error:
        return str(error)


@given(st.text(max_size=60))
@example('"')
@example("-")
@example('a:"')
@example("close:..")
@example("number:²")
@example("\x00\ud800")
def test_any_text_is_a_filter_or_bad_input(text: str) -> None:
    assert answer(text).startswith(("told: ", "filter: "))


@given(
    st.sampled_from([*Field, "is", "no", "has"]),
    st.sampled_from([":", "=", "<", "<=", ">", ">="]),
    st.text(alphabet='0123456789.,-"dkmw%€ abor', max_size=12),
)
def test_any_value_of_any_field_is_a_filter_or_bad_input(field: str, operator: str, value: str) -> None:
    assert answer(f"{field}{operator}{value}").startswith(("told: ", "filter: "))


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_typed_is_the_empty_filter(text: str) -> None:
    assert parse(text, SATURDAY) == EMPTY
    assert EMPTY.is_empty
    assert EMPTY.describe() == "every deal"


def test_terms_bind_closer_than_or() -> None:
    a, b, c = filters.Word("a"), filters.Word("b"), filters.Word("c")
    assert root("a b or c") == filters.Either((filters.All((a, b)), c))


def test_a_minus_turns_only_its_own_term_round() -> None:
    assert root("-a b") == filters.All((filters.Not(filters.Word("a")), filters.Word("b")))


def test_a_quoted_phrase_is_one_term_and_a_quoted_or_is_a_word() -> None:
    assert root('"Big  Deal"') == filters.Word("big deal")
    assert root('"or"') == filters.Word("or")


def test_quotes_that_a_word_processor_made_are_quotes() -> None:
    assert root("„big deal“") == filters.Word("big deal")


def test_words_are_folded() -> None:
    assert root("Łódź") == filters.Word("lodz")


@pytest.mark.parametrize("text", ["#12", "number:12", "number=12"])
def test_a_hash_and_digits_ask_for_a_number(text: str) -> None:
    assert root(text) == filters.Numbers(Field.NUMBER, (Span(12, 12),))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("amount>5000", Span(low=500000, above=True)),
        ("amount>=5k", Span(low=500000)),
        ("amount<12,500", Span(high=1250000, below=True)),
        ("amount<=1.5k", Span(high=150000)),
        ("amount=0", Span(0, 0)),
        ("amount:1000..5000", Span(100000, 500000)),
        ("amount:1000..", Span(low=100000)),
        ("amount:..5000", Span(high=500000)),
    ],
)
def test_amounts_are_compared_in_minor_units(text: str, span: Span[int]) -> None:
    assert root(text) == filters.Amounts(span, "EUR")


def test_an_amount_with_its_currency_asks_for_that_currency_only() -> None:
    assert root("amount>€5k") == filters.Amounts(Span(low=500000, above=True), "EUR", only=True)


@pytest.mark.parametrize(
    ("text", "field", "span"),
    [
        ("close<fri", Field.CLOSE, Span(high=date(2026, 11, 27), below=True)),
        ("expected_close:fri..eom", Field.CLOSE, Span(date(2026, 11, 27), date(2026, 11, 30))),
        ("close:15.12...eoy", Field.CLOSE, Span(date(2026, 12, 15), date(2026, 12, 31))),
        ('close:"15 dec"..', Field.CLOSE, Span(low=date(2026, 12, 15))),
        ("created:yesterday..", Field.CREATED, Span(low=SATURDAY - timedelta(days=1))),
        ("created>=2026-01-01", Field.CREATED, Span(low=date(2026, 1, 1))),
        ("created:fri", Field.CREATED, Span(date(2026, 11, 20), date(2026, 11, 20))),
        ("touched<-30d", Field.TOUCHED, Span(high=SATURDAY - timedelta(days=30), below=True)),
        ("followup:today", Field.FOLLOW_UP, Span(SATURDAY, SATURDAY)),
        ("follow_up:today", Field.FOLLOW_UP, Span(SATURDAY, SATURDAY)),
        ("entered>-7d", Field.ENTERED, Span(low=SATURDAY - timedelta(days=7), above=True)),
    ],
)
def test_dates_are_typed_as_anywhere_else(text: str, field: Field, span: Span[date]) -> None:
    assert root(text) == filters.Days(field, (span,))


def test_several_values_mean_any_of_them() -> None:
    assert root('stage:offered,"In acq"') == filters.Keys(Field.STAGE, ("offered", "in acq"), begins=True)
    assert root("outcome:won,lost") == filters.Outcomes((Outcome.WON, Outcome.LOST))
    assert root("is:overdue,rot") == filters.Flags((Flag.OVERDUE, Flag.ROTTING))
    assert root("no:follow-up,amount") == filters.Presence((Field.FOLLOW_UP, Field.AMOUNT), present=False)
    assert root("owner:me,nobody,Ana") == filters.People(Field.OWNER, ("ana",), me=True, nobody=True)


@pytest.mark.parametrize(
    ("text", "field", "keys"),
    [
        ("stage:waiting", Field.STAGE, ("waiting",)),
        ("stage:zrezygnowal", Field.STAGE, ("resigned",)),
        ("stage:in", Field.STAGE, ("acquisition", "negotiation")),
        ("stage:in_acquisition", Field.STAGE, ("acquisition",)),
        ('detail:"contract sent",call', Field.DETAIL, ("contract", "call")),
        ("source:contact", Field.SOURCE, ("web",)),
        ('reason:"too exp"', Field.REASON, ("price",)),
    ],
)
def test_names_of_a_pipeline_become_keys(text: str, field: Field, keys: tuple[str, ...]) -> None:
    assert parse(text, SATURDAY, pipelines=(SALES,)).root == filters.Keys(field, keys)


def test_a_key_means_its_own_stage_even_where_another_is_called_so() -> None:
    swapped = (Stage("offered", "Sent"), Stage("sent", "Offered"), Stage("Later", "Some day"))
    for text, key in (("stage:offered", "offered"), ('stage:"sent"', "sent"), ("stage:later", "Later")):
        found = parse(text, SATURDAY, pipelines=(replace(SALES, stages=swapped),)).root
        assert found == filters.Keys(Field.STAGE, (key,))


def test_a_pipeline_is_meant_by_its_key_or_name_among_all_of_them() -> None:
    both = (SALES, replace(SALES, key="sales_eu", name="Продажби"))
    for text, keys in (
        ("pipeline:sales", ("sales",)), ("pipeline:прод", ("sales_eu",)), ("pipeline:sal", ("sales", "sales_eu")),
    ):  # fmt: skip
        assert parse(text, SATURDAY, pipelines=both).root == filters.Keys(Field.PIPELINE, keys)
    assert refusal("pipeline:renewals", both).endswith("no such pipeline; pipelines are sales, sales_eu")


def test_an_equals_sign_wants_the_whole_text_and_a_colon_a_part_of_it() -> None:
    assert root("company:acme") == filters.Contains(Field.COMPANY, ("acme",))
    assert root('company="ACME Ltd",globex') == filters.Contains(Field.COMPANY, ("acme ltd", "globex"), whole=True)
    assert parse("company=acme", SATURDAY).describe() == 'company exactly "acme"'


def test_an_unknown_stage_is_refused_with_those_that_there_are() -> None:
    assert refusal("acme stage:wating", (SALES,)) == (
        'filter: at character 12, "wating": no such stage; did you mean waiting? '
        "stages are waiting, acquisition, negotiation, resigned"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acme, amoont>5", 'filter: at character 7, "amoont": no such field; did you mean amount? fields are stage, '),
        ("close:soonish", 'filter: at character 7, close: can\'t read "soonish" as a date'),
        ("-amount:x", 'filter: at character 9, amount: can\'t read "x" as an amount'),
        ("probability>high", 'filter: at character 13, probability: can\'t read "high" as a whole number'),
        ("a or", 'filter: at character 3, "or": a term must follow it'),
        ("or a", 'filter: at character 1, "or": a term must stand before it'),
        ("a or or b", 'filter: at character 6, "or": a term must stand before it'),
        ("a - b", 'filter: at character 3, "-": a term must follow it'),
        ('a "b c', 'filter: at character 3, ""b c": the quote is never closed'),
        ('stage:"b c', 'filter: at character 7, ""b c": the quote is never closed'),
        ("owner:", 'filter: at character 1, "owner:": there is nothing to look for'),
        ("stage<offered", 'filter: at character 1, "stage": it has no order; write stage:offered'),
        ("amount:5k..1k", 'filter: at character 8, "5k..1k": it ends before it begins'),
        ("is:o", 'filter: at character 4, "o": it could be open or overdue'),
        ("currency:eurr", 'filter: at character 10, currency: "EURR" is no currency; did you mean EUR'),
        ("x" * (LONGEST + 1), "filter: it is 1001 characters long; 1000 is the most"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("outcome:spam", True),
        ("a (b) or c -is:won", True),
        ("is:overdue,closed", True),
        ("is:overdue acme", False),
        ("won", False),
        ("", False),
    ],
)
def test_a_filter_knows_whether_it_speaks_of_outcomes(text: str, mentioned: bool) -> None:
    assert parse(text, SATURDAY).mentions_outcome is mentioned


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("acme -tag:old amount>5k", '"acme", not tag old, amount above 5000'),
        ("stage:offered,waiting or #7", "stage like offered or waiting; or number 7"),
        ("close:today..eom no:owner", "expected close from 2026-11-21 up to 2026-11-30, without owner"),
        ("reached:offered -visited:waiting,offered", "reached like offered, not visited like waiting or offered"),
        ("created<today owner:me", "created before 2026-11-21, owner me"),
        ("amount:€1,000..€2,500.50 currency:eur", "amount from €1,000 up to €2,500.50, in EUR"),
    ],
)
def test_a_filter_can_be_told_in_words(text: str, told: str) -> None:
    assert parse(text, SATURDAY).describe() == told


def test_two_filters_together_want_both_and_the_empty_one_wants_nothing() -> None:
    either, third = parse("a or b", SATURDAY), parse("c", SATURDAY)
    assert either & EMPTY == either == EMPTY & either
    assert (either & third) == Filter(filters.All((either.root, third.root)))
    assert (either & third).describe() == '("a"; or "b"), "c"'


KNOWN = {"stage": ("offered", "In acquisition"), "owner": ("Ana", "Žiga")}


@pytest.mark.parametrize(
    ("typed", "start", "options"),
    [
        ("acme st", 5, ("stage:",)),
        ("acme -ow", 6, ("owner:",)),
        ("stage:", 6, ("offered", '"In acquisition"')),
        ('-stage:offered,"in ac', 15, ('"In acquisition"',)),
        ("owner:zi", 6, ("Žiga",)),
        ("owner:", 6, ("me", "nobody", "Ana", "Žiga")),
        ("close:fri..eo", 11, ("eow", "eom", "eoq", "eoy")),
        ("x or is:wo", 8, ("won",)),
        ("no:fo", 3, ("follow-up",)),
        ("what:ever", 5, ()),
    ],
)
def test_what_is_being_typed_is_completed(typed: str, start: int, options: tuple[str, ...]) -> None:
    found = completions(typed, len(typed), KNOWN)
    assert (found.start, found.end, found.options) == (start, len(typed), options)


def test_a_completion_replaces_the_rest_of_its_word() -> None:
    found = completions("stage:offxx acme", 8, KNOWN)
    assert (found.start, found.end, found.options) == (6, 11, ("offered",))


@given(st.text(alphabet='ast:"-,.. or', max_size=20), st.integers(-3, 25))
def test_a_completion_lies_around_the_cursor(text: str, cursor: int) -> None:
    found = completions(text, cursor, KNOWN)
    assert 0 <= found.start <= max(0, min(cursor, len(text))) <= found.end <= len(text)


@given(
    st.sampled_from(["", "a ", "-", "a or "]), st.sampled_from(["st", "stage:", "stage:in", "owner:z", "is:w", "no:"])
)
def test_whatever_is_completed_can_be_parsed(before: str, typed: str) -> None:
    text = before + typed
    found = completions(text, len(text), KNOWN)
    assert found.options
    for option in found.options:
        filled = text[: found.start] + option + text[found.end :]
        parse(filled + ("x" if filled.endswith(":") else ""), SATURDAY)
