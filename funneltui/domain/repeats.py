"""Repeats: how often a follow-up comes again, daily to yearly, built from a number and a unit and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.domain.text import cut, fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

_UNITS = {"d": "day", "day": "day", "days": "day", "w": "week", "week": "week", "weeks": "week", "m": "month",
          "month": "month", "months": "month", "y": "year", "year": "year", "years": "year"}  # fmt: skip
_WORDS = {"daily": "1 day", "weekly": "1 week", "fortnightly": "2 weeks", "monthly": "1 month", "quarterly": "3 months",
          "yearly": "1 year", "never": "", "none": "", "": ""}  # fmt: skip
_MOST = {"day": 365, "week": 52, "month": 12, "year": 1}


def read_repeat(text: str) -> str:
    """Give the repeat that a person typed, in its one written form: "2w", "every 2 weeks", "weekly" -> "2 weeks", "1 week".

    Rule: a day at the least, a year at the most. An empty text, "none" and "never" repeat nothing.

    Raises:
        BadInput: it cannot be read, or is out of bounds.
    """
    words = fold(text.strip()).removeprefix("every ").strip()
    if words in _WORDS:
        return _WORDS[words]
    match = re.fullmatch(r"([0-9]{0,3})\s*([a-z]+)", words)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        message = f'can\'t read "{cut(text)}" as a repeat; try daily, weekly, 2w, monthly, 3 months, yearly or none'
        raise BadInput(message)
    number = int(match[1] or 1)
    if not 1 <= number <= _MOST[unit]:
        message = f"a follow-up repeats daily at the most often and yearly at the least, not every {number} {unit}s"
        raise BadInput(message)
    return f"{number} {unit}{'s' if number > 1 else ''}"


def next_day(day: date, repeat: str, today: date) -> date | None:
    """Give the first day after `today` on which a follow-up of `day` comes again, or none when it does not repeat.

    Rule: counted from `day`, on which it was due last. By months and years the last day of a month is followed by last
    days: the 31st of January, monthly, is the 28th of February, then the 31st of March. So is a 29th or 30th from the
    February on that was too short for it: what was due on the last of that month stays at the ends of months.
    """
    if not repeat:
        return None
    from dateutil.relativedelta import relativedelta

    number, unit = repeat.split(" ")
    step = int(number)
    unit = unit.rstrip("s")
    days = {"day": 1, "week": 7, "month": 28, "year": 365}[unit] * step
    times = max(1, (today - day).days // (days * 2))
    is_last = unit in ("month", "year") and (day + relativedelta(days=1)).day == 1
    last = relativedelta(day=31) if is_last else relativedelta()  # the 31st, or the last day that there is
    while True:
        coming: date = day + relativedelta(**{f"{unit}s": step * times}) + last  # type: ignore[arg-type]
        if coming > max(today, day):
            return coming
        times += 1
