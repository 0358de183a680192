"""The screens as they look, kept as text; FUNNELTUI_SNAPSHOTS=write takes them anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

FOLDER = Path(__file__).parent / "snapshots"
SIZES = [(80, 24), (120, 36), (200, 50)]
SCENES = {
    "board": ((), ""),
    "move": (("m", "3"), "MoveDialog"),
    "lose": (("x",), "MoveDialog"),
    "opened": (("enter",), "OpenedDeal"),
    "form": (("e",), "DealForm"),
    "follow-up": (("d",), "FollowUpDialog"),
    "stages": (("m",), ""),
    "marked": (("space", "space"), ""),
}


def same_as_kept(board: Board, name: str) -> None:
    """Compare the screen with the one that is kept; on a change, the environment variable above keeps the new one."""
    path = FOLDER / f"{name}.txt"
    text = "\n".join(line.rstrip() for line in board.lines) + "\n"
    if os.environ.get("FUNNELTUI_SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} looks different; FUNNELTUI_SNAPSHOTS=write keeps it so"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("scene", SCENES)
async def test_a_screen_looks_as_it_did(full: Shop, show: Show, scene: str, size: tuple[int, int]) -> None:
    keys, dialog = SCENES[scene]
    async with show(size) as board:
        await board.press("j", *keys)
        await board.opens(dialog)
        same_as_kept(board, f"{scene}-{size[0]}x{size[1]}")


@pytest.mark.parametrize(
    ("scene", "keys"),
    [
        ("today", ("t",)),
        ("standard", ("f",)),
        ("dense", ("c",)),
        ("lost", ("o",)),
        ("filtered", ("slash", "h", "o", "enter")),
    ],
)
async def test_another_view_of_the_board_looks_as_it_did(
    full: Shop, show: Show, scene: str, keys: tuple[str, ...]
) -> None:
    async with show((80, 24)) as board:
        await board.press(*keys)
        await board.until(lambda: not board.screen._reading.locked())
        await board.pilot.pause()
        same_as_kept(board, f"{scene}-80x24")


async def test_an_empty_workspace_looks_as_it_did(shop: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        same_as_kept(board, "empty-80x24")


async def test_the_help_looks_as_it_did(shop: Shop, show: Show) -> None:
    async with show((120, 60)) as board:
        await board.press("question_mark")
        await board.opens("Help")
        same_as_kept(board, "help-120x60")
