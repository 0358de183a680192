"""Values that a filter can ask for and that only the workspace knows: companies, contacts, people, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.filters import PEOPLE, Field
from funneltui.domain.history import Role
from funneltui.domain.text import fold
from funneltui.storage import filter_values as stored
from funneltui.storage import people
from funneltui.storage import record_lookups as lookups
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.services.context import Context

MOST = 8
"""So many values are given; fewer mean that there are no others."""

FIELDS = PEOPLE | {Field.COMPANY, Field.CONTACT, Field.TAG}
"""The fields whose values are asked for here; those of the others are known without a database."""


def beginning(context: Context, field: Field, typed: str) -> tuple[str, ...]:
    """Give at most `MOST` values of a field that begin with what is typed, any case and accent, by name.

    They are those of deals that the actor may see, spam left out (D11, D12); of the users, a rep is given himself only.
    """
    text, scope = fold(typed), context.actor.scope
    with reading(context.database):
        if field is Field.COMPANY:
            return _first(one.name for one in lookups.companies(context.database, scope, text, begins=True))
        if field is Field.CONTACT:
            return _first(one.name for one in lookups.contacts(context.database, scope, text, begins=True) if one.name)
        if field is Field.TAG:
            return tuple(stored.tags_beginning(context.database, scope, text, MOST))
        if field in PEOPLE:
            users = people.everyone(context.database) if context.actor.role is Role.MANAGER else [context.actor]
            return _first(user.name for user in users if fold(user.name).startswith(text))
    return ()


def _first(names: Iterable[str]) -> tuple[str, ...]:
    """Give the first names, each once: several contacts may be called the same."""
    found = {fold(name): name for name in reversed(list(names))}
    return tuple(found[one] for one in sorted(found)[:MOST])
