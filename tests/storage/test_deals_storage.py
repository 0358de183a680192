"""Deals as stored: what goes in comes out, and a change touches what differs and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.history import EventKind, Role
from funneltui.domain.text import clean_line, clean_text
from funneltui.errors import StorageError
from funneltui.services.people import add_user
from funneltui.storage import deals, history
from funneltui.storage.database import query, run_many, writing
from funneltui.storage.deals import COUNTED, EVERYTHING, Condition, within
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from funneltui.services.context import Context

MOMENT = datetime(2026, 11, 20, 8, 15, 30, 123456, tzinfo=UTC)
PLAIN = Deal(1, "Deal", "sales", "waiting", "web", date(2026, 12, 1), MOMENT, MOMENT, MOMENT, "EUR", owner="ana")
FULL = Deal(
    2, "Rollout", "sales", "resigned", "phone", date(2026, 12, 1), MOMENT, MOMENT + timedelta(days=1),
    MOMENT + timedelta(days=2), "JPY", "Žagar d.o.o.", "Łucja Żak", "lucja@example.com", "+386 1 234", "ana", "ana",
    123_456, 40, None, Outcome.LOST, "offered", date(2026, 12, 3), "call her", "hot", ("big", "eu"), "one\ntwo",
    "price", "twice the price", date(2026, 11, 21), "csv", "A-17", 7,
)  # fmt: skip


def store(context: Context, deal: Deal) -> Deal:
    with writing(context.database):
        deals.insert(context.database, deal, context.actor.id if deal.owner else None, context.actor.id)
    return replace(deal, created_by="ana")


def loaded(context: Context, number: int) -> Deal:
    return deals.load(context.database, None, [number])[number]


def changed(context: Context, before: Deal, **changes: object) -> Deal:
    after = replace(before, **changes)  # type: ignore[arg-type]
    with writing(context.database):
        deals.update_all(context.database, [(before, after)], {after.owner: context.actor.id if after.owner else None})
    return after


@pytest.mark.parametrize("deal", [PLAIN, FULL])
def test_a_deal_comes_out_as_it_went_in(context: Context, deal: Deal) -> None:
    stored = store(context, deal)
    assert loaded(context, deal.number) == stored


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(min_size=1, max_size=30).map(lambda text: clean_line(text) or "x"),
    notes=st.text(max_size=60).map(clean_text),
    amount=st.none() | st.integers(0, 10**15),
    day=st.dates(date(1970, 1, 1), date(2200, 12, 31)),
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
)
def test_any_cleaned_values_come_out_as_they_went_in(
    context: Context, title: str, notes: str, amount: int | None, day: date, moment: datetime
) -> None:
    with context.database.atomic() as transaction:
        deal = replace(PLAIN, title=title, notes=notes, amount=amount, expected_close=day, touched=moment)
        stored = store(context, deal)
        assert loaded(context, 1) == stored
        transaction.rollback()


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2300, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_a_moment_is_kept_to_the_microsecond(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment


CHANGES: list[dict[str, object]] = [
    {"title": "New"},
    {"amount": 5},
    {"amount": None},
    {"company": ""},
    {"company": "Globex"},
    {"contact": "Somebody else"},
    {"email": "", "phone": "", "contact": ""},
    {"owner": None},
    {"tags": ()},
    {"follow_up": None},
    {"version": 8, "touched": MOMENT + timedelta(days=9)},
]


def test_a_change_comes_out_as_it_went_in(context: Context) -> None:
    deal = store(context, FULL)
    for changes in CHANGES:
        deal = changed(context, deal, **changes)
        assert loaded(context, 2) == deal, changes


def test_a_change_writes_the_columns_that_differ_and_no_others(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store(context, FULL)
    statements: list[str] = []
    run = context.database.execute_sql

    def noted(sql: str, *values: object) -> object:
        statements.append(sql)
        return run(sql, *values)

    monkeypatch.setattr(context.database, "execute_sql", noted)
    changed(context, before, amount=1)
    (update,) = [sql for sql in statements if sql.startswith("UPDATE")]
    assert update.count(" = ") == 2  # the amount, and the number in WHERE
    assert '"amount" =' in update


def test_no_change_writes_nothing(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store(context, FULL)
    monkeypatch.setattr(deals, "run_many", lambda *_: pytest.fail("nothing differs"))
    changed(context, before)


def test_a_change_of_one_deal_changes_no_other(context: Context) -> None:
    first, second = store(context, PLAIN), store(context, FULL)
    changed(context, first, title="New", company="Globex", contact="Somebody")
    assert loaded(context, 2) == second


def test_one_company_is_one_company_however_it_is_written(context: Context) -> None:
    store(context, replace(PLAIN, company="Žagar d.o.o."))
    store(context, replace(PLAIN, number=2, company="ZAGAR D.O.O."))
    assert query(context.database, "SELECT name FROM company") == [("Žagar d.o.o.",)]


def test_a_new_number_on_one_deals_contact_leaves_the_other_deals_contact(context: Context) -> None:
    first = store(context, replace(PLAIN, contact="Ann", phone="1"))
    second = store(context, replace(PLAIN, number=2, contact="Ann", phone="1"))
    changed(context, first, phone="2")
    assert loaded(context, 2) == second
    assert loaded(context, 1).phone == "2"


def test_the_very_same_contact_is_kept_once(context: Context) -> None:
    for number in (1, 2, 3):
        store(context, replace(PLAIN, number=number, contact="Ann", email="ann@example.com", company="Acme"))
    assert query(context.database, "SELECT count(*) FROM contact") == [(1,)]


def test_the_due_date_is_kept_with_the_deal(context: Context) -> None:
    stored = store(context, replace(PLAIN, follow_up=date(2026, 11, 30)))
    assert query(context.database, "SELECT due_on FROM deal") == [("2026-11-30",)]
    changed(context, stored, follow_up=None)
    assert query(context.database, "SELECT due_on FROM deal") == [("2026-12-01",)]


def test_words_are_found_by_their_folded_form(context: Context) -> None:
    store(context, FULL)
    found = deals.select(context.database, Condition("d.search LIKE ?", ("%zagar%lucja%",)))
    assert [deal.number for deal in found] == [2]


def test_the_reason_of_a_loss_is_not_found_by_its_words(context: Context) -> None:
    store(context, FULL)
    assert deals.count(context.database, Condition("d.search LIKE ?", ("%twice%",))) == 0
    assert deals.count(context.database, Condition("d.search LIKE ?", ("%price%",))) == 0


def test_a_scope_hides_what_lies_outside_it(context: Context) -> None:
    bor = add_user(context, "bor", Role.REP)
    store(context, PLAIN)
    store(context, replace(PLAIN, number=2, owner=None))
    assert set(deals.load(context.database, None, [1, 2])) == {1, 2}
    assert set(deals.load(context.database, context.actor.id, [1, 2])) == {1}
    assert deals.load(context.database, bor.id, [1, 2]) == {}


def test_a_scope_holds_whatever_it_is_joined_with(context: Context) -> None:
    bor = add_user(context, "bor", Role.REP)
    store(context, PLAIN)
    either = Condition("d.title = ? OR d.number > ?", ("Deal", 0))
    assert deals.count(context.database, either & within(bor.id)) == 0
    assert deals.count(context.database, within(bor.id) & either) == 0


@pytest.mark.parametrize("condition", [EVERYTHING, Condition("d.number > ?", (0,))])
def test_joining_with_everything_changes_nothing(condition: Condition) -> None:
    assert condition & EVERYTHING == EVERYTHING & condition == condition


def test_more_deals_are_loaded_than_a_statement_takes_parameters(context: Context) -> None:
    store(context, PLAIN)
    assert set(deals.load(context.database, None, list(range(1, 1203)))) == {1}


def test_pages_are_the_whole_list(context: Context) -> None:
    for number in range(1, 8):
        store(context, replace(PLAIN, number=number))
    pages = list(deals.pages(context.database, EVERYTHING, size=3))
    assert [[deal.number for deal in page] for page in pages] == [[1, 2, 3], [4, 5, 6], [7]]


def test_a_deal_that_goes_while_pages_are_read_takes_no_other_with_it(context: Context) -> None:
    for number in range(1, 8):
        store(context, replace(PLAIN, number=number))
    pages = deals.pages(context.database, COUNTED, size=3)
    first = next(pages)
    with writing(context.database):
        run_many(context.database, "UPDATE deal SET outcome = 'spam' WHERE number = ?", [(1,), (2,), (5,)])
    found = [[deal.number for deal in page] for page in [first, *pages]]
    assert found == [[1, 2, 3], [4, 6], [7]]


def test_a_deal_is_found_by_its_number_elsewhere(context: Context) -> None:
    store(context, FULL)
    assert set(deals.by_external_id(context.database, "csv", ["A-17", "A-18"])) == {"A-17"}
    assert deals.by_external_id(context.database, "mail", ["A-17"]) == {}
    assert deals.by_external_id(context.database, "csv", []) == {}


def test_a_number_elsewhere_is_taken_once(context: Context) -> None:
    store(context, FULL)
    with pytest.raises(StorageError):
        store(context, replace(FULL, number=3))


def test_numbers_count_up(context: Context) -> None:
    assert deals.next_number(context.database) == 1
    store(context, replace(PLAIN, number=41))
    assert deals.next_number(context.database) == 42


def test_a_visits_seconds_are_kept_when_it_ends(context: Context) -> None:
    store(context, PLAIN)
    with writing(context.database):
        history.open_visit(context.database, 1, "waiting", None, MOMENT, context.actor.id)
        history.close_visit(context.database, 1, MOMENT + timedelta(seconds=90, microseconds=999))
        history.open_visit(context.database, 1, "offered", "contract", MOMENT + timedelta(seconds=91), None)
    first, second = history.visits_of(context.database, 1)
    assert (first.seconds, first.left, first.who) == (90, MOMENT + timedelta(seconds=90, microseconds=999), "ana")
    assert (second.seconds, second.left, second.detail, second.who) == (None, None, "contract", None)


def test_a_clock_set_back_gives_no_negative_seconds(context: Context) -> None:
    store(context, PLAIN)
    with writing(context.database):
        history.open_visit(context.database, 1, "waiting", None, MOMENT, None)
        history.close_visit(context.database, 1, MOMENT - timedelta(hours=1))
    assert history.visits_of(context.database, 1)[0].seconds == 0


def test_events_come_out_in_their_order_with_what_they_say(context: Context) -> None:
    store(context, PLAIN)
    said = {"before": {"title": "Łódź"}, "after": {"title": "“b”", "tags": ["x"], "amount": None}}
    with writing(context.database):
        history.add_event(context.database, 1, MOMENT, context.actor.id, EventKind.CREATED, 1, {})
        history.add_event(context.database, 1, MOMENT, None, EventKind.EDITED, 2, said)
    events = history.events_of(context.database, 1)
    assert [(event.kind, event.who, event.version) for event in events] == [
        (EventKind.CREATED, "ana", 1), (EventKind.EDITED, None, 2),
    ]  # fmt: skip
    assert events[1].data == said
    assert history.events_of(context.database, 1, since_version=1) == events[1:]
