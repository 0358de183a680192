"""Repair of pipelines: a gate that is lost comes from a backup, a version or a preset, or is told to be lost; never from
nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.pipeline import Detail, Pipeline, StageKind
from funneltui.errors import RuleBroken
from funneltui.exchange.known_pipelines import known_pipelines
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import backups, deals, health, moves, pipelines, workspaces
from funneltui.services.repair import rehearse, repair_workspace, salvaged
from funneltui.services.repair_definitions import Known
from funneltui.storage.database import connect, query
from funneltui.storage.database_places import is_server
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Clock, Context

_PARTS = ("stage", "detail", "reason", "source")
_EVERYTHING = (*_PARTS, "pipeline")


def knowing(*presets: Pipeline) -> Known:
    """Give what a repair knows where these are the presets."""
    return Known(known_pipelines().read, presets)


@pytest.fixture
def lived(context: Context, location: str) -> Context:
    """Give a workspace in a file, with deals in two stages and nothing beside it; a server loses no rows."""
    if is_server(location):
        pytest.skip("a server keeps what deals refer to")
    for title in ("one", "two"):
        deals.add(context, {"title": title, "source": "web", "expected_close": date(2026, 12, 15)})
    moves.move(context, [1], "acquisition", {"detail": "call"})
    return context


def lose(location: str, tables: Sequence[str], which: str = "") -> None:
    """Let rows of pipelines go, and hurt the file so that it is saved into a new one."""
    database = connect(location)
    query(database, "PRAGMA foreign_keys = off")
    for table in tables:
        database.execute_sql(f"DELETE FROM {table} {which}")
    query(database, "PRAGMA journal_mode = delete")
    database.close()


def saved(location: str, clock: Clock, known: Known | None) -> Context:
    """Save what can be read, and open that."""
    with salvaged(location, "ana", clock, known) as found:
        assert found.left == ()
        found.put()
    return workspaces.open_workspace(location, "ana", clock, chosen=True)


@pytest.mark.parametrize("tables", [*((one,) for one in _EVERYTHING), _PARTS, _EVERYTHING])
def test_what_is_lost_of_a_preset_comes_from_it_with_its_gates(
    lived: Context, location: str, clock: Clock, tables: tuple[str, ...]
) -> None:
    lived.database.close()
    lose(location, tables)
    again = saved(location, clock, knowing(small_pipeline()))
    assert again.pipelines == lived.pipelines
    with pytest.raises(RuleBroken, match="demands a detail"):
        moves.move(again, [2], "acquisition")
    assert [deal.outcome.value for deal in moves.win_all(again, [1])] == ["won"]
    again.database.close()


def test_a_pipeline_that_was_changed_comes_from_its_versions_and_not_from_a_preset(
    lived: Context, location: str, clock: Clock
) -> None:
    before = lived.pipeline
    first, acquisition, _, *closed = before.stages
    acquisition = replace(acquisition, name="On it", details=(*acquisition.details, Detail("mail", "by mail")))
    changed = replace(before, stages=(first, acquisition, *closed))
    context = pipelines.apply(lived, changed, {}, to_toml).context
    context.database.close()
    lose(location, _EVERYTHING)
    again = saved(location, clock, knowing(before))
    assert again.pipelines == (changed,)
    assert [one.key for one in again.pipeline.retired.stages] == ["offered"]
    again.database.close()


def test_a_backup_gives_a_pipeline_that_nobody_else_knows(lived: Context, location: str, clock: Clock) -> None:
    backups.make(lived, location)
    lived.database.close()
    lose(location, _EVERYTHING)
    again = saved(location, clock, known_pipelines())
    assert again.pipelines == lived.pipelines
    again.database.close()


def test_a_preset_of_another_make_is_not_taken_for_the_pipeline(lived: Context, location: str, clock: Clock) -> None:
    lived.database.close()
    lose(location, ("stage",), "WHERE kind <> 'open'")
    known = knowing(replace(small_pipeline(), sources=small_pipeline().sources[:1]))
    with salvaged(location, "ana", clock, known) as found:
        assert ["there is no won stage" in one.what for one in found.left] == [True]


def test_gates_that_nothing_tells_any_more_are_told_to_be_lost(lived: Context, location: str, clock: Clock) -> None:
    lived.database.close()
    lose(location, ("stage",))
    with salvaged(location, "ana", clock, knowing()) as found:
        assert {"gates" in one.what for one in found.mends if one.is_loss} == {True}
        assert ["pipeline edit sales" in one.mend for one in found.left] == [True]


def test_a_pipeline_without_a_won_stage_is_a_finding_and_wins_nothing(context: Context, location: str) -> None:
    context.database.execute_sql("DELETE FROM stage WHERE kind = 'won'")
    now = workspaces.refreshed(context)
    assert ["there is no won stage" in one.what for one in health.examine(now, location).findings] == [True]
    with pytest.raises(RuleBroken, match=r"no won stage any more; `funneltui pipeline edit sales`"):
        now.pipeline.first_of(StageKind.WON)
    again = repair_workspace(now, location, knowing(small_pipeline()))
    assert (["written again" in one.what for one in again.mends], again.left) == ([True], ())


def test_a_sound_pipeline_that_is_like_a_preset_but_shorter_gets_nothing(context: Context, location: str) -> None:
    longer = replace(
        small_pipeline(), sources=(*small_pipeline().sources, replace(small_pipeline().sources[0], key="x"))
    )
    found = rehearse(context, location, knowing(longer))
    assert (found.mends, found.left) == ((), ())
