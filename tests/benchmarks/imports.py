"""The import: rows a second of a CSV file through every gate, beside a bare executemany of the same rows."""

from __future__ import annotations

import csv
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Section, middle, ratio_by_round, times, wait_for_calm
from tests.benchmarks.generated_deals import HEADER
from tests.benchmarks.workspaces import Import, filled, remove

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.workspaces import Workspaces

_BATCH = 500
_ONCE = 20_000
"""Beyond so many deals one round has to do."""


def run(workspaces: Workspaces, sizes: Sequence[int], rounds: int) -> Section:
    """Measure the import of the files behind the workspaces, each into a new one."""
    section = Section("Import of CSV", ("", "rows", "rows/s", "bare executemany rows/s", "time ratio"))
    for size in sizes:
        ours, bare = [], []
        for _ in range(1 if size > _ONCE else max(3, rounds // 2)):
            wait_for_calm()
            bare.append(_bare(workspaces.folder / "bare.db", workspaces.csv(size)))
            place = workspaces.folder / "imported.db"
            remove(place)
            ours.append(filled(place, workspaces.csv(size)))
        ratio = ratio_by_round([one.seconds for one in ours], [one.seconds for one in bare])
        section.rows.append(
            (f"{size:,} open deals", f"{ours[0].rows:,}", f"{middle(one.rows / one.seconds for one in ours):,.0f}",
             f"{middle(one.rows / one.seconds for one in bare):,.0f}", times(ratio))
        )  # fmt: skip
    section.notes.append(
        "a bare row is one INSERT of the cells; a deal also has a company, a contact, visits and events"
    )
    return section


def _bare(place: Path, source: Path) -> Import:
    """Read the file and store its cells as they are, as many in a transaction as the importer takes."""
    from funneltui.storage.database import sqlite_module

    remove(place)
    connection = sqlite_module().connect(str(place))
    connection.execute("PRAGMA synchronous = full")
    connection.execute(f"CREATE TABLE deal ({', '.join(f'c{place}' for place in range(len(HEADER)))})")
    start, count = perf_counter(), 0
    with source.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        while batch := list(islice(rows, _BATCH)):
            with connection:
                connection.executemany(f"INSERT INTO deal VALUES ({', '.join('?' * len(HEADER))})", batch)
            count += len(batch)
    seconds = perf_counter() - start
    connection.close()
    return Import(count, seconds)
