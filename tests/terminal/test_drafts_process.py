"""A form that is cut off, by a lost connection or by kill -9, in a real terminal: the next start offers it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.inbox import Arrival, Channel
from funneltui.services import deals, inbox, workspaces
from funneltui.services.context import Clock
from funneltui.services.inbox_values import Completion
from funneltui.storage.database import close, query
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from funneltui.services.context import Context
    from tests.terminal.conftest import Shop
    from tests.terminal.pseudo_terminal import Terminal

    Run = Callable[..., Terminal]

HALF = b"Soylent onboarding\tSoylent Corp"
REST = b"\t" * 6 + b"phone\tfri"
SAVE, ESC, ENTER = b"\x13", b"\x1b", b"\r"


class Desk:
    """The folder in which the programs of a test keep drafts."""

    def __init__(self, home: Path) -> None:
        self.state = {"XDG_STATE_HOME": str(home / "state")}
        self.path = home / "state" / "funneltui" / "drafts"

    @property
    def files(self) -> list[Path]:
        """The drafts that lie there."""
        return sorted(self.path.glob("*")) if self.path.is_dir() else []

    def holds(self, text: str) -> bool:
        """Tell whether a text is on the disk."""
        return any(text in file.read_text() for file in self.files if file.suffix == ".json")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give the place of drafts, which is not there yet."""
    return Desk(tmp_path)


@pytest.fixture
def workspace(location: str) -> Iterator[Context]:
    """Give an empty workspace, on each database."""
    made = workspaces.create(location, small_pipeline(), "ana", Clock())
    yield made
    close(made.database)


def half_a_deal(board: Terminal) -> None:
    """Type half a new deal, and see it."""
    board.shows("keys")
    board.type(b"n")
    board.shows("New deal")
    board.type(HALF)
    board.shows("Soylent Corp")


def test_a_deal_that_was_being_typed_at_a_kill_is_offered_and_becomes_one_deal(
    workspace: Context, location: str, desk: Desk, run: Run
) -> None:
    board = run(FUNNELTUI_DB=location, **desk.state)
    half_a_deal(board)
    board.until(lambda: desk.holds("Soylent Corp"))
    board.process.kill()
    board.process.wait()
    again = run(FUNNELTUI_DB=location, **desk.state)
    again.shows("A new deal was being typed")
    assert "Soylent onboarding" in again.text
    again.type(ENTER)
    again.shows("New deal  Waiting")
    again.shows("Soylent Corp")
    again.type(REST + SAVE)
    again.shows("saved: #1")
    again.until(lambda: not desk.files)
    again.type(b"q")
    assert again.end() == 0
    assert query(workspace.database, "SELECT count(*) FROM deal") == [(1,)]
    deal = deals.show(workspace, 1).deal
    assert (deal.title, deal.company, deal.source) == ("Soylent onboarding", "Soylent Corp", "phone")


def test_an_entry_of_the_inbox_that_was_being_completed_at_a_kill_is_offered_and_becomes_one_deal(
    workspace: Context, location: str, desk: Desk, run: Run
) -> None:
    mail = Arrival(Channel.MAIL, "1@acme.example", "Jan <jan@acme.example>", {"title": "Five lamps"}, "How much is it?")
    inbox.take_in(workspace, mail, Completion({}, {}))
    board = run(FUNNELTUI_DB=location, **desk.state)
    board.shows("keys")
    board.type(b"8")
    board.shows("lacks source and expected close")
    board.type(ENTER)
    board.shows("New deal")
    board.type(b"phone")
    board.until(lambda: desk.holds("phone"))
    board.process.kill()
    board.process.wait()
    again = run(FUNNELTUI_DB=location, **desk.state)
    again.shows("Entry #1 Five lamps was being completed")
    again.type(ENTER)
    again.shows("= phone")
    again.type(b"fri" + SAVE)
    again.shows("saved: #1")
    again.until(lambda: not desk.files)
    again.type(b"q")
    assert again.end() == 0
    assert query(workspace.database, "SELECT count(*) FROM deal") == [(1,)]
    assert (deals.show(workspace, 1).deal.source, inbox.waiting(workspace)) == ("phone", 0)


def hang_up(board: Terminal) -> None:
    board.hang_up()


def terminate(board: Terminal) -> None:
    os.kill(board.process.pid, signal.SIGTERM)


@pytest.mark.parametrize("cut", [hang_up, terminate])
def test_a_deal_that_was_being_typed_when_the_line_broke_is_kept_to_the_last_key(
    shop: Shop, desk: Desk, run: Run, cut: Callable[[Terminal], None]
) -> None:
    before = shop.path.read_bytes()
    board = run(**desk.state)
    half_a_deal(board)
    cut(board)
    assert board.end() != 0
    assert desk.holds("Soylent Corp")
    again = run(**desk.state)
    again.shows("A new deal was being typed just now")
    again.type(b"d")
    again.hides("A new deal was being typed")
    again.until(lambda: not desk.files)
    assert shop.path.read_bytes() == before


def test_a_form_that_is_left_with_esc_leaves_nothing_behind(shop: Shop, desk: Desk, run: Run) -> None:
    before = shop.path.read_bytes()
    board = run(**desk.state)
    half_a_deal(board)
    board.until(lambda: desk.holds("Soylent Corp"))
    board.type(ESC)
    board.hides("New deal")
    board.until(lambda: not desk.files)
    board.type(b"q")
    assert board.end() == 0
    assert desk.files == []
    assert shop.path.read_bytes() == before


def test_what_is_being_typed_in_one_program_is_not_offered_in_another(shop: Shop, desk: Desk, run: Run) -> None:
    typing = run(**desk.state)
    half_a_deal(typing)
    typing.until(lambda: desk.holds("Soylent Corp"))
    beside = run(**desk.state)
    beside.shows("Northwind rollout")
    beside.type(b"?")
    beside.shows("add a deal")
    beside.type(b"q")
    beside.hides("add a deal")
    beside.type(b"q")
    assert beside.end() == 0
    assert "was being typed" not in beside.raw.decode(errors="replace")
    typing.process.kill()
    typing.process.wait()
    run(**desk.state).shows("A new deal was being typed")


def test_a_demo_keeps_no_drafts(desk: Desk, run: Run) -> None:
    board = run("demo", **desk.state)
    half_a_deal(board)
    os.kill(board.process.pid, signal.SIGTERM)
    assert board.end() == 128 + signal.SIGTERM
    assert not desk.path.exists()
