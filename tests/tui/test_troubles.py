"""The board while its file is in trouble: it says so once, stays usable, writes into nothing else, goes on afterwards."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui import bootstrap, config
from funneltui.services import activities, backups, reports, workspaces
from funneltui.services.restoring import restore
from funneltui.storage.database import query
from funneltui.tui.upkeep import look_after
from funneltui.tui.worker import Leaving, Worker
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.services.context import Context
    from tests.tui.conftest import Board, Shop, Show


async def move_right(board: Board) -> None:
    await board.press("L", "1", "enter")


async def test_a_full_disk_is_told_and_the_board_goes_on_once_there_is_room(full: Shop, show: Show) -> None:
    async with show() as board:
        database = board.screen.context.database
        (pages,) = query(database, "PRAGMA page_count")[0]
        await board.app.worker.apart(database.execute_sql, f"PRAGMA max_page_count = {pages}")
        board_note = "x" * 90_000
        with_room = full.deal(1)
        await board.screen.do(board.app.worker.run(activities.note_all, [1], board_note))
        await board.tells("the disk is full")
        assert full.deal(1) == with_room
        await board.press("j")  # it is still there
        await board.app.worker.apart(database.execute_sql, "PRAGMA max_page_count = 100000")
        await board.press("k")
        await move_right(board)
        await board.until(lambda: full.deal(1).stage == "acquisition")


async def test_a_file_that_goes_away_is_told_once_and_nothing_is_written_elsewhere(full: Shop, show: Show) -> None:
    async with show() as board:
        elsewhere = full.path.with_name("elsewhere.db")
        full.path.rename(elsewhere)
        await board.tells("is gone: it was moved or deleted")
        await move_right(board)
        await board.tells("nothing was changed")
        elsewhere.rename(full.path)
        await board.tells("the database answers again")
        assert full.deal(1).stage == "waiting"
        await board.opens("")
        await move_right(board)
        await board.until(lambda: full.deal(1).stage == "acquisition")


async def test_another_file_in_its_place_is_told_and_neither_is_written(full: Shop, show: Show) -> None:
    async with show() as board:
        full.context.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = full.path.with_name("copy.db")
        shutil.copy(full.path, copy)
        before = copy.read_bytes()
        copy.replace(full.path)
        await board.tells("another file has taken the place of")
        await move_right(board)
        await board.tells("leave and start again")
        assert full.path.read_bytes() == before
        assert full.deal(1).stage == "waiting"


async def test_a_restored_backup_is_on_every_open_board_at_once(full: Shop, show: Show) -> None:
    made = backups.make(full.context, str(full.path)).path
    full.add("Later")
    async with show() as board:
        await board.shows("Later")
        restore(full.context, str(full.path), made, NOW)
        await board.until(lambda: "Later" not in board.text)
        await board.shows("Waiting 3")
        await move_right(board)
        await board.until(lambda: full.deal(1).stage == "acquisition")


async def test_the_backup_of_the_day_is_made_behind_the_board(full: Shop, show: Show) -> None:
    async with show() as board:
        worker = board.app.worker

        def upkeep(context: Context) -> str:
            return backups.daily_or_why(context, str(full.path), 7, worker.give_way)

        await look_after(board.app, upkeep)
        (made,) = backups.folder_of(str(full.path)).iterdir()
        assert made.name == "daily-2026-11-21.db"
        assert board.told == ""
        made.unlink()
        made.parent.rmdir()
        made.parent.write_text("in the way")
        await look_after(board.app, upkeep)
        await board.tells("today's backup could not be made")


def test_the_program_makes_the_backup_of_the_day_unless_it_is_switched_off(full: Shop) -> None:
    place = str(full.path)
    chosen = config.read(place, "ana", None)
    without = replace(chosen, settings={**chosen.settings, "backup.daily": False})
    assert bootstrap.look_after(without, full.context) == ""
    assert not backups.folder_of(place).exists()
    assert bootstrap.look_after(chosen, full.context) == ""
    assert [path.name for path in backups.folder_of(place).iterdir()] == ["daily-2026-11-21.db"]


@pytest.fixture
def worker(full: Shop) -> Iterator[Worker]:
    """Give the storage thread on the shop's file."""
    made = Worker(lambda: workspaces.open_workspace(str(full.path), "ana", full.clock, chosen=True))
    yield made
    made.close()


async def test_long_work_gives_way_to_what_waits(worker: Worker) -> None:
    steps: list[str] = []
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def long_work() -> None:
        loop.call_soon_threadsafe(begun.set)
        while "key" not in steps:
            worker.give_way()
        steps.append("long work")

    def key(context: Context) -> int:
        steps.append("key")
        return len(reports.board(context, context.pipeline, []).tallies)

    working = asyncio.ensure_future(worker.apart(long_work))
    await begun.wait()
    assert await worker.run(key) > 0
    await working
    assert steps == ["key", "long work"]


async def test_long_work_ends_when_the_program_is_left(full: Shop) -> None:
    worker = Worker(lambda: workspaces.open_workspace(str(full.path), "ana", full.clock, chosen=True))
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def long_work() -> None:
        loop.call_soon_threadsafe(begun.set)
        while True:
            worker.give_way()

    working = asyncio.ensure_future(worker.apart(long_work))
    await begun.wait()
    await asyncio.to_thread(worker.close)
    with pytest.raises(Leaving):
        await working


async def test_a_service_that_falls_over_damage_is_told_as_damage(full: Shop, show: Show) -> None:
    async with show() as board:
        full.context.database.execute_sql("UPDATE deal SET expected_close = 'nonsense' WHERE number = 1")
        await board.tells("doctor --repair")
        await board.press("j")
        assert board.app.is_running
