"""A desk on which drafts lie, and the forms that are typed into."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from funneltui.exchange.drafts import Draft, DraftFolder, What, owner_key
from funneltui.services import workspaces
from funneltui.tui import drafts as keeping
from funneltui.tui import theming
from funneltui.tui.app import FunnelApp
from funneltui.tui.drafts import Drafts
from funneltui.tui.widgets.typed_field import TypedField
from funneltui.tui.worker import Worker
from tests.conftest import NOW
from tests.tui.conftest import THEMES, Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from funneltui.services.context import Clock, Context
    from tests.tui.conftest import Shop

    Show = Any

TYPED = {"title": "Northwind", "source": "phone", "expected_close": "15.12.", "amount": "12.5k"}


class Desk:
    """Somebody's drafts of the shop, as files."""

    def __init__(self, folder: Path, shop: Shop, user: str = "ana") -> None:
        self.path, self.owner = folder, owner_key(str(shop.path), user)

    @property
    def files(self) -> list[Path]:
        """What lies in the folder."""
        return sorted(self.path.iterdir()) if self.path.is_dir() else []

    def leave(self, what: What, texts: dict[str, str], minutes: int = 10, **of: Any) -> None:
        """Leave a draft there, as a program that died so many minutes ago."""
        file = DraftFolder(self.path, self.owner).begin()
        file.keep(Draft(what, texts, NOW - timedelta(minutes=minutes), **of))
        file.release()

    def leave_new(self, minutes: int = 10, **texts: str) -> None:
        """Leave a new deal."""
        self.leave(What.NEW, texts or TYPED, minutes, pipeline="sales")


@pytest.fixture
def desk(tmp_path: Path, shop: Shop) -> Desk:
    """Give ana's drafts; there are none."""
    return Desk(tmp_path / "drafts", shop)


@pytest.fixture
def show(shop: Shop, clock: Clock, desk: Desk) -> Show:
    """Give a function that shows the shop's board, and keeps drafts."""

    @asynccontextmanager
    async def board(size: tuple[int, int] = (120, 36), user: str = "ana", pause: float = 0.01) -> AsyncIterator[Board]:
        def opener() -> Context:
            return workspaces.open_workspace(str(shop.path), user, clock, chosen=True)

        worker = Worker(opener)
        look, message = theming.first_look((THEMES,), "night")
        app = FunnelApp(worker, look, None, (THEMES,), message, drafts=Drafts(worker, desk.path, str(shop.path)))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(keeping, "PAUSE", pause)
            try:
                async with app.run_test(size=size, notifications=True) as pilot:
                    shown = Board(app, pilot)
                    await shown.until(lambda: shown.state.loaded)
                    await pilot.pause()
                    yield shown
            finally:
                worker.close()

    return board


def field(board: Board, name: str) -> Input:
    """Give the line of the open form into which a field is typed."""
    return board.app.screen.query_one(f"#field-{name}", TypedField).query_one(Input)


async def kept(board: Board, desk: Desk, text: str) -> None:
    """Wait until a text is on the disk."""
    await board.until(lambda: any(text in file.read_text() for file in desk.files if file.suffix == ".json"))
