"""A deal's whole life by key alone, at 80x24 in a real terminal; funnels, visits and events counted anew at each step."""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.funnel import Mode
from funneltui.exchange.pipeline_files import preset
from funneltui.services import reports, workspaces
from funneltui.services.context import Clock
from funneltui.storage.database import close
from tests import independent_count
from tests.terminal.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.services.context import Context

PIPELINE = preset("acquisition")
STAGES = independent_count.Stages(
    {stage.key: stage.probability or 0 for stage in PIPELINE.open_stages},
    tuple(stage.key for stage in PIPELINE.won_stages),
    tuple(stage.key for stage in PIPELINE.lost_stages),
)
TABLES = ("deal", "visit", "event", "change", "person", "company", "contact")


class Life:
    """A board in a terminal on a workspace file, and the same file read beside it."""

    def __init__(self, path: Path, board: Terminal, context: Context) -> None:
        self.path, self.board, self.context = path, board, context

    @property
    def rows(self) -> independent_count.Rows:
        """Everything that is stored."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            columns = {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in TABLES}
            return independent_count.read(lambda sql: connection.execute(sql).fetchall(), columns)
        finally:
            connection.close()

    def events(self) -> int:
        """Count the events."""
        return sum(len(events) for events in self.rows.events.values())

    def does(self, keys: bytes, outcome: str, stage: str = "", events: int = 1) -> None:
        """Type keys in one packet, and see that they made one change, that every count agrees, and that it is shown."""
        wanted = self.events() + events
        self.board.type(keys)
        self.board.until(lambda: self.events() == wanted)
        rows = self.rows
        deal = rows.deals[1]
        assert (deal["outcome"], deal["stage"]) == (outcome, stage or deal["stage"])
        self.holds(rows)

    def holds(self, rows: independent_count.Rows) -> None:
        """See that both funnels, the visits and the deal are what the events tell."""
        held = independent_count.holding(rows.events[1])
        there = rows.there()
        if there:
            assert independent_count.replayed(held) == independent_count.fields_of(rows, 1)
        stays = [(v["stage"], v["detail"], v["entered"], v["left_at"], v["seconds"]) for v in rows.visits[1]]
        assert stays == independent_count.stays(held, STAGES)
        count = independent_count.funnel(rows, STAGES, "EUR")
        for mode in (Mode.STANDARD, Mode.CONVERSION):
            shown = reports.funnel_of(self.context, PIPELINE, mode)
            assert [one.count for one in shown.stages] == [one.standing for one in count.stages.values()]
            assert [(one.open, one.won, one.lost) for one in shown.stages] == [
                tuple(one.reached[name] for name in ("open", "won", "lost")) for one in count.stages.values()
            ]
            assert (shown.won.count, shown.lost.count) == (count.closed["won"], count.closed["lost"])


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """Give an empty workspace of the default preset and a board on it."""
    path = tmp_path / "life.db"
    context = workspaces.create(str(path), PIPELINE, "ana", Clock())
    environment = {"FUNNELTUI_DB": str(path), "FUNNELTUI_USER": "ana", "HOME": str(tmp_path)}
    with Terminal([sys.executable, "-m", "funneltui"], environment) as board:
        board.shows("There are no deals yet")
        yield Life(path, board, context)
    close(context.database)


def test_a_deals_whole_life_by_key_and_all_of_it_undone_and_done_again(life: Life) -> None:
    board = life.board
    board.type(b"n")
    board.shows("New deal")
    life.does(b"Northwind rollout" + b"\t" * 5 + b"12.5k\tphone\t+30d\x13", "open", "waiting")
    board.shows("Waiting 1")
    life.does(b"L1\r", "open", "acquisition")
    board.shows("In acquisition 1")
    life.does(b"L2\r", "open", "offered")
    board.shows("Offered 1")
    life.does(b"i2asked who signs\r", "open", "offered")
    life.does(b"d1", "open", "offered")
    life.does(b"w", "won", "acquired")
    board.shows("Acquired 1")
    life.does(b"x1\r", "lost", "resigned")
    board.hides("Acquired 1")
    assert [visit["stage"] for visit in life.rows.visits[1]] == [
        "waiting",
        "acquisition",
        "offered",
        "acquired",
        "resigned",
    ]

    for outcome, stage in (
        ("won", "acquired"), ("open", "offered"), ("open", "offered"), ("open", "offered"), ("open", "acquisition"),
        ("open", "waiting"), ("undone", ""),
    ):  # fmt: skip
        life.does(b"u", outcome, stage)
    board.shows("There are no deals yet")
    assert life.rows.visits[1] == []

    for outcome, stage in (
        ("open", "waiting"), ("open", "acquisition"), ("open", "offered"), ("open", "offered"), ("open", "offered"),
        ("won", "acquired"), ("lost", "resigned"),
    ):  # fmt: skip
        life.does(b"U", outcome, stage)
    board.type(b"q")
    assert board.end() == 0


def test_escape_anywhere_leaves_the_database_byte_for_byte_as_it_was(life: Life) -> None:
    board = life.board
    board.type(b"n")
    board.shows("New deal")
    life.does(b"Northwind rollout" + b"\t" * 6 + b"phone\t+30d\x13", "open", "waiting")
    board.shows("Waiting 1")
    before = life.rows.tables
    for keys, words in (
        (b"n", "New deal"), (b"e", "Edit #1"), (b"L", "call scheduled"), (b"x", "Why was it lost?"),
        (b"d", "Follow-up"), (b"i", "What was done?"), (b"a", "Whose is it?"), (b"#", "Tags"), (b"y", "Copy"),
        (b"N", "your editor"), (b"m", "move to"), (b"\r", "What to do here"), (b"?", "open the deal:"),
    ):  # fmt: skip
        board.type(keys)
        board.shows(words)
        board.type(b"\x1b")
        board.hides(words)
    file = life.path.read_bytes()
    assert life.rows.tables == before
    board.type(b"q")
    assert board.end() == 0
    assert file == life.path.read_bytes() or life.rows.tables == before
