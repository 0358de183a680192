"""What a forecast is made from, summed by the database in two statements, and the deals behind it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.forecast_sums import ClosedSum, OpenSum
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, where, within
from funneltui.storage.whole_table import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODY = 0
"""Stands for deals without an owner, where those of one owner are asked for."""


def _of(scope: int | None, pipelines: Sequence[str], owner: int | None) -> Condition:
    condition = Condition(f"d.pipeline IN ({', '.join('?' * len(pipelines))})", tuple(pipelines)) & within(scope)
    if owner is None:
        return condition
    return condition & (Condition("d.owner_id IS NULL") if owner == NOBODY else Condition("d.owner_id = ?", (owner,)))


def _expected(first: date, last: date) -> Condition:
    days = (first.isoformat(), last.isoformat())
    return Condition("d.outcome = 'open' AND d.expected_close BETWEEN ? AND ?", days)


# The words of the partial index: SQLite does not infer them.
_CLOSED = "d.outcome IN ('won', 'lost')"


def open_sums(
    database: Database, scope: int | None, pipelines: Sequence[str], first: date, last: date, owner: int | None = None
) -> list[OpenSum]:
    """Give the sums of open deals that are expected to close within two days: of everybody, or of one owner's id."""
    condition = _expected(first, last) & _of(scope, pipelines, owner)
    source = in_order(database, "FROM deal d LEFT JOIN person o ON o.id = d.owner_id")
    rows = query(
        database,
        "SELECT substr(d.expected_close, 1, 7), o.name, d.pipeline, d.stage, d.currency, d.probability, count(*), "
        f"coalesce(sum(d.amount), 0) {source} {where(condition)} "
        "GROUP BY substr(d.expected_close, 1, 7), o.name, d.pipeline, d.stage, d.currency, d.probability",
        condition.values,
    )
    return [
        OpenSum(_month(month), owner, pipeline, stage, currency, percent, int(count), int(amount))
        for month, owner, pipeline, stage, currency, percent, count, amount in rows
    ]


def closed_sums(
    database: Database, scope: int | None, pipelines: Sequence[str], first: date, last: date, owner: int | None = None
) -> list[ClosedSum]:
    """Give the sums of all deals ever won or lost: of everybody, or of one owner's id.

    They are parted by month within two days, and put together, without a month, before and after. Read from one index; no
    row of a deal is loaded.
    """
    condition = Condition(_CLOSED) & _of(scope, pipelines, owner)
    month = "CASE WHEN d.closed_on BETWEEN ? AND ? THEN substr(d.closed_on, 1, 7) END"
    inner = (
        f"SELECT d.owner_id, d.outcome, d.currency, {month} AS month, count(*) AS deals, count(d.amount) AS priced, "
        f"coalesce(sum(d.amount), 0) AS amount FROM deal d {where(condition)} GROUP BY 1, 2, 3, 4"
    )
    rows = query(
        database,
        "SELECT s.month, o.name, s.outcome, s.currency, s.deals, s.priced, s.amount "
        f"FROM ({inner}) AS s LEFT JOIN person o ON o.id = s.owner_id",
        (first.isoformat(), last.isoformat(), *condition.values),
    )
    return [
        ClosedSum(_month(month) if month else None, owner, Outcome(outcome), currency, int(n), int(priced), int(amount))
        for month, owner, outcome, currency, n, priced, amount in rows
    ]


def behind(
    scope: int | None, pipelines: Sequence[str], first: date, last: date, owner: int | None = None, *, won: bool
) -> Condition:
    """Give the condition of the deals behind Won, or those behind Pipeline, within two days."""
    days = (first.isoformat(), last.isoformat())
    closed = Condition(f"d.outcome = 'won' AND {_CLOSED} AND d.closed_on BETWEEN ? AND ?", days)
    return (closed if won else _expected(first, last)) & _of(scope, pipelines, owner)


def _month(text: str) -> date:
    return date(int(text[:4]), int(text[5:7]), 1)
