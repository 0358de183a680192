"""What the command line's tests share: a workspace of a small pipeline, and the commands run in this very process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.cli.main import run
from funneltui.cli.program import Program
from funneltui.services import workspaces
from tests.conftest import make_workspace, small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock, Context


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output, read as JSON."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The output, read as tab-separated lines."""
        return [line.split("\t") for line in self.out.splitlines()]


class Shop:
    """A workspace and the command line on it; ana is its manager, and time stands still."""

    def __init__(self, location: str, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        self.location = location
        self.boards: list[Config] = []
        self._clock = clock
        self._capsys = capsys

    def __call__(self, *arguments: str, user: str = "ana") -> Done:
        """Run one command as a user and give what it left."""
        return self.bare("--db", self.location, "--user", user, *arguments)

    def ok(self, *arguments: str, user: str = "ana") -> Done:
        """Run one command that has to succeed."""
        done = self(*arguments, user=user)
        assert done.status == 0, done.err
        return done

    def bare(self, *arguments: str) -> Done:
        """Run the command line with nothing but these arguments."""
        self._capsys.readouterr()
        status = run(list(arguments), Program(self._open, self._create, self._board, self._board))
        printed = self._capsys.readouterr()
        return Done(status, printed.out, printed.err)

    def dump(self) -> list[dict[str, Any]]:
        """Give every deal with its whole history, to be compared."""
        numbers = [deal["number"] for deal in self.ok("list", "--json").json]
        return [self.ok("show", str(number), "--json").json for number in numbers]

    def _open(self, chosen: Config) -> Context:
        return workspaces.open_workspace(
            chosen.location, chosen.user, self._clock, chosen.order, chosen=chosen.user_chosen
        )

    def _create(self, chosen: Config, pipeline: Pipeline) -> Context:
        return workspaces.create(chosen.location, pipeline, chosen.user, self._clock, chosen.order)

    def _board(self, chosen: Config) -> int:
        self.boards.append(chosen)
        return 0


@pytest.fixture
def empty(tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Give the command line beside a place where no workspace is yet."""
    return Shop(str(tmp_path / "shop.db"), clock, capsys)


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """Give the command line on a new workspace."""
    make_workspace(Path(empty.location), small_pipeline())
    return empty


@pytest.fixture
def everywhere(location: str, clock: Clock, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Give the command line on a new workspace, on each database."""
    return Shop(location, clock, capsys)


@pytest.fixture
def deal(shop: Shop) -> Callable[..., int]:
    """Give a function that adds a deal and gives its number."""

    def add(title: str = "Northwind", *options: str) -> int:
        done = shop.ok("add", title, "--source", "web", "--close", "2026-12-15", *options, "--json")
        return int(done.json["number"])

    return add


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Give a function after which a command believes that it prints to a terminal of so many columns."""

    def pretend(columns: int = 100) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)

    return pretend
