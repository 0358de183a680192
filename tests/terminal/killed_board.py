"""What the trial of `killed.py` kills of the board: one in a terminal, at which somebody moves cards."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.terminal.killed_kinds import Kind, stages_of
from tests.terminal.killed_places import Ended
from tests.terminal.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.terminal.killed_places import Place, Running


class Playing:
    """A person at the board, who moves one card after another with his keys and sees what became of it."""

    moves = 12

    def __init__(self, place: Place) -> None:
        self._board = Terminal([sys.executable, "-m", "funneltui"], place.environment, (140, 40))

    def end(self, kill_at: float) -> Ended:
        """Play until a moment, then kill the board; what was printed is how many moves it had shown."""
        shown, err = 0, ""
        with self._board as board:
            try:
                while time.monotonic() < kill_at and shown < self.moves:
                    if self._shows(shown, kill_at):
                        board.type(b"hL1\r" if shown else b"L1\r")  # the cursor has gone with the card
                        shown += self._shows(shown + 1, kill_at)
                if shown == self.moves:
                    board.type(b"q")
                    return Ended(board.end(), str(shown), "")
            except AssertionError as error:
                err = str(error)
            board.process.kill()
        return Ended(None, str(shown), err)

    def _shows(self, moved: int, kill_at: float) -> bool:
        """Wait for the board to show so many cards in the second lane; tell whether it did in time."""
        wanted = f"In acquisition {moved} "
        self._board.until(lambda: wanted in self._board.text or time.monotonic() > kill_at)
        return wanted in self._board.text


class Boarding(Kind):
    """Whatever move the board has shown is there when it is killed; of the one it was at, all or nothing."""

    name = "board"
    rows = 40

    def start(self, place: Place) -> Sequence[Running]:
        return [Playing(place)]

    def check(self, place: Place, ended: list[Ended]) -> str:
        assert not ended[0].err, ended[0].err
        shown, there = int(ended[0].out), stages_of(place)["acquisition"]
        assert shown <= there <= shown + 1, f"{shown} moves were shown, {there} are there"
        return "none" if there == 0 else "all" if there == Playing.moves else "some"
