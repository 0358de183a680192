"""Commands: what `list`, `show`, `funnel` and `today` take, beside a Python that only imports sqlite3."""

from __future__ import annotations

import os
import subprocess
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Section, middle, ratio_by_round, rounds_of, times
from tests.benchmarks.programs import BASE_COMMAND, CHECKOUT, funneltui

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.programs import Surroundings
    from tests.benchmarks.workspaces import Workspaces

_COMMANDS = (("list", "--limit", "20"), ("show", "50"), ("funnel",), ("today",))
_BASE = "python -c 'import sqlite3'"


def measure(argv: Sequence[str], surroundings: Surroundings, database: Path | None) -> tuple[float, float]:
    """Run a command to its end, and give its ms and its ms of CPU; a failed one is an error."""
    start = perf_counter()
    with subprocess.Popen(
        argv, env=surroundings.environment(database), cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - start
    if process.returncode:
        message = f"{' '.join(argv)} ended with {process.returncode}: {said.decode(errors='replace')}"
        raise RuntimeError(message)
    return seconds * 1000, (used.ru_utime + used.ru_stime) * 1000


def run(workspaces: Workspaces, surroundings: Surroundings, sizes: Sequence[int], rounds: int) -> Section:
    """Measure every command at every size, in turn with the base."""
    kinds = [(words, size) for size in sizes for words in _COMMANDS]
    databases = {size: workspaces.of(size) for size in sizes}
    base: list[tuple[float, float]] = []
    found: dict[tuple[tuple[str, ...], int], list[tuple[float, float]]] = {kind: [] for kind in kinds}

    def one_round(number: int) -> None:
        its = measure(BASE_COMMAND, surroundings, None)
        for words, size in kinds if number % 2 else reversed(kinds):
            ours = measure(funneltui(*words), surroundings, databases[size])
            if number >= 0:
                found[words, size].append(ours)
        if number >= 0:
            base.append(its)

    noise = rounds_of(rounds, one_round)
    section = Section("Commands, into a pipe", ("", "open deals", "ms", "ratio", "CPU ms"))
    wall, cpu = (middle(one[place] for one in base) for place in (0, 1))
    section.rows.append((_BASE, "", f"{wall:.0f}", times(1), f"{cpu:.0f}"))
    for words in _COMMANDS:
        for size in sizes:
            ours = found[words, size]
            ratio = ratio_by_round([one[0] for one in ours], [one[0] for one in base])
            wall, cpu = (middle(one[place] for one in ours) for place in (0, 1))
            section.rows.append((" ".join(words), f"{size:,}", f"{wall:.0f}", times(ratio), f"{cpu:.0f}"))
    section.notes.append(noise)
    section.notes.append("today lists everything that is due within a week: with more deals it has more to print")
    return section
