"""What chances are learned from and given for: pasts of closed deals, and how open ones stand; a few narrow queries."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from funneltui.domain.chance_history import ClosedDeal, Facts, Past, Stay
from funneltui.storage.database import Database, query
from funneltui.storage.deals import DEAL_FROM, EVERYTHING, Condition, where, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.domain.chance_model import Model

_HOLDS = "coalesce((SELECT g.state FROM change g WHERE g.id = e.change), 'done') IN ('done', 'sealed')"
"""That a contact was not undone since."""

_CHANGED = "e.kind NOT IN ('created', 'noted', 'contacted', 'followed_up') AND (" + " OR ".join(
    f"e.data LIKE '%\"{name}\":%'" for name in Facts._fields
) + ")"  # fmt: skip
"""That an event may have changed a fact: each is read in full, the others are not."""

_CAME_CLOSED = (
    "e.kind = 'created' AND NOT EXISTS (SELECT 1 FROM event f WHERE f.deal = e.deal AND f.kind IN ('won', 'lost') "
    "AND f.change <> e.change) AND (e.data LIKE '%\"imported\":%' "
    "OR NOT EXISTS (SELECT 1 FROM event f WHERE f.deal = e.deal AND f.kind IN ('won', 'lost')))"
)
"""That a deal was closed by the very change that added it: what its file says of its worth was written after the end, and
gives it away.
"""


def before(day: str) -> Condition:
    """Give the condition of the deals that closed before a day (ISO)."""
    return Condition("d.closed_on < ?", (day,))


def open_then(day: str, moment: int) -> Condition:
    """Give the condition of the deals created before a moment, the beginning of a day, that closed on that day or later."""
    return Condition("d.closed_on >= ? AND d.created < ?", (day, moment))


class Closed(NamedTuple):
    """A closed deal's number, and its amount as it stands."""

    number: int
    currency: str
    amount: int | None


def closing_order(database: Database, pipeline: str, chosen: Condition = EVERYTHING) -> list[Closed]:
    """Give the closed deals of a pipeline in the order in which they closed."""
    condition = _closed(pipeline) & chosen
    sql = f"SELECT d.number, d.currency, d.amount FROM deal d {where(condition)} ORDER BY d.closed_on, d.number"
    return [Closed(*row) for row in query(database, sql, condition.values)]


def _closed(pipeline: str) -> Condition:
    return Condition("d.pipeline = ? AND d.outcome IN ('won', 'lost')", (pipeline,))


def _numbered(pipeline: str, first: int, last: int) -> Condition:
    # A few neighbours are found by their numbers: SQLite would go through the whole pipeline's index for them (hence "||").
    return Condition(
        "d.number BETWEEN ? AND ? AND d.pipeline || '' = ? AND d.outcome IN ('won', 'lost')", (first, last, pipeline)
    )


def closed_deals(
    database: Database,
    pipeline: str,
    chosen: Condition = EVERYTHING,
    *,
    numbers: tuple[int, int] | None = None,
    scope: int | None = None,
) -> list[ClosedDeal]:
    """Give the closed deals of a pipeline with their pasts: with numbers from one to another, or of one owner, if given."""
    closed = _closed(pipeline) if numbers is None else _numbered(pipeline, *numbers)
    condition = closed & within(scope) & chosen
    clause, values = where(condition), condition.values
    deals = query(
        database,
        "SELECT d.number, d.closed_on, d.outcome, d.reach, d.source, o.name, d.amount, d.currency "
        f"FROM deal d LEFT JOIN person o ON o.id = d.owner_id {clause}",
        values,
    )
    stays: dict[int, list[Stay]] = defaultdict(list)
    visits = (
        "SELECT v.stage, v.entered, v.left_at, v.deal FROM visit v JOIN deal d ON d.number = v.deal "
        f"{clause} AND v.pipeline IS NULL AND v.left_at IS NOT NULL ORDER BY v.entered, v.id"
    )
    for stage, entered, left, number in query(database, visits, values):
        stays[number].append(Stay(stage, entered, left))
    told = _Told.read(database, clause, values)
    return [
        ClosedDeal(number, closed_on, outcome == "won", reach, told.past(number, stays[number], Facts(*facts)))
        for number, closed_on, outcome, reach, *facts in deals
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What events tell of deals: the facts that changed, the contacts, and which deals were closed when they were added."""

    changed: dict[int, list[tuple[int, dict[str, Any]]]]
    contacts: dict[int, list[int]]
    came_closed: frozenset[int]

    @classmethod
    def read(cls, database: Database, clause: str, values: Sequence[object]) -> _Told:
        """Read the events of the deals of a WHERE clause."""
        source = f"FROM event e JOIN deal d ON d.number = e.deal {clause}"
        changed: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        for deal, at, data in query(
            database, f"SELECT e.deal, e.at, e.data {source} AND {_CHANGED} ORDER BY e.id", values
        ):
            changed[deal].append((at, json.loads(data).get("before", {})))
        contacts: dict[int, list[int]] = defaultdict(list)
        logged = f"SELECT e.deal, e.at {source} AND e.kind = 'contacted' AND {_HOLDS} ORDER BY e.at"
        for deal, at in query(database, logged, values):
            contacts[deal].append(at)
        came = query(database, f"SELECT e.deal {source} AND {_CAME_CLOSED}", values)
        return cls(changed, contacts, frozenset(deal for (deal,) in came))

    def past(self, number: int, stays: Iterable[Stay], last: Facts) -> Past:
        """Give a deal's past from its stays and what is known of it last."""
        facts = [(0, last)]
        for at, earlier in reversed(self.changed.get(number, ())):
            known = {name: earlier[name] for name in Facts._fields if name in earlier}
            if known:
                facts[-1] = (at, facts[-1][1])
                facts.append((0, facts[-1][1]._replace(**known)))
        if number in self.came_closed:
            hidden = [(at, one._replace(amount=None, currency=None)) for at, one in reversed(facts)]
            return Past(tuple(stays), tuple(hidden), None)
        return Past(tuple(stays), tuple(reversed(facts)), tuple(self.contacts.get(number, ())))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an open deal stands now; `own` is its own probability in percent, moments are microseconds as stored."""

    number: int
    stage: str
    entered: int
    own: int | None
    contacts: int
    facts: Facts


def standing(
    database: Database, scope: int | None, pipeline: str, numbers: Sequence[int] | None = None
) -> list[Standing]:
    """Give how the open deals of a pipeline stand, or those of these numbers, in the order of their numbers."""
    return [one for some in _in_parts(numbers) for one in _standing(database, scope, pipeline, some)]


def standing_after(database: Database, scope: int | None, pipeline: str, number: int, size: int) -> list[Standing]:
    """Give how open deals of a pipeline stand, in the order of their numbers: at most so many, behind a number."""
    return _standing(database, scope, pipeline, Condition("d.number > ?", (number,)), f"LIMIT {int(size)}")


def _standing(database: Database, scope: int | None, pipeline: str, some: Condition, limit: str = "") -> list[Standing]:
    here = Condition("d.pipeline = ? AND d.outcome = 'open'", (pipeline,)) & within(scope) & some
    contacts = f"(SELECT count(*) FROM event e WHERE e.deal = d.number AND e.kind = 'contacted' AND {_HOLDS})"
    rows = query(
        database,
        f"SELECT d.number, d.stage, d.stage_entered, d.probability, {contacts}, d.source, o.name, d.amount, d.currency "
        f"FROM deal d LEFT JOIN person o ON o.id = d.owner_id {where(here)} ORDER BY d.number {limit}",
        here.values,
    )
    return [
        Standing(number, stage, entered, own, contacted, Facts(*facts))
        for number, stage, entered, own, contacted, *facts in rows
    ]


def numbers(database: Database, condition: Condition) -> list[int]:
    """Give the numbers of the deals of a condition."""
    return [
        number for (number,) in query(database, f"SELECT d.number {DEAL_FROM} {where(condition)}", condition.values)
    ]


def _in_parts(numbers: Sequence[int] | None) -> list[Condition]:
    if numbers is None:
        return [EVERYTHING]
    parts = (sorted(set(numbers))[start : start + 500] for start in range(0, len(set(numbers)), 500))
    return [Condition(f"d.number IN ({', '.join('?' * len(part))})", tuple(part)) for part in parts]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A model with the place in the history at which it was learned: the last event, and the count of pipelines' changes."""

    event: int
    pipelines: int
    model: Model


def kept(database: Database, pipeline: str, pipelines: int) -> Model | None:
    """Give the model that was kept of a pipeline, if no closed deal has come, gone or changed since; two cheap questions.

    Notes, contacts and whatever happens to open deals leave it as it is. `pipelines` is the count of the pipelines' changes.
    """
    models = vars(database).setdefault("chance_models", {})
    known: _Kept | None = models.get(pipeline)
    if known is None or known.pipelines != pipelines:
        return None
    newest = newest_event(database)
    if newest != known.event:
        changed = query(
            database,
            "SELECT 1 FROM event e JOIN deal d ON d.number = e.deal WHERE e.id > ? AND (d.outcome IN ('won', 'lost') "
            "AND e.kind NOT IN ('noted', 'followed_up') OR e.kind IN ('reopened', 'spam', 'restored', 'undone', 'redone')) "
            "LIMIT 1",
            (known.event,),
        )
        if changed or newest < known.event:
            return None
        models[pipeline] = _Kept(newest, pipelines, known.model)
    return known.model


def newest_event(database: Database) -> int:
    """Give the number of the newest event: the place in the history."""
    return int(query(database, "SELECT coalesce(max(id), 0) FROM event")[0][0])


def keep(database: Database, pipelines: int, event: int, model: Model) -> None:
    """Keep a model for as long as the connection lives; `event` is the newest one that it was learned from."""
    vars(database).setdefault("chance_models", {})[model.pipeline] = _Kept(event, pipelines, model)
