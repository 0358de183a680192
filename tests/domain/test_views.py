"""Saved views as values: columns shown, moved and sized, sorted both ways, kept as JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.views import (
    FIRST_VIEW,
    LEAST_WIDTH,
    MOST_WIDTH,
    ROOM_LEFT,
    Column,
    Placed,
    View,
    clean_name,
)
from funneltui.errors import BadInput

COLUMNS = st.sampled_from(Column)
WIDTHS = st.one_of(st.just(ROOM_LEFT), st.integers(LEAST_WIDTH, MOST_WIDTH))
VIEWS = st.builds(
    View,
    name=st.just("mine"),
    columns=st.lists(st.builds(Placed, COLUMNS, WIDTHS), min_size=1, unique_by=lambda placed: placed.column).map(tuple),
    sort=COLUMNS,
    descending=st.booleans(),
    filter_text=st.sampled_from(["", "owner:me is:overdue", '"Ana Žagar" or amount>5k']),
    tab=st.sampled_from(["", "offered"]),
    row_height=st.integers(1, 2),
)


def shown(view: View) -> list[Column]:
    return [placed.column for placed in view.columns]


def test_the_first_view_shows_every_column_of_d8_and_the_amount_and_the_newest_deal_first() -> None:
    assert set(shown(FIRST_VIEW)) == {
        Column.NUMBER, Column.SOURCE, Column.STAGE, Column.DETAIL, Column.CREATED, Column.CLOSE, Column.CONTACT,
        Column.COMPANY, Column.EMAIL, Column.TITLE, Column.OWNER, Column.SPAM, Column.AMOUNT,
    }  # fmt: skip
    assert (FIRST_VIEW.sort, FIRST_VIEW.descending) == (Column.NUMBER, True)


def test_the_amount_stands_beside_the_detail_and_spam_comes_last() -> None:
    columns = list(shown(FIRST_VIEW))
    assert columns[columns.index(Column.DETAIL) + 1] is Column.AMOUNT
    assert columns[-1] is Column.SPAM


def test_the_rejection_reason_can_never_be_a_column() -> None:
    assert not [column for column in Column if "reason" in column.value]


@given(VIEWS)
def test_a_view_is_the_same_after_it_was_kept_as_json(view: View) -> None:
    assert View.from_json("mine", view.to_json()) == view


@given(VIEWS, COLUMNS, st.integers(-30, 30))
def test_moving_a_column_loses_none_and_keeps_the_others_in_order(view: View, column: Column, steps: int) -> None:
    moved = view.moved(column, steps)
    assert sorted(moved.columns, key=lambda one: one.column) == sorted(view.columns, key=lambda one: one.column)
    others = [one for one in shown(view) if one is not column]
    assert [one for one in shown(moved) if one is not column] == others


def test_a_column_moves_by_so_many_places_and_no_further_than_the_ends() -> None:
    view = FIRST_VIEW.with_columns([Column.NUMBER, Column.TITLE, Column.STAGE])
    assert shown(view.moved(Column.TITLE, 1)) == [Column.NUMBER, Column.STAGE, Column.TITLE]
    assert shown(view.moved(Column.TITLE, -9)) == [Column.TITLE, Column.NUMBER, Column.STAGE]


@given(VIEWS, COLUMNS, st.integers(-1000, 1000))
def test_a_width_stays_within_its_bounds(view: View, column: Column, width: int) -> None:
    sized = view.sized(column, width)
    assert all(
        LEAST_WIDTH <= after.width <= MOST_WIDTH if after.column is column else after == before
        for before, after in zip(view.columns, sized.columns, strict=True)
    )


def test_columns_that_stay_keep_place_and_width_and_new_ones_come_last() -> None:
    view = FIRST_VIEW.sized(Column.STAGE, 30).with_columns([Column.AMOUNT, Column.STAGE, Column.NUMBER])
    assert shown(view) == [Column.NUMBER, Column.STAGE, Column.AMOUNT]
    assert view.columns[1].width == 30


def test_a_view_without_a_single_column_cannot_be() -> None:
    assert FIRST_VIEW.with_columns([]) == FIRST_VIEW


@given(VIEWS, COLUMNS)
def test_sorting_twice_by_a_column_turns_the_order_round(view: View, column: Column) -> None:
    once = view.sorted_by(column)
    twice = once.sorted_by(column)
    assert once.sort is twice.sort is column
    assert once.descending is not twice.descending


def test_a_column_is_sorted_upwards_first() -> None:
    assert FIRST_VIEW.sorted_by(Column.CLOSE).descending is False


def test_what_another_program_wrote_of_columns_is_read_as_far_as_it_is_known() -> None:
    columns = '[["number", 900], ["mood", 5], ["stage"], "title", ["number", 7], []]'
    data = f'{{"columns": {columns}, "sort": "mood", "row_height": 9}}'
    view = View.from_json("old", data)
    assert view.columns == (Placed(Column.NUMBER, MOST_WIDTH), Placed(Column.STAGE, Column.STAGE.first_width),
                            Placed(Column.TITLE, ROOM_LEFT))  # fmt: skip
    assert (view.sort, view.row_height, view.tab, view.filter_text) == (Column.NUMBER, 2, "", "")


@pytest.mark.parametrize("data", ["{}", '{"columns": []}', '{"columns": [["mood", 1]]}', '{"columns": 7}'])
def test_a_view_that_names_no_known_column_shows_the_first_ones(data: str) -> None:
    assert View.from_json("old", data).columns == FIRST_VIEW.columns


@pytest.mark.parametrize("data", ["", "{", "[]", "7", "null"])
def test_a_view_that_cannot_be_read_is_refused_by_its_name(data: str) -> None:
    with pytest.raises(BadInput, match='the saved view "old" cannot be read'):
        View.from_json("old", data)


def test_two_views_are_alike_whatever_their_names() -> None:
    assert replace(FIRST_VIEW, name="a").is_like(replace(FIRST_VIEW, name="b"))
    assert not FIRST_VIEW.is_like(FIRST_VIEW.reversed())


def test_a_name_is_one_harmless_line() -> None:
    assert clean_name("  late\x1b[2J\n ones ") == "late[2J ones"
    assert len(clean_name("x" * 500)) == 40


@pytest.mark.parametrize("name", ["", "  ", "\x1b"])
def test_a_view_needs_a_name(name: str) -> None:
    with pytest.raises(BadInput, match="needs a name"):
        clean_name(name)


def test_the_best_chance_first_shows_its_column_behind_the_title() -> None:
    view = FIRST_VIEW.best_first()
    assert shown(view)[:4] == [Column.NUMBER, Column.TITLE, Column.CHANCE, Column.COMPANY]
    assert (view.sort, view.descending) == (Column.CHANCE, True)
    titleless = FIRST_VIEW.with_columns([Column.NUMBER, Column.STAGE]).best_first()
    assert shown(titleless) == [Column.CHANCE, Column.NUMBER, Column.STAGE]


def test_the_best_chance_first_leaves_a_column_that_is_shown_where_it_is() -> None:
    view = FIRST_VIEW.with_columns([Column.NUMBER, Column.STAGE, Column.CHANCE]).sized(Column.CHANCE, 11)
    assert view.best_first().columns == view.columns
