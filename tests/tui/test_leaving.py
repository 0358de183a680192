"""Leaving: a signal that comes at an awkward moment ends the program, and nothing falls over on the way."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.services import workspaces
from funneltui.storage import database as storage
from funneltui.tui.screens.move_dialog import MoveDialog
from funneltui.tui.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Shop

    Show = Callable[..., Any]


async def test_a_signal_while_a_dialog_is_being_built_ends_the_program_without_an_error(
    shop: Shop, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add("Northwind")
    async with show() as board:
        built, left = MoveDialog.compose, asyncio.Event()

        def interrupted(self: MoveDialog) -> Any:
            board.app._leave(128 + signal.SIGTERM)
            yield from built(self)
            left.set()

        monkeypatch.setattr(MoveDialog, "compose", interrupted)
        board._send("L")
        await left.wait()
    assert board.app.return_code == 128 + signal.SIGTERM
    assert board.app._exception is None
    assert shop.deal(1).stage == "waiting"


def test_a_connection_that_was_closed_just_now_is_not_interrupted_any_more(shop: Shop) -> None:
    storage.close(shop.context.database)
    storage.interrupt(shop.context.database)


def test_closing_the_worker_interrupts_a_query_that_takes_too_long(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    busy: Future[None] = Future()
    worker = Worker(lambda: workspaces.open_workspace(str(shop.path), "ana", shop.clock))
    assert worker.context
    worker.submit(lambda _: busy.result())
    monkeypatch.setattr("funneltui.tui.worker._PATIENCE", 0.0)
    monkeypatch.setattr(storage, "interrupt", lambda _: busy.set_result(None))
    worker.close()
    assert busy.done()
