"""How the chance to win is learned: rates by trait, shrunk, added in log-odds, kept only as far as later deals bear out.

The reference is the stage's rate. Each trait is counted against what that rate foretells; it is telling only if rates that
differ explain the history clearly better than one rate does (a beta-binomial, its weight the empirical Bayes estimate).
Then the history is walked through once more: learned from what had closed, judged by what closed next, block after block.
A trait stays only if it was better there than the stage's rate by more than that varies, and one damping factor for all is
chosen in the same way. What nothing bears out is dropped: then the estimate is the stage's rate, and shows no spread.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import lgamma, log, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING

from funneltui.domain.chance import LEAST_CLOSED, stage_probability
from funneltui.domain.chance_model import Base, Effect, Model, bounded, from_log_odds, log_odds
from funneltui.domain.chance_tables import BLOCKS, Tables, place_in
from funneltui.domain.chance_traits import LEARNED, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.chance_tables import Cell, Cells
    from funneltui.domain.chance_traits import Value
    from funneltui.domain.pipeline import Pipeline

_WEIGHTS = (5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560)
"""The weights of the common rate that are tried, in closed deals: one of the last leaves hardly anything of a trait."""

_LEAST_GAIN = 2.0
"""By so much, in log likelihood, rates that differ must explain the history better than one rate (Akaike's measure)."""

_LEAST_OF_VALUE = 5
"""A value that fewer closed deals had says nothing: neither of the next deal, nor to a rep of somebody else's."""

_DAMPINGS = (0.25, 0.5, 0.75, 1.0)
_SILENT: Mapping[Trait, Mapping[Value, Effect]] = MappingProxyType({})

Effects = dict[Trait, dict["Value", Effect]]


def model_of(tables: Tables) -> Model:
    """Give what deals that were counted in the order of their closing say of open ones; silent under 20 of them.

    Rule: B7 for the stage's rate; see this module for what is added to it.
    """
    pipeline = tables.pipeline
    if tables.count < LEAST_CLOSED:
        return Model(pipeline.key, tables.count, tables.won, {}, tables.classes, _SILENT, 0.0)
    tables.sum_up()
    bases = _bases(pipeline, tables, BLOCKS)
    kept, damping = _borne_out(pipeline, tables)
    found = _effects(tables, bases, BLOCKS) if kept else {}
    effects = {
        trait: {value: Effect(one.log_odds * damping, one.n) for value, one in found[trait].items()}
        for trait in kept
        if trait in found
    }
    by_stage = {stage.key: bases[place_in(pipeline, stage.key)] for stage in pipeline.open_stages}
    damping = damping if effects else 0.0
    return Model(pipeline.key, tables.count, tables.won, by_stage, tables.classes, effects, damping)


@dataclass(slots=True)
class _Count:
    """How many closed deals were won, and lost."""

    won: int = 0
    lost: int = 0

    @property
    def all(self) -> int:
        """Both together."""
        return self.won + self.lost

    def add(self, n: int, *, won: bool) -> None:
        """Count so many more deals."""
        if won:
            self.won += n
        else:
            self.lost += n


def _bases(pipeline: Pipeline, tables: Tables, until: int) -> list[Base]:
    """Give the stages' rates in their order, from the deals of the blocks before `until`."""
    reached = [_Count() for _ in pipeline.open_stages]
    stood = [_Count() for _ in pipeline.open_stages]
    for (block, place, won), n in tables.reached.items():
        for passed in reached[: place + 1] if block < until else ():
            passed.add(n, won=won)
    for (block, place, won), n in tables.stood.items():
        stood[place].add(n if block < until else 0, won=won)
    return [_base(there, really, reached[0]) for there, really in zip(reached, stood, strict=True)]


def _base(reached: _Count, stood: _Count, whole: _Count) -> Base:
    rate = stage_probability(reached.won, reached.lost, whole.won, whole.lost)
    if rate is None:
        # Within the history fewer than 20 may have closed by then: one rate for all stages is what can be judged there.
        common = whole.won / whole.all if whole.all else 0.5
        return Base(common, reached.all, common, stood.all)
    alone = stage_probability(stood.won, stood.lost, whole.won, whole.lost)
    return Base(rate, reached.all, rate if alone is None or stood.all >= LEAST_CLOSED else alone, stood.all)


def _effects(tables: Tables, bases: Sequence[Base], until: int) -> Effects:
    """Give what each value of each telling trait adds to the log-odds, from the deals of the blocks before `until`."""
    rates = [bounded(base.start) for base in bases]
    found: Effects = {}
    for trait in LEARNED:
        counts: dict[Value, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for (block, place, value), (n, won) in tables.by_trait[trait].items():
            if block < until:
                known = counts[value]
                known[0] += n
                known[1] += won
                known[2] += n * rates[place]
        several = {value: one for value, one in counts.items() if one[0] >= _LEAST_OF_VALUE - 1e-6}
        if trait is not Trait.AGE:
            _level(several)
        weight = _weight(several.values())
        if weight is not None:
            found[trait] = {value: Effect(_shift(one, weight), round(one[0])) for value, one in several.items()}
    return found


def _level(counts: Mapping[Value, list[float]]) -> None:
    """Let the expected wins of all values add up to the real ones: a trait tells values apart, and no level of its own."""
    won, expected = sum(one[1] for one in counts.values()), sum(one[2] for one in counts.values())
    n = sum(one[0] for one in counts.values())
    if n:
        shift = log_odds(won / n) - log_odds(expected / n)
        for one in counts.values():
            one[2] = one[0] * from_log_odds(log_odds(one[2] / one[0]) + shift)


def _shift(count: Sequence[float], weight: float) -> float:
    n, won, expected = count
    usual = bounded(expected / n)
    return log_odds((won + weight * usual) / (n + weight)) - log_odds(usual)


def _weight(counts: Iterable[Sequence[float]]) -> float | None:
    """Give the weight of the common rate under which counts (deals, won, expected) are likeliest; none: they do not differ.

    Rule: the empirical Bayes estimate of a beta-binomial's weight, against one rate for all.
    """
    usual = [(n, won, bounded(expected / n)) for n, won, expected in counts]
    if len(usual) < 2:
        return None
    alike = sum(won * log(rate) + (n - won) * log(1 - rate) for n, won, rate in usual)
    likelihood, weight = max((sum(_likelihood(*one, weight) for one in usual), weight) for weight in _WEIGHTS)
    return weight if likelihood - alike >= _LEAST_GAIN else None


def _likelihood(n: float, won: float, rate: float, weight: float) -> float:
    ours, theirs = weight * rate, weight * (1 - rate)
    together = lgamma(ours + won) + lgamma(theirs + max(0.0, n - won)) - lgamma(weight + n)
    return together + lgamma(weight) - lgamma(ours) - lgamma(theirs)


@dataclass(frozen=True, slots=True)
class _Fold:
    """What had been learned before a block, and the block by which it is judged."""

    scores: list[float]
    effects: Effects
    cells: Cells


def _borne_out(pipeline: Pipeline, tables: Tables) -> tuple[list[Trait], float]:
    """Give the traits that later deals bore out, and the damping that served best; none and 0 if the rate alone did."""
    if not tables.can_be_judged:
        return [], 0.0
    folds = []
    for block in range(1, BLOCKS):
        bases = _bases(pipeline, tables, block)
        scores = [log_odds(base.start) for base in bases]
        folds.append(_Fold(scores, _effects(tables, bases, block), tables.cells[block]))
    kept = []
    for place, trait in enumerate(LEARNED):
        alone = [_only(fold, trait, place) for fold in folds]
        if max(_surely_better(alone, damping) for damping in (0.5, 1.0)) > 0:
            kept.append(trait)
    if not kept:
        return [], 0.0
    together = [_with_shifts(fold, kept) for fold in folds]
    best = max((_surely_better(together, damping), -damping) for damping in _DAMPINGS)
    return (kept, -best[1]) if best[0] > 0 else ([], 0.0)


_Shifted = list[tuple[float, float, float, float]]
"""For each kind of moment: the log-odds of its stage's rate, what is added, how many deals had it, how many were won."""


def _only(fold: _Fold, trait: Trait, place: int) -> _Shifted:
    effects = fold.effects.get(trait, {})
    grouped: dict[tuple[int, Value], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (stage, values), (n, won) in fold.cells.items():
        known = grouped[stage, values[place]]
        known[0] += n
        known[1] += won
    return [
        (fold.scores[stage], effects[value].log_odds if value in effects else 0.0, n, won)
        for (stage, value), (n, won) in grouped.items()
    ]


def _with_shifts(fold: _Fold, traits: Sequence[Trait]) -> _Shifted:
    chosen = [
        (place, fold.effects[trait]) for place, trait in enumerate(LEARNED) if trait in traits and trait in fold.effects
    ]

    def shift(cell: Cell) -> float:
        return sum(effects[cell[1][place]].log_odds for place, effects in chosen if cell[1][place] in effects)

    return [(fold.scores[cell[0]], shift(cell), n, won) for cell, (n, won) in fold.cells.items()]


def _surely_better(folds: Sequence[_Shifted], damping: float) -> float:
    """Give by how much log loss a deal is better than by the stage's rate, less the standard error of that.

    The error is the greater one of those between deals and between blocks: a business that changes from month to month
    tells the blocks apart more than the deals.
    """
    means, total, squares, deals = [], 0.0, 0.0, 0.0
    for fold in folds:
        gained = counted = 0.0
        for score, shift, n, won in fold:
            counted += n
            if shift:
                before, after = from_log_odds(score), bounded(from_log_odds(score + damping * shift))
                if_won, if_lost = log(after / before), log((1 - after) / (1 - before))
                gained += won * if_won + (n - won) * if_lost
                squares += won * if_won**2 + (n - won) * if_lost**2
        total += gained
        deals += counted
        means.append(gained / counted if counted else 0.0)
    if not deals:
        return 0.0
    mean, middle = total / deals, sum(means) / len(means)
    between_deals = sqrt(max(0.0, squares / deals - mean**2) / deals)
    between_blocks = sqrt(sum((one - middle) ** 2 for one in means) / (len(means) - 1) / len(means))
    return mean - max(between_deals, between_blocks)
