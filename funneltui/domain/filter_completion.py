"""What can stand where the cursor is in a filter: names of fields, and the values that a field is known to have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.filter_parser import ALIASES, SPECIAL
from funneltui.domain.filters import CAN_LACK, DAYS, PEOPLE, Field, Flag
from funneltui.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LAST_TERM = re.compile(r'(?:"[^"]*"|[^\s"])*(?:"[^"]*)?$')
_KEY = re.compile(r"-?([^\W\d][\w-]*)(<=|>=|[:<>=])")
_BETWEEN_VALUES = re.compile(r'"[^"]*"?|(,|\.\.)')
_REST = re.compile(r'[^\s,"]*')
_DATES = ("today", "yesterday", "tomorrow", "mon", "fri", "eow", "eom", "eoq", "eoy", "-7d", "-30d")
_NAMES = (*(field.value for field in Field), *SPECIAL)
_CLOSED_SETS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"is": tuple(Flag), "no": CAN_LACK, "has": CAN_LACK, "outcome": tuple(Outcome)}
)


@dataclass(frozen=True, slots=True)
class Completion:
    """What may replace the text from `start` to `end` (counted from 0); the options are ready to be put in."""

    start: int
    end: int
    options: tuple[str, ...]


def completions(text: str, cursor: int, vocabulary: Mapping[str, Sequence[str]]) -> Completion:
    """Give what may stand at the cursor: fields (with their colon), or after a colon the field's values.

    `vocabulary` holds the known values by the names of `Field` ("stage", "owner", ...); what `is:`, `no:`, `has:`,
    `outcome:` and dates know is added here. Matched is any beginning, whatever its case and accents; a value with a blank
    comes in quotes. A text that cannot be parsed yet is fine.
    """
    cursor = max(0, min(cursor, len(text)))
    rest = _REST.match(text, cursor)
    end = rest.end() if rest else cursor
    term = _LAST_TERM.search(text[:cursor])
    start = term.start() if term else cursor
    key = _KEY.match(text, start, cursor)
    if key is None:
        start += text[start:cursor].startswith("-")
        typed = fold(text[start:cursor])
        return Completion(start, end, tuple(f"{name}:" for name in _NAMES if name.startswith(typed)))
    ends = [found.end() for found in _BETWEEN_VALUES.finditer(text, key.end(), cursor) if found[1]]
    start = ends[-1] if ends else key.end()
    typed = fold(text[start:cursor].replace('"', ""))
    known = _known(fold(key[1]).replace("_", "-"), vocabulary)
    options = [_quoted(one) for one in known if fold(one).startswith(typed)]
    return Completion(start, end, tuple(dict.fromkeys(options)))


def _known(name: str, vocabulary: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if name in _CLOSED_SETS:
        return [str(one) for one in _CLOSED_SETS[name]]
    names = {field.value.replace("_", "-"): field for field in Field}
    field = ALIASES.get(name) or names.get(name)
    if field is None:
        return ()
    if field in DAYS:
        return _DATES
    return [*(("me", "nobody") if field in PEOPLE else ()), *vocabulary.get(field.value, ())]


def _quoted(value: str) -> str:
    plain = value.replace('"', "")
    return f'"{plain}"' if re.search(r"[\s,]", plain) else plain
