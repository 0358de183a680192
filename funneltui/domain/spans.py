"""Spans of numbers and dates: what a filter compares with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value", int, date, Decimal)


@dataclass(frozen=True, slots=True)
class Span(Generic[Value]):
    """From `low` to `high`, each open when absent; the ends belong to it unless `above` or `below` says otherwise."""

    low: Value | None = None
    high: Value | None = None
    above: bool = False
    below: bool = False

    def holds(self, value: Value) -> bool:
        """Tell whether a value lies in it."""
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.below)


def dates_back(span: Span[int], today: date) -> Span[date]:
    """Give the dates that lie so many days before today: more days are an earlier date, so its ends change places."""
    low = None if span.high is None else today - timedelta(days=span.high)
    high = None if span.low is None else today - timedelta(days=span.low)
    return Span(low, high, above=span.below, below=span.above)


def told_span(span: Span[Value], shown: Callable[[Value], str], above: str = "above", below: str = "below") -> str:
    """Give a span in words: "from 5 up to 10", "above 5", or the one value that it is."""
    if span.low is not None and span.low == span.high:
        return shown(span.low)
    parts = []
    if span.low is not None:
        parts.append((f"{above} " if span.above else "from ") + shown(span.low))
    if span.high is not None:
        parts.append((f"{below} " if span.below else "up to ") + shown(span.high))
    return " ".join(parts) or "any"


def either(texts: list[str]) -> str:
    """Give alternatives in words: "a, b or c"."""
    *most, last = texts
    return f"{', '.join(most)} or {last}" if most else last
