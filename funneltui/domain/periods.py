"""Months, quarters and years, calendar or fiscal: the period of a day, its neighbours, those of a range, one as typed."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from funneltui.domain.date_names import month_named
from funneltui.domain.dates import FIRST_YEAR, LAST_YEAR
from funneltui.domain.text import cut
from funneltui.errors import BadInput


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year: its first and last day, both within it, and its name.

    `label` is the same in every language and sorts by time: "2026-07", "2026 Q3", "2026"; with a fiscal year that does not
    begin in January "FY2026 Q3" and "FY2026". `parse_period` reads it back. A fiscal year is named after the calendar year
    in which it ends, as most companies do: from April on, FY2026 is 1 April 2025 to 31 March 2026.
    """

    span: Span
    first: date
    last: date
    label: str
    fiscal_start: int = field(default=1, compare=False, repr=False)

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies within it."""
        return self.first <= day <= self.last

    def next(self) -> Period:
        """Give the period that follows.

        Raises BadInput: it would begin after LAST_YEAR.
        """
        return after(self)

    def previous(self) -> Period:
        """Give the period before it.

        Raises BadInput: it would end before FIRST_YEAR.
        """
        return before(self)


MONTHS_OF: dict[Span, int] = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
"""The months of each span."""

_EXAMPLES = "2026, 2026-Q3, 2026-07, jul 2026, this quarter, last month"
_LONGEST = 40
_YEAR = re.compile(r"(?:fy ?)?([0-9]{4})")
_FISCAL_SHORT = re.compile(r"fy ?([0-9]{2})")
_QUARTER = re.compile(r"(?:fy ?)?([0-9]{4})[ /-]?q([1-4])")
_QUARTER_FIRST = re.compile(r"q([1-4])(?:[ /-](?:fy ?)?([0-9]{4}))?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_MONTH_NAME = re.compile(r"(?P<name>[^0-9]+?)(?: (?P<year>[0-9]{4}))?")
_YEAR_MONTH_NAME = re.compile(r"(?P<year>[0-9]{4}) (?P<name>[^0-9]+)")
_STEPS = {"": 0, "this ": 0, "current ": 0, "last ": -1, "previous ": -1, "next ": 1}


def period_of(day: date, span: Span, fiscal_start: int = 1) -> Period:
    """Give the period within which a day lies; `fiscal_start` is the month, 1 to 12, with which the fiscal year begins.

    Raises BadInput: the day is outside FIRST_YEAR to LAST_YEAR, or there is no such month.
    """
    if not 1 <= fiscal_start <= 12:
        raise BadInput(f"the fiscal year cannot begin with month {fiscal_start}; expected 1 to 12")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"{day} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    months = MONTHS_OF[span]
    into = (day.month - fiscal_start) % months
    return _made(span, day.year * 12 + day.month - 1 - into, fiscal_start)


def after(period: Period) -> Period:
    """Give the period that follows, of the same span.

    Raises BadInput: it would begin after LAST_YEAR.
    """
    return period_of(period.last + timedelta(days=1), period.span, period.fiscal_start)


def before(period: Period) -> Period:
    """Give the period before it, of the same span.

    Raises BadInput: it would end before FIRST_YEAR.
    """
    return period_of(period.first - timedelta(days=1), period.span, period.fiscal_start)


def periods(first_day: date, last_day: date, span: Span, fiscal_start: int = 1) -> list[Period]:
    """Give the periods that a range of days touches, in order; none if it ends before it begins.

    Raises BadInput: as `period_of`.
    """
    found = []
    if first_day <= last_day:
        found.append(period_of(first_day, span, fiscal_start))
        period_of(last_day, span, fiscal_start)  # refuses an end outside the years before a long way there
        while found[-1].last < last_day:
            found.append(after(found[-1]))
    return found


def parse_period(text: str, today: date, fiscal_start: int = 1) -> Period:
    """Give the period that `text` means on the day `today`; case and surrounding blanks do not matter.

    - `2026`, `FY2026`, `FY26`: the year, and where the fiscal year does not begin in January the fiscal year of that name.
    - `2026-Q3`, `2026 Q3`, `Q3 2026`, `FY2026 Q3`: a quarter of that year; `Q3` alone is of the year of today.
    - `2026-07`, `jul 2026`, `2026 july`: that month; `jul` alone is the one within the (fiscal) year of today.
    - `this`, `last` and `next` with `month`, `quarter` or `year`; the word alone is this one.

    Raises BadInput: it is none of these, or lies outside FIRST_YEAR to LAST_YEAR.
    """
    typed = " ".join(text.split()).lower() if len(text) <= _LONGEST else ""
    period = (
        _by_word(typed, today, fiscal_start)
        or _by_year(typed, fiscal_start)
        or _by_quarter(typed, today, fiscal_start)
        or _by_month(typed, today, fiscal_start)
    )
    if period is None:
        raise BadInput(f'can\'t read "{cut(text)}" as a period; try {_EXAMPLES}')
    return period


def _made(span: Span, month: int, fiscal_start: int) -> Period:
    """Give the period that begins with a month, counted from the year 0."""
    last_month = month + MONTHS_OF[span] - 1
    first = date(month // 12, month % 12 + 1, 1)
    end = last_month // 12, last_month % 12 + 1
    label = _label(span, first, fiscal_start)
    return Period(span, first, date(*end, monthrange(*end)[1]), label, fiscal_start)


def _label(span: Span, first: date, fiscal_start: int) -> str:
    if span is Span.MONTH:
        return f"{first.year}-{first.month:02}"
    year = f"{first.year}" if fiscal_start == 1 else f"FY{first.year + (first.month >= fiscal_start)}"
    return year if span is Span.YEAR else f"{year} Q{(first.month - fiscal_start) % 12 // 3 + 1}"


def _of_year(year: int, fiscal_start: int, months: int, span: Span, text: str) -> Period:
    """Give the period that begins so many months into a year as `Period` names it."""
    if FIRST_YEAR <= year <= LAST_YEAR + 1:  # the last fiscal year may end after LAST_YEAR
        made = _made(span, (year - (fiscal_start > 1)) * 12 + fiscal_start - 1 + months, fiscal_start)
        if made.last.year >= FIRST_YEAR and made.first.year <= LAST_YEAR:
            return made
    raise BadInput(f'"{cut(text)}" lies outside the years {FIRST_YEAR} to {LAST_YEAR}')


def _year_of(day: date, fiscal_start: int) -> int:
    return period_of(day, Span.YEAR, fiscal_start).last.year


def _by_word(typed: str, today: date, fiscal_start: int) -> Period | None:
    for span in Span:
        step = _STEPS.get(typed.removesuffix(span.value)) if typed.endswith(span.value) else None
        if step is not None:
            now = period_of(today, span, fiscal_start)
            return before(now) if step < 0 else after(now) if step else now
    return None


def _by_year(typed: str, fiscal_start: int) -> Period | None:
    if found := _YEAR.fullmatch(typed):
        return _of_year(int(found[1]), fiscal_start, 0, Span.YEAR, typed)
    if found := _FISCAL_SHORT.fullmatch(typed):
        return _of_year(2000 + int(found[1]), fiscal_start, 0, Span.YEAR, typed)
    return None


def _by_quarter(typed: str, today: date, fiscal_start: int) -> Period | None:
    if found := _QUARTER.fullmatch(typed):
        year, quarter = int(found[1]), int(found[2])
    elif found := _QUARTER_FIRST.fullmatch(typed):
        year, quarter = int(found[2] or _year_of(today, fiscal_start)), int(found[1])
    else:
        return None
    return _of_year(year, fiscal_start, 3 * (quarter - 1), Span.QUARTER, typed)


def _by_month(typed: str, today: date, fiscal_start: int) -> Period | None:
    if found := _MONTH.fullmatch(typed):
        year, month = int(found[1]), int(found[2])
    elif (found := _YEAR_MONTH_NAME.fullmatch(typed) or _MONTH_NAME.fullmatch(typed)) and (
        named := month_named(found["name"].removesuffix(","))
    ):
        month = named
        year = int(found["year"]) if found["year"] else _year_in_course(month, today, fiscal_start)
    else:
        return None
    if not 1 <= month <= 12:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(f'"{cut(typed)}" lies outside the years {FIRST_YEAR} to {LAST_YEAR}')
    return period_of(date(year, month, 1), Span.MONTH, fiscal_start)


def _year_in_course(month: int, today: date, fiscal_start: int) -> int:
    """Give the calendar year in which a month of today's fiscal year lies."""
    begin = period_of(today, Span.YEAR, fiscal_start).first
    return begin.year + (month < begin.month)
