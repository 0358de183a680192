"""A second opinion on figures and on what changed: plain Python over raw rows, by the definitions of the contract.

Nothing of funneltui is imported, so that an error in its arithmetic cannot be repeated here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.independent_count import holding, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from tests.independent_count import Row, Rows, Stages


def open_sum(rows: Rows, currency: str) -> tuple[int, int]:
    """Give how many deals are open in a currency, and their sum."""
    found = [deal for deal in rows.deals.values() if (deal["outcome"], deal["currency"]) == ("open", currency)]
    return len(found), sum(deal["amount"] or 0 for deal in found)


def changes(before: Rows, after: Rows, stages: Stages, pipeline: str) -> dict[str, list[int]]:
    """Give the numbers of the deals by what became of them between two moments, by their rows at both."""
    order = [*stages.open, *stages.won]
    found: dict[str, list[int]] = defaultdict(list)
    for number in sorted({*before.deals, *after.deals}):
        old, new = _there(before, number), _there(after, number)
        was, now = (old or {}).get("outcome"), (new or {}).get("outcome")
        if was == now == "open":
            assert old is not None
            assert new is not None
            places = order.index(old["stage"]), order.index(new["stage"])
            found["advanced"] += [number] * (places[1] > places[0])
            found["back"] += [number] * (places[1] < places[0])
            found["slipped"] += [number] * (new["expected_close"] > old["expected_close"])
            found["pulled_in"] += [number] * (new["expected_close"] < old["expected_close"])
        if was == "open" and new is not None and old is not None and old["currency"] == new["currency"]:
            by = (new["amount"] or 0) - (old["amount"] or 0)
            found["amount_up"] += [number] * (by > 0)
            found["amount_down"] += [number] * (by < 0)
        worked = was == "spam" and _was_open_between(before, after, number)
        came = was != now and (now == "open" or (now in ("won", "lost") and (was in (None, "won", "lost") or worked)))
        went = was != now and (was == "open" or (now in ("won", "lost") and (was in (None, "won", "lost") or worked)))
        found["new"] += [number] * (came and was is None)
        found["reopened"] += [number] * (came and was in ("won", "lost"))
        for outcome in ("won", "lost"):
            found[outcome] += [number] * (went and now == outcome)
    return defaultdict(list, found)


def _there(rows: Rows, number: int) -> Row | None:
    deal = rows.deals.get(number)
    return None if deal is None or deal["outcome"] == "undone" else deal


def _was_open_between(before: Rows, after: Rows, number: int) -> bool:
    """Tell whether a deal was open between two moments, by the events that hold at the later one."""
    earlier = {event["id"] for event in before.events[number]}
    outcome: Any = None
    for event in holding(after.events[number]):
        outcome = event["data"]["after"].get("outcome", outcome)
        if event["id"] not in earlier and outcome == "open":
            return True
    return False


Days = tuple[date | None, date | None]
"""A period: its first and last day, each open when none."""


def within(day: date, period: Days) -> bool:
    """Tell whether a day lies in a period."""
    first, last = period
    return (first is None or day >= first) and (last is None or day <= last)


def middle(values: Iterable[int | Fraction]) -> tuple[Fraction | None, Fraction | None, int]:
    """Give mean, median and number of values."""
    known = [Fraction(value) for value in values]
    if not known:
        return None, None, 0
    return sum(known, Fraction(0)) / len(known), Fraction(median(known)), len(known)


def figures(
    rows: Rows, stages: Stages, currency: str, zone: ZoneInfo, now: datetime, rot_days: dict[str, int],
    period: Days = (None, None), owner: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Count every figure of the deals of one owner, or of all, in a period; spam never counts."""

    def day(micros: int) -> date:
        return moment(micros).astimezone(zone).date()

    today = now.astimezone(zone).date()
    there = [rows.deals[number] for number in rows.there(owner) if rows.deals[number]["outcome"] != "spam"]
    standing = [deal for deal in there if deal["outcome"] == "open"]
    created = [deal for deal in there if within(day(deal["created"]), period)]
    closed = [deal for deal in there if deal["closed_on"] and within(date.fromisoformat(deal["closed_on"]), period)]
    won, lost = ([deal for deal in closed if deal["outcome"] == outcome] for outcome in ("won", "lost"))

    def cycles(some: list[Row]) -> list[int]:
        return [max(0, (date.fromisoformat(deal["closed_on"]) - day(deal["created"])).days) for deal in some]

    def total(some: list[Row]) -> tuple[int, int]:
        return len(some), sum(deal["amount"] or 0 for deal in some if deal["currency"] == currency)

    sizes = [deal["amount"] for deal in won if deal["currency"] == currency and deal["amount"] is not None]
    size, cycle = middle(sizes), middle(cycles(closed))
    velocity = None
    if size[0] is not None and cycle[0]:
        here = sum(deal["currency"] == currency for deal in standing)
        velocity = here * size[0] * Fraction(len(won), len(closed)) / cycle[0]
    return {
        "open": total(standing), "created": len(created), "won": total(won), "lost": total(lost),
        "rate_of_closed": (len(won) / len(closed) if closed else None, len(closed)),
        "rate_of_created": (
            sum(deal["outcome"] == "won" for deal in created) / len(created) if created else None, len(created)
        ),
        "size": size, "cycles": (middle(cycles(won)), middle(cycles(lost)), cycle), "velocity": velocity,
        "rotting": sum(_rots(deal, rot_days, day(deal["touched"]), today) for deal in standing),
        "times": {key: _times(rows, there, standing, key, day, today, period) for key in stages.open},
    }  # fmt: skip


def _rots(deal: Row, rot_days: dict[str, int], touched: date, today: date) -> bool:
    waits = deal["follow_up"] is not None and date.fromisoformat(deal["follow_up"]) > today
    limit = rot_days.get(deal["stage"], 0)
    return bool(limit) and not waits and touched < today - timedelta(days=limit)


def _times(
    rows: Rows, there: list[Row], standing: list[Row], stage: str, day: Any, today: date, period: Days
) -> tuple[Any, Any, Any]:
    latest, summed = [], []
    for deal in there:
        ended = [
            visit["seconds"]
            for visit in rows.visits[deal["number"]]
            if visit["stage"] == stage and visit["left_at"] is not None and within(day(visit["left_at"]), period)
        ]
        if ended:
            latest.append(Fraction(ended[-1], 86_400))
            summed.append(Fraction(sum(ended), 86_400))
    now = [(today - day(deal["stage_entered"])).days for deal in standing if deal["stage"] == stage]
    return middle(latest), middle(summed), middle(now)
