"""Import: rows of a file become deals with their true history, or change those that an earlier import brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.content_ids import is_content_id
from funneltui.domain.deal import Outcome
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.history import Role
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, FunneltuiError, NotAllowed, RuleBroken, StorageError
from funneltui.services.changes import commit_all, demand_current
from funneltui.services.deals import drafted
from funneltui.services.fields import settle
from funneltui.services.import_duplicates import looks_like
from funneltui.services.import_history import day_of, events_of, past_of, past_told, refuse_open, visits_of, visits_told
from funneltui.services.import_news import Held, News, differs, held_by, held_since, is_elsewhere, needed, news_in
from funneltui.services.import_notes import with_rest
from funneltui.services.import_own import is_of, was_made_alike
from funneltui.services.import_rows import Fate as Fate
from funneltui.services.import_rows import ImportRow as ImportRow
from funneltui.services.import_rows import Origin as Origin
from funneltui.services.import_rows import RowResult as RowResult
from funneltui.services.import_rows import Stay as Stay
from funneltui.services.import_runs import as_one_change as as_one_change
from funneltui.services.import_runs import origin_of as origin_of
from funneltui.services.import_runs import rehearsal as rehearsal
from funneltui.services.moves import change_of, entering
from funneltui.services.people import demand_name
from funneltui.storage import bulk, changes, deals, exports, people
from funneltui.storage.database import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Actor, Event, Visit
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

BATCH = 500
"""The rows of one transaction: an import that is cut short leaves whole batches."""


def import_batch(context: Context, rows: Sequence[ImportRow], origin: Origin) -> list[RowResult]:
    """Take rows in, in one transaction, and give what became of each, in their order: a row all or nothing.

    A row whose id is known, or that an export of ours wrote of a deal here (`import_own`), changes that deal, by the same
    gate as a move or an edit, and only in what is news of what it gives (`import_news`): an empty cell takes nothing away,
    and what people changed since stays unless the file changed the same. Any other row adds a deal. Owners that the
    workspace does not know become reps, if a manager imports; a rep imports only his own deals.

    Raises:
        StorageError: the database does not work; nothing of the batch was stored. Conflict: the pipelines were changed.
    """
    with writing(context.database):
        demand_current(context)
        changes.go_on(context.database)
        return _Batch(context, origin).take(rows)


Key = tuple[str, str]
"""By what a deal is known again: the system that it came from, and its id there."""


def _told_as(row: ImportRow) -> str:
    """Give how a person finds a row's deal: by its id, its number here, or in the file."""
    if row.external_id and not is_content_id(row.external_id):
        return f"the id {cut(row.external_id)}"
    return f"the number {row.exported.number}" if row.exported else "this row"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A new deal that has passed every rule and waits to be stored: without a number yet."""

    row: ImportRow
    deal: Deal
    visits: list[Visit]


class _Batch:
    """One batch at work: drafts are gathered and stored together, changes are made one by one, all in row order."""

    def __init__(self, context: Context, origin: Origin) -> None:
        self._context = context
        self._origin = origin
        self._users = {fold(user.name): user for user in people.everyone(context.database)}
        self._known: dict[Key, Deal] = {}
        self._numbered: dict[int, Deal] = {}  # those that rows of our own exports may be
        self._held: dict[int, Held] = {}
        self._drafted: set[Key] = set()
        self._pending: list[_Draft] = []
        self._drafts: list[_Draft] = []
        self._results: dict[int, RowResult] = {}

    def take(self, rows: Sequence[ImportRow]) -> list[RowResult]:
        """Take the rows in and give their results."""
        self._learn(rows)
        for row in rows:
            try:
                self._take_one(row)
            except StorageError as error:
                if not bulk.is_fault_of_a_row(error):
                    raise
                self._reject(row, error)
            except FunneltuiError as error:
                self._reject(row, error)
        self._store_pending()
        self._look_for_likes()
        return [self._results[row.line] for row in rows]

    def _look_for_likes(self) -> None:
        """Say of each new deal whether it looks like one that was there before the import."""
        made = {one.row.line: one.deal for one in self._drafts if self._results[one.row.line].fate is Fate.CREATED}
        for line, (number, why) in looks_like(self._context, made, self._origin).items():
            self._results[line] = replace(self._results[line], like=number, like_why=why)

    def _learn(self, rows: Sequence[ImportRow]) -> None:
        ids: dict[str, list[str]] = {}
        for system, one in filter(None, map(self._key, rows)):
            ids.setdefault(system, []).append(one)
        for system, its in ids.items():
            found = deals.by_external_id(self._context.database, system, its)
            self._known |= {(system, one): deal for one, deal in found.items()}
        numbers = [row.exported.number for row in rows if row.exported and row.exported.number]
        self._numbered |= deals.load(self._context.database, None, numbers) if numbers else {}

    def _key(self, row: ImportRow) -> Key | None:
        system = row.exported.system if row.exported and not is_content_id(row.external_id) else None
        return (system or self._origin.system, row.external_id) if row.external_id else None

    def _was(self, row: ImportRow) -> Deal | None:
        """Give the deal that a row is of: known by its id, or of our own export by its number; none, if it is new."""
        key = self._key(row)
        if key in self._known:
            return self._known[key]
        same = self._numbered.get(row.exported.number or 0) if row.exported else None
        return same if same and is_of(self._context, row, same) else None

    def _reject(self, row: ImportRow, error: FunneltuiError) -> None:
        lacking = tuple(one.field for one in error.missing) if isinstance(error, RuleBroken) else ()
        self._results[row.line] = RowResult(row.line, Fate.REJECTED, str(error), lacking)

    def _take_one(self, row: ImportRow) -> None:
        key = self._key(row)
        if key in self._drafted:
            self._store_pending()
            self._drafted.discard(key)
            self._learn([row])
        before = self._was(row)
        if before is None:
            draft = self._draft(row)
            self._pending.append(draft)
            self._drafts.append(draft)
            self._drafted |= {key} if key else set()
        else:
            self._results[row.line] = self._change(row, before)

    def _draft(self, row: ImportRow) -> _Draft:
        """Give the deal that a row makes; stores nothing, so that a refused row leaves no trace."""
        context, pipeline, key = self._context, self._origin.pipeline, self._key(row)
        if row.exported and row.exported.is_spam:
            message = "it was spam where it was exported; a new deal is none"
            raise RuleBroken(message)
        stage = pipeline.stage(row.stage or row.stage_if_new or pipeline.first.key)
        values = self._with_owner(row.defaults | settle(row.values))
        values |= {"notes": with_rest(str(values.get("notes") or ""), row.rest)} if row.rest else {}
        closed = row.closed or values.pop("closed_on", None)
        closed = closed if isinstance(closed, date) else None
        if row.stays:
            past = past_told(context.clock, pipeline, stage, row, closed)
        else:
            past = past_of(context.clock, stage, row.created, row.entered, closed, by_way=row.via is not None)
        if past.closed_on:
            values["closed_on"] = past.closed_on
        deal = drafted(context, pipeline, stage, values, context.clock.now())
        self._demand_own(deal)
        visits = visits_told(deal, past.stays) if past.stays else visits_of(pipeline, deal, past, row.via)
        stages = [pipeline.first.key, *(visit.stage for visit in visits)]
        deal = replace(
            deal, created=past.created, stage_entered=visits[-1].entered, touched=visits[-1].entered,
            reach=pipeline.furthest(stages), version=len(visits),
            external_system=key[0] if key else None, external_id=row.external_id,
        )  # fmt: skip
        return _Draft(row, deal, visits)

    def _change(self, row: ImportRow, before: Deal) -> RowResult:
        """Change a deal to what its row brings, through the gate; the drafts of rows before it are stored first."""
        same = RowResult(row.line, Fate.UNCHANGED)
        if not self._is_reachable(before):
            message = f"the deal of {_told_as(row)} is not among yours; a rep changes only his own"
            raise NotAllowed(message)
        given, elsewhere = self._said_of(row, before), is_elsewhere(row, before, self._origin.pipeline)
        if not elsewhere and not differs(row, before, given):
            return same
        news = news_in(row, before, given, self._held_by(row, before), elsewhere=elsewhere)
        if not (news.values or news.moves):
            return same
        if before.outcome is Outcome.SPAM:
            message = f"deal {before.number} is spam; restore it first"
            raise RuleBroken(message)
        after = self._entered(row, before, given, news)
        if after == before:
            return same
        self._store_pending()
        with writing(self._context.database):
            new = self._add_unknown(after.owner)
            about = {"imported": {"file": self._origin.file, "line": row.line}}
            done = commit_all(self._context, [change_of(self._context, before, after, about)])[0]
        self._users |= new
        self._known |= {key: done for key, deal in self._known.items() if deal.number == done.number}
        self._numbered |= {done.number: done} if done.number in self._numbered else {}
        self._held.pop(done.number, None)
        return RowResult(row.line, Fate.UPDATED, both=news.both, number=done.number)

    def _is_reachable(self, deal: Deal) -> bool:
        return self._context.actor.role is not Role.REP or deal.owner == self._context.actor.name

    def _said_of(self, row: ImportRow, before: Deal) -> Values:
        """Give the values that a row says of a deal; another spelling of its company says nothing."""
        given = self._with_owner(settle(row.values))
        if row.closed is not None:
            day = day_of(self._context.clock, row.closed)
            if not row.stays or day >= day_of(self._context.clock, before.created):  # else the stays told the day
                given["closed_on"] = day
        if "company" in given and fold(str(given["company"])) == fold(before.company):
            del given["company"]
        return given

    def _held_by(self, row: ImportRow, deal: Deal) -> Held:
        """Give what a deal has been since it was imported, or since our export of it; of all deals of the batch at once."""
        told = row.exported
        if told and told.version is not None and was_made_alike(self._context, row, deal):
            events = exports.events_of(self._context.database, [deal.number])
            return held_since(events[deal.number], told.version)
        if deal.number not in self._held:
            known = {one.number for one in self._known.values() if self._is_reachable(one)} | {deal.number}
            numbers = sorted(known - self._held.keys())
            events = exports.events_of(self._context.database, numbers)
            self._held |= {number: held_by(events[number], self._origin.last_event) for number in numbers}
        return self._held[deal.number]

    def _entered(self, row: ImportRow, before: Deal, given: Values, news: News) -> Deal:
        """Give the deal as its row's news make it, past the gate of the stage where it stands then."""
        stage = self._context.pipeline_of(before.pipeline).stage(str(row.stage) if news.moves else before.stage)
        values = (needed(row, before, given, stage) if news.moves else {}) | news.values
        if isinstance(day := values.get("closed_on"), date):
            refuse_open(stage, day)
        after = entering(self._context, before, stage, values)
        self._demand_own(after)
        return after

    def _with_owner(self, values: Values) -> Values:
        """Give values with the owner under his full name; one who is not known yet goes by the name in the file.

        Raises:
            BadInput: nobody can be called so.
        """
        text = values.get("owner")
        if not text:
            return values
        name = clean_line(str(text), 80)
        user = self._context.actor if fold(name) == "me" else self._users.get(fold(name))
        try:
            return values | {"owner": user.name if user else demand_name(name)}
        except BadInput as error:
            message = f"{FIELD_LABELS['owner']}: {error}; leave the owner empty for a deal of nobody"
            raise BadInput(message) from error

    def _demand_own(self, deal: Deal) -> None:
        actor = self._context.actor
        if actor.role is Role.REP and (deal.owner is None or fold(deal.owner) != fold(actor.name)):
            whose = f"{cut(deal.owner)}'s" if deal.owner else "nobody's"
            message = f"the row is {whose}; {actor.name} is a rep and imports only his own deals"
            raise NotAllowed(message)

    def _add_unknown(self, *names: str | None) -> dict[str, Actor]:
        """Add those owners who are not users yet, as reps; gives them, for the case that this is not taken back."""
        new: dict[str, Actor] = {}
        for name in names:
            if name and fold(name) not in self._users and fold(name) not in new:
                new[fold(name)] = people.add(self._context.database, name, Role.REP)
        return new

    def _store_pending(self) -> None:
        """Store the drafts together; if the database refuses what one of them holds, one by one without that one."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        try:
            with writing(self._context.database):
                new = self._store(pending)
        except StorageError as error:
            if not bulk.is_fault_of_a_row(error):
                raise
            if len(pending) == 1:
                self._reject(pending[0].row, error)
                return
            for one in pending:
                self._pending = [one]
                self._store_pending()
            return
        self._users |= new
        self._results |= {one.row.line: RowResult(one.row.line, Fate.CREATED) for one in pending}

    def _store(self, pending: Sequence[_Draft]) -> dict[str, Actor]:
        database, actor, pipeline = self._context.database, self._context.actor, self._origin.pipeline
        new = self._add_unknown(*(one.deal.owner for one in pending))
        users = self._users | new
        first = deals.next_number(database)
        stored: list[Deal] = []
        visits: list[Visit] = []
        events: list[Event] = []
        for number, one in enumerate(pending, start=first):
            owner = users[fold(one.deal.owner)].name if one.deal.owner else None
            deal = replace(one.deal, number=number, owner=owner)
            stays = [replace(visit, deal=number) for visit in one.visits]
            stored.append(deal)
            visits += stays
            about = {"file": self._origin.file, "line": one.row.line}
            events += events_of(self._context.clock, pipeline, deal, stays, about, one.row.lost_because)
        bulk.insert_deals(database, stored, {user.name: user.id for user in users.values()}, actor.id)
        bulk.insert_visits(database, visits, actor.id)
        bulk.insert_events(database, events, actor.id, self._context.clock.now())
        return new
