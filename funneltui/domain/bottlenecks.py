"""Where the trouble is (A5, E5): deals that are stuck, empty spots, inflow against closings; in numbers and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.figure_sums import Standing
    from funneltui.domain.metrics import Spread, StageTime
    from funneltui.domain.pipeline import Pipeline, Stage

LEAST_STAYS = 5
"""Under so many stays that ended a stage has no usual time."""

WEEKS = 13
"""So many weeks, a quarter, inflow and closings are told of unless a period is asked for."""


@dataclass(frozen=True, slots=True)
class Week:
    """What came in and what closed in the week that begins on `monday`."""

    monday: date
    created: int
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """The deals that stand in a stage now: how many, and how many of them longer than `limit` days (none: no limit known).

    `usual` tells that the limit is twice the median of `n` stays that ended; else it is the stage's own for rotting.
    """

    stage: Stage
    count: int
    too_long: int
    limit: Fraction | None
    usual: bool
    n: int


def weeks_from(first: date, last: date) -> tuple[date, date]:
    """Give the first and the last day of the weeks, Monday to Sunday, from that of `first` to that of `last`."""
    return _monday(first), _monday(last) + timedelta(days=6)


def weekly(
    created: Mapping[date, int], closed: Mapping[tuple[date, Outcome], int], first: date, last: date
) -> tuple[Week, ...]:
    """Give inflow and closings by week, Monday to Sunday, from the week of `first` to that of `last` (E5).

    `created` counts deals by their day, `closed` by day and outcome.
    """
    begun, ended = Counter[date](), Counter[tuple[date, Outcome]]()
    for day, count in created.items():
        begun[_monday(day)] += count
    for (closed_on, outcome), count in closed.items():
        ended[_monday(closed_on), outcome] += count
    weeks = []
    monday = _monday(first)
    while monday <= last:
        weeks.append(Week(monday, begun[monday], ended[monday, Outcome.WON], ended[monday, Outcome.LOST]))
        monday += timedelta(weeks=1)
    return tuple(weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def empty_spots(pipeline: Pipeline, standing: Iterable[Standing]) -> tuple[Stage, ...]:
    """Give the open stages in which no deal stands (E5)."""
    taken = {one.stage for one in standing}
    return tuple(stage for stage in pipeline.open_stages if stage.key not in taken)


def crowds(
    pipeline: Pipeline, standing: Iterable[Standing], times: Mapping[str, StageTime], today: date
) -> tuple[Crowd, ...]:
    """Give the deals of each open stage, and how many have been there too long.

    Rule: too long is more than twice the median of the latest stays that ended, if at least `LEAST_STAYS` did; else longer
    than the stage's limit for rotting, if it has one.
    """
    ages: dict[str, Counter[int]] = {}
    for one in standing:
        ages.setdefault(one.stage, Counter())[(today - one.entered).days] += one.deals
    found = []
    for stage in pipeline.open_stages:
        ended, here = times[stage.key].latest, ages.get(stage.key, Counter())
        usual = ended.n >= LEAST_STAYS and bool(ended.median)
        limit = _limit(stage, ended, usual=usual)
        too_long = 0 if limit is None else sum(count for age, count in here.items() if age > limit)
        found.append(Crowd(stage, here.total(), too_long, limit, usual, ended.n))
    return tuple(found)


def _limit(stage: Stage, ended: Spread, *, usual: bool) -> Fraction | None:
    if usual and ended.median is not None:
        return 2 * ended.median
    return Fraction(stage.rot_days) if stage.rot_days else None


def stuck(found: Sequence[Crowd]) -> str:
    """Say where deals get stuck, with the numbers (A5): few at the top, many too long further on; or that nothing is.

    Rules: there are few at the top if the first stage holds fewer deals than the fullest one after it. Deals are stuck in
    the stage, the first aside unless it is the only one with any, in which most of them have been too long.
    """
    if not any(crowd.count for crowd in found):
        return "No deal is open."
    said = []
    top, later = found[0], found[1:]
    fullest = max(later, key=lambda crowd: crowd.count, default=top)
    if fullest.count > top.count:
        said.append(f"Few at the top: {top.count:,} in {top.stage.name}, {fullest.count:,} in {fullest.stage.name}.")
    slow = max(later, key=lambda crowd: crowd.too_long, default=top)
    slow = slow if slow.too_long else top
    if slow.too_long and slow.limit is not None:
        why = f"twice the median, n {slow.n:,}" if slow.usual else "its limit for rotting"
        many = "1 deal of" if slow.too_long == 1 else f"{slow.too_long:,} of"
        verb = "has" if slow.too_long == 1 else "have"
        said.append(
            f"Too long in {slow.stage.name}: {many} {slow.count:,} {verb} been there over {float(slow.limit):.0f} d ({why})."
        )
    return (
        " ".join(said)
        or "Nothing is stuck: no stage after the first holds more than it, nobody has been too long in one."
    )


def inflow(weeks: Sequence[Week]) -> str:
    """Say whether new deals come in as fast as deals close (E5), with the numbers."""
    created, closed = sum(week.created for week in weeks), sum(week.won + week.lost for week in weeks)
    span = "1 week" if len(weeks) == 1 else f"{len(weeks)} weeks"
    if not created and not closed:
        return f"In {span} nothing came in and nothing closed."
    pace = "slower than" if created < closed else "faster than" if created > closed else "as fast as"
    return f"In {span} {created:,} came in and {closed:,} closed: new deals come in {pace} deals close."
