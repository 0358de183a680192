"""Companies and contacts as records of their own, and what their deals come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PerCurrency = tuple[tuple[str, int], ...]
"""Sums by currency, in the currencies' order: minor units, never added up across currencies."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company; no two have names that fold to the same."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a company, or on his own; at least one of name, e-mail and phone is there."""

    id: int
    name: str
    email: str
    phone: str
    company: str

    @property
    def label(self) -> str:
        """What the contact is called: the name, else the e-mail, else the phone."""
        return self.name or self.email or self.phone


@dataclass(frozen=True, slots=True)
class Figures:
    """What the deals of a record come to, as far as the actor may see them; spam and undone deals never count.

    `won_amounts` is the lifetime value to date (E6); a sum of nought is left out. `touched` is the latest touch.
    """

    open: int = 0
    won: int = 0
    lost: int = 0
    open_amounts: PerCurrency = ()
    won_amounts: PerCurrency = ()
    touched: datetime | None = None

    @property
    def deals(self) -> int:
        """The number of deals, open and closed."""
        return self.open + self.won + self.lost
