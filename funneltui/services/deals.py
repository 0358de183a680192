"""Deals: added, edited, given a follow-up, looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.gates import Blocked, check_new, check_retired
from funneltui.domain.history import Event, EventKind, Role, Visit
from funneltui.errors import RuleBroken
from funneltui.services.changes import Change, Versions, commit_all, demand_current, difference, owner_id, reachable
from funneltui.services.fields import Values, packed, settle
from funneltui.services.moves import change_of, check_close, entering, refuse_closing_words, refuse_spam
from funneltui.services.own_changes import applied
from funneltui.services.people import with_names
from funneltui.services.together import all_or_none
from funneltui.storage import deals, history
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition


def add(context: Context, values: Values, stage: str | None = None, pipeline: str | None = None) -> Deal:
    """Add a deal and give it: in the first open stage, or in the one named, through the same gate.

    Raises:
        RuleBroken: it lacks a source, an expected close (D5) or what the stage demands; `missing` says which.
    """
    with writing(context.database):
        demand_current(context)
        chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
        place = chosen.stage(stage) if stage else chosen.first
        return begin(context, chosen, draft(context, chosen, place, values, context.clock.now()), {})


def begin(
    context: Context, pipeline: Pipeline, deal: Deal, said: Mapping[str, object], change: int | None = None
) -> Deal:
    """Store a deal that was drafted, with its first visits and its event, and give it with its number; in a transaction.

    `said` stands in the event beside the deal's fields. The event is of the moment at which the deal begins, and belongs to
    `change`, or to that of the transaction.
    """
    deal = replace(deal, number=deals.next_number(context.database))
    deals.insert(context.database, deal, owner_id(context, None, deal), context.actor.id)
    for visit in first_visits(pipeline, deal):
        _store_visit(context, visit)
    data = difference(None, deal) | dict(said)
    history.add_event(
        context.database, deal.number, deal.created, context.actor.id, EventKind.CREATED, 1, data, change
    )  # fmt: skip
    return deal


def draft(context: Context, pipeline: Pipeline, stage: Stage, values: Values, now: datetime) -> Deal:
    """Give the deal that these values would make, checked by every rule that a new deal has; stores nothing.

    A rep's new deal is his own; a closed stage closes it today unless `closed_on` is given.

    Raises:
        RuleBroken: the gate is shut. BadInput: a value is out of its bounds.
    """
    deal = drafted(context, pipeline, stage, with_names(context, settle(values)), now)
    check_close(context, deal)
    return deal


def drafted(context: Context, pipeline: Pipeline, stage: Stage, values: Values, now: datetime) -> Deal:
    """Give the deal of `draft` from values that are settled already, their owner under his full name.

    Raises:
        RuleBroken: the gate is shut, or the pipeline is retired.
    """
    settled = dict(values)
    currency = settled.pop("currency", None) or pipeline.currency
    refuse_closing_words(stage, settled)
    if pipeline.is_retired:
        message = f"the pipeline {pipeline.name} is retired; no deal begins in it"
        raise RuleBroken(message)
    for gate in (check_new(pipeline, stage, settled), check_retired(pipeline, stage, settled, {})):
        if isinstance(gate, Blocked):
            raise RuleBroken(gate.message, gate.missing)
    owner = settled.pop("owner", None)
    if owner is None and "owner" not in values:
        owner = context.actor.name
    if owner is None and context.actor.role is Role.REP:
        owner = context.actor.name
    blank = Deal(
        0, "", pipeline.key, stage.key, "", context.clock.today(), now, now, now, str(currency),
        created_by=context.actor.name, owner=str(owner) if owner else None,
    )  # fmt: skip
    reach = pipeline.furthest([pipeline.first.key, stage.key])
    outcome = Outcome(stage.kind.value)
    closed = {"closed_on": settled.get("closed_on") or context.clock.today()} if outcome is not Outcome.OPEN else {}
    values_then = packed(pipeline, settled | closed)
    return replace(blank, outcome=outcome, reach=reach, **values_then)  # type: ignore[arg-type]


def first_visits(pipeline: Pipeline, deal: Deal) -> list[Visit]:
    """Give the visits with which a new deal begins.

    Every deal begins in an open stage: one that enters elsewhere later than it was created, or that is closed at once, has
    spent the time before in the first stage.
    """
    here = Visit(deal.number, deal.stage, deal.detail, deal.stage_entered, None, None, deal.created_by)
    if deal.stage == pipeline.first.key or (deal.is_open and deal.stage_entered <= deal.created):
        return [replace(here, entered=deal.created)]
    seconds = max(0, int((deal.stage_entered - deal.created).total_seconds()))
    return [
        Visit(deal.number, pipeline.first.key, None, deal.created, deal.stage_entered, seconds, deal.created_by), here,
    ]  # fmt: skip


def _store_visit(context: Context, visit: Visit) -> None:
    history.open_visit(context.database, visit.deal, visit.stage, visit.detail, visit.entered, context.actor.id)
    if visit.left is not None:
        history.close_visit(context.database, visit.deal, visit.left)


def edit(
    context: Context, number: int, values: Values, stage: str | None = None, versions: Versions | None = None
) -> Deal:
    """Change fields of one deal and give it as it stands then; see `edit_all`."""
    return edit_all(context, [number], values, versions, stage)[0]


def edit_all(
    context: Context,
    numbers: Sequence[int],
    values: Values,
    versions: Versions | None = None,
    stage: str | None = None,
) -> list[Deal]:
    """Change fields of deals, all of them or none, and give them as they stand then.

    A new stage (its key) or detail goes through the gate like a move. Tags may be a `TagChange`, a date a `Shift`: each
    deal then takes it by what it has.

    Raises:
        RuleBroken: one would lack what its stage, or any deal, demands. NotFound, NotAllowed, Conflict, BadInput.
    """
    with writing(context.database):
        settled = with_names(context, settle(values))
        before = reachable(context, numbers, versions)
        return commit_all(
            context, all_or_none(before, lambda deal: _edited(context, deal, settled, stage or deal.stage), "changed")
        )


def edit_each(context: Context, values: Mapping[int, Values], versions: Versions | None = None) -> list[Deal]:
    """Change fields of deals, of each other ones (by its number), all or none: one change of the actor; see `edit_all`."""
    with writing(context.database):
        settled = {number: with_names(context, settle(its)) for number, its in values.items()}
        before = reachable(context, list(values), versions)
        return commit_all(
            context,
            all_or_none(before, lambda deal: _edited(context, deal, settled[deal.number], deal.stage), "changed"),
        )


def _edited(context: Context, deal: Deal, settled: Values, stage: str) -> Change:
    refuse_spam(deal)
    place = context.pipeline_of(deal.pipeline).stage(stage)
    return change_of(context, deal, entering(context, deal, place, applied(deal, settled)))


def follow_up(context: Context, number: int, day: date | None, note: str, versions: Versions | None = None) -> Deal:
    """Set a deal's next contact, or take it away, with its words and its repeating, by no day; see `edit`."""
    return edit(context, number, {"follow_up": day} | ({"follow_up_note": note} if day else {}), versions=versions)


@dataclass(frozen=True, slots=True)
class Opened:
    """A deal with its whole history; `undone` holds the ids of the events that were taken back since."""

    deal: Deal
    visits: tuple[Visit, ...]
    events: tuple[Event, ...]
    undone: frozenset[int] = frozenset()


def several(context: Context, numbers: Sequence[int]) -> list[Deal]:
    """Give deals by their numbers, each once, in the order given.

    Raises:
        NotFound: one is not there, or is not the actor's.
    """
    with reading(context.database):
        return reachable(context, numbers)


def show(context: Context, number: int) -> Opened:
    """Give a deal with its visits and events.

    Raises:
        NotFound: there is none, or it is not the actor's.
    """
    with reading(context.database):
        deal = reachable(context, [number])[0]
        visits = tuple(history.visits_of(context.database, number))
        events = tuple(history.events_of(context.database, number))
        return Opened(deal, visits, events, history.undone_events(context.database, number))


def listed(context: Context, condition: Condition, order: str) -> Iterator[Deal]:
    """Give the actor's deals of a condition, one after another; a page at a time is in memory.

    Which they are is one reading, each page another: whoever takes his time over the list holds up nobody.
    """
    for page in deals.pages(context.database, condition & deals.within(context.actor.scope), order):
        yield from page
