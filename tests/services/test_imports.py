"""Rows of a file become deals with a true past, or change those that came before: by the rules that hold for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.dates import as_moment
from funneltui.domain.deal import Outcome
from funneltui.domain.history import EventKind, Role
from funneltui.errors import StorageError
from funneltui.services import deals, imports, moves, people
from funneltui.services.imports import Fate, ImportRow, Origin, RowResult, import_batch, rehearsal
from funneltui.storage import bulk
from funneltui.storage.database import query
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

TABLES = ("deal", "visit", "event", "company", "contact", "person")


def row(line: int = 2, stage: str | None = None, **given: Any) -> ImportRow:
    about = {name: given.pop(name) for name in list(given) if name in ROW_FIELDS}
    values = {"title": f"deal of line {line}", "source": "web", "expected_close": date(2026, 12, 1)} | given
    values = {name: value for name, value in values.items() if value is not None}
    return ImportRow(line, values, about.pop("defaults", {}), about.pop("currency_read", "EUR"), stage, **about)


ROW_FIELDS = {"external_id", "created", "entered", "closed", "via", "defaults", "is_outcome_only", "stage_if_new",
              "currency_read"}  # fmt: skip


def take(context: Context, *rows: ImportRow) -> list[RowResult]:
    return import_batch(context, rows, Origin("csv", "deals.csv", context.pipeline))


def fates(context: Context, *rows: ImportRow) -> list[Fate]:
    return [result.fate for result in take(context, *rows)]


def why(context: Context, one: ImportRow) -> str:
    before = dump(context)
    result = take(context, one)[0]
    assert result.fate is Fate.REJECTED
    assert dump(context) == before
    return result.why


def dump(context: Context) -> dict[str, list[tuple[Any, ...]]]:
    return {table: query(context.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}


def deal(context: Context, number: int = 1) -> Deal:
    return deals.show(context, number).deal


def stays(context: Context, number: int = 1) -> list[tuple[str, date, int | None]]:
    return [(one.stage, one.entered.date(), one.seconds) for one in deals.show(context, number).visits]


def events(context: Context, number: int = 1) -> list[tuple[EventKind, date, int]]:
    return [(one.kind, one.at.date(), one.version) for one in deals.show(context, number).events]


DAY = 86_400


def test_rows_become_deals_numbered_in_their_order(context: Context) -> None:
    assert fates(context, row(2), row(3), row(4)) == [Fate.CREATED] * 3
    assert [deal(context, number).title for number in (1, 2, 3)] == [f"deal of line {line}" for line in (2, 3, 4)]


def test_an_open_deal_is_as_old_as_the_file_says(context: Context) -> None:
    take(context, row(created=date(2026, 10, 1)))
    found = deal(context)
    assert found.created == found.stage_entered == found.touched == as_moment(date(2026, 10, 1))
    assert stays(context) == [("waiting", date(2026, 10, 1), None)]
    assert events(context) == [(EventKind.CREATED, date(2026, 10, 1), 1)]


def test_a_moment_is_kept_as_it_is(context: Context) -> None:
    when = datetime(2026, 10, 1, 7, 15, tzinfo=UTC)
    take(context, row(created=when))
    assert deal(context).created == when


def test_a_row_without_any_date_is_of_now(context: Context) -> None:
    take(context, row())
    assert deal(context).created == NOW


def test_a_date_of_today_is_not_later_than_now(context: Context) -> None:
    take(context, row(created=NOW.date()))
    assert deal(context).created == NOW


def test_a_deal_that_entered_its_stage_later_stood_in_the_first_one_before(context: Context) -> None:
    take(context, row(stage="acquisition", detail="call", created=date(2026, 10, 1), entered=date(2026, 10, 11)))
    assert stays(context) == [
        ("waiting", date(2026, 10, 1), 10 * DAY), ("acquisition", date(2026, 10, 11), None),
    ]  # fmt: skip
    assert events(context) == [
        (EventKind.CREATED, date(2026, 10, 1), 1), (EventKind.MOVED, date(2026, 10, 11), 2),
    ]  # fmt: skip
    assert deal(context).touched == as_moment(date(2026, 10, 11))


def test_a_won_deal_has_its_whole_past(context: Context) -> None:
    take(context, row(stage="acquired", created=date(2026, 1, 1), closed=date(2026, 3, 2), amount=500))
    found = deal(context)
    assert (found.outcome, found.closed_on, found.reach) == (Outcome.WON, date(2026, 3, 2), "acquired")
    assert found.version == 2
    assert stays(context) == [("waiting", date(2026, 1, 1), 60 * DAY), ("acquired", date(2026, 3, 2), None)]
    assert events(context) == [
        (EventKind.CREATED, date(2026, 1, 1), 1), (EventKind.WON, date(2026, 3, 2), 2),
    ]  # fmt: skip


def test_the_events_tell_the_deal_as_it_stood_then(context: Context) -> None:
    take(context, row(7, stage="resigned", reason="price", created=date(2026, 1, 1), closed=date(2026, 3, 2)))
    created, lost = deals.show(context, 1).events
    assert created.data["imported"] == {"file": "deals.csv", "line": 7}
    assert (created.data["after"]["stage"], created.data["after"]["outcome"]) == ("waiting", "open")
    assert "reason" not in created.data["after"]
    assert lost.data["before"]["stage"] == "waiting"
    assert (lost.data["after"]["stage"], lost.data["after"]["reason"]) == ("resigned", "price")


def test_a_lost_deal_keeps_how_far_it_came(context: Context) -> None:
    lost = row(stage="resigned", reason="price", via="offered", created=date(2026, 1, 1), entered=date(2026, 1, 11),
               closed=date(2026, 1, 31))  # fmt: skip
    take(context, lost)
    assert deal(context).reach == "offered"
    assert stays(context) == [
        ("waiting", date(2026, 1, 1), 10 * DAY), ("offered", date(2026, 1, 11), 20 * DAY),
        ("resigned", date(2026, 1, 31), None),
    ]  # fmt: skip
    assert [kind for kind, _, _ in events(context)] == [EventKind.CREATED, EventKind.MOVED, EventKind.LOST]


def test_a_closed_deal_without_a_close_date_closes_today(context: Context) -> None:
    take(context, row(stage="acquired", created=date(2026, 1, 1)))
    assert deal(context).closed_on == NOW.date()


def test_a_closed_deal_without_a_created_date_began_when_it_closed(context: Context) -> None:
    take(context, row(stage="acquired", closed=date(2026, 3, 2)))
    assert deal(context).created == as_moment(date(2026, 3, 2))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"created": date(2026, 11, 22)}, "created on 2026-11-22: that day is still to come"),
        ({"stage": "acquired", "closed": date(2027, 1, 1)}, "closed on 2027-01-01: that day is still to come"),
        (
            {"stage": "acquired", "created": date(2026, 3, 1), "closed": date(2026, 2, 1)},
            "closed on 2026-02-01: it was created on 2026-03-01",
        ),
        (
            {"created": date(2026, 3, 1), "entered": date(2026, 2, 1)},
            "entered its stage on 2026-02-01: it was created on 2026-03-01",
        ),
        ({"closed": date(2026, 2, 1)}, "Waiting is an open stage"),
        ({"stage": "acquisition"}, "demands a detail"),
        ({"stage": "offered", "detail": "contract"}, "demands a follow-up date"),
        ({"stage": "resigned"}, "demands a rejection reason"),
        ({"stage": "resigned", "reason": "whim"}, '"whim" is no rejection reason'),
        ({"source": None}, "demands a source"),
        ({"expected_close": None}, "expected close"),
        ({"stage": "acquired", "expected_close": None, "closed": date(2026, 2, 1)}, "expected close"),
        ({"title": "\u200b\x1b"}, "demands a title"),
        ({"stage": "nowhere"}, "there is no stage"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_and_leaves_no_trace(
    context: Context, given: dict[str, Any], reason: str
) -> None:
    assert reason in why(context, row(**given, owner="newcomer", company="New Company"))


def test_two_moments_of_one_day_are_in_order_whatever_their_times(context: Context) -> None:
    created = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    take(context, row(stage="acquired", created=created, closed=date(2026, 3, 2)))
    assert stays(context)[0][2] == 0


def test_a_rejected_row_does_not_keep_the_others_out(context: Context) -> None:
    assert fates(context, row(2), row(3, source=None), row(4)) == [Fate.CREATED, Fate.REJECTED, Fate.CREATED]
    assert deal(context, 2).title == "deal of line 4"


def test_what_is_set_fills_in_and_never_overrules(context: Context) -> None:
    defaults = {"source": "phone", "company": "Set"}
    take(context, row(2, source=None, defaults=defaults), row(3, company="Own", defaults=defaults))
    assert (deal(context, 1).source, deal(context, 1).company) == ("phone", "Set")
    assert (deal(context, 2).source, deal(context, 2).company) == ("web", "Own")


def test_texts_are_cleaned_and_names_are_kept_once(context: Context) -> None:
    take(context, row(2, title="a\x1b[2J\u202eb", company="Acme", contact="Eva"), row(3, company="ACME", contact="Eva"))
    assert deal(context, 1).title == "a[2Jb"
    assert deal(context, 2).company == "Acme"
    assert query(context.database, "SELECT count(*) FROM company")[0][0] == 1
    assert query(context.database, "SELECT count(*) FROM contact")[0][0] == 1


def test_unknown_owners_become_reps_once_and_known_ones_are_found_in_any_case(context: Context) -> None:
    people.add_user(context, "Žiga", Role.REP)
    take(context, row(2, owner="ziga"), row(3, owner="Eva Nová"), row(4, owner="EVA NOVÁ"), row(5, owner="me"))
    assert [deal(context, number).owner for number in range(1, 5)] == ["Žiga", "Eva Nová", "Eva Nová", "ana"]
    assert {user.name: user.role for user in people.everyone(context)}["Eva Nová"] is Role.REP


def test_without_an_owner_a_deal_is_the_importers_and_with_an_empty_one_nobodys(context: Context) -> None:
    take(context, row(2), row(3, defaults={"owner": None}))
    assert (deal(context, 1).owner, deal(context, 2).owner) == ("ana", None)


def test_the_same_rows_again_change_nothing(context: Context) -> None:
    rows = [
        row(2, external_id="A", owner="Eva", company="Acme", tags=("x", "y"), amount=100),
        row(3, stage="acquired", external_id="B", created=date(2026, 1, 1), closed=date(2026, 3, 2)),
        row(4, stage="resigned", external_id="C", defaults={"reason": "price"}),
        row(5, stage="acquisition", external_id="D", detail="call", company="ACME", owner="EVA"),
    ]
    take(context, *rows)
    before = dump(context)
    assert fates(context, *rows) == [Fate.UNCHANGED] * 4
    assert dump(context) == before


def test_a_changed_row_changes_its_deal_with_one_event(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert fates(context, row(external_id="A", amount=200)) == [Fate.UPDATED]
    assert deal(context).amount == 200
    last = deals.show(context, 1).events[-1]
    assert (last.kind, last.version, last.data["before"]) == (EventKind.EDITED, 2, {"amount": 100})


def test_an_empty_cell_takes_nothing_away(context: Context) -> None:
    take(context, row(external_id="A", company="Acme", notes="by hand"))
    assert fates(context, row(external_id="A", company=None)) == [Fate.UNCHANGED]
    assert deal(context).company == "Acme"


def test_what_is_set_never_changes_a_deal_that_is_there(context: Context) -> None:
    take(context, row(external_id="A"))
    later = row(external_id="A", stage_if_new="acquired", defaults={"company": "Set", "closed_on": date(2026, 1, 1)})
    assert fates(context, later) == [Fate.UNCHANGED]


def test_a_row_in_another_stage_moves_its_deal_through_the_gate(context: Context) -> None:
    take(context, row(external_id="A"))
    assert "demands a detail" in why(context, row(stage="acquisition", external_id="A"))
    assert fates(context, row(stage="acquisition", external_id="A", detail="meeting")) == [Fate.UPDATED]
    assert [stage for stage, _, _ in stays(context)] == ["waiting", "acquisition"]


def test_a_deal_lost_since_takes_the_reason_that_is_set(context: Context) -> None:
    take(context, row(external_id="A"))
    assert "demands a rejection reason" in why(context, row(stage="resigned", external_id="A"))
    lost = row(stage="resigned", external_id="A", defaults={"reason": "price"}, closed=NOW.date())
    assert fates(context, lost, replace(lost, line=3)) == [Fate.UPDATED, Fate.UNCHANGED]
    assert (deal(context).reason, deal(context).outcome) == ("price", Outcome.LOST)


def test_a_row_that_only_says_won_leaves_a_won_deal_in_its_stage(context: Context) -> None:
    take(context, row(stage="acquired", external_id="A", created=date(2026, 1, 1)))
    again = row(stage="acquired", external_id="A", is_outcome_only=True)
    assert fates(context, again) == [Fate.UNCHANGED]


def test_a_reopened_row_reopens_its_deal(context: Context) -> None:
    take(context, row(stage="resigned", external_id="A", reason="price"))
    assert fates(context, row(stage="waiting", external_id="A")) == [Fate.UPDATED]
    assert deals.show(context, 1).events[-1].kind is EventKind.REOPENED
    assert deal(context).reason is None


def test_an_id_twice_in_a_file_is_one_deal(context: Context) -> None:
    first, second = row(2, external_id="A", amount=1), row(3, external_id="A", amount=2)
    assert fates(context, first, row(4), second) == [Fate.CREATED, Fate.CREATED, Fate.UPDATED]
    assert query(context.database, "SELECT count(*) FROM deal")[0][0] == 2


def test_an_id_whose_first_row_was_rejected_goes_to_the_second(context: Context) -> None:
    assert fates(context, row(2, external_id="A", source=None), row(3, external_id="A")) == [
        Fate.REJECTED, Fate.CREATED,
    ]  # fmt: skip


def test_the_same_id_of_another_system_is_another_deal(context: Context) -> None:
    take(context, row(external_id="A"))
    other = import_batch(context, [row(external_id="A")], Origin("crm", "deals.csv", context.pipeline))
    assert other[0].fate is Fate.CREATED


def test_an_amount_read_in_another_currency_is_rejected(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert "read in USD" in why(context, row(external_id="A", amount=200, currency_read="USD"))


def test_a_change_of_currency_that_the_file_gives_is_taken(context: Context) -> None:
    take(context, row(external_id="A", amount=100))
    assert fates(context, row(external_id="A", amount=100, currency="USD")) == [Fate.UPDATED]
    assert deal(context).currency == "USD"


def test_events_come_in_the_order_of_the_rows(context: Context) -> None:
    take(context, row(2, external_id="A"))
    take(context, row(2), row(3, external_id="A", amount=5), row(4))
    order = [number for (number,) in query(context.database, "SELECT deal FROM event ORDER BY id")]
    assert order == [1, 2, 1, 3]


def test_a_rep_imports_his_own_deals_only(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    results = take(bor, row(2), row(3, owner="bor"), row(4, owner="ana"), row(5, owner="stranger"))
    assert [result.fate for result in results] == [Fate.CREATED, Fate.CREATED, Fate.REJECTED, Fate.REJECTED]
    assert "imports only his own deals" in results[2].why
    assert [user.name for user in people.everyone(context)] == ["ana", "bor"]


def test_a_rep_neither_changes_nor_compares_a_deal_that_is_not_his(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    people.add_user(context, "bor", Role.REP)
    take(context, row(external_id="A"))
    before = dump(context)
    results = take(as_user("bor"), row(2, external_id="A"), row(3, external_id="A", owner="bor", amount=1))
    assert ["is not among yours" in result.why for result in results] == [True, True]
    assert dump(context) == before


def test_a_rep_does_not_give_his_deal_away_by_a_file(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    take(bor, row(external_id="A"))
    assert "imports only his own deals" in why(bor, row(external_id="A", owner="ana"))


def test_a_manager_gives_a_deal_to_a_new_rep_by_a_file(context: Context) -> None:
    take(context, row(external_id="A"))
    assert fates(context, row(external_id="A", owner="Newcomer")) == [Fate.UPDATED]
    assert deal(context).owner == "Newcomer"


def test_a_rehearsal_sees_its_own_rows_and_leaves_nothing(context: Context) -> None:
    before = dump(context)
    with rehearsal(context):
        assert fates(context, row(external_id="A", owner="Eva")) == [Fate.CREATED]
        assert fates(context, row(external_id="A", owner="Eva")) == [Fate.UNCHANGED]
    assert dump(context) == before


def test_what_the_database_itself_refuses_is_rejected_alone(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = imports.drafted

    def careless(*args: Any) -> Deal:
        made = honest(*args)
        return replace(made, probability=900) if "3" in made.title else made

    monkeypatch.setattr(imports, "drafted", careless)
    rows = [row(line, external_id=str(line), owner=f"rep {line}", company=f"company {line}") for line in (2, 3, 4)]
    assert fates(context, *rows) == [Fate.CREATED, Fate.REJECTED, Fate.CREATED]
    assert {user.name for user in people.everyone(context)} == {"ana", "rep 2", "rep 4"}
    assert query(context.database, "SELECT count(*) FROM company")[0][0] == 2


def test_a_database_that_does_not_work_ends_the_batch_and_keeps_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        message = "the disk is full"
        raise StorageError(message)

    before = dump(context)
    monkeypatch.setattr(bulk, "insert_events", full)
    with pytest.raises(StorageError, match="disk is full"):
        take(context, row(2, owner="Eva"))
    assert dump(context) == before


def test_an_interrupted_batch_leaves_nothing(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    before = dump(context)
    monkeypatch.setattr(bulk, "insert_visits", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take(context, row(2))
    assert dump(context) == before


def test_an_imported_deal_goes_on_like_any_other(context: Context) -> None:
    take(context, row(created=date(2026, 10, 1)))
    moves.move(context, [1], "acquisition", {"detail": "call"})
    assert [stage for stage, _, _ in stays(context)] == ["waiting", "acquisition"]
    assert stays(context)[0][2] == int((NOW - as_moment(date(2026, 10, 1))).total_seconds())
