"""Repair: records that contradict each other put right from history; a damaged file's legible rows saved into a new one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.history import EventKind, Role, Visit
from funneltui.domain.replay import standing, values_of
from funneltui.errors import StorageError
from funneltui.services import backups as making
from funneltui.services import health as examining
from funneltui.services import workspaces
from funneltui.services.changes import Change, commit_all
from funneltui.services.people import demand_manager
from funneltui.services.repair_definitions import definitions
from funneltui.storage import backups, deals, health, people, pipelines, rebuilding, repair, salvage, schema
from funneltui.storage.database import close, connect, writing
from funneltui.storage.database_places import file_of, is_server
from funneltui.storage.health import Discord
from funneltui.storage.lost_definitions import write_again
from funneltui.storage.parts import part_beside
from funneltui.storage.repair import Mended

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from funneltui.domain.history import Event
    from funneltui.services.context import Clock, Context
    from funneltui.services.health import Finding
    from funneltui.services.repair_definitions import Known
    from funneltui.storage.database import Database
    from funneltui.storage.salvage import Saved

_END = datetime.max.replace(tzinfo=UTC)
_FROM_HISTORY = (Discord.VISITS, Discord.PLACE, Discord.OUTCOME, Discord.REASON)
_GAP = "repaired: a part of this deal's history was lost"


@dataclass(frozen=True, slots=True)
class Repair:
    """What is put right, what stays wrong all the same, and where the state before is kept (none: nothing was changed)."""

    mends: tuple[Mended, ...]
    left: tuple[Finding, ...]
    aside: Path | None = None


def rehearse(context: Context, location: str, known: Known | None = None) -> Repair:
    """Give what `repair` would do, and what would stay wrong; changes nothing.

    Raises:
        NotAllowed: the actor is no manager. StorageError.
    """
    demand_manager(context, "repairs a workspace")
    try:
        with repair.unbound(context.database), writing(context.database):
            raise _Rehearsed(_repaired(context, location, known))
    except _Rehearsed as done:
        return done.found


class _Rehearsed(Exception):
    """What would be done; carried out of the transaction, which it takes back."""

    def __init__(self, found: Repair) -> None:
        super().__init__()
        self.found = found


def repair_workspace(context: Context, location: str, known: Known | None = None) -> Repair:
    """Put right whatever it is certain how to, in one transaction, after a backup; give what that was, and what is left.

    Rules: what is worked out is worked out anew. A deal that contradicts itself or its stays is written as its history
    tells it, if that is whole. History itself is never changed: a deal of which lines are missing gets one that says so.

    Raises:
        NotAllowed: the actor is no manager. StorageError: the backup, or the disk, refuses; nothing was changed.
    """
    demand_manager(context, "repairs a workspace")
    aside = making.keep(context, location, making.Kind.BEFORE_REPAIR)
    with repair.unbound(context.database), writing(context.database):
        found = _repaired(context, location, known)
    if not is_server(location):
        file_of(location).chmod(0o600)
    return replace(found, aside=aside, left=examining.examine(context, location).findings)


def _repaired(context: Context, location: str, known: Known | None) -> Repair:
    mends = _mends(context, known)
    mode = None if is_server(location) else health.file_mode(file_of(location))
    if mode is not None and mode & 0o077:
        mends.append(Mended(f"the rights of the file: mode {mode:04o} becomes 0600", 1))
    left = [one for one in examining.examine(context, location).findings if "chmod" not in one.mend]
    return Repair(tuple(mends), tuple(left))


def _mends(context: Context, known: Known | None) -> list[Mended]:
    """Put everything right that can be; within a transaction."""
    database = context.database
    done: list[Mended] = []
    if indexes := [text for text in health.damages(database, whole=True) if health.is_about_index(text)]:
        repair.rebuild_indexes(database)
        done.append(Mended("indexes that do not agree with their tables", len(indexes)))
    done += _define_again(database, known)
    context = workspaces.refreshed(context)
    done.append(_bring_back(context))
    done.append(repair.forget_stays(database))
    done.append(_tell_anew(context))
    done += repair.mend_references(database)
    context = workspaces.refreshed(context)
    done.append(_name_again(context))
    done += repair.settle(database, context.pipelines)
    done.append(_say_what_is_lost(context))
    return [one for one in done if one.count]


def _define_again(database: Database, known: Known | None) -> list[Mended]:
    """Write what is lost of pipelines as their versions or presets tell it; nothing where nothing is known of them."""
    return [] if known is None else write_again(database, definitions(database, known))


def _bring_back(context: Context) -> Mended:
    """Write the rows of deals that have nothing but a history."""
    numbers = rebuilding.lost_deals(context.database)
    for number in numbers:
        events = rebuilding.told(context.database, number)
        deal = _as_told(context, number, events)
        rebuilding.write_lost(context.database, deal)
        rebuilding.rewrite_stays(context.database, number, _stays(context, deal, events))
    return Mended("deals whose rows are lost: written anew as their history tells them", len(numbers), tuple(numbers))


def _tell_anew(context: Context) -> Mended:
    """Write the deals that contradict themselves or their stays as their whole history tells them."""
    database = context.database
    wrong = {number for discord in _FROM_HISTORY for number in health.discordant(database, discord)}
    unreadable = set(health.unreadable(database))
    strangers = set(repair.deals_of_nothing(database)) - wrong
    alone = set(health.discordant(database, Discord.VISITS))
    done = []
    for number in sorted(wrong | unreadable | strangers):
        events = rebuilding.told(database, number)
        if _is_whole(events) or (number in unreadable and events):
            deal = _as_told(context, number, events)
            if number in strangers - unreadable and _stands_alike(context, deal):
                continue  # not the deal is wrong: what it refers to is lost
            rebuilding.rewrite(database, deal)
            rebuilding.rewrite_stays(database, number, _stays(context, deal, events))
            done.append(number)
        elif number in alone and number not in unreadable:
            (deal,) = deals.load_even_undone(database, [number]).values()
            rebuilding.rewrite_stays(database, number, [_present_stay(deal)])
            done.append(number)
    return Mended("deals that contradict their history: written as it tells them", len(done), tuple(done))


def _stands_alike(context: Context, told: Deal) -> bool:
    (found,) = deals.load_even_undone(context.database, [told.number]).values()
    keys = ("pipeline", "stage", "detail", "source", "reason")
    return all(getattr(found, key) == getattr(told, key) for key in keys)


def _name_again(context: Context) -> Mended:
    count = 0
    for number in rebuilding.nameless(context.database):
        events = rebuilding.told(context.database, number)
        if events:
            count += rebuilding.name_again(context.database, _as_told(context, number, events))
    return Mended("lost names of users, companies and contacts: found again in the history", count)


def _say_what_is_lost(context: Context) -> Mended:
    """Add a line to the history of every deal in which lines are missing: nothing else tells of them any more."""
    numbers = health.discordant(context.database, Discord.HISTORY)
    for number in numbers:
        rebuilding.join_history(context.database, number)
    known = deals.load_even_undone(context.database, numbers)
    there = [deal for deal in known.values() if deal.outcome is not Outcome.UNDONE]
    commit_all(context, [Change(deal, deal, EventKind.NOTED, {"note": _GAP}) for deal in there])
    what = "deals of whose history a part is lost: it says so now"
    return Mended(what, len(there), tuple(deal.number for deal in there))


def _is_whole(events: Sequence[Event]) -> bool:
    """Tell whether no line is missing between a deal's first and its newest one."""
    return bool(events) and [event.version for event in events] == list(range(1, len(events) + 1))


def _as_told(context: Context, number: int, events: Sequence[Event]) -> Deal:
    """Give a deal as its history leaves it; what is told nowhere any more is filled in as of a new deal."""
    known: dict[str, Any] = {}
    for event in events:
        known |= event.data.get("after", {})
    told = values_of(known)
    pipeline = context.pipeline_of(str(told["pipeline"])) if "pipeline" in told else context.pipeline
    at = [event.at for event in events] or [context.clock.now()]
    least: dict[str, Any] = {
        "number": number, "title": f"deal {number}, found again", "pipeline": pipeline.key, "stage": pipeline.first.key,
        "source": pipeline.sources[0].key if pipeline.sources else "lost",
        "expected_close": context.clock.local_day(at[-1]), "created": at[0],
        "stage_entered": at[-1], "currency": pipeline.currency, "reach": pipeline.first.key,
    }  # fmt: skip
    return Deal(**(least | told | {"touched": at[-1], "version": events[-1].version if events else 1}))


def _stays(context: Context, deal: Deal, events: Sequence[Event]) -> tuple[Visit, ...]:
    if deal.outcome is Outcome.UNDONE:
        return ()
    found = None
    if _is_whole(events):
        found = standing(events, _END, {one.key: one for one in context.pipelines})
    if found is None or not found.stays or found.stays[-1].stage != deal.stage:
        return (_present_stay(deal),)
    return found.stays


def _present_stay(deal: Deal) -> Visit:
    return Visit(deal.number, deal.stage, deal.detail, deal.stage_entered, None, None, None)


@dataclass(frozen=True, slots=True)
class Salvage:
    """What could be saved of a damaged file, ready to take its place: what was read, put right, and what it holds then.

    `left` is what stays wrong all the same.
    """

    saved: Saved
    mends: tuple[Mended, ...]
    left: tuple[Finding, ...]
    holds: backups.Contents
    older: Path | None
    _part: Path
    _location: str
    _now: datetime

    def put(self) -> Path:
        """Put it in the place of the damaged file, and give where that is kept.

        Raises:
            StorageError: the disk refuses.
        """
        aside = making.place_for(self._location, making.Kind.DAMAGED, self._now)
        backups.swap(self._part, file_of(self._location), aside)
        return aside


@contextmanager
def salvaged(location: str, user: str, clock: Clock, known: Known | None = None) -> Iterator[Salvage]:
    """Read what is legible of a damaged file, fill gaps from its newest sound backup, and put it right; the file stays.

    Nobody of this process may have the file open. If no manager is legible any more, the user becomes one. What no backup
    gives of the pipelines comes from what is `known` of them.

    Raises:
        StorageError: it is on a server, nothing of a workspace is legible, or what is does not hold together.
    """
    if is_server(location):
        message = "a damaged PostgreSQL database is for whoever keeps the server: restore a backup there"
        raise StorageError(message)
    path = file_of(location)
    older = next(
        (one.path for one in making.listed(location) if one.holds and one.kind is not making.Kind.DAMAGED), None
    )
    with part_beside(path) as part:
        saved = salvage.salvage(path, part, older)
        mends, left = _put_right(part, user, clock, known)
        backups.bring_up(part, 0)
        holds = backups.check(part)
        yield Salvage(saved, tuple(mends), left, holds, older, part, location, clock.now())


def _put_right(part: Path, user: str, clock: Clock, known: Known | None) -> tuple[list[Mended], tuple[Finding, ...]]:
    database = connect(str(part))
    try:
        schema.upgrade(database)
        with repair.unbound(database), writing(database):
            mends = _define_again(database, known)
            mends += [repair.list_pipelines_again(database), repair.forget_fragments(database)]
            if not pipelines.load_all(database):
                message = "nothing of the workspace's pipelines is legible any more; restore a backup"
                raise StorageError(message)
            mends += repair.mend_references(database, frozenset({"person"}))
            if not any(one.role is Role.MANAGER for one in people.everyone(database)):
                found = people.find(database, user)
                if found is None:
                    people.add(database, user, Role.MANAGER)
                else:
                    people.set_role(database, found, Role.MANAGER)
                mends.append(Mended(f"no manager is known any more: {user} is one now", 1))
        manager = next(one for one in people.everyone(database) if one.role is Role.MANAGER)
    finally:
        close(database)
    context = workspaces.open_workspace(str(part), manager.name, clock, chosen=True)
    try:
        with repair.unbound(context.database), writing(context.database):
            done = [one for one in mends if one.count] + _mends(context, known)
        return done, examining.examine(context, str(part)).findings
    finally:
        close(context.database)
