"""The import screen, gone through by key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.tui.import_state import Step
from funneltui.tui.screens.import_file import ImportScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Board

PIPEDRIVE = """Deal - ID,Deal - Title,Deal - Organization,Deal - Value,Deal - Stage,Deal - Status,Deal - Lost reason,\
Deal - Source channel,Deal - Expected close date,Deal - Team
1,Pump,Acme,1200.50,Hot,Open,,phone,2027-01-15,North
2,Valve,Globex,10,Waiting,Lost,too slow,phone,2027-02-01,South
3,Turbine,Hooli,99000,Waiting,Open,,,2027-01-20,North
4,Gear box,Initech,a lot,Waiting,Open,,phone,2027-03-01,
5,Lathe,Umbrella,5000,Waiting,Open,,Web forms,2027-03-01,South
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give an export of another system: unknown words for a stage, a source and a reason, an amount that is none."""
    path = tmp_path / "deals.csv"
    path.write_text(PIPEDRIVE, encoding="utf-8")
    return path


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that writes a file of deals."""

    def write(text: str) -> Path:
        path = tmp_path / "deals.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def importing(board: Board) -> ImportScreen:
    """Give the screen of the import, whatever lies over it."""
    return next(one for one in board.app.screen_stack if isinstance(one, ImportScreen))


async def opened(board: Board, path: Path) -> None:
    """Open a file on the screen of the import."""
    await board.press("I")
    await board.opens("ImportFileDialog")
    await choose(board, path)


async def choose(board: Board, path: Path) -> None:
    """Type the path of a file, and wait until it was looked at."""
    await board.type(str(path))
    await board.press("enter")
    await board.opens("ImportScreen")
    state = importing(board).state
    await board.until(lambda: bool(state.lines and (state.look or state.problem)) and importing(board).progress is None)


async def on_to(board: Board, *steps: Step) -> None:
    """Go on by enter, to one step after another."""
    for step in steps:
        await board.press("enter")
        await stands(board, step)


async def stands(board: Board, step: Step) -> None:
    """Wait until the import stands at a step and does nothing."""
    screen = importing(board)
    await board.until(lambda: screen.state.step is step and screen.progress is None and bool(screen.state.lines))
    await board.pilot.pause()


async def answer(board: Board, dialog: str, *keys: str, text: str = "") -> None:
    """Answer the question about the line under the cursor."""
    await board.press("space")
    await board.opens(dialog)
    if text:
        await board.type(text)
    await board.press(*keys)
    await board.opens("ImportScreen")


async def cursor_on(board: Board, name: str) -> None:
    """Let the cursor go to a line."""
    state = importing(board).state
    await board.press("g")
    while state.line is None or state.line.name != name:
        before = state.place
        await board.press("j")
        assert state.place > before, name


async def words_said(board: Board) -> None:
    """Say what the three unknown words of the file are: the cursor goes on from one to the next."""
    await on_to(board, Step.COLUMNS, Step.WORDS)
    await answer(board, "PickDialog", "2")
    await answer(board, "PickDialog", "1")
    await answer(board, "PickDialog", "2")


def figures(board: Board) -> tuple[int, int, int, int, int]:
    """Give the rows, and how many of them were, or would be, created, updated, unchanged and rejected."""
    outcome = importing(board).state.done or importing(board).state.trial
    assert outcome is not None
    report = outcome.report
    return report.rows, report.created, report.updated, report.unchanged, len(report.rejected)
