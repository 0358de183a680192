"""What is asked of a workspace in this process, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.figures import middle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.services.context import Context

_LEAST_SECONDS = 0.25
"""A query is repeated until it has taken so long, and three times at least."""

Statement = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """One thing that is asked; `plain` the least SQL that finds as much, if there is such a thing."""

    name: str
    ours: Callable[[], object]
    plain: Sequence[Statement] = ()


def tally(pipeline: str) -> Statement:
    """Give the plain SQL of a funnel."""
    sql = "SELECT outcome, stage, reach, count(*), sum(amount) FROM deal WHERE pipeline = ? GROUP BY 1, 2, 3"
    return sql, (pipeline,)


def plain_seconds(context: Context, statements: Sequence[Statement]) -> float:
    """Give how long statements take together, with the driver's own cursor."""
    cursor = context.database.cursor()
    return seconds(lambda: [cursor.execute(sql, values).fetchall() for sql, values in statements])


def seconds(run: Callable[[], object]) -> float:
    """Give how long something takes: the median of several times."""
    run()
    found: list[float] = []
    while len(found) < 3 or sum(found) < _LEAST_SECONDS:
        start = perf_counter()
        run()
        found.append(perf_counter() - start)
    return middle(found)
