"""A merge told before it is made, by making it and taking it back in one transaction; records corrected by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.records import Contact
from funneltui.errors import NotFound
from funneltui.services import merging
from funneltui.services.record_windows import POINTERS, Kind, Record, RecordLine, company_name, lines, record_of
from funneltui.storage import records as stored
from funneltui.storage.database import writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Changed:
    """A record as it is after a correction or a merge, and the deals that were changed for it."""

    record: Record
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge will do: the record that stays with its figures before and after, and those that go.

    `over` is how many deals go over, spam among them; `takes` are the texts that the kept record lacks and gets, by the
    names of a deal's fields.
    """

    keep: RecordLine
    gone: tuple[RecordLine, ...]
    after: RecordLine
    over: int
    takes: Mapping[str, str]


class _TakenBack(Exception):
    """Ends the transaction of a rehearsal."""


def plan(context: Context, kind: Kind, keep: int, others: Sequence[int]) -> MergePlan:
    """Give what the merge of other records into the one that is kept will do; nothing is changed.

    The rules of a merge are `merging`'s alone: it is made, looked at and rolled back.

    Raises:
        Whatever `merge` raises.
    """
    found: list[MergePlan] = []
    try:
        with writing(context.database):
            before = lines(context, kind, [keep, *others])
            if len(before) != 1 + len(others):
                message = "one of them is not there any more; mark them anew"
                raise NotFound(message)
            over = stored.deal_numbers(context.database, context.actor.scope, POINTERS[kind], others)
            changed = merge(context, kind, keep, others)
            (after,) = lines(context, kind, [changed.record.id])
            taken = _taken(record_of(before[0]), changed.record)
            found.append(MergePlan(before[0], before[1:], after, len(over), taken))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def _taken(before: Record, after: Record) -> dict[str, str]:
    if not isinstance(before, Contact) or not isinstance(after, Contact):
        return {}
    had = {"contact": before.name, "email": before.email, "phone": before.phone, "company": before.company}
    has = {"contact": after.name, "email": after.email, "phone": after.phone, "company": after.company}
    return {name: text for name, text in has.items() if text and not had[name]}


def merge(context: Context, kind: Kind, keep: int, others: Sequence[int]) -> Changed:
    """Let the deals of other records go over to the one that is kept; see `merging.merge_companies` and its sister.

    Raises:
        NotFound, NotAllowed, RuleBroken, BadInput: as they do.
    """
    with writing(context.database):
        if kind is Kind.CONTACT:
            merged = merging.merge_contacts(context, keep, others)
            return Changed(merged.contact, merged.deals)
        names = [company_name(context, number) for number in (keep, *others)]
        done = merging.merge_companies(context, names[0], names[1:])
        return Changed(done.company, done.deals)


def edit(context: Context, kind: Kind, number: int, values: Mapping[str, str]) -> Changed:
    """Correct a record on all its deals: a company's name ("company"), a contact's "contact" (name), "email", "phone".

    Raises:
        NotFound, NotAllowed, RuleBroken, BadInput: as `merging.edit_company` and `merging.edit_contact` do.
    """
    with writing(context.database):
        if kind is Kind.CONTACT:
            corrected = merging.edit_contact(context, number, values)
            return Changed(corrected.contact, corrected.deals)
        done = merging.edit_company(context, company_name(context, number), values["company"])
        return Changed(done.company, done.deals)
