"""The stages that deals went through, from a file of their own: kept on the disk, looked up by the deals' ids."""

from __future__ import annotations

import sqlite3
from itertools import islice
from typing import TYPE_CHECKING

from funneltui.errors import BadInput
from funneltui.exchange.file_dates import check_order
from funneltui.exchange.system_mappings import id_read, mappings, recognised
from funneltui.exchange.tables_in import open_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.domain.dates import DateOrder
    from funneltui.exchange.system_mappings import SystemMapping
    from funneltui.exchange.tables_in import Table

_NEEDED = ("external_id", "stage", "entered")
_BATCH = 1000


class StageHistories:
    """The visits that a file tells, by the deals' ids, in the order of the file.

    They lie in a nameless SQLite database that is gone with the program: it spills to the disk, so that a history of
    millions of lines takes no memory, and needs not stand in the deals' order.
    """

    def __init__(
        self, path: Path, order: DateOrder, *, delimiter: str | None = None, encoding: str | None = None
    ) -> None:
        """Read the file, whose dates are in this order; delimiter and encoding are found out, if they are not said.

        Raises:
            BadInput: it is no table, or not recognised as one of visits; a line cannot be read, without which a deal's past
                would have a hole; dates are in another order. StorageError: it cannot be read.
        """
        table = open_table(path, delimiter=delimiter, encoding=encoding)
        form = recognised(table.header, visits=True)
        if form is None:
            known = ", ".join(one.name for one in mappings() if one.is_visits)
            message = f"{path.name} is not recognised as a history of stages; known are those of: {known}"
            raise BadInput(f'{message}. A mapping of your own with kind = "visits" makes it known')
        self._kept = sqlite3.connect("")
        try:
            self._read(_rows(table, form, order))
        except BaseException:
            self.close()
            raise

    def _read(self, rows: Iterator[tuple[str, str, str]]) -> None:
        self._kept.execute("CREATE TABLE visit (deal TEXT, stage TEXT, entered TEXT)")
        while some := list(islice(rows, _BATCH)):
            self._kept.executemany("INSERT INTO visit VALUES (?, ?, ?)", some)
        self._kept.execute("CREATE INDEX visit_deal ON visit (deal)")

    def of(self, deal: str) -> list[tuple[str, str]]:
        """Give a deal's visits: the words for the stages and for the moments at which they were entered."""
        found = self._kept.execute("SELECT stage, entered FROM visit WHERE deal = ? ORDER BY rowid", (deal,))
        return [(str(stage), str(entered)) for stage, entered in found]

    def close(self) -> None:
        """Forget them."""
        self._kept.close()


def _rows(table: Table, form: SystemMapping, order: DateOrder) -> Iterator[tuple[str, str, str]]:
    names = [one.strip() for one in table.header]
    places = []
    for field in _NEEDED:
        place = next((names.index(one) for one in form.columns.get(field, ()) if one in names), None)
        if place is None:
            message = f"{table.path.name} has no column for {field}; {form.name} calls it "
            raise BadInput(message + ", ".join(form.columns.get(field, ()) or ("nothing",)))
        places.append(place)
    deal, stage, entered = places
    for row in table.rows():
        where = f"{table.path.name}, line {row.line}"
        if row.why:
            message = f"{where}: {row.why}; correct the line, or take it out: a deal's past must have no hole"
            raise BadInput(message)
        when = row.cells[entered].strip()
        check_order(when, order, where)
        yield id_read(row.cells[deal], form), row.cells[stage].strip(), when
