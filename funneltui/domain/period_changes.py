"""What changed in a pipeline between two moments, and the sum that ties its open deals then and now together (G4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.funnel import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline


class Kind(StrEnum):
    """What became of a deal between the two moments, in the order in which it is told."""

    NEW = "new"
    ADVANCED = "advanced"
    BACK = "back"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    SLIPPED = "slipped"
    PULLED_IN = "pulled_in"
    AMOUNT_UP = "amount_up"
    AMOUNT_DOWN = "amount_down"
    SPAM = "spam"
    RESTORED = "restored"
    UNDONE = "undone"
    ARRIVED = "arrived"
    LEFT = "left"
    CURRENCY = "currency_changed"


WORDS = {
    Kind.NEW: "new",
    Kind.ADVANCED: "moved on",
    Kind.BACK: "moved back",
    Kind.WON: "won",
    Kind.LOST: "lost",
    Kind.REOPENED: "reopened",
    Kind.SLIPPED: "slipped: expected close put off",
    Kind.PULLED_IN: "pulled in: expected close brought forward",
    Kind.AMOUNT_UP: "amount up",
    Kind.AMOUNT_DOWN: "amount down",
    Kind.SPAM: "marked as spam",
    Kind.RESTORED: "restored",
    Kind.UNDONE: "adding undone",
    Kind.ARRIVED: "came from another pipeline",
    Kind.LEFT: "went to another pipeline",
    Kind.CURRENCY: "currency changed",
}
"""What people call them."""

TERMS = (
    Kind.NEW, Kind.REOPENED, Kind.RESTORED, Kind.ARRIVED, Kind.WON, Kind.LOST, Kind.SPAM, Kind.UNDONE, Kind.LEFT,
    Kind.CURRENCY, Kind.AMOUNT_UP, Kind.AMOUNT_DOWN,
)  # fmt: skip
"""The kinds that are terms of the sum, in its order: what comes in, what goes out, what is worth something else."""


class _Place(StrEnum):
    """Where a deal is, as seen from one pipeline."""

    ABSENT = "absent"
    ELSEWHERE = "elsewhere"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    SPAM = "spam"


_WAYS_IN = {
    _Place.ABSENT: Kind.NEW,
    _Place.ELSEWHERE: Kind.ARRIVED,
    _Place.WON: Kind.REOPENED,
    _Place.LOST: Kind.REOPENED,
    _Place.SPAM: Kind.RESTORED,
}
_WAYS_OUT = {
    _Place.ABSENT: Kind.UNDONE,
    _Place.ELSEWHERE: Kind.LEFT,
    _Place.WON: Kind.WON,
    _Place.LOST: Kind.LOST,
    _Place.SPAM: Kind.SPAM,
}


@dataclass(frozen=True, slots=True)
class Between:
    """A deal at both moments, none where it was not there; `was_open`: it was open in the pipeline at times in between."""

    before: Deal | None
    after: Deal | None
    was_open: bool = False

    @property
    def latest(self) -> Deal:
        """The deal as it stood last."""
        found = self.after or self.before
        assert found is not None  # it was there at one of the two moments
        return found


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sum in one currency: `opening` and each of `terms` add up to `closing`, by count and by amount.

    Figures of terms have their sign; amounts are in minor units. What is worth something else counts for no deal.
    """

    currency: str
    opening: Figure
    terms: Mapping[Kind, Figure]
    closing: Figure


@dataclass(frozen=True, slots=True)
class PeriodChanges:
    """What changed in a pipeline: the deals by kind, in the order of their numbers, and the sums by currency.

    `opening` and `closing` count the deals that were open, in whatever currency, and add up those in `currency`.
    """

    currency: str
    opening: Figure
    closing: Figure
    lists: Mapping[Kind, tuple[Between, ...]]
    ledgers: tuple[Ledger, ...]

    def of(self, kind: Kind) -> tuple[Between, ...]:
        """Give the deals of a kind."""
        return self.lists.get(kind, ())

    def ledger(self, currency: str) -> Ledger:
        """Give the sum in a currency, empty if no deal has it."""
        found = (one for one in self.ledgers if one.currency == currency)
        return next(found, Ledger(currency, Figure(), {}, Figure()))


def changes_between(
    pipeline: Pipeline, pairs: Iterable[Between], standing: Mapping[str, Figure], currency: str | None = None
) -> PeriodChanges:
    """Give what changed in a pipeline between two moments.

    `pairs` are the deals that may differ, `standing` the open deals that stood through unchanged, by currency; `currency`
    is the pipeline's unless given.

    Rule: opening + new + reopened + restored + arrived - won - lost - spam - undone - left +/- what changed currency
    +/- what changed its amount = closing, exactly, in every currency. A deal counts by what it was at the two moments, once
    a kind: one that was moved on and back again did neither, one that is new and won is both. It counts with its amount at
    the later moment; what that differs from the amount with which it was open at the first is a change of amount.
    Moved on or back, slipped or pulled in: of deals that were open at both. Reopened: closed before, and not so any more,
    a deal that was won and is lost now included.
    """
    lists: dict[Kind, list[Between]] = {}
    sums: dict[str, dict[Kind, list[int]]] = {}
    opening = {code: [figure.count, figure.amount] for code, figure in standing.items()}
    closing = {code: [figure.count, figure.amount] for code, figure in standing.items()}
    for pair in sorted(pairs, key=lambda one: one.latest.number):
        for kind in _kinds(pipeline, pair):
            lists.setdefault(kind, []).append(pair)
        for kind, code, count, amount in _entries(pipeline.key, pair):
            _add(sums.setdefault(code, {}), kind, count, amount)
        for totals, deal in ((opening, pair.before), (closing, pair.after)):
            if deal is not None and _place(pipeline.key, deal) is _Place.OPEN:
                _add(totals, deal.currency, 1, deal.amount or 0)
    codes = sorted({*opening, *closing, *sums})
    ledgers = tuple(
        Ledger(
            code,
            Figure(*opening.get(code, (0, 0))),
            {kind: Figure(*sums[code][kind]) for kind in TERMS if kind in sums.get(code, {})},
            Figure(*closing.get(code, (0, 0))),
        )
        for code in codes
    )
    own = currency or pipeline.currency
    return PeriodChanges(
        own,
        _all(opening, own),
        _all(closing, own),
        {kind: tuple(lists[kind]) for kind in Kind if kind in lists},
        ledgers,
    )


def _add(sums: dict[str, list[int]] | dict[Kind, list[int]], key: str, count: int, amount: int) -> None:
    known = sums.setdefault(key, [0, 0])  # type: ignore[arg-type]
    known[0] += count
    known[1] += amount


def _all(totals: Mapping[str, list[int]], currency: str) -> Figure:
    return Figure(sum(count for count, _ in totals.values()), totals.get(currency, [0, 0])[1])


def _place(pipeline: str, deal: Deal | None) -> _Place:
    if deal is None:
        return _Place.ABSENT
    return _Place(deal.outcome.value) if deal.pipeline == pipeline else _Place.ELSEWHERE


def _ways(pipeline: str, pair: Between) -> tuple[Kind, ...]:
    """Give how a deal came among the open deals of a pipeline, and how it went from them: both, one, or neither."""
    before, after = _place(pipeline, pair.before), _place(pipeline, pair.after)
    if before is after:
        return ()
    if before is _Place.OPEN:
        return (_WAYS_OUT[after],)
    if after is _Place.OPEN:
        return (_WAYS_IN[before],)
    closed = after in (_Place.WON, _Place.LOST)
    if closed and (pair.was_open or before in (_Place.ABSENT, _Place.WON, _Place.LOST)):
        return _WAYS_IN[before], _WAYS_OUT[after]
    return ()


def _entries(pipeline: str, pair: Between) -> Iterator[tuple[Kind, str, int, int]]:
    """Give what a deal adds to the sums: kind, currency, count and amount, with their signs."""
    before, after = pair.before, pair.after
    if before is not None and after is not None and _place(pipeline, before) is _Place.OPEN:
        if before.currency != after.currency:
            yield Kind.CURRENCY, before.currency, -1, -(before.amount or 0)
            yield Kind.CURRENCY, after.currency, 1, after.amount or 0
        elif by := _by(pair):
            yield Kind.AMOUNT_UP if by > 0 else Kind.AMOUNT_DOWN, after.currency, 0, by
    for kind in _ways(pipeline, pair):
        sign = 1 if kind in _WAYS_IN.values() else -1
        yield kind, pair.latest.currency, sign, sign * (pair.latest.amount or 0)


def _by(pair: Between) -> int:
    """Give by how much the amount of a deal differs, in minor units."""
    assert pair.before is not None
    assert pair.after is not None
    return (pair.after.amount or 0) - (pair.before.amount or 0)


def _kinds(pipeline: Pipeline, pair: Between) -> Iterator[Kind]:
    yield from _ways(pipeline.key, pair)
    before, after = pair.before, pair.after
    if before is None or after is None or _place(pipeline.key, before) is not _Place.OPEN:
        return
    if before.currency != after.currency:
        yield Kind.CURRENCY
    elif by := _by(pair):
        yield Kind.AMOUNT_UP if by > 0 else Kind.AMOUNT_DOWN
    if _place(pipeline.key, after) is not _Place.OPEN:
        return
    was, now = (pipeline.places.get(deal.stage, 0) for deal in (before, after))
    if was != now:
        yield Kind.ADVANCED if now > was else Kind.BACK
    if before.expected_close != after.expected_close:
        yield Kind.SLIPPED if after.expected_close > before.expected_close else Kind.PULLED_IN
