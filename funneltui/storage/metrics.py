"""Narrow rows of deals and stays, each read in one statement: what figures of the past are computed from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.filters import Filter, Flag, Flags
from funneltui.domain.metrics import Fact, Stay
from funneltui.storage.collecting import no_collection
from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, DEAL_FROM, EVERYTHING, Condition, within
from funneltui.storage.filtering import condition as filtering_condition
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline

_NARROW = "FROM deal d LEFT JOIN person o ON o.id = d.owner_id"
# As `_make` does it, without a function of Python's around it: so many are made that it counts.
_MAKE_FACT: Callable[[Iterable[object]], Fact] = partial(tuple.__new__, Fact)
_MAKE_STAY: Callable[[Iterable[object]], Stay] = partial(tuple.__new__, Stay)
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@no_collection()
def facts(
    database: Database,
    scope: int | None,
    pipeline: Pipeline,
    today: date,
    zone: tzinfo | None,
    filtered: Condition,
    also: Condition = EVERYTHING,
    *,
    wide: bool = False,
) -> list[Fact]:
    """Give the facts of a pipeline's deals within a scope, of a condition if it has one; spam is left out.

    `also` is another condition, which asks of the deal's own row only and so needs no other table. Days are those of `zone`
    (the system's, if none is given); company and tags are read only if it is to be `wide`.
    """
    rots = filtering_condition(
        Filter(Flags((Flag.ROTTING,))), actor_id=0, today=today, zone=zone, pipelines=(pipeline,)
    )
    condition = _counted(pipeline, scope, filtered & also)
    more = "coalesce(c.name, ''), d.tags" if wide else "'', ''"
    rows = query(
        database,
        "SELECT d.number, d.outcome, d.stage, d.reach, d.currency, d.amount, d.probability, d.created, d.closed_on, "
        f"d.stage_entered, o.name, d.source, d.reason, CASE WHEN {rots.sql} THEN 1 ELSE 0 END, {more} "
        f"{DEAL_FROM if wide or filtered.sql else _NARROW} WHERE {condition.sql} ORDER BY d.number",
        (*rots.values, *condition.values),
    )
    if not rows:
        return []
    columns: list[Iterable[object]] = list(zip(*rows, strict=True))
    created, entered = ([row[place] for row in rows] for place in (7, 9))
    days = _Days(zone, min(created), max(created + entered))
    columns[1] = [_OUTCOMES[row[1]] for row in rows]
    columns[7], columns[9] = days.of(created), days.of(entered)
    columns[8] = [None if row[8] is None else date.fromisoformat(row[8]) for row in rows]
    columns[13] = [row[13] == 1 for row in rows]
    return list(map(_MAKE_FACT, zip(*columns, strict=True)))


@no_collection()
def stays(
    database: Database,
    scope: int | None,
    pipeline: Pipeline,
    zone: tzinfo | None,
    filtered: Condition,
    also: Condition = EVERYTHING,
) -> list[Stay]:
    """Give the stays that have ended of those very deals in stages of their pipeline, in the order in which they began."""
    condition = _counted(pipeline, scope, filtered & also)
    rows = query(
        database,
        f"SELECT v.deal, v.stage, v.left_at, v.seconds {_visits(filtered)} "
        f"WHERE v.pipeline IS NULL AND v.left_at IS NOT NULL AND {condition.sql} ORDER BY v.id",
        condition.values,
    )
    if not rows:
        return []
    columns: list[Iterable[object]] = list(zip(*rows, strict=True))
    left = [row[2] for row in rows]
    columns[2] = _Days(zone, min(left), max(left)).of(left)
    return list(map(_MAKE_STAY, zip(*columns, strict=True)))


def visited(
    database: Database, scope: int | None, pipeline: Pipeline, filtered: Condition, also: Condition = EVERYTHING
) -> dict[int, set[str]]:
    """Give the keys of the stages of their pipeline that those very deals ever entered, by number."""
    condition = _counted(pipeline, scope, filtered & also)
    found: dict[int, set[str]] = {}
    rows = query(
        database,
        f"SELECT DISTINCT v.deal, v.stage {_visits(filtered)} WHERE v.pipeline IS NULL AND {condition.sql}",
        condition.values,
    )
    for deal, stage in rows:
        found.setdefault(deal, set()).add(stage)
    return found


def _visits(filtered: Condition) -> str:
    return (
        f"{DEAL_FROM} JOIN visit v ON v.deal = d.number"
        if filtered.sql
        else "FROM visit v JOIN deal d ON d.number = v.deal"
    )


def _counted(pipeline: Pipeline, scope: int | None, filtered: Condition) -> Condition:
    # Most of the table is wanted, whose rows are wide: read in their own order it takes half as long as by an index, which
    # SQLite would go by if the pipeline were compared as it is.
    there = Condition(f"coalesce(d.pipeline, '') = ? AND {COUNTED.sql}", (pipeline.key,))
    return there & within(scope) & filtered


class _Days:
    """The days of a zone in which moments lie, by their starts: there can be a great many moments."""

    def __init__(self, zone: tzinfo | None, first: int, last: int) -> None:
        day = from_micros(first).astimezone(zone).date() - timedelta(days=1)
        count = (from_micros(last).astimezone(zone).date() - day).days + 1
        self._days = [day + timedelta(days=by) for by in range(count)]
        self._starts = [to_micros(datetime.combine(one, time.min, tzinfo=zone).astimezone(UTC)) for one in self._days]

    def of(self, moments: Iterable[int]) -> list[date]:
        """Give the day of each of these moments."""
        days, starts = self._days, self._starts
        return [days[bisect_right(starts, moment) - 1] for moment in moments]
