"""Invented histories of closed deals, for what is learned from them: who is won is decided by lot and by a rule given."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from funneltui.domain.chance_history import DAY, ClosedDeal, Facts, Past, Stay

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.chance_history import Moment

STAGES = ("waiting", "acquisition", "offered")
SOURCES = ("web", "phone", "other", "partner")
OWNERS = ("ana", "bor", "cene", None)
FIRST_DAY = 19_000


def day_text(day: int) -> str:
    """Give a day, counted from 1970, as ISO text."""
    from datetime import date, timedelta

    return (date(1970, 1, 1) + timedelta(day)).isoformat()


def invented(count: int, seed: int, chance_of: Callable[[Facts, int], float]) -> list[ClosedDeal]:
    """Give closed deals; `chance_of` says by a deal's facts, and how often it was contacted, how likely it is won."""
    lot, deals = Random(seed), []
    for number in range(1, count + 1):
        facts = Facts(lot.choice(SOURCES), lot.choice(OWNERS), lot.randrange(1_000_00, 90_000_00), "EUR")
        contacted = lot.randrange(4)
        won = lot.random() < chance_of(facts, contacted)
        begun = (FIRST_DAY + number) * DAY
        stays, moment = [], begun
        for stage in STAGES[: 3 if won else lot.randrange(1, 4)]:
            left = moment + int(lot.expovariate(1 / 15) * DAY) + DAY
            stays.append(Stay(stage, moment, left))
            moment = left
        past = Past(tuple(stays), ((0, facts),), (begun,) * contacted)
        deals.append(ClosedDeal(number, day_text(moment // DAY), won, "acquired" if won else stays[-1].stage, past))
    return deals


def moments(deals: list[ClosedDeal]) -> list[tuple[Moment, bool]]:
    """Give one moment of each deal, when it entered its first stage, with what became of it."""
    return [(deal.past.moments()[0], deal.won) for deal in deals]
