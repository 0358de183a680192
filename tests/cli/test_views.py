"""`views` lists one's saved views; `list --view` lists as one of them says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.views import FIRST_VIEW, Column
from funneltui.services import views, workspaces

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Clock
    from tests.cli.conftest import Shop


@pytest.fixture
def save(shop: Shop, clock: Clock) -> Callable[..., None]:
    """Give a function that saves a view of ana's."""

    def saved(name: str, columns: tuple[Column, ...] = (Column.NUMBER, Column.TITLE), **changes: Any) -> None:
        context = workspaces.open_workspace(shop.location, "ana", clock, chosen=True)
        views.save(context, replace(FIRST_VIEW.with_columns(columns), name=name, **changes))
        context.database.close()

    return saved


@pytest.fixture
def three(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a shop with two deals in the first stage and one in the next, and one that is spam."""
    deal("Northwind", "--amount", "900"), deal("Globex", "--amount", "5000"), deal("Initech")
    shop.ok("move", "2", "acquisition", "--detail", "call")
    deal("Prize")
    shop.ok("spam", "4")
    return shop


def test_views_are_listed_with_what_they_show(shop: Shop, save: Callable[..., None]) -> None:
    save("late", filter_text="is:overdue", tab="offered", sort=Column.CLOSE)
    assert shop.ok("views").rows == [["late", "offered", "-close", "is:overdue", "number,title"]]
    assert shop.ok("views", "--json").json == [
        {"name": "late", "stage": "offered", "sort": "-close", "filter": "is:overdue", "columns": ["number", "title"],
         "wrong": None},
    ]  # fmt: skip


def test_a_view_that_cannot_be_read_is_listed_with_what_mends_it(
    shop: Shop, save: Callable[..., None], clock: Clock
) -> None:
    save("late", tab="offered"), save("old")
    context = workspaces.open_workspace(shop.location, "ana", clock, chosen=True)
    context.database.execute_sql("UPDATE \"view\" SET data = '' WHERE name = 'old'")
    context.database.close()
    assert shop.ok("views").rows[1] == ["old", "", "", "cannot be read", ""]
    wrong = 'the saved view "old" cannot be read; save it anew under its name, or delete it'
    assert shop.ok("views", "--json").json[1] == {
        "name": "old", "stage": "", "sort": "", "filter": "", "columns": [], "wrong": wrong,
    }  # fmt: skip
    assert wrong in shop("list", "--view", "old").err


def test_without_a_view_nothing_is_listed(shop: Shop) -> None:
    assert shop.ok("views").out == ""
    assert shop.ok("views", "--json").json == []


def test_a_view_gives_columns_order_and_filter(three: Shop, save: Callable[..., None]) -> None:
    save("mine", filter_text="-initech")
    assert three.ok("list", "--view", "MINE").rows == [["2", "Globex"], ["1", "Northwind"]]


def test_a_view_of_a_tab_lists_its_stage(three: Shop, save: Callable[..., None]) -> None:
    save("waiting", tab="waiting", descending=False)
    assert three.ok("list", "--view", "waiting").rows == [["1", "Northwind"], ["3", "Initech"]]


def test_a_view_with_alternatives_is_narrowed_as_a_whole(three: Shop, save: Callable[..., None]) -> None:
    save("either", filter_text="northwind or globex")
    assert three.ok("list", "--view", "either", "amount>1000").rows == [["2", "Globex"]]


def test_what_is_typed_goes_before_what_the_view_says(three: Shop, save: Callable[..., None]) -> None:
    save("mine")
    done = three.ok("list", "--view", "mine", "--sort", "amount", "--columns", "amount", "--limit", "1")
    assert done.rows == [["€900"]]


def test_a_view_of_spam_finds_it_and_shows_it(three: Shop, save: Callable[..., None]) -> None:
    save("spam", (Column.TITLE, Column.SPAM), filter_text="is:spam")
    assert three.ok("list", "--view", "spam").rows == [["Prize", "spam"]]


def test_every_column_of_a_view_can_be_listed(three: Shop, save: Callable[..., None]) -> None:
    save("all", tuple(Column))
    assert {len(row) for row in three.ok("list", "--view", "all").rows} == {len(Column)}


def test_a_view_that_is_not_there_is_refused(three: Shop, save: Callable[..., None]) -> None:
    save("late")
    done = three("list", "--view", "early")
    assert (done.status, done.out) == (1, "")
    assert 'there is no view "early"; yours are: late' in done.err


def test_views_of_others_cannot_be_used(three: Shop, save: Callable[..., None]) -> None:
    save("late")
    three.ok("users", "add", "bo")
    assert three("list", "--view", "late", user="bo").status == 1
    assert three.ok("views", user="bo").out == ""
