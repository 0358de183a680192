"""Rates between currencies: dated, exact, the newest known one taken; an amount is converted by no other way."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain.money import minor_digits
from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

_TYPED = re.compile(r"([0-9]{1,12})(?:([.,])([0-9]{1,12}))?")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `source` was worth in units of `target` on a day: `text` is the exact decimal, "0.9215".

    `who` entered it, `at` says when.
    """

    source: str
    target: str
    on: date
    text: str
    who: str | None = None
    at: datetime | None = None

    @property
    def value(self) -> Fraction:
        """The rate as an exact number."""
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class Conversion:
    """How amounts of one currency become amounts of another: by a rate, or, where only that is known, by its inverse."""

    rate: Rate
    inverse: bool = False

    @property
    def source(self) -> str:
        """The currency that is converted."""
        return self.rate.target if self.inverse else self.rate.source

    @property
    def target(self) -> str:
        """The currency that it becomes."""
        return self.rate.source if self.inverse else self.rate.target

    def of(self, minor: int) -> int:
        """Give an amount of the source's minor units in minor units of the target, rounded half to even.

        The rate is taken exactly; only the result is rounded, once.
        """
        factor = 1 / self.rate.value if self.inverse else self.rate.value
        scale = Fraction(10) ** (minor_digits(self.target) - minor_digits(self.source))
        return round(minor * factor * scale)

    def describe(self) -> str:
        """Say by which rate and of which day: "1 USD = 0.9215 EUR of 2026-11-01"; of an inverse, that it is one."""
        if not self.inverse:
            return f"1 {self.source} = {self.rate.text} {self.target} of {self.rate.on}"
        known = f"{self.rate.source} to {self.rate.target}"
        return (
            f"1 {self.source} = 1/{self.rate.text} {self.target} of {self.rate.on} (the inverse: only {known} is known)"
        )


class RateBook:
    """The rates that are known, to be asked for the one that holds on a day."""

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        """Take rates in the order in which they were entered: of two for the same day the later one corrects the other."""
        by_day: dict[tuple[str, str], dict[date, Rate]] = defaultdict(dict)
        for rate in rates:
            by_day[rate.source, rate.target][rate.on] = rate
        self._known = {pair: sorted(days.values(), key=lambda rate: rate.on) for pair, days in by_day.items()}

    def conversion(self, source: str, target: str, day: date) -> Conversion | None:
        """Give how amounts are converted on a day, or none when no rate is known: then they are never added up.

        Rule: the newest rate on or before the day; if there is none, the newest of the opposite direction, inverted. No
        rate is ever made from two others.
        """
        if rate := self._newest(source, target, day):
            return Conversion(rate)
        opposite = self._newest(target, source, day)
        return Conversion(opposite, inverse=True) if opposite else None

    def _newest(self, source: str, target: str, day: date) -> Rate | None:
        known = self._known.get((source, target), [])
        place = bisect_right(known, day, key=lambda rate: rate.on)
        return known[place - 1] if place else None


def parse_rate(text: str) -> str:
    """Give a typed rate as exact decimal text with a point, without noughts that say nothing: "0,92150" is "0.9215".

    A point is always the decimal mark. A comma is one too, unless three digits after it could as well be thousands.

    Raises BadInput for anything else, for nought, and for more than 12 digits before or after the mark.
    """
    found = _TYPED.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        raise BadInput(f'can\'t read "{cut(text)}" as a rate; write it like 0.9215')
    whole, mark, decimals = found[1].lstrip("0") or "0", found[2], (found[3] or "").rstrip("0")
    if mark == "," and len(found[3]) == 3 and whole != "0":
        raise BadInput(f'"{cut(text)}" could mean two rates; write it with a point, or without the comma')
    if whole == "0" and not decimals:
        raise BadInput("a rate is more than nought")
    return f"{whole}.{decimals}" if decimals else whole


def check_pair(source: str, target: str) -> None:
    """Refuse a rate between what are no two currencies.

    Raises BadInput: one is no currency, or both are the same.
    """
    minor_digits(source)
    minor_digits(target)
    if source == target:
        raise BadInput(f"a rate is between two currencies, not from {source} to {target}")
