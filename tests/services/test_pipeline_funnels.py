"""Funnels and histories through changes of their pipeline, counted a second time from the raw visits."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.funnel import Mode
from funneltui.domain.pipeline import Pipeline, Stage, StageKind
from funneltui.domain.pipeline_changes import Place
from funneltui.errors import FunneltuiError
from funneltui.exchange.pipeline_files import preset, preset_names
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, health, moves, pipelines, reports, transfers, undo, workspaces
from funneltui.services.context import Clock, Context
from funneltui.storage.database import query
from tests import independent_count
from tests.conftest import NOW
from tests.independent_count import Rows, Stages
from tests.maven import needs_maven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.domain.gates import Missing

CLOSE = date(2026, 12, 15)
NEW = {"title": "Deal", "source": "other", "expected_close": CLOSE}
COLUMNS = {
    "deal": ("number", "outcome", "stage", "amount", "currency", "probability", "owner_id", "company_id", "contact_id"),
    "visit": ("id", "deal", "stage", "pipeline"), "event": ("id", "deal", "data"), "change": ("id",),
    "person": ("id", "name"), "company": ("id", "name"), "contact": ("id", "name", "email", "phone"),
}  # fmt: skip


def rows_of(context: Context) -> Rows:
    return independent_count.read(lambda sql: query(context.database, sql), COLUMNS)


def stages_of(pipeline: Pipeline) -> Stages:
    won, lost = (tuple(stage.key for stage in some) for some in (pipeline.won_stages, pipeline.lost_stages))
    return Stages({stage.key: stage.probability or 0 for stage in pipeline.open_stages}, won, lost)


def assert_counted_alike(context: Context) -> None:
    """Compare every mode's funnel with the count of the raw visits; for pipelines that have retired nothing."""
    count = independent_count.funnel(rows_of(context), stages_of(context.pipeline), context.pipeline.currency)
    for mode in Mode:
        funnel = reports.funnel_of(context, context.pipeline, mode)
        assert (funnel.won.count, funnel.lost.count) == (count.closed["won"], count.closed["lost"])
        for row in funnel.stages:
            counted = count.stages[row.stage.key]
            got = counted.entered if mode is Mode.ENTERED else counted.reached
            assert (row.count, row.open, row.won, row.lost) == (counted.standing, got["open"], got["won"], got["lost"])


# --- The presets, and the example of the first document


def fitting(context: Context, missing: tuple[Missing, ...]) -> dict[str, object]:
    """Give an answer to everything that a gate asks."""
    plain = {"follow_up": CLOSE, "expected_close": CLOSE, "amount": 1000, "probability": 50, "title": "Deal"}
    return {one.field: one.choices[0].key if one.choices else plain.get(one.field, "something") for one in missing}


@pytest.mark.parametrize("name", preset_names())
def test_a_deal_goes_all_the_way_through_a_preset_and_every_gate_is_met(name: str, location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset(name), "ana", clock)
    known = context.pipeline
    number = deals.add(context, {"title": "Deal", "source": known.sources[0].key, "expected_close": CLOSE}).number
    for stage in known.ranked_stages[1:]:
        asked = moves.asked_of_all(context, [number], stage.key)
        (moved,) = moves.move(context, [number], stage.key, fitting(context, asked))
        assert (moved.stage, moved.outcome.value) == (stage.key, stage.kind.value)
    lost = deals.add(context, {"title": "Other", "source": known.sources[0].key, "expected_close": CLOSE}).number
    moves.lose(context, [lost], {"reason": known.reasons[0].key})
    assert [one.number for lane in lanes(context) for one in lane] == [number, lost]
    assert_counted_alike(context)
    context.database.close()


def lanes(context: Context) -> Iterator[tuple[Any, ...]]:
    requests = [reports.LaneRequest(stage.key, 0, 50) for stage in context.pipeline.board_order]
    for lane in reports.board(context, context.pipeline, requests).lanes:
        yield lane.window.deals


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_takes_the_place_of_another_and_back(name: str, location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset("simple"), "ana", clock)
    number = deals.add(context, NEW).number
    new = replace(preset(name), key="simple")
    first = Place(new.first.key)
    now = pipelines.apply(context, new, {Place("qualified"): first} if name != "simple" else {}, to_toml).context
    assert now.pipeline == new
    back = pipelines.apply(now, context.pipeline, {} if name == "simple" else {first: Place("qualified")}, to_toml)
    assert back.context.pipeline == context.pipeline
    assert deals.show(back.context, number).deal.stage == "qualified"
    assert health.examine(back.context, location).findings == ()
    context.database.close()


def test_thirteen_enter_three_are_won_ten_are_open(location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset("simple"), "ana", clock)
    numbers = [deals.add(context, NEW | {"amount": 10_000}).number for _ in range(13)]
    moves.move(context, numbers[3:8], "offer")
    moves.move(context, numbers[:3], "negotiation")
    moves.win_all(context, numbers[:3])
    standard = reports.funnel_of(context, context.pipeline, Mode.STANDARD)
    assert [(row.stage.key, row.count) for row in standard.stages] == [
        ("qualified", 5),
        ("offer", 5),
        ("negotiation", 0),
    ]
    assert (standard.open.count, standard.won.count, standard.lost.count) == (10, 3, 0)
    through = reports.funnel_of(context, context.pipeline, Mode.CONVERSION)
    first = through.stages[0]
    assert (through.entered, first.reached, first.won, first.open, first.lost) == (13, 13, 3, 10, 0)
    assert through.overall_rate == 3 / 13
    assert_counted_alike(context)
    context.database.close()


# --- A sixth stage in the middle


def with_demo(pipeline: Pipeline, place: int = 2) -> Pipeline:
    return replace(pipeline, stages=(*pipeline.stages[:place], Stage("demo", "Demo"), *pipeline.stages[place:]))


def test_a_stage_in_the_middle_of_many_deals_harms_no_history(location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset("simple"), "ana", clock)
    numbers = [deals.add(context, NEW).number for _ in range(60)]
    moves.move(context, numbers[10:], "offer")
    moves.move(context, numbers[25:], "negotiation")
    moves.move(context, numbers[25:30], "offer")
    moves.win_all(context, numbers[40:50])
    moves.lose(context, numbers[50:], {"reason": "other"})
    opened = [deals.show(context, number) for number in numbers]
    now = pipelines.apply(context, with_demo(context.pipeline), {}, to_toml).context
    assert [deals.show(now, number) for number in numbers] == opened
    assert_counted_alike(now)
    moves.move(now, numbers[10:20], "demo")
    assert_counted_alike(now)
    assert [row.reached for row in reports.funnel_of(now, now.pipeline, Mode.CONVERSION).stages] == [60, 50, 45, 35]
    assert [row.count for row in reports.funnel_of(now, now.pipeline, Mode.STANDARD).stages] == [10, 10, 10, 10]
    context.database.close()


@needs_maven
def test_a_stage_in_the_middle_of_8800_real_deals(maven: Context, location: str) -> None:
    context = maven
    before = [query(context.database, f"SELECT * FROM {name} ORDER BY 1") for name in ("visit", "event")]
    now = pipelines.apply(context, with_demo(context.pipeline), {}, to_toml).context
    assert [query(now.database, f"SELECT * FROM {name} ORDER BY 1") for name in ("visit", "event")] == before
    assert_counted_alike(now)
    emptied = replace(now.pipeline, stages=tuple(one for one in now.pipeline.stages if one.key != "negotiation"))
    with pytest.raises(FunneltuiError, match=r"1589 in In negotiation"):
        pipelines.apply(now, emptied, {}, to_toml)
    done = pipelines.apply(now, emptied, {Place("negotiation"): Place("demo")}, to_toml)
    assert len(done.moved) == 1589
    funnel = reports.funnel_of(done.context, done.context.pipeline, Mode.CONVERSION)
    assert [row.count for row in funnel.stages] == [500, 0, 1589]
    assert funnel.stages[0].reached == 8800
    assert health.examine(done.context, location).findings == ()


# --- Whatever happens


POOL = {key: Stage(key, key.upper()) for key in ("a", "b", "c", "d")} | {
    "x": Stage("x", "X", StageKind.WON), "y": Stage("y", "Y", StageKind.WON), "lost": Stage("lost", "Lost", StageKind.LOST),
}  # fmt: skip
BEGIN = replace(preset("simple"), stages=tuple(POOL[key] for key in ("a", "b", "c", "x", "lost")))
OTHER = replace(preset("simple"), key="other", name="Other", stages=tuple(POOL[key] for key in ("b", "a", "x", "lost")))

KEY, WHICH = st.sampled_from(tuple(POOL)), st.integers(1, 6)
ORDER = st.permutations(tuple(POOL)).flatmap(lambda keys: st.integers(2, len(keys)).map(lambda n: keys[:n]))
STEPS = st.one_of(
    st.tuples(st.just("add"), KEY),
    st.tuples(st.just("move"), WHICH, KEY),
    st.tuples(st.just("move"), WHICH, KEY),
    st.tuples(st.just("spam"), WHICH),
    st.tuples(st.just("restore"), WHICH),
    st.tuples(st.just("transfer"), WHICH, st.sampled_from(("simple", "other")), KEY),
    st.tuples(st.just("change"), ORDER, st.dictionaries(KEY, KEY, max_size=7), st.sets(st.sampled_from(("b", "y")))),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


def shaped(key: str, flipped: set[str]) -> Stage:
    """Give a stage of the pool: an open one as a won one, or the other way round, if it is flipped."""
    stage = POOL[key]
    return replace(stage, kind=StageKind.WON if stage.is_open else StageKind.OPEN) if key in flipped else stage


class Life:
    """A workspace that things are done to, whether they are refused or not; each a minute after the one before."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.minutes = 0

    def do(self, step: tuple[Any, ...]) -> None:
        self.minutes += 1
        moment = NOW + timedelta(minutes=self.minutes)
        context = replace(pipelines.reloaded(self.context), clock=Clock(ZoneInfo("Europe/Ljubljana"), moment))
        try:
            self._deeds(context)[step[0]](*step[1:])
        except FunneltuiError:
            return

    def _deeds(self, context: Context) -> dict[str, Callable[..., object]]:
        def change(order: list[str], where: dict[str, str], flipped: set[str]) -> None:
            drawn = [shaped(key, flipped) for key in order]
            lacking = [kind for kind in StageKind if all(stage.kind is not kind for stage in drawn)]
            spare = [shaped(key, flipped) for key in POOL]
            drawn += [next(stage for stage in spare if stage.kind is kind) for kind in lacking]
            known = {stage.key: stage for stage in context.pipeline_of("simple").stages}
            goals = [stage.key for stage in drawn if stage.kind is not StageKind.LOST]
            left = set(known) - {stage.key for stage in drawn} | {
                stage.key for stage in drawn if stage.key in known and stage.kind is not known[stage.key].kind
            }
            choose = {key: [goal for goal in (where.get(key), *goals) if goal in goals and goal != key] for key in left}
            targets = {Place(key): Place(some[0]) for key, some in choose.items() if some}
            pipelines.apply(context, replace(BEGIN, stages=tuple(drawn)), targets, to_toml)

        given = {"reason": "other"}
        return {
            "add": lambda stage: deals.add(context, NEW | (given if stage == "lost" else {}), stage),
            "move": lambda n, stage: moves.move(context, [n], stage, given if stage == "lost" else {}),
            "spam": lambda n: activities.spam(context, [n]),
            "restore": lambda n: activities.restore(context, [n]),
            "transfer": lambda n, pipeline, stage: transfers.move_to_pipeline(
                context, [n], pipeline, stage, given if stage == "lost" else {}
            ),
            "change": change,
            "undo": lambda: undo.undo(context),
            "redo": lambda: undo.redo(context),
        }


def places_by_hand(context: Context, pipeline: str) -> dict[str, tuple[str, bool]]:
    """Give of each stage, retired or not, the key of the one in use that a visit to it counts as, and whether it won."""
    rows = query(
        context.database, "SELECT key, kind, retired FROM stage WHERE pipeline = ? ORDER BY position", (pipeline,)
    )
    found: dict[str, tuple[str, bool]] = {}
    for kind in ("open", "won"):
        same = [(key, retired) for key, its, retired in rows if its == kind]
        last = next(key for key, retired in same if not retired)
        for key, retired in same:
            last = last if retired else key
            found[key] = (last, kind == "won")
    return found


def reached_by_hand(context: Context, pipeline: str) -> dict[str, list[int]]:
    """Count by open stage in use the open, won and lost deals that reached it: from visits alone."""
    in_use = "SELECT key FROM stage WHERE pipeline = ? AND kind = 'open' AND NOT retired ORDER BY position"
    rows = query(context.database, in_use, (pipeline,))
    order, places = [key for (key,) in rows], places_by_hand(context, pipeline)
    counts = {key: [0, 0, 0] for key in order}
    for number, outcome in query(context.database, "SELECT number, outcome FROM deal WHERE pipeline = ?", (pipeline,)):
        if outcome in ("spam", "undone"):
            continue
        visits = query(context.database, "SELECT stage FROM visit WHERE deal = ? AND pipeline IS NULL", (number,))
        got = [
            len(order) if won else order.index(key)
            for key, won in (places[stage] for (stage,) in visits if stage in places)
        ]
        for key in order[: max([0, *got]) + 1]:
            counts[key][("open", "won", "lost").index(outcome)] += 1
    return counts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a workspace of two pipelines and four deals, to be copied: to make one takes longer than to live."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    context = workspaces.create(str(path), BEGIN, "ana", Clock(ZoneInfo("Europe/Ljubljana"), NOW))
    context = pipelines.add_pipeline(context, OTHER, to_toml)
    for stage in ("a", "b", "c", "x"):
        deals.add(context, NEW, stage)
    context.database.close()
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=4, max_size=25))
def test_reached_is_open_and_won_and_lost_and_nothing_is_lost_whatever_becomes_of_the_pipeline(
    made: Path, steps: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "life.db"
        shutil.copy(made, path)
        context = workspaces.open_workspace(str(path), "ana", Clock(ZoneInfo("Europe/Ljubljana"), NOW))
        life = Life(context)
        for step in steps:
            life.do(step)
            now = pipelines.reloaded(context)
            assert health.examine(now, str(path)).findings == ()
            for pipeline in now.pipelines:
                assert_exact(now, pipeline)
        context.database.close()


def assert_exact(context: Context, pipeline: Pipeline) -> None:
    funnel = reports.funnel_of(context, pipeline, Mode.CONVERSION)
    assert {row.stage.key: [row.open, row.won, row.lost] for row in funnel.stages} == reached_by_hand(
        context, pipeline.key
    )
    assert all(row.reached == row.open + row.won + row.lost for row in funnel.stages)
    widths = [row.reached for row in funnel.stages]
    assert widths == sorted(widths, reverse=True)
    first = funnel.stages[0]
    assert (first.open, first.won, first.lost) == (funnel.open.count, funnel.won.count, funnel.lost.count)
    assert sum(row.count for row in funnel.stages) == funnel.open.count
