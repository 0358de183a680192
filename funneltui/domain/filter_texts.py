"""Filters as they are typed, put together: what two of them let through, as a text that can be typed again."""

from __future__ import annotations

import re

_TERM = re.compile(r'(?:"[^"]*"|[^\s"])+')


def narrowed(text: str, more: str) -> str:
    """Give the filter of what both texts let through.

    `more` has no `or`; each alternative of `text` is narrowed by it, as `or` binds weakest (see `filter_parser.parse`).
    """
    if not text.strip() or not more.strip():
        return (text or more).strip()
    return " or ".join(f"{one} {more.strip()}" for one in _alternatives(text))


def _alternatives(text: str) -> list[str]:
    found: list[list[str]] = [[]]
    for term in _TERM.findall(text):
        if term.lower() == "or":
            found.append([])
        else:
            found[-1].append(term)
    return [" ".join(terms) for terms in found if terms]
