"""The closed deals of a pipeline counted once, by block of the history, stage and traits: all that learning looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain.chance_traits import LEARNED, Trait
from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.chance_history import ClosedDeal, Moment
    from funneltui.domain.chance_traits import Classes, Value
    from funneltui.domain.pipeline import Pipeline

BLOCKS = 6
"""Into how many blocks a history is cut: the first is its older half, the others share the later one."""

_LEAST_CLOSED = 30
"""With fewer closed deals the blocks of the later half are too small to judge anything by."""

Cell: TypeAlias = "tuple[int, tuple[Value, ...]]"
"""A kind of moment: the place of its stage, and the value of every trait."""

Cells: TypeAlias = dict[Cell, list[float]]
"""For each kind of moment how many deals had it, and how many of them were won; a deal's moments add up to one."""


def place_in(pipeline: Pipeline, stage: str | None) -> int:
    """Give the place of a stage among the open ones; that of a retired one, or of a sale, is where it counts as reached."""
    return min(pipeline.places.get(stage or "", 0), len(pipeline.open_stages) - 1)


@dataclass(slots=True)
class Tables:
    """The counts of `count` closed deals, each by the block of the history that the deal closed in; filled by `take`.

    `reached`: deals by how far they got and whether they were won; `stood`: deals by a stage that they really stood in, and
    whether they were won. `by_trait`: for each trait how many deals had a value in a stage, and how many of them were won.
    `cells`: the kinds of moments of each block.
    """

    pipeline: Pipeline
    classes: Classes
    count: int
    won: int = 0
    reached: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    stood: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    by_trait: dict[Trait, dict[tuple[int, int, Value], list[float]]] = field(
        default_factory=lambda: {trait: {} for trait in LEARNED}
    )
    cells: list[Cells] = field(default_factory=lambda: [{} for _ in range(BLOCKS)])
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stages = self.pipeline.stages + self.pipeline.retired.stages
        self._places.update((one.key, place_in(self.pipeline, one.key)) for one in stages if one.kind is StageKind.OPEN)

    @property
    def can_be_judged(self) -> bool:
        """Whether there are enough deals that later ones can tell what earlier ones were worth."""
        return self.count >= _LEAST_CLOSED

    def take(self, rank: int, deal: ClosedDeal) -> None:
        """Count a deal; `rank` is its place in the order in which all closed, from 0."""
        half, won = self.count // 2, deal.won
        block = 0 if rank < half else 1 + (rank - half) * (BLOCKS - 1) // (self.count - half)
        reach = len(self.pipeline.open_stages) - 1 if won else place_in(self.pipeline, deal.reach)
        self.won += won
        self.reached[block, reach, won] = self.reached.get((block, reach, won), 0) + 1
        moments = [moment for moment in deal.past.moments() if moment.stage in self._places]
        for place in {self._places[moment.stage] for moment in moments}:
            self.stood[block, place, won] = self.stood.get((block, place, won), 0) + 1
        self._count_moments(block, moments, won=won)

    def _count_moments(self, block: int, moments: Sequence[Moment], *, won: bool) -> None:
        cells, ages = self.cells[block], self.by_trait[Trait.AGE]
        seen = set()
        for moment in moments:
            place, values = self._places[moment.stage], self.classes.values(moment)
            known = cells.setdefault((place, values), [0.0, 0.0])
            known[0] += 1 / len(moments)
            known[1] += won / len(moments)
            if values[0] not in seen:
                # How long it stood there counts in full: of the deals that came so far, all are asked how they ended.
                seen.add(values[0])
                age = ages.setdefault((block, place, values[0]), [0.0, 0.0])
                age[0] += 1
                age[1] += won

    def sum_up(self) -> None:
        """Count the deals by each other trait alone, once all were taken."""
        for block, cells in enumerate(self.cells):
            for (place, values), (n, won) in cells.items():
                for trait, value in zip(LEARNED, values, strict=True):
                    if trait is not Trait.AGE and value is not None:
                        known = self.by_trait[trait].setdefault((block, place, value), [0.0, 0.0])
                        known[0] += n
                        known[1] += won
