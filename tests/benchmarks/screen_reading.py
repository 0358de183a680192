"""What is on the screen after some output, told by a terminal emulator: where a text stands, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyte

from tests.benchmarks.pseudo_terminal import COLUMNS, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.benchmarks.pseudo_terminal import Chunk


class Screen:
    """A terminal's screen, fed with a program's output."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def lines(self) -> list[str]:
        """The lines as they are seen."""
        return list(self._screen.display)

    def feed(self, chunks: Iterable[Chunk]) -> None:
        """Show output."""
        for chunk in chunks:
            self._stream.feed(chunk.data)

    def feed_until(self, chunks: Iterable[Chunk], true: Callable[[Screen], bool]) -> float | None:
        """Show all of the output, and give when it first made something true of the screen; none if never."""
        since: float | None = None
        for chunk in chunks:
            self._stream.feed(chunk.data)
            if since is None and true(self):
                since = chunk.at
        return since

    def has(self, text: str) -> bool:
        """Tell whether a text is seen."""
        return any(text in line for line in self.lines)

    def in_lane(self, title: str, name: str, following: str) -> bool:
        """Tell whether a card stands in the lane of a stage, `following` being the name of the stage to its right."""
        heads = [row for row, line in enumerate(self.lines) if name in line and following in line]
        if not heads:
            return False
        head = self.lines[heads[0]]
        start, end = max(0, head.index(name) - 2), head.index(following) - 2
        return any(title in line[start:end] for line in self.lines[heads[0] + 1 : -1])
