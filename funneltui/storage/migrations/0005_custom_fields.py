"""What a pipeline asks of its deals beyond what every deal has, the qualifiers that it lists, and what deals have there."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE field (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL,
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice')), choices TEXT NOT NULL,
    help TEXT NOT NULL, retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, key));
CREATE TABLE qualifier (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL, retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, key));
ALTER TABLE deal ADD COLUMN custom TEXT NOT NULL DEFAULT '{}';
"""

# PostgreSQL gets SQLite's function under its name, for the one form of path that is used: $."key".
POSTGRES_FUNCTION = """
CREATE FUNCTION json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT document::jsonb ->> substr(path, 4, length(path) - 4)';
"""


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the column; on PostgreSQL also the function that looks a value up."""
    from peewee import SqliteDatabase

    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
    if not isinstance(db, SqliteDatabase):
        db.execute_sql(POSTGRES_FUNCTION)
