"""Any history that two people can make together keeps the rules."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from funneltui.domain.funnel import Mode
from funneltui.domain.gates import demands_of
from funneltui.domain.history import Role
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import FunneltuiError, NotFound, StorageError
from funneltui.services import deals, moves, reports, workspaces
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.storage.database import query
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting"),
        Stage("acquisition", "In acquisition", details=(Detail("call", "call"), Detail("meeting", "meeting")),
              demands=("detail",)),
        Stage("offered", "Offered", details=(Detail("contract", "contract"),), demands=("detail", "follow_up")),
        Stage("acquired", "Acquired", StageKind.WON),
        Stage("served", "Served", StageKind.WON, demands=("amount",)),
        Stage("resigned", "Resigned", StageKind.LOST),
    ),
    (Reason("price", "too expensive"),),
    (Source("web", "contact form"),),
)  # fmt: skip
OPEN = tuple(stage.key for stage in PIPELINE.open_stages)
WON = tuple(stage.key for stage in PIPELINE.won_stages)
KINDS = {stage.key: stage.kind.value for stage in PIPELINE.stages}
TODAY = date(2026, 11, 21)
TABLES = ("person", "company", "contact", "deal", "visit", "event")

WHO = st.sampled_from(("ana", "bor"))
NUMBER = st.integers(0, 5)
STAGE = st.sampled_from(tuple(KINDS))
DAY = st.sampled_from([TODAY, TODAY + timedelta(days=9)])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Deal", "Łódź \x1b[2J"]),
        "expected_close": DAY,
        "follow_up": DAY,
        "amount": st.none() | st.integers(0, 10**6),
        "owner": st.sampled_from(["ana", "bor", "me"]),
        "company": st.sampled_from(["", "Acme", "ACME", "Globex"]),
        "contact": st.sampled_from(["", "Ann"]),
    },
)
REFUSED = st.sampled_from([
    {"title": " "}, {"expected_close": None}, {"detail": "nothing"}, {"detail": None}, {"reason": "boredom"},
    {"reason": None}, {"amount": -1}, {"owner": None}, {"owner": "cene"}, {"follow_up": None}, {"source": "gone"},
])  # fmt: skip
ANSWERS = st.sampled_from([
    {"detail": "call"}, {"detail": "meeting"}, {"detail": "contract", "follow_up": TODAY}, {"detail": "contract"},
    {"reason": "price"}, {"amount": 5}, {},
])  # fmt: skip
GIVEN = ANSWERS | CHANGES | REFUSED


ASKED: dict[str, dict[str, object]] = {
    "acquisition": {"detail": "call"},
    "offered": {"detail": "contract", "follow_up": TODAY},
    "served": {"amount": 5},
    "resigned": {"reason": "price"},
}


class Ticking(Clock):
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(UTC)
        self.moment = datetime(2026, 11, 21, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class TwoPeople(RuleBasedStateMachine):
    """A manager and a rep work on the same file, each over a connection of his own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Ticking()
        location = str(self.folder / "test.db")
        self.context = {"ana": workspaces.create(location, PIPELINE, "ana", self.clock)}
        self.ana: Context = self.context["ana"]
        add_user(self.ana, "bor", Role.REP)
        self.context["bor"] = workspaces.open_workspace(location, "bor", self.clock, chosen=True)
        for who in ("ana", "bor", "bor"):
            deals.add(self.context[who], {"title": "Deal", "source": "web", "expected_close": TODAY})

    def teardown(self) -> None:
        for context in self.context.values():
            context.database.close()
        shutil.rmtree(self.folder)

    def attempt(self, who: str, do: Callable[[Context], object]) -> None:
        """Do it as somebody; a refusal is in order as long as it changes nothing at all."""
        before = self.dump()
        try:
            do(self.context[who])
        except StorageError:
            raise
        except FunneltuiError:
            assert self.dump() == before

    def number(self, place: int) -> int:
        """Give the number of one of the deals there are."""
        return 1 + place % int(query(self.ana.database, "SELECT count(*) FROM deal")[0][0])

    def dump(self) -> list[list[tuple[Any, ...]]]:
        return [query(self.ana.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES]

    @rule(who=WHO, changes=GIVEN, stage=st.none() | STAGE)
    def add(self, who: str, changes: dict[str, object], stage: str | None) -> None:
        values = {"title": "Deal", "source": "web", "expected_close": TODAY + timedelta(days=20)} | changes
        self.attempt(who, lambda context: deals.add(context, values, stage))

    @rule(who=WHO, place=NUMBER, changes=CHANGES | REFUSED | ANSWERS)
    def edit(self, who: str, place: int, changes: dict[str, object]) -> None:
        number = self.number(place)
        self.attempt(who, lambda context: deals.edit(context, number, changes))

    @rule(who=WHO, place=NUMBER, changes=GIVEN, stage=STAGE)
    def edit_the_stage_too(self, who: str, place: int, changes: dict[str, object], stage: str) -> None:
        number = self.number(place)
        self.attempt(who, lambda context: deals.edit(context, number, changes, stage))

    @rule(who=WHO, places=st.lists(NUMBER, min_size=1, max_size=3), stage=STAGE, given=GIVEN)
    def move(self, who: str, places: list[int], stage: str, given: dict[str, object]) -> None:
        numbers = [self.number(place) for place in places]
        self.attempt(who, lambda context: moves.move(context, numbers, stage, given))

    @rule(who=WHO, place=NUMBER, stage=STAGE)
    def move_with_all_that_is_asked(self, who: str, place: int, stage: str) -> None:
        number, given = self.number(place), dict(ASKED.get(stage, {}))
        self.attempt(who, lambda context: moves.move(context, [number], stage, given))

    @rule(who=WHO, place=NUMBER, given=CHANGES | REFUSED, closed=st.none() | DAY)
    def win(self, who: str, place: int, given: dict[str, object], closed: date | None) -> None:
        number, said = self.number(place), given | ({"closed_on": closed} if closed else {})
        self.attempt(who, lambda context: moves.win(context, number, said))

    @rule(who=WHO, places=st.lists(NUMBER, min_size=1, max_size=3), given=ANSWERS | REFUSED, reason=st.booleans())
    def lose(self, who: str, places: list[int], given: dict[str, object], reason: bool) -> None:
        numbers = [self.number(place) for place in places]
        said: dict[str, object] = {"reason": "price"} if reason else given
        self.attempt(who, lambda context: moves.lose(context, numbers, said))

    @rule(who=WHO, place=NUMBER, stage=st.sampled_from([*OPEN, *OPEN, "acquired"]), asked=st.booleans())
    def reopen(self, who: str, place: int, stage: str, asked: bool) -> None:
        number, given = self.number(place), dict(ASKED.get(stage, {})) if asked else {}
        self.attempt(who, lambda context: moves.reopen(context, number, stage, given))

    @rule(who=WHO, place=NUMBER, day=st.none() | DAY, version=st.none() | st.integers(1, 3))
    def follow_up(self, who: str, place: int, day: date | None, version: int | None) -> None:
        number = self.number(place)
        versions = {number: version} if version else None
        self.attempt(who, lambda context: deals.follow_up(context, number, day, "call", versions))

    @rule(who=WHO, stage=st.sampled_from(["nowhere", "acquired"]), number=st.sampled_from([1, 999]))
    def move_what_is_not_there_or_nowhere(self, who: str, stage: str, number: int) -> None:
        if (stage, number) != ("acquired", 1):
            self.attempt(who, lambda context: moves.move(context, [number], stage))

    @rule(seconds=st.integers(1, 100_000))
    def wait(self, seconds: int) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    @invariant()
    def the_outcome_is_the_kind_of_the_stage(self) -> None:
        for stage, outcome in query(self.ana.database, "SELECT stage, outcome FROM deal"):
            assert KINDS[stage] == outcome

    @invariant()
    def a_closed_deal_has_a_close_date_and_an_open_one_none(self) -> None:
        for outcome, closed in query(self.ana.database, "SELECT outcome, closed_on FROM deal"):
            assert (closed is None) == (outcome == "open")

    @invariant()
    def every_deal_has_what_its_stage_demands(self) -> None:
        for deal in deals.listed(self.ana, EVERYTHING, "d.number"):
            assert deal.title
            for name in demands_of(PIPELINE.stage(deal.stage)):
                assert getattr(deal, name) not in (None, "")
            assert deal.detail is None or PIPELINE.stage(deal.stage).detail(deal.detail)

    @invariant()
    def each_deal_has_one_open_visit_and_it_is_where_it_stands(self) -> None:
        sql = "SELECT d.stage, d.detail, d.stage_entered, v.stage, v.detail, v.entered FROM deal d " \
              "LEFT JOIN visit v ON v.deal = d.number AND v.left_at IS NULL"  # fmt: skip
        rows = query(self.ana.database, sql)
        assert len(rows) == query(self.ana.database, "SELECT count(*) FROM deal")[0][0]
        for row in rows:
            assert row[:3] == row[3:]

    @invariant()
    def closed_visits_follow_one_another_and_know_their_seconds(self) -> None:
        sql = "SELECT deal, entered, left_at, seconds FROM visit ORDER BY deal, id"
        last: dict[int, int] = {}
        for deal, entered, left, seconds in query(self.ana.database, sql):
            assert last.get(deal, entered) == entered
            if left is None:
                assert seconds is None
            else:
                assert seconds == (left - entered) // 1_000_000 >= 0
                last[deal] = left

    @invariant()
    def the_version_is_the_number_of_events(self) -> None:
        sql = "SELECT d.number, d.version, e.version FROM deal d JOIN event e ON e.deal = d.number ORDER BY e.id"
        seen: dict[int, list[int]] = {}
        newest: dict[int, int] = {}
        for number, version, event_version in query(self.ana.database, sql):
            seen.setdefault(number, []).append(event_version)
            newest[number] = version
        assert all(versions == list(range(1, newest[number] + 1)) for number, versions in seen.items())
        assert len(seen) == query(self.ana.database, "SELECT count(*) FROM deal")[0][0]

    @invariant()
    def the_funnel_is_what_the_visits_tell(self) -> None:
        for context, owner in ((self.context["ana"], None), (self.context["bor"], "bor")):
            told = self.told(owner)
            conversion = reports.funnel_of(context, PIPELINE, Mode.CONVERSION)
            entered = reports.funnel_of(context, PIPELINE, Mode.ENTERED)
            for rank, row in enumerate(conversion.stages):
                reached = [o for o, visits in told if any(s in WON or s in OPEN[rank:] for s in visits)]
                assert (row.open, row.won, row.lost) == tuple(reached.count(kind) for kind in StageKind)
                assert row.reached == row.open + row.won + row.lost
                assert row.count == sum(o == "open" and visits[-1] == row.stage.key for o, visits in told)
            for row in entered.stages:
                assert row.reached == sum(row.stage.key in visits for _, visits in told)
            counts = [row.reached for row in conversion.stages]
            assert counts == sorted(counts, reverse=True)
            assert conversion.won.count == sum(o == "won" for o, _ in told)

    def told(self, owner: str | None) -> list[tuple[str, list[str]]]:
        """Give each deal's outcome and the stages of its visits, in order, of one owner or of all."""
        sql = "SELECT d.number, d.outcome, p.name, v.stage FROM deal d JOIN visit v ON v.deal = d.number " \
              "LEFT JOIN person p ON p.id = d.owner_id ORDER BY v.id"  # fmt: skip
        found: dict[int, tuple[str, list[str]]] = {}
        for number, outcome, name, stage in query(self.ana.database, sql):
            if owner is None or name == owner:
                found.setdefault(number, (outcome, []))[1].append(stage)
        return list(found.values())

    @invariant()
    def a_rep_sees_his_own_deals_and_nobody_elses(self) -> None:
        bor = self.context["bor"]
        sql = "SELECT d.number, p.name FROM deal d LEFT JOIN person p ON p.id = d.owner_id ORDER BY d.number"
        owners = dict(query(self.ana.database, sql))
        own = [number for number, name in owners.items() if name == "bor"]
        assert [deal.number for deal in deals.listed(bor, EVERYTHING, "d.number")] == own
        assert {one.deal.number for one in reports.today(bor, 999)} <= set(own)
        for number in set(owners) - set(own):
            with pytest.raises(NotFound):
                deals.show(bor, number)


TwoPeople.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestTwoPeople = TwoPeople.TestCase
