"""A second opinion on forecasts: plain Python over raw rows, deal by deal, by the definitions of the product's contract.

Nothing of funneltui is imported, so that an error in its arithmetic cannot be repeated here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.independent_count import Row, Rows, Stages

TEAM = "team"
MINOR = {"EUR": 100, "USD": 100, "PLN": 100, "JPY": 1, "KWD": 1000}
"""The minor units of the currencies that the histories have."""


@dataclass(slots=True)
class Tally:
    """An owner's figures of a period; amounts are minor units of the forecast's currency, none when absent."""

    won: int = 0
    pipeline: int = 0
    weighted: int = 0
    parts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("pipeline", "best_case", "commit", "omitted"), 0)
    )
    counts: dict[str, int] = field(default_factory=lambda: {"won": 0, "pipeline": 0})
    quota: int | None = None
    gap: int | None = None
    coverage: float | None = None
    needed: int | None = None

    def add(self, other: Tally) -> None:
        """Add another's sums; what is absent with one is not with both."""
        self.won += other.won
        self.pipeline += other.pipeline
        self.weighted += other.weighted
        for name in self.parts:
            self.parts[name] += other.parts[name]
        for name in self.counts:
            self.counts[name] += other.counts[name]


@dataclass(frozen=True, slots=True)
class Days:
    """A period: its name, its first and last day as ISO text."""

    label: str
    first: str
    last: str

    def has(self, day: str | None) -> bool:
        """Tell whether a day lies within it."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Workspace:
    """What is counted: the rows, the stages of the one pipeline, quotas and rates as rows in the order of their ids."""

    rows: Rows
    stages: Stages
    quotas: Sequence[Row]
    rates: Sequence[Row]


def chances(work: Workspace) -> dict[str, Fraction]:
    """Count each open stage's chance to be won from: from 20 closed deals on by the visits, else as it is configured.

    Rule: won / (won + lost) among closed deals that reached the stage, shrunk towards the pipeline's rate as if that stood
    for 20 deals more.
    """
    rows, stages = work.rows, work.stages
    closed = [number for number in rows.there() if rows.deals[number]["outcome"] in ("won", "lost")]
    all_won = sum(rows.deals[number]["outcome"] == "won" for number in closed)
    if len(closed) < 20:
        return {key: Fraction(percent, 100) for key, percent in stages.open.items()}
    found = {}
    for place, key in enumerate(stages.open):
        onward = {*list(stages.open)[place:], *stages.won}
        reached = [number for number in closed if onward & {visit["stage"] for visit in rows.visits[number]}]
        won = sum(rows.deals[number]["outcome"] == "won" for number in reached)
        # The product keeps a chance as a float: a sum that is to be equal to the cent is counted with the same one.
        found[key] = Fraction(str((won + 20 * (all_won / len(closed))) / (len(reached) + 20)))
    return found


def convert(work: Workspace, minor: int, source: str, target: str, day: str) -> int | None:
    """Convert at the newest rate until a day, else at the inverse of the newest one the other way, half to even."""
    if source == target:
        return minor
    for one, other, inverse in ((source, target, False), (target, source, True)):
        known = [row for row in work.rates if (row["source"], row["target"]) == (one, other) and row["day"] <= day]
        if known:
            newest = max(known, key=lambda row: (row["day"], row["id"]))
            rate = Fraction(newest["rate"])
            exact = Fraction(minor, MINOR[source]) * (1 / rate if inverse else rate) * MINOR[target]
            return _half_even(exact)
    return None


def forecast(
    work: Workspace, periods: Sequence[Days], currency: str, today: str, category: str | None = None
) -> tuple[dict[tuple[str, str | None], Tally], dict[str, dict[str, int]]]:
    """Count every owner's line of each period, the team's under "team", and by currency what no rate converts."""
    known = chances(work)
    found: dict[tuple[str, str | None], Tally] = defaultdict(Tally)
    others: dict[str, dict[str, int]] = defaultdict(lambda: {"won": 0, "pipeline": 0, "quota": 0, "weighted": 0})
    for period in periods:
        day = min(period.last, today)
        for (owner, code), (won, opened) in _grouped(work, period).items():
            chosen = [deal for deal in opened if category in (None, _category(deal, known))]
            if not (won or chosen):
                continue
            tally = _tally(work, won, chosen, known, code, currency, day)
            if tally is None:
                others[code]["won"] += _sum(won)
                others[code]["pipeline"] += _sum(chosen)
                others[code]["weighted"] += sum(_weights(chosen, known))
            else:
                found[period.label, owner].add(tally)
        _quotas(work, period, currency, day, found, others)
    for period in periods:
        team = found[period.label, TEAM]
        for (label, owner), tally in list(found.items()):
            if label == period.label and owner != TEAM:
                team.add(tally)
        for (label, owner), tally in found.items():
            if label == period.label:
                _follow(work, tally, owner, period, currency, today)
    return dict(found), dict(others)


def _grouped(work: Workspace, period: Days) -> dict[tuple[str | None, str], tuple[list[Row], list[Row]]]:
    """Give the deals won in a period and those expected to close in it, by owner and currency."""
    found: dict[tuple[str | None, str], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for number in work.rows.there():
        deal = work.rows.deals[number]
        key = work.rows.owner(number), deal["currency"]
        if deal["outcome"] == "won" and period.has(deal["closed_on"]):
            found[key][0].append(deal)
        if deal["outcome"] == "open" and period.has(deal["expected_close"]):
            found[key][1].append(deal)
    return found


def _tally(
    work: Workspace, won: list[Row], opened: list[Row], known: dict[str, Fraction], code: str, currency: str, day: str
) -> Tally | None:
    """Give the figures of one owner, period and currency, converted; none without a rate."""
    brought = convert(work, _sum(won), code, currency, day)
    if brought is None:
        return None
    tally = Tally(won=brought, counts={"won": len(won), "pipeline": len(opened)})
    for name in tally.parts:
        part = convert(work, _sum(deal for deal in opened if _category(deal, known) == name), code, currency, day)
        tally.parts[name] = part or 0
    tally.pipeline = sum(tally.parts.values())
    tally.weighted = convert(work, sum(_weights(opened, known)), code, currency, day) or 0
    return tally


def _weights(opened: list[Row], known: dict[str, Fraction]) -> Iterable[int]:
    """Give weighted sums: of the deals of one month, stage and category together, each rounded once."""
    exact: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for deal in opened:
        month = deal["expected_close"][:7]
        exact[month, deal["stage"], _category(deal, known)] += (deal["amount"] or 0) * _chance(deal, known)
    return [_half_even(one) for one in exact.values()]


def _chance(deal: Row, known: dict[str, Fraction]) -> Fraction:
    own = deal["probability"]
    return known[deal["stage"]] if own is None else Fraction(own, 100)


def _category(deal: Row, known: dict[str, Fraction]) -> str:
    percent = 100 * _chance(deal, known)
    return "commit" if percent >= 75 else "best_case" if percent >= 40 else "pipeline" if percent > 0 else "omitted"


def _quotas(
    work: Workspace, period: Days, currency: str, day: str, found: dict[Any, Tally], others: dict[str, dict[str, int]]
) -> None:
    latest: dict[tuple[str | None, str, str], Row] = {}
    for row in work.quotas:
        latest[row["owner"], row["first_day"], row["span"]] = row
    sums: dict[str | None, int] = {}
    for (owner, first, span), row in latest.items():
        if row["amount"] is None or (first, span) != (period.first, _span(period)):
            continue
        value = convert(work, row["amount"], row["currency"], currency, day)
        if value is None:
            others[row["currency"]]["quota"] += row["amount"]
        else:
            sums[owner] = value
    for owner, value in sums.items():
        found[period.label, owner or TEAM].quota = value
    if None not in sums and (None, period.first, _span(period)) not in {
        key for key, row in latest.items() if row["amount"] is not None
    }:
        found[period.label, TEAM].quota = sum(sums.values()) if sums else None


def _span(period: Days) -> str:
    months = (int(period.last[:4]) - int(period.first[:4])) * 12 + int(period.last[5:7]) - int(period.first[5:7])
    return {0: "month", 2: "quarter", 11: "year"}[months]


def _follow(work: Workspace, tally: Tally, owner: str | None, period: Days, currency: str, today: str) -> None:
    """Set what follows from the sums: gap, coverage, needed deals."""
    if tally.quota is None or period.first > today:
        return
    tally.gap = tally.quota - tally.won
    if tally.gap > 0:
        tally.coverage = tally.pipeline / tally.gap
    everybody = owner == TEAM
    deals = [work.rows.deals[number] for number in work.rows.there() if everybody or work.rows.owner(number) == owner]
    won = [deal for deal in deals if deal["outcome"] == "won"]
    lost = sum(deal["outcome"] == "lost" for deal in deals)
    sums: dict[tuple[Any, str], list[int]] = defaultdict(list)
    for deal in won:
        if deal["amount"] is not None:
            sums[deal["owner_id"], deal["currency"]].append(deal["amount"])
    values = [(convert(work, sum(some), code, currency, today), len(some)) for (_, code), some in sums.items()]
    total = sum(value for value, _ in values if value is not None)
    count = sum(number for value, number in values if value is not None)
    worth = Fraction(total, count) * Fraction(len(won), len(won) + lost) if count else Fraction(0)
    if tally.gap <= 0:
        tally.needed = 0
    elif worth:
        tally.needed = ceil(tally.gap / worth)


def _sum(deals: Iterable[Row]) -> int:
    return sum(deal["amount"] or 0 for deal in deals)


def _half_even(exact: Fraction) -> int:
    down = exact.numerator // exact.denominator
    rest = exact - down
    return down + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and down % 2 == 1))
