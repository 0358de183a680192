"""Reading deals in the order in which they lie: for sums that most of them go into."""

from __future__ import annotations

import peewee

from funneltui.storage.database import Database

_DEAL = "FROM deal d"


def in_order(database: Database, source: str) -> str:
    """Give the tables of a statement, `FROM deal d` and what is joined, so that SQLite looks no deal up by an index.

    Their rows are wide, and lie apart: looked up one by one most of the table takes many times as long as read through.
    PostgreSQL knows from its statistics how many will be wanted.
    """
    if not isinstance(database, peewee.SqliteDatabase):
        return source
    return source.replace(_DEAL, f"{_DEAL} NOT INDEXED", 1)
