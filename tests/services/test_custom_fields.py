"""Custom fields and qualifiers: demanded, set, found, sorted, undone and retired like every other field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.custom_fields import CustomField, FieldKind, FieldValues, Qualifier, told
from funneltui.domain.filters import Filter
from funneltui.domain.text import clean_line
from funneltui.errors import BadInput, NotFound, RuleBroken
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import deals, fields, moves, past_lists, pipelines, transfers, undo, views
from funneltui.storage import deals as stored
from funneltui.storage import list_windows
from funneltui.storage.database import query
from funneltui.storage.list_orders import field_sort
from tests.conftest import small_pipeline
from tests.fielded import RENEWAL, RIVAL, SEATS, SEGMENT, fielded_pipeline, with_fields

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

CLOSE = date(2026, 12, 15)


@pytest.fixture
def shop(context: Context) -> Context:
    """Give a workspace whose pipeline has a field of each kind and lists qualifiers; none of them is demanded."""
    return with_fields(context)


def add(context: Context, **values: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values)


def typed(context: Context, **texts: str) -> fields.Values:
    """Give what somebody typed as values."""
    return fields.read(context, texts, context.pipeline, context.pipeline.first)


def found(context: Context, text: str) -> list[int]:
    condition = views.condition_of(context, context.pipelines, text) & stored.within(context.actor.scope)
    return [deal.number for deal in stored.select(context.database, condition)]


def test_values_are_typed_as_people_write_them_and_kept_as_they_are_meant(shop: Context) -> None:
    said = typed(
        shop, seats="1,250", renewal_on="fri", segment="Public Sector", rival=" Acme\tLtd ", qualifier="referred"
    )
    deal = add(shop, **said)
    assert deal.custom == FieldValues.of(
        {"seats": "1250", "renewal_on": "2026-11-27", "segment": "public", "rival": "Acme Ltd"}
    )
    assert deal.qualifier == "referred"
    assert deals.several(shop, [deal.number]) == [deal]


def test_a_field_is_also_called_by_its_name(shop: Context) -> None:
    assert typed(shop, **{"market segment": "industry"}) == {"segment": "industry"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("seats", "many", 'Seats: can\'t read "many" as a number'),
        ("seats", "1.23456", "Seats: can't read"),
        ("renewal_on", "someday", "Renewal: can't read"),
        ("seat", "5", 'there is no field "seat"; the fields are: title, .*, seats, renewal_on, segment, rival'),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(shop: Context, name: str, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        typed(shop, **{name: text})


def test_a_choice_and_a_listed_qualifier_are_one_of_those_there_are(shop: Context) -> None:
    with pytest.raises(NotFound, match='there is no Market segment "moon"; choose one of: public, industry, other'):
        typed(shop, segment="moon")
    with pytest.raises(NotFound, match='there is no qualifier "hot"; choose one of: budget, referred'):
        typed(shop, qualifier="hot")


@pytest.mark.parametrize(
    "values",
    [{"seats": "1.0"}, {"seats": "-0"}, {"renewal_on": "1.2.2027"}, {"renewal_on": "2300-01-01"}, {"hat": "red"}],
)
def test_no_service_stores_what_is_no_value(shop: Context, values: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        add(shop, **values)
    number = add(shop).number
    with pytest.raises(BadInput):
        deals.edit(shop, number, values)
    assert len(found(shop, "")) == 1


@pytest.mark.parametrize("values", [{"segment": "moon"}, {"qualifier": "hot"}])
def test_no_service_stores_what_is_not_offered(shop: Context, values: dict[str, object]) -> None:
    with pytest.raises(RuleBroken, match="choose one of"):
        add(shop, **values)


def test_a_stage_can_demand_them_and_says_so(context: Context) -> None:
    shop = with_fields(context, acquisition=("seats", "qualifier", "segment", "renewal_on", "rival"))
    number = add(shop).number
    with pytest.raises(RuleBroken) as caught:
        moves.move(shop, [number], "acquisition", {"detail": "call"})
    assert str(caught.value) == (
        "deal 1: In acquisition demands Seats and a qualifier (budget, referred) and Market segment "
        "(public, industry, other) and Renewal and Rival"
    )
    asked = {one.field: [choice.name for choice in one.choices] for one in caught.value.missing}
    assert list(asked) == ["seats", "qualifier", "segment", "renewal_on", "rival"]
    assert asked["qualifier"] == ["budget confirmed", "referred by a client"]
    said = typed(shop, seats="12", qualifier="budget", segment="ind", renewal_on="1.3.2027", rival="Acme")
    moved = moves.move(shop, [number], "acquisition", said | {"detail": "call"})[0]
    assert (moved.stage, moved.qualifier) == ("acquisition", "budget")
    assert dict(moved.custom.pairs) == {
        "seats": "12", "segment": "industry", "renewal_on": "2027-03-01", "rival": "Acme",
    }  # fmt: skip
    with pytest.raises(RuleBroken, match="demands Rival"):
        deals.edit(shop, number, {"rival": ""})


def test_what_was_set_before_need_not_be_said_again(context: Context) -> None:
    shop = with_fields(context, offered=("seats",))
    number = add(shop, seats="5").number
    given = {"detail": "contract", "follow_up": CLOSE}
    assert (
        moves.gate_for(shop, deals.several(shop, [number])[0], shop.pipeline.stage("offered")).missing[0].field
        == "detail"
    )
    assert moves.move(shop, [number], "offered", given)[0].custom.get("seats") == "5"


def test_one_field_is_changed_and_the_others_stay(shop: Context) -> None:
    number = add(shop, seats="5", rival="Acme", segment="public").number
    changed = deals.edit(shop, number, {"seats": "7", "segment": ""})
    assert dict(changed.custom.pairs) == {"seats": "7", "rival": "Acme"}
    again = deals.edit(shop, number, {"seats": "7"})
    assert again.version == changed.version  # nothing differs, nothing is written


def test_an_edit_of_one_is_undone_and_redone_alone(shop: Context) -> None:
    first = add(shop, seats="5", rival="Acme")
    deals.edit(shop, first.number, {"rival": "Globex", "seats": ""})
    undone = undo.undo(shop).deals[0]
    assert undone.custom == first.custom
    redone = undo.redo(shop).deals[0]
    assert dict(redone.custom.pairs) == {"rival": "Globex"}
    assert deals.several(shop, [first.number])[0] == redone


def test_the_history_tells_which_field_was_changed(shop: Context) -> None:
    from funneltui.domain.event_words import in_words

    number = add(shop, seats="5", rival="Acme").number
    deals.edit(shop, number, {"segment": "public", "seats": "1200", "renewal_on": "2027-03-01"})
    deals.edit(shop, number, {"rival": ""})
    *_, before, last = deals.show(shop, number).events
    today = shop.clock.today()
    assert in_words(before, shop.pipeline, today) == "Renewal: Mon 1 Mar; Seats: 1200; Market segment: public sector"
    assert in_words(last, shop.pipeline, today) == "Rival: none"
    assert undo.told_history(shop, number)[0].what == "edited deal 1 (rival)"


def test_words_are_found_in_them(shop: Context) -> None:
    add(shop, rival="Žagar d.o.o.")
    add(shop, title="Other", segment="industry")
    assert found(shop, "zagar") == [1]
    deals.edit(shop, 1, {"rival": "Acme"})
    assert found(shop, "zagar") == []
    assert found(shop, "acme") == [1]


@pytest.fixture
def three(shop: Context) -> Context:
    """Give three deals with values, and one without any."""
    add(shop, seats="5", rival="Žagar d.o.o.", segment="public", renewal_on="2026-11-20", qualifier="budget")
    add(shop, seats="40.5", rival="acme 100%", segment="industry", renewal_on="2026-12-01")
    add(shop, seats="-3", segment="other", qualifier="referred")
    add(shop)
    return shop


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("seats:5", [1]), ("seats>5", [2]), ("seats>=5", [1, 2]), ("seats<5", [3]), ("seats:-3..5", [1, 3]),
        ("seats:..40,5", [1, 2, 3]), ("seats:5..", [1, 2]), ("-seats>5", [1, 3, 4]), ("SEATS=40.5", [2]),
        ("rival:zagar", [1]), ("rival:ŽAG", [1]), ("rival:100%", [2]), ("rival:acme,zagar", [1, 2]),
        ("-rival:acme", [1, 3, 4]), ("segment:public", [1]), ('segment:"public sector"', [1]),
        ("segment:ind,other", [2, 3]), ("renewal_on:20.11.2026", [1]), ("renewal-on<today", [1]),
        ("renewal_on:today..eoy", [2]), ("renewal_on>2026-11-20", [2]), ("has:seats", [1, 2, 3]), ("no:seats", [4]),
        ("no:rival,renewal-on", [3, 4]), ("no:amount,seats", [1, 2, 3, 4]), ("qualifier:budget", [1]),
        ("qualifier:budg", [1]), ('qualifier:"referred by"', [3]), ("-qualifier:budget", [2, 3, 4]),
        ("no:qualifier", [2, 4]), ("seats>1 -segment:public or qualifier:referred", [2, 3]),
    ],
)  # fmt: skip
def test_a_filter_asks_for_them(three: Context, text: str, numbers: list[int]) -> None:
    assert found(three, text) == numbers
    asked = views._parsed(three, three.pipelines, [text])
    assert found_by_rule(three, asked) == numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("segment:rest", 'at character 9, "rest": no such Market segment; .*are public, industry, other'),
        ("seats:many", 'at character 7, seats: can\'t read "many" as a number'),
        ("seats:5..1", "it ends before it begins"),
        ("rival>5", "it has no order; write rival:5"),
        ("seat:5", "no such field; did you mean seats"),
        ("no:seast", "no such optional field; did you mean seats"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where(shop: Context, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        found(shop, text)


def found_by_rule(context: Context, asked: Filter) -> list[int]:
    """Give the deals that the filter's own words in plain Python mean: the second opinion on the SQL."""
    from tests.storage.test_filtering import holds

    return [deal.number for deal in stored.select(context.database, stored.EVERYTHING) if holds(deal, asked.root)]


@pytest.mark.parametrize(
    ("key", "upwards", "downwards"),
    [
        ("seats", [3, 1, 2, 4], [2, 1, 3, 4]),
        ("rival", [2, 1, 3, 4], [1, 2, 4, 3]),
        ("segment", [1, 2, 3, 4], [3, 2, 1, 4]),
        ("renewal_on", [1, 2, 3, 4], [2, 1, 4, 3]),
    ],
)
def test_a_list_is_sorted_by_them_both_ways_and_what_lacks_them_comes_last(
    three: Context, key: str, upwards: list[int], downwards: list[int]
) -> None:
    sort = field_sort(key, three.pipelines)
    assert sort is not None
    for descending, numbers in ((False, upwards), (True, downwards)):
        window = list_windows.window(three.database, stored.EVERYTHING, sort, descending=descending, start=0, size=9)
        assert [deal.number for deal in window] == numbers
        places = [
            list_windows.place_of(three.database, stored.EVERYTHING, sort, descending=descending, number=number)
            for number in numbers
        ]
        assert places == [0, 1, 2, 3]
        by_hand = past_lists.in_order(reversed(window), sort, three.pipelines, descending=descending)
        assert [deal.number for deal in by_hand] == numbers  # as the list of a past moment is sorted


def test_a_deal_costs_as_many_statements_as_before(three: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    real = three.database.execute_sql
    monkeypatch.setattr(three.database, "execute_sql", lambda sql, *rest: counted.append(sql) or real(sql, *rest))
    deals.several(three, [1])
    one = len(counted)
    deals.several(three, [1, 2, 3, 4])
    assert len(counted) == 2 * one


def changed(context: Context, **parts: object) -> Context:
    new = replace(context.pipeline, **parts)  # type: ignore[arg-type]
    return pipelines.apply(context, new, {}, to_toml).context


def test_a_retired_field_stays_with_the_deals_that_have_it_and_goes_to_no_other(three: Context) -> None:
    now = changed(three, fields=(RENEWAL, SEGMENT, RIVAL))
    assert now.pipeline.retired.fields == (SEATS,)
    kept = deals.edit(now, 1, {"title": "Still"})
    assert kept.custom.get("seats") == "5"
    with pytest.raises(BadInput, match="Seats is no field of Sales any more"):
        deals.edit(now, 4, {"seats": "9"})
    with pytest.raises(BadInput, match="Seats is no field of Sales any more"):
        typed(now, seats="9")
    assert found(now, "seats>4") == [1, 2]
    back = changed(now, fields=(SEATS, RENEWAL, SEGMENT, RIVAL))
    assert back.pipeline.retired.fields == ()
    assert deals.edit(back, 4, {"seats": "9"}).custom.get("seats") == "9"


def test_a_choice_given_up_is_known_and_not_offered(three: Context) -> None:
    fewer = replace(SEGMENT, choices=SEGMENT.choices[1:])
    told_of = pipelines.difference(
        three, three.pipeline, replace(three.pipeline, fields=(SEATS, RENEWAL, fewer, RIVAL))
    )
    assert told_of.words == (
        "choice public sector of Market segment is removed",
        "1 deal (1 open) has the choice public sector and keeps it",
    )
    now = changed(three, fields=(SEATS, RENEWAL, fewer, RIVAL))
    assert now.pipeline.choice_names(fewer)["public"] == "public sector"
    assert deals.edit(now, 1, {"title": "Still"}).custom.get("segment") == "public"
    with pytest.raises(RuleBroken, match='"public" is no Market segment'):
        deals.edit(now, 4, {"segment": "public"})
    assert found(now, "segment:public") == [1]


def test_what_changes_of_fields_is_told_in_words(three: Context) -> None:
    seats = replace(SEATS, name="Users", help="")
    new = replace(
        three.pipeline,
        fields=(seats, RENEWAL, SEGMENT, CustomField("region", "Region")),
        qualifiers=(Qualifier("budget", "the money is there"),),
    )
    assert pipelines.difference(three, three.pipeline, new).words == (
        "qualifier referred by a client is removed",
        "qualifier budget confirmed is called the money is there",
        "field Rival is removed",
        "field Seats is called Users",
        "field Region is added after Market segment",
        "field Users: help taken away",
        "1 deal (1 open) has the qualifier referred by a client and keeps it",
        "2 deals (2 open) have a value in the field Rival and keep it",
    )


def test_a_kind_never_changes_not_even_of_a_retired_field(three: Context) -> None:
    other = replace(SEATS, kind=FieldKind.TEXT)
    said = r'the field Seats \(key "seats"\) is a number and stays one; .* give the new field another key'
    with pytest.raises(BadInput, match=said):
        changed(three, fields=(other,))
    now = changed(three, fields=(RIVAL,))
    with pytest.raises(BadInput, match=said):
        changed(now, fields=(RIVAL, other))


def test_deals_keep_the_free_text_that_they_had_when_qualifiers_are_listed(context: Context) -> None:
    number = add(context, qualifier="has the money").number
    shop = with_fields(context, acquisition=("qualifier",))
    kept = deals.edit(shop, number, {"title": "Still"})
    assert kept.qualifier == "has the money"
    with pytest.raises(RuleBroken, match='"has the money" is no qualifier; choose one of: budget, referred'):
        moves.move(shop, [number], "acquisition", {"detail": "call"})


def test_a_deal_that_goes_to_another_pipeline_keeps_what_that_one_knows(three: Context) -> None:
    other = replace(
        small_pipeline(), key="other", name="Other", fields=(RIVAL, replace(SEATS, kind=FieldKind.TEXT), SEGMENT)
    )
    both = pipelines.add_pipeline(three, other, to_toml)
    before = deals.several(both, [1])[0]
    there = transfers.move_to_pipeline(both, [1], "other")[0]
    assert dict(there.custom.pairs) == {"rival": "Žagar d.o.o.", "seats": "5", "segment": "public"}
    assert found(both, "seats>4") == [2]  # a number there, a text here: the same key means both
    assert found(both, "seats:5") == [1]
    assert undo.undo(both).deals[0].custom == before.custom


def test_numbers_of_one_pipeline_and_texts_of_another_are_sorted_without_a_mistake(three: Context) -> None:
    other = replace(small_pipeline(), key="other", name="Other", fields=(replace(SEATS, kind=FieldKind.TEXT),))
    both = pipelines.add_pipeline(three, other, to_toml)
    deals.add(both, {"title": "Deal", "source": "web", "expected_close": CLOSE, "seats": "a few"}, None, "other")
    sort = field_sort("seats", both.pipelines)
    assert sort is not None
    window = list_windows.window(both.database, stored.EVERYTHING, sort, descending=False, start=0, size=9)
    assert [deal.number for deal in window] == [3, 1, 2, 4, 5]
    assert found(both, "seats:few") == [5]


VALUES = {
    FieldKind.NUMBER: st.decimals(-99_999_999, 99_999_999, places=4, allow_nan=False, allow_infinity=False).map(str),
    FieldKind.DATE: st.dates(date(1970, 1, 1), date(2200, 12, 31)).map(date.isoformat),
    FieldKind.CHOICE: st.sampled_from([one.name for one in SEGMENT.choices]),
    FieldKind.TEXT: st.text(max_size=40).map(clean_line).filter(bool),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({field.key: VALUES[field.kind] for field in (SEATS, RENEWAL, SEGMENT, RIVAL)}))
def test_a_value_survives_from_the_keys_to_the_database_and_back(shop: Context, texts: dict[str, str]) -> None:
    pipeline = shop.pipeline
    values = typed(shop, **texts)
    deal = add(shop, **values)
    assert deals.several(shop, [deal.number]) == [deal]
    for field in pipeline.fields:
        kept = deal.custom.get(field.key)
        assert kept == values[field.key]
        shown = told(field, kept, pipeline.choice_names(field))
        assert typed(shop, **{field.key: shown}) == {field.key: kept}
        assert typed(shop, **{field.key: kept}) == {field.key: kept}
    number, day = deal.custom.get("seats"), deal.custom.get("renewal_on")
    asked = f"#{deal.number} seats:{number} renewal_on:{day} segment:{deal.custom.get('segment')} has:rival"
    assert found(shop, asked) == [deal.number]
    assert found(shop, f"#{deal.number} seats<{number} or #{deal.number} seats>{number}") == []


def test_the_new_tables_are_there_and_old_deals_have_no_values(context: Context) -> None:
    add(context)
    assert query(context.database, "SELECT custom FROM deal") == [("{}",)]
    assert query(context.database, "SELECT count(*) FROM field") == [(0,)]
    assert fielded_pipeline() != context.pipeline
