"""Texts as SQL compares them with what was typed, which stands for itself there, whatever signs it holds."""

from __future__ import annotations

from funneltui.storage.deals import Condition


def like(column: str, pattern: str) -> Condition:
    """Say that a text is like a pattern, in which `escaped` texts are only themselves."""
    return Condition(f"{column} LIKE ? ESCAPE '!'", (pattern,))


def escaped(text: str) -> str:
    """Give a text as it stands in a pattern of `like`."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def contains(column: str, text: str) -> Condition:
    """Say that a text stands somewhere in a column."""
    return like(column, f"%{escaped(text)}%")


def begins_with(column: str, text: str) -> Condition:
    """Say that a column begins with a text."""
    return like(column, f"{escaped(text)}%")


def bare_phone(column: str) -> str:
    """Give the SQL of a phone without what people put between its digits, in the letters of the index of phones."""
    for sign in " -./()":
        column = f"replace({column}, '{sign}', '')"
    return column
