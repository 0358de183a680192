"""Figures in words: amounts, shares and days for tables, what is not known as nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from funneltui.domain.money import format_full

if TYPE_CHECKING:
    from fractions import Fraction

    from funneltui.domain.funnel import Figure
    from funneltui.domain.metrics import Spread

BAR_WIDTH = 24
"""The columns of the longest bar."""


def money(amount: Fraction | int | None, currency: str) -> str:
    """Give an amount, rounded half to even to whole minor units."""
    return "" if amount is None else format_full(round(amount), currency)


def days(value: Fraction | None) -> str:
    """Give days with at most one decimal: "12", "51.8"."""
    return "" if value is None else f"{float(value):,.1f}".removesuffix(".0")


def percent(rate: float | None) -> str:
    """Give a share in whole percent."""
    return "" if rate is None else f"{rate:.0%}"


def exact_percent(rate: float | None) -> str:
    """Give a share in percent with two decimals, where the figure itself is what is asked for."""
    return "" if rate is None else f"{rate:.2%}"


def of_days(spread: Spread) -> str:
    """Give mean, median and number of days: "mean 51.8 d, median 45 d, n 12"."""
    return f"mean {days(spread.mean)} d, median {days(spread.median)} d, n {spread.n:,}" if spread.n else "n 0"


def figure(value: Figure, currency: str) -> list[str]:
    """Give number and amount as two cells."""
    return [f"{value.count:,}", money(value.amount, currency)]


def bar(part: float, most: float) -> str:
    """Give a bar as long as its part of the most, in blocks, or in "#" where those cannot be written."""
    if not most or not part:
        return ""
    encoding = (sys.stdout.encoding or "").lower()
    return ("█" if "utf" in encoding else "#") * max(1, round(BAR_WIDTH * part / most))
