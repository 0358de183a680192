"""Quotas: set and revised by managers, with who and when kept; a rep sees his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.history import Role
from funneltui.domain.money import MAX_MINOR, format_full, minor_digits
from funneltui.domain.quotas import TEAM, Quota, counting
from funneltui.errors import BadInput, NotAllowed
from funneltui.services.people import demand_manager, find_user
from funneltui.storage import quotas as stored
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from funneltui.domain.history import Actor
    from funneltui.domain.periods import Period
    from funneltui.services.context import Context


def set_quota(
    context: Context, owner: str, period: Period, amount: int | None, currency: str, pipeline: str | None = None
) -> Quota:
    """Set what a rep, or the "team", is to sell in a period, and give it with the quota that it revises.

    `amount` is in minor units of `currency`; none takes the quota back. `pipeline` is the key of the one that it is for, or
    none for all together. What was set is never overwritten: a revision is a row of its own; the same once more is none.
    While one pipeline is in use, one set for it and one for all mean the same (see `domain.quotas.counting`): whichever of
    the two there is, is revised or taken back by either name.

    Raises:
        NotAllowed: the actor is no manager. NotFound: nobody is called so, or no pipeline. BadInput: the currency is none,
        the amount is negative or too much, or there is nothing to be taken back.
    """
    demand_manager(context, "sets quotas")
    minor_digits(currency)
    if amount is not None and not 0 <= amount <= MAX_MINOR:
        raise BadInput(f"a quota is from 0 to {format_full(MAX_MINOR, currency)}")
    key = None if pipeline is None else context.pipeline_of(pipeline).key
    with writing(context.database):
        person = None if owner.strip().lower() == TEAM else find_user(context, owner)
        name = person.name if person else None
        before = _revised(context, name, period, key)
        key = before.pipeline if before is not None else key
        if amount is None and (before is None or before.amount is None):
            raise BadInput(f"{name or 'the team'} has no quota for {period.label} to be taken back")
        if before is not None and (before.amount, before.currency) == (amount, currency):
            return before
        now = context.clock.now()
        quota = Quota(name, period.span, period.first, amount, currency, key, context.actor.name, now, before)
        stored.add(context.database, quota, person.id if person else None, context.actor.id, now)
    return quota


def in_force(context: Context) -> list[Quota]:
    """Give the quotas that hold, each with the one that it revised: a manager all of them, a rep his own."""
    with reading(context.database):
        return stored.in_force(context.database, context.actor.scope)


def history(context: Context, owner: str | None = None, period: Period | None = None) -> list[Quota]:
    """Give every quota that was ever set, the first one first: of everybody, of a rep or the "team", of a period.

    Raises:
        NotFound: nobody is called so. NotAllowed: a rep asks for others' quotas.
    """
    with reading(context.database):
        name = None if owner is None else owner_named(context, owner)
        found = stored.revisions(context.database, context.actor.scope)
    return [
        one
        for one in found
        if (owner is None or one.owner == name)
        and (period is None or (one.span, one.first) == (period.span, period.first))
    ]


def owner_named(context: Context, owner: str) -> str | None:
    """Give the name of the rep that is meant, none for the "team"; within a transaction.

    Raises:
        NotFound: nobody is called so. NotAllowed: a rep asks for somebody else or the team.
    """
    person = None if owner.strip().lower() == TEAM else find_user(context, owner)
    demand_own(context, person)
    return person.name if person else None


def demand_own(context: Context, person: Actor | None) -> None:
    """Refuse a rep the figures of others, the team's (none) included (D11).

    Raises:
        NotAllowed: he asks for them.
    """
    if context.actor.role is Role.REP and (person is None or person.id != context.actor.id):
        message = f"a rep sees his own quota and forecast only; you act as {context.actor.name}"
        raise NotAllowed(message)


def only_pipeline(context: Context) -> str | None:
    """Give the key of the pipeline in use while there is one only, else none."""
    return context.in_use[0].key if len(context.in_use) == 1 else None


def _revised(context: Context, owner: str | None, period: Period, pipeline: str | None) -> Quota | None:
    """Give the quota that another one takes the place of: what counts where it is for, else what was taken back there."""
    wanted = owner, period.span, period.first
    every = [one for one in stored.revisions(context.database, None) if (one.owner, one.span, one.first) == wanted]
    latest = {one.pipeline: one for one in every}
    in_force = [one for one in latest.values() if one.amount is not None]
    return next(iter(counting(in_force, pipeline, only_pipeline(context))), latest.get(pipeline))
