"""The ids of a file's rows that have none of their own: what stands in a row, and its place among the equal ones."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from funneltui.domain.content_ids import content_id, digest_of
from funneltui.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable


class RowIds:
    """Counts the equal rows of one file while it is read.

    The digests lie in a nameless SQLite database that is gone with the program: it spills to the disk, so that millions of
    rows take no memory.
    """

    def __init__(self) -> None:
        """Begin with no row."""
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA cache_size = -8000")
        self._kept.execute("CREATE TABLE row (digest INTEGER PRIMARY KEY, count INTEGER NOT NULL DEFAULT 1)")
        self._kept.execute("BEGIN")

    def next(self, cells: Iterable[str]) -> str:
        """Give the id of the row that comes next in the file.

        Raises:
            StorageError: there is no room to count it.
        """
        digest = digest_of(cells)
        try:
            if self._kept.execute("INSERT OR IGNORE INTO row (digest) VALUES (?)", (digest,)).rowcount:
                return content_id(digest)
            self._kept.execute("UPDATE row SET count = count + 1 WHERE digest = ?", (digest,))
            count = self._kept.execute("SELECT count FROM row WHERE digest = ?", (digest,)).fetchone()[0]
        except sqlite3.Error as error:
            message = f"cannot count the equal rows of the file: {error}; is there room on the disk?"
            raise StorageError(message) from error
        return content_id(digest, int(count))

    def close(self) -> None:
        """Forget them."""
        self._kept.close()
