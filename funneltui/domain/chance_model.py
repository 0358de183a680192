"""What a pipeline's closed deals say of an open one: the stage's rate, and what raises and lowers it. Made by `model_of`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.chance import LEAST_CLOSED
from funneltui.domain.chance_traits import LEARNED, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.chance_history import Moment
    from funneltui.domain.chance_traits import Classes, Value

_EDGE = 0.001
"""No rate is taken for nearer to 0 or 1 than this when log-odds are made of it: they would be infinite."""


@dataclass(frozen=True, slots=True)
class Base:
    """A stage's own chance by "Stage probability" in the definitions, 0..1, and how many closed deals reached the stage.

    `start` is what an estimate goes on from: the rate, but where fewer than 20 closed deals really `stood` in the stage,
    that of those who did, shrunk in the same way. A won deal has reached every stage, one that it skipped too, a lost one
    has not: of a stage that most deals skipped the rate says next to nothing, and always too much.
    """

    rate: float
    reached: int
    start: float
    stood: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a value of a trait adds to the log-odds, damped already, learned from so many closed deals that had it."""

    log_odds: float
    n: int


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that raised or lowered an estimate.

    `effect` is in log-odds: those of the base and all effects add up to those of the estimate. `points` are the same in
    parts of a probability (0.05 is five points), taken in the order of the terms: the base and all points add up to it.
    """

    trait: Trait
    value: Value
    effect: float
    points: float
    n: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A chance to win, 0..1, with the stage's rate that it began from and the terms that moved it, the strongest first.

    A term of the stage itself, where there is one, comes before all others.
    """

    probability: float
    base: float
    reached: int
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned from a pipeline's closed deals; immutable, holds no deal.

    `bases` by the key of an open stage, empty under 20 closed deals; `effects` by trait and value, empty where nothing was
    better than the stage's rate. `damping` is the share of the effects that later deals bore out, 0..1, in them already.
    """

    pipeline: str
    closed: int
    won: int
    bases: Mapping[str, Base]
    classes: Classes
    effects: Mapping[Trait, Mapping[Value, Effect]]
    damping: float

    @property
    def why_silent(self) -> str:
        """Why there is no figure, or nothing when there is."""
        if self.closed >= LEAST_CLOSED:
            return ""
        return f"only {self.closed} of this pipeline's deals have closed; from {LEAST_CLOSED} on there is a figure"

    def estimate(self, moment: Moment) -> Estimate | None:
        """Give the chance to win of a deal that stands so, or none under 20 closed deals or in a stage unknown."""
        base = self.bases.get(moment.stage)
        if base is None:
            return None
        found: list[tuple[Trait, Value, Effect]] = []
        for trait, value in zip(LEARNED, self.classes.values(moment), strict=True):
            effect = self.effects.get(trait, {}).get(value)
            if effect is not None:
                found.append((trait, value, effect))
        found.sort(key=lambda one: -abs(one[2].log_odds))
        if base.start != base.rate:
            found.insert(0, (Trait.STAGE, moment.stage, Effect(log_odds(base.start) - log_odds(base.rate), base.stood)))
        score = log_odds(base.rate)
        probability, terms = base.rate, []
        for trait, value, effect in found:
            score += effect.log_odds
            before, probability = probability, from_log_odds(score)
            terms.append(Term(trait, value, effect.log_odds, probability - before, effect.n))
        return Estimate(probability, base.rate, base.reached, tuple(terms))


def bounded(rate: float) -> float:
    """Give a rate of which log-odds and logarithms can be made: not 0, not 1."""
    return min(max(rate, _EDGE), 1 - _EDGE)


def log_odds(rate: float) -> float:
    """Give the log-odds of a rate, 0..1; those of 0 and 1 as of rates very near to them."""
    near = bounded(rate)
    return math.log(near / (1 - near))


def from_log_odds(score: float) -> float:
    """Give the rate of log-odds."""
    return 1 / (1 + math.exp(-score)) if score >= 0 else math.exp(score) / (1 + math.exp(score))
