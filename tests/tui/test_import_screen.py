"""The import of a file on the screen: step by step, every row accounted for, and nothing that was said is lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.system_mappings import own_folder
from funneltui.services import imports
from funneltui.storage.database import query
from funneltui.tui.import_progress import Progress
from funneltui.tui.import_state import Step
from funneltui.tui.screens import import_running
from tests.tui.importing import (
    answer,
    choose,
    cursor_on,
    figures,
    file,
    importing,
    on_to,
    opened,
    stands,
    words_said,
    written,
)
from tests.tui.test_snapshots import SIZES, same_as_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Board, Shop, Show


__all__ = ["file", "written"]
PLAIN = "id,title,source,expected close,stage\n"


# --- A long file


class Held:
    """Holds the import in the worker's thread before each of its batches until it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.rows = threading.Event(), 0
        self._go_on = threading.Semaphore(0)
        watch = Progress.watch

        def held(progress: Progress, rows: int, read: int) -> bool:
            if progress.words.startswith("importing") and rows:
                self.rows = rows
                self.reached.set()
                self._go_on.acquire()
            return watch(progress, rows, read)

        monkeypatch.setattr(import_running.Progress, "watch", held)

    def go_on(self, batches: int = 1) -> None:
        """Let it go on by a batch."""
        self.reached.clear()
        self._go_on.release(batches)


@pytest.fixture
def long_file(written: Callable[[str], Path]) -> Path:
    """Give a file of three batches and one row, with ids."""
    rows = (f"{number},Deal {number},phone,2027-01-15,Waiting" for number in range(3 * imports.BATCH + 1))
    return written(PLAIN + "\n".join(rows) + "\n")


async def started(board: Board, path: Path, held: Held) -> None:
    """Begin to import, up to where the first batch is stored."""
    await opened(board, path)
    await on_to(board, Step.COLUMNS, Step.WORDS, Step.TRIAL)
    await board.press("enter")
    await board.until(held.reached.is_set)


def stored(shop: Shop) -> int:
    """Give the number of deals as another connection sees it."""
    return int(query(shop.context.database, "SELECT count(*) FROM deal")[0][0])


async def test_another_systems_export_goes_in_step_by_step_and_one_undo_takes_it_back(
    shop: Shop, show: Show, file: Path
) -> None:
    async with show() as board:
        await opened(board, file)
        await board.shows("Pipedrive")
        await words_said(board)
        await on_to(board, Step.GAPS)
        await answer(board, "PickDialog", "3")
        await on_to(board, Step.TRIAL)
        assert figures(board) == (5, 4, 0, 0, 1)
        assert shop.count("deal") == 0
        await board.shows('amount: can\'t read "a lot" as an amount')
        await on_to(board, Step.IMPORT)
        assert figures(board) == (5, 4, 0, 0, 1)
        await board.press("enter")
        await board.opens("")
        await board.until(lambda: board.titles("acquisition") == ["Pump"])
        pump = shop.deal(1)
        assert (pump.amount, pump.detail, pump.external_id) == (120_050, "call", "1")
        assert (shop.deal(2).reason, shop.deal(3).source, shop.deal(4).source) == ("other", "other", "web")
        await board.press("u")
        await board.until(lambda: not any(lane.count for lane in board.state.lanes.values()))


async def test_what_is_rejected_is_written_beside_the_file_and_named(shop: Shop, show: Show, file: Path) -> None:
    async with show() as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS, Step.WORDS, Step.GAPS, Step.TRIAL)
        await board.press("escape")
        await stands(board, Step.GAPS)
        await answer(board, "PickDialog", "3")
        await on_to(board, Step.TRIAL, Step.IMPORT)
        rejects = file.with_name("deals.rejected.csv")
        await board.shows(rejects.name)
        rows, created, *_, rejected = figures(board)
        assert (rows, created, rejected) == (5, 1, 4)
        assert len(rejects.read_text(encoding="utf-8").splitlines()) == 1 + rejected


async def test_a_second_run_says_that_nothing_changes(shop: Shop, show: Show, written: Callable[[str], Path]) -> None:
    path = written(f"{PLAIN}1,Pump,phone,2027-01-15,Waiting\n")
    async with show() as board:
        for _ in range(2):
            await opened(board, path)
            await on_to(board, Step.COLUMNS, Step.WORDS, Step.TRIAL)
            if shop.count("deal"):
                break
            await on_to(board, Step.IMPORT)
            await board.press("enter")
            await board.opens("")
        assert figures(board) == (1, 0, 0, 1, 0)
        await board.press("enter")
        await board.shows("nothing would change")


async def test_dates_in_another_order_are_not_misread(shop: Shop, show: Show, written: Callable[[str], Path]) -> None:
    path = written("title,source,expected close\nPump,phone,01/25/2027\n")
    async with show() as board:
        await opened(board, path)
        await on_to(board, Step.COLUMNS)
        await board.until(lambda: bool(importing(board).state.date_problem))
        await board.press("enter")
        await board.shows("is no date in the order dmy, but in mdy; say how the file writes dates")
        await cursor_on(board, "dates")
        await answer(board, "PickDialog", "2")
        await board.until(lambda: not importing(board).state.date_problem and importing(board).progress is None)
        await on_to(board, Step.WORDS, Step.TRIAL, Step.IMPORT)
    assert shop.deal(1).expected_close.isoformat() == "2027-01-25"  # type: ignore[union-attr]


async def test_another_encoding_is_chosen_where_the_file_is_no_utf_8(shop: Shop, show: Show, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes("title,source,expected close\nČrpalka,phone,2027-01-15\n".encode("cp1250"))
    async with show() as board:
        await opened(board, path)
        await board.shows("this is no UTF-8")
        await cursor_on(board, "encoding")
        await answer(board, "PickDialog", "3")
        await board.until(lambda: importing(board).state.look is not None)
        await on_to(board, Step.COLUMNS)
        await board.shows("Črpalka")


async def test_a_file_that_is_no_table_is_told_and_another_one_can_be_chosen(
    shop: Shop, show: Show, file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    async with show() as board:
        await opened(board, broken)
        await board.shows("broken.xlsx is no spreadsheet that can be read")
        await board.press("o")
        await board.opens("ImportFileDialog")
        importing(board)
        await board.press("ctrl+u")
        await choose(board, file)
        await board.shows("Pipedrive")


async def test_a_file_that_is_not_there_is_told_and_esc_leaves(shop: Shop, show: Show, tmp_path: Path) -> None:
    async with show() as board:
        await board.press("I")
        await board.opens("ImportFileDialog")
        await board.type(str(tmp_path / "nix.csv"))
        await board.press("enter")
        await board.shows("there is no file")
        await board.press("escape")
        await board.opens("")


async def test_the_sheet_of_a_workbook_can_be_chosen(shop: Shop, show: Show, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "deals.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover").write_row(0, 0, ["nothing"])
    sheet = book.add_worksheet("Deals")
    sheet.write_row(0, 0, ["title", "source", "expected close"])
    sheet.write_row(1, 0, ["Pump", "phone", "2027-01-15"])
    book.close()
    async with show() as board:
        await opened(board, path)
        await board.shows("one of 2")
        await cursor_on(board, "sheet")
        await answer(board, "PickDialog", "2")
        await board.until(lambda: importing(board).state.look is not None and importing(board).state.look.rows == 1)
        await on_to(board, Step.COLUMNS)
        await board.shows("Pump")


async def test_a_mapping_is_saved_under_a_name_and_files_are_recognised_by_it(
    shop: Shop, show: Show, file: Path
) -> None:
    async with show() as board:
        await opened(board, file)
        await words_said(board)
        await board.press("s")
        await board.opens("WordsDialog")
        await board.type("Old system")
        await board.press("enter")
        await board.opens("ImportScreen")
        told = "files of the same columns are read so from now on"
        await board.until(lambda: told in " ".join(board.text.split()))  # the path before it may fill a line or two
        assert (own_folder() / "old_system.toml").is_file()
        await board.press("o")
        await board.opens("ImportFileDialog")
        await board.press("enter")
        await board.shows("Old system")


async def test_what_a_file_holds_acts_neither_on_the_terminal_nor_as_markup(
    shop: Shop, show: Show, written: Callable[[str], Path]
) -> None:
    path = written(
        "title\x1b]0;x\x07,[red]stage[/],source,expected close\n[bold]Pump\x1b[31m[/],\u202eHot[/],phone\x1b[2J,2027-01-15\n"
    )
    async with show() as board:
        await opened(board, path)
        await on_to(board, Step.COLUMNS)
        await board.shows("[bold]Pump[31m[/]")
        assert "[red]stage[/]" in board.text
        await answer(board, "PickDialog", "1")
        await on_to(board, Step.WORDS)
        await board.shows("phone[2J")
        assert not {"\x1b", "\u202e"} & set(board.text)


async def test_a_rep_is_told_whose_rows_are_not_his(shop: Shop, show: Show, written: Callable[[str], Path]) -> None:
    shop.rep("bob")
    path = written("title,owner,source,expected close\nPump,bob,phone,2027-01-15\nValve,cyd,phone,2027-01-15\n")
    async with show(user="bob") as board:
        await opened(board, path)
        await on_to(board, Step.COLUMNS, Step.WORDS)
        await board.shows("not you: rejected")
        await on_to(board, Step.TRIAL)
        assert figures(board) == (2, 1, 0, 0, 1)


async def test_deals_that_look_like_others_are_proposed_and_nothing_is_merged(
    shop: Shop, show: Show, written: Callable[[str], Path]
) -> None:
    shop.add("Pump", company="Acme")
    path = written("title,company,source,expected close\nPump,ACME,phone,2027-01-15\n")
    async with show() as board:
        await opened(board, path)
        await on_to(board, Step.COLUMNS, Step.WORDS, Step.TRIAL)
        await board.shows("deal 1: same company and title")
        await on_to(board, Step.IMPORT)
    assert shop.count("deal") == 2


async def test_the_mouse_chooses_lines_and_steps(shop: Shop, show: Show, file: Path) -> None:
    async with show((120, 36)) as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        line = next(y for y, text in enumerate(board.lines) if "Deal - Team" in text)
        await board.pilot.click(offset=(10, line))
        await board.pilot.click(offset=(10, line))
        await board.opens("FindDialog")
        await board.press("escape")
        await board.opens("ImportScreen")
        steps = next(y for y, text in enumerate(board.lines) if "1 file" in text)
        await board.pilot.click(offset=(4, steps))
        await stands(board, Step.FILE)


async def test_esc_stops_after_whole_batches_and_the_same_file_goes_on_from_there(
    shop: Shop, show: Show, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with show() as board:
        await started(board, long_file, held)
        await board.press("escape")
        held.go_on(9)
        await stands(board, Step.IMPORT)
        assert figures(board) == (imports.BATCH, imports.BATCH, 0, 0, 0)
        assert stored(shop) == imports.BATCH
        await board.shows("stopped after 500 rows")
        await board.press("enter")
        await board.until(lambda: stored(shop) == 3 * imports.BATCH + 1)
        await board.until(lambda: figures(board) == (1501, 1001, 0, 500, 0))


async def test_everything_else_is_done_between_the_batches(
    shop: Shop, show: Show, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with show() as board:
        await started(board, long_file, held)
        seen = board.app.worker.submit(lambda context: stored(shop))
        held.go_on()
        await board.until(seen.done)
        assert seen.result() == imports.BATCH
        held.go_on(9)
        await stands(board, Step.IMPORT)
        await board.press("u")
        await board.shows("undone: added 1501 deals")


async def test_leaving_the_program_leaves_whole_batches(
    shop: Shop, show: Show, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with show() as board:
        await started(board, long_file, held)
        board.app.exit()
        held.go_on(9)
    assert stored(shop) % imports.BATCH == 0


# --- How it looks


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
async def test_the_steps_look_as_they_did(
    shop: Shop, show: Show, file: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_running, "free_place", lambda path: Path("deals.rejected.csv"))
    async with show(size) as board:
        await opened(board, file)
        await on_to(board, Step.COLUMNS)
        same_as_kept(board, f"import-columns-{size[0]}x{size[1]}")
        await on_to(board, Step.WORDS)
        same_as_kept(board, f"import-stages-{size[0]}x{size[1]}")
        await on_to(board, Step.GAPS)
        same_as_kept(board, f"import-gaps-{size[0]}x{size[1]}")
        await on_to(board, Step.TRIAL)
        same_as_kept(board, f"import-trial-{size[0]}x{size[1]}")
