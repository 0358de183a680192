"""A table that tells how far it has been read, and whose reading can be ended between two batches."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from funneltui.exchange.tables_in import Table
from funneltui.services.imports import BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.exchange.tables_in import Row


def _go_on(rows: int, read: int) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class WatchedTable(Table):
    """The same table; `watch` is told the rows and the bytes read so far, and says whether to go on.

    It is asked before the first row, and before the first one of each batch: an import that it ends has stored whole
    batches, and reports on them as on a whole file.
    """

    watch: Callable[[int, int], bool] = _go_on

    def rows(self) -> Iterator[Row]:
        """Give the rows, as far as they are wanted; see `Table.rows`."""
        read = 0
        for place, row in enumerate(Table.rows(self)):
            if place % BATCH == 0 and not self.watch(place, read):
                return
            read = row.read
            yield row


def watched(table: Table, watch: Callable[[int, int], bool]) -> WatchedTable:
    """Give a table that is watched."""
    told = {one.name: getattr(table, one.name) for one in fields(Table)}
    return WatchedTable(**told, watch=watch)
