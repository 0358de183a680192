"""What the JSON records of all kinds are made of: their own type, and an amount, with its number of deals, in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.domain.money import to_decimal_string

if TYPE_CHECKING:
    from fractions import Fraction

    from funneltui.domain.funnel import Figure

Record = dict[str, Any]
"""A value of plain JSON types under fixed names, on which scripts rely."""


def amount_value(minor: Fraction | int | None, currency: str) -> str | None:
    """Give an amount of minor units as a decimal string, a mean rounded half to even; null where there is none."""
    return None if minor is None else to_decimal_string(round(minor), currency)


def figure_record(figure: Figure, currency: str) -> Record:
    """Give a number of deals with their sum, a decimal string."""
    return {"count": figure.count, "amount": to_decimal_string(figure.amount, currency)}
