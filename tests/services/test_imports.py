"""Rows of a file become deals with a true past, by the rules that hold for everybody."""

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
from funneltui.services.import_runs import rehearsal
from funneltui.services.imports import Fate
from funneltui.storage import bulk
from funneltui.storage.database import query
from tests.conftest import NOW
from tests.imported_rows import DAY, deal, dump, events, fates, row, stays, take, why

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


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


@pytest.mark.parametrize("name", ["none", "Nobody", "TEAM"])
def test_an_owner_whose_name_means_somebody_else_is_refused(context: Context, name: str) -> None:
    said = f'owner: nobody can be called "{name}": in filters and options that word means somebody else; '
    assert why(context, row(owner=name)) == f"{said}leave the owner empty for a deal of nobody"
    assert said in why(context, row(owner=None, defaults={"owner": name}))


def test_an_owner_that_is_set_is_found_like_one_in_a_file(context: Context) -> None:
    take(context, row(2, defaults={"owner": "me"}), row(3, defaults={"owner": "ANA"}))
    assert [deal(context, number).owner for number in (1, 2)] == ["ana", "ana"]
    assert [user.name for user in people.everyone(context)] == ["ana"]


def test_without_an_owner_a_deal_is_the_importers_and_with_an_empty_one_nobodys(context: Context) -> None:
    take(context, row(2), row(3, defaults={"owner": None}))
    assert (deal(context, 1).owner, deal(context, 2).owner) == ("ana", None)


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
