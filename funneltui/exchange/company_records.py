"""The JSON forms of companies and contacts, with the names of fields that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.money import to_decimal_string
from funneltui.exchange.deal_records import record_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Deal
    from funneltui.domain.records import Contact, Figures, PerCurrency
    from funneltui.exchange.record_values import Record
    from funneltui.services.context import Context
    from funneltui.services.records import CompanyLine, CompanySheet, ContactLine, ContactSheet
    from funneltui.services.same_records import SameCompanies, SameContacts


def company_record(line: CompanyLine | CompanySheet) -> Record:
    """Give a company for machines, with what its deals come to; amounts as decimal strings, one for each currency."""
    return {"name": line.company.name} | _figures(line.figures)


def contact_record(line: ContactLine | ContactSheet) -> Record:
    """Give a contact for machines, with what its deals come to; see `company_record`."""
    return named_contact(line.contact) | _figures(line.figures)


def named_contact(contact: Contact) -> Record:
    """Give a contact for machines, without figures."""
    return {
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "company": contact.company,
    }


def company_sheet_record(context: Context, sheet: CompanySheet) -> Record:
    """Give a company for machines with its contacts, and its deals as `list --json` gives them, the newest first."""
    contacts = [contact_record(line) for line in sheet.contacts]
    return company_record(sheet) | {"contacts": contacts, "deal_list": _deals(context, sheet.deals)}


def contact_sheet_record(context: Context, sheet: ContactSheet) -> Record:
    """Give a contact for machines with its deals; see `company_sheet_record`."""
    return contact_record(sheet) | {"deal_list": _deals(context, sheet.deals)}


def same_companies_record(pair: SameCompanies) -> Record:
    """Give a pair of companies that are probably the same: `score` in percent, `why` in words."""
    return {"score": pair.score, "why": list(pair.why), "keep": company_record(pair.keep),
            "other": company_record(pair.other)}  # fmt: skip


def same_contacts_record(pair: SameContacts) -> Record:
    """Give a pair of contacts that are probably one person: `score` in percent, `why` in words."""
    return {"score": pair.score, "why": list(pair.why), "keep": contact_record(pair.keep),
            "other": contact_record(pair.other)}  # fmt: skip


def _figures(figures: Figures) -> Record:
    return {
        "deals": figures.deals,
        "open": figures.open,
        "won": figures.won,
        "lost": figures.lost,
        "open_amounts": _amounts(figures.open_amounts),
        "won_amounts": _amounts(figures.won_amounts),
        "last_touch": figures.touched.isoformat() if figures.touched else None,
    }


def _amounts(sums: PerCurrency) -> list[Record]:
    return [{"currency": currency, "amount": to_decimal_string(amount, currency)} for currency, amount in sums]


def _deals(context: Context, deals: Iterable[Deal]) -> list[Record]:
    return [record_of(context, deal) for deal in deals]
