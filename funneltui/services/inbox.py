"""The inbox: what arrives becomes a deal if it has all that a new deal must have, else it waits to be completed.

A rep sees what arrived for him, a manager everything and what is nobody's (D11).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.gates import check_new
from funneltui.domain.history import Role
from funneltui.domain.inbox import Arrival, Channel, Entry, EntryState
from funneltui.domain.text import clean_line, clean_text
from funneltui.errors import NotFound, RuleBroken
from funneltui.services import fields
from funneltui.services.changes import demand_current
from funneltui.services.deals import begin, draft
from funneltui.services.inbox_values import DEFAULTED, Completion, default, kept_texts, owner_of, values_of
from funneltui.services.people import find_user
from funneltui.storage import changes, deals
from funneltui.storage import inbox as stored
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_ARRIVED = {Channel.MAIL: "by mail", Channel.FORM: "by web form"}


class Fate(StrEnum):
    """What became of something that arrived."""

    ADDED = "added"
    WAITING = "waiting"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of something that arrived: its entry, and the deal that was added, or what that lacks and `why` it waits.

    Of what was known already there is the entry only if the actor may see it.
    """

    fate: Fate
    entry: Entry | None
    deal: Deal | None = None
    missing: tuple[Missing, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry with the values that its deal would have, what that deal lacks, and the key of the pipeline it begins in."""

    entry: Entry
    values: Values
    missing: tuple[Missing, ...]
    pipeline: str


def take_in(context: Context, arrival: Arrival, said: Completion) -> Taken:
    """Keep something that arrived, and add its deal if that has all that a new deal must have; one transaction.

    What came before by the same channel under the same id is left as it is: nothing is changed then. Texts that cannot be
    read as what their field holds are left out: they stand in the notes.

    Raises:
        BadInput, NotFound: an option or a setting cannot be read. NotAllowed: a rep takes in for somebody else.
    """
    with writing(context.database):
        demand_current(context)
        pipeline, stage = _place(context, said.pipeline, said.stage)
        seen = stored.known(context.database, arrival.channel, arrival.id)
        if seen is not None or deals.by_external_id(context.database, arrival.channel.value, [arrival.id]):
            return Taken(Fate.KNOWN, stored.load(context.database, context.actor.scope, seen) if seen else None)
        owner = owner_of(context, said)
        entry = Entry(
            0, arrival.channel, arrival.id, context.clock.now(), arrival.sent, clean_line(arrival.sender),
            kept_texts(context, arrival, said, pipeline, stage), clean_text(arrival.text), pipeline.key, owner,
            stage.key if said.stage else None,
        )  # fmt: skip
        whose = find_user(context, owner).id if owner else None
        entry = replace(entry, number=stored.insert(context.database, entry, whose, context.actor.id))
        try:
            deal = _begin(context, entry, said)
        except RuleBroken as error:
            return Taken(Fate.WAITING, entry, None, error.missing, str(error))
        return Taken(Fate.ADDED, replace(entry, deal=deal.number), deal)


def check(context: Context, said: Completion) -> None:
    """See that what is said beside what will arrive can be read: for whoever takes in for a long time.

    Raises:
        BadInput, NotFound, NotAllowed: an option or a setting is wrong; see `take_in`.
    """
    with reading(context.database):
        pipeline, stage = _place(context, said.pipeline, said.stage)
        fields.read(context, said.options, pipeline, stage)
        for name in DEFAULTED:
            if text := said.defaults.get(name):
                default(context, name, text, pipeline, stage)
        owner_of(context, said)


def complete(context: Context, number: int, said: Completion) -> Deal:
    """Add the deal of an entry that waits, with what is said beside it, and give it; one transaction.

    Undo takes the deal back, and the entry waits again.

    Raises:
        RuleBroken: the deal would still lack something; `missing` says what. Or the entry does not wait.
        NotFound: there is no such entry among the actor's. BadInput: a text cannot be read.
    """
    with writing(context.database):
        demand_current(context)
        return _begin(context, _demand(context, [number], EntryState.WAITING)[0], said)


def drop(context: Context, numbers: Sequence[int]) -> list[Entry]:
    """Take entries that wait out of the inbox, all or none; they are kept, and can be restored.

    Raises:
        RuleBroken: one does not wait. NotFound: there is no such entry among the actor's.
    """
    with writing(context.database):
        found = _demand(context, numbers, EntryState.WAITING)
        now, who = context.clock.now(), context.actor
        stored.note_dropped(context.database, [one.number for one in found], now, who.id)
    return [replace(one, dropped=now, dropped_by=who.name) for one in found]


def restore(context: Context, numbers: Sequence[int]) -> list[Entry]:
    """Let entries that were dropped wait again, all or none.

    Raises:
        RuleBroken: one was not dropped. NotFound: there is no such entry among the actor's.
    """
    with writing(context.database):
        found = _demand(context, numbers, EntryState.DROPPED)
        stored.note_dropped(context.database, [one.number for one in found], None, None)
    return [replace(one, dropped=None, dropped_by=None) for one in found]


def opened(context: Context, number: int, said: Completion) -> Opened:
    """Give an entry of any state, with what its deal would have and what it would lack.

    Raises:
        NotFound: there is no such entry among the actor's. BadInput: a setting cannot be read.
    """
    with reading(context.database):
        return _opened(context, _reachable(context, number), said)


def to_complete(context: Context, number: int, said: Completion) -> Opened:
    """Give an entry that waits, as `opened` does.

    Raises:
        RuleBroken: it does not wait. NotFound: there is no such entry among the actor's. BadInput: a setting cannot be read.
    """
    with reading(context.database):
        return _opened(context, _demand(context, [number], EntryState.WAITING)[0], said)


def listed(
    context: Context, state: EntryState | None, said: Completion, limit: int = 100, offset: int = 0
) -> list[Opened]:
    """Give the actor's entries of a state (none: of all), the newest first: a window of them, the texts cut."""
    with reading(context.database):
        found = stored.entries(context.database, context.actor.scope, state, limit, offset)
        return [_opened(context, one, said) for one in found]


def waiting(context: Context) -> int:
    """Give how many entries wait for the actor."""
    with reading(context.database):
        return stored.count(context.database, context.actor.scope, EntryState.WAITING)


def _opened(context: Context, entry: Entry, said: Completion) -> Opened:
    pipeline, stage = _place_of(context, entry, said)
    values = values_of(context, entry, said, pipeline, stage)
    missing = check_new(pipeline, stage, values).missing if entry.deal is None else ()
    return Opened(entry, values, missing, pipeline.key)


def _reachable(context: Context, number: int) -> Entry:
    found = stored.load(context.database, context.actor.scope, number)
    if found is None:
        among = "" if context.actor.role is Role.MANAGER else " among yours"
        message = f"there is no entry {number} in the inbox{among}; `funneltui inbox` lists those that wait"
        raise NotFound(message)
    return found


def _demand(context: Context, numbers: Sequence[int], state: EntryState) -> list[Entry]:
    found = [_reachable(context, number) for number in dict.fromkeys(numbers)]
    for one in found:
        if one.state is not state:
            what = {
                EntryState.DEAL: f"has become deal {one.deal}",
                EntryState.DROPPED: "was dropped; restore it first",
                EntryState.WAITING: "was not dropped, it waits",
            }[one.state]
            message = f"entry {one.number} {what}; nothing was changed"
            raise RuleBroken(message)
    return found


def _place(context: Context, pipeline: str | None, stage: str | None) -> tuple[Pipeline, Stage]:
    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    return chosen, chosen.find_stage(stage) if stage else chosen.first


def _place_of(context: Context, entry: Entry, said: Completion) -> tuple[Pipeline, Stage]:
    """Give where the deal of an entry begins; what was said of it when it arrived and is no more counts for nothing.

    In a pipeline that is retired by now no deal begins: it is the first in use then.
    """
    if said.pipeline or said.stage:
        return _place(context, said.pipeline or entry.pipeline, said.stage)
    pipeline = context.pipeline_of(entry.pipeline)
    if pipeline.is_retired:
        return context.pipeline, context.pipeline.first
    stage = next((one for one in pipeline.stages if one.key == entry.stage), pipeline.first)
    return pipeline, stage


def _begin(context: Context, entry: Entry, said: Completion) -> Deal:
    """Add the deal of an entry, begun when that was sent, and note it there; within a transaction."""
    pipeline, stage = _place_of(context, entry, said)
    values = values_of(context, entry, said, pipeline, stage)
    drafted = draft(context, pipeline, stage, values, entry.began)
    drafted = replace(drafted, external_system=entry.channel.value, external_id=entry.id)
    # The change is of now, though the deal began when the message was sent: undo takes back what was done last.
    change = changes.current(context.database, context.actor.id, context.clock.now())
    deal = begin(context, pipeline, drafted, {"note": _ARRIVED[entry.channel], "inbox": entry.number}, change)
    stored.note_deal(context.database, entry.number, deal.number)
    return deal
