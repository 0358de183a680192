"""How columns share the room of a line: those that matter least go first, what is left over goes round in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class Elastic(Protocol):
    """A column that takes from `least` to `most` cells; of too many the one of the highest `rank` is left out."""

    @property
    def least(self) -> int:
        """The cells that it needs."""

    @property
    def most(self) -> int:
        """The cells that it can use."""

    @property
    def rank(self) -> int:
        """How soon it is left out."""


Column = TypeVar("Column", bound=Elastic)


def shared(columns: Iterable[Column], width: int, gutter: int, gap: int) -> list[tuple[Column, int]]:
    """Give the columns that so many cells show behind a gutter, a gap between two of them, each with its width.

    What is left over goes to the columns in turn, cell by cell, until each has what it takes at most.
    """
    seen = list(columns)
    while (spare := width - gutter - sum(one.least for one in seen) - gap * (len(seen) - 1)) < 0 and len(seen) > 1:
        seen.remove(max(seen, key=lambda one: one.rank))
    widths = [column.least for column in seen]
    while spare > 0 and (growing := [place for place, one in enumerate(seen) if widths[place] < one.most]):
        for place in growing[:spare]:
            widths[place] += 1
        spare -= len(growing)
    return list(zip(seen, widths, strict=True))
