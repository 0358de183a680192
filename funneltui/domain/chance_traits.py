"""What tells one deal's chance from another's: the traits of a moment, sorted into a few values each, and their names."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain.chance_history import LANDMARKS
from funneltui.domain.money import format_full

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from funneltui.domain.chance_history import Facts, Moment
    from funneltui.domain.pipeline import Pipeline


class Trait(StrEnum):
    """What of a deal an estimate looks at; of the stage, how many really stood in it (`Base`)."""

    STAGE = "stage"
    AGE = "age"
    SOURCE = "source"
    OWNER = "owner"
    AMOUNT = "amount"
    CONTACTS = "contacts"


LEARNED = (Trait.AGE, Trait.SOURCE, Trait.OWNER, Trait.AMOUNT, Trait.CONTACTS)
"""The traits whose values are counted and judged; see `chance_learning`."""

Value: TypeAlias = str | int | tuple[str, int] | None
"""A trait's value as it is counted; none: not known, and so counted nowhere."""

NOBODY = ""
"""The owner of a deal that nobody has."""

_CONTACTS = (0, 1, 2, 3, 6)
_CONTACT_NAMES = ("none logged", "1 logged", "2 logged", "3 to 5 logged", "6 or more logged")
_UNKNOWN_AMOUNT = -1
_LEAST_AMOUNTS = 20
"""With fewer amounts in a currency there are no classes of them."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of amounts, by currency: the lowest amount of every class but the first, in minor units.

    They are round numbers near the quarters of the history: no deal's amount can be read from them.
    """

    edges: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, known: Iterable[tuple[str | None, int | None]]) -> Classes:
        """Give the classes that fit these amounts, each with its currency."""
        amounts: dict[str, list[int]] = defaultdict(list)
        for currency, amount in known:
            if currency and amount is not None:
                amounts[currency].append(amount)
        edges = {currency: _edges(sorted(some)) for currency, some in amounts.items() if len(some) >= _LEAST_AMOUNTS}
        return cls(MappingProxyType(edges))

    def values(self, moment: Moment) -> tuple[Value, ...]:
        """Give the value of every learned trait at a moment, in their order."""
        facts = moment.facts
        return (
            age_value(moment.stage, moment.days),
            facts.source,
            facts.owner or NOBODY,
            self._amount(facts),
            None if moment.contacts is None else bisect_right(_CONTACTS, moment.contacts) - 1,
        )

    def _amount(self, facts: Facts) -> Value:
        edges = self.edges.get(facts.currency or "")
        if edges is None or facts.currency is None:
            return None
        if facts.amount is None:
            return (facts.currency, _UNKNOWN_AMOUNT)
        return (facts.currency, bisect_right(edges, facts.amount))

    def told(self, pipeline: Pipeline, trait: Trait, value: Value) -> str:
        """Give a value in words: "partner", "30 to 59 days", "€5,000 to €20,000"."""
        match trait, value:
            case Trait.AGE, (str(), int(place)):
                return _days(place)
            case Trait.AMOUNT, (str(currency), int(place)):
                return self._amounts(currency, place)
            case Trait.CONTACTS, int(place):
                return _CONTACT_NAMES[place]
            case Trait.STAGE, str(key):
                return pipeline.stage_name(key)
            case Trait.SOURCE, str(key):
                return pipeline.source_name(key)
            case Trait.OWNER, str(name):
                return name or "nobody"
        return str(value)

    def _amounts(self, currency: str, place: int) -> str:
        if place == _UNKNOWN_AMOUNT:
            return "no amount"
        edges = [format_full(edge, currency) for edge in self.edges[currency]]
        if not edges:
            return f"any in {currency}"
        if place == 0:
            return f"under {edges[0]}"
        if place == len(edges):
            return f"{edges[-1]} and more"
        return f"{edges[place - 1]} to {edges[place]}"


def age_value(stage: str, days: int) -> tuple[str, int]:
    """Give the value of so many days in a stage: weeks in one stage are not what they are in another."""
    return stage, bisect_right(LANDMARKS, days) - 1


def _days(place: int) -> str:
    if place == 0:
        return f"under {LANDMARKS[1]} days"
    if place == len(LANDMARKS) - 1:
        return f"{LANDMARKS[place]} days and more"
    return f"{LANDMARKS[place]} to {LANDMARKS[place + 1] - 1} days"


def _edges(amounts: list[int]) -> tuple[int, ...]:
    quarters = (amounts[len(amounts) * part // 4] for part in (1, 2, 3))
    return tuple(sorted({_rounded(amount) for amount in quarters} - {0}))


def _rounded(amount: int) -> int:
    """Give the nearest of 1, 2, 5 and their multiples by ten."""
    if amount <= 0:
        return 0
    power: int = 10 ** (len(str(amount)) - 1)
    return min((power * step for step in (1, 2, 5, 10)), key=lambda round_one: abs(round_one - amount))
