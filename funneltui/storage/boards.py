"""What a board shows, in a fixed number of statements: windows of lanes, tallies for totals and funnels, what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.funnel import EnteredCounts, Tally, add_up
from funneltui.domain.pipeline import StageKind
from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, DEAL_FROM, EVERYTHING, Condition, select, where, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.pipeline import Stage


class Sort(StrEnum):
    """The orders in which a lane can stand."""

    DUE = "due"
    AMOUNT = "amount"
    TITLE = "title"
    AGE = "age"
    CREATED = "created"


_OPEN_ORDER = {
    Sort.DUE: "d.due_on, d.number",
    Sort.AMOUNT: "coalesce(d.amount, -1) DESC, d.number",
    Sort.TITLE: "d.search, d.number",
    Sort.AGE: "d.stage_entered, d.number",
    Sort.CREATED: "d.created DESC, d.number DESC",
}
_CLOSED_ORDER = _OPEN_ORDER | {
    Sort.DUE: "d.closed_on DESC, d.number DESC",
    Sort.AGE: "d.stage_entered DESC, d.number DESC",
}


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a lane: the deals from place `start` on."""

    start: int
    deals: tuple[Deal, ...]


def _lane(pipeline: str, stage: Stage, scope: int | None, filtered: Condition) -> Condition:
    # The outcome stands in the SQL and not among the values, so that the partial indexes apply.
    outcome = f"d.outcome = '{stage.kind.value}'"
    if stage.kind is not StageKind.OPEN:
        outcome += " AND d.outcome IN ('won', 'lost')"  # the words of the partial index: SQLite does not infer them
    standing = Condition(f"d.pipeline = ? AND d.stage = ? AND {outcome}", (pipeline, stage.key))
    return standing & within(scope) & filtered


def _order(stage: Stage, sort: Sort) -> str:
    return (_OPEN_ORDER if stage.kind is StageKind.OPEN else _CLOSED_ORDER)[sort]


def window(
    database: Database,
    scope: int | None,
    pipeline: str,
    stage: Stage,
    start: int,
    size: int,
    sort: Sort = Sort.DUE,
    filtered: Condition = EVERYTHING,
) -> Window:
    """Give `size` deals of a lane from place `start` on, in its order."""
    condition, order = _lane(pipeline, stage, scope, filtered), _order(stage, sort)
    if not filtered.sql:
        # The numbers alone are found on the index; only the deals of the window are then read with what belongs to them.
        numbers = (
            f"SELECT d.number FROM deal d {where(condition)} ORDER BY {order} LIMIT {int(size)} OFFSET {int(start)}"
        )
        chosen = Condition(f"d.number IN (SELECT number FROM ({numbers}) AS chosen)", condition.values)
        return Window(start, tuple(select(database, chosen, order)))
    return Window(start, tuple(select(database, condition, order, size, start)))


def place_of(
    database: Database,
    scope: int | None,
    pipeline: str,
    stage: Stage,
    number: int,
    sort: Sort = Sort.DUE,
    filtered: Condition = EVERYTHING,
) -> int | None:
    """Give the place of a deal within its lane, from 0, or none when it does not stand there."""
    condition = _lane(pipeline, stage, scope, filtered)
    needs_joins = filtered.sql or sort not in (Sort.DUE,)
    source = DEAL_FROM if needs_joins else "FROM deal d"
    here = query(
        database,
        f"SELECT d.due_on, d.closed_on {source} {where(condition & Condition('d.number = ?', (number,)))}",
        (*condition.values, number),
    )
    if not here:
        return None
    if sort is Sort.DUE:
        before = (
            Condition("(d.due_on, d.number) < (?, ?)", (here[0][0], number))
            if stage.kind is StageKind.OPEN
            else Condition("(d.closed_on, d.number) > (?, ?)", (here[0][1], number))
        )
        both = condition & before
        return int(query(database, f"SELECT count(*) {source} {where(both)}", both.values)[0][0])
    place = f"row_number() OVER (ORDER BY {_order(stage, sort)})"
    ranked = f"SELECT d.number AS number, {place} AS place {source} {where(condition)}"
    rows = query(database, f"SELECT place FROM ({ranked}) AS ranked WHERE number = ?", (*condition.values, number))
    return int(rows[0][0]) - 1 if rows else None


def versions(
    database: Database, scope: int | None, pipeline: str, stage: Stage, filtered: Condition = EVERYTHING
) -> dict[int, int]:
    """Give the versions of all deals of a lane, by number."""
    condition = _lane(pipeline, stage, scope, filtered)
    return dict(query(database, f"SELECT d.number, d.version {DEAL_FROM} {where(condition)}", condition.values))


def tallies(database: Database, scope: int | None, pipeline: str, filtered: Condition = EVERYTHING) -> list[Tally]:
    """Give how many deals stand where and got how far, with their sums: the source of lane totals and both funnels.

    Read from one covering index; no row of a deal is loaded. Spam is left out.
    """
    condition = Condition(f"d.pipeline = ? AND {COUNTED.sql}", (pipeline,)) & within(scope) & filtered
    source = DEAL_FROM if filtered.sql else "FROM deal d"
    rows = query(
        database,
        "SELECT d.stage, d.reach, d.outcome, d.currency, d.probability, count(*), coalesce(sum(d.amount), 0) "
        f"{source} {where(condition)} GROUP BY d.outcome, d.stage, d.reach, d.currency, d.probability",
        condition.values,
    )
    return add_up(
        (stage, reach, Outcome(outcome), currency, percent, int(n), int(amount))
        for stage, reach, outcome, currency, percent, n, amount in rows
    )


def entered_counts(
    database: Database, scope: int | None, pipeline: str, filtered: Condition = EVERYTHING
) -> EnteredCounts:
    """Give the number of deals by stage that they really visited and by outcome; spam is left out."""
    condition = (
        Condition("d.pipeline = ? AND d.outcome NOT IN ('spam', 'undone')", (pipeline,)) & within(scope) & filtered
    )
    source = DEAL_FROM if filtered.sql else "FROM deal d"
    rows = query(
        database,
        f"SELECT v.stage, d.outcome, count(DISTINCT v.deal) {source} "
        "JOIN visit v ON v.deal = d.number AND v.pipeline IS NULL "
        f"{where(condition)} GROUP BY v.stage, d.outcome",
        condition.values,
    )
    return {(stage, Outcome(outcome)): int(n) for stage, outcome, n in rows}


@dataclass(frozen=True, slots=True)
class Due:
    """What wants attention: the deals by their date, the first ones of each kind, and how many there are."""

    deals: tuple[Deal, ...]
    overdue: int
    today: int
    soon: int


def due(
    database: Database,
    scope: int | None,
    pipelines: Sequence[str],
    today: date,
    days: int = 7,
    limit: int | None = 200,
    filtered: Condition = EVERYTHING,
) -> Due:
    """Give the deals that are overdue, due today, or due within `days`, the oldest date first (F2)."""
    last = (today + timedelta(days=days)).isoformat()
    marks = ", ".join("?" * len(pipelines))
    due = Condition(f"d.pipeline IN ({marks}) AND d.due_on IS NOT NULL AND d.due_on <= ?", (*pipelines, last))
    condition = due & within(scope) & filtered
    source = DEAL_FROM if filtered.sql else "FROM deal d"
    sql = f"SELECT d.due_on, count(*) {source} {where(condition)} GROUP BY d.due_on"
    counts: Counter[str] = Counter()
    for day, n in query(database, sql, condition.values):
        counts["overdue" if day < today.isoformat() else "today" if day == today.isoformat() else "soon"] += int(n)
    deals = select(database, condition, "d.due_on, d.number", limit)
    return Due(tuple(deals), counts["overdue"], counts["today"], counts["soon"])
