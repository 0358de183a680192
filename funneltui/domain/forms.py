"""How amounts and dates are written: the neutral form, or that of the locale which the user has chosen.

Which forms are in force is set once, where the settings are read, and asked here by the few functions of `money` and
`dates` that write or read for a person. It is the only thing of the program that is set once: the form of a number is
asked for in every cell of every screen, is the same for all of them, and changes nothing that is kept or sent on; a
parameter through all of these calls would say so in fifty places and mean it in none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_SIGNS: Mapping[str, str] = MappingProxyType({"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"})


@dataclass(frozen=True, slots=True)
class Forms:
    """How people of one locale write; every text is one line, of characters that take one cell unless they are East Asian.

    `locale` is its tag, empty for the neutral form. Numbers: the `decimal` mark, the `group` mark, and how many digits the
    groups before the last one have (`inner_group`, two in India). Currencies: `signs` by ISO 4217 for those that are not
    written by their code, before the number (`sign_first`) or after it, `sign_gap` between.

    Dates: `months` and `weekdays` in short, from January and from Monday. `day_month` has a place for `{day}` and for
    `{month}`, the name, or `{number}`; `dated` for `{date}` (that) and `{year}`; `with_weekday` for `{weekday}` and
    `{date}`. `month_names` and `weekday_names` are all that are read, in lower case and folded, with the
    number from 1 and from 0.

    `first_weekday` is the day with which a week begins (Monday 0) and `fiscal_start` the month with which the fiscal year
    does; both are settings of their own, whatever the locale.
    """

    locale: str = ""
    decimal: str = "."
    group: str = ","
    inner_group: int = 3
    signs: Mapping[str, str] = field(default_factory=lambda: _SIGNS, hash=False)
    sign_first: bool = True
    sign_gap: str = ""
    months: tuple[str, ...] = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    weekdays: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    day_month: str = "{day} {month}"
    dated: str = "{date} {year}"
    with_weekday: str = "{weekday} {date}"
    month_names: tuple[tuple[str, int], ...] = ()
    weekday_names: tuple[tuple[str, int], ...] = ()
    first_weekday: int = 0
    fiscal_start: int = 1


NEUTRAL = Forms()
"""What is shown and read where no locale is chosen. Its signs are those that everybody reads as this very currency."""

_shown = NEUTRAL
_read = NEUTRAL


def use(forms: Forms, *, shown: Forms | None = None) -> None:
    """Put forms in force, for what is read and for what is shown; `shown`, if given, is for that (JSON shows NEUTRAL)."""
    global _shown, _read
    _read, _shown = forms, shown or forms


def shown() -> Forms:
    """Give the forms in which amounts and dates are shown."""
    return _shown


def read() -> Forms:
    """Give the forms in which typed amounts and dates are read."""
    return _read
