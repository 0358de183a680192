"""Dates as people type them, as files write them and as screens show them: a small closed grammar."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

from funneltui.domain.text import cut
from funneltui.errors import BadInput


class DateOrder(StrEnum):
    """How a date with slashes is read. Dots are always day.month, dashes always year-month-day."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


FIRST_YEAR, LAST_YEAR = 1970, 2200
"""The years that a date may have, both included."""

_LONGEST = 80
_EXAMPLES = "today, fri, +3d, 2w, eom, 15.12., 2026-12-15"
_MOMENT_EXAMPLES = "2026-12-15, 2026-12-15T09:30:00Z, 15.12.2026, 12/15/2026 09:30"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FRIDAY = 4
_HALF_A_YEAR = 183
_CARD_REACH = 300
# The last leap day can be eight years away: 2096-02-29, then 2104-02-29.
_LEAP_REACH = 8
_SOME_LEAP_YEAR = 2000

# Every pattern is ASCII and bounded: no input can make one of them slow.
_OFFSET = re.compile(r"([+-]?)(?:([0-9]{1,4})([dwm])|([0-9]{1,3})y)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\.|\. ?([0-9]{4}|[0-9]{2}))?")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_DAY_NAME = re.compile(r"([0-9]{1,2})\.? ?([a-z]{3,9})(?:,? ([0-9]{4}|[0-9]{2}))?")
_NAME_DAY = re.compile(r"([a-z]{3,9}) ?([0-9]{1,2})(?:,? ([0-9]{4}|[0-9]{2}))?")
_MOMENT = re.compile(
    r"(?P<day>[0-9./-]{6,10})"
    r"(?:[t ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[ap]m))?"
    r"(?: ?(?:(?P<utc>z|utc)|(?P<sign>[+-])(?P<off_hour>[0-9]{2}):?(?P<off_minute>[0-9]{2})?))?)?"
)


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as it stands in the text: numbers not yet checked, the year perhaps left out."""

    year: int | None
    month: int
    day: int

    def exists(self) -> bool:
        """Say whether the calendar has it; without a year 29 February counts as a day."""
        year = _SOME_LEAP_YEAR if self.year is None else self.year
        return 1 <= self.month <= 12 and 1 <= self.day <= monthrange(year, self.month)[1]


def parse_date(text: str, today: date, order: DateOrder = DateOrder.DMY, *, past: bool = False) -> date:
    """Give the date that `text` means on the day `today`; case and surrounding blanks do not matter.

    - `today`, `tomorrow`/`tom`, `yesterday`; `next week` (the coming Monday), `next month` (its first day).
    - `fri`, `friday`: the next such day strictly after today. `next fri`: the Friday of the following
      ISO week (Monday to Sunday), so on a Wednesday `fri` is in 2 days, `next fri` in 9; on a Sunday both
      are in 5.
    - `3d`, `+3d`, `-3d`, `2w`, `1m`, `1y`: days, weeks, months, years from today; 31 January `+1m` is the
      last of February.
    - `eow` (this week's Friday; at the weekend next week's), `eom`, `eoq`, `eoy`: last days, today included.
    - `2026-12-15`, `20261215`, `2026/12/15`; `15.12.`, `15.12`, `15.12.26`, `15.12.2026` (dots: day.month);
      `12/15`, `12/15/26`, `12/15/2026` (slashes: by `order`); `15 dec`, `dec 15`, `15 december 2026`.

    Two digits of a year: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069. Without a year it is the next
    such day on or after today (29 February: of the next leap year). With `past`, for what has happened, a
    date without a year and a bare weekday are the latest on or before today; the other forms do not change.

    Raises BadInput when it is none of these, does not exist, or lies outside FIRST_YEAR..LAST_YEAR.
    """
    _check_years(today, str(today))
    typed = _plain(text)
    day = (
        _by_calendar(typed, today, order, past=past)
        or _by_weekday(typed, today, past=past)
        or _by_offset(typed, today)
        or _by_word(typed, today)
    )
    if day is None:
        raise BadInput(f'can\'t read "{cut(text)}" as a date; try {_EXAMPLES}')
    return _check_years(day, text)


def parse_moment(text: str, order: DateOrder = DateOrder.DMY) -> datetime | date:
    """Give the moment (a datetime in UTC) or, without a time of day, the date that a file's cell holds.

    Read are `2026-12-15`, `20261215`, `2026/12/15`, `15.12.2026`, `12/15/2026` (slashes by `order`), years of
    two digits as in `parse_date`; then, after a `T` or blanks, `HH:MM[:SS[.fraction]]`, `AM`/`PM`, and `Z`,
    `UTC` or an offset. A time without an offset is taken as UTC. No words, and never a date without a year: a
    file must not depend on the day on which it is read. To `isinstance` a datetime is also a date: ask for
    datetime first.

    Raises BadInput for anything else, also for a time that does not exist.
    """
    found = _MOMENT.fullmatch(_plain(text))
    written = _by_numbers(found["day"], order) if found else None
    if found is None or written is None or written.year is None or not written.exists():
        raise BadInput(f'can\'t read "{cut(text)}" as a date or a moment; write it like {_MOMENT_EXAMPLES}')
    day = _check_years(_on(written, written.year, text), text)
    if found["hour"] is None:
        return day
    moment = _at_time(day, found)
    if moment is None:
        raise BadInput(f'"{cut(text)}" has no possible time of day; write it like {_MOMENT_EXAMPLES}')
    _check_years(moment.date(), text)
    return moment


def as_moment(day: date) -> datetime:
    """Give noon UTC of `day`, for a date that must be kept as a moment.

    Noon falls on the same calendar date in every zone from UTC-12 to just under UTC+12; only at UTC+12 to
    UTC+14 (New Zealand, Fiji, Tonga, Kiribati) is it already the next date.
    """
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def echo(day: date, today: date) -> str:
    """Give the date to show beside a field, "Fri 27 Nov": in English whatever the locale.

    The year follows ("Fri 26 Nov 2027") when it is not today's and the day is more than 183 days from today:
    a date of the coming or past half year never needs it.
    """
    shown = f"{_WEEKDAYS[day.weekday()][:3].title()} {_day_month(day)}"
    far = day.year != today.year and abs((day - today).days) > _HALF_A_YEAR
    return f"{shown} {day.year}" if far else shown


def relative(day: date, today: date) -> str:
    """Give the distance in days: "today", "tomorrow", "yesterday", "in 3 d", "3 d late"."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} d" if days > 0 else f"{-days} d late")


def short(day: date, today: date) -> str:
    """Give the date for a card: "15 Dec" (at most 6 columns) in today's year or within 300 days of today.

    Otherwise year and month, "2027-12" (7 columns), a form that nobody can take for a day of the month.
    """
    if day.year == today.year or abs((day - today).days) <= _CARD_REACH:
        return _day_month(day)
    return f"{day.year}-{day.month:02}"


def _plain(text: str) -> str:
    """Give the text in lower case, its blanks collapsed; nothing if it can be no date (only ASCII is)."""
    if len(text) > _LONGEST:
        return ""
    typed = " ".join(text.split())
    return typed.lower() if typed.isascii() else ""


def _check_years(day: date, text: str) -> date:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise _outside(text)


def _outside(text: str) -> BadInput:
    return BadInput(f'"{cut(text)}" lies outside the years {FIRST_YEAR} to {LAST_YEAR}')


def _day_month(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1][:3].title()}"


def _by_word(typed: str, today: date) -> date | None:
    from dateutil.relativedelta import relativedelta

    to_friday = (_FRIDAY - today.weekday()) % 7
    to_quarter_end = -today.month % 3
    moves = {
        "today": relativedelta(),
        "tomorrow": relativedelta(days=1),
        "tom": relativedelta(days=1),
        "yesterday": relativedelta(days=-1),
        "next week": relativedelta(days=7 - today.weekday()),
        "next month": relativedelta(months=1, day=1),
        "eow": relativedelta(days=to_friday),
        "eom": relativedelta(day=31),
        "eoq": relativedelta(months=to_quarter_end, day=31),
        "eoy": relativedelta(month=12, day=31),
    }
    return today + moves[typed] if typed in moves else None


def _by_weekday(typed: str, today: date, *, past: bool) -> date | None:
    name = typed.removeprefix("next ")
    weekday = next((n for n, full in enumerate(_WEEKDAYS) if name in (full, full[:3])), None)
    if weekday is None:
        return None
    if name != typed:
        return today + timedelta(days=7 - today.weekday() + weekday)
    if past:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _by_offset(typed: str, today: date) -> date | None:
    """Read "+3d" and its kin; four digits (three of years) keep every result within Python's calendar."""
    from dateutil.relativedelta import relativedelta

    found = _OFFSET.fullmatch(typed)
    if found is None:
        return None
    sign, number, unit, years = found.groups()
    count = int(number or years) * (-1 if sign == "-" else 1)
    if unit == "d":
        return today + timedelta(days=count)
    if unit == "w":
        return today + timedelta(weeks=count)
    return today + (relativedelta(months=count) if unit == "m" else relativedelta(years=count))


def _by_calendar(typed: str, today: date, order: DateOrder, *, past: bool) -> date | None:
    written = _by_numbers(typed, order) or _by_month_name(typed)
    if written is None or not written.exists():
        return None
    if written.year is not None:
        return _on(written, written.year, typed)
    step = -1 if past else 1
    for year in range(today.year, today.year + step * (_LEAP_REACH + 1), step):
        if _Written(year, written.month, written.day).exists():
            day = _on(written, year, typed)
            if day <= today if past else day >= today:
                return day
    return None


def _on(written: _Written, year: int, text: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _outside(text)
    return date(year, written.month, written.day)


def _year(digits: str | None) -> int | None:
    if digits is None or len(digits) == 4:
        return None if digits is None else int(digits)
    return int(digits) + (1900 if int(digits) >= FIRST_YEAR % 100 else 2000)


def _by_numbers(typed: str, order: DateOrder) -> _Written | None:
    if found := _ISO.fullmatch(typed) or _COMPACT.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed):
        return _Written(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(typed):
        return _Written(_year(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(typed):
        return _by_slashes(typed, found[1], found[2], found[3], order)
    return None


def _by_slashes(typed: str, first: str, second: str, third: str | None, order: DateOrder) -> _Written | None:
    year, one, two = _year(third), int(first), int(second)
    readings = {DateOrder.DMY: _Written(year, two, one), DateOrder.MDY: _Written(year, one, two)}
    if third is None:
        readings[DateOrder.YMD] = _Written(None, one, two)
    elif len(first) == len(third) == 2:
        readings[DateOrder.YMD] = _Written(_year(first), two, int(third))
    possible = [reading for reading, written in readings.items() if written.exists()]
    if order in possible or not possible:
        return readings.get(order)
    others = " or ".join(possible)
    raise BadInput(f'"{cut(typed)}" is no date in the order {order}; it would be one in the order {others}')


def _by_month_name(typed: str) -> _Written | None:
    if found := _DAY_NAME.fullmatch(typed):
        day, name, year = found.groups()
    elif found := _NAME_DAY.fullmatch(typed):
        name, day, year = found.groups()
    else:
        return None
    month = next((n for n, full in enumerate(_MONTHS, start=1) if name in (full, full[:3])), None)
    return None if month is None else _Written(_year(year), month, int(day))


def _at_time(day: date, found: re.Match[str]) -> datetime | None:
    """Give the moment of the time that _MOMENT has found, in UTC, or None if no clock shows it."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    east_hour, east_minute = int(found["off_hour"] or 0), int(found["off_minute"] or 0)
    if hour > 23 or minute > 59 or second > 59 or east_hour > 14 or east_minute > 59:
        return None
    east = timedelta(hours=east_hour, minutes=east_minute) * (-1 if found["sign"] == "-" else 1)
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    local = datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=timezone(east))
    return local.astimezone(UTC)
