"""A first look through a file: how many rows it has, how many of them cannot be read, and samples of each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line

if TYPE_CHECKING:
    from funneltui.exchange.tables_in import Table

_SAMPLES, _SAMPLE, _SEARCHED = 3, 60, 2000


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a look through a file has shown: its rows, those that cannot be read, and by a column's place what it holds."""

    rows: int
    broken: int
    samples: tuple[tuple[str, ...], ...]


def look_through(table: Table) -> FileLook:
    """Count a table's rows, and give of each column the first different texts; reads the file once.

    Raises:
        StorageError: the file is no longer readable.
    """
    rows = broken = 0
    samples: list[list[str]] = [[] for _ in table.header]
    for row in table.rows():
        rows += 1
        if row.why:
            broken += 1
            continue
        if rows > _SEARCHED:
            continue
        for found, cell in zip(samples, row.cells, strict=False):
            if len(found) < _SAMPLES and (text := clean_line(cell, _SAMPLE)) and text not in found:
                found.append(text)
    return FileLook(rows, broken, tuple(map(tuple, samples)))
