"""The list's windows within what one may see, and saved views that are one's own; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.history import Role
from funneltui.domain.views import FIRST_VIEW, Column, View
from funneltui.errors import BadInput, NotFound
from funneltui.services import activities, deals, moves, people, views
from funneltui.storage.list_orders import FigureSort, ListSort

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context
    from funneltui.services.views import ListWindow
    from funneltui.storage.list_orders import AnySort


def add(context: Context, title: str, stage: str | None = None, **values: Any) -> int:
    basic = {"title": title, "source": "web", "expected_close": date(2026, 12, 15)}
    return deals.add(context, basic | values, stage).number


def read(context: Context, text: str = "", *, start: int = 0, size: int = 50, **more: Any) -> ListWindow:
    pipeline = context.pipeline
    condition = views.condition_of(context, (pipeline,), text)
    return views.list_window(context, pipeline, condition, ListSort.NUMBER, False, start, size, **more)


def titles(window: ListWindow) -> list[str]:
    return [deal.title for deal in window.deals]


@pytest.fixture
def five(context: Context) -> Context:
    """Give a workspace with a deal in each stage but one, and spam."""
    add(context, "A"), add(context, "B", owner=None)
    add(context, "C", "acquisition", detail="call")
    moves.move(context, [add(context, "Won")], "acquired", {})
    moves.move(context, [add(context, "Lost")], "resigned", {"reason": "price"})
    activities.spam(context, [add(context, "Prize")])
    return context


def test_the_list_holds_every_stage_and_counts_each_tab(five: Context) -> None:
    window = read(five)
    assert titles(window) == ["A", "B", "C", "Won", "Lost"]
    assert dict(window.counts) == {"waiting": 2, "acquisition": 1, "acquired": 1, "resigned": 1}
    assert (window.total(), window.total("waiting"), window.total("offered")) == (5, 2, 0)


def test_a_tab_shows_its_stage_and_counts_them_all(five: Context) -> None:
    window = read(five, tab="waiting")
    assert titles(window) == ["A", "B"]
    assert window.total() == 5


def test_spam_is_found_only_by_asking_for_it(five: Context) -> None:
    assert titles(read(five, "prize")) == []
    assert titles(read(five, "is:spam")) == ["Prize"]
    assert titles(read(five, "-is:lost a or is:spam")) == ["A", "Prize"]


def test_a_deal_whose_adding_was_undone_is_in_no_list(five: Context) -> None:
    from funneltui.services import undo

    add(five, "Mistake")
    undo.undo(five)
    assert titles(read(five, "mistake")) == []


@pytest.mark.parametrize(
    ("sort", "left"), [(ListSort.NUMBER, "EDB"), (FigureSort({1: 0.9, 2: 0.8, 3: 0.7, 4: 0.6, 5: 0.5}), "ABD")]
)
def test_a_list_read_in_pages_skips_nobody_when_a_colleague_marks_spam(
    context: Context, as_user: Callable[[str], Context], sort: AnySort, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_PAGE", 2)
    for title in "ABCDE":
        add(context, title)
    listed = views.listed(context, views.condition_of(context, context.pipelines), sort, descending=True)
    first = next(listed)
    activities.spam(as_user("ana"), [1, 3, 5])
    assert [deal.title for deal in (first, *listed)] == list(left)


def test_a_rep_lists_his_own_deals_only_and_counts_no_others(five: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(five, "bo", Role.REP)
    add(five, "Hers", owner="bo")
    bo = as_user("bo")
    window = read(bo)
    assert (titles(window), dict(window.counts)) == (["Hers"], {"waiting": 1})
    condition = views.condition_of(bo, (bo.pipeline,), "")
    assert views.place_of(bo, bo.pipeline, condition, ListSort.NUMBER, False, 1) is None


def test_a_window_is_given_around_the_deal_asked_for(context: Context) -> None:
    for n in range(20):
        add(context, f"T{n}")
    window = read(context, size=6, anchor=15)
    assert window.anchor_place == 14
    assert 15 in [deal.number for deal in window.deals]
    assert len(window.deals) == 6


def test_a_window_asked_for_beyond_the_end_is_the_last_one(context: Context) -> None:
    for n in range(8):
        add(context, f"T{n}")
    window = read(context, start=500, size=3)
    assert (window.start, titles(window)) == (5, ["T5", "T6", "T7"])


def test_scrolling_reads_the_same_rows_without_counting(five: Context) -> None:
    condition = views.condition_of(five, (five.pipeline,), "")
    rows = views.list_rows(five, five.pipeline, condition, ListSort.TITLE, True, 1, 2)
    assert [deal.title for deal in rows] == ["Lost", "C"]


def test_filters_narrow_one_another_and_a_stage_narrows_them(five: Context) -> None:
    condition = views.condition_of(five, (five.pipeline,), "a or c or won", "-won", tab="acquisition")
    rows = views.list_rows(five, five.pipeline, condition, ListSort.NUMBER, False, 0, 9)
    assert [deal.title for deal in rows] == ["C"]


@pytest.mark.parametrize("text", ["reason:price", "-reason:price", "a or b reason:price"])
def test_the_table_is_not_filtered_by_the_rejection_reason(five: Context, text: str) -> None:
    with pytest.raises(BadInput, match="rejection reason"):
        views.table_condition(five, five.pipeline, text)
    assert views.table_condition(five, five.pipeline, "lost") == views.condition_of(five, (five.pipeline,), "lost")


@pytest.mark.parametrize(
    "text",
    ["number:1", "source:web", "stage:waiting", "detail:call", "qualifier:q", "created:today", "close:eoy", "contact:c",
     "phone:1", "email:e", "created_by:ana", "subject:s", "owner:me", "is:spam"],
)  # fmt: skip
def test_the_table_is_filtered_by_every_field_of_d9(five: Context, text: str) -> None:
    condition = views.table_condition(five, five.pipeline, text)
    window = views.list_window(five, five.pipeline, condition, ListSort.NUMBER, False, 0, 9)
    assert window.total() == len(window.deals)


def mine(name: str, **changes: Any) -> View:
    return replace(FIRST_VIEW, name=name, **changes)


def names(context: Context) -> list[str]:
    return [view.name for view in views.saved(context)]


def test_a_view_comes_back_as_it_was_saved(context: Context) -> None:
    late = mine("late ones", filter_text="is:overdue owner:me", tab="offered", row_height=2).sorted_by(Column.CLOSE)
    views.save(context, late.sized(Column.TITLE, 44).moved(Column.OWNER, -5))
    assert views.saved(context) == [late.sized(Column.TITLE, 44).moved(Column.OWNER, -5)]
    assert views.named(context, "LATE ones") == views.saved(context)[0]


def test_saving_under_a_name_again_takes_the_place_of_the_old_view(context: Context) -> None:
    for name in ("Žagar", "b", "c"):
        views.save(context, mine(name))
    views.save(context, mine("zagar", tab="offered"))
    assert names(context) == ["zagar", "b", "c"]
    assert views.named(context, "ŽAGAR").tab == "offered"


def test_views_are_ones_own(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bo", Role.REP)
    bo = as_user("bo")
    views.save(context, mine("late"))
    assert names(bo) == []
    views.save(bo, mine("late", tab="offered"))
    views.delete(bo, "late")
    assert names(context) == ["late"]


def test_a_view_is_renamed_in_its_place(context: Context) -> None:
    for name in ("a", "b"):
        views.save(context, mine(name, tab="offered"))
    assert views.rename(context, "a", " first ").name == "first"
    assert names(context) == ["first", "b"]
    assert views.rename(context, "first", "FIRST").tab == "offered"


@pytest.mark.parametrize("new_name", ["B", "", "  "])
def test_a_view_is_not_renamed_to_another_ones_name_or_to_none(context: Context, new_name: str) -> None:
    for name in ("a", "b"):
        views.save(context, mine(name))
    with pytest.raises(BadInput):
        views.rename(context, "a", new_name)
    assert names(context) == ["a", "b"]


def test_a_view_that_is_not_there_is_refused_with_those_that_are(context: Context) -> None:
    views.save(context, mine("late"))
    for change in (lambda: views.named(context, "lat"), lambda: views.delete(context, "lat"),
                   lambda: views.rename(context, "lat", "x")):  # fmt: skip
        with pytest.raises(NotFound, match=r'there is no view "lat"; yours are: late'):
            change()


def test_after_so_many_views_one_has_to_go_first(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_VIEWS", 2)
    for name in ("a", "b"):
        views.save(context, mine(name))
    with pytest.raises(BadInput, match="2 views are saved already"):
        views.save(context, mine("c"))
    views.save(context, mine("b", tab="offered"))
    views.delete(context, "a")
    views.save(context, mine("c"))
    assert names(context) == ["b", "c"]


@pytest.fixture
def broken(context: Context) -> Context:
    """Give a workspace with three saved views, the one in the middle of which cannot be read any more."""
    for name in ("a", "late", "c"):
        views.save(context, mine(name, tab="offered"))
    context.database.execute_sql("UPDATE \"view\" SET data = '[]' WHERE name = 'late'")
    return context


def test_a_view_that_cannot_be_read_is_listed_as_such_beside_the_others(broken: Context) -> None:
    assert [(view.name, view.tab, view.is_readable) for view in views.saved(broken)] == [
        ("a", "offered", True), ("late", "", False), ("c", "offered", True),
    ]  # fmt: skip
    assert views.named(broken, "c").tab == "offered"


def test_a_view_that_cannot_be_read_is_not_recalled_and_not_renamed(broken: Context) -> None:
    for use in (lambda: views.named(broken, "late"), lambda: views.rename(broken, "late", "early")):
        with pytest.raises(BadInput, match='view "late" cannot be read; save it anew under its name, or delete it'):
            use()
    assert views.rename(broken, "a", "first").name == "first"


def test_a_view_that_cannot_be_read_is_saved_anew_under_its_name(broken: Context) -> None:
    views.save(broken, mine("late", filter_text="is:overdue"))
    assert names(broken) == ["a", "late", "c"]
    assert views.named(broken, "late").filter_text == "is:overdue"


def test_a_view_that_cannot_be_read_is_deleted(broken: Context) -> None:
    views.delete(broken, "late")
    assert names(broken) == ["a", "c"]
