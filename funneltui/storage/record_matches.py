"""Deals looked up for many e-mails, phones or companies at once: one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, Condition, where, within
from funneltui.storage.matching import bare_phone

if TYPE_CHECKING:
    from collections.abc import Sequence

_PHONE = bare_phone("phone")
_TAIL = f"substr({_PHONE}, length({_PHONE}) - 6)"
_MOST = 20_000
"""So many deals of a batch's companies are looked at: one of a great many deals must not hold up an import."""


@dataclass(frozen=True, slots=True)
class Among:
    """The deals that are looked at: within a scope, of a number below `below`, and not known by an id of `system`."""

    scope: int | None
    below: int
    system: str | None

    def condition(self, sql: str, values: Sequence[str]) -> Condition:
        """Give the condition that an SQL text is one of these values, of such a deal `d`."""
        asked = Condition(f"{sql} IN ({', '.join('?' * len(values))}) AND d.number < ?", (*values, self.below))
        if self.system is not None:
            asked &= Condition("(d.external_id IS NULL OR d.external_system <> ?)", (self.system,))
        return asked & COUNTED & within(self.scope)


def by_email(database: Database, among: Among, mails: Sequence[str]) -> dict[str, int]:
    """Give the number of the oldest deal of each e-mail (as `sameness.mail_key` gives it) that has one."""
    if not mails:
        return {}
    its = Condition("k.email <> ''") & among.condition("lower(k.email)", mails)
    sql = f"SELECT lower(k.email), min(d.number) FROM contact k JOIN deal d ON d.contact_id = k.id {where(its)} GROUP BY 1"
    return {mail: int(number) for mail, number in query(database, sql, its.values)}


def by_phone(database: Database, among: Among, tails: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Give for the last digits of phones (`sameness.phone_tail`) the phones that end so, with their oldest deals."""
    if not tails:
        return {}
    its = Condition("phone <> ''") & among.condition(_TAIL, tails)
    sql = f"SELECT {_TAIL}, phone, min(d.number) FROM contact k JOIN deal d ON d.contact_id = k.id {where(its)} "
    sql += "GROUP BY 1, 2"
    found: dict[str, list[tuple[str, int]]] = {}
    for tail, phone, number in query(database, sql, its.values):
        found.setdefault(tail, []).append((phone, int(number)))
    return found


def by_company(database: Database, among: Among, folded: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Give the titles and numbers of the deals of these companies (their folded names), a bounded number of them."""
    if not folded:
        return {}
    its = among.condition("c.folded", folded)
    sql = f"SELECT c.folded, d.title, d.number FROM company c JOIN deal d ON d.company_id = c.id {where(its)} LIMIT {_MOST}"
    found: dict[str, list[tuple[str, int]]] = {}
    for company, title, number in query(database, sql, its.values):
        found.setdefault(company, []).append((title, int(number)))
    return found
