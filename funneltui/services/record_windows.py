"""Companies and contacts as a screen looks at them: a window with its place in the list, and one of them, by their ids.

A screen holds on to a record by its id: its name may be corrected meanwhile, by this session or another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain.records import Company, Contact
from funneltui.errors import NotFound
from funneltui.services import records
from funneltui.services.records import CompanyLine, CompanySheet, ContactLine, ContactSheet
from funneltui.storage import feed
from funneltui.storage import record_places as places
from funneltui.storage import records as stored
from funneltui.storage.database import reading
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.services.context import Context
    from funneltui.storage.feed import Position


class Kind(StrEnum):
    """The two kinds of records; as a deal's field is called that names one."""

    COMPANY = "company"
    CONTACT = "contact"


Record: TypeAlias = Company | Contact
RecordLine: TypeAlias = CompanyLine | ContactLine
Sheet: TypeAlias = CompanySheet | ContactSheet

POINTERS = {Kind.COMPANY: Pointer.COMPANY, Kind.CONTACT: Pointer.CONTACT}
"""By which column of a deal a record of each kind is pointed to."""


@dataclass(frozen=True, slots=True)
class RecordWindow:
    """Some records from a place of their list on, how many of each kind there are, and the feed's place.

    `anchor_place` is where the record stands that was asked for, if it is in the list.
    """

    start: int
    lines: tuple[RecordLine, ...]
    counts: Mapping[Kind, int]
    anchor_place: int | None
    position: Position


@dataclass(frozen=True, slots=True)
class Looked:
    """A company or contact opened, and the feed's place at that moment."""

    sheet: Sheet
    position: Position


def record_of(of: RecordLine | Sheet) -> Record:
    """Give the record of a line or sheet."""
    return of.company if isinstance(of, CompanyLine | CompanySheet) else of.contact


def label_of(record: Record) -> str:
    """Give what a record is called."""
    return record.name if isinstance(record, Company) else record.label


def kind_of(record: Record) -> Kind:
    """Give the kind of a record."""
    return Kind.COMPANY if isinstance(record, Company) else Kind.CONTACT


def window(context: Context, kind: Kind, words: str, start: int, size: int, anchor: int | None = None) -> RecordWindow:
    """Give `size` records from place `start` on that have all these words, by name, as of one moment.

    With the id of an `anchor` the window is one around that record, as long as it is in the list.
    """
    database, scope, pointer = context.database, context.actor.scope, POINTERS[kind]
    with reading(database):
        position = feed.position(database)
        searched = records.having(words)
        counts = {one: stored.count(database, scope, POINTERS[one], searched[POINTERS[one]]) for one in Kind}
        place = None
        if anchor is not None:
            place = places.place_of(database, scope, pointer, searched[pointer], anchor)
        if place is not None and not start <= place < start + size:
            start = max(0, place - size // 2)
        return RecordWindow(start, rows(context, kind, words, start, size), counts, place, position)


def rows(context: Context, kind: Kind, words: str, start: int, size: int) -> tuple[RecordLine, ...]:
    """Give `size` records from place `start` on, and nothing else: for scrolling."""
    if kind is Kind.COMPANY:
        return tuple(records.companies(context, words, size, start))
    return tuple(records.contacts(context, words, size, start))


def lines(context: Context, kind: Kind, ids: Sequence[int]) -> tuple[RecordLine, ...]:
    """Give the records of these ids in this order, without those that are not there any more."""
    database, scope = context.database, context.actor.scope
    with reading(database):
        figures = stored.figures(database, scope, POINTERS[kind], ids)
        if kind is Kind.COMPANY:
            companies = places.companies_by_id(database, scope, ids)
            return tuple(CompanyLine(companies[one], figures[one]) for one in ids if one in companies)
        contacts = places.contacts_by_id(database, scope, ids)
        return tuple(ContactLine(contacts[one], figures[one]) for one in ids if one in contacts)


def look_at(context: Context, kind: Kind, number: int) -> Looked:
    """Give a record opened, as of one moment; see `records.company` and `records.contact`.

    Raises:
        NotFound: no deal of the actor's is with it any more.
    """
    with reading(context.database):
        position = feed.position(context.database)
        if kind is Kind.CONTACT:
            return Looked(records.contact(context, number), position)
        return Looked(records.company(context, company_name(context, number)), position)


def company_name(context: Context, number: int) -> str:
    """Give the name of the company of an id.

    Raises:
        NotFound: no deal of the actor's is with it any more.
    """
    found = places.companies_by_id(context.database, context.actor.scope, [number])
    if number not in found:
        message = "the company is not there any more: no deal of yours is with it"
        raise NotFound(message)
    return found[number].name


def id_of_company(context: Context, name: str) -> int:
    """Give the id of a company by its name; raises NotFound as `records.company` does."""
    with reading(context.database):
        return records.company_called(context, name).id


def of_deal(context: Context, kind: Kind, deal: int) -> int:
    """Give the id of the company or contact of a deal.

    Raises:
        NotFound: it has none, or the deal is not the actor's.
    """
    with reading(context.database):
        number = places.of_deal(context.database, context.actor.scope, POINTERS[kind], deal)
    if number is None:
        message = f"deal {deal} has no {kind}; edit it to name one"
        raise NotFound(message)
    return number
