"""Companies and contacts: listed and opened with what their deals come to, completed as one types, and likely duplicates.

A rep sees those of his own deals, with the figures of his own deals (D11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain.history import Role
from funneltui.domain.records import Company, Contact, Figures
from funneltui.domain.sameness import SIMILAR, Why, similar_titles
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, NotFound
from funneltui.storage import record_lookups as lookups
from funneltui.storage import records as stored
from funneltui.storage.database import reading
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.sameness import Ratio
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.storage.deals import Condition

SHEET_ROWS = 50
"""So many deals, the newest, and so many contacts stand in a sheet."""

RECENT_DAYS = 90
"""A deal closed within so many days may still be what somebody adds a second time."""


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """A company in a list, with what its deals come to."""

    company: Company
    figures: Figures


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in a list, with what its deals come to."""

    contact: Contact
    figures: Figures


@dataclass(frozen=True, slots=True)
class CompanySheet:
    """A company opened: what its deals come to, its contacts by name, its deals, the newest first."""

    company: Company
    figures: Figures
    contacts: tuple[ContactLine, ...]
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """A contact opened: what its deals come to, and its deals, the newest first."""

    contact: Contact
    figures: Figures
    deals: tuple[Deal, ...]


def companies(context: Context, words: str = "", limit: int = 50, offset: int = 0) -> list[CompanyLine]:
    """Give the companies whose names have all these words, by name: `limit` of them from place `offset` on."""
    scope, database = context.actor.scope, context.database
    with reading(database):
        found = stored.companies(database, scope, having(words)[Pointer.COMPANY], limit, offset)
        figures = stored.figures(database, scope, Pointer.COMPANY, [one.id for one in found])
    return [CompanyLine(one, figures[one.id]) for one in found]


def contacts(context: Context, words: str = "", limit: int = 50, offset: int = 0) -> list[ContactLine]:
    """Give the contacts that have all these words in name, e-mail, phone or company; see `companies`."""
    with reading(context.database):
        scope = context.actor.scope
        found = stored.contacts(context.database, scope, having(words)[Pointer.CONTACT], limit, offset)
        return _lines(context, found)


def having(words: str) -> dict[Pointer, Condition]:
    """Give, by what deals point to, the condition of the records that have all these words: for lists and their counts."""
    folded = fold(clean_line(words)).split()
    return {Pointer.COMPANY: stored.companies_with(folded), Pointer.CONTACT: stored.contacts_with(folded)}


def _lines(context: Context, found: Sequence[Contact]) -> list[ContactLine]:
    ids = [one.id for one in found]
    figures = stored.figures(context.database, context.actor.scope, Pointer.CONTACT, ids)
    return [ContactLine(one, figures[one.id]) for one in found]


def company(context: Context, name: str) -> CompanySheet:
    """Give the company of a name, any case and accent, opened. `won_amounts` of its figures is its lifetime value (E6).

    Raises:
        NotFound: there is none, or no deal of the actor's is with it.
    """
    scope, database = context.actor.scope, context.database
    with reading(database):
        found = company_called(context, name)
        figures = stored.figures(database, scope, Pointer.COMPANY, [found.id])[found.id]
        people = _lines(context, stored.contacts_of(database, scope, found.id, SHEET_ROWS))
        deals = stored.newest_deals(database, scope, Pointer.COMPANY, found.id, SHEET_ROWS)
    return CompanySheet(found, figures, tuple(people), tuple(deals))


def contact(context: Context, which: int | str) -> ContactSheet:
    """Give a contact opened: by its number, or by its name or e-mail if no other contact is called so.

    Raises:
        NotFound: there is none, or no deal of the actor's is with it. BadInput: several are called so.
    """
    scope, database = context.actor.scope, context.database
    with reading(database):
        found = contact_called(context, which)
        figures = stored.figures(database, scope, Pointer.CONTACT, [found.id])[found.id]
        deals = stored.newest_deals(database, scope, Pointer.CONTACT, found.id, SHEET_ROWS)
    return ContactSheet(found, figures, tuple(deals))


def company_called(context: Context, name: str) -> Company:
    """Give the record of a company by its name; see `company`. Within a transaction."""
    found = stored.company_named(context.database, clean_line(name))
    if found is None or not stored.figures(context.database, context.actor.scope, Pointer.COMPANY, [found.id]):
        message = f'there is no company "{cut(name)}"{_among(context)}; `funneltui companies WORD` looks for names'
        raise NotFound(message)
    return found


def contact_called(context: Context, which: int | str) -> Contact:
    """Give the record of a contact; see `contact`. Within a transaction."""
    scope, database = context.actor.scope, context.database
    if isinstance(which, int):
        by_number = stored.contact(database, scope, which)
        found = [by_number] if by_number else []
    else:
        found = stored.contacts_called(database, scope, clean_line(which))
    if not found:
        message = f'there is no contact "{cut(str(which))}"{_among(context)}; `funneltui contacts WORD` looks for them'
        raise NotFound(message)
    if len(found) > 1:
        known = "; ".join(f"{one.id} ({', '.join(_told_apart_by(one))})" for one in found[:5])
        message = f'{len(found)} contacts are called "{cut(str(which))}"; say which by its number: {known}'
        raise BadInput(message)
    return found[0]


def _told_apart_by(contact: Contact) -> list[str]:
    return [text for text in (contact.company, contact.email, contact.phone) if text] or ["nothing else known"]


def _among(context: Context) -> str:
    return "" if context.actor.role is Role.MANAGER else " among those of your deals"


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that a typed text may become, how many deals have it, and what else a form can fill in with it."""

    name: str
    deals: int
    email: str = ""
    phone: str = ""
    company: str = ""


def completions(context: Context, field: str, text: str, limit: int = 8) -> list[Completion]:
    """Give names of companies or contacts that begin with a text, then those that contain it, the most used first.

    `field` is "company" or "contact", as a form calls its lines; any other has nothing to complete, nor has a blank text.
    Of very many names that match, the first 100 are weighed.
    """
    typed = fold(clean_line(text))
    if not typed or field not in ("company", "contact"):
        return []
    with reading(context.database):
        found = _completed(context, field, typed, begins=True)[:limit]
        if len(found) < limit:
            known = set(found)
            more = _completed(context, field, typed, begins=False)
            found += [one for one in more if one not in known][: limit - len(found)]
    return found


def _completed(context: Context, field: str, typed: str, *, begins: bool) -> list[Completion]:
    database, scope = context.database, context.actor.scope
    if field == "company":
        names = lookups.companies(database, scope, typed, begins=begins)
        used = stored.deal_counts(database, scope, Pointer.COMPANY, [one.id for one in names])
        found = [Completion(one.name, used[one.id]) for one in names]
    else:
        people = lookups.contacts(database, scope, typed, begins=begins)
        used = stored.deal_counts(database, scope, Pointer.CONTACT, [one.id for one in people])
        found = [Completion(one.name, used[one.id], one.email, one.phone, one.company) for one in people]
    return sorted(found, key=lambda one: (-one.deals, fold(one.name)))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A deal that a new one may repeat, and why."""

    deal: Deal
    why: tuple[Why, ...]

    @property
    def words(self) -> str:
        """The deal and the why: 'deal 12 "CRM rollout" looks like the same (same e-mail)'."""
        return f'deal {self.deal.number} "{cut(self.deal.title)}" looks like the same ({", ".join(self.why)})'


def likely_duplicates(context: Context, values: Values, limit: int = 5) -> list[Duplicate]:
    """Give the actor's deals that a deal of these values, about to be added, may repeat: the surest first; it only warns.

    Looked at are deals that are open or were closed within `RECENT_DAYS`: those with the same e-mail or phone, and those
    of the same company with a similar title.
    """
    texts = {name: clean_line(str(values.get(name) or "")) for name in ("title", "company", "email", "phone")}
    if not any(texts[name] for name in ("company", "email", "phone")):
        return []
    database, scope = context.database, context.actor.scope
    since = context.clock.today() - timedelta(days=RECENT_DAYS)
    found: dict[Why, list[Deal]] = {}
    with reading(database):
        if texts["email"]:
            found[Why.EMAIL] = lookups.deals_by_email(database, scope, texts["email"], since)
        if texts["phone"]:
            found[Why.PHONE] = lookups.deals_by_phone(database, scope, texts["phone"], since)
        if texts["company"]:
            its = lookups.deals_of_company(database, scope, texts["company"], since)
            found[Why.TITLE] = _similar(its, texts["title"])
    reasons: dict[Deal, list[Why]] = {}
    for why, deals in found.items():
        for deal in deals:
            reasons.setdefault(deal, []).append(why)
    surest = sorted(reasons.items(), key=lambda one: (-len(one[1]), -one[0].number))
    return [Duplicate(deal, tuple(why)) for deal, why in surest[:limit]]


def _similar(deals: Sequence[Deal], title: str) -> list[Deal]:
    measure = name_ratio() if deals and title else None
    return [deal for deal in deals if measure and similar_titles(title, deal.title, measure)]


def name_ratio() -> Ratio:
    """Give the measure of how alike two texts are, 0 to 100, and 0 for what is not similar anyway.

    Its library is imported when it is first needed.
    """
    from rapidfuzz.fuzz import ratio

    return partial(ratio, score_cutoff=SIMILAR)
