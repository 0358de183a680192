"""Sums of deals that a forecast is made from: open ones by stage and chance, closed ones by outcome, both by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.forecast import NOTHING, Basis, Category, added
from funneltui.domain.funnel import Figure, Tally, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date


Chances = Mapping[tuple[str, str], float | None]
"""The chance to win from each stage, 0..1 or none, by pipeline and stage."""


@dataclass(frozen=True, slots=True)
class OpenSum:
    """So many open deals of one owner, stage, currency and own probability (percent or none), with their amounts' sum.

    `month` is the first day of the month in which they are expected to close.
    """

    month: date
    owner: str | None
    pipeline: str
    stage: str
    currency: str
    percent: int | None
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class ClosedSum:
    """So many deals of one owner and currency that were won or lost in a month (given by its first day).

    Without a month they closed outside the periods of the forecast: they count for win rate and average only. `priced` is
    the number of those that have an amount, `amount` the sum of theirs.
    """

    month: date | None
    owner: str | None
    outcome: Outcome
    currency: str
    count: int
    priced: int
    amount: int


def month_of(day: date) -> date:
    """Give the first day of a day's month."""
    return day.replace(day=1)


def open_sum_of(deal: Deal, times: int = 1) -> OpenSum:
    """Give one open deal as a sum; taken away again with `times` -1."""
    return OpenSum(
        month_of(deal.expected_close), deal.owner, deal.pipeline, deal.stage, deal.currency, deal.probability, times,
        times * (deal.amount or 0),
    )  # fmt: skip


def closed_sum_of(deal: Deal) -> ClosedSum:
    """Give one closed deal as a sum."""
    month = month_of(deal.closed_on) if deal.closed_on else None
    return ClosedSum(
        month, deal.owner, deal.outcome, deal.currency, 1, int(deal.amount is not None), deal.amount or 0
    )  # fmt: skip


def tally_of(deal: Deal) -> Tally:
    """Give one deal as the funnel counts it."""
    amount, own = deal.amount or 0, deal.probability
    weighted, unweighted = (0, amount) if own is None else (amount * own, 0)
    return Tally(deal.stage, deal.reach, deal.outcome, deal.currency, 1, amount, weighted, unweighted)


@dataclass(slots=True)
class Bag:
    """The sums of one owner, period and currency.

    `weights` are kept by what is rounded as one, month, pipeline, stage and category: of each the sum of amount x percent
    of the deals with a probability of their own, and that of the others' amounts.
    """

    won: Figure = NOTHING
    open: dict[Category, Figure] = field(default_factory=dict)
    weights: dict[tuple[date, str, str, Category], tuple[int, int]] = field(default_factory=dict)

    def take(self, one: OpenSum, category: Category) -> None:
        """Add open deals."""
        self.open[category] = added(self.open.get(category, NOTHING), Figure(one.count, one.amount))
        key = one.month, one.pipeline, one.stage, category
        own, rest = self.weights.get(key, (0, 0))
        if one.percent is None:
            self.weights[key] = own, rest + one.amount
        else:
            self.weights[key] = own + one.amount * one.percent, rest

    def weighted(self, chances: Chances) -> int:
        """Give the weighted sum, rounded once for each month, stage and category: so months add up to their quarter."""
        return sum(
            weigh(own, rest, chances.get((pipeline, stage)))
            for (_, pipeline, stage, _), (own, rest) in self.weights.items()
        )

    @property
    def is_empty(self) -> bool:
        """Whether no deal is in it."""
        return not self.won.count and not any(figure.count for figure in self.open.values())

    @property
    def pipeline(self) -> Figure:
        """All open deals together."""
        return Figure(sum(one.count for one in self.open.values()), sum(one.amount for one in self.open.values()))


def bases_of(closed: Iterable[ClosedSum], convert: Callable[[int, str], int | None]) -> dict[str | None, Basis]:
    """Give by owner what his win rate and his average won amount are taken from: all his deals that ever closed.

    `convert` gives an amount of a currency in the one wanted, or none: such won deals count for the rate, not the average.
    """
    sums: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    found: dict[str | None, Basis] = {}
    for one in closed:
        known = found.get(one.owner, Basis())
        if one.outcome is Outcome.WON:
            priced = sums[one.owner, one.currency]
            priced[0] += one.priced
            priced[1] += one.amount
            found[one.owner] = replace(known, won=known.won + one.count)
        elif one.outcome is Outcome.LOST:
            found[one.owner] = replace(known, lost=known.lost + one.count)
    for (owner, currency), (priced_deals, amount) in sorted(sums.items(), key=lambda one: (one[0][0] or "", one[0][1])):
        value = convert(amount, currency) if priced_deals else None
        if value is not None:
            known = found[owner]
            found[owner] = replace(known, priced=known.priced + priced_deals, amount=known.amount + value)
    return found


def all_together(bases: Iterable[Basis]) -> Basis:
    """Give what rates are taken from when everybody counts."""
    total = Basis()
    for one in bases:
        total = Basis(
            total.won + one.won, total.lost + one.lost, total.priced + one.priced, total.amount + one.amount
        )  # fmt: skip
    return total
