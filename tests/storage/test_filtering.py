"""Filters as SQL find the very deals that the rules say, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain import filters
from funneltui.domain.deal import Deal, Outcome, is_rotting
from funneltui.domain.field_filters import FieldContains, FieldDays, FieldIs, FieldNumbers, FieldThere
from funneltui.domain.filter_parser import LONGEST, parse
from funneltui.domain.filters import Field, Flag, Node, Span
from funneltui.domain.history import Role
from funneltui.domain.money import minor_digits
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.text import fold
from funneltui.storage import deals, people, pipelines, schema
from funneltui.storage.database import Database, connect
from funneltui.storage.filtering import condition

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 21)
ZONE = ZoneInfo("America/Sao_Paulo")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SALES = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting", rot_days=7),
        Stage("offered", "Offered", details=(Detail("sent", "contract sent"), Detail("talks", "in talks")), rot_days=3),
        Stage("off_limits", "Off limits", rot_days=9**9),
        Stage("acquired", "Acquired", StageKind.WON),
        Stage("resigned", "Resigned", StageKind.LOST),
    ),
    (Reason("price", "too expensive"), Reason("other", "other")),
    (Source("web", "Contact form"), Source("phone", "Phone")),
)
USERS = ("Ana", "Žiga")
BASE = Deal(1, "A deal", "sales", "waiting", "web", TODAY, NOON, NOON, NOON, "EUR")


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    opened = connect(location, create=True)
    schema.upgrade(opened)
    pipelines.add(opened, SALES)
    for name in USERS:
        people.add(opened, name, Role.REP)
    yield opened
    opened.close()


def store(database: Database, *some: Deal) -> None:
    ids = {None: None} | {actor.name: actor.id for actor in people.everyone(database)}
    for deal in some:
        deals.insert(database, deal, ids[deal.owner], ids[deal.created_by])


def found(database: Database, text: str) -> list[int]:
    """Give the numbers of the deals that a typed filter finds for Ana."""
    ana = people.find(database, "ana")
    assert ana is not None
    asked = parse(text, TODAY, pipelines=(SALES,))
    where = condition(asked, actor_id=ana.id, today=TODAY, zone=ZONE, pipelines=(SALES,))
    # Beside another condition, as every caller uses it.
    return [deal.number for deal in deals.select(database, where & deals.Condition("d.number < ?", (1000,)))]


def holds(deal: Deal, node: Node) -> bool:
    """Tell in plain Python whether a deal is meant: the reference for the SQL."""
    match node:
        case filters.Not(inner):
            return not holds(deal, inner)
        case filters.All(nodes):
            return all(holds(deal, one) for one in nodes)
        case filters.Either(nodes):
            return any(holds(deal, one) for one in nodes)
        case filters.Word(text):
            return text in deals.search_text(deal)
        case filters.Keys(field, keys, begins):
            key = getattr(deal, field)
            return key is not None and any(key.startswith(one) if begins else key == one for one in keys)
        case filters.People(field, names, me, nobody):
            name = getattr(deal, field)
            return nobody if name is None else fold(name) in names or (me and name == "Ana")
        case filters.Contains(Field.PHONE, texts):
            return any(one in "".join(sign for sign in deal.phone if sign not in " -./()") for one in texts)
        case filters.Contains(field, texts, True):
            return fold(getattr(deal, field)).replace('"', "") in texts
        case filters.Contains(field, texts):
            return any(one in fold(getattr(deal, field)) for one in texts)
        case filters.Tags(tags):
            return any(fold(tag) in tags for tag in deal.tags)
        case filters.Outcomes(outcomes):
            return deal.outcome in outcomes
        case filters.Currencies(codes):
            return deal.currency in codes
        case filters.Amounts(span, currency, only):
            if deal.amount is None or (only and deal.currency != currency):
                return False
            scale = 10 ** minor_digits(currency)
            return lies(deal.amount * scale, span, 10 ** minor_digits(deal.currency))
        case filters.Numbers(field, numbers):
            return any(lies(measure(deal, field), span) for span in numbers)
        case filters.Days(field, days):
            return any(lies(day_of(deal, field), span) for span in days)
        case filters.Flags(flags):
            return any(is_so(deal, flag) for flag in flags)
        case FieldContains() | FieldIs() | FieldNumbers() | FieldDays() | FieldThere():
            return node.holds(deal)
        case filters.Presence(fields, present):
            names = {Field.FOLLOW_UP: "follow_up", Field.TAG: "tags"}
            return any((getattr(deal, names.get(one, one.value)) not in (None, "", ())) is present for one in fields)
    raise AssertionError(node)


def lies(value: Any, span: Span[Any], scale: int = 1) -> bool:
    if value is None:
        return False
    low = span.low if span.low is None or scale == 1 else span.low * scale
    high = span.high if span.high is None or scale == 1 else span.high * scale
    if low is not None and (value < low or (span.above and value == low)):
        return False
    return high is None or value < high or (not span.below and value == high)


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def measure(deal: Deal, field: Field) -> int | None:
    if field is Field.AGE:
        return (TODAY - local(deal.stage_entered)).days
    return deal.number if field is Field.NUMBER else deal.probability


def day_of(deal: Deal, field: Field) -> date | None:
    return {
        Field.CLOSE: deal.expected_close,
        Field.FOLLOW_UP: deal.follow_up,
        Field.CLOSED: deal.closed_on,
        Field.CREATED: local(deal.created),
        Field.TOUCHED: local(deal.touched),
        Field.ENTERED: local(deal.stage_entered),
    }[field]


def is_so(deal: Deal, flag: Flag) -> bool:
    due = deal.due
    match flag:
        case Flag.CLOSED:
            return deal.outcome in (Outcome.WON, Outcome.LOST)
        case Flag.OVERDUE:
            return due is not None and due < TODAY
        case Flag.TODAY:
            return due == TODAY
        case Flag.SOON:
            return due is not None and TODAY < due <= TODAY + timedelta(days=7)
        case Flag.UNASSIGNED:
            return deal.owner is None
        case Flag.ROTTING:
            return is_rotting(deal, SALES.stage(deal.stage), local(deal.touched), TODAY)
    return deal.outcome.value == flag.value


NAMES = st.sampled_from(
    ["", "Žagar d.o.o.", "Łódź 100%", "СОФИЯ_1", "a!b", "Zagar", "Straße œuvre", "50 % off", 'a "Zagar"', '"Zagar"']
)
AMOUNTS = st.sampled_from([None, 0, 50, 500, 4999, 5000, 5001, 499999, 500000, 500001, 5000000, 5000001, 10**15])
DATES = st.integers(-12, 12).map(lambda days: TODAY + timedelta(days=days))
# Around the midnights of the zone, which are 03:00 UTC.
MOMENTS = st.builds(
    lambda day, hour, second: datetime.combine(day, time(hour), UTC) + timedelta(microseconds=second),
    DATES, st.sampled_from([0, 3, 12, 23]), st.sampled_from([-1, 0, 1]),
)  # fmt: skip


@st.composite
def some_deals(draw: st.DrawFn) -> list[Deal]:
    return [draw(one_deal(number)) for number in range(1, draw(st.integers(1, 5)) + 1)]


@st.composite
def one_deal(draw: st.DrawFn, number: int) -> Deal:
    stage = draw(st.sampled_from(SALES.stages))
    spam = stage.is_open and draw(st.booleans())
    outcome = Outcome.SPAM if spam else Outcome(stage.kind.value)
    return Deal(
        number,
        draw(NAMES.filter(bool)),
        "sales",
        stage.key,
        draw(st.sampled_from(["web", "phone"])),
        draw(DATES),
        *(draw(MOMENTS) for _ in range(3)),
        draw(st.sampled_from(["EUR", "PLN", "JPY", "KWD", "CLF"])),
        company=draw(NAMES),
        contact=draw(NAMES),
        email=draw(st.sampled_from(["", "Ana@Example.com", "x_y@example.org"])),
        phone=draw(st.sampled_from(["", "+386 (40) 12-34", "040/12.34"])),
        owner=draw(st.sampled_from([None, *USERS])),
        created_by=draw(st.sampled_from([None, *USERS])),
        amount=draw(AMOUNTS),
        probability=draw(st.sampled_from([None, 0, 50, 100])),
        detail=draw(st.sampled_from([None, "sent", "talks"])) if stage.key == "offered" else None,
        outcome=outcome,
        follow_up=draw(st.none() | DATES),
        qualifier=draw(NAMES),
        tags=draw(st.sampled_from([(), ("vip",), ("VIP2", "žar"), ("vi", "50%"), ("a_b",), ("axb",)])),
        notes=draw(st.sampled_from(["", "vip\nŽagar", "offered\n\nzar"])),
        reason=draw(st.sampled_from(["price", "other"])) if outcome is Outcome.LOST else None,
        closed_on=draw(DATES) if stage.kind is not StageKind.OPEN else None,
    )


TEXTS = ("zagar", "Žag", "lodz", "софия", "100%", "_1", "a!b", "!", "strasse", "oeuvre", '"% off"', "vip")
WHOLE = ("zagar", '"Žagar d.o.o."', '"50 % off"', '"Lodz 100%"', "софия_1")
VALUES = {
    "stage": ["waiting", "off", "offered,resigned", '"off lim"'], "detail": ["sent", "t,sent"], "source": ["web", "phone"],
    "reason": ["price", "price,other"], "pipeline": ["sales"], "owner": ["me", "none", "ziga", "me,nobody", "unknown"],
    "created_by": ["me", "none", "Žiga,me"], "email": ["ana@", "_y@", "EXAMPLE"], "phone": ["040", "(40)12", "38640"],
    "tag": ["vip", "vip2,zar", "vi", "50%", "a_b"], "outcome": ["won", "open,lost", "spam"], "currency": ["eur", "jpy,clf"],
    "number": ["2", "1,3", "2..", "..2"], "probability": ["50", "0..50", "51.."], "age": ["0", "3..5", "..4"],
    "is": [flag.value for flag in Flag], "no": [field.value for field in filters.CAN_LACK], "has": ["tag,email", "detail"],
    "amount": ["5000", "500..5000", "50.01..", "€5000", "..5000EUR", "0"],
}  # fmt: skip
DAY_NAMES = ("close", "followup", "closed", "created", "touched", "entered")
LIMITS = [
    ("amount", "5000"),
    ("amount", "50.01"),
    ("amount", "€5000"),
    ("probability", "50"),
    ("age", "4"),
    ("number", "3"),
]
LIMITS += [(name, day) for name in DAY_NAMES for day in ("today", "-5d", "+2d")]
PLAIN = [
    *TEXTS,
    *(f"{key}:{text}" for key in ("company", "contact", "title", "qualifier") for text in TEXTS),
    *(f"{key}={text}" for key in ("company", "contact", "title", "qualifier") for text in WHOLE),
    *(f"{key}:{value}" for key, values in VALUES.items() for value in values),
    *(f"{key}:{value}" for key in DAY_NAMES for value in ("-3d..+3d", "..yesterday", "+1d..", "21.11.")),
    *(f"{name}{operator}{limit}" for name, limit in LIMITS for operator in ("<", "<=", ">", ">=", "=")),
]
TERMS = st.sampled_from(PLAIN)
TYPED = st.lists(st.builds("{}{}".format, st.sampled_from(["", "", "-"]), TERMS), min_size=1, max_size=4).flatmap(
    lambda terms: st.sampled_from([" ", " or "]).map(lambda between: between.join(terms))
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_deals(), st.lists(TYPED, min_size=1, max_size=6))
def test_the_database_finds_what_the_rules_say(database: Database, some: list[Deal], typed: list[str]) -> None:
    with database.atomic() as transaction:
        store(database, *some)
        for text in typed:
            root = parse(text, TODAY, pipelines=(SALES,)).root
            assert found(database, text) == [deal.number for deal in some if holds(deal, root)], text
        transaction.rollback()


def deals_at_the_edges() -> list[Deal]:
    """Give deals on and beside every limit that `PLAIN` names: amounts by currency, days, and moments by midnight."""
    some = [
        replace(BASE, amount=amount, currency=currency, probability=probability)
        for currency in ("EUR", "JPY", "KWD", "CLF")
        for amount, probability in zip(
            (None, 0, 50, 51, 5000, 5001, 4999, 499_999, 500_000, 500_001, 5_000_000, 5_000_001, 50_000_000),
            (None, 0, 49, 50, 51, 100) * 3,
            strict=False,
        )
    ]
    for days in range(-12, 10):
        day = TODAY + timedelta(days=days)
        for micros in (-1, 0, 1):
            moment = datetime.combine(day, time(), ZONE).astimezone(UTC) + timedelta(microseconds=micros)
            moved = replace(BASE, expected_close=day, created=moment, stage_entered=moment, touched=moment)
            some += [moved, replace(moved, follow_up=day, stage="offered"), replace(moved, follow_up=TODAY)]
            won = replace(moved, stage="acquired", outcome=Outcome.WON, closed_on=day, follow_up=day)
            some += [won, replace(moved, outcome=Outcome.SPAM)]
    return [replace(deal, number=number) for number, deal in enumerate(some, 1)]


def test_every_limit_falls_where_the_rules_say(database: Database) -> None:
    some = deals_at_the_edges()
    with database.atomic():
        store(database, *some)
    for text in PLAIN:
        root = parse(text, TODAY, pipelines=(SALES,)).root
        assert found(database, text) == [deal.number for deal in some if holds(deal, root)], text


@pytest.mark.parametrize(
    ("typed", "title"), [("zagar", "Žagar"), ("lodz", "Łódź"), ("софия", "София"), ("ŽAGAR", "zagar")]
)
def test_words_are_found_without_their_accents(database: Database, typed: str, title: str) -> None:
    store(database, replace(BASE, title=f"The {title} account"), replace(BASE, number=2, company=title))
    assert found(database, typed) == [1, 2]
    assert found(database, f"title:{typed}") == [1]
    assert found(database, f"company:{typed}") == [2]


@pytest.mark.parametrize("typed", ["%", "_", "!", "\\", "100%", "'", '"; DROP TABLE deal"', "?", "%s", "{0}"])
def test_signs_of_sql_are_only_themselves(database: Database, typed: str) -> None:
    plain = typed.strip('"')
    store(database, replace(BASE, title=f"x{plain}y"), replace(BASE, number=2, title="10000 xy"))
    assert found(database, typed) == [1]
    assert found(database, f"title:{typed}") == [1]


@pytest.mark.parametrize(
    "term", ["amount>5", "probability:50", "follow-up<today", "owner:ana", "company:x", "detail:sent"]
)
def test_what_is_unknown_of_a_deal_does_not_hide_it_from_a_negation(database: Database, term: str) -> None:
    store(database, BASE)
    assert found(database, term) == []
    assert found(database, f"-{term}") == [1]


def test_a_tag_is_found_whole_only(database: Database) -> None:
    store(database, replace(BASE, tags=("vip", "north")), replace(BASE, number=2, tags=("vips",), notes="a vip asks"))
    assert found(database, "tag:VIP") == [1]
    assert found(database, "-tag:vip") == [2]


def test_a_tag_or_qualifier_in_another_part_of_the_deal_is_none(database: Database) -> None:
    everything = replace(
        BASE,
        company="Acme",
        contact="Žan",
        email="z@example.com",
        phone="1",
        qualifier="Žar",
        tags=("žir",),
        notes="vip",
    )
    store(database, everything, replace(BASE, number=2, title="zar zir", notes="zar zir", tags=("x",), qualifier="y"))
    assert found(database, "qualifier:zar") == [1]
    assert found(database, "tag:zir") == [1]
    assert found(database, "title:zar") == [2]
    assert found(database, "tag:vip or qualifier:acme or title:acme") == []


def test_an_amount_is_compared_in_the_deals_own_currency_unless_one_is_written(database: Database) -> None:
    store(
        database,
        replace(BASE, amount=600_000),
        replace(BASE, number=2, amount=6_000, currency="JPY"),
        replace(BASE, number=3, amount=4_000_000, currency="KWD"),
    )
    assert found(database, "amount>5000") == [1, 2]
    assert found(database, "amount>€5000") == [1]


def test_or_does_not_reach_beyond_the_filter(database: Database) -> None:
    store(database, BASE, replace(BASE, number=1001))
    assert found(database, "deal or number>5") == [1]


def test_the_longest_filter_is_not_too_long_for_the_database(database: Database) -> None:
    store(database, BASE)
    assert found(database, "a " * (LONGEST // 2)) == [1]
    assert found(database, "-x or " * (LONGEST // 6 - 1) + "y") == [1]
    assert found(database, "tag:" + "a," * (LONGEST // 2 - 3) + "a") == []


def test_the_empty_filter_finds_everything(database: Database) -> None:
    store(database, BASE, replace(BASE, number=2))
    assert found(database, "  ") == [1, 2]
