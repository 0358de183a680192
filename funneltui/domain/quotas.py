"""Quotas: what a rep or the team is to sell in a period, with its revisions, and what follows for longer periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.money import parse_amount
from funneltui.domain.periods import Span, period_of, periods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from funneltui.domain.periods import Period

TEAM = "team"
"""The word that stands for everybody together where an owner is named."""

_NONE = ("none", "-")
_SHORTER = {Span.YEAR: Span.QUARTER, Span.QUARTER: Span.MONTH}


def read_quota(text: str, currency: str) -> int | None:
    """Give a quota as it is typed, in minor units of a currency; none for "none" or "-", which take it back.

    Raises:
        BadInput: it can't be read as an amount.
    """
    return None if text.strip().lower() in _NONE else parse_amount(text, currency)


@dataclass(frozen=True, slots=True)
class Quota:
    """What `owner` (none: the team) is to sell in a period, as it was set by `who` at a moment.

    `amount` is in minor units of `currency`, or none when the quota was taken back; `pipeline` is the key of the one that
    it is for, or none for all together. `before` is the quota that it revised, if it is a revision.
    """

    owner: str | None
    span: Span
    first: date
    amount: int | None
    currency: str
    pipeline: str | None = None
    who: str | None = None
    at: datetime | None = None
    before: Quota | None = None

    def label(self, fiscal_start: int = 1) -> str:
        """Give its period's name; of one that no fiscal year so begun has, its length and first day."""
        period = period_of(self.first, self.span, fiscal_start)
        return period.label if period.first == self.first else f"{self.span.value} from {self.first}"


@dataclass(frozen=True, slots=True)
class Found:
    """The quotas that together are one of a period, of `possible` that could be set: 2 of a quarter's 3 months.

    `amount`, and `before` as it was before the latest revisions (none: nothing was revised), are in minor units of the
    currency that was asked for; none when no part can be told in it. `others` are the parts that no rate converts.
    """

    parts: tuple[Quota, ...] = ()
    possible: int = 1
    amount: int | None = None
    before: int | None = None
    others: tuple[Quota, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every part of the period has its quota."""
        return len(self.parts) == self.possible


def counting(quotas: Iterable[Quota], pipeline: str | None, only: str | None) -> list[Quota]:
    """Give of the quotas in force those that count where a pipeline is read, or all together (none).

    Rule: those set for just that. While one pipeline is in use, `only` is its key: then a quota for it and one for all mean
    the same, and both count for both readings; of two for the same owner and period that which is set for just what is read,
    so for the pipeline alone the more particular one.
    """
    same = (None, only) if only is not None and pipeline in (None, only) else (pipeline,)
    found: dict[tuple[str | None, Span, date], Quota] = {}
    for one in quotas:
        key = one.owner, one.span, one.first
        if one.pipeline in same and (key not in found or one.pipeline == pipeline):
            found[key] = one
    return list(found.values())


class QuotaBook:
    """The quotas in force, to be asked for that of an owner and a period."""

    def __init__(self, quotas: Iterable[Quota] = ()) -> None:
        """Take the quotas in force, one for each owner and period, all for the same pipeline or for all pipelines."""
        self._known = {(one.owner, one.span, one.first): one for one in quotas if one.amount is not None}

    @property
    def owners(self) -> frozenset[str | None]:
        """Who has a quota; none stands for the team."""
        return frozenset(owner for owner, _, _ in self._known)

    def has(self, owner: str | None, period: Period) -> bool:
        """Tell whether an owner has a quota for a period, or for parts of it, in whatever currency."""
        return bool(self._parts(owner, period)[0])

    def of(self, owner: str | None, period: Period, converted: Callable[[int, str], int | None]) -> Found:
        """Give the quota of an owner for a period; `converted` gives an amount of a currency in the one wanted, or none.

        Rule: the one set for the very period; else the sum of those of the quarters in it, each found by this same rule,
        or of its months. What is set for a longer period is never divided.
        """
        return _sum(*self._parts(owner, period), converted)

    def of_team(self, period: Period, converted: Callable[[int, str], int | None]) -> Found:
        """Give the team's quota for a period: its own by the rule of `of`; if it has none, the sum of the reps'."""
        own, possible = self._parts(None, period)
        if own:
            return _sum(own, possible, converted)
        found = [self._parts(name, period) for name in sorted(one for one in self.owners if one is not None)]
        with_one = [(parts, number) for parts, number in found if parts]
        every = tuple(part for parts, _ in with_one for part in parts)
        return _sum(every, sum(number for _, number in with_one) or 1, converted)

    def _parts(self, owner: str | None, period: Period) -> tuple[tuple[Quota, ...], int]:
        """Give the quotas that make up one of a period, and how many would make it up wholly."""
        own = self._known.get((owner, period.span, period.first))
        if own is not None or period.span not in _SHORTER:
            return (own,) if own else (), 1
        shorter = periods(period.first, period.last, _SHORTER[period.span], period.fiscal_start)
        found = [self._parts(owner, one) for one in shorter]
        parts = tuple(part for some, _ in found for part in some)
        return parts, sum(possible for _, possible in found)


def _sum(parts: tuple[Quota, ...], possible: int, converted: Callable[[int, str], int | None]) -> Found:
    amount = before = None
    revised, others = False, []
    for part in parts:
        now = converted(part.amount or 0, part.currency)
        if now is None:
            others.append(part)
            continue
        was = now
        if part.before is not None and part.before.amount is not None:
            earlier = converted(part.before.amount, part.before.currency)
            was, revised = (now, revised) if earlier is None else (earlier, True)
        amount, before = (amount or 0) + now, (before or 0) + was
    return Found(parts, possible, amount, before if revised else None, tuple(others))
