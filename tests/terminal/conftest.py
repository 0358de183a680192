"""What the tests in a real terminal share: a workspace in a file, and the board on it as a process of its own."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.services import deals, workspaces
from funneltui.services.context import Clock
from funneltui.storage.database import close
from tests.conftest import small_pipeline
from tests.terminal.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


class Shop:
    """A workspace in a file, and the program on it; ana is its manager."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "shop.db"
        self.environment = {"FUNNELTUI_DB": str(self.path), "FUNNELTUI_USER": "ana", "HOME": str(folder)}
        self.context: Context = workspaces.create(str(self.path), small_pipeline(), "ana", Clock())

    def add(self, title: str, stage: str | None = None, **values: Any) -> Deal:
        """Add a deal that is not due for long."""
        basic = {"title": title, "source": "web", "expected_close": date(2099, 12, 15)}
        return deals.add(self.context, basic | values, stage)

    def deal(self, number: int) -> Deal:
        """Give a deal as it is stored now."""
        return deals.show(self.context, number).deal


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a workspace of three deals."""
    made = Shop(tmp_path)
    made.add("Northwind rollout", amount=1_250_000)
    made.add("Hooli pilot")
    made.add("Globex migration", "acquisition", detail="call")
    yield made
    close(made.context.database)


@pytest.fixture
def run(shop: Shop) -> Iterator[Callable[..., Terminal]]:
    """Give a function that runs the program in a terminal: the board, or the command given."""
    running: list[Terminal] = []

    def start(*arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> Terminal:
        command = [sys.executable, "-m", "funneltui", *arguments]
        running.append(Terminal(command, shop.environment | environment, size))
        return running[-1]

    yield start
    for one in running:
        one.__exit__()
