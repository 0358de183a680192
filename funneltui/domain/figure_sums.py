"""Deals and stays counted by what they have in common: from these sums the figures of any group of deals are computed.

The database makes them of the deals as they are, `of_facts` of the deals as they stood; no rule of a figure is in either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Tally, add_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from funneltui.domain.metrics import Fact, Stay, Window


class By(StrEnum):
    """What figures can be told apart by; a month is that of each thing's own date: created, closed, left."""

    OWNER = "owner"
    SOURCE = "source"
    COMPANY = "company"
    TAG = "tag"
    MONTH = "month"


class Standing(NamedTuple):
    """So many open deals of one currency that have stood in a stage since the same day, and the sum of their amounts."""

    stage: str
    currency: str
    entered: date
    rots: bool
    deals: int
    amount: int


class Ended(NamedTuple):
    """So many closed deals of one outcome and currency, `days` from the day of creation to the close date, and their sum."""

    outcome: Outcome
    currency: str
    days: int
    deals: int
    amount: int


class Stays(NamedTuple):
    """The stays in one stage that have ended: of which deal each, and its seconds; of a deal in the order of their ends."""

    deals: list[int]
    seconds: list[int]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the figures of some deals are computed from: the open ones as they stand now, and of the period those created
    in it, those closed in it, the amounts of the won ones by currency, and by stage the stays that ended in it.
    """

    standing: Sequence[Standing]
    created: Sequence[Tally]
    ended: Sequence[Ended]
    won: Mapping[str, Sequence[int | None]]
    stays: Mapping[str, Stays]


Row = tuple[Any, ...]
Keys = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """The same of all deals, as rows: each begins with a key if they are told apart, then come the fields of the class.

    Those of `created` are the rows of `domain.funnel.add_up`. `won` has the amounts of won deals by the key and their
    currency, `stays` the stays by the key and their stage. What a key stands for is told by `groups`: one group, or with
    several tags several.
    """

    by: By | None
    groups: Callable[[Any], Keys]
    standing: list[Row]
    created: list[Row]
    ended: list[Row]
    won: Mapping[Row, list[int | None]]
    stays: Mapping[Row, Stays]

    def together(self) -> Sums:
        """Give the sums of all of them."""
        return self._sums((self.standing, self.created, self.ended, list(self.won), list(self.stays)))

    def apart(self) -> dict[str | None, Sums]:
        """Give the sums of each group by its key."""
        groups = _Known(self.groups)
        parts: dict[str | None, tuple[list[Row], ...]] = defaultdict(lambda: ([], [], [], [], []))
        for kind, rows in enumerate((self.standing, self.created, self.ended, self.won, self.stays)):
            for row in rows:
                for key in groups[row[0]]:
                    parts[key][kind].append(row)
        return {key: self._sums(some) for key, some in parts.items()}

    def _sums(self, rows: tuple[list[Row], ...]) -> Sums:
        """Give the sums of some of the rows, and of some of the keys of `won` and `stays`."""
        standing, created, ended, won, stays = rows
        first = 1 if self.by else 0
        amounts: dict[str, list[int | None]] = defaultdict(list)
        for key in won:
            amounts[key[first]] += self.won[key]
        by_stage: dict[str, Stays] = defaultdict(lambda: Stays([], []))
        if self.by is By.MONTH:  # of one deal the stays of several months: the earlier ones first
            stays = sorted(stays, key=lambda key: key[0] or "")
        for key in stays:
            deals, seconds = by_stage[key[first]]
            deals += self.stays[key].deals
            seconds += self.stays[key].seconds
        return Sums(
            [Standing(*row[first:]) for row in standing],
            add_up(row[first:] for row in created),
            [Ended(*row[first:]) for row in ended],
            amounts,
            by_stage,
        )


def stays_by(rows: Iterable[Row]) -> dict[Row, Stays]:
    """Give stays by what they begin with, keys and stage; then come deal and seconds. In the order of their ends."""
    found: dict[Row, Stays] = defaultdict(lambda: Stays([], []))
    for row in rows:
        deals, seconds = found[row[:-2]]
        deals.append(row[-2])
        seconds.append(row[-1])
    return found


def amounts_by(rows: Iterable[Row]) -> dict[Row, list[int | None]]:
    """Give the amounts of won deals by what they begin with, keys and currency."""
    found: dict[Row, list[int | None]] = defaultdict(list)
    for row in rows:
        found[row[:-1]].append(row[-1])
    return found


class _Known(dict[Any, Keys]):
    """The groups of each key, worked out once: many rows have the same."""

    def __init__(self, groups: Callable[[Any], Keys]) -> None:
        super().__init__()
        self._groups = groups

    def __missing__(self, key: Any) -> Keys:
        found = self[key] = self._groups(key)
        return found


def groups_of(by: By | None) -> Callable[[Any], Keys]:
    """Give what tells the groups of a key: of the name of an owner or a company, of a source, of tags, of a month."""
    if by is By.TAG:
        return lambda tags: tags.split() or (None,)
    return lambda key: (key or None,)


def month_of(day: date) -> str:
    """Give the key of the month of a day: "2026-11"."""
    return f"{day:%Y-%m}"


def of_facts(facts: Iterable[Fact], stays: Iterable[Stay], window: Window, by: By | None) -> Counted:
    """Count the deals of a moment and their stays: the open ones, and those created, closed and left in a period."""
    standing: dict[Row, list[int]] = defaultdict(lambda: [0, 0])
    ended: dict[Row, list[int]] = defaultdict(lambda: [0, 0])
    created, won, by_number = [], [], {}
    for fact in facts:
        by_number[fact.number] = fact
        amount = fact.amount or 0
        if fact.outcome is Outcome.OPEN:
            key = (*_keys(fact, by, fact.created), fact.stage, fact.currency, fact.entered, fact.rots)
            _add(standing[key], amount)
        elif fact.closed_on in window and fact.closed_on is not None:
            keys, days = _keys(fact, by, fact.closed_on), (fact.closed_on - fact.created).days
            _add(ended[*keys, fact.outcome, fact.currency, days], amount)
            if fact.outcome is Outcome.WON:
                won.append((*keys, fact.currency, fact.amount))
        if fact.created in window:
            of_tally = (fact.stage, fact.reach, fact.outcome, fact.currency, fact.probability, 1, amount)
            created.append((*_keys(fact, by, fact.created), *of_tally))
    left = [
        (*_keys(by_number[stay.deal], by, stay.left), stay.stage, stay.deal, stay.seconds)
        for stay in stays
        if stay.left in window
    ]
    return Counted(
        by, groups_of(by), [(*key, *sums) for key, sums in standing.items()], created,
        [(*key, *sums) for key, sums in ended.items()], amounts_by(won), stays_by(left),
    )  # fmt: skip


def _add(sums: list[int], amount: int) -> None:
    sums[0] += 1
    sums[1] += amount


def _keys(fact: Fact, by: By | None, day: date) -> tuple[str | None, ...]:
    return (key_of(fact, by, day),) if by else ()


def key_of(fact: Fact, by: By, day: date) -> str | None:
    """Give by what a deal is told from others; `day` is the one whose month counts."""
    if by is By.MONTH:
        return month_of(day)
    return {By.OWNER: fact.owner, By.SOURCE: fact.source, By.COMPANY: fact.company, By.TAG: fact.tags}[by]
