"""Custom fields on the screen: asked for by the gate one after the other, typed in the form, changed where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from funneltui.domain.views import Column, FieldColumn
from funneltui.tui.screens.list import ListScreen
from funneltui.tui.widgets.typed_field import TypedField
from tests.fielded import fielded_pipeline
from tests.tui.test_forms import beside, fill
from tests.tui.test_opened_deal import goes_to, opened

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from tests.tui.conftest import Board, Shop, Show


@pytest.fixture
def pipeline() -> Pipeline:
    """Give a pipeline whose second stage demands a field of each kind and a qualifier besides its detail."""
    return fielded_pipeline(acquisition=("qualifier", "segment", "seats", "renewal_on"))


@pytest.fixture
def one(shop: Shop) -> Shop:
    """Give a deal that has a rival."""
    shop.add("Northwind", rival="Acme")
    return shop


def row_of(board: Board, label: str) -> list[str]:
    """Give the words of the line of the opened deal that has this label."""
    return next(line.split("│")[0].split() for line in board.lines if label in line)


async def test_a_gate_asks_one_choice_after_the_other_and_digits_pick(one: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L")
        await board.opens("MoveDialog")
        for words in ("1 of 3", "1 call scheduled", "Seats *", "Renewal *"):
            assert words in board.text
        assert "public sector" not in board.text
        await board.press("2")
        for words in ("Which qualifier?", "2 of 3", "after call - meeting", "1 budget confirmed"):
            assert words in board.text
        await board.press("2", "1")
        for words in ("Which Market segment?", "3 of 3", "referred by a client", "1 public sector"):
            assert words in board.text
        await board.press("tab")
        await board.type("1,250")
        await board.press("tab")
        await board.type("1.3.2027")
        await board.press("enter")
        await board.until(lambda: one.deal(1).stage == "acquisition")
    deal = one.deal(1)
    assert (deal.detail, deal.qualifier) == ("meeting", "referred")
    assert dict(deal.custom.pairs) == {
        "rival": "Acme", "segment": "public", "seats": "1250", "renewal_on": "2027-03-01",
    }  # fmt: skip


async def test_backspace_goes_back_to_the_question_before(one: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("L", "1", "1")
        await board.opens("MoveDialog")
        assert "3 of 3" in board.text
        await board.press("backspace", "backspace")
        assert "1 of 3" in board.text
        await board.press("2", "2")
        assert "after call - meeting" in board.text
        assert "referred by a client" in board.text
        assert "3 of 3" in board.text


async def test_what_is_not_picked_or_not_typed_is_asked_for_and_nothing_happens(one: Shop, show: Show) -> None:
    before = one.rows()
    async with show() as board:
        await board.press("L", "enter")
        await board.shows("pick the detail first, by its digit")
        await board.press("1", "1", "enter")
        await board.shows("pick the Market segment first, by its digit")
        await board.press("3", "enter")
        await board.shows("Seats is needed")
        await board.press("escape")
        await board.opens("")
    assert one.rows() == before


async def test_a_single_choice_is_answered_in_three_keys_as_ever(shop: Shop, show: Show) -> None:
    shop.add("Northwind", qualifier="budget", segment="public", seats="5", renewal_on="2027-03-01")
    async with show() as board:
        await board.at_once("L", "2", "enter")
        await board.until(lambda: shop.deal(1).stage == "acquisition")
    assert shop.deal(1).detail == "meeting"


async def test_a_form_has_a_line_for_each_and_reads_it_as_it_is_typed(shop: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, title="Northwind", source="web", expected_close="fri", seats="12k", renewal_on="+3d")
        await fill(board, segment="public s", qualifier="budg", rival="Žagar")
        assert beside(board, "Seats").endswith("= 12,000")
        assert beside(board, "Renewal").endswith("= Tue 24 Nov")
        assert beside(board, "Market segment").endswith("= public sector")
        assert beside(board, "qualifier").endswith("= budget confirmed")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
    deal = shop.deal(1)
    assert deal.qualifier == "budget"
    assert dict(deal.custom.pairs) == {
        "seats": "12000", "renewal_on": "2026-11-24", "segment": "public", "rival": "Žagar",
    }  # fmt: skip


async def test_a_form_says_what_can_be_answered_and_what_is_wrong(one: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        fields = [field.field for field in board.app.screen.query(TypedField)]
        await board.press(*["tab"] * fields.index("seats"))
        await board.shows("How many people will use it: 12, 12.5, 1,250, 12k")
        await board.press("tab", "tab")
        await board.until(lambda: board.text.count("public sector, industry, the rest") == 2)
        await fill(board, segment="moon", renewal_on="someday")
        assert beside(board, "Market segment").endswith("no such choice")
        assert beside(board, "Renewal").endswith("not understood")
        await board.press("ctrl+s")
        assert board.dialog == "DealForm"
        await fill(board, segment="", renewal_on="", rival="")
        await board.press("ctrl+s")
        await board.until(lambda: one.deal(1).custom.get("rival") == "")


async def test_a_field_is_changed_where_it_stands_and_the_history_says_so(one: Shop, show: Show) -> None:
    async with show() as board:
        screen = await opened(board)
        for label in ("Seats", "Renewal", "Market segment"):
            assert label in board.text
        assert row_of(board, "Rival") == ["Rival", "Acme"]
        await board.press(*["j"] * goes_to(screen, "segment"), "enter")
        await board.until(lambda: board.app.focused is not None)
        await board.type("industry")
        await board.press("enter")
        await board.until(lambda: one.deal(1).custom.get("segment") == "industry")
        await board.shows("Market segment: nothing → industry")
        await board.press("u")
        await board.until(lambda: one.deal(1).custom.get("segment") == "")
    assert one.deal(1).custom.get("rival") == "Acme"


async def test_a_field_that_is_taken_out_is_still_read_and_no_longer_asked_for(one: Shop, show: Show) -> None:
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import pipelines

    known = one.context.pipeline
    pipelines.apply(one.context, replace(known, fields=known.fields[:3]), {}, to_toml)
    async with show() as board:
        screen = await opened(board)
        assert row_of(board, "Rival") == ["Rival", "Acme"]
        assert "rival" not in [spot.field for spot in screen._page.spots]
        await board.press("escape", "e")
        await board.opens("DealForm")
        assert [field.field for field in board.app.screen.query(TypedField) if field.field == "rival"] == []
        assert len(board.app.screen.query(Input)) > 10


async def test_the_list_shows_sorts_and_keeps_a_column_for_it(shop: Shop, show: Show) -> None:
    shop.add("Northwind", seats="1250", segment="public", renewal_on="2026-12-01")
    shop.add("Hooli", seats="-3")
    shop.add("Globex")
    async with show() as board:
        await board.press("2")
        await board.opens("ListScreen")
        screen = board.app.screen
        assert isinstance(screen, ListScreen)
        columns = [Column.TITLE, FieldColumn("seats"), FieldColumn("segment"), FieldColumn("renewal_on")]
        screen.look_at(screen.state.view.with_columns(columns))
        await board.pilot.pause()
        head = next(line for line in board.lines if "title" in line)
        assert head.split() == ["title", "Seats", "Market", "segment", "Renewal"]
        row = next(line for line in board.lines if "Northwind" in line)
        assert row.split()[1:] == ["Northwind", "1250", "public", "sector", "1", "Dec"]
        screen.look_at(screen.state.view.sorted_by(FieldColumn("seats")))
        await board.until(lambda: [deal.title for deal in screen.state.deals] == ["Hooli", "Northwind", "Globex"])
        assert "by Seats ↑" in board.text
        screen.look_at(screen.state.view.reversed())
        await board.until(lambda: [deal.title for deal in screen.state.deals] == ["Northwind", "Hooli", "Globex"])


async def test_the_dialog_of_columns_offers_them_by_their_names(one: Shop, show: Show) -> None:
    async with show((120, 50)) as board:
        await board.press("2")
        await board.opens("ListScreen")
        await board.press("c")
        await board.opens("ColumnsDialog")
        for name in ("[ ] Seats", "[ ] Renewal", "[ ] Market segment", "[ ] Rival"):
            assert name in board.text
        steps = len(board.app.screen._list.taken)  # type: ignore[attr-defined]
        await board.press(*["j"] * (steps + 3), "space", "enter")
        await board.opens("ListScreen")
        state = board.app.screen.state  # type: ignore[attr-defined]
        assert state.view.columns[-1].column == FieldColumn("rival")


async def test_the_filter_completes_a_field_and_finds_by_it(shop: Shop, show: Show) -> None:
    shop.add("Northwind", segment="public")
    shop.add("Hooli", segment="industry")
    async with show() as board:
        await board.press("slash")
        await board.type("segment:pub")
        await board.shows("Waiting 1")
        assert board.titles("waiting") == ["Northwind"]


async def test_the_tab_of_a_stage_that_is_gone_gives_way_to_that_of_all_deals(one: Shop) -> None:
    from funneltui.tui.list_state import ListState

    known = one.context.pipeline
    state = ListState(known)
    state.look(replace(state.view, tab="offered"))
    turn = state.turn
    state.change_pipeline(replace(known, stages=tuple(stage for stage in known.stages if stage.key != "offered")))
    assert (state.view.tab, state.turn) == ("", turn + 1)
    assert date(2026, 12, 15) == one.deal(1).expected_close
