"""Windows of a list in every order, and saved views as they are stored; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import peewee
import pytest

from funneltui.domain.views import FIRST_VIEW, Column
from funneltui.services import activities, deals, moves
from funneltui.storage import list_windows, schema
from funneltui.storage import views as stored
from funneltui.storage.database import connect, query, writing
from funneltui.storage.deals import Condition, select
from funneltui.storage.list_orders import FigureSort, ListSort, list_order

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.domain.deal import Deal
    from funneltui.domain.views import View
    from funneltui.services.context import Context
    from funneltui.storage.list_orders import AnySort

THERE = Condition("d.pipeline = ? AND d.outcome <> 'undone'", ("sales",))

ORDERS = [(sort, descending) for sort in ListSort for descending in (False, True)]


def whole_list(context: Context, sort: ListSort, descending: bool) -> list[int]:
    return [deal.number for deal in select(context.database, THERE, list_order(sort, descending=descending))]


def window(context: Context, sort: AnySort, descending: bool, start: int, size: int) -> list[int]:
    found = list_windows.window(context.database, THERE, sort, descending=descending, start=start, size=size)
    return [deal.number for deal in found]


def named(name: str) -> View:
    return replace(FIRST_VIEW, name=name)


@pytest.fixture
def mixed(context: Context) -> Context:
    """Give a workspace of deals that are equal in much and lack much, in every stage."""

    def add(stage: str | None = None, **values: Any) -> Deal:
        basic = {"title": "Same", "source": "web", "expected_close": date(2026, 12, 15)}
        return deals.add(context, basic | values, stage)

    add(company="Žagar", contact="Ana", email="ana@example.com", amount=500, tags=("old",), qualifier="Budget")
    add(company="Acme", amount=500, owner=None, phone="040 111", probability=30)
    add("acquisition", detail="meeting", company="Łódź Works", contact="Ana", source="phone")
    add("acquisition", detail="call", title="Ábel", amount=90_000, expected_close=date(2026, 11, 1))
    add("offered", detail="contract", follow_up=date(2026, 11, 25), title="zebra", amount=0, email="B@example.com")
    add("offered", detail="negotiation", follow_up=date(2026, 11, 25), source="other", probability=80)
    moves.move(context, [add(company="Acme").number], "acquired", {})
    moves.move(context, [add(amount=7).number], "resigned", {"reason": "price"})
    activities.spam(context, [add(title="Win a prize").number])
    return context


def test_windows_put_together_are_the_whole_list_in_every_order(mixed: Context) -> None:
    for sort, descending in ORDERS:
        whole = whole_list(mixed, sort, descending)
        windows = [window(mixed, sort, descending, start, 4) for start in (0, 4, 8)]
        assert [number for one in windows for number in one] == whole, (sort, descending)


def test_every_deal_is_at_its_place_in_every_order(mixed: Context) -> None:
    for sort, descending in ORDERS:
        whole = whole_list(mixed, sort, descending)
        places = [
            list_windows.place_of(mixed.database, THERE, sort, descending=descending, number=number) for number in whole
        ]
        assert places == list(range(9)), (sort, descending)


@pytest.mark.parametrize("column", [column for column in Column if column is not Column.CHANCE])
def test_the_list_can_be_sorted_by_every_column_that_is_stored(column: Column) -> None:
    assert ListSort(column.value)


BY_FIGURE = FigureSort({1: 0.5, 2: 0.25, 4: 0.5, 6: 0.125})


@pytest.mark.parametrize(
    ("descending", "order"), [(True, [1, 4, 2, 6, 3, 5, 7, 8, 9]), (False, [6, 2, 1, 4, 3, 5, 7, 8, 9])]
)
def test_by_a_figure_open_deals_without_one_come_later_and_closed_ones_last(
    mixed: Context, descending: bool, order: list[int]
) -> None:
    assert window(mixed, BY_FIGURE, descending, 0, 99) == order
    windows = [window(mixed, BY_FIGURE, descending, start, 2) for start in range(0, 10, 2)]
    assert [number for one in windows for number in one] == order
    places = [
        list_windows.place_of(mixed.database, THERE, BY_FIGURE, descending=descending, number=number)
        for number in order
    ]
    assert places == list(range(9))


def test_by_a_figure_too_a_deal_that_is_not_in_the_list_has_no_place(mixed: Context) -> None:
    only = THERE & Condition("d.stage = ?", ("offered",))
    assert [
        list_windows.place_of(mixed.database, only, BY_FIGURE, descending=False, number=number) for number in (1, 7)
    ] == [None, None]


def test_a_deal_that_is_not_in_the_list_has_no_place(mixed: Context) -> None:
    only = THERE & Condition("d.stage = ?", ("offered",))
    assert list_windows.place_of(mixed.database, only, ListSort.TITLE, descending=False, number=1) is None
    assert list_windows.place_of(mixed.database, only, ListSort.TITLE, descending=False, number=999) is None


def test_a_condition_on_joined_tables_counts_and_finds_alike(mixed: Context) -> None:
    acme = THERE & Condition("(c.folded = ? OR k.folded = ?)", ("acme", "nobody"))
    assert list_windows.stage_counts(mixed.database, acme) == {"waiting": 1, "acquired": 1}
    found = list_windows.window(mixed.database, acme, ListSort.OWNER, descending=False, start=0, size=9)
    assert {deal.company for deal in found} == {"Acme"}


def test_a_window_beyond_the_end_is_empty(mixed: Context) -> None:
    assert window(mixed, ListSort.NUMBER, False, 50, 9) == []


def test_two_people_can_use_the_same_name_and_one_cannot_twice(context: Context) -> None:
    query(context.database, "INSERT INTO person (name, folded, role) VALUES ('bo', 'bo', 'rep') RETURNING id")
    with writing(context.database):
        stored.add(context.database, 1, named("late"), 0)
        stored.add(context.database, 2, named("late"), 0)
    with pytest.raises(peewee.IntegrityError), context.database.atomic():
        stored.add(context.database, 1, named("late"), 1)
    assert [view.name for view in stored.of(context.database, 2)] == ["late"]


def test_a_view_that_is_removed_leaves_no_gap(context: Context) -> None:
    views = [named(name) for name in ("a", "b", "c")]
    for position, view in enumerate(views):
        stored.add(context.database, 1, view, position)
    stored.remove(context.database, 1, "b", [views[0], views[2]])
    assert query(context.database, 'SELECT name, position FROM "view" ORDER BY position') == [("a", 0), ("c", 1)]


def test_a_workspace_of_the_first_version_gets_its_views_and_keeps_its_deals(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    database = connect(str(path), create=True)
    schema.upgrade(database)
    for statement in ('DROP TABLE "view"', "DROP INDEX deal_list", "DROP INDEX deal_list_title",
                      "DELETE FROM schema_migration WHERE name = '0002_views'"):  # fmt: skip
        database.execute_sql(statement)
    database.execute_sql("INSERT INTO person (name, folded, role) VALUES ('ana', 'ana', 'manager')")
    assert "0002_views" in schema.upgrade(database)
    stored.add(database, 1, named("late"), 0)
    assert [view.name for view in stored.of(database, 1)] == ["late"]
    assert query(database, "SELECT name FROM person") == [("ana",)]
    database.close()


def test_sqlite_pages_through_titles_by_their_index(tmp_path: Path) -> None:
    database = connect(str(tmp_path / "plan.db"), create=True)
    schema.upgrade(database)
    order = list_order(ListSort.TITLE, descending=True)
    rows = query(
        database,
        "EXPLAIN QUERY PLAN SELECT d.number FROM deal d WHERE d.pipeline = ? AND d.outcome <> 'undone' "
        f"AND d.stage = ? ORDER BY {order} LIMIT 60",
        ("sales", "offered"),
    )
    assert [row[3] for row in rows] == ["SEARCH d USING COVERING INDEX deal_list_title (pipeline=?)"]
    database.close()
