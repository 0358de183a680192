"""The workspace in which lives of deals are lived: its pipeline, its clock, its two people over a connection each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from funneltui.domain.history import Role
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.services import deals, workspaces
from funneltui.services.context import Clock, Context
from funneltui.services.people import add_user
from funneltui.storage import changes
from funneltui.storage.database import query, reading, writing
from tests import independent_count
from tests.fielded import RIVAL, SEATS, SEGMENT
from tests.independent_count import Rows, Stages

PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting", probability=10, rot_days=14),
        Stage("acquisition", "In acquisition", details=(Detail("call", "call"), Detail("meeting", "meeting")),
              demands=("detail",), probability=35, rot_days=7),
        Stage("offered", "Offered", details=(Detail("call", "call"), Detail("contract", "contract")),
              demands=("detail", "follow_up"), probability=60),
        Stage("acquired", "Acquired", StageKind.WON),
        Stage("served", "Served", StageKind.WON, demands=("amount",)),
        Stage("resigned", "Resigned", StageKind.LOST),
        Stage("lapsed", "Lapsed", StageKind.LOST),
    ),
    (Reason("price", "too expensive"), Reason("timing", "bad timing")),
    (Source("web", "contact form"), Source("phone", "phone")),
    fields=(SEATS, SEGMENT, RIVAL),
)  # fmt: skip
STAGES = Stages(
    {stage.key: stage.probability or 0 for stage in PIPELINE.open_stages},
    tuple(stage.key for stage in PIPELINE.won_stages),
    tuple(stage.key for stage in PIPELINE.lost_stages),
)
MANAGER, REP, AWAY = "ana", "bor", "cene"
BOTH = (MANAGER, REP)
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = START.date()
KIND_OF = {stage.key: stage.kind.value for stage in PIPELINE.stages}
_READ = ("person", "company", "contact", "deal", "visit", "change", "event", "view", "setting")
_CHANGING = ("event", "visit", "deal", "contact", "company", "change")


class Ticking(Clock):
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("Europe/Ljubljana"))
        self.moment = START

    def now(self) -> datetime:
        return self.moment


class Office:
    """A workspace that every life begins with anew: a manager and a rep at work, and the deals of a rep who is away."""

    def __init__(self, location: str) -> None:
        self.location, self.clock = location, Ticking()
        manager = workspaces.create(location, PIPELINE, MANAGER, self.clock)
        for name in (REP, AWAY):
            add_user(manager, name, Role.REP)
        rep = workspaces.open_workspace(location, REP, self.clock, chosen=True)
        self.contexts = {MANAGER: manager, REP: rep}
        tables = {table: manager.database.get_columns(table) for table in _READ}
        self._columns = {table: [column.name for column in columns] for table, columns in tables.items()}
        self.is_file = "://" not in location
        if self.is_file:
            for context in self.contexts.values():
                query(context.database, "PRAGMA synchronous = off")  # nothing here has to survive a power cut

    def begin(self) -> None:
        """Empty the tables, and add the deals with which a life begins; they are not to be undone."""
        manager = self.contexts[MANAGER]
        self._empty(manager)
        self.clock.moment = START
        values = {"title": "Deal", "source": "web", "expected_close": TODAY + timedelta(days=20), "amount": 12_345}
        detail = {"detail": "call", "follow_up": TODAY, "follow_up_repeat": "1 week"}
        deals.add(manager, values | {"owner": REP, "company": "Acme", "contact": "Ann"})
        deals.add(manager, values | detail | {"owner": AWAY, "currency": "USD"}, "offered")
        deals.add(manager, values | {"owner": None, "probability": 55})
        deals.add(manager, values | {"owner": REP, "detail": "call"}, "acquisition")
        deals.add(manager, values | {"owner": REP, "reason": "price"}, "resigned")
        with writing(manager.database):
            changes.seal_all(manager.database)

    def _empty(self, context: Context) -> None:
        run = context.database.execute_sql
        if not self.is_file:
            run(f"TRUNCATE {', '.join(_CHANGING)} RESTART IDENTITY CASCADE")
            return
        ((guard,),) = query(context.database, "SELECT sql FROM sqlite_master WHERE name = 'event_lasts'")
        run("DROP TRIGGER event_lasts")  # events are never deleted
        for table in (*_CHANGING, "sqlite_sequence"):
            run(f"DELETE FROM {table}")
        run(guard)

    def look(self) -> Rows:
        """Read all that is stored, in plain SQL."""
        database = self.contexts[MANAGER].database
        with reading(database):
            return independent_count.read(lambda sql: query(database, sql), self._columns)

    def close(self) -> None:
        """Close both connections."""
        for context in self.contexts.values():
            context.database.close()
