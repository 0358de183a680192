"""Companies and contacts as stored: windows of them with what their deals come to, and their corrections in place.

A record is listed as long as a deal within the actor's scope points to it. One that no deal points to any more stays in its
table, unseen: an undo, or the next deal of that name, takes it up again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from funneltui.domain.deal import Outcome
from funneltui.domain.records import Company, Contact, Figures
from funneltui.domain.text import fold
from funneltui.storage import tables
from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, EVERYTHING, Condition, select, where, within
from funneltui.storage.matching import bare_phone, contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.deal import Deal


class Pointer(StrEnum):
    """The column by which a deal points to its record."""

    COMPANY = "company_id"
    CONTACT = "contact_id"


NEWEST_FIRST = "d.created DESC, d.number DESC"

CONTACT_COLUMNS = "k.id, k.name, k.email, k.phone, coalesce(c.name, '')"
CONTACT_FROM = "FROM contact k LEFT JOIN company c ON c.id = k.company_id"


def companies_with(words: Sequence[str]) -> Condition:
    """Give the condition of the companies whose names have every one of these folded words."""
    found = EVERYTHING
    for word in words:
        found &= contains("c.folded", word)
    return found


def contacts_with(words: Sequence[str]) -> Condition:
    """Give the condition of the contacts whose name, e-mail, phone or company have every one of these folded words."""
    found = EVERYTHING
    for word in words:
        company = contains("folded", word)
        ways = [contains("k.folded", word), contains("lower(k.email)", word)]
        if any(character.isdigit() for character in word):
            ways += [contains("k.phone", word), contains(bare_phone("k.phone"), word)]
        ways.append(Condition(f"k.company_id IN (SELECT id FROM company {where(company)})", company.values))
        found &= Condition(" OR ".join(way.sql for way in ways), tuple(value for way in ways for value in way.values))
    return found


def with_deals(pointer: Pointer, scope: int | None) -> Condition:
    """Give the condition of the records (c or k) to which a deal that counts points, within a scope."""
    record = "c" if pointer is Pointer.COMPANY else "k"
    its = Condition(f"d.{pointer} = {record}.id") & COUNTED & within(scope)
    return Condition(f"EXISTS (SELECT 1 FROM deal d {where(its)})", its.values)


def companies(
    database: Database, scope: int | None, searched: Condition, limit: int | None = None, offset: int = 0
) -> list[Company]:
    """Give the companies of a search by name, or a window of them."""
    condition = searched & with_deals(Pointer.COMPANY, scope)
    sql = f"SELECT c.id, c.name FROM company c {where(condition)} ORDER BY c.folded{_window(limit, offset)}"
    return [Company(*row) for row in query(database, sql, condition.values)]


def contacts(
    database: Database, scope: int | None, searched: Condition, limit: int | None = None, offset: int = 0
) -> list[Contact]:
    """Give the contacts of a search by name, or a window of them; those without a name come first."""
    condition = searched & with_deals(Pointer.CONTACT, scope)
    sql = f"SELECT {CONTACT_COLUMNS} {CONTACT_FROM} {where(condition)} ORDER BY k.folded, k.id{_window(limit, offset)}"
    return [Contact(*row) for row in query(database, sql, condition.values)]


def count(database: Database, scope: int | None, pointer: Pointer, searched: Condition) -> int:
    """Give how many records a search finds."""
    condition = searched & with_deals(pointer, scope)
    source = "FROM company c" if pointer is Pointer.COMPANY else CONTACT_FROM
    return int(query(database, f"SELECT count(*) {source} {where(condition)}", condition.values)[0][0])


def _window(limit: int | None, offset: int) -> str:
    return "" if limit is None else f" LIMIT {int(limit)} OFFSET {max(0, int(offset))}"


def company_named(database: Database, name: str) -> Company | None:
    """Give the company of a name, any case and accent, in any scope; one that no deal points to as well."""
    rows = query(database, "SELECT id, name FROM company WHERE folded = ?", (fold(name),))
    return Company(*rows[0]) if rows else None


def contacts_called(database: Database, scope: int | None, text: str) -> list[Contact]:
    """Give the contacts with just this name or e-mail, any case, within a scope."""
    called = Condition("(k.folded = ? OR (k.email <> '' AND lower(k.email) = ?))", (fold(text), text.lower()))
    return contacts(database, scope, called)


def contacts_of(database: Database, scope: int | None, company: int, limit: int) -> list[Contact]:
    """Give the first contacts of a company by name, within a scope."""
    its = Condition("d.company_id = ?", (company,)) & COUNTED & within(scope)
    of_them = Condition(f"k.id IN (SELECT d.contact_id FROM deal d {where(its)})", its.values)
    return contacts(database, scope, of_them, limit)


def contact(database: Database, scope: int | None, number: int) -> Contact | None:
    """Give the contact of an id if a deal within the scope points to it."""
    found = contacts(database, scope, Condition("k.id = ?", (number,)))
    return found[0] if found else None


def contact_of_deal(database: Database, deal: int) -> Contact:
    """Give the contact to which a deal points; there must be one."""
    sql = f"SELECT {CONTACT_COLUMNS} {CONTACT_FROM} JOIN deal d ON d.contact_id = k.id WHERE d.number = ?"
    return Contact(*query(database, sql, (deal,))[0])


def figures(database: Database, scope: int | None, pointer: Pointer, ids: Sequence[int]) -> dict[int, Figures]:
    """Give what the deals of these records come to, within a scope, by the records' ids: one statement."""
    if not ids:
        return {}
    its = Condition(f"d.{pointer} IN ({', '.join('?' * len(ids))})", tuple(ids)) & COUNTED & within(scope)
    rows = query(
        database,
        f"SELECT d.{pointer}, d.outcome, d.currency, count(*), coalesce(sum(d.amount), 0), max(d.touched) "
        f"FROM deal d {where(its)} GROUP BY d.{pointer}, d.outcome, d.currency ORDER BY d.currency",
        its.values,
    )
    by_record: dict[int, list[Sequence[Any]]] = {}
    for number, *row in rows:
        by_record.setdefault(number, []).append(row)
    return {number: _figures(its_rows) for number, its_rows in by_record.items()}


def deal_counts(database: Database, scope: int | None, pointer: Pointer, ids: Sequence[int]) -> dict[int, int]:
    """Give how many deals of these records count, within a scope, by the records' ids."""
    if not ids:
        return {}
    its = Condition(f"d.{pointer} IN ({', '.join('?' * len(ids))})", tuple(ids)) & COUNTED & within(scope)
    return dict(query(database, f"SELECT d.{pointer}, count(*) FROM deal d {where(its)} GROUP BY 1", its.values))


def _figures(rows: Iterable[Sequence[Any]]) -> Figures:
    counts = dict.fromkeys(Outcome, 0)
    amounts: dict[Outcome, dict[str, int]] = {outcome: {} for outcome in Outcome}
    touched = 0
    for name, currency, n, amount, latest in rows:
        outcome = Outcome(name)
        counts[outcome] += int(n)
        touched = max(touched, latest)
        if amount:
            amounts[outcome][currency] = int(amount)
    return Figures(
        counts[Outcome.OPEN], counts[Outcome.WON], counts[Outcome.LOST], tuple(amounts[Outcome.OPEN].items()),
        tuple(amounts[Outcome.WON].items()), tables.from_micros(touched),
    )  # fmt: skip


def newest_deals(database: Database, scope: int | None, pointer: Pointer, record: int, limit: int) -> list[Deal]:
    """Give the newest deals of a record that count, within a scope."""
    return select(database, Condition(f"d.{pointer} = ?", (record,)) & COUNTED & within(scope), NEWEST_FIRST, limit)


def deal_numbers(database: Database, scope: int | None, pointer: Pointer, ids: Sequence[int]) -> list[int]:
    """Give the numbers of all deals of these records within a scope, spam among them: what a correction changes."""
    its = Condition(f"d.{pointer} IN ({', '.join('?' * len(ids))})", tuple(ids)) & within(scope)
    return [n for (n,) in query(database, f"SELECT d.number FROM deal d {where(its)} ORDER BY d.number", its.values)]


def rename_company(database: Database, company: int, name: str) -> None:
    """Give a company another name; the caller has looked whether the name is free."""
    tables.Company.update(name=name, folded=fold(name)).where(tables.Company.id == company).execute(database)


RESPELLED = "respelled"
"""What the event of a deal says beside its fields when its company was only spelled anew: undo then spells it back."""


def respell(database: Database, name: str) -> None:
    """Write a company's name as it is given here, if there is one whose name folds to the same."""
    tables.Company.update(name=name).where(tables.Company.folded == fold(name)).execute(database)


def change_contact(database: Database, number: int, values: Mapping[str, str]) -> None:
    """Change the name, e-mail and phone of a contact in place.

    Not if another contact of the company is that already: the deals go over to it, and no two are the very same.
    """
    row = {
        "name": values["contact"],
        "folded": fold(values["contact"]),
        "email": values["email"],
        "phone": values["phone"],
    }
    twins = query(
        database,
        "SELECT t.id FROM contact t JOIN contact k ON coalesce(t.company_id, 0) = coalesce(k.company_id, 0) "
        "WHERE k.id = ? AND t.id <> k.id AND t.name = ? AND t.folded = ? AND t.email = ? AND t.phone = ?",
        (number, *row.values()),
    )
    if not twins:
        tables.Contact.update(**row).where(tables.Contact.id == number).execute(database)
