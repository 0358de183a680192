"""A date as it stands in a text: day, month and perhaps a year, in numbers or with a month's name."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from funneltui.domain.date_names import month_named, written_with_name
from funneltui.domain.text import cut
from funneltui.errors import BadInput


class DateOrder(StrEnum):
    """How a date with slashes is read. Dots are always day.month, dashes always year-month-day."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


FIRST_YEAR, LAST_YEAR = 1970, 2200
"""The years that a date may have, both included."""

LONGEST = 80
"""The most characters of a text that can be a date."""

_SOME_LEAP_YEAR = 2000

# Every pattern is ASCII and bounded: no input can make one of them slow.
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\.|\. ?([0-9]{4}|[0-9]{2}))?")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_DAY_NAME = re.compile(r"([0-9]{1,2})\.? ?([a-z]{3,9})(?:,? ([0-9]{4}|[0-9]{2}))?")
_NAME_DAY = re.compile(r"([a-z]{3,9}) ?([0-9]{1,2})(?:,? ([0-9]{4}|[0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in the text: numbers not yet checked, the year perhaps left out."""

    year: int | None
    month: int
    day: int

    def exists(self) -> bool:
        """Say whether the calendar has it; without a year 29 February counts as a day."""
        year = _SOME_LEAP_YEAR if self.year is None else self.year
        return 1 <= self.month <= 12 and 1 <= self.day <= monthrange(year, self.month)[1]


def plain(text: str) -> str:
    """Give the text in lower case, its blanks collapsed; nothing if it can be no date (only ASCII is)."""
    if len(text) > LONGEST:
        return ""
    typed = " ".join(text.split())
    return typed.lower() if typed.isascii() else ""


def read_written(text: str, order: DateOrder) -> Written | None:
    """Give the date that a text is as it stands there, in numbers or with a name; none if it is none.

    Raises BadInput: slashes in another order than `order`.
    """
    typed = plain(text)
    return by_numbers(typed, order) or _by_month_name(typed) or _by_local_name(text)


def on(written: Written, year: int, text: str) -> date:
    """Give the day that something written, `text`, is in a year; it must exist then.

    Raises BadInput: the year lies outside FIRST_YEAR to LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise outside(text)
    return date(year, written.month, written.day)


def _year(digits: str | None) -> int | None:
    if digits is None or len(digits) == 4:
        return None if digits is None else int(digits)
    return int(digits) + (1900 if int(digits) >= FIRST_YEAR % 100 else 2000)


def by_numbers(typed: str, order: DateOrder) -> Written | None:
    """Give the date that a plain text is in numbers; none if it is none. Raises BadInput as `read_written`."""
    if found := _ISO.fullmatch(typed) or _COMPACT.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed):
        return Written(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(typed):
        return Written(_year(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(typed):
        return _by_slashes(typed, found[1], found[2], found[3], order)
    return None


def _by_slashes(typed: str, first: str, second: str, third: str | None, order: DateOrder) -> Written | None:
    year, one, two = _year(third), int(first), int(second)
    readings = {DateOrder.DMY: Written(year, two, one), DateOrder.MDY: Written(year, one, two)}
    if third is None:
        readings[DateOrder.YMD] = Written(None, one, two)
    elif len(first) == len(third) == 2:
        readings[DateOrder.YMD] = Written(_year(first), two, int(third))
    possible = [reading for reading, written in readings.items() if written.exists()]
    if order in possible or not possible:
        return readings.get(order)
    others = " or ".join(possible)
    raise BadInput(f'"{cut(typed)}" is no date in the order {order}; it would be one in the order {others}')


def _by_month_name(typed: str) -> Written | None:
    if found := _DAY_NAME.fullmatch(typed):
        day, name, year = found.groups()
    elif found := _NAME_DAY.fullmatch(typed):
        name, day, year = found.groups()
    else:
        return None
    month = month_named(name)
    return None if month is None else Written(_year(year), month, int(day))


def _by_local_name(text: str) -> Written | None:
    found = written_with_name(text)
    if found is None:
        return None
    year, month, day = found
    return Written(_year(year), month, day)


def outside(text: str) -> BadInput:
    """Give what is said of a date that is too early or too late."""
    return BadInput(f'"{cut(text)}" lies outside the years {FIRST_YEAR} to {LAST_YEAR}')
