"""Names of months and weekdays in typed dates: the English ones always, those of the forms in force beside them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from funneltui.domain import forms
from funneltui.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.forms import Forms

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_LONGEST = 80
_BARE_LEAST = 2
"""A weekday of one letter (Hungarian P) is read beside a date, never alone."""


def local(text: str) -> tuple[str, ...]:
    """Give a typed text as names are compared: in lower case, folded, without "de"; nothing where no locale is in force."""
    if not forms.read().locale or len(text) > _LONGEST:
        return ()
    lowered = " ".join(unicodedata.normalize("NFC", text).lower().split())
    folded = fold(lowered)
    return lowered, folded, folded.replace(" de ", " ")  # "15 de dezembro de 2026"


def month_named(name: str) -> int | None:
    """Give the number of a month, from 1, by its name or the name in short; none if it is no month's."""
    name = name.strip().lower()
    english = next((n for n, full in enumerate(MONTHS, start=1) if name in (full, full[:3])), None)
    return english or _found(_months(forms.read()), name)


def weekday_named(name: str) -> int | None:
    """Give the number of a weekday, Monday being 0, by its name or the name in short; none if it is no weekday's."""
    english = next((n for n, full in enumerate(WEEKDAYS) if name in (full, full[:3])), None)
    if english is not None:
        return english
    return _found(_weekdays(forms.read()), name) if len(name.strip(". ")) >= _BARE_LEAST else None


def written_with_name(typed: str) -> tuple[str | None, int, int] | None:
    """Give the year's digits, if any, the month and the day of a date with the locale's name of a month; none if it is none.

    Read are `15. dec`, `dec 15`, `15. december 2026`, `2026. dec. 15.` and `2026年12月15日`.
    """
    for text in local(typed):
        for pattern in _patterns(forms.read()):
            if found := pattern.fullmatch(text):
                return found["year"], _months(forms.read())[found["name"]], int(found["day"])
    return None


def without_weekday(typed: str) -> Iterator[tuple[int, str]]:
    """Give each weekday that may stand before or after a date, Monday being 0, with the rest: "Mon 5 Dec", "12月5日 土"."""
    english = " ".join(typed.lower().split())
    for text, days in ((english, _ENGLISH), *((text, _weekdays(forms.read())) for text in local(typed))):
        for name, day in days.items():
            if text.startswith(name):
                yield day, text[len(name) :].lstrip("., ")
            if (before := text.rstrip(".)")).endswith(name):
                yield day, before[: -len(name)].rstrip(",( ")


def _found(names: dict[str, int], name: str) -> int | None:
    return next((names[text] for one in local(name) if (text := one.rstrip(".")) in names), None)


_ENGLISH = {name: n for n, full in enumerate(WEEKDAYS) for name in (full, full[:3])}


@lru_cache(maxsize=8)
def _months(of: Forms) -> dict[str, int]:
    return dict(of.month_names)


@lru_cache(maxsize=8)
def _weekdays(of: Forms) -> dict[str, int]:
    return dict(of.weekday_names)


@lru_cache(maxsize=8)
def _patterns(of: Forms) -> tuple[re.Pattern[str], ...]:
    """Give the patterns of dates with a name; each is bounded, so that no input can make one of them slow."""
    if not of.month_names:
        return ()
    name = f"(?P<name>{_either(of.month_names)})\\.?"
    day, year = "(?P<day>[0-9]{1,2})", "(?P<year>[0-9]{4}|[0-9]{2})"
    last = rf"{day}(?:\.|日|일)?"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"{day}\.? ?{name}(?:,? ?{year}\.?)?",
            rf"(?:(?P<year>[0-9]{{4}})(?:\.|,|年|년)? ?)?{name} ?{last}",
            rf"{name} ?{last},? {year}",
        )
    )


def _either(names: tuple[tuple[str, int], ...]) -> str:
    return "|".join(re.escape(name) for name in sorted((name for name, _ in names), key=len, reverse=True))
