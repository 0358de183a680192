"""Pipelines as stored: what is retired stays, every version stays, and older workspaces get both."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.domain.custom_fields import NO_VALUES, FieldValues
from funneltui.domain.history import Role
from funneltui.domain.pipeline_changes import succeed
from funneltui.exchange.pipeline_files import preset, preset_names
from funneltui.storage import deals, people, pipeline_versions, pipelines, schema
from funneltui.storage.database import connect, query, writing
from tests.fielded import SEATS, SEGMENT, fielded_pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.storage.database import Database

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OLD_DEAL = (
    "INSERT INTO pipeline VALUES ('p', 'P', 'EUR', 0)",
    "INSERT INTO stage VALUES ('p', 's', 0, 'S', 'open', '', '', '', '', NULL, 0, 3, 0, '', false)",
    "INSERT INTO source VALUES ('p', 'web', 0, 'Web', false)",
    "INSERT INTO deal (number, title, source, currency, pipeline, stage, outcome, created, stage_entered, touched, "
    "expected_close, follow_up_note, follow_up_repeat, qualifier, tags, notes, reason_note, version, search) "
    "VALUES (1, 'Deal', 'web', 'EUR', 'p', 's', 'open', 1, 1, 1, '2026-12-01', '', '', '', '', '', '', 1, 'deal')",
    "INSERT INTO visit (deal, stage, entered) VALUES (1, 's', 1)",
)


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    opened = connect(location, create=True)
    schema.upgrade(opened)
    yield opened
    opened.close()


def test_an_older_workspace_keeps_its_visits_and_gets_the_table(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "migrations"
    shutil.copytree(schema._DIRECTORY, older, ignore=shutil.ignore_patterns("__pycache__", "000[4-9]*"))
    opened = connect(location, create=True)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "_DIRECTORY", older)
        assert schema.upgrade(opened) == ["0001_first_tables", "0002_views", "0003_record_lookups"]
    for statement in OLD_DEAL:
        opened.execute_sql(statement)
    assert schema.upgrade(opened)[0] == "0004_pipeline_versions"
    assert query(opened, "SELECT deal, stage, pipeline FROM visit") == [(1, "s", None)]
    assert pipeline_versions.of(opened, "p") == []
    assert (pipelines.version(opened), [one.key for one in pipelines.load_all(opened)]) == (0, ["p"])
    opened.close()


def test_the_database_itself_keeps_versions_apart_and_of_known_pipelines(database: Database) -> None:
    with writing(database):
        pipelines.add(database, preset("simple"))
        pipeline_versions.add(database, "simple", 1, "text", NOW, None, retired=False)
    for pipeline in ("simple", "nowhere"):
        with pytest.raises(peewee.IntegrityError), database.atomic():
            pipeline_versions.add(database, pipeline, 1, "text", NOW, None, retired=False)


@pytest.mark.parametrize("name", preset_names())
def test_a_pipeline_is_read_as_it_was_written_and_written_again(database: Database, name: str) -> None:
    known = preset(name)
    with writing(database):
        pipelines.add(database, known)
    assert pipelines.load_all(database) == [known]
    without = succeed(
        known, replace(known, stages=known.stages[1:], reasons=known.reasons[1:], sources=known.sources[1:])
    )
    with writing(database):
        pipelines.store(database, without)
    (read,) = pipelines.load_all(database)
    assert (read, read.retired) == (without, without.retired)
    with writing(database):
        pipelines.store(database, succeed(read, known))
    (back,) = pipelines.load_all(database)
    assert (back, back.retired.stages, back.retired.order) == (known, (), ())


def test_pipelines_stand_in_their_order_retired_ones_last(database: Database) -> None:
    with writing(database):
        for place, name in enumerate(("b2b", "simple", "lifecycle")):
            pipelines.add(database, preset(name), place)
        pipeline_versions.add(database, "b2b", 1, "", NOW, None, retired=False)
        pipeline_versions.add(database, "b2b", 2, "", NOW, None, retired=True)
        pipelines.place(database, ["b2b", "lifecycle", "simple"])
    found = [(one.key, one.is_retired) for one in pipelines.load_all(database)]
    assert found == [("lifecycle", False), ("simple", False), ("b2b", True)]


def test_every_change_is_counted(database: Database) -> None:
    assert pipelines.version(database) == 0
    with writing(database):
        pipelines.count_change(database)
        pipelines.count_change(database)
    assert pipelines.version(database) == 2


def test_the_latest_version_tells_who_made_it(database: Database) -> None:
    assert pipeline_versions.latest(database) == []
    with writing(database):
        pipelines.add(database, preset("simple"))
        ana = people.add(database, "ana", Role.MANAGER)
        pipeline_versions.add(database, "simple", 1, "first", None, None, retired=False)
        pipeline_versions.add(database, "simple", 2, "second", NOW, ana.id, retired=False)
    ((name, found),) = pipeline_versions.latest(database)
    assert (name, found.version, found.at, found.who, found.text) == ("Sales", 2, NOW, "ana", "second")


def test_an_older_workspace_gets_fields_and_keeps_its_deals(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "migrations"
    shutil.copytree(schema._DIRECTORY, older, ignore=shutil.ignore_patterns("__pycache__", "000[5-9]*"))
    database = connect(location, create=True)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "_DIRECTORY", older)
        schema.upgrade(database)
    for statement in OLD_DEAL:
        database.execute_sql(statement)
    assert schema.upgrade(database)[0] == "0005_custom_fields"
    (deal,) = deals.select(database, deals.EVERYTHING)
    assert deal.custom == NO_VALUES
    (pipeline,) = pipelines.load_all(database)
    assert (pipeline.fields, pipeline.qualifiers) == ((), ())
    with writing(database):
        deals.update_all(database, [(deal, replace(deal, custom=FieldValues.of({"rival": "Žagar"})))], {None: None})
    assert deals.select(database, deals.EVERYTHING)[0].custom.get("rival") == "Žagar"
    database.close()


def test_fields_and_what_they_gave_up_are_read_as_they_were_written(database: Database) -> None:
    known = fielded_pipeline()
    fewer = replace(SEGMENT, choices=SEGMENT.choices[:1])
    heir = succeed(known, replace(known, fields=(SEATS, fewer), qualifiers=known.qualifiers[1:]))
    with writing(database):
        pipelines.add(database, known)
        pipelines.store(database, heir)
    (back,) = pipelines.load_all(database)
    assert (back, back.retired) == (heir, heir.retired)
    assert [one.key for one in back.retired.fields] == ["renewal_on", "rival"]
    assert [choice.key for _, choice in back.retired.choices] == ["industry", "other"]
    assert back.retired.qualifiers == known.qualifiers[:1]
