"""Deals as stored: loaded within a scope, inserted, changed field by field."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.custom_fields import FieldValues
from funneltui.domain.deal import COUNTED as COUNTED_OUTCOMES
from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.text import fold
from funneltui.storage import custom_columns
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.tables import Company, Contact, DealRow, from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEAL_FROM = (
    "FROM deal d LEFT JOIN company c ON c.id = d.company_id LEFT JOIN contact k ON k.id = d.contact_id "
    "LEFT JOIN person o ON o.id = d.owner_id LEFT JOIN person m ON m.id = d.created_by_id"
)
"""The tables of a deal under the names that conditions use: d deal, c company, k contact, o owner, m maker."""

DEAL_COLUMNS = (
    "d.number, d.title, d.pipeline, d.stage, d.source, d.expected_close, d.created, d.stage_entered, d.touched, "
    "d.currency, c.name, k.name, k.email, k.phone, o.name, m.name, d.amount, d.probability, d.detail, d.outcome, d.reach, "
    "d.follow_up, d.follow_up_note, d.qualifier, d.tags, d.notes, d.reason, d.reason_note, d.closed_on, "
    "d.external_system, d.external_id, d.version, d.follow_up_repeat, d.custom"
)
"""The columns of a deal, in the order of the fields of `Deal`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause over the names of `DEAL_FROM`, its parameters marked by "?"."""

    sql: str
    values: tuple[object, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        if not self.sql or not other.sql:
            return self if self.sql else other
        return Condition(f"{_whole(self.sql)} AND {_whole(other.sql)}", self.values + other.values)


def _whole(sql: str) -> str:
    return f"({sql})" if " or " in sql.lower() else sql


EVERYTHING = Condition("")

COUNTED = Condition("d.outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in COUNTED_OUTCOMES)))
"""The deals that count; see `domain.deal.COUNTED`."""


def within(scope: int | None) -> Condition:
    """Give the condition that binds a query to what an actor may see: one owner's deals, or all (D11); never undone ones."""
    there = Condition(f"d.outcome <> '{Outcome.UNDONE.value}'")
    return there if scope is None else Condition("d.owner_id = ?", (scope,)) & there


def where(condition: Condition) -> str:
    """Give the WHERE clause of a condition, or nothing for everything."""
    return f"WHERE {condition.sql}" if condition.sql else ""


def deal_from(row: Sequence[Any]) -> Deal:
    """Give the deal that a row of `DEAL_COLUMNS` holds."""
    return Deal(
        row[0], row[1], row[2], row[3], row[4], date.fromisoformat(row[5]), from_micros(row[6]), from_micros(row[7]),
        from_micros(row[8]), row[9], row[10] or "", row[11] or "", row[12] or "", row[13] or "", row[14], row[15],
        row[16], row[17], row[18], Outcome(row[19]), row[20], _day(row[21]), row[22], row[23], tuple(row[24].split()),
        row[25], row[26], row[27], _day(row[28]), row[29], row[30], row[31], row[32],
        custom_columns.loaded(row[33]),
    )  # fmt: skip


def load(database: Database, scope: int | None, numbers: Sequence[int]) -> dict[int, Deal]:
    """Give the deals of these numbers that lie within the scope, by number."""
    found: dict[int, Deal] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        condition = Condition(f"d.number IN ({', '.join('?' * len(some))})", tuple(some)) & within(scope)
        found.update((deal.number, deal) for deal in select(database, condition))
    return found


def load_even_undone(database: Database, numbers: Sequence[int]) -> dict[int, Deal]:
    """Give the deals of these numbers, whoever's they are and those whose adding was undone too: for undo and redo."""
    found: dict[int, Deal] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        condition = Condition(f"d.number IN ({', '.join('?' * len(some))})", tuple(some))
        found.update((deal.number, deal) for deal in select(database, condition))
    return found


def select(
    database: Database, condition: Condition, order: str = "d.number", limit: int | None = None, offset: int = 0
) -> list[Deal]:
    """Give the deals of a condition in an order (an SQL expression of this package's own), or a window of them."""
    sql = f"SELECT {DEAL_COLUMNS} {DEAL_FROM} {where(condition)} ORDER BY {order}"
    if limit is not None:
        sql += f" LIMIT {int(limit)} OFFSET {int(offset)}"
    return [deal_from(row) for row in query(database, sql, condition.values)]


def pages(database: Database, condition: Condition, order: str = "d.number", size: int = 500) -> Iterator[list[Deal]]:
    """Give the deals of a condition page by page: for lists of any length in the memory of one page.

    Which they are, and in which order, is read once, at the beginning; see `pages_of`.
    """
    sql = f"SELECT d.number {DEAL_FROM} {where(condition)} ORDER BY {order}"
    yield from pages_of(database, [number for (number,) in query(database, sql, condition.values)], condition, size)


def pages_of(database: Database, numbers: Sequence[int], condition: Condition, size: int = 500) -> Iterator[list[Deal]]:
    """Give the deals of these numbers page by page, in the order of the numbers; each page is a reading of its own.

    One that is of the condition no more when its page is read is left out, and makes no other one fall out.
    """
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size]
        these = Condition(f"d.number IN ({', '.join('?' * len(some))})", tuple(some)) & condition
        found = {deal.number: deal for deal in select(database, these)}
        if page := [found[number] for number in some if number in found]:
            yield page


def count(database: Database, condition: Condition) -> int:
    """Give the number of deals of a condition."""
    return int(query(database, f"SELECT count(*) {DEAL_FROM} {where(condition)}", condition.values)[0][0])


def by_external_id(database: Database, system: str, ids: Sequence[str]) -> dict[str, Deal]:
    """Give the deals that came from another system, by their id there; in any scope: an id is taken once."""
    condition = Condition(f"d.external_system = ? AND d.external_id IN ({', '.join('?' * len(ids))})", (system, *ids))
    return {deal.external_id or "": deal for deal in select(database, condition)} if ids else {}


def next_number(database: Database) -> int:
    """Give the number of the next new deal; only within a transaction that writes."""
    return int(query(database, "SELECT coalesce(max(number), 0) + 1 FROM deal")[0][0])


def insert(database: Database, deal: Deal, owner_id: int | None, maker_id: int | None) -> None:
    """Store a new deal."""
    company_id, contact_id = _people_of(database, deal)
    values = columns_of(deal) | {
        "number": deal.number, "company": company_id, "contact": contact_id, "owner": owner_id, "created_by": maker_id,
    }  # fmt: skip
    DealRow.insert(**values).execute(database)


def update_all(
    database: Database, states: Sequence[tuple[Deal, Deal]], owner_ids: Mapping[str | None, int | None]
) -> None:
    """Store what differs between two states, before and after, of each of these deals, and nothing else.

    Deals in which the same columns differ share one statement. `owner_ids` are those of the owners after, by name.
    """
    rows: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for before, after in states:
        values = _differing(before, after)
        if any(getattr(before, name) != getattr(after, name) for name in ("company", "contact", "email", "phone")):
            values["company_id"], values["contact_id"] = _people_of(database, after)
        if before.owner != after.owner:
            values["owner_id"] = owner_ids[after.owner]
        if values:
            rows.setdefault(tuple(values), []).append((*values.values(), after.number))
    for columns, theirs in rows.items():
        assignments = ", ".join(f'"{column}" = ?' for column in columns)
        run_many(database, f"UPDATE deal SET {assignments} WHERE number = ?", theirs)


def _differing(before: Deal, after: Deal) -> dict[str, object]:
    """Give the columns of `columns_of` that differ between two states, as they are after."""
    changed = [name for name in _OWN if getattr(before, name) != getattr(after, name)]
    values = {name: _stored(getattr(after, name)) for name in changed}
    if before.due != after.due:
        values["due_on"] = _stored(after.due)
    # To fold the text again is the dearest part of a change: most touch none of it.
    if any(getattr(before, name) != getattr(after, name) for name in _SEARCHED):
        values["search"] = search_text(after)
    return values


def columns_of(deal: Deal) -> dict[str, Any]:
    """Give the columns of a deal's own row, the derived ones included, without those that point to other tables."""
    own = {name: _stored(getattr(deal, name)) for name in _OWN}
    return own | {"due_on": _stored(deal.due), "search": search_text(deal)}


def _stored(value: object) -> object:
    """Give a field's value as its column keeps it: micros for a moment, ISO text for a date, words for tags, JSON for the
    values of custom fields.
    """
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Outcome):
        return value.value
    if isinstance(value, FieldValues):
        return custom_columns.stored(value)
    return " ".join(value) if isinstance(value, tuple) else value


_SEARCHED = (
    "title", "company", "contact", "email", "phone", "qualifier", "tags", "follow_up_note", "external_id", "notes",
    "custom",
)  # fmt: skip
"""The fields in which words are looked up, in the order of the search text; the rejection reason is not one (D4)."""


def search_text(deal: Deal) -> str:
    """Give the folded text in which words are looked up: each field that is not empty on a line of its own."""
    own = (_stored(getattr(deal, name)) for name in _SEARCHED if name != "custom")
    parts = (*own, *deal.custom.texts)
    return fold(" \n".join(str(part) for part in parts if part))


_ELSEWHERE = {"number", "company", "contact", "email", "phone", "owner", "created_by"}
_OWN = tuple(field.name for field in fields(Deal) if field.name not in _ELSEWHERE)


def _people_of(database: Database, deal: Deal) -> tuple[int | None, int | None]:
    company_id = _company(database, deal.company) if deal.company else None
    if not (deal.contact or deal.email or deal.phone):
        return company_id, None
    return company_id, _contact(database, deal, company_id)


def _company(database: Database, name: str) -> int:
    known = query(database, "SELECT id FROM company WHERE folded = ?", (fold(name),))
    return int(known[0][0] if known else Company.insert(name=name, folded=fold(name)).execute(database))


def _contact(database: Database, deal: Deal, company_id: int | None) -> int:
    """Find the very same contact, or add one: a change on one deal never rewrites another deal's contact."""
    record = (deal.contact, deal.email, deal.phone)
    same_company = "company_id IS NULL" if company_id is None else "company_id = ?"
    known = query(
        database,
        f"SELECT id FROM contact WHERE folded = ? AND name = ? AND email = ? AND phone = ? AND {same_company}",
        (fold(deal.contact), *record, *(() if company_id is None else (company_id,))),
    )
    if known:
        return int(known[0][0])
    row: Mapping[str, Any] = {
        "name": deal.contact,
        "folded": fold(deal.contact),
        "email": deal.email,
        "phone": deal.phone,
    }
    return int(Contact.insert(**row, company=company_id).execute(database))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
