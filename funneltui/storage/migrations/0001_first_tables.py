"""The first tables: people, pipelines, deals with their contacts, visits and events."""

from __future__ import annotations

from typing import Any

TABLES = """
CREATE TABLE setting (key VARCHAR(40) PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE person (id {identity}, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,
    role VARCHAR(10) NOT NULL CHECK (role IN ('rep', 'manager')));
CREATE TABLE pipeline (key VARCHAR(60) PRIMARY KEY, name TEXT NOT NULL, currency VARCHAR(3) NOT NULL,
    position INTEGER NOT NULL);
CREATE TABLE stage (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL, kind VARCHAR(10) NOT NULL CHECK (kind IN ('open', 'won', 'lost')),
    demands TEXT NOT NULL, question TEXT NOT NULL, guidance TEXT NOT NULL, entry TEXT NOT NULL, probability INTEGER,
    rot_days INTEGER NOT NULL, follow_up_days INTEGER NOT NULL, wip_limit INTEGER NOT NULL, color VARCHAR(40) NOT NULL,
    retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, key));
CREATE TABLE detail (pipeline VARCHAR(60) NOT NULL, stage VARCHAR(60) NOT NULL, key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL, retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, stage, key),
    FOREIGN KEY (pipeline, stage) REFERENCES stage (pipeline, key));
CREATE TABLE reason (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL, retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, key));
CREATE TABLE source (pipeline VARCHAR(60) NOT NULL REFERENCES pipeline (key), key VARCHAR(60) NOT NULL,
    position INTEGER NOT NULL, name TEXT NOT NULL, retired BOOLEAN NOT NULL, PRIMARY KEY (pipeline, key));
CREATE TABLE company (id {identity}, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE);
CREATE TABLE contact (id {identity}, name TEXT NOT NULL, folded TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    company_id INTEGER REFERENCES company (id));
CREATE TABLE deal (number INTEGER PRIMARY KEY, title TEXT NOT NULL CHECK (title <> ''),
    company_id INTEGER REFERENCES company (id), contact_id INTEGER REFERENCES contact (id), source VARCHAR(60) NOT NULL,
    owner_id INTEGER REFERENCES person (id), created_by_id INTEGER REFERENCES person (id),
    amount BIGINT CHECK (amount >= 0), currency VARCHAR(3) NOT NULL,
    probability INTEGER CHECK (probability BETWEEN 0 AND 100), pipeline VARCHAR(60) NOT NULL, stage VARCHAR(60) NOT NULL,
    detail VARCHAR(60), outcome VARCHAR(10) NOT NULL CHECK (outcome IN ('open', 'won', 'lost', 'spam', 'undone')),
    reach VARCHAR(60), created BIGINT NOT NULL, stage_entered BIGINT NOT NULL, touched BIGINT NOT NULL,
    expected_close VARCHAR(10) NOT NULL, follow_up VARCHAR(10), follow_up_note TEXT NOT NULL,
    follow_up_repeat VARCHAR(20) NOT NULL, due_on VARCHAR(10),
    qualifier TEXT NOT NULL, tags TEXT NOT NULL, notes TEXT NOT NULL, reason VARCHAR(60), reason_note TEXT NOT NULL,
    closed_on VARCHAR(10), external_system VARCHAR(60), external_id TEXT, version INTEGER NOT NULL,
    search TEXT{binary} NOT NULL,
    CHECK (outcome <> 'lost' OR reason IS NOT NULL),
    FOREIGN KEY (pipeline, stage) REFERENCES stage (pipeline, key),
    FOREIGN KEY (pipeline, source) REFERENCES source (pipeline, key),
    FOREIGN KEY (pipeline, reason) REFERENCES reason (pipeline, key),
    FOREIGN KEY (pipeline, stage, detail) REFERENCES detail (pipeline, stage, key));
CREATE TABLE visit (id {identity}, deal INTEGER NOT NULL REFERENCES deal (number), stage VARCHAR(60) NOT NULL,
    detail VARCHAR(60), entered BIGINT NOT NULL, left_at BIGINT, seconds BIGINT, who_id INTEGER REFERENCES person (id));
CREATE TABLE change (id {identity}, who_id INTEGER NOT NULL REFERENCES person (id), at BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('done', 'undone', 'dropped', 'sealed')));
CREATE TABLE event (id {identity}, deal INTEGER NOT NULL REFERENCES deal (number), at BIGINT NOT NULL,
    change INTEGER REFERENCES change (id),
    who_id INTEGER REFERENCES person (id), kind VARCHAR(20) NOT NULL, version INTEGER NOT NULL, data TEXT NOT NULL);
"""

# A lane is a window over a partial index; totals and both funnels are read from one covering index.
INDEXES = """
CREATE INDEX deal_lane ON deal (pipeline, stage, due_on, number) WHERE outcome = 'open';
CREATE INDEX deal_own_lane ON deal (owner_id, pipeline, stage, due_on, number) WHERE outcome = 'open';
CREATE INDEX deal_closed ON deal (pipeline, stage, closed_on, number) WHERE outcome IN ('won', 'lost');
CREATE INDEX deal_tally ON deal (pipeline, outcome, stage, reach, currency, probability, owner_id, amount);
CREATE INDEX deal_due ON deal (pipeline, due_on, number) WHERE due_on IS NOT NULL;
CREATE INDEX deal_own_due ON deal (owner_id, pipeline, due_on, number) WHERE due_on IS NOT NULL;
CREATE UNIQUE INDEX deal_external ON deal (external_system, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX deal_company ON deal (company_id);
CREATE INDEX deal_contact ON deal (contact_id);
CREATE INDEX contact_folded ON contact (folded);
CREATE UNIQUE INDEX visit_open ON visit (deal) WHERE left_at IS NULL;
CREATE INDEX visit_deal ON visit (deal, entered);
CREATE INDEX visit_stage ON visit (stage, deal);
CREATE INDEX event_deal ON event (deal, id);
CREATE INDEX event_change ON event (change, id);
CREATE INDEX change_who ON change (who_id, state, id);
"""

# Events are append-only; the database itself holds to it.
SQLITE_GUARDS = (
    "CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events never change'); END",
    "CREATE TRIGGER event_lasts BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events never change and are never deleted'; END $$",
    "CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_stays()",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables, the indexes and the guards."""
    from peewee import SqliteDatabase

    sqlite = isinstance(db, SqliteDatabase)
    # The folded text is compared by its letters' codes everywhere: orders are the same on every database.
    binary = "" if sqlite else ' COLLATE "C"'
    identity = "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "SERIAL PRIMARY KEY"
    for statement in (TABLES + INDEXES).format(identity=identity, binary=binary).split(";"):
        if statement.strip():
            db.execute_sql(statement)
    for statement in SQLITE_GUARDS if sqlite else POSTGRES_GUARDS:
        db.execute_sql(statement)
