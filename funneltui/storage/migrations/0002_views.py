"""Saved views of the list, and the indexes that its sorts are read from."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE "view" (id {identity}, person_id INTEGER NOT NULL REFERENCES person (id), name TEXT NOT NULL,
    position INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (person_id, name));
"""

# What the list sorts, counts and pages by, without a look at the deals themselves; titles have an order of their own.
INDEXES = """
CREATE INDEX deal_list ON deal (pipeline, outcome, stage, owner_id, expected_close, created, stage_entered, follow_up,
    source, detail, company_id, contact_id);
CREATE INDEX deal_list_title ON deal (pipeline, (substr(search, 1, 60)), number, outcome, stage, owner_id);
"""


def up(migrator: Any, db: Any) -> None:
    """Make the table and the indexes."""
    from peewee import SqliteDatabase

    identity = "INTEGER PRIMARY KEY AUTOINCREMENT" if isinstance(db, SqliteDatabase) else "SERIAL PRIMARY KEY"
    for statement in (TABLES + INDEXES).format(identity=identity).split(";"):
        if statement.strip():
            db.execute_sql(statement)
