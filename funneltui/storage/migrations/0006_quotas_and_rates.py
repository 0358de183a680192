"""Quotas and rates, whose revisions are rows of their own, and the index that sums of closed deals are read from."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE quota (id {identity}, owner_id INTEGER REFERENCES person (id),
    pipeline VARCHAR(60) REFERENCES pipeline (key), span VARCHAR(10) NOT NULL CHECK (span IN ('month', 'quarter', 'year')),
    first_day VARCHAR(10) NOT NULL, amount BIGINT CHECK (amount >= 0), currency VARCHAR(3) NOT NULL,
    who_id INTEGER NOT NULL REFERENCES person (id), at BIGINT NOT NULL);
CREATE TABLE rate (id {identity}, source VARCHAR(3) NOT NULL, target VARCHAR(3) NOT NULL CHECK (target <> source),
    day VARCHAR(10) NOT NULL, rate TEXT NOT NULL, who_id INTEGER NOT NULL REFERENCES person (id), at BIGINT NOT NULL);
CREATE INDEX quota_of ON quota (owner_id, pipeline, span, first_day, id);
CREATE INDEX rate_of ON rate (target, source, day, id);
CREATE INDEX deal_won_lost ON deal (pipeline, outcome, closed_on, owner_id, currency, amount)
    WHERE outcome IN ('won', 'lost');
"""

# A revision is a new row: the database itself holds to it.
SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{table}s are never changed: "
    "a revision is a new row'); END"
    for table in ("quota", "rate")
    for name, what in (("stays", "UPDATE"), ("lasts", "DELETE"))
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION revision_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'quotas and rates are never changed: a revision is a new row'; END $$",
    "CREATE TRIGGER quota_stays BEFORE UPDATE OR DELETE ON quota FOR EACH ROW EXECUTE FUNCTION revision_stays()",
    "CREATE TRIGGER rate_stays BEFORE UPDATE OR DELETE ON rate FOR EACH ROW EXECUTE FUNCTION revision_stays()",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables, the indexes and the guards."""
    from peewee import SqliteDatabase

    sqlite = isinstance(db, SqliteDatabase)
    identity = "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "SERIAL PRIMARY KEY"
    for statement in TABLES.format(identity=identity).split(";"):
        if statement.strip():
            db.execute_sql(statement)
    for statement in SQLITE_GUARDS if sqlite else POSTGRES_GUARDS:
        db.execute_sql(statement)
