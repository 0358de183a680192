"""Dates as people type them, as files write them and as screens show them: a small closed grammar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from funneltui.domain import forms
from funneltui.domain.date_names import WEEKDAYS, weekday_named, without_weekday
from funneltui.domain.date_numbers import FIRST_YEAR as FIRST_YEAR
from funneltui.domain.date_numbers import LAST_YEAR as LAST_YEAR
from funneltui.domain.date_numbers import LONGEST, Written, by_numbers, on, outside, plain, read_written
from funneltui.domain.date_numbers import DateOrder as DateOrder
from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator


_EXAMPLES = "today, fri, +3d, 2w, eom, 15.12., 2026-12-15"
_MOMENT_EXAMPLES = "2026-12-15, 2026-12-15T09:30:00Z, 15.12.2026, 12/15/2026 09:30"
_FRIDAY = 4
_HALF_A_YEAR = 183
_CARD_REACH = 300
# The last leap day can be eight years away: 2096-02-29, then 2104-02-29.
_LEAP_REACH = 8

_OFFSET = re.compile(r"([+-]?)(?:([0-9]{1,4})([dwm])|([0-9]{1,3})y)")
_MOMENT = re.compile(
    r"(?P<day>[0-9./-]{6,10})"
    r"(?:[t ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[ap]m))?"
    r"(?: ?(?:(?P<utc>z|utc)|(?P<sign>[+-])(?P<off_hour>[0-9]{2}):?(?P<off_minute>[0-9]{2})?))?)?"
)


def parse_date(text: str, today: date, order: DateOrder = DateOrder.DMY, *, past: bool = False) -> date:
    """Give the date that `text` means on the day `today`; case and surrounding blanks do not matter.

    - `today`, `tomorrow`/`tom`, `yesterday`; `next week` (its first day: the coming Monday, or the day with which a
      week begins by the forms in force), `next month` (its first day).
    - `fri`, `friday`: the next such day strictly after today. `next fri`: the Friday of the following week, so on a
      Wednesday `fri` is in 2 days, `next fri` in 9; on a Sunday, if weeks begin on Monday, both are in 5.
    - `3d`, `+3d`, `-3d`, `2w`, `1m`, `1y`: days, weeks, months, years from today; 31 January `+1m` is the
      last of February.
    - `eow` (the coming Friday: wherever a week begins, work ends then), `eom`, `eoq`, `eoy`: last days, today included;
      quarter and year are those of the fiscal year.
    - `2026-12-15`, `20261215`, `2026/12/15`; `15.12.`, `15.12`, `15.12.26`, `15.12.2026` (dots: day.month);
      `12/15`, `12/15/26`, `12/15/2026` (slashes: by `order`); `15 dec`, `dec 15`, `15 december 2026`.
    - Any of these with its weekday, as `echo` shows it: `Fri 27 Nov`, `Fri 26 Nov 2027`. Without a year it is then the one
      day for which `echo` shows just that, in the past too.
    - The names of months and weekdays of the locale in force beside the English ones, as it writes them.

    Two digits of a year: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069. Without a year it is the next
    such day on or after today (29 February: of the next leap year). With `past`, for what has happened, a
    date without a year and a bare weekday are the latest on or before today; the other forms do not change.

    Raises BadInput when it is none of these, does not exist, or lies outside FIRST_YEAR..LAST_YEAR.
    """
    _check_years(today, str(today))
    typed = plain(text)
    day = (
        _by_calendar(text, today, order, past=past)
        or _by_weekday(text, today, past=past)
        or _by_offset(typed, today)
        or _by_word(typed, today)
        or _by_date_and_weekday(text, today, order)
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
    found = _MOMENT.fullmatch(plain(text))
    written = by_numbers(found["day"], order) if found else None
    if found is None or written is None or written.year is None or not written.exists():
        raise BadInput(f'can\'t read "{cut(text)}" as a date or a moment; write it like {_MOMENT_EXAMPLES}')
    day = _check_years(on(written, written.year, text), text)
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
    """Give the date to show beside a field, "Fri 27 Nov", in the forms in force; `parse_date` reads it back.

    The year follows ("Fri 26 Nov 2027") when it is not today's and the day is more than 183 days from today:
    a date of the coming or past half year never needs it.
    """
    if _needs_year(day, today):
        return full(day)
    used = forms.shown()
    return used.with_weekday.format(weekday=used.weekdays[day.weekday()], date=day_month(day))


def full(day: date) -> str:
    """Give the date with its weekday and its year, "Fri 27 Nov 2026", in the forms in force."""
    used = forms.shown()
    return used.with_weekday.format(weekday=used.weekdays[day.weekday()], date=with_year(day))


def with_year(day: date) -> str:
    """Give day, month and year, "27 Nov 2026", in the forms in force."""
    return forms.shown().dated.format(date=day_month(day), year=day.year)


def day_month(day: date) -> str:
    """Give day and month, "27 Nov", in the forms in force."""
    used = forms.shown()
    return used.day_month.format(day=day.day, month=used.months[day.month - 1], number=day.month)


def weekday_and_day(day: date) -> str:
    """Give weekday and day, "Fri 27", in the forms in force: for what is near."""
    return f"{forms.shown().weekdays[day.weekday()]} {day.day}"


def at(moment: datetime) -> str:
    """Give a moment in words, "09:30 on 27 Nov", in the forms in force; it is taken as it stands: the local one."""
    return f"{moment:%H:%M} on {day_month(moment)}"


def relative(day: date, today: date) -> str:
    """Give the distance in days: "today", "tomorrow", "yesterday", "in 3 d", "3 d late", as words of the program."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} d" if days > 0 else f"{-days} d late")


def short(day: date, today: date) -> str:
    """Give the date for a card: "15 Dec" (6 columns; in some locales up to 9) in today's year or within 300 days of today.

    Otherwise year and month, "2027-12" (7 columns), a form that nobody can take for a day of the month.
    """
    if day.year == today.year or abs((day - today).days) <= _CARD_REACH:
        return day_month(day)
    return f"{day.year}-{day.month:02}"


def _check_years(day: date, text: str) -> date:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise outside(text)


def _needs_year(day: date, today: date) -> bool:
    return day.year != today.year and abs((day - today).days) > _HALF_A_YEAR


def _into_week(day: date) -> int:
    """Give how many days of its week lie before a day."""
    return (day.weekday() - forms.read().first_weekday) % 7


def _by_word(typed: str, today: date) -> date | None:
    from dateutil.relativedelta import relativedelta

    to_friday = (_FRIDAY - today.weekday()) % 7
    after_fiscal_end = forms.read().fiscal_start - 1 - today.month
    moves = {
        "today": relativedelta(),
        "tomorrow": relativedelta(days=1),
        "tom": relativedelta(days=1),
        "yesterday": relativedelta(days=-1),
        "next week": relativedelta(days=7 - _into_week(today)),
        "next month": relativedelta(months=1, day=1),
        "eow": relativedelta(days=to_friday),
        "eom": relativedelta(day=31),
        "eoq": relativedelta(months=after_fiscal_end % 3, day=31),
        "eoy": relativedelta(months=after_fiscal_end % 12, day=31),
    }
    return today + moves[typed] if typed in moves else None


def _by_weekday(text: str, today: date, *, past: bool) -> date | None:
    typed = " ".join(text.lower().split()) if len(text) <= LONGEST else ""
    name = typed.removeprefix("next ")
    weekday = weekday_named(name)
    if weekday is None:
        return None
    if name != typed:
        first = today - timedelta(days=_into_week(today))
        return first + timedelta(days=7 + (weekday - first.weekday()) % 7)
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


def _by_date_and_weekday(text: str, today: date, order: DateOrder) -> date | None:
    """Read "Fri 27 Nov": the weekday settles the year that was left out, or must fit the one that was not."""
    wrong = ""
    for weekday, rest in without_weekday(text) if len(text) <= LONGEST else ():
        written = read_written(rest, order)
        if written is not None and written.exists():
            day = next((day for day in _days_near(written, today, text) if day.weekday() == weekday), None)
            if day is not None:
                return day
            wrong = wrong or WEEKDAYS[weekday].title()
    if wrong:
        raise BadInput(f'"{cut(text)}" is no {wrong}; leave the weekday out, or give another year')
    return None


def _days_near(written: Written, today: date, text: str) -> Iterator[date]:
    """Give the days that something written can be: those for which `echo` shows no year, if it has none."""
    years = (today.year - 1, today.year, today.year + 1) if written.year is None else (written.year,)
    for year in years:
        if FIRST_YEAR <= year <= LAST_YEAR or written.year is not None:
            day = on(written, year, text) if Written(year, written.month, written.day).exists() else None
            if day is not None and (written.year is not None or not _needs_year(day, today)):
                yield day


def _by_calendar(text: str, today: date, order: DateOrder, *, past: bool) -> date | None:
    written = read_written(text, order)
    if written is None or not written.exists():
        return None
    if written.year is not None:
        return on(written, written.year, text)
    step = -1 if past else 1
    for year in range(today.year, today.year + step * (_LEAP_REACH + 1), step):
        if Written(year, written.month, written.day).exists():
            day = on(written, year, text)
            if day <= today if past else day >= today:
                return day
    return None


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
