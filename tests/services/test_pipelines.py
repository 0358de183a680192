"""Changes of a pipeline: done as a whole or not at all, known to whoever must know, kept with who and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.domain.pipeline import Detail, Reason, Source
from funneltui.domain.pipeline_changes import Part, Place
from funneltui.errors import Conflict, NotAllowed, NotFound, RuleBroken
from funneltui.exchange.pipeline_files import preset, read_pipeline
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, moves, pipelines, reports, undo
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.services.pipeline_difference import difference
from funneltui.storage import feed
from tests.services.changed_pipelines import (
    CALL,
    OFFER,
    add,
    applied,
    apply,
    changed,
    deal,
    dump,
    grown,
    is_sound,
    reached,
    with_stage,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


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
    now = pipelines.reloaded(other)
    assert (now.pipelines_version, now.pipeline) == (news.pipelines, grown(context, 1))
    assert reports.changed_since(now, news) is None


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
