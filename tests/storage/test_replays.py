"""What a moment of the past is told from is found without looking through all that ever happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.storage import replays, schema
from funneltui.storage.database import query, writing

if TYPE_CHECKING:
    from funneltui.services.context import Context


@pytest.fixture
def statements(context: Context, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the plans of the statements that are sent, in place of what they would find."""
    plans: list[str] = []

    def planned(database: peewee.Database, sql: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        is_file = isinstance(database, peewee.SqliteDatabase)
        with writing(database):
            if not is_file:  # so few events are sooner read than looked up in
                query(database, "SELECT set_config('enable_seqscan', 'off', true)")
            plan = query(database, f"EXPLAIN {'QUERY PLAN ' * is_file}{sql}", values)
        plans.append("\n".join(str(row[-1]) for row in plan))
        return []

    monkeypatch.setattr(replays, "query", planned)
    return plans


def test_what_changed_since_a_moment_is_found_by_its_moment(context: Context, statements: list[str]) -> None:
    replays.changed_since(context.database, None, context.clock.now())
    replays.open_sums_unchanged_since(context.database, None, context.clock.now(), "sales")
    assert ["event_at" in plan for plan in statements] == [True, True], statements


def test_a_workspace_from_before_gets_the_index_and_keeps_its_events(context: Context) -> None:
    with writing(context.database):
        context.database.execute_sql("DROP INDEX event_at")
        context.database.execute_sql("DELETE FROM schema_migration WHERE name = '0009_event_moments'")
    assert schema.upgrade(context.database) == ["0009_event_moments"]
    assert "event_at" in {index.name for index in context.database.get_indexes("event")}
