"""The demo's workspace: something to show in every pane, and a history that is sound."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain.deal import Mark, Outcome, mark_of
from funneltui.domain.filter_parser import parse
from funneltui.domain.funnel import Mode
from funneltui.domain.gates import Allowed, check_new
from funneltui.domain.history import EventKind, Role
from funneltui.domain.inbox import Channel, EntryState
from funneltui.domain.text import clean_line, clean_text
from funneltui.errors import RuleBroken
from funneltui.exchange.pipeline_files import preset
from funneltui.services import deals, demo, health, inbox, people, records, reports
from funneltui.services.context import Clock, Context
from funneltui.services.deals import Opened
from funneltui.services.fields import values_of
from funneltui.services.inbox_values import Completion
from funneltui.services.reports import Why
from funneltui.storage.database import query
from funneltui.storage.deals import EVERYTHING
from funneltui.storage.filtering import condition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.domain.deal import Deal

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
TABLES = ("person", "pipeline", "stage", "company", "contact", "deal", "visit", "event", "inbox")
MOMENTS = {
    "a Saturday": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    "a Sunday night, just after midnight": datetime(2027, 3, 27, 23, 2, tzinfo=UTC),
    "a Monday": datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
    "New Year's Day, a Friday": datetime(2027, 1, 1, 12, 0, tzinfo=UTC),
    "a Tuesday, the last of a leap February": datetime(2028, 2, 29, 20, 0, tzinfo=UTC),
    "a Thursday": datetime(2026, 11, 26, 6, 0, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo opened on some day, with every deal and its history."""

    context: Context
    location: str
    opened: tuple[Opened, ...]

    @property
    def deals(self) -> tuple[Deal, ...]:
        """All deals, by number."""
        return tuple(one.deal for one in self.opened)

    def marks(self) -> Counter[Mark]:
        """How many open cards bear which mark."""
        clock, pipeline = self.context.clock, self.context.pipeline
        return Counter(
            mark_of(deal, pipeline.stage(deal.stage), clock.local_day(deal.touched), clock.today())
            for deal in self.deals
            if deal.is_open
        )


def make(folder: Path, now: datetime, user: str = "you", currency: str = "EUR") -> Context:
    return demo.create(str(folder / "demo.db"), preset("acquisition", currency), user, Clock(LJUBLJANA, now))


def dump(context: Context) -> dict[str, list[tuple[object, ...]]]:
    return {table: query(context.database, f"SELECT * FROM {table}") for table in TABLES}


@pytest.fixture(scope="module", params=MOMENTS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give the demo of a day; it is only looked at."""
    folder = tmp_path_factory.mktemp("demo")
    context = make(folder, MOMENTS[request.param])
    numbers = [deal.number for deal in deals.listed(context, EVERYTHING, "d.number")]
    yield Demo(context, str(folder / "demo.db"), tuple(deals.show(context, number) for number in numbers))
    context.database.close()


class TestWhatItIs:
    def test_two_runs_on_one_day_give_the_same_workspace(self, tmp_path: Path) -> None:
        morning = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        one = make(tmp_path / "a", morning)
        other = make(tmp_path / "b", morning + timedelta(hours=11))
        try:
            assert dump(one) == dump(other)
        finally:
            one.database.close()
            other.database.close()

    def test_another_day_gives_other_deals(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        one = make(tmp_path / "a", datetime(2026, 11, 20, 6, 0, tzinfo=UTC))
        other = make(tmp_path / "b", datetime(2026, 11, 21, 6, 0, tzinfo=UTC))
        try:
            assert dump(one)["deal"] != dump(other)["deal"]
        finally:
            one.database.close()
            other.database.close()

    def test_it_is_given_opened_with_the_clock_of_the_caller(self, tmp_path: Path) -> None:
        clock = Clock(LJUBLJANA, MOMENTS["a Saturday"])
        context = demo.create(str(tmp_path / "demo.db"), preset("acquisition"), "you", clock)
        assert context.clock is clock
        context.database.close()

    def test_a_user_named_like_a_rep_still_has_two_reps(self, tmp_path: Path) -> None:
        context = make(tmp_path, MOMENTS["a Monday"], user="North")
        roles = Counter(user.role for user in people.everyone(context))
        assert roles == {Role.MANAGER: 1, Role.REP: 2}
        assert context.actor.name == "North"
        context.database.close()

    def test_amounts_are_whole_units_of_a_currency_without_cents(self, tmp_path: Path) -> None:
        context = make(tmp_path, MOMENTS["a Monday"], currency="JPY")
        every = list(deals.listed(context, EVERYTHING, "d.number"))
        assert {deal.currency for deal in every} == {"JPY"}
        assert max(deal.amount or 0 for deal in every) < 100_000
        context.database.close()

    def test_it_does_not_overwrite_a_workspace(self, tmp_path: Path) -> None:
        context = make(tmp_path, MOMENTS["a Monday"])
        before = dump(context)
        with pytest.raises(RuleBroken, match="already"):
            make(tmp_path, MOMENTS["a Monday"])
        assert dump(context) == before
        context.database.close()


class TestEveryPaneHasSomethingToShow:
    def test_lanes_are_filled(self, shown: Demo) -> None:
        stages = Counter(deal.stage for deal in shown.deals)
        assert stages == {"waiting": 21, "acquisition": 17, "offered": 15, "acquired": 24, "resigned": 36}

    def test_every_detail_stands_on_the_board(self, shown: Demo) -> None:
        standing = {(deal.stage, deal.detail) for deal in shown.deals if deal.detail}
        stages = shown.context.pipeline.open_stages
        assert standing == {(stage.key, detail.key) for stage in stages for detail in stage.details}

    def test_follow_ups_are_overdue_due_today_and_ahead(self, shown: Demo) -> None:
        due = Counter(one.why for one in reports.today(shown.context))
        assert due == {Why.OVERDUE: 6, Why.TODAY: 5, Why.SOON: 12}

    def test_some_follow_ups_lie_beyond_the_week(self, shown: Demo) -> None:
        week = shown.context.clock.today() + timedelta(days=7)
        later = [deal for deal in shown.deals if deal.is_open and deal.follow_up and deal.follow_up > week]
        assert len(later) == 14

    def test_an_expected_close_is_due_where_there_is_no_follow_up(self, shown: Demo) -> None:
        kinds = Counter(one.kind for one in reports.today(shown.context))
        assert kinds[reports.DueKind.EXPECTED_CLOSE] == 2

    def test_every_mark_is_on_the_board(self, shown: Demo) -> None:
        marks = shown.marks()
        assert marks[Mark.OVERDUE] == 6
        assert marks[Mark.TODAY] == 5
        assert marks[Mark.ROTTING] == 7
        assert marks[Mark.NO_NEXT_STEP] == 11

    def test_losses_have_all_reasons_and_deals_all_sources(self, shown: Demo) -> None:
        pipeline = shown.context.pipeline
        assert {deal.reason for deal in shown.deals if deal.reason} == {one.key for one in pipeline.reasons}
        assert {deal.source for deal in shown.deals} == {one.key for one in pipeline.sources}

    def test_sales_spread_over_two_years_with_several_in_the_last_months(self, shown: Demo) -> None:
        today = shown.context.clock.today()
        sales = [deal for deal in shown.deals if deal.outcome is Outcome.WON]
        won = [(today - deal.closed_on).days for deal in sales if deal.closed_on]
        assert len(won) == len(sales)
        assert min(won) >= 1
        assert max(won) > 600
        assert sum(age < 92 for age in won) >= 5
        assert sum(age > 365 for age in won) >= 5

    def test_most_deals_are_the_users_and_some_nobodys(self, shown: Demo) -> None:
        owners = Counter(deal.owner for deal in shown.deals)
        assert owners.most_common(1)[0][0] == "you"
        assert set(owners) == {"you", "north", "south", None}
        assert owners[None] == 3

    def test_something_came_in_yesterday_and_one_of_it_is_offered_already(self, shown: Demo) -> None:
        clock = shown.context.clock
        yesterday = clock.today() - timedelta(days=1)
        new = [deal for deal in shown.deals if clock.local_day(deal.created) >= yesterday]
        assert len(new) >= 3
        assert "offered" in {deal.stage for deal in new}

    def test_some_deals_skipped_went_back_or_were_reopened(self, shown: Demo) -> None:
        ways = {tuple(visit.stage for visit in one.visits) for one in shown.opened}
        assert ("waiting", "offered", "acquired") in ways
        assert ("waiting", "acquisition", "offered", "acquisition") in ways
        assert any(event.kind is EventKind.REOPENED for one in shown.opened for event in one.events)

    @pytest.mark.parametrize("typed", ["lodz", "zalec", "siauliai", "пловдив", "jyvaskyla"])
    def test_a_search_finds_names_with_other_letters(self, shown: Demo, typed: str) -> None:
        context = shown.context
        asked = parse(typed, context.clock.today())
        wanted = condition(asked, actor_id=context.actor.id, today=context.clock.today(), zone=LJUBLJANA)
        found = list(deals.listed(context, wanted, "d.number"))
        assert found
        assert any(deal.is_open for deal in found)
        assert not any(deal.company.isascii() for deal in found)

    def test_mails_and_forms_wait_in_the_inbox_and_one_was_dropped(self, shown: Demo) -> None:
        waiting = inbox.listed(shown.context, EntryState.WAITING, Completion({}, {}))
        assert {one.entry.channel for one in waiting} == set(Channel)
        assert {one.entry.owner for one in waiting} == {"you", None}
        assert [[lack.field for lack in one.missing] for one in waiting] == [
            ["expected_close"], ["expected_close"], ["title", "expected_close"], ["expected_close"], ["expected_close"],
        ]  # fmt: skip
        assert len(inbox.listed(shown.context, EntryState.DROPPED, Completion({}, {}))) == 1

    def test_the_newest_mail_may_repeat_a_deal_that_is_offered(self, shown: Demo) -> None:
        newest = inbox.listed(shown.context, EntryState.WAITING, Completion({}, {}))[0]
        alike = records.likely_duplicates(shown.context, newest.values)
        assert ("offered", (records.Why.EMAIL,)) in [(one.deal.stage, one.why) for one in alike]

    def test_titles_are_told_apart(self, shown: Demo) -> None:
        assert len({deal.title for deal in shown.deals}) == len(shown.deals)


class TestTheFiguresAgree:
    @pytest.mark.parametrize("mode", Mode)
    def test_reached_is_open_and_won_and_lost(self, shown: Demo, mode: Mode) -> None:
        rows = reports.funnel_of(shown.context, shown.context.pipeline, mode).stages
        assert [row.reached for row in rows] == [row.open + row.won + row.lost for row in rows]

    def test_the_funnel_narrows_from_all_deals_to_the_won_ones(self, shown: Demo) -> None:
        funnel = reports.funnel_of(shown.context, shown.context.pipeline, Mode.CONVERSION)
        reached = [row.reached for row in funnel.stages]
        assert reached[0] == len(shown.deals)
        assert reached == sorted(reached, reverse=True)
        assert reached[-1] > funnel.won.count

    def test_enough_deals_have_closed_for_the_history_to_tell_chances(self, shown: Demo) -> None:
        funnel = reports.funnel_of(shown.context, shown.context.pipeline, Mode.STANDARD)
        chances = [row.probability for row in funnel.stages if row.probability is not None]
        assert len(chances) == 3
        assert chances == sorted(chances)
        assert chances != [row.stage.probability / 100 for row in funnel.stages if row.stage.probability]


class TestTheHistoryIsSound:
    def test_the_doctor_finds_nothing_wrong(self, shown: Demo) -> None:
        assert health.examine(shown.context, shown.location).findings == ()

    def test_every_deal_is_on_one_visit_and_it_is_the_last(self, shown: Demo) -> None:
        for one in shown.opened:
            assert [visit.left is None for visit in one.visits].index(True) == len(one.visits) - 1
            last = one.visits[-1]
            assert (last.stage, last.detail) == (one.deal.stage, one.deal.detail)
            assert last.entered == one.deal.stage_entered

    def test_each_visit_begins_when_the_one_before_it_ends(self, shown: Demo) -> None:
        for one in shown.opened:
            assert one.visits[0].entered == one.deal.created
            assert all(old.left == new.entered for old, new in pairwise(one.visits))

    def test_seconds_are_those_between_entered_and_left(self, shown: Demo) -> None:
        ended = [visit for one in shown.opened for visit in one.visits if visit.left]
        assert ended
        for visit in ended:
            assert visit.left is not None
            assert visit.seconds == (visit.left - visit.entered) // timedelta(seconds=1)
            assert visit.seconds > 0

    def test_the_versions_of_events_count_up_to_the_deals(self, shown: Demo) -> None:
        for one in shown.opened:
            assert [event.version for event in one.events] == list(range(1, one.deal.version + 1))

    def test_events_stand_at_the_moments_of_the_visits(self, shown: Demo) -> None:
        for one in shown.opened:
            entering = [event.at for event in one.events if "stage" in event.data["after"]]
            assert entering == [visit.entered for visit in one.visits]
            assert one.events[0].kind is EventKind.CREATED
            assert one.events[-1].at == one.deal.touched

    def test_events_were_written_in_the_order_in_which_they_happened(self, shown: Demo) -> None:
        moments = [at for (at,) in query(shown.context.database, "SELECT at FROM event ORDER BY id")]
        assert moments == sorted(moments)

    def test_deals_are_numbered_in_the_order_in_which_they_came(self, shown: Demo) -> None:
        created = [deal.created for deal in shown.deals]
        assert created == sorted(created)

    def test_nothing_happened_today_or_will_have(self, shown: Demo) -> None:
        clock = shown.context.clock
        last = max(event.at for one in shown.opened for event in one.events)
        assert clock.local_day(last) < clock.today()

    def test_nothing_has_arrived_today(self, shown: Demo) -> None:
        clock = shown.context.clock
        entries = [one.entry for one in inbox.listed(shown.context, None, Completion({}, {}))]
        assert all(clock.local_day(entry.received) < clock.today() for entry in entries)
        assert all(entry.began <= entry.received for entry in entries)
        assert [entry.received for entry in entries] == sorted((entry.received for entry in entries), reverse=True)

    def test_a_deal_closed_on_the_day_of_its_last_event_that_closed_it(self, shown: Demo) -> None:
        kinds = {Outcome.WON: EventKind.WON, Outcome.LOST: EventKind.LOST}
        for one in shown.opened:
            if one.deal.is_open:
                assert one.deal.closed_on is None
            else:
                closing = [event for event in one.events if event.kind is kinds[one.deal.outcome]][-1]
                assert one.deal.closed_on == shown.context.clock.local_day(closing.at)

    def test_every_deal_passes_the_gate_of_its_stage(self, shown: Demo) -> None:
        pipeline = shown.context.pipeline
        for deal in shown.deals:
            assert isinstance(check_new(pipeline, pipeline.stage(deal.stage), values_of(deal)), Allowed)

    def test_every_visit_of_a_stage_with_details_had_one(self, shown: Demo) -> None:
        pipeline = shown.context.pipeline
        stays = [visit for one in shown.opened for visit in one.visits if pipeline.stage(visit.stage).details]
        assert stays
        for visit in stays:
            assert pipeline.stage(visit.stage).detail(visit.detail or "") is not None

    def test_a_follow_up_was_planned_for_a_day_after_the_last_touch(self, shown: Demo) -> None:
        clock = shown.context.clock
        for deal in shown.deals:
            assert deal.follow_up is None or deal.follow_up >= clock.local_day(deal.touched)

    def test_open_deals_that_are_not_due_are_expected_to_close_later(self, shown: Demo) -> None:
        today = shown.context.clock.today()
        assert all(deal.expected_close >= today for deal in shown.deals if deal.is_open)

    def test_reps_made_their_own_deals(self, shown: Demo) -> None:
        for one in shown.opened:
            assert {event.who for event in one.events} == {one.deal.owner or "you"}


class TestNothingInItDoesHarm:
    def test_texts_hold_no_control_characters(self, shown: Demo) -> None:
        for deal in shown.deals:
            lines = [deal.title, deal.company, deal.contact, deal.email, deal.phone, deal.follow_up_note]
            lines += [deal.qualifier, deal.reason_note, *deal.tags]
            assert [clean_line(text) for text in lines] == lines
            assert clean_text(deal.notes) == deal.notes

    def test_addresses_lie_in_the_domains_that_are_reserved_for_examples(self, shown: Demo) -> None:
        reserved = ("example.com", "example.org", "example.net")
        assert all(deal.email.endswith(tuple(f".{one}" for one in reserved)) for deal in shown.deals)
        assert all(deal.email.isascii() and deal.email.count("@") == 1 for deal in shown.deals)

    def test_what_arrived_is_clean_and_from_addresses_that_are_reserved_for_examples(self, shown: Demo) -> None:
        for listed in inbox.listed(shown.context, None, Completion({}, {})):
            entry = inbox.opened(shown.context, listed.entry.number, Completion({}, {})).entry
            assert entry.sender.endswith((".example.com>", ".example.org>", ".example.net>"))
            lines = [entry.sender, *entry.texts.values()]
            assert [clean_line(text) for text in lines] == lines
            assert clean_text(entry.text) == entry.text

    def test_amounts_are_round(self, shown: Demo) -> None:
        amounts = [deal.amount for deal in shown.deals if deal.amount is not None]
        assert len(amounts) > 90
        assert all(0 < amount <= 6_000_000 and amount % 5_000 == 0 for amount in amounts)
