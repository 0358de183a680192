"""Texts of a deal as SQL compares them: parts and wholes, and the lines of its search text, which alone is stored folded."""

from __future__ import annotations

from types import MappingProxyType

from funneltui.domain.filter_terms import QUOTES
from funneltui.domain.filters import Field
from funneltui.storage.deals import Condition
from funneltui.storage.matching import contains

# The parts of a deal's search text that come before its tags, in their order, each on a line of its own if not empty.
_SEARCH_LINES = ("d.title", "c.name", "k.name", "k.email", "k.phone", "d.qualifier", "d.tags")

LINES = MappingProxyType({Field.TITLE: "d.title", Field.QUALIFIER: "d.qualifier", Field.TAG: "d.tags"})
"""The fields whose folded form is in no column, only in a line of the search text."""


def in_line(line: str, text: str, anywhere: str) -> Condition:
    """Say that a text stands in a line of the search text; `anywhere` is what the whole of that holds then."""
    # The whole search text is looked at first: cutting a line out of it is only for the few that have it somewhere.
    found, there = contains("d.search", anywhere), contains(line, text)
    return Condition(f"CASE WHEN {found.sql} THEN {there.sql} END", found.values + there.values)


def whole_text(text: str) -> str:
    """Give the SQL of a text, to be compared from end to end: quotes do not count, as none can be typed in a value."""
    bare = f"rtrim({text})"  # a line of the search text ends in a blank
    for quote in QUOTES:
        bare = f"replace({bare}, '{quote}', '')"
    return bare


def search_line(field: Field) -> str:
    """Give the SQL of the folded form of one of `LINES`, cut out of the deal's search text.

    No database folds "Žagar" or "Łódź" as `fold` does, and only the search text is stored folded. `ltrim` with every
    character but the newline leaves what begins at the first newline, on both databases. LIMIT keeps either one from
    merging the nested queries, which would repeat the innermost hundreds of times.
    """
    part = LINES[field]
    after = "ltrim(rest, replace(rest, '\n', ''))"
    source = "SELECT d.search AS rest"
    for earlier in _SEARCH_LINES[: _SEARCH_LINES.index(part)]:
        there = f"coalesce({earlier}, '') <> ''"
        source = (
            f"SELECT CASE WHEN {there} THEN substr({after}, 2) ELSE rest END AS rest FROM ({source} LIMIT 1) AS line"
        )
    line = f"SELECT substr(rest, 1, length(rest) - length({after})) FROM ({source} LIMIT 1) AS line"
    return f"CASE WHEN {part} <> '' THEN ({line}) ELSE '' END"
