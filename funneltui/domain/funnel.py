"""The funnel: standard, conversion and entered, from tallies of deals. One computation for every place that shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain.chance import LEAST_CLOSED, stage_probability
from funneltui.domain.deal import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from funneltui.domain.pipeline import Pipeline, Stage


class Mode(StrEnum):
    """Which picture the funnel draws (A2, A3)."""

    STANDARD = "standard"
    CONVERSION = "conversion"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Tally:
    """So many deals that stand in `stage`, got as far as `reach`, with one outcome and one currency.

    `amount` is their sum in minor units; `own_weighted` the sum of amount x percent of those with a probability of their
    own; `unweighted` the sum of the amounts of those without one.
    """

    stage: str
    reach: str | None
    outcome: Outcome
    currency: str
    count: int
    amount: int = 0
    own_weighted: int = 0
    unweighted: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of deals and the sum of their amounts, in minor units of the funnel's currency."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One open stage of the funnel.

    `count`, `amount`, `weighted`: the deals that stand in it now. `reached` = `open` + `won` + `lost`: the deals that got
    at least so far, by what they are now. `step_rate`: reached(next) / reached, after the last open stage won / reached, or
    none when nothing reached it; in the entered mode entered(next) / entered, which are not the same deals and may be more
    than 1. `probability`: of winning from here, 0..1, or none;
    `learned_from`: how many closed deals it comes from, none when it is the configured one.
    """

    stage: Stage
    count: int
    amount: int
    weighted: int
    reached: int
    open: int
    won: int
    lost: int
    step_rate: float | None
    probability: float | None
    learned_from: int | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance to win from a stage: `probability`, 0..1 or none, and the closed deals that it was learned from.

    `learned_from` is none as long as it is the one that the stage was configured with.
    """

    probability: float | None
    learned_from: int | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of one pipeline in one currency; deals in other currencies are counted, never added up.

    `entered` is the number of deals that reached the first stage (in the entered mode: that entered it), `overall_rate` =
    `entered_won` / `entered`, both of these very deals; `won` are all that were won, wherever they began. `others` gives the
    open sums of the other currencies, `won_others` the won ones.
    """

    mode: Mode
    pipeline: str
    currency: str
    stages: tuple[StageFigures, ...]
    won: Figure
    lost: Figure
    entered: int
    overall_rate: float | None
    others: tuple[tuple[str, Figure], ...] = ()
    won_others: tuple[tuple[str, Figure], ...] = ()

    @property
    def open(self) -> Figure:
        """All open deals together."""
        return Figure(sum(row.count for row in self.stages), sum(row.amount for row in self.stages))

    @property
    def entered_won(self) -> int:
        """How many of `entered` are won: all that were won, but in the entered mode those that entered the first stage."""
        return self.stages[0].won if self.stages else 0


EnteredCounts = dict[tuple[str, Outcome], int]
"""For the entered mode: the number of deals by a stage that they really visited and by their outcome."""


@dataclass(slots=True)
class _Reached:
    open: int = 0
    won: int = 0
    lost: int = 0

    def add(self, outcome: Outcome, count: int) -> None:
        """Count so many deals more of an outcome."""
        if outcome is Outcome.OPEN:
            self.open += count
        elif outcome is Outcome.WON:
            self.won += count
        elif outcome is Outcome.LOST:
            self.lost += count

    @property
    def all(self) -> int:
        """All of them: open, won and lost."""
        return self.open + self.won + self.lost


def compute(
    pipeline: Pipeline,
    tallies: Iterable[Tally],
    mode: Mode = Mode.STANDARD,
    entered: EnteredCounts | None = None,
    currency: str | None = None,
    chances: Mapping[str, Chance] | None = None,
) -> Funnel:
    """Give the funnel of `pipeline` from `tallies` of its deals; spam never counts.

    `entered` counts the deals by stage really visited: needed for the entered mode, where it stands in for "reached".
    `chances` are those of `chances_of`: to be given when the tallies are of some of the pipeline's deals only.
    Rule: "Standard funnel", "Conversion funnel" and "Reached" in the definitions; what a stay in a stage that was retired
    since counts for is told by `Pipeline.furthest`: no deal drops out of the funnel with it.
    """
    money = currency or pipeline.currency
    rows = [tally for tally in tallies if tally.outcome is not Outcome.SPAM]
    reached = _entered(pipeline, entered or {}) if mode is Mode.ENTERED else _reached(pipeline, rows)
    chances = chances_of(pipeline, rows) if chances is None else chances
    won, lost = _closed(rows, Outcome.WON, money), _closed(rows, Outcome.LOST, money)
    standing: dict[str, list[Tally]] = defaultdict(list)
    for tally in rows:
        if tally.outcome is Outcome.OPEN:
            standing[tally.stage].append(tally)
    stages = tuple(
        _figures(
            stage,
            standing.get(stage.key, []),
            reached[rank],
            reached[rank + 1].all if rank + 1 < len(reached) else reached[rank].won,
            chances[stage.key],
            money,
        )
        for rank, stage in enumerate(pipeline.open_stages)
    )
    first = reached[0] if reached else _Reached()
    overall = _rate(first.won, first.all)
    others, won_others = (_other_sums(rows, outcome, money) for outcome in (Outcome.OPEN, Outcome.WON))
    return Funnel(mode, pipeline.key, money, stages, won, lost, first.all, overall, others, won_others)


def chances_of(pipeline: Pipeline, tallies: Iterable[Tally]) -> dict[str, Chance]:
    """Give the chance to win from each open stage: by the pipeline's history, else as configured, else none.

    `tallies` are those of all its deals, whoever looks at whatever part of them: a rep's scope, a filter, a cohort or a
    group does not change what the pipeline has taught. Rule: "Stage probability" in the definitions (B7).
    """
    rows = [tally for tally in tallies if tally.outcome is not Outcome.SPAM]
    reached = _reached(pipeline, rows)
    all_won, all_lost = (
        sum(tally.count for tally in rows if tally.outcome is outcome) for outcome in (Outcome.WON, Outcome.LOST)
    )
    return {
        stage.key: Chance(
            probability_of(stage, its.won, its.lost, all_won, all_lost),
            its.won + its.lost if all_won + all_lost >= LEAST_CLOSED else None,
        )
        for stage, its in zip(pipeline.open_stages, reached, strict=True)
    }


def probability_of(stage: Stage, won: int, lost: int, all_won: int, all_lost: int) -> float | None:
    """Give the chance to win from `stage`, 0..1: by its history, else its configured default, else none."""
    learned = stage_probability(won, lost, all_won, all_lost)
    if learned is not None:
        return learned
    return None if stage.probability is None else stage.probability / 100


def add_up(rows: Iterable[tuple[str, str | None, Outcome, str, int | None, int, int]]) -> list[Tally]:
    """Give the tallies of deals counted by stage, reach, outcome, currency and own probability, in percent or none.

    A row ends with how many deals it is of, and the sum of their amounts. Weighed here and not by a database: the product
    of an amount and a percentage overflows its integers.
    """
    sums: dict[tuple[str, str | None, Outcome, str], list[int]] = {}
    for stage, reach, outcome, currency, percent, count, amount in rows:
        known = sums.setdefault((stage, reach, outcome, currency), [0, 0, 0, 0])
        known[0] += count
        known[1] += amount
        if percent is None:
            known[3] += amount
        else:
            known[2] += amount * percent
    return [Tally(*key, *figures) for key, figures in sums.items()]


def weigh(own_weighted: int, unweighted: int, probability: float | None) -> int:
    """Give the weighted sum in minor units, rounded half to even: own probabilities first, the stage's for the rest."""
    return round(Fraction(own_weighted, 100) + unweighted * Fraction(str(probability or 0)))


def _reached(pipeline: Pipeline, tallies: Iterable[Tally]) -> list[_Reached]:
    counts = [_Reached() for _ in pipeline.open_stages]
    for tally in tallies:
        rank = pipeline.rank(tally.reach) if tally.reach else None
        for passed in counts[: 0 if rank is None else rank + 1]:
            passed.add(tally.outcome, tally.count)
    return counts


def _entered(pipeline: Pipeline, entered: Mapping[tuple[str, Outcome], int]) -> list[_Reached]:
    counts = [_Reached() for _ in pipeline.open_stages]
    for rank, stage in enumerate(pipeline.open_stages):
        for outcome in Outcome:
            counts[rank].add(outcome, entered.get((stage.key, outcome), 0))
    return counts


def _figures(
    stage: Stage, standing: list[Tally], reached: _Reached, onward: int, chance: Chance, currency: str
) -> StageFigures:
    same = [tally for tally in standing if tally.currency == currency]
    return StageFigures(
        stage=stage,
        count=sum(tally.count for tally in standing),
        amount=sum(tally.amount for tally in same),
        weighted=weigh(
            sum(tally.own_weighted for tally in same), sum(tally.unweighted for tally in same), chance.probability
        ),
        reached=reached.all,
        open=reached.open,
        won=reached.won,
        lost=reached.lost,
        step_rate=_rate(onward, reached.all),
        probability=chance.probability,
        learned_from=chance.learned_from,
    )


def _closed(tallies: list[Tally], outcome: Outcome, currency: str) -> Figure:
    chosen = [tally for tally in tallies if tally.outcome is outcome]
    return Figure(
        sum(tally.count for tally in chosen), sum(tally.amount for tally in chosen if tally.currency == currency)
    )


def _other_sums(tallies: list[Tally], outcome: Outcome, currency: str) -> tuple[tuple[str, Figure], ...]:
    sums: dict[str, Figure] = {}
    for tally in tallies:
        if tally.outcome is outcome and tally.currency != currency:
            known = sums.get(tally.currency, Figure())
            sums[tally.currency] = Figure(known.count + tally.count, known.amount + tally.amount)
    return tuple(sorted(sums.items()))


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
