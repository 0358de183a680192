"""Records looked up while somebody types: names to be completed, and deals that a new one may repeat. Each bounded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import peewee

from funneltui.domain.records import Company, Contact
from funneltui.domain.sameness import mail_key, phone_tail, same_phone
from funneltui.domain.text import fold
from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, select, where, within
from funneltui.storage.matching import bare_phone, begins_with, contains
from funneltui.storage.records import CONTACT_COLUMNS, CONTACT_FROM, Pointer, with_deals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal

_CANDIDATES = 100
"""So many names are weighed by their use; of more that match, those that come first by name."""

_DEALS = 50
"""So many deals of a record, the newest, are looked at."""

_PHONE = bare_phone("phone")
BY_EMAIL = "SELECT id FROM contact WHERE email <> '' AND lower(email) = ?"
BY_PHONE_TAIL = f"SELECT id, phone FROM contact WHERE phone <> '' AND substr({_PHONE}, length({_PHONE}) - 6) = ?"
"""By the last digits, as `sameness.phone_tail` gives them. Both are written in the letters of their indexes."""


def companies(database: Database, scope: int | None, text: str, *, begins: bool) -> list[Company]:
    """Give companies within a scope whose names begin with a folded text, or have it anywhere: a bounded number."""
    named = _begins(database, "c.folded", text) if begins else contains("c.folded", text)
    found = named & with_deals(Pointer.COMPANY, scope)
    sql = f"SELECT c.id, c.name FROM company c {where(found)} ORDER BY c.folded LIMIT {_CANDIDATES}"
    return [Company(*row) for row in query(database, sql, found.values)]


def contacts(database: Database, scope: int | None, text: str, *, begins: bool) -> list[Contact]:
    """Give contacts within a scope whose names begin with a folded text, or have it anywhere: a bounded number."""
    named = _begins(database, "k.folded", text) if begins else contains("k.folded", text)
    found = named & with_deals(Pointer.CONTACT, scope)
    sql = f"SELECT {CONTACT_COLUMNS} {CONTACT_FROM} {where(found)} ORDER BY k.folded, k.id LIMIT {_CANDIDATES}"
    return [Contact(*row) for row in query(database, sql, found.values)]


def _begins(database: Database, column: str, text: str) -> Condition:
    if isinstance(database, peewee.SqliteDatabase):
        # SQLite's LIKE finds no index here; its texts are in the order of their letters' codes.
        return Condition(f"{column} >= ? AND {column} < ?", (text, text + "\U0010ffff"))
    return begins_with(column, text)


def deals_of_company(database: Database, scope: int | None, name: str, since: date) -> list[Deal]:
    """Give the newest deals of a company that are open, or were closed since a day; within a scope."""
    rows = query(database, "SELECT id FROM company WHERE folded = ?", (fold(name),))
    return _deals(database, scope, Pointer.COMPANY, [row[0] for row in rows], since)


def deals_by_email(database: Database, scope: int | None, email: str, since: date) -> list[Deal]:
    """Give the newest deals whose contact has this e-mail that are open, or were closed since a day; within a scope."""
    rows = query(database, BY_EMAIL, (mail_key(email),))
    return _deals(database, scope, Pointer.CONTACT, [row[0] for row in rows], since)


def deals_by_phone(database: Database, scope: int | None, phone: str, since: date) -> list[Deal]:
    """Give the newest deals whose contact has this phone that are open, or were closed since a day; within a scope."""
    tail = phone_tail(phone)
    if not tail:
        return []
    same = [number for number, other in query(database, BY_PHONE_TAIL, (tail,)) if same_phone(phone, other)]
    return _deals(database, scope, Pointer.CONTACT, same, since)


def _deals(database: Database, scope: int | None, pointer: Pointer, ids: Sequence[int], since: date) -> list[Deal]:
    if not ids:
        return []
    some = tuple(ids[:_DEALS])
    now = Condition("(d.outcome = 'open' OR (d.outcome IN ('won', 'lost') AND d.closed_on >= ?))", (since.isoformat(),))
    its = Condition(f"d.{pointer} IN ({', '.join('?' * len(some))})", some) & now & within(scope)
    return select(database, its, "d.number DESC", _DEALS)
