"""The first start: what one can begin with is shown, one key makes it, and leaving makes nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.errors import StorageError
from funneltui.exchange.pipeline_files import describe_preset, preset, preset_names
from funneltui.services import demo, workspaces
from funneltui.storage.database import query
from funneltui.tui import theming
from funneltui.tui.app import FunnelApp
from funneltui.tui.beginning import Beginning, Preset, UnopenedWorker
from funneltui.tui.screens.board import BoardScreen
from tests.tui.conftest import THEMES, Board
from tests.tui.test_snapshots import same_as_kept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock, Context

NAMES = ["acquisition", *(name for name in preset_names() if name != "acquisition")]
DEALS = """title,stage,amount,source
Northwind,Qualified,1200,phone
Hooli,Engaging,900,LinkedIn
Globex,Engaging,,web
Initech,Won,500,phone
Umbrella,Qualified,a lot,phone
"""
Begin = Any
"""A function that shows the first start: `async with begin(size, theme=...) as start`."""


@pytest.fixture
def begin(tmp_path: Path, clock: Clock) -> Begin:
    """Give a function that shows the first start for a place where nothing is."""

    def create(pipeline: Pipeline) -> Context:
        return workspaces.create(str(tmp_path / "made.db"), pipeline, "ana", clock)

    def make_demo(currency: str) -> Context:
        return demo.create(str(tmp_path / "demo.db"), preset("acquisition", currency), "ana", clock)

    @contextmanager
    def scratch(pipeline: Pipeline) -> Iterator[Context]:
        context = workspaces.create(str(tmp_path / "scratch.db"), pipeline, "ana", clock)
        try:
            yield context
        finally:
            context.database.close()
            (tmp_path / "scratch.db").unlink()

    @asynccontextmanager
    async def first(size: tuple[int, int] = (120, 36), theme: str = "night", refuse: str = "") -> AsyncIterator[Board]:
        def refused(pipeline: Pipeline) -> Context:
            raise StorageError(refuse)

        worker = UnopenedWorker()
        presets = tuple(Preset(preset(name), describe_preset(name)) for name in NAMES)
        beginning = Beginning(
            worker, "~/deals.db", "ana", "EUR", presets, refused if refuse else create, make_demo, scratch
        )
        look, message = theming.first_look((THEMES,), theme)
        app = FunnelApp(worker, look, None, (THEMES,), message, beginning=beginning)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                await pilot.pause()
                yield Board(app, pilot)
        finally:
            worker.close()

    return first


async def board_of(start: Board) -> None:
    """Wait until the board stands in the place of the first start."""
    await start.until(lambda: isinstance(start.app.screen, BoardScreen) and start.state.loaded)
    await start.pilot.pause()


@pytest.mark.parametrize(("place", "name"), list(enumerate(NAMES)), ids=NAMES)
async def test_each_preset_is_shown_with_its_stages_details_and_demands(begin: Begin, place: int, name: str) -> None:
    async with begin((120, 60)) as start:
        await start.press(str(place + 1))
        known = preset(name)
        await start.shows(known.name)
        shown = " ".join(line[32:].strip() for line in start.lines)
        for stage in known.stages:
            for words in (stage.name, stage.entry, *(one.name for one in stage.details)):
                assert words in shown
        for words in (one.name for one in (*known.reasons, *known.sources)):
            assert words in shown
        assert shown.count("demands") >= 1


@pytest.mark.parametrize(("place", "name"), list(enumerate(NAMES)), ids=NAMES)
async def test_one_key_makes_it_and_its_board_opens(begin: Begin, place: int, name: str, tmp_path: Path) -> None:
    async with begin() as start:
        await start.press(str(place + 1), "enter")
        await board_of(start)
        assert start.state.pipeline == preset(name)
        await start.shows("There are no deals yet")
        assert query(start.screen.context.database, "SELECT name, role FROM person") == [("ana", "manager")]
    assert not workspaces.is_absent(str(tmp_path / "made.db"))


@pytest.mark.parametrize("name", NAMES)
async def test_every_gate_of_a_preset_is_met_by_key(begin: Begin, name: str) -> None:
    async with begin((200, 50)) as start:
        await start.press(str(NAMES.index(name) + 1), "enter")
        await board_of(start)
        pipeline = start.state.pipeline
        await start.press("n")
        await start.opens("DealForm")
        await start.type("Northwind")
        await start.press("ctrl+s")
        await start.type(pipeline.sources[0].name)
        await start.press("ctrl+s")
        if start.dialog:
            await start.type("+30d")
            await start.press("ctrl+s")
        await start.opens("")
        await start.shows("Northwind")
        for stage in (*pipeline.open_stages[1:], *pipeline.won_stages):
            await start.press("L")
            await start.pilot.pause()
            await meet(start)
            await start.until(lambda stage=stage: start.state.deal is not None and start.state.deal.stage == stage.key)


async def meet(start: Board) -> None:
    """Answer what the gate's dialog asks: the first choice, and the fields one after another."""
    from textual.widgets import Input

    from funneltui.tui.screens.move_dialog import MoveDialog

    dialog = start.app.screen
    if not isinstance(dialog, MoveDialog):
        return
    answers = {"amount": "1200", "contact": "Anna", "email": "anna@example.com", "follow_up": "+3d", "phone": "1"}
    if dialog.choice:
        await start.press("1")
    for one in dialog.typed:
        dialog.query_one(f"#field-{one.field} Input", Input).value = answers.get(one.field, "+9d")
        await start.pilot.pause()
    await start.press("enter")
    await start.opens("")


async def test_the_presets_demand_what_their_documents_say(begin: Begin) -> None:
    async with begin() as start:
        await start.shows("demands a detail: call scheduled · after call - meeting · to be offered")
        await start.press("5")
        await start.shows("Qualified, offer sent, in negotiation, won: the shortest funnel")


async def test_keys_typed_ahead_reach_the_board(begin: Begin) -> None:
    async with begin() as start:
        await start.at_once("enter", "n")
        await start.opens("DealForm")


async def test_esc_leaves_and_nothing_was_made(begin: Begin, tmp_path: Path) -> None:
    async with begin() as start:
        await start.press("j", "j", "escape")
        await start.until(lambda: start.app._exit)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".db"] == []


async def test_the_currency_can_be_another_one(begin: Begin) -> None:
    async with begin() as start:
        await start.shows("amounts in EUR")
        await start.press("c")
        await start.opens("WordsDialog")
        await start.type("czk")
        await start.press("enter")
        await start.shows("amounts in CZK")
        await start.press("enter")
        await board_of(start)
        assert start.state.pipeline.currency == "CZK"


@pytest.mark.parametrize("wrong", ["", "s", "SV", "xyz", "EURO", "€"])
async def test_what_is_no_currency_is_told_and_stays_to_be_mended(begin: Begin, wrong: str) -> None:
    async with begin() as start:
        await start.press("c")
        await start.opens("WordsDialog")
        await start.type(wrong)
        await start.press("enter")
        await start.opens("WordsDialog")
        if wrong:
            await start.shows(f'"{wrong.upper()}" is no currency')
        await start.press(*["backspace"] * len(wrong))
        await start.type("usd")
        await start.press("enter")
        await start.shows("amounts in USD")


async def test_a_place_that_cannot_be_written_is_told_and_another_try_is_left(begin: Begin) -> None:
    async with begin(refuse="cannot write there") as start:
        await start.press("enter")
        await start.tells("cannot write there")
        await start.press("7", "enter")
        await board_of(start)


async def test_the_demo_is_full_and_keeps_nothing_that_is_typed(begin: Begin, tmp_path: Path) -> None:
    async with begin() as start:
        await start.press("7")
        await start.shows("nothing of it stays")
        await start.press("enter")
        await board_of(start)
        assert sum(lane.count for lane in start.state.lanes.values()) > 50
        assert start.app.drafts is None
    assert not (tmp_path / "made.db").exists()


# --- A file


async def opened(start: Board, path: Path) -> None:
    """Ask for a file, up to what it would bring."""
    await start.press("6", "enter")
    await start.opens("FileDialog")
    await start.type(str(path))
    await start.press("enter")
    await start.opens("FirstImportDialog")
    await start.shows("would be created")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file of five deals, two of which have stages of their own and one an amount that is none."""
    path = tmp_path / "deals.csv"
    path.write_text(DEALS, encoding="utf-8")
    return path


async def test_a_path_is_completed_by_tab(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text(DEALS)
    async with begin() as start:
        await start.press("6", "enter")
        await start.opens("FileDialog")
        await start.type(f"{tmp_path}/exp")
        await start.shows("[exports/]")
        await start.press("tab")
        await start.shows("[deals.csv]")
        await start.press("tab", "enter")
        await start.opens("FirstImportDialog")


async def test_a_path_that_leads_nowhere_is_told(begin: Begin, tmp_path: Path) -> None:
    async with begin() as start:
        await start.press("6", "enter")
        await start.opens("FileDialog")
        await start.type(f"{tmp_path}/nix.csv")
        await start.press("enter")
        await start.shows("there is no file")
        await start.press("escape")
        await start.until(lambda: start.dialog == "FirstStart")


async def test_what_would_be_created_and_what_is_rejected_is_seen_before_anything_is_made(
    begin: Begin, file: Path, tmp_path: Path
) -> None:
    async with begin() as start:
        await opened(start, file)
        await start.shows("2 deals of 5 rows would be created, 3 rejected")
        for words in (
            'there is no stage "Engaging", first in line 3',
            "simple: Qualified",
            "LinkedIn",
            "Engaging (2 rows)",
        ):
            assert words in start.text
        assert not (tmp_path / "made.db").exists()
        await start.press("escape")
        await start.until(lambda: start.dialog == "FirstStart")
    assert not (tmp_path / "made.db").exists()


async def test_strange_stages_are_asked_for_and_the_rest_comes_in(begin: Begin, file: Path) -> None:
    async with begin() as start:
        await opened(start, file)
        await start.press("s")
        await start.opens("PickDialog")
        await start.shows('Which stage is "Engaging"?')
        await start.press("3")
        await start.shows("4 deals of 5 rows would be created, 1 rejected")
        await start.press("enter")
        await board_of(start)
        await start.tells("4 deals imported from deals.csv; 1 row rejected, now in ")
        await start.until(lambda: start.titles("negotiation") != [])
        assert sorted(start.titles("negotiation")) == ["Globex", "Hooli"]
        assert "LinkedIn" in [one.name for one in start.state.pipeline.sources]


async def test_another_pipeline_can_be_taken_for_a_file(begin: Begin, file: Path) -> None:
    async with begin() as start:
        await opened(start, file)
        await start.press("p")
        await start.opens("PickDialog")
        await start.press(str(NAMES.index("acquisition") + 1))
        await start.shows("acquisition: Waiting")


async def test_a_file_without_titles_asks_which_column_gives_them(begin: Begin, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("product,amount\nNorthwind,12\n", encoding="utf-8")
    async with begin() as start:
        await opened(start, path)
        await start.press("enter")
        await start.shows("t says which column gives the titles")
        await start.press("t")
        await start.opens("PickDialog")
        await start.press("1")
        await start.shows("1 deals of 1 rows would be created")
        await start.press("enter")
        await board_of(start)
        await start.shows("Northwind")


async def test_a_file_that_is_no_table_is_told(begin: Begin, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(b"PK\x03\x04")
    async with begin() as start:
        await start.press("6", "enter")
        await start.opens("FileDialog")
        await start.type(str(path))
        await start.press("enter")
        await start.shows("save it as CSV")


# --- How it looks


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (50, 12)], ids=lambda size: "{}x{}".format(*size))
async def test_the_first_start_looks_as_it_did(begin: Begin, size: tuple[int, int]) -> None:
    async with begin(size) as start:
        await start.press("3")
        same_as_kept(start, f"first-start-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(39, 10), (80, 9), (20, 4)])
async def test_where_there_is_no_room_it_says_so(begin: Begin, size: tuple[int, int]) -> None:
    async with begin(size) as start:
        await start.shows(f"this is {size[0]}x{size[1]}"[: size[0] - 1])
