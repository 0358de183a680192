"""The inbox: what arrived by mail or web form, each thing once, and the deal that came of it."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE inbox (id {identity}, channel VARCHAR(10) NOT NULL CHECK (channel IN ('mail', 'form')),
    message_id TEXT NOT NULL, received BIGINT NOT NULL, sent BIGINT, sender TEXT NOT NULL, texts TEXT NOT NULL,
    text TEXT NOT NULL, pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), stage VARCHAR(60),
    owner_id INTEGER REFERENCES person (id), who_id INTEGER NOT NULL REFERENCES person (id),
    deal INTEGER REFERENCES deal (number), dropped_at BIGINT, dropped_by_id INTEGER REFERENCES person (id));
CREATE UNIQUE INDEX inbox_message ON inbox (channel, message_id);
CREATE INDEX inbox_waiting ON inbox (deal, id) WHERE dropped_at IS NULL;
CREATE INDEX deal_undone ON deal (number) WHERE outcome = 'undone';
"""


def up(migrator: Any, db: Any) -> None:
    """Make the table and its indexes."""
    from peewee import SqliteDatabase

    identity = "INTEGER PRIMARY KEY AUTOINCREMENT" if isinstance(db, SqliteDatabase) else "SERIAL PRIMARY KEY"
    for statement in TABLES.format(identity=identity).split(";"):
        if statement.strip():
            db.execute_sql(statement)
