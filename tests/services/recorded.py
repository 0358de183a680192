"""What the tests of companies and contacts share: deals that bring them, and looks at what is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.services import deals, moves, records
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

CLOSE = date(2026, 12, 1)


def add(context: Context, company: str = "", title: str = "Deal", **more: object) -> Deal:
    """Add a deal."""
    values = {"title": title, "source": "web", "expected_close": CLOSE, "company": company, **more}
    return deals.add(context, values)


def won(context: Context, company: str, amount: int, currency: str = "EUR", **more: object) -> Deal:
    """Add a deal and win it."""
    return moves.win(context, add(context, company, amount=amount, currency=currency, **more).number)


def names(context: Context, words: str = "") -> list[str]:
    """Give the names of the companies."""
    return [line.company.name for line in records.companies(context, words)]


def people(context: Context, words: str = "") -> list[tuple[str, str, str, str, int]]:
    """Give every contact without its number, and how many deals it has."""
    lines = records.contacts(context, words)
    return [
        (line.contact.name, line.contact.email, line.contact.phone, line.contact.company, line.figures.deals)
        for line in lines
    ]


def number_of(context: Context, words: str) -> int:
    """Give the number of the one contact that is found."""
    (line,) = records.contacts(context, words)
    return line.contact.id


def picture(context: Context) -> object:
    """Give all that a user sees of records and deals, without the counts of changes."""
    everything = [replace(deal, version=0) for deal in deals.listed(context, EVERYTHING, "d.number")]
    return everything, names(context), people(context)
