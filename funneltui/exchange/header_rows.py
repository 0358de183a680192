"""Which row of a file is the header, where a report writes its name and its filters above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.exchange.column_names import COMMON_NAMES, bare_name, plain_name

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_AT = 20
"""So many rows are looked at, and one more: a header has rows under it."""

_TITLES = frozenset(COMMON_NAMES["title"])
_OTHERS = frozenset(name for field, names in COMMON_NAMES.items() if field != "title" for name in names)


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Give the place of the header among the first rows that are not blank: the first one, unless a later one plainly is.

    Rule: the first names no field, a later one names a title and another field; it is wider than all above it, and the row
    under it is as wide as the names, or more than half of them.
    """
    if not rows or _names(rows[0]):
        return 0
    for place in range(1, min(len(rows) - 1, LOOKED_AT)):
        width = _filled(rows[place])
        is_wider = all(_filled(above) < width for above in rows[:place])
        below = _filled(rows[place + 1])
        if _names(rows[place]) == {"title", "other"} and is_wider and width // 2 < below <= width:
            return place
    return 0


def _names(row: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for cell in row:
        plain = plain_name(cell[:100])
        forms = {plain, bare_name(plain)}
        found |= {"title"} if forms & _TITLES else {"other"} if forms & _OTHERS else set()
    return found


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())
