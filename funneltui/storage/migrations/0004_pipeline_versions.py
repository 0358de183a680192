"""What pipelines were before they were changed, and which pipeline a visit belongs to when its deal went to another."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE pipeline_version (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), version INTEGER NOT NULL,
    at BIGINT, who_id INTEGER REFERENCES person (id), retired BOOLEAN NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (pipeline, version));
ALTER TABLE visit ADD COLUMN pipeline VARCHAR(60);
"""


def up(migrator: Any, db: Any) -> None:
    """Make the table and the column; a visit without a pipeline is of the one that its deal stands in."""
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
