"""Companies and contacts corrected and merged, on all their deals at once: one transaction, one event a deal, one undo.

What a record says stands in the events of its deals. So a correction is an edit of each of them, and undo, which puts the
deals' texts back, brings the records back with them. A record that no deal has any more is listed no longer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.gates import Blocked, check_entry
from funneltui.domain.history import EventKind
from funneltui.domain.records import Company, Contact
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, NotAllowed, RuleBroken
from funneltui.services.changes import Change, commit_all, reachable
from funneltui.services.fields import values_of
from funneltui.services.records import company_called, contact_called
from funneltui.services.together import all_or_none
from funneltui.storage import records as stored
from funneltui.storage.database import writing
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

_CONTACT_FIELDS = ("contact", "email", "phone")


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """A company as it is after a correction or a merge, and the deals that were changed for it."""

    company: Company
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A contact as it is after a correction or a merge, and the deals that were changed for it."""

    contact: Contact
    deals: tuple[Deal, ...]


def edit_company(context: Context, name: str, new_name: str) -> CompanyChange:
    """Give a company another name, or another spelling of its name, on all its deals.

    Raises:
        NotFound: there is no such company. BadInput: the new name is blank. RuleBroken: another company is called so.
        NotAllowed: others have deals with it.
    """
    wanted = clean_line(new_name)
    if not wanted:
        message = "a company needs a name"
        raise BadInput(message)
    with writing(context.database):
        company = company_called(context, name)
        its = _all_deals(context, Pointer.COMPANY, [company.id], company.name)
        renamed = _take_name(context, company, wanted)
        said = {stored.RESPELLED: True} if renamed.id == company.id and fold(wanted) == fold(company.name) else {}
        return CompanyChange(renamed, _commit(context, its, {"company": renamed.name}, said))


def _take_name(context: Context, company: Company, wanted: str) -> Company:
    """Let a company have a name, and give the record that is called so from now on."""
    database, scope = context.database, context.actor.scope
    other = stored.company_named(database, wanted)
    if other is None or other.id == company.id:
        stored.rename_company(database, company.id, wanted)
        return Company(company.id, wanted)
    if stored.deal_numbers(database, scope, Pointer.COMPANY, [other.id]):
        message = f'there is a company "{other.name}" already; merge the two: {_merge_command(other, company)}'
        raise RuleBroken(message)
    if stored.deal_numbers(database, None, Pointer.COMPANY, [other.id]):
        return other  # that of a colleague: as when each deal is edited to have it
    stored.rename_company(database, other.id, wanted)  # one that was left behind
    return Company(other.id, wanted)


def _merge_command(kept: Company, other: Company) -> str:
    return f'`funneltui companies merge "{kept.name}" "{other.name}"`'


def edit_contact(context: Context, which: int | str, values: Mapping[str, str]) -> ContactChange:
    """Change the name ("contact"), "email" or "phone" of a contact on all its deals; "" takes one away.

    Raises:
        NotFound: there is no such contact. NotAllowed: others have deals with it. RuleBroken: a deal's stage demands what
        would be taken away. BadInput: another field is named, or nothing would be left.
    """
    unknown = [name for name in values if name not in _CONTACT_FIELDS]
    if unknown:
        message = f'a contact has no "{cut(unknown[0])}" of its own; its fields are: {", ".join(_CONTACT_FIELDS)}'
        raise BadInput(message)
    with writing(context.database):
        contact = contact_called(context, which)
        wanted = _fields_of(contact) | {name: clean_line(text) for name, text in values.items()}
        if not any(wanted.values()):
            message = "a contact needs a name, an e-mail or a phone"
            raise BadInput(message)
        its = _all_deals(context, Pointer.CONTACT, [contact.id], contact.label)
        taken = [name for name, text in wanted.items() if not text]
        all_or_none(its, lambda deal: _demand_kept(context, _with(deal, wanted), taken), "changed")
        stored.change_contact(context.database, contact.id, wanted)
        changed = _commit(context, its, wanted)
        return ContactChange(stored.contact_of_deal(context.database, its[0].number), changed)


def _demand_kept(context: Context, deal: Deal, taken: Sequence[str]) -> None:
    """Refuse to take away what the deal's stage demands."""
    pipeline = context.pipeline_of(deal.pipeline)
    stages = [stage for stage in pipeline.stages if stage.key == deal.stage]
    gate = check_entry(pipeline, stages[0], values_of(deal)) if taken and stages else None
    if isinstance(gate, Blocked) and (missing := tuple(one for one in gate.missing if one.field in taken)):
        raise RuleBroken(gate.message, missing)


def merge_companies(context: Context, keep: str, others: Sequence[str]) -> CompanyChange:
    """Let the deals of other companies go over to the one that is kept; the others are listed no longer.

    Raises:
        NotFound: one of them is not there. BadInput: nothing to be merged is named, or the kept one among it. NotAllowed:
        others have deals with one of those that would go.
    """
    with writing(context.database):
        kept = company_called(context, keep)
        gone = list(dict.fromkeys(company_called(context, name) for name in others))
        _demand_others(kept.name, kept in gone, bool(gone))
        names = ", ".join(one.name for one in gone)
        its = _all_deals(context, Pointer.COMPANY, [one.id for one in gone], names)
        return CompanyChange(kept, _commit(context, its, {"company": kept.name}))


def merge_contacts(context: Context, keep: int | str, others: Sequence[int | str]) -> ContactChange:
    """Let the deals of other contacts go over to the one that is kept; the others are listed no longer.

    What the kept one lacks, e-mail, phone, name or company, it takes from the first of the others that has it.

    Raises:
        NotFound: one of them is not there. BadInput: nothing to be merged is named, or the kept one among it. RuleBroken:
        they are at different companies. NotAllowed: others have deals with one of those that would change.
    """
    with writing(context.database):
        kept = contact_called(context, keep)
        gone = list(dict.fromkeys(contact_called(context, which) for which in others))
        _demand_others(kept.label, kept in gone, bool(gone))
        company = _one_company([kept, *gone])
        wanted = _fields_of(kept)
        for one in gone:
            wanted = {name: text or _fields_of(one)[name] for name, text in wanted.items()}
        stays = wanted == _fields_of(kept) and fold(company) == fold(kept.company)
        changing = gone if stays else [kept, *gone]
        its = _all_deals(
            context, Pointer.CONTACT, [one.id for one in changing], ", ".join(one.label for one in changing)
        )
        if not stays:
            stored.change_contact(context.database, kept.id, wanted)
        changed = _commit(context, its, wanted | ({"company": company} if company else {}))
        return ContactChange(stored.contact_of_deal(context.database, its[0].number), changed)


def _one_company(contacts: Sequence[Contact]) -> str:
    """Give the company that these contacts have, "" for none: to merge people must not move deals between companies."""
    names = {fold(one.company): one.company for one in contacts if one.company}
    if len(names) > 1:
        message = f"they are at different companies: {', '.join(names.values())}; merge the companies first"
        raise RuleBroken(message)
    return next(iter(names.values()), "")


def _demand_others(kept: str, kept_is_among: bool, any_other: bool) -> None:
    if kept_is_among:
        message = f"{cut(kept)} is to be kept and cannot be merged into itself; name the others"
        raise BadInput(message)
    if not any_other:
        message = f"name what is to be merged into {cut(kept)}"
        raise BadInput(message)


def _all_deals(context: Context, pointer: Pointer, ids: Sequence[int], names: str) -> list[Deal]:
    """Give all deals of these records, spam among them.

    Raises:
        NotAllowed: one is out of the actor's reach (D11).
    """
    scope = context.actor.scope
    mine = stored.deal_numbers(context.database, scope, pointer, ids)
    if scope is not None and len(mine) != len(stored.deal_numbers(context.database, None, pointer, ids)):
        message = f"others have deals with {names} too; a manager can change it for all of them"
        raise NotAllowed(message)
    return reachable(context, mine)


def _commit(
    context: Context, its: Sequence[Deal], values: Mapping[str, str], said: Mapping[str, object] | None = None
) -> tuple[Deal, ...]:
    """Write values into the deals in which they differ, and give those as they stand then."""
    changes = [Change(deal, _with(deal, values), EventKind.EDITED, said or {}) for deal in its]
    return tuple(commit_all(context, [one for one in changes if one.before != one.after]))


def _with(deal: Deal, values: Mapping[str, str]) -> Deal:
    return replace(deal, **values)  # type: ignore[arg-type]


def _fields_of(contact: Contact) -> dict[str, str]:
    return {"contact": contact.name, "email": contact.email, "phone": contact.phone}
