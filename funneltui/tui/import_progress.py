"""How far a long piece of an import is: noted in the worker's thread, read by the screen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Progress:
    """What is being done, how many rows and bytes of how many are done, since when; and whether it is to stop.

    What looks through the file first and then takes its rows begins at the first row again; `what` has the words for each
    such turn. `rows_in_all` is 0 as long as nobody has counted them; then the bytes tell the share.
    """

    what: tuple[str, ...]
    size: int
    rows_in_all: int = 0
    give_way: Callable[[], object] | None = None
    rows: int = 0
    read: int = 0
    turn: int = 0
    stopped: bool = False
    began: float = field(default_factory=time.monotonic)

    def watch(self, rows: int, read: int) -> bool:
        """Note how far it is, let what waits be done meanwhile, if that may be, and tell whether to go on."""
        if rows == 0:
            self.turn += 1
            self.began = time.monotonic()
        self.rows, self.read = rows, read
        if self.give_way is not None and not self.stopped:
            self.give_way()
        return not self.stopped

    @property
    def words(self) -> str:
        """What is being done now."""
        return self.what[max(0, min(self.turn, len(self.what)) - 1)]

    def stop(self) -> None:
        """Let it stop before its next batch."""
        self.stopped = True

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        if self.rows_in_all:
            return min(1.0, self.rows / self.rows_in_all)
        return min(1.0, self.read / self.size) if self.size else 0.0

    @property
    def a_second(self) -> int:
        """The rows a second, 0 while nothing can be said of them."""
        seconds = time.monotonic() - self.began
        return round(self.rows / seconds) if self.rows and seconds > 0.2 else 0

    @property
    def seconds_left(self) -> int:
        """The seconds that it will still take, 0 while nothing can be said of them."""
        pace = self.a_second
        return round((self.rows_in_all - self.rows) / pace) if pace and self.rows_in_all > self.rows else 0
