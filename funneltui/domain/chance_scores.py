"""How good past estimates were: log loss, Brier score, the area under the curve, and a calibration table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from funneltui.domain.chance_model import bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

BINS = 10
"""The calibration table has a line for every ten percent."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One past estimate, 0..1, with what the stage's rate alone said, and what became of the deal."""

    probability: float
    base: float
    won: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The estimates from `low` to under `high` (the last one: up to 1): how many, their mean, and the share that was won."""

    low: float
    high: float
    n: int
    mean_probability: float
    won_rate: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How good estimates were. `log_loss` and `prior_log_loss`, that of the stage's rate alone: the lower the better, 0.693
    is a coin's; `brier`: mean squared error; `auc`: how often a won deal was given more than a lost one, 0.5 is a coin's,
    none if all were won or all lost; `calibration`: the lines that have a deal, from low to high.
    """

    log_loss: float
    prior_log_loss: float
    brier: float
    auc: float | None
    calibration: tuple[Bin, ...]


def class_of(probability: float) -> int:
    """Give the place of the calibration table's line for a probability, 0..1."""
    return min(int(probability * BINS), BINS - 1)


def scores(judged: Sequence[Judged]) -> Scores | None:
    """Give how good estimates were, or none if there are none. Logarithms are taken of 0.001 to 0.999 only."""
    if not judged:
        return None
    n = len(judged)
    return Scores(
        sum(_loss(one.probability, won=one.won) for one in judged) / n,
        sum(_loss(one.base, won=one.won) for one in judged) / n,
        sum((one.probability - one.won) ** 2 for one in judged) / n,
        _auc(judged),
        _calibration(judged),
    )


def _loss(probability: float, *, won: bool) -> float:
    near = bounded(probability)
    return -log(near if won else 1 - near)


def _auc(judged: Sequence[Judged]) -> float | None:
    """Give the share of pairs of a won and a lost deal in which the won one was given more; equal ones count half."""
    won = sum(one.won for one in judged)
    lost = len(judged) - won
    if not won or not lost:
        return None
    by_probability: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for one in judged:
        by_probability[one.probability][one.won] += 1
    right, lost_below = 0.0, 0
    for _, (lost_here, won_here) in sorted(by_probability.items()):
        right += won_here * (lost_below + lost_here / 2)
        lost_below += lost_here
    return right / (won * lost)


def _calibration(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    places: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        places[class_of(one.probability)].append(one)
    return tuple(
        Bin(
            place / BINS,
            (place + 1) / BINS,
            len(some),
            sum(one.probability for one in some) / len(some),
            sum(one.won for one in some) / len(some),
        )
        for place, some in sorted(places.items())
    )
