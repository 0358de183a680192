"""Many new deals stored at once, with their companies, contacts, visits and events: a few statements a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee

from funneltui.domain.text import fold
from funneltui.storage import changes, history
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.deals import columns_of
from funneltui.storage.tables import Company, Contact, DealRow, VisitRow, to_micros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event, Visit
    from funneltui.errors import StorageError


def insert_deals(database: Database, some: Sequence[Deal], owner_ids: Mapping[str, int], maker_id: int) -> None:
    """Store new deals, with the companies and contacts that are not known yet; `owner_ids` by the owners' names."""
    companies = _company_ids(database, {fold(deal.company): deal.company for deal in reversed(some) if deal.company})
    people = {deal.number: _record(deal, companies) for deal in some if deal.contact or deal.email or deal.phone}
    contacts = _contact_ids(database, set(people.values()))
    rows = [
        columns_of(deal)
        | {
            "number": deal.number,
            "company": companies[fold(deal.company)] if deal.company else None,
            "contact": contacts[people[deal.number]] if deal.number in people else None,
            "owner": owner_ids[deal.owner] if deal.owner else None,
            "created_by": maker_id,
        }
        for deal in some
    ]
    _insert(database, DealRow, rows)


def insert_visits(database: Database, visits: Sequence[Visit], who_id: int) -> None:
    """Store visits as they are, ended ones with their seconds."""
    rows = [
        {
            "deal": visit.deal,
            "stage": visit.stage,
            "detail": visit.detail,
            "entered": to_micros(visit.entered),
            "left": None if visit.left is None else to_micros(visit.left),
            "seconds": visit.seconds,
            "who": who_id,
        }
        for visit in visits
    ]
    _insert(database, VisitRow, rows)


def insert_events(database: Database, events: Sequence[Event], who_id: int, now: datetime) -> None:
    """Append events in this order, to the change of the running transaction, made `now`; their ids are the database's."""
    if events:
        history.add_events(database, events, who_id, changes.current(database, who_id, now))


def is_fault_of_a_row(error: StorageError) -> bool:
    """Tell whether the database refused what a row holds, and not to work at all (a full disk, a lost connection)."""
    return isinstance(error.__cause__, peewee.IntegrityError | peewee.DataError)


def _insert(database: Database, model: type[peewee.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one INSERT for all rows, given by the names of the model's fields; raises peewee's errors."""
    if not rows:
        return
    fields = model._meta.fields
    names = list(rows[0])
    columns = ", ".join(f'"{fields[name].column_name}"' for name in names)
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({", ".join("?" * len(names))})'
    run_many(database, sql, [tuple(row.values()) for row in rows])


def _company_ids(database: Database, names: Mapping[str, str]) -> dict[str, int]:
    """Give the ids of companies by their folded names, having added those that are not there; `names` has the spelling."""
    if not names:
        return {}
    sql = f"SELECT folded, id FROM company WHERE folded IN ({', '.join('?' * len(names))})"
    known = dict(query(database, sql, tuple(names)))
    new = [{"name": name, "folded": folded} for folded, name in names.items() if folded not in known]
    if new:
        _insert(database, Company, new)
        known = dict(query(database, sql, tuple(names)))
    return known


_Record = tuple[str, str, str, int | None]
"""A contact as it is told from others: name, e-mail, phone, the company's id."""


def _record(deal: Deal, companies: Mapping[str, int]) -> _Record:
    return deal.contact, deal.email, deal.phone, companies[fold(deal.company)] if deal.company else None


def _contact_ids(database: Database, records: set[_Record]) -> dict[_Record, int]:
    known = _known_contacts(database, records)
    new = [
        {"name": name, "folded": fold(name), "email": email, "phone": phone, "company": company}
        for name, email, phone, company in sorted(records - known.keys(), key=repr)
    ]
    if new:
        _insert(database, Contact, new)
        known = _known_contacts(database, records)
    return known


def _known_contacts(database: Database, records: set[_Record]) -> dict[_Record, int]:
    if not records:
        return {}
    columns = [sorted({fold(record[0]) for record in records})]
    columns += [sorted({str(record[place]) for record in records}) for place in (1, 2)]
    marks = [", ".join("?" * len(column)) for column in columns]
    # Of twins the oldest is meant, as when one deal is stored: it comes last and stays.
    found = query(
        database,
        f"SELECT name, email, phone, company_id, id FROM contact WHERE folded IN ({marks[0]}) "
        f"AND email IN ({marks[1]}) AND phone IN ({marks[2]}) ORDER BY id DESC",
        tuple(value for column in columns for value in column),
    )
    known = {(name, email, phone, company): int(number) for name, email, phone, company, number in found}
    return {record: known[record] for record in records if record in known}
