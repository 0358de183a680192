"""The rows that an import rejects, for people: those of one reason together, and where they are written down."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from funneltui.exchange.importer import Rejected

_LINES, _DIFFERENT, _NAMES = 4, 1000, 1000
_MARK = ".rejected"


@dataclass(frozen=True, slots=True)
class RejectedAlike:
    """Rows that are rejected for one reason: why, without advice that is meant for the command line; how many; the lines
    of the first ones.
    """

    why: str
    count: int
    lines: tuple[int, ...]


def alike(rejected: Iterable[Rejected]) -> list[RejectedAlike]:
    """Give the reasons of rejected rows, those of most rows first; of very many different ones the first thousand."""
    found: dict[str, tuple[int, tuple[int, ...]]] = {}
    for line, why in rejected:
        short = why.split("; ")[0]
        if short not in found and len(found) >= _DIFFERENT:
            continue
        count, lines = found.get(short, (0, ()))
        found[short] = (count + 1, (*lines, line) if count < _LINES else lines)
    some = [RejectedAlike(why, count, lines) for why, (count, lines) in found.items()]
    return sorted(some, key=lambda one: (-one.count, one.lines))


def free_place(path: Path) -> Path:
    """Give where the rejected rows of a file can be written: beside it if one may, else where one is, or at home.

    It is a file that is not there yet, so that nothing is written over.
    """
    from pathlib import Path

    stem = path.stem.partition(_MARK)[0]
    folder = next((one for one in (path.parent, Path.cwd(), Path.home()) if os.access(one, os.W_OK)), path.parent)
    numbers = ("", *(f"-{number}" for number in range(2, _NAMES)))
    places = (folder / f"{stem}{_MARK}{number}.csv" for number in numbers)
    return next((place for place in places if not place.exists()), folder / f"{stem}{_MARK}.csv")
