"""The life of deals in the hands of two people, on both databases: whatever they do, every figure and every rule holds,
and undone it never was.

`FUNNELTUI_LIFE=500x60` runs 500 lives of 60 steps each, drawn anew every time, instead of the few that are always the same.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from funneltui.domain.funnel import Mode
from funneltui.domain.gates import demands_of
from funneltui.errors import NotFound
from funneltui.services import deals, health, reports, review_summary, reviews, undo, views
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING
from funneltui.storage.list_orders import ListSort
from tests import independent_count
from tests.independent_count import Count, fields_of, holding, replayed
from tests.services import life_choices
from tests.services.life_choices import SAID, WHO
from tests.services.life_deeds import Deeds
from tests.services.life_office import AWAY, BOTH, KIND_OF, MANAGER, PIPELINE, REP, STAGES, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.funnel import Funnel
    from funneltui.services.context import Context

KINDS = ("open", "won", "lost")
STAY = ("stage", "detail", "entered", "left_at", "seconds")


@pytest.fixture
def office(location: str) -> Iterator[Office]:
    """Give an office on each of the databases."""
    opened = Office(location)
    yield opened
    opened.close()


class Life(Deeds):
    """The two at work: after every step all rules hold, and at the end all of it can be undone."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.beginning = self.picture()
        self.seen: object = None
        self.falling = sys.exc_info()[1]

    def teardown(self) -> None:
        """Undo everything, each his own: who is hindered by the other one waits for him."""
        if sys.exc_info()[1] is not self.falling:  # a step has failed: that is to be told, not what follows from it
            return
        order = BOTH if len(self.rows.changes) % 2 else BOTH[::-1]
        while any(self.next_turn(who, "done") for who in BOTH):
            assert any(self.takes_all_back(who) for who in order), "neither can undo his last change"
        assert self.picture() == self.beginning
        assert health.examine(self.office.contexts[MANAGER], self.office.location).findings == ()

    def takes_all_back(self, who: str) -> bool:
        """Undo as somebody until he is hindered or done; tell whether he got on."""
        steps = 0
        while self.take_back(who):
            steps += 1
        return steps > 0

    def is_the_same_funnel(self, shown: Funnel, count: Count) -> None:
        """See that a funnel shows what was counted, and keeps the sums that every funnel keeps."""
        few_have_closed = sum(count.closed.values()) < 20
        others: Counter[str] = Counter()
        for row, counted in zip(shown.stages, count.stages.values(), strict=True):
            got_here = counted.entered if shown.mode is Mode.ENTERED else counted.reached
            assert {"open": row.open, "won": row.won, "lost": row.lost} == {kind: got_here[kind] for kind in KINDS}
            assert row.reached == row.open + row.won + row.lost
            assert (row.count, row.amount) == (counted.standing, counted.amounts["EUR"])
            if few_have_closed and life_choices.WEIGHTED_SUMS_TAKE_PERCENTS_FOR_BINARY_FRACTIONS:
                assert 2 * abs(row.weighted - counted.weighted) <= 1
            elif few_have_closed:
                assert row.weighted == round(counted.weighted)
            others += counted.amounts
        reached = [row.reached for row in shown.stages]
        if shown.mode is not Mode.ENTERED:
            assert reached == sorted(reached, reverse=True)
            onward = [*reached[1:], shown.stages[-1].won]
            assert [row.step_rate for row in shown.stages] == [
                b / a if a else None for a, b in zip(reached, onward, strict=True)
            ]
        assert (shown.won.count, shown.lost.count) == (count.closed["won"], count.closed["lost"])
        assert (shown.won.amount, shown.lost.amount) == (count.sums["won"]["EUR"], count.sums["lost"]["EUR"])
        assert {currency: figure.amount for currency, figure in shown.others if figure.amount} == {
            currency: amount for currency, amount in others.items() if currency != "EUR" and amount
        }

    @invariant()
    def a_deal_stands_where_its_only_open_visit_is(self) -> None:
        for number, deal in self.rows.deals.items():
            now = [visit for visit in self.rows.visits[number] if visit["left_at"] is None]
            if deal["outcome"] == "undone":
                assert self.rows.visits[number] == []
                continue
            ((stage, detail, entered),) = [(visit["stage"], visit["detail"], visit["entered"]) for visit in now]
            assert (stage, detail, entered) == (deal["stage"], deal["detail"], deal["stage_entered"])
            assert deal["outcome"] in ("spam", STAGES.outcome(deal["stage"]))
            assert (deal["closed_on"] is None) == (STAGES.outcome(deal["stage"]) == "open")

    @invariant()
    def every_deal_has_what_its_stage_demands(self) -> None:
        for deal in self.rows.deals.values():
            stage = PIPELINE.stage(deal["stage"])
            demands = demands_of(stage)
            assert all(deal[name] not in (None, "") for name in ("title", "source", "expected_close", *demands))
            assert deal["detail"] is None or stage.detail(deal["detail"])

    @invariant()
    def visits_follow_one_another_and_know_their_seconds(self) -> None:
        for visits in self.rows.visits.values():
            for visit, following in itertools.pairwise(visits):
                assert visit["left_at"] == following["entered"] >= visit["entered"]
                assert visit["seconds"] == (visit["left_at"] - visit["entered"]) // 1_000_000

    @invariant()
    def the_history_tells_the_present(self) -> None:
        for number, deal in self.rows.deals.items():
            events = self.rows.events[number]
            assert [event["version"] for event in events] == list(range(1, deal["version"] + 1))
            assert replayed(events) == fields_of(self.rows, number)
            valid = holding(events)
            assert (deal["outcome"] == "undone") == (not valid)
            assert deal["due_on"] == independent_count.due(deal)
            if valid:
                assert replayed(valid) == fields_of(self.rows, number)
                assert deal["touched"] == valid[-1]["at"]
                told = [tuple(visit[name] for name in STAY) for visit in self.rows.visits[number]]
                assert told == independent_count.stays(valid, STAGES)

    @invariant()
    def everybody_sees_his_own_deals_and_their_funnel_and_the_manager_all(self) -> None:
        now = self.rows.tables, self.office.clock.moment
        if now == self.seen:  # the step was refused
            return
        self.seen = now
        for who, owner in ((MANAGER, None), (REP, REP)):
            context, count = self.office.contexts[who], independent_count.funnel(self.rows, STAGES, "EUR", owner)
            with reading(context.database):
                for mode in Mode:
                    self.is_the_same_funnel(reports.funnel_of(context, PIPELINE, mode), count)
                self.is_all_that_is_seen(context, self.rows.there(owner))

    def is_all_that_is_seen(self, context: Context, own: list[int]) -> None:
        """See that every reading gives these deals and no others."""
        rows = self.rows.deals
        spam = {number for number in own if rows[number]["outcome"] == "spam"}
        standing = set(own) - spam
        due = {number for number in own if independent_count.due(rows[number])}
        assert [deal.number for deal in deals.listed(context, EVERYTHING, "d.number")] == own
        board = reports.board(context, PIPELINE, [reports.LaneRequest(key, 0, 99) for key in KIND_OF])
        assert {deal.number for lane in board.lanes for deal in lane.window.deals} == standing
        assert {deal.number for deal in board.due.deals} <= due
        assert {one.deal.number for one in reports.today(context, 9999)} == due
        stage = list(KIND_OF)[len(self.rows.tables["event"]) % len(KIND_OF)]
        in_lane = {number for number in standing if rows[number]["stage"] == stage}
        assert reports.lane_versions(context, PIPELINE, stage).keys() == in_lane
        assert self.listed(context, "") == standing
        assert self.listed(context, f"owner:{AWAY}") == {
            number for number in standing if self.rows.owner(number) == AWAY
        }
        assert self.listed(context, "is:spam") == spam
        unplanned = {n for n in standing if rows[n]["outcome"] == "open" and rows[n]["follow_up"] is None}
        assert unplanned <= {place.number for place in reviews.places(context)} <= standing
        assert unplanned <= {item.deal.number for item in reviews.queue(context)} <= standing
        done = review_summary.summary(context).done
        assert {deed.deal.number for deeds in done.values() for deed in deeds} <= set(own)
        assert {line.deal for line in undo.told_history(context, None, 9999)} == set(own)
        others = [number for number in rows if number not in own]
        if others:
            self.is_out_of_sight(context, others[len(self.rows.tables["event"]) % len(others)])

    def listed(self, context: Context, text: str) -> set[int]:
        """Give the deals that the list shows of a filter."""
        asked = views.condition_of(context, [PIPELINE], text)
        return {
            deal.number for deal in views.list_window(context, PIPELINE, asked, ListSort.NUMBER, False, 0, 99).deals
        }

    def is_out_of_sight(self, context: Context, number: int) -> None:
        """See that no reading of a single deal finds this one."""
        for read in (deals.show, reviews.look, undo.told_history):
            with pytest.raises(NotFound):
                read(context, number)
        assert views.place_of(context, PIPELINE, EVERYTHING, ListSort.NUMBER, False, number) is None


class ThereAndBack(Deeds):
    """The two at work: what is undone and redone at once is what it was."""

    @rule(who=WHO, most=st.integers(1, 4))
    def there_and_back(self, who: str, most: int) -> None:
        pictures = [self.picture()]
        while len(pictures) <= most and self.take_back(who):
            pictures.append(self.picture())
            self.wait(60, 0)
        for before in pictures[-2::-1]:
            assert self.attempt(who, undo.redo) is None
            assert self.picture() == before


def profile(office: Office, lives: int, steps: int) -> settings:
    """Give how many lives are lived: always the same ones, on a server half of them (the rules are the same there, only
    the database is not), or as many new ones as the environment asks for.
    """
    asked = os.environ.get("FUNNELTUI_LIFE")
    if asked:
        lives, steps = map(int, asked.split("x"))
    if not (asked or office.is_file):
        lives = (lives + 1) // 2
    return settings(
        max_examples=lives, stateful_step_count=steps, derandomize=not asked, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def test_every_rule_holds_whatever_two_people_do_and_all_of_it_can_be_undone(office: Office) -> None:
    run_state_machine_as_test(lambda: Life(office), settings=profile(office, 20, 30))


def test_what_is_undone_and_redone_is_what_it_was(office: Office) -> None:
    run_state_machine_as_test(lambda: ThereAndBack(office), settings=profile(office, 10, 30))


def test_what_two_did_to_one_deal_is_undone_and_redone_in_any_order(office: Office) -> None:
    @profile(office, 50, 1)
    @given(st.permutations(BOTH), st.integers(0, 2), st.tuples(SAID, SAID), st.lists(WHO, min_size=1, max_size=3))
    def both(order: list[str], place: int, said: tuple[tuple[str, object], ...], again: list[str]) -> None:
        life = Life(office)
        life.both_change_one(order, place, said)
        for who in reversed(order):
            life.take_back(who)
            life.a_deal_stands_where_its_only_open_visit_is()
        for who in again:
            life.do_again(who)
            life.the_history_tells_the_present()
        life.teardown()

    both()
