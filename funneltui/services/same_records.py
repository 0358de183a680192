"""Companies and contacts that are probably the same, proposed in pairs: a person decides what is merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.sameness import Likely, Why, company_pairs, contact_pairs
from funneltui.services.records import CompanyLine, ContactLine, name_ratio
from funneltui.storage import records as stored
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class SameCompanies:
    """Two companies that are probably one: how surely, in percent, and why. `keep` has at least as many deals."""

    keep: CompanyLine
    other: CompanyLine
    score: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class SameContacts:
    """Two contacts that are probably one person: how surely, in percent, and why. `keep` has at least as many deals."""

    keep: ContactLine
    other: ContactLine
    score: int
    why: tuple[Why, ...]


def same_companies(context: Context, limit: int = 50) -> list[SameCompanies]:
    """Give pairs of the actor's companies that are probably the same, the surest first; nothing is changed."""
    database, scope = context.database, context.actor.scope
    with reading(database):
        known = {one.id: one for one in stored.companies(database, scope, EVERYTHING)}
        pairs = company_pairs(list(known.values()), name_ratio())[:limit]
        figures = stored.figures(database, scope, Pointer.COMPANY, _ids(pairs))
    lines = {number: CompanyLine(known[number], its) for number, its in figures.items()}
    return [SameCompanies(*_by_use(lines, pair), pair.score, pair.why) for pair in pairs]


def same_contacts(context: Context, limit: int = 50) -> list[SameContacts]:
    """Give pairs of the actor's contacts that are probably one person, the surest first; nothing is changed."""
    database, scope = context.database, context.actor.scope
    with reading(database):
        known = {one.id: one for one in stored.contacts(database, scope, EVERYTHING)}
        pairs = contact_pairs(list(known.values()), name_ratio())[:limit]
        figures = stored.figures(database, scope, Pointer.CONTACT, _ids(pairs))
    lines = {number: ContactLine(known[number], its) for number, its in figures.items()}
    return [SameContacts(*_by_use(lines, pair), pair.score, pair.why) for pair in pairs]


_Line = TypeVar("_Line", CompanyLine, ContactLine)


def _by_use(lines: Mapping[int, _Line], pair: Likely) -> tuple[_Line, _Line]:
    """Give the two of a pair, the one with more deals first."""
    one, other = lines[pair.one], lines[pair.other]
    return (other, one) if other.figures.deals > one.figures.deals else (one, other)


def _ids(pairs: Sequence[Likely]) -> list[int]:
    return sorted({number for pair in pairs for number in (pair.one, pair.other)})
