"""Figures as they are printed: medians, tables, aims with whether they were met."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SLACK = 1.15
"""Up to this ratio between a workspace and one of a tenth a figure counts as not growing: the rest is noise."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a benchmark should come to, what it came to, and whether that is within it."""

    text: str
    found: str
    met: bool


@dataclass(slots=True)
class Section:
    """One benchmark's result: a table, notes under it, aims."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def print(self) -> None:
        """Print the table with its notes and aims."""
        table = [list(self.header), *map(list, self.rows)]
        widths = [max(len(row[place]) for row in table) for place in range(len(self.header))]
        print(f"\n{self.title}")
        for row in table:
            first, *others = zip(row, widths, strict=True)
            print("  " + "  ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]).rstrip())
        for note in self.notes:
            print(f"  {note}")
        for aim in self.aims:
            print(f"  {'met    ' if aim.met else 'NOT MET'} {aim.text}: {aim.found}")
        sys.stdout.flush()


def middle(values: Iterable[float]) -> float:
    """Give the median."""
    return median(values)


def worst(values: Iterable[float]) -> float:
    """Give the largest."""
    return max(values)


def ratio_by_round(ours: Sequence[float], base: Sequence[float]) -> float:
    """Give the median of the ratios within each round: what disturbs a round disturbs both sides of it."""
    return median(our / its for our, its in zip(ours, base, strict=True))


def times(value: float) -> str:
    """Give a ratio as it is printed."""
    return f"{value:.2f}x"


def not_growing(what: str, by_size: dict[int, float], floor: float) -> Aim | None:
    """Give the aim that a figure of the screen does not grow; below `floor` a difference is none, whatever its ratio.

    The two largest workspaces are compared: in the smallest a whole lane is read at once, which is another kind of work.
    """
    if len(by_size) < 2:
        return None
    smaller, larger = sorted(by_size)[-2:]
    found = f"{by_size[smaller]:,.1f} with {smaller:,} deals, {by_size[larger]:,.1f} with {larger:,}"
    met = by_size[larger] <= max(by_size[smaller] * SLACK, by_size[smaller] + floor)
    return Aim(f"{what} does not grow with the deals", found, met)


def wait_for_calm(limit: float = 20) -> bool:
    """Wait until other programs leave the machine alone, not longer than `limit` seconds; tell whether they do."""
    end = monotonic() + limit
    while (busy := _busy_cores(0.25)) is not None:
        if busy < 0.25:
            return True
        if monotonic() > end:
            return False
    return True


def _busy_cores(seconds: float) -> float | None:
    before = _busy_ticks()
    sleep(seconds)
    after = _busy_ticks()
    if before is None or after is None:
        return None
    return (after - before) / os.sysconf("SC_CLK_TCK") / seconds


def _busy_ticks() -> int | None:
    try:
        words = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    except OSError:  # no Linux: nothing to be known
        return None
    user, nice, system, _idle, _waiting, interrupt, soft = map(int, words[1:8])
    return user + nice + system + interrupt + soft


def rounds_of(count: int, run: Callable[[int], None], *, warm_up: int = 1) -> str:
    """Run rounds, each on a calm machine if it becomes calm, after rounds that do not count; give a note on the noise.

    `run` is given the number of the round, negative for those that do not count.
    """
    noisy = 0
    for number in range(-warm_up, count):
        calm = wait_for_calm()
        noisy += number >= 0 and not calm
        run(number)
    return f"{count} rounds, medians" + (f"; {noisy} of them while other programs were busy" if noisy else "")
