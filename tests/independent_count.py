"""A second opinion on funnels and histories: plain Python over raw rows, by the definitions of the product's contract.

Nothing of funneltui is imported, so that an error in its arithmetic cannot be repeated here.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Row = dict[str, Any]
"""A row by the names of its columns."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TURNS = ("undone", "redone")
_DERIVED = ("number", "version", "touched", "due_on", "search")
"""What no event keeps of a deal: its number, what counts the events, and what follows from its other fields."""


class Contradiction(AssertionError):
    """The rows do not tell one story."""


@dataclass(frozen=True, slots=True)
class Stages:
    """A pipeline as it is counted: the keys of its open stages in order with their default percent, won and lost ones."""

    open: dict[str, int]
    won: tuple[str, ...]
    lost: tuple[str, ...]

    def outcome(self, stage: str) -> str:
        """Give what a stage says of a deal that stands in it."""
        return "won" if stage in self.won else "lost" if stage in self.lost else "open"


@dataclass(slots=True)
class Rows:
    """A workspace at one moment: its deals with their visits and events, and everything as it came, to be compared."""

    deals: dict[int, Row]
    visits: dict[int, list[Row]]
    events: dict[int, list[Row]]
    changes: list[Row]
    people: dict[int, str]
    tables: dict[str, list[tuple[Any, ...]]]

    def owner(self, number: int) -> str | None:
        """Give the name of a deal's owner."""
        return self.people.get(self.deals[number]["owner_id"])

    def there(self, owner: str | None = None) -> list[int]:
        """Give the numbers of the deals whose adding was not undone, of one owner or of all."""
        return [
            number
            for number, deal in sorted(self.deals.items())
            if deal["outcome"] != "undone" and owner in (None, self.owner(number))
        ]


def read(run: Callable[[str], Iterable[tuple[Any, ...]]], columns: Mapping[str, Sequence[str]]) -> Rows:
    """Read tables whole, given by the names of their columns, with `run`, which gives what a statement of SQL finds."""
    found = {
        table: [dict(zip(names, row, strict=True)) for row in run(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1")]
        for table, names in columns.items()
    }
    tables = {table: [tuple(row.values()) for row in rows] for table, rows in found.items()}
    companies = {row["id"]: row["name"] for row in found["company"]}
    contacts = {row["id"]: row for row in found["contact"]}
    for deal in found["deal"]:
        contact = contacts.get(deal["contact_id"], {})
        deal |= {"company": companies.get(deal["company_id"], ""), "contact": contact.get("name", "")}
        deal |= {name: contact.get(name, "") for name in ("email", "phone")}
    for event in found["event"]:
        event["data"] = json.loads(event["data"])
    return Rows(
        {deal["number"]: deal for deal in found["deal"]},
        _by_deal(found["visit"], found["deal"]),
        _by_deal(found["event"], found["deal"]),
        found["change"],
        {row["id"]: row["name"] for row in found["person"]},
        tables,
    )


def _by_deal(rows: Iterable[Row], deals: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {deal["number"]: [] for deal in deals}
    for row in rows:
        found[row["deal"]].append(row)
    return found


@dataclass(slots=True)
class StageCount:
    """One open stage: how many stand there and got so far, by what they are now, and the sums of those that stand there."""

    standing: int = 0
    amounts: Counter[str] = field(default_factory=Counter)
    weighted: Fraction = Fraction(0)
    reached: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Count:
    """A funnel: its open stages, and the closed deals with their sums by currency."""

    stages: dict[str, StageCount]
    closed: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Counter[str]] = field(default_factory=lambda: {"won": Counter(), "lost": Counter()})


def funnel(rows: Rows, stages: Stages, currency: str, owner: str | None = None) -> Count:
    """Count a funnel; weighted sums are in `currency`, by the deal's own probability or the stage's default.

    Rules: "Reached", "Standard funnel", "Conversion funnel"; spam never counts. The probability that is learned from
    20 closed deals on is not known here.
    """
    found = Count({key: StageCount() for key in stages.open})
    for number in rows.there(owner):
        deal, outcome = rows.deals[number], rows.deals[number]["outcome"]
        if outcome == "spam":
            continue
        visited = {visit["stage"] for visit in rows.visits[number]}
        for place, key in enumerate(stages.open):
            at_least = {*list(stages.open)[place:], *stages.won}
            found.stages[key].reached[outcome] += bool(visited & at_least)
            found.stages[key].entered[outcome] += key in visited
        amount, own = deal["amount"] or 0, deal["probability"]
        if outcome == "open":
            here = found.stages[deal["stage"]]
            here.standing += 1
            here.amounts[deal["currency"]] += amount
            percent = stages.open[deal["stage"]] if own is None else own
            here.weighted += Fraction(amount * percent, 100) if deal["currency"] == currency else 0
        else:
            found.closed[outcome] += 1
            found.sums[outcome][deal["currency"]] += amount
    return found


def holding(events: Sequence[Row]) -> list[Row]:
    """Give what happened to a deal and was not taken back since, by what the events themselves say."""
    undone: set[int] = set()
    for event in events:
        if event["kind"] == "undone":
            undone.update(event["data"]["events"])
        elif event["kind"] == "redone":
            undone.difference_update(event["data"]["events"])
    return [event for event in events if event["kind"] not in _TURNS and event["id"] not in undone]


def replayed(events: Iterable[Row]) -> Row:
    """Give a deal's fields after events that each begin where the one before ended.

    Raises:
        Contradiction: one begins with another value.
    """
    fields: Row = {}
    for event in events:
        data = event["data"]
        for name, value in data["before"].items():
            if _filled(fields.get(name)) != _filled(value):
                raise Contradiction(f"event {event['id']} changed {name} from {value!r}; it was {fields.get(name)!r}")
        fields |= data["after"]
    return {name: value for name, value in fields.items() if _filled(value) is not None}


def fields_of(rows: Rows, number: int) -> Row:
    """Give a deal's fields as events keep them, those that are empty left out."""
    deal = rows.deals[number]
    fields = {name: value for name, value in deal.items() if name not in _DERIVED and not name.endswith("_id")}
    fields |= {"owner": rows.owner(number), "created_by": rows.people.get(deal["created_by_id"])}
    fields |= {name: moment(deal[name]).isoformat() for name in ("created", "stage_entered")}
    fields["tags"] = deal["tags"].split()
    # Beside a value stands its folded form for searching, under its key with this sign.
    fields["custom"] = {key: value for key, value in json.loads(deal["custom"]).items() if not key.endswith("~")}
    return {name: value for name, value in fields.items() if _filled(value) is not None}


def stays(events: Iterable[Row], stages: Stages) -> list[tuple[Any, ...]]:
    """Give the stays that a deal's events tell of: stage, detail, entered, left, seconds.

    A deal that is closed from its first moment on has been in the first stage before.
    """
    found: list[list[Any]] = []
    detail: str | None = None
    for event in events:
        after, at = event["data"]["after"], event["at"]
        detail = after.get("detail", detail)
        if "stage" in after:
            if event["kind"] == "created" and stages.outcome(after["stage"]) != "open":
                found.append([next(iter(stages.open)), None, at, None, None])
            if found:
                found[-1][3:] = at, (at - found[-1][2]) // 1_000_000
            found.append([after["stage"], detail, at, None, None])
        elif found:
            found[-1][1] = detail
    return [tuple(stay) for stay in found]


def due(deal: Row) -> str | None:
    """Give the day on which a deal wants attention: its follow-up, else, while it is open, its expected close."""
    if deal["outcome"] == "open":
        return str(deal["follow_up"] or deal["expected_close"])
    return deal["follow_up"] if deal["outcome"] == "won" else None


def moment(micros: int) -> datetime:
    """Give the moment of a stored integer."""
    return _EPOCH + timedelta(microseconds=micros)


def _filled(value: object) -> object:
    return None if value in (None, "", [], {}) else value
