"""What a first start stands on: whether there is a workspace, what leaving deals are asked, what a transfer asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.pipeline_changes import Place
from funneltui.errors import RuleBroken, StorageError
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import activities, deals, pipelines, workspaces
from funneltui.services.pipeline_difference import difference
from funneltui.services.pipeline_moves import asked_of_leaving
from funneltui.services.transfers import asked_of_all, move_to_pipeline
from funneltui.storage.database import connect
from funneltui.storage.database_places import is_server

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock, Context

CLOSE, NEXT = date(2026, 12, 15), date(2026, 11, 25)


def add(context: Context, stage: str | None = None, **values: object) -> int:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values, stage).number


def without(context: Context, *keys: str) -> Pipeline:
    return replace(context.pipeline, stages=tuple(one for one in context.pipeline.stages if one.key not in keys))


# --- Whether there is a workspace


def test_where_nothing_is_a_workspace_can_be_made(location: str, clock: Clock) -> None:
    assert workspaces.is_absent(location)
    workspaces.create(location, preset("simple"), "ana", clock).database.close()
    assert not workspaces.is_absent(location)


def test_an_opening_that_was_refused_leaves_the_place_absent(location: str, clock: Clock) -> None:
    if is_server(location):
        with pytest.raises(StorageError):
            workspaces.open_workspace(location, "ana", clock)
    else:
        connect(location, create=True).close()
    assert workspaces.is_absent(location)


def test_another_programs_database_is_no_place_for_one(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    assert not workspaces.is_absent(str(path))


def test_what_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("no database at all, but a text that is long enough to be taken for the head of one" * 30)
    with pytest.raises(StorageError):
        workspaces.is_absent(str(path))


# --- Deals that must leave a stage


def test_deals_that_must_leave_are_asked_what_any_of_them_lacks(context: Context) -> None:
    add(context)
    add(context, follow_up=NEXT)
    wanted = difference(context, context.pipeline, without(context, "waiting"))
    asked = asked_of_leaving(context, wanted, Place("waiting"), "offered")
    assert [one.field for one in asked] == ["detail", "follow_up"]
    assert asked_of_leaving(context, wanted, Place("waiting"), "acquired") == ()
    assert [one.field for one in asked_of_leaving(context, wanted, Place("waiting"), "resigned")] == ["reason"]


def test_spam_is_asked_nothing(context: Context) -> None:
    activities.spam(context, [add(context)])
    wanted = difference(context, context.pipeline, without(context, "waiting"))
    assert asked_of_leaving(context, wanted, Place("waiting"), "offered") == ()


def test_what_is_said_for_their_new_stage_goes_to_those_that_lack_it(context: Context) -> None:
    bare, planned = add(context), add(context, follow_up=NEXT)
    moves = {Place("waiting"): Place("offered", "contract")}
    given = {"offered": {"follow_up": CLOSE}}
    with pytest.raises(RuleBroken, match=f"deal {bare}: Offered demands a follow-up date"):
        pipelines.apply(context, without(context, "waiting"), moves, to_toml)
    done = pipelines.apply(context, without(context, "waiting"), moves, to_toml, given)
    assert {deal.number: deal.follow_up for deal in done.moved} == {bare: CLOSE, planned: NEXT}
    assert {deal.detail for deal in done.moved} == {"contract"}


def test_a_reason_can_be_said_for_deals_that_are_lost_so(context: Context) -> None:
    number = add(context)
    moves, given = {Place("waiting"): Place("resigned")}, {"resigned": {"reason": "price", "reason_note": "not asked"}}
    done = pipelines.apply(context, without(context, "waiting"), moves, to_toml, given)
    assert [(deal.number, deal.reason, deal.reason_note) for deal in done.moved] == [(number, "price", "")]


# --- Deals that go to another pipeline


def test_a_transfer_is_asked_what_the_gate_there_wants(context: Context) -> None:
    two = pipelines.add_pipeline(context, replace(preset("acquisition"), name="Second"), to_toml)
    one, other = add(two, source="other"), add(two)
    asked = asked_of_all(two, [one, other], "acquisition", "offered")
    assert [missing.field for missing in asked] == ["source", "detail", "follow_up"]
    assert [missing.field for missing in asked_of_all(two, [other], "acquisition", "waiting")] == []


def test_a_transfer_that_no_answer_lets_through_is_refused_before_anything_is_asked(context: Context) -> None:
    two = pipelines.add_pipeline(context, replace(preset("simple"), name="Second"), to_toml)
    number = add(two)
    with pytest.raises(RuleBroken, match="it is in Sales already"):
        asked_of_all(two, [number], "sales", "offered")


def test_a_note_goes_into_the_history_of_a_transfer(context: Context) -> None:
    two = pipelines.add_pipeline(context, replace(preset("simple"), name="Second"), to_toml)
    number = add(two)
    move_to_pipeline(two, [number], "simple", "qualified", {"source": "other"}, note="a partner brought it")
    assert deals.show(two, number).events[-1].data["note"] == "a partner brought it"
