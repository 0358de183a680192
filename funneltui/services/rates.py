"""Rates between currencies: entered by managers, with who and when kept; everybody's sums are converted by them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.rates import Rate, check_pair
from funneltui.services.people import demand_manager
from funneltui.storage import rates as stored
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context


def add_all(context: Context, rates: Sequence[Rate]) -> list[Rate]:
    """Enter rates, all or none, and give those that were new; what is known already is not entered again.

    Another rate for the same currencies and day corrects the one that is known: both are kept, the later one holds.

    Raises:
        NotAllowed: the actor is no manager. BadInput: a rate is between what are no two currencies.
    """
    demand_manager(context, "enters rates")
    for one in rates:
        check_pair(one.source, one.target)
    now = context.clock.now()
    with writing(context.database):
        known = {(one.source, one.target, one.on): one.text for one in stored.entered(context.database)}
        new: list[Rate] = []
        for one in rates:
            key = one.source, one.target, one.on
            if known.get(key) != one.text:
                new.append(replace(one, who=context.actor.name, at=now))
                known[key] = one.text
        stored.add_all(context.database, new, context.actor.id, now)
    return new


def entered(context: Context, currency: str | None = None) -> list[Rate]:
    """Give every rate that was ever entered, in that order: all, or those from or to a currency."""
    with reading(context.database):
        return stored.entered(context.database, currency)
