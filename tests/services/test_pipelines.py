"""Changes of a pipeline: done as a whole or not at all, with the deals that they move, and no history harmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.history import EventKind, Role
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.pipeline_changes import Part, Place
from funneltui.errors import BadInput, Conflict, FunneltuiError, NotAllowed, NotFound, RuleBroken
from funneltui.exchange.pipeline_files import preset, read_pipeline
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, health, moves, pipelines, reports, undo
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.services.pipeline_difference import difference
from funneltui.storage import feed
from funneltui.storage.database import query
from funneltui.storage.database_places import is_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context
    from funneltui.services.pipelines import Applied

CLOSE, NEXT = date(2026, 12, 15), date(2026, 11, 25)
CALL, OFFER = {"detail": "call"}, {"detail": "contract", "follow_up": NEXT}
DEMO = Stage("demo", "Demo")
TABLES = ("setting", "pipeline", "stage", "detail", "reason", "source", "pipeline_version", "deal", "visit", "event")


def add(context: Context, stage: str | None = None, **values: object) -> int:
    given = {"title": "Deal", "source": "web", "expected_close": CLOSE} | values
    return deals.add(context, given, stage).number


def deal(context: Context, number: int) -> Deal:
    return deals.show(context, number).deal


def dump(context: Context) -> bytes:
    """Give every row of every table."""
    return repr([sorted(map(repr, query(context.database, f"SELECT * FROM {table}"))) for table in TABLES]).encode()


def changed(context: Context, **fields: object) -> Pipeline:
    return replace(context.pipeline, **fields)  # type: ignore[arg-type]


def with_stage(context: Context, key: str, **fields: object) -> Pipeline:
    stages = (replace(one, **fields) if one.key == key else one for one in context.pipeline.stages)  # type: ignore[arg-type]
    return changed(context, stages=tuple(stages))


def without(context: Context, *keys: str) -> Pipeline:
    return changed(context, stages=tuple(stage for stage in context.pipeline.stages if stage.key not in keys))


def grown(context: Context, place: int, stage: Stage = DEMO) -> Pipeline:
    stages = context.pipeline.stages
    return changed(context, stages=(*stages[:place], stage, *stages[place:]))


def apply(context: Context, new: Pipeline, moves_: Moves | None = None) -> Context:
    return applied(context, new, moves_).context


def applied(context: Context, new: Pipeline, moves_: Moves | None = None) -> Applied:
    return pipelines.apply(context, new, moves_ or {}, to_toml)


def reached(context: Context, mode: Mode = Mode.CONVERSION) -> dict[str, tuple[int, int, int, int]]:
    rows = reports.funnel_of(context, context.pipeline, mode).stages
    assert all(row.reached == row.open + row.won + row.lost for row in rows)
    return {row.stage.key: (row.reached, row.open, row.won, row.lost) for row in rows}


def is_sound(context: Context, location: str) -> bool:
    return health.examine(context, location).findings == ()


# --- Names and order


def test_a_renamed_stage_keeps_its_deals_and_their_history(context: Context) -> None:
    number = add(context, "acquisition", **CALL)
    before = deals.show(context, number)
    now = apply(context, with_stage(context, "acquisition", name="In talks"))
    assert deals.show(now, number) == before
    assert now.pipeline.stage(before.deal.stage).name == "In talks"
    assert reached(now) == reached(context)


def test_everything_that_a_pipeline_holds_is_stored_as_it_was_given(context: Context) -> None:
    for name in ("acquisition", "consultative", "lifecycle"):
        now = pipelines.reloaded(context)
        new = replace(preset(name), key="sales", name="Sales")
        live = apply(now, new).pipeline
        assert live == new
        assert pipelines.reloaded(context).pipeline == new


def test_what_differs_nowhere_writes_nothing(context: Context) -> None:
    before = dump(context)
    done = applied(context, context.pipeline)
    assert (done.difference.is_empty, done.moved, dump(context)) == (True, (), before)


def test_the_reach_of_every_deal_follows_a_new_order(context: Context, location: str) -> None:
    ahead, back = add(context, "acquisition", **CALL), add(context, "offered", **OFFER)
    moves.move(context, [back], "waiting")
    stages = context.pipeline.stages
    now = apply(context, changed(context, stages=(stages[0], stages[2], stages[1], *stages[3:])))
    assert [deal(now, number).reach for number in (ahead, back)] == ["acquisition", "offered"]
    assert reached(now) == {"waiting": (2, 2, 0, 0), "offered": (2, 2, 0, 0), "acquisition": (1, 1, 0, 0)}
    assert is_sound(now, location)


def test_both_funnels_take_in_a_new_stage_in_the_middle_at_once(context: Context) -> None:
    first, second = add(context), add(context, "acquisition", **CALL)
    moves.win(context, add(context, "offered", **OFFER))
    now = apply(context, grown(context, 2))
    assert reached(now) == {
        "waiting": (3, 2, 1, 0), "acquisition": (2, 1, 1, 0), "demo": (1, 0, 1, 0), "offered": (1, 0, 1, 0),
    }  # fmt: skip
    moves.move(now, [first, second], "demo")
    assert reached(now)["demo"] == (3, 2, 1, 0)
    assert [row.count for row in reports.funnel_of(now, now.pipeline, Mode.STANDARD).stages] == [0, 0, 2, 0]


# --- Stages and details given up


def test_a_stage_with_deals_is_not_given_up_without_saying_where_they_go(context: Context, location: str) -> None:
    add(context, "offered", **OFFER)
    add(context, "acquisition", **CALL)
    rows, file = dump(context), b"" if is_server(location) else Path(location).read_bytes()
    with pytest.raises(RuleBroken, match=r"deals stand in what would be given up \(1 in Offered\); say where they go"):
        applied(context, without(context, "offered"))
    assert dump(context) == rows
    assert is_server(location) or Path(location).read_bytes() == file


def test_the_deals_of_a_stage_that_is_given_up_go_through_the_gate_each_with_its_event(
    context: Context, location: str
) -> None:
    numbers = [add(context, "offered", **OFFER) for _ in range(3)]
    done = applied(context, without(context, "offered"), {Place("offered"): Place("acquisition", "meeting")})
    now = done.context
    assert [one.number for one in done.moved] == numbers
    for number in numbers:
        opened = deals.show(now, number)
        assert (opened.deal.stage, opened.deal.detail) == ("acquisition", "meeting")
        assert [visit.stage for visit in opened.visits] == ["offered", "acquisition"]
        assert (opened.events[-1].kind, opened.events[-1].data["note"]) == (EventKind.MOVED, "Offered was given up")
    assert len({deals.show(now, number).events[-1].change for number in numbers}) == 1
    assert is_sound(now, location)


def test_a_gate_on_the_way_refuses_the_whole_change_and_names_the_deals(context: Context) -> None:
    add(context)
    add(context)
    before = dump(context)
    with pytest.raises(
        RuleBroken, match=r"deals 1, 2: In acquisition demands a detail \(call, meeting\); none was moved"
    ):
        applied(context, without(context, "waiting"), {Place("waiting"): Place("acquisition")})
    assert dump(context) == before


def test_deals_of_one_stage_may_part_by_their_detail(context: Context) -> None:
    asked = add(context, "offered", **OFFER)
    signing = add(context, "offered", detail="negotiation", follow_up=NEXT)
    where: Moves = {Place("offered"): Place("waiting"), Place("offered", "contract"): Place("acquisition", "call")}
    now = apply(context, without(context, "offered"), where)
    assert [deal(now, number).stage for number in (asked, signing)] == ["acquisition", "waiting"]


def test_a_detail_with_deals_is_given_up_for_another_one(context: Context, location: str) -> None:
    number, beside = add(context, "acquisition", **CALL), add(context, "acquisition", detail="meeting")
    new = with_stage(context, "acquisition", details=(Detail("meeting", "meeting"), Detail("mail", "mail")))
    with pytest.raises(RuleBroken, match=r"1 in In acquisition: call scheduled"):
        applied(context, new)
    now = apply(context, new, {Place("acquisition", "call"): Place("acquisition", "mail")})
    opened = deals.show(now, number)
    assert (opened.deal.detail, [visit.detail for visit in opened.visits]) == ("mail", ["mail"])
    assert opened.events[-1].data["note"] == "In acquisition: call scheduled was given up"
    assert (deal(now, beside).detail, deal(now, beside).version) == ("meeting", 1)
    assert now.pipeline.detail_name("acquisition", "call") == "call scheduled"
    assert is_sound(now, location)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({Place("waiting"): Place("acquisition", "call")}, "Waiting stays as it is"),
        ({Place("offered"): Place("offered")}, "Offered is no stage of Sales any more"),
        ({Place("offered"): Place("nowhere")}, 'there is no stage "nowhere"'),
        ({Place("offered"): Place("acquisition", "contract")}, 'no detail of In acquisition "contract"'),
    ],
)
def test_moves_that_make_no_sense_are_refused(context: Context, where: Moves, why: str) -> None:
    add(context, "offered", **OFFER)
    with pytest.raises((BadInput, NotFound), match=why):
        applied(context, without(context, "offered"), where)


def test_a_lost_deal_keeps_its_reason_in_another_lost_stage(context: Context, location: str) -> None:
    number = add(context)
    moves.lose(context, [number], {"reason": "price", "reason_note": "twice as much", "follow_up": NEXT})
    before = deal(context, number)
    new = replace(without(context, "resigned"), reasons=(Reason("other", "other"),))
    new = replace(new, stages=(*new.stages, Stage("gone", "Gone", StageKind.LOST)))
    now = apply(context, new, {Place("resigned"): Place("gone")})
    after = deal(now, number)
    assert after.stage == "gone"
    for name in ("outcome", "reason", "reason_note", "follow_up", "closed_on"):
        assert getattr(after, name) == getattr(before, name)
    assert is_sound(now, location)


def test_spam_goes_with_its_stage_and_can_be_restored_there(context: Context, location: str) -> None:
    number, other = add(context, "offered", **OFFER), add(context, "offered", **OFFER)
    activities.spam(context, [number])
    moves.win(context, other)
    with pytest.raises(RuleBroken, match="1 in Offered"):
        applied(context, without(context, "offered"))
    now = apply(context, without(context, "offered"), {Place("offered"): Place("resigned")})
    assert (deal(now, number).outcome, deal(now, number).stage) == (Outcome.SPAM, "waiting")
    assert activities.restore(now, [number])[0].outcome is Outcome.OPEN
    assert is_sound(now, location)


def test_a_stage_changes_its_kind_only_when_its_deals_leave(context: Context, location: str) -> None:
    number = add(context, "offered", **OFFER)
    new = with_stage(context, "offered", kind=StageKind.WON, demands=())
    with pytest.raises(RuleBroken, match="1 in Offered"):
        applied(context, new)
    with pytest.raises(BadInput, match="deals cannot stay in Offered"):
        applied(context, new, {Place("offered"): Place("offered")})
    now = apply(context, new, {Place("offered"): Place("acquisition", "call")})
    assert deals.show(now, number).events[-1].data["note"] == "Offered became a won stage"
    assert moves.move(now, [number], "offered")[0].outcome is Outcome.WON
    assert is_sound(now, location)


def test_at_least_one_stage_of_each_kind_stays(context: Context) -> None:
    for key in ("acquired", "resigned"):
        with pytest.raises(BadInput, match="a pipeline has at least one open, one won and one lost stage"):
            applied(context, without(context, key))


# --- What is retired


@pytest.fixture
def slim(context: Context) -> Context:
    """Give the workspace after Offered, a detail, a reason and a source were given up; old deals carry them."""
    add(context, "offered", **OFFER)
    moves.lose(context, [add(context, source="phone")], {"reason": "price"})
    add(context, "acquisition", **CALL)
    new = with_stage(context, "acquisition", details=(Detail("meeting", "meeting"),))
    new = replace(new, stages=tuple(stage for stage in new.stages if stage.key != "offered"))
    new = replace(new, reasons=(Reason("other", "other"),), sources=(Source("web", "contact form"),))
    where: Moves = {
        Place("offered"): Place("waiting"), Place("acquisition", "call"): Place("acquisition", "meeting"),
    }  # fmt: skip
    return apply(context, new, where)


def test_a_retired_stage_is_not_on_the_board_and_takes_no_deal(slim: Context) -> None:
    assert [stage.key for stage in slim.pipeline.board_order] == ["waiting", "acquisition", "acquired", "resigned"]
    for attempt in (
        lambda: moves.move(slim, [1], "offered", OFFER), lambda: add(slim, "offered", **OFFER),
        lambda: deals.edit(slim, 1, OFFER, stage="offered"), lambda: moves.reopen(slim, 2, "offered", OFFER),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="Offered is no stage of Sales any more"):
            attempt()


def test_a_retired_detail_is_given_to_no_deal(slim: Context) -> None:
    with pytest.raises(RuleBroken, match='"call" is no detail; choose one of: meeting'):
        deals.edit(slim, 3, {"detail": "call"})


def test_history_still_knows_every_name(slim: Context) -> None:
    known = slim.pipeline
    assert (known.stage_name("offered"), known.detail_name("offered", "contract")) == ("Offered", "contract sent")
    assert (known.reason_name("price"), known.source_name("phone")) == ("too expensive", "phone")
    assert known.detail_name("acquisition", "call") == "call scheduled"


def test_an_old_deal_keeps_its_retired_reason_and_source_through_edits_and_moves(slim: Context) -> None:
    edited = deals.edit(slim, 2, {"title": "Still lost"})
    assert (edited.reason, edited.source) == ("price", "phone")
    reopened = moves.reopen(slim, 2, "waiting")
    assert (reopened.reason, reopened.source) == (None, "phone")
    with pytest.raises(RuleBroken, match='"price" is no rejection reason; choose one of: other'):
        moves.lose(slim, [2], {"reason": "price"})


def test_no_deal_gets_a_retired_source(slim: Context) -> None:
    for attempt in (lambda: add(slim, source="phone"), lambda: deals.edit(slim, 1, {"source": "phone"})):
        with pytest.raises(RuleBroken, match='"phone" is no source; choose one of: web'):
            attempt()


def test_what_is_brought_back_has_its_history_again(context: Context, location: str) -> None:
    number = add(context, "offered", **OFFER)
    moves.move(context, [number], "waiting")
    slim = apply(context, without(context, "offered"))
    assert reached(slim) == {"waiting": (1, 1, 0, 0), "acquisition": (1, 1, 0, 0)}
    back = apply(slim, context.pipeline)
    assert reached(back) == reached(context) == dict.fromkeys(("waiting", "acquisition", "offered"), (1, 1, 0, 0))
    assert back.pipeline.retired.stages == ()
    assert is_sound(back, location)


def test_a_deal_that_visited_only_what_is_retired_is_still_in_the_funnel(context: Context) -> None:
    number = add(context)
    moves.lose(context, [number], {"reason": "price"})
    now = apply(context, without(context, "waiting"))
    assert reached(now) == {"acquisition": (1, 0, 0, 1), "offered": (0, 0, 0, 0)}
    assert reached(now, Mode.ENTERED)["acquisition"] == (0, 0, 0, 0)


# --- What would change


def test_the_difference_counts_whom_it_concerns(context: Context) -> None:
    add(context, "offered", **OFFER)
    moves.win(context, add(context, "acquisition", source="phone", **CALL))
    moves.lose(context, [add(context, "acquisition", source="phone", **CALL)], {"reason": "price"})
    activities.spam(context, [add(context, "acquisition", **CALL)])
    new = with_stage(context, "acquisition", details=(Detail("meeting", "meeting"),))
    new = replace(new, stages=tuple(stage for stage in new.stages if stage.key != "offered"))
    new = replace(new, reasons=(Reason("other", "other"),), sources=(Source("web", "web"), Source("other", "other")))
    found = difference(context, context.pipeline, new)
    counts = {(one.part, one.stage, one.key): (one.open, one.closed, one.spam) for one in found.concerned}
    assert counts == {
        (Part.STAGE, "offered", "offered"): (1, 0, 0),
        (Part.DETAIL, "acquisition", "call"): (0, 0, 1),
        (Part.REASON, "", "price"): (0, 1, 0),
        (Part.SOURCE, "", "phone"): (0, 2, 0),
    }
    assert found.unplaced({}) == {Place("offered"): 1, Place("acquisition", "call"): 1}
    assert "1 deal (1 open) stands in Offered" in found.words
    assert "2 deals (2 closed) have the source phone and keep it" in found.words


def test_it_says_how_many_deals_lack_what_their_stage_will_demand_and_leaves_them_in_peace(context: Context) -> None:
    number, complete = add(context), add(context, amount=500, company="Acme")
    new = with_stage(context, "waiting", demands=("amount", "company"))
    (lacking,) = difference(context, context.pipeline, new).lacking
    assert (lacking.stage, lacking.fields, lacking.deals) == ("waiting", ("amount", "company"), 1)
    assert lacking.words == "1 deal in Waiting lacks amount or company; it stays until moved or edited"
    now = apply(context, new)
    assert deal(now, number).version == 1
    with pytest.raises(RuleBroken, match="Waiting demands an amount and a company"):
        deals.edit(now, number, {"title": "New"})
    assert deals.edit(now, complete, {"title": "New"}).title == "New"


def test_the_difference_changes_nothing(context: Context) -> None:
    add(context, "offered", **OFFER)
    before = dump(context)
    assert not difference(context, context.pipeline, without(context, "offered")).is_empty
    assert dump(context) == before


# --- Who, and who else


def test_only_a_manager_changes_pipelines(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    rep = as_user("bor")
    for attempt in (
        lambda: applied(rep, grown(rep, 1)),
        lambda: difference(rep, rep.pipeline, grown(rep, 1)),
        lambda: pipelines.add_pipeline(rep, preset("simple"), to_toml),
        lambda: pipelines.rename(rep, "sales", "Deals", to_toml),
        lambda: pipelines.arrange(rep, ["sales"]),
        lambda: pipelines.retire_pipeline(rep, "sales", to_toml),
    ):
        with pytest.raises(NotAllowed, match=r"only a manager .*; you act as bor, a rep"):
            attempt()


def test_who_has_read_another_state_of_the_pipelines_is_stopped_before_writing(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    number = add(context)
    other = as_user("ana")
    undone = add(other)
    apply(context, without(context, "offered"))
    before = dump(other)
    for attempt in (
        lambda: moves.move(other, [number], "offered", OFFER), lambda: add(other, "offered", **OFFER),
        lambda: undo.undo(other), lambda: applied(other, grown(other, 1)), lambda: activities.note(other, undone, "x"),
    ):  # fmt: skip
        with pytest.raises(
            Conflict, match=r"ana changed the pipeline Sales meanwhile at 10:30 on 21 Nov; look at it again"
        ):
            attempt()
    assert dump(other) == before
    assert moves.move(pipelines.reloaded(other), [number], "acquisition", CALL)[0].stage == "acquisition"


def test_a_running_board_learns_of_it_from_the_feed(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    here = feed.position(other.database)
    apply(context, grown(context, 1))
    news = reports.changed_since(other, here)
    assert news is not None
    assert news.pipelines != other.pipelines_version
    assert pipelines.pipelines_version(other) == news.pipelines
    now = pipelines.reloaded(other)
    assert (now.pipelines_version, now.pipeline) == (news.pipelines, grown(context, 1))
    assert reports.changed_since(now, news) is None


# --- Undo


def test_what_a_change_moved_is_undone_as_one_once_the_stage_is_back(context: Context, location: str) -> None:
    numbers = [add(context, "offered", **OFFER) for _ in range(2)]
    slim = apply(context, without(context, "offered"), {Place("offered"): Place("waiting")})
    before = dump(slim)
    with pytest.raises(
        RuleBroken, match="deal 1 would stand in Offered, which is no stage of Sales any more; nothing was undone"
    ):
        undo.undo(slim)
    assert dump(slim) == before
    back = apply(slim, context.pipeline)
    assert undo.undo(back).what == "moved 2 deals to waiting"
    assert [deal(back, number).stage for number in numbers] == ["offered", "offered"]
    assert is_sound(back, location)


def test_no_redo_leads_into_a_retired_stage_or_detail(context: Context) -> None:
    number = add(context)
    moves.move(context, [number], "acquisition", CALL)
    undo.undo(context)
    now = apply(context, with_stage(context, "acquisition", details=(Detail("meeting", "meeting"),)))
    with pytest.raises(
        RuleBroken, match="In acquisition: call scheduled, which is no detail of it any more; nothing was redone"
    ):
        undo.redo(now)


def test_no_redo_adds_a_deal_again_to_a_stage_that_was_retired_since(context: Context) -> None:
    add(context, "offered", **OFFER)
    undo.undo(context)
    now = apply(context, without(context, "offered"))
    with pytest.raises(RuleBroken, match="deal 1 would stand in Offered, which is no stage of Sales any more"):
        undo.redo(now)


def test_an_undone_move_counts_by_the_order_of_today(context: Context, location: str) -> None:
    number = add(context, "acquisition", **CALL)
    moves.move(context, [number], "offered", OFFER)
    stages = context.pipeline.stages
    now = apply(context, changed(context, stages=(stages[0], stages[2], stages[1], *stages[3:])))
    undo.undo(now)
    assert deal(now, number).reach == "acquisition"
    assert reached(now)["offered"] == (1, 1, 0, 0)
    assert is_sound(now, location)


def test_undo_leaves_a_deal_where_its_stage_means_something_else_now(context: Context) -> None:
    number = add(context, "offered", **OFFER)
    moves.move(context, [number], "waiting")
    now = apply(context, with_stage(context, "offered", kind=StageKind.WON))
    with pytest.raises(
        RuleBroken, match="in Offered as open, but the kind of that stage is won now; nothing was undone"
    ):
        undo.undo(now)


# --- Versions


def test_every_state_of_a_pipeline_is_kept_with_who_and_when(context: Context) -> None:
    first = context.pipeline
    second = replace(context, clock=Clock(context.clock.zone, context.clock.now() + timedelta(hours=2)))
    now = apply(second, grown(context, 1))
    last = apply(now, with_stage(now, "demo", name="Trial"))
    found = pipelines.versions(last, "sales")
    assert [(one.version, one.who, one.at) for one in found] == [
        (1, None, None), (2, "ana", second.clock.now()), (3, "ana", second.clock.now()),
    ]  # fmt: skip
    assert [read_pipeline(one.text, "x") for one in found] == [first, now.pipeline, last.pipeline]


def test_a_pipeline_that_was_never_changed_has_no_versions(context: Context) -> None:
    assert pipelines.versions(context, "sales") == []
    with pytest.raises(NotFound, match='no pipeline with the key "nowhere"'):
        pipelines.versions(context, "nowhere")


# --- Several pipelines


@pytest.fixture
def two(context: Context) -> Context:
    """Give the workspace with a second pipeline."""
    return pipelines.add_pipeline(context, replace(preset("simple"), name="Partners"), to_toml)


def test_a_pipeline_is_added_behind_the_others(two: Context) -> None:
    assert [one.key for one in two.pipelines] == ["sales", "simple"]
    assert two.pipeline_of("partners") == replace(preset("simple"), name="Partners")
    number = deals.add(two, {"title": "X", "source": "other", "expected_close": CLOSE}, pipeline="simple").number
    assert deal(two, number).stage == "qualified"
    assert [one.who for one in pipelines.versions(two, "simple")] == ["ana"]


@pytest.mark.parametrize(("key", "name"), [("simple", "Other"), ("other", "partners"), ("SIMPLE", "Other")])
def test_a_pipeline_needs_a_key_and_a_name_of_its_own(two: Context, key: str, name: str) -> None:
    with pytest.raises(BadInput, match="already"):
        pipelines.add_pipeline(two, replace(preset("b2b"), key=key, name=name), to_toml)


def test_pipelines_are_renamed_and_put_in_order(two: Context) -> None:
    with pytest.raises(BadInput, match='there is a pipeline "Partners" already'):
        pipelines.rename(two, "sales", "Partners", to_toml)
    renamed = pipelines.rename(two, "sales", "Direct", to_toml)
    with pytest.raises(BadInput, match="name each pipeline in use once: sales, simple"):
        pipelines.arrange(renamed, ["simple"])
    turned = pipelines.arrange(renamed, ["simple", "sales"])
    assert [one.name for one in turned.pipelines] == ["Partners", "Direct"]
    assert pipelines.reloaded(two).pipeline.key == "simple"


def test_a_pipeline_with_open_deals_is_not_retired(two: Context) -> None:
    add(two)
    with pytest.raises(RuleBroken, match="1 deal is open in Sales; close them or move them to another pipeline first"):
        pipelines.retire_pipeline(two, "sales", to_toml)


def test_the_last_pipeline_in_use_stays(two: Context) -> None:
    now = pipelines.retire_pipeline(two, "sales", to_toml)
    with pytest.raises(RuleBroken, match="Partners is the last pipeline in use"):
        pipelines.retire_pipeline(now, "simple", to_toml)


def test_a_retired_pipeline_keeps_its_closed_deals_and_takes_no_open_one(two: Context, location: str) -> None:
    number = add(two)
    moves.win(two, number)
    now = pipelines.retire_pipeline(two, "sales", to_toml)
    assert [(one.key, one.is_retired) for one in now.pipelines] == [("simple", False), ("sales", True)]
    assert deals.edit(now, number, {"title": "Won long ago"}).title == "Won long ago"
    attempts: list[Callable[[], object]] = [
        lambda: moves.reopen(now, number, "waiting"), lambda: deals.add(
            now, {"title": "X", "source": "web", "expected_close": CLOSE}, pipeline="sales"
        ), lambda: applied(now, replace(now.pipeline_of("sales"), name="Old")), lambda: undo.undo(undo_of(now)),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(FunneltuiError, match="retired"):
            attempt()
    back = pipelines.bring_back_pipeline(now, "sales", to_toml)
    assert moves.reopen(back, number, "waiting").is_open
    assert [one.is_retired for one in pipelines.versions(back, "sales")] == [False, True, False]
    assert is_sound(back, location)


def undo_of(context: Context) -> Context:
    """Give the workspace after the last edit was undone: next in line is what closed the deal."""
    undo.undo(context)
    return context


def test_the_overview_counts_what_the_actor_may_see(two: Context, as_user: Callable[[str], Context]) -> None:
    add_user(two, "bor", Role.REP)
    add(two)
    add(two, "acquisition", owner="bor", **CALL)
    everybody, own = pipelines.overviews(two)[0], pipelines.overviews(as_user("bor"))[0]
    assert (everybody.open, everybody.standing) == (2, {"waiting": 1, "acquisition": 1})
    assert (own.open, own.standing) == (1, {"acquisition": 1})
