"""What arrives becomes a deal when it has all that a deal must have, else it waits; nothing comes twice, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.domain.inbox import Arrival, Channel, EntryState
from funneltui.errors import BadInput, NotAllowed, NotFound, RuleBroken
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import deals, health, inbox, people, pipelines, undo
from funneltui.services.imports import as_one_change
from funneltui.services.inbox import Fate
from funneltui.services.inbox_values import Completion
from tests.conftest import NOW
from tests.fielded import with_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

YESTERDAY = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
MAIL = Arrival(
    Channel.MAIL, "1@acme.example", "Jan Novak <jan@acme.example>",
    {"title": "Five lamps", "contact": "Jan Novak", "email": "jan@acme.example"}, "How much are five?", YESTERDAY,
)  # fmt: skip
NOTHING = Completion({}, {})
ENOUGH = Completion({"source": "phone", "expected_close": "+30d"}, {})


@pytest.fixture
def entry(context: Context) -> int:
    taken = inbox.take_in(context, MAIL, NOTHING)
    assert taken.entry is not None
    return taken.entry.number


def test_a_mail_with_all_that_a_deal_needs_is_one_from_the_moment_it_was_sent(context: Context) -> None:
    taken = inbox.take_in(context, MAIL, ENOUGH)
    assert taken.fate is Fate.ADDED
    assert taken.deal is not None
    deal = deals.show(context, taken.deal.number).deal
    assert (deal.title, deal.contact, deal.email) == ("Five lamps", "Jan Novak", "jan@acme.example")
    assert (deal.source, deal.expected_close, deal.notes) == ("phone", date(2026, 12, 21), "How much are five?")
    assert (deal.created, deal.stage_entered, deal.owner) == (YESTERDAY, YESTERDAY, "ana")
    assert (deal.external_system, deal.external_id) == ("mail", "1@acme.example")
    assert inbox.waiting(context) == 0


def test_what_came_for_a_pipeline_that_is_retired_by_now_begins_in_the_first_in_use(context: Context) -> None:
    second = replace(preset("simple"), name="Second")
    context = pipelines.add_pipeline(context, second, to_toml)
    waiting = inbox.take_in(context, MAIL, replace(NOTHING, pipeline=second.key)).entry
    assert waiting is not None
    context = pipelines.retire_pipeline(context, second.key, to_toml)
    assert inbox.to_complete(context, waiting.number, NOTHING).pipeline == "sales"
    assert inbox.complete(context, waiting.number, ENOUGH).pipeline == "sales"
    with pytest.raises(RuleBroken, match="has become deal 1"):
        inbox.to_complete(context, waiting.number, NOTHING)


def test_what_lacks_something_waits_and_makes_no_deal(context: Context) -> None:
    taken = inbox.take_in(context, MAIL, NOTHING)
    assert (taken.fate, taken.deal) == (Fate.WAITING, None)
    assert [one.field for one in taken.missing] == ["source", "expected_close"]
    with pytest.raises(NotFound):
        deals.show(context, 1)
    assert inbox.waiting(context) == 1


def test_the_same_message_comes_once_whatever_became_of_it(context: Context) -> None:
    waiting = inbox.take_in(context, MAIL, NOTHING)
    assert inbox.take_in(context, MAIL, ENOUGH).fate is Fate.KNOWN
    assert waiting.entry is not None
    inbox.drop(context, [waiting.entry.number])
    assert inbox.take_in(context, MAIL, ENOUGH).fate is Fate.KNOWN
    inbox.restore(context, [waiting.entry.number])
    inbox.complete(context, waiting.entry.number, ENOUGH)
    again = inbox.take_in(context, MAIL, ENOUGH)
    assert again.fate is Fate.KNOWN
    assert again.entry is not None
    assert again.entry.deal == 1
    assert len(inbox.listed(context, None, NOTHING)) == 1


def test_ids_of_mails_and_of_forms_are_different_things(context: Context) -> None:
    inbox.take_in(context, MAIL, ENOUGH)
    other = replace(MAIL, channel=Channel.FORM)
    assert inbox.take_in(context, other, ENOUGH).fate is Fate.ADDED


def test_options_win_over_what_arrived_and_settings_fill_in(context: Context) -> None:
    arrival = replace(MAIL, texts={**MAIL.texts, "source": "web", "company": "Acme"})
    said = Completion({"title": "Lamps"}, {"source": "phone", "expected_close": "+7d", "owner": "nobody"})
    deal = inbox.take_in(context, arrival, said).deal
    assert deal is not None
    assert (deal.title, deal.source, deal.company, deal.owner) == ("Lamps", "web", "Acme", None)
    assert deal.expected_close == date(2026, 11, 28)


def test_the_source_is_the_pipelines_own_for_forms(context: Context) -> None:
    taken = inbox.take_in(context, replace(MAIL, is_form=True), NOTHING)
    assert taken.entry is not None
    assert taken.entry.texts["source"] == "web"


def test_a_stranger_says_nothing_of_whose_a_deal_is_or_how_it_stands(context: Context) -> None:
    people.add_user(context, "bo", Role.REP)
    pushy = {"owner": "bo", "probability": "100", "stage": "acquired", "reason": "price", "closed_on": "2026-11-01"}
    deal = inbox.take_in(context, replace(MAIL, texts={**MAIL.texts, **pushy}), ENOUGH).deal
    assert deal is not None
    assert (deal.owner, deal.probability, deal.stage, deal.reason, deal.closed_on) == (
        "ana",
        None,
        "waiting",
        None,
        None,
    )


@pytest.mark.parametrize(
    "unreadable", [{"amount": "plenty"}, {"expected_close": "soon"}, {"email": "no address"}, {"currency": "shells"},
                   {"source": "a friend"}, {"qualifier": ""}],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_the_rest_stays(context: Context, unreadable: dict[str, str]) -> None:
    taken = inbox.take_in(context, replace(MAIL, texts={**MAIL.texts, "company": "Acme", **unreadable}), NOTHING)
    assert taken.entry is not None
    assert not unreadable.keys() & taken.entry.texts.keys()
    assert taken.entry.texts["company"] == "Acme"


def test_a_wrong_option_is_refused_and_nothing_is_kept(context: Context) -> None:
    with pytest.raises(BadInput, match="expected close"):
        inbox.take_in(context, MAIL, Completion({"expected_close": "sometime"}, {}))
    with pytest.raises(BadInput, match="settings of the inbox"):
        inbox.take_in(context, MAIL, Completion({}, {"source": "moon"}))
    assert inbox.listed(context, None, NOTHING) == []


def test_options_that_are_not_enough_are_kept_dates_as_they_were_meant(context: Context) -> None:
    taken = inbox.take_in(context, MAIL, Completion({"expected_close": "+10d", "amount": "500"}, {}))
    assert taken.entry is not None
    later = replace(context, clock=type(context.clock)(context.clock.zone, NOW + timedelta(days=5)))
    deal = inbox.complete(later, taken.entry.number, Completion({"source": "phone"}, {}))
    assert (deal.expected_close, deal.amount) == (date(2026, 12, 1), 50_000)


def test_completing_goes_through_the_gate(context: Context, entry: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        inbox.complete(context, entry, Completion({"source": "phone"}, {}))
    assert [one.field for one in refused.value.missing] == ["expected_close"]
    with pytest.raises(RuleBroken, match="detail"):
        inbox.complete(context, entry, replace(ENOUGH, stage="acquisition"))
    assert inbox.waiting(context) == 1


def test_undo_lets_the_entry_wait_again_and_redo_takes_it(context: Context, entry: int) -> None:
    inbox.complete(context, entry, ENOUGH)
    assert inbox.waiting(context) == 0
    undo.undo(context)
    assert inbox.waiting(context) == 1
    undo.redo(context)
    assert inbox.waiting(context) == 0
    undo.undo(context)
    assert inbox.complete(context, entry, ENOUGH).number == 2
    assert [one.entry.deal for one in inbox.listed(context, EntryState.DEAL, NOTHING)] == [2]


def test_many_that_come_together_are_one_change(context: Context) -> None:
    with as_one_change(context):
        for number in range(3):
            inbox.take_in(context, replace(MAIL, id=str(number)), ENOUGH)
    undo.undo(context)
    assert inbox.waiting(context) == 3


def test_an_entry_is_completed_once(context: Context, entry: int) -> None:
    inbox.complete(context, entry, ENOUGH)
    with pytest.raises(RuleBroken, match="has become deal 1"):
        inbox.complete(context, entry, ENOUGH)
    with pytest.raises(RuleBroken, match="has become deal 1"):
        inbox.drop(context, [entry])


def test_what_is_dropped_is_kept_and_comes_back(context: Context, entry: int) -> None:
    inbox.drop(context, [entry])
    assert inbox.waiting(context) == 0
    (dropped,) = inbox.listed(context, EntryState.DROPPED, NOTHING)
    assert (dropped.entry.dropped, dropped.entry.dropped_by) == (NOW, "ana")
    with pytest.raises(RuleBroken, match="was dropped"):
        inbox.complete(context, entry, ENOUGH)
    inbox.restore(context, [entry])
    assert inbox.complete(context, entry, ENOUGH).title == "Five lamps"


def test_dropping_is_all_or_none(context: Context, entry: int) -> None:
    with pytest.raises(NotFound, match="no entry 99"):
        inbox.drop(context, [entry, 99])
    assert inbox.waiting(context) == 1


def test_a_rep_sees_and_takes_in_his_own_only(context: Context, entry: int, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bo", Role.REP)
    rep = as_user("bo")
    assert inbox.listed(rep, None, NOTHING) == []
    with pytest.raises(NotFound, match="among yours"):
        inbox.complete(rep, entry, ENOUGH)
    known = inbox.take_in(rep, MAIL, ENOUGH)
    assert (known.fate, known.entry) == (Fate.KNOWN, None)
    with pytest.raises(NotAllowed):
        inbox.take_in(rep, replace(MAIL, id="2"), Completion({"owner": "ana"}, {}))
    mine = inbox.take_in(rep, replace(MAIL, id="2"), Completion({}, {"owner": "nobody"}))
    assert mine.entry is not None
    assert mine.entry.owner == "bo"
    assert inbox.complete(rep, mine.entry.number, ENOUGH).owner == "bo"
    assert len(inbox.listed(context, None, NOTHING)) == 2


@pytest.mark.parametrize("sent", [NOW + timedelta(days=900), datetime(1969, 2, 14, tzinfo=UTC), None])
def test_a_date_that_cannot_be_is_not_believed(context: Context, sent: datetime | None) -> None:
    deal = inbox.take_in(context, replace(MAIL, sent=sent), ENOUGH).deal
    assert deal is not None
    assert deal.created == NOW


def test_the_pipelines_own_fields_are_filled(context: Context) -> None:
    own = with_fields(context)
    arrival = replace(MAIL, texts={**MAIL.texts, "seats": "12", "renewal_on": "1.3.2027", "segment": "moon"})
    deal = inbox.take_in(own, arrival, ENOUGH).deal
    assert deal is not None
    assert deal.custom.pairs == (("renewal_on", "2027-03-01"), ("seats", "12"))


def test_a_field_named_by_an_option_is_kept_until_the_entry_is_completed(context: Context) -> None:
    own = with_fields(context)
    taken = inbox.take_in(own, MAIL, Completion({"Market segment": "public sector", "renewal_on": "+10d"}, {}))
    assert taken.entry is not None
    deal = inbox.complete(own, taken.entry.number, ENOUGH)
    assert deal.custom.pairs == (("renewal_on", "2026-12-01"), ("segment", "public"))


def test_the_records_of_a_deal_from_a_mail_agree_with_each_other(context: Context, location: str, entry: int) -> None:
    inbox.complete(context, entry, Completion({**ENOUGH.options, "detail": "call"}, {}, stage="acquisition"))
    undo.undo(context)
    undo.redo(context)
    found = health.examine(context, location).findings
    assert [one for one in found if one.deals] == []


def test_the_history_says_by_which_way_it_came(context: Context, entry: int) -> None:
    inbox.complete(context, entry, ENOUGH)
    assert [line.what for line in undo.told_history(context, 1)] == ["added deal 1: by mail"]


def test_what_the_settings_say_is_kept_as_it_was_meant_that_day(context: Context) -> None:
    taken = inbox.take_in(context, replace(MAIL, texts={}), Completion({}, {"expected_close": "+10d", "source": "web"}))
    assert taken.entry is not None
    later = replace(context, clock=type(context.clock)(context.clock.zone, NOW + timedelta(days=5)))
    deal = inbox.complete(later, taken.entry.number, Completion({"title": "Lamps"}, {"expected_close": "+90d"}))
    assert (deal.expected_close, deal.source) == (date(2026, 12, 1), "web")
