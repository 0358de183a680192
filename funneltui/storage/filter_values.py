"""The tags that a filter can ask for, looked up while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.text import fold
from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, Condition, where, within

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = 2_000
"""So many deals with tags are looked at in one statement."""


def tags_beginning(database: Database, scope: int | None, text: str, limit: int) -> list[str]:
    """Give tags of deals within a scope that begin with a folded text, by name: at most `limit`, those of newer deals first.

    No database folds tags, nor has an index of them: the deals are looked at from the newest on, until there are enough.
    """
    seen: set[str] = set()
    found: dict[str, str] = {}
    for tags in _newest_first(database, scope):
        for tag in tags.split():
            if tag in seen:
                continue
            seen.add(tag)
            folded = fold(tag)
            if folded.startswith(text):
                found.setdefault(folded, tag)
                if len(found) == limit:
                    return [found[one] for one in sorted(found)]
    return [found[one] for one in sorted(found)]


def _newest_first(database: Database, scope: int | None) -> Iterator[str]:
    tagged = Condition("d.tags <> ''") & COUNTED & within(scope)
    last: int | None = None
    while True:
        here = tagged if last is None else tagged & Condition("d.number < ?", (last,))
        sql = f"SELECT d.number, d.tags FROM deal d {where(here)} ORDER BY d.number DESC LIMIT {_PAGE}"
        rows = query(database, sql, here.values)
        yield from (tags for _, tags in rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]
