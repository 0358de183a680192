"""What the import screen asks, and how an answer is given, mended and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from funneltui.tui.import_state import Step
from tests.tui.importing import answer, cursor_on, figures, file, importing, on_to, opened, stands, words_said, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Shop, Show


__all__ = ["file", "written"]


async def test_a_column_is_given_a_field_left_out_or_kept_in_the_notes_by_key(
    shop: Shop, show: Show, file: Path
) -> None:
    async with show() as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        state = importing(board).state
        await cursor_on(board, "Deal - Team")
        await answer(board, "FindDialog", "enter", text="qualif")
        await board.until(lambda: cast(Any, state.plan).mapping.columns.get("qualifier") == 9)
        await board.press("x")
        await board.until(lambda: "qualifier" not in cast(Any, state.plan).mapping.columns)
        await answer(board, "FindDialog", "enter", text="kept")
        await board.until(lambda: cast(Any, state.plan).mapping.in_notes == (9,))
        assert state.line is not None
        assert state.line.value == "in the notes"
        await board.press("r")
        await board.until(lambda: cast(Any, state.plan).mapping.in_notes == ())
        await board.press("n")
        await board.until(lambda: cast(Any, state.plan).said.keep_rest is True)
        await board.press("x")
        await board.until(lambda: cast(Any, state.plan).mapping.in_notes == ())


async def test_a_field_is_read_from_one_column_only(shop: Shop, show: Show, file: Path) -> None:
    async with show() as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        await cursor_on(board, "Deal - Team")
        await answer(board, "FindDialog", "enter", text="title")
        plan = importing(board).state.plan
        assert plan is not None
        assert plan.table.header[plan.mapping.columns["title"]] == "Deal - Team"
        assert "Deal - Title" in plan.mapping.unread()


async def test_an_answer_that_cannot_be_read_stays_there_to_be_mended(shop: Shop, show: Show, file: Path) -> None:
    async with show() as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        await cursor_on(board, "currency")
        await board.press("space")
        await board.opens("WordsDialog")
        await board.type("EURO")
        await board.press("enter")
        await board.shows('"EURO" is no currency')
        assert board.dialog == "WordsDialog"
        await board.press("backspace", "enter")
        await board.opens("ImportScreen")
        assert ("currency", "EUR") in cast(Any, importing(board).state.said).sets


async def test_the_fields_stay_where_they_are_while_one_is_looked_for(shop: Shop, show: Show, file: Path) -> None:
    async with show() as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        await board.press("space")
        await board.opens("FindDialog")
        stands_at = board.app.screen.query_one("#choices").region
        await board.type("zzz")
        await board.shows("nothing has that in its name")
        assert board.app.screen.query_one("#choices").region == stands_at


async def test_going_back_loses_nothing_of_what_was_said(shop: Shop, show: Show, file: Path) -> None:
    async with show() as board:
        await opened(board, file)
        await words_said(board)
        said = importing(board).state.said
        await board.press("escape", "escape")
        await stands(board, Step.FILE)
        await on_to(board, Step.COLUMNS, Step.WORDS)
        assert importing(board).state.said == said
        assert "In acquisition, call scheduled" in board.text
        await board.press("1")
        await stands(board, Step.FILE)
        await board.press("escape")
        await board.opens("")
    assert shop.count("deal") == 0


async def test_without_titles_the_column_that_gives_them_is_asked_for(
    shop: Shop, show: Show, written: Callable[[str], Path]
) -> None:
    path = written("what,source,expected close\nPump,phone,2027-01-15\n")
    async with show() as board:
        await opened(board, path)
        await on_to(board, Step.COLUMNS)
        await board.press("enter")
        await board.shows("no column gives the titles")
        await answer(board, "PickDialog", "1")
        await on_to(board, Step.WORDS, Step.TRIAL, Step.IMPORT)
        assert figures(board) == (1, 1, 0, 0, 0)
    assert shop.deal(1).title == "Pump"
