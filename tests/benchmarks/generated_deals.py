"""Invented deals by the thousand: a CSV file as another system would export it, the same on every run of a day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLE = "Case"
"""The word with which every title begins, followed by six digits; nothing else on the screen has it."""

RARE_WORD = "anvils"
"""A word in about one title of a hundred: for the filter."""

USER = "ana"
"""The manager who sees all deals."""

HEADER = (
    "Deal name", "Company", "Contact", "Email", "Source", "Owner", "Amount", "Probability", "Stage", "Detail",
    "Expected close", "Follow-up", "Next step", "Created", "Closed date", "Lost reason", "Description",
)  # fmt: skip

_THINGS = ("pumps", "valves", "lamps", "desks", "licences", "scanners", "gloves", "cables", "paint", "ladders")
_SOURCES = ("direct_visit", "contact_form", "phone", "email", "live_call", "chat", "social_media", "partner")
_OWNERS = (USER, "north", "south", "east", "west")
_OPEN = ("waiting", "acquisition", "offered")
_REASONS = ("price", "competitor", "no_budget", "timing", "no_answer")


def write(
    path: Path, open_deals: int, details: dict[str, list[str]], today: date, closed_deals: int | None = None
) -> int:
    """Write a file of so many open and closed deals, a quarter as many closed ones unless told; give the number of its rows.

    `details` are the keys of the details that a stage demands, by the stage's key: of the preset `acquisition`.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for row in _rows(open_deals, open_deals // 4 if closed_deals is None else closed_deals, details, today):
            out.writerow(row)
            count += 1
    return count


def _rows(opens: int, closed: int, details: dict[str, list[str]], today: date) -> Iterator[list[str]]:
    lot, every = Random(20261121), opens + closed
    for number in range(every):
        spread = (number + 1) * closed // every - number * closed // every  # a closed one at equal distances
        yield _row(number, lot, details, today, is_open=not spread)


def _row(number: int, lot: Random, details: dict[str, list[str]], today: date, *, is_open: bool) -> list[str]:
    thing = RARE_WORD if lot.random() < 0.01 else lot.choice(_THINGS)
    company = lot.randrange(1 + number // 3)
    created = today - timedelta(lot.randint(20, 600))
    closed = created + timedelta(lot.randint(1, 19))
    stage = lot.choice(_OPEN) if is_open else lot.choice(("acquired", "resigned"))
    # The dates lie as far apart in a large workspace as in a small one: a day has more deals, not the list more days.
    due = today + timedelta(lot.randint(-10, 180))
    return [
        f"{TITLE} {number:06} {thing}", f"Company {company:05}", f"Buyer {company:05}",
        f"buyer.{company:05}@example.com", lot.choice(_SOURCES), lot.choice(_OWNERS),
        f"{lot.randint(500, 90_000)}.00", str(lot.choice((20, 40, 60, 80))) if lot.random() < 0.1 else "", stage,
        lot.choice(details.get(stage) or [""]), (due + timedelta(14)).isoformat(), due.isoformat() if is_open else "",
        "call about the offer" if is_open else "", created.isoformat(), "" if is_open else closed.isoformat(),
        lot.choice(_REASONS) if stage == "resigned" else "", f"They asked for {thing}.",
    ]  # fmt: skip
