"""Where a company or contact stands in its list, several of them by their ids, and those that a deal points to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.storage.database import Database, query
from funneltui.storage.deals import Condition, where, within
from funneltui.storage.records import CONTACT_FROM, Pointer, companies, contacts, with_deals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.records import Company, Contact

# By these the windows of storage/records.py are ordered.
_ORDERED_BY = {Pointer.COMPANY: ("c.folded", "c.id"), Pointer.CONTACT: ("k.folded", "k.id")}
_FROM = {Pointer.COMPANY: "FROM company c", Pointer.CONTACT: CONTACT_FROM}


def place_of(database: Database, scope: int | None, pointer: Pointer, searched: Condition, number: int) -> int | None:
    """Give the place of a record among those of a search within a scope, by name, from 0; none when it is not among them."""
    name, key = _ORDERED_BY[pointer]
    there = searched & with_deals(pointer, scope)
    here = there & Condition(f"{key} = ?", (number,))
    rows = query(database, f"SELECT {name} {_FROM[pointer]} {where(here)}", here.values)
    if not rows:
        return None
    folded = rows[0][0]
    before = there & Condition(f"({name} < ? OR ({name} = ? AND {key} < ?))", (folded, folded, number))
    return int(query(database, f"SELECT count(*) {_FROM[pointer]} {where(before)}", before.values)[0][0])


def companies_by_id(database: Database, scope: int | None, ids: Sequence[int]) -> dict[int, Company]:
    """Give those of these companies that are listed within a scope, by their ids."""
    return {one.id: one for one in companies(database, scope, _among("c.id", ids))} if ids else {}


def contacts_by_id(database: Database, scope: int | None, ids: Sequence[int]) -> dict[int, Contact]:
    """Give those of these contacts that are listed within a scope, by their ids."""
    return {one.id: one for one in contacts(database, scope, _among("k.id", ids))} if ids else {}


def _among(column: str, ids: Sequence[int]) -> Condition:
    return Condition(f"{column} IN ({', '.join('?' * len(ids))})", tuple(ids))


def of_deal(database: Database, scope: int | None, pointer: Pointer, deal: int) -> int | None:
    """Give the id of the record to which a deal within a scope points, if it has one."""
    its = Condition("d.number = ?", (deal,)) & within(scope)
    rows = query(database, f"SELECT d.{pointer} FROM deal d {where(its)}", its.values)
    return rows[0][0] if rows else None
