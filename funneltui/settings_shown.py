"""A setting as people read it: its value in words, where that comes from, and what wins over the config file."""

from __future__ import annotations

import os

from funneltui.config import VARIABLE_OF, Origin
from funneltui.settings import USUAL_DAYS, Kind, Setting, Value


def value_words(one: Setting, value: Value) -> str:
    """Give a value as it would be typed; `settings.typed` reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def may_be(one: Setting) -> str:
    """Say what can be typed for a setting."""
    match one.kind:
        case Kind.SWITCH:
            return "yes or no"
        case Kind.TEXT:
            return f"at most {one.most} characters"
        case Kind.CURRENCY | Kind.LOCALE:
            return one.expected.replace('"', "").removesuffix(", or ") + ", or empty"
        case Kind.DAYS:
            return f"1 to {USUAL_DAYS} dates as they are typed, with commas between them"
    return one.expected


def meaning(one: Setting, value: Value) -> str:
    """Give what a value stands for that says nothing by itself: the empty one of a text, the 0 of a number."""
    if one.key == "theme" and not value and os.environ.get("NO_COLOR"):
        return "mono: NO_COLOR is set"
    if value == "":
        return one.help.partition("empty: ")[2].rstrip(".")
    return one.zero if one.kind is Kind.NUMBER and value == 0 else ""


def origin_words(key: str, origin: Origin, line: int | None = None) -> str:
    """Give where a value comes from: an option, a variable, a line of the config file, or the default."""
    match origin:
        case Origin.FLAG:
            return f"--{key}"
        case Origin.ENVIRONMENT:
            return VARIABLE_OF[key]
        case Origin.FILE:
            return f"line {line}"
    return "default"


def winner(key: str, origin: Origin) -> str:
    """Say what wins over the config file, if anything does."""
    if key == "theme" and os.environ.get("NO_COLOR"):
        return "NO_COLOR is set and wins over every theme: mono is shown"
    if origin not in (Origin.FLAG, Origin.ENVIRONMENT):
        return ""
    how = "given" if origin is Origin.FLAG else "set"
    return f"{origin_words(key, origin)} is {how} and wins over the config file"
