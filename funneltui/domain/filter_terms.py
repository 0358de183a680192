"""The terms of a filter as they stand in the typed text: split, their values read, mistakes told with their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.spans import Span
from funneltui.domain.text import cut, fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_KEY = r"(?:(?P<key>[^\W\d][\w-]*)(?P<operator><=|>=|[:<>=]))?"
_START = re.compile(rf"(?P<minus>-?){_KEY}")
_VALUE = re.compile(r'(?:"[^"]*"|[^\s"])*')
_WORD = re.compile(r"[^ ]+")
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
# Two dots that a third one follows: the first of the three belongs to the date before ("15.12...eom").
_RANGE = re.compile(r'((?:"[^"]*"|[^"])*?)\.\.(?!\.)(.*)')

QUOTES = '"“”„'
"""What begins and ends a quoted value: the plain sign, and those that word processors make of it."""
_NO_QUOTES = str.maketrans("", "", QUOTES)

Value = TypeVar("Value")
Ordered = TypeVar("Ordered", int, date, Decimal)
Choice = TypeVar("Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Typed:
    """A term as it stands in the text, its value still in quotes; the places count from 0."""

    at: int
    negated: bool
    key: str
    operator: str
    value: str
    value_at: int
    quoted: bool

    @property
    def is_or(self) -> bool:
        """Whether it is the word that separates alternatives."""
        return not (self.key or self.quoted or self.negated) and self.value.lower() == "or"


def without_quotes(text: str) -> str:
    """Give a text as it can stand in a value: without the signs that are quotes there; see `QUOTES`."""
    return text.translate(_NO_QUOTES)


def mistaken(at: int, shown: str, why: str) -> BadInput:
    """Give the error of what stands at a place, counted from 0."""
    return BadInput(f'filter: at character {at + 1}, "{cut(shown)}": {why}')


def terms_in(text: str) -> Iterator[Typed]:
    """Give the terms of a filter, of one line and with plain quotes, one after the other.

    Raises:
        BadInput: a quote is never closed, or a minus stands alone.
    """
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        found = _START.match(text, place)
        assert found is not None  # every part of it may be absent
        start, negated = found.end("minus"), bool(found["minus"])
        if negated and text[start : start + 1] in ("", " ", "-"):
            raise mistaken(place, "-", "a term must follow it, as in -tag:old")
        quoted = not found["key"] and text[start] == '"'
        pattern = _VALUE if found["key"] or quoted else _WORD
        value = pattern.match(text, found.end())
        assert value is not None  # it may be empty, and a word is not at a blank
        place = value.end()
        if pattern is _VALUE and text[place : place + 1] == '"':
            raise mistaken(place, text[place:], "the quote is never closed")
        yield Typed(start, negated, found["key"] or "", found["operator"] or "", value[0], found.end(), quoted)


def span_of(typed: Typed, part: str, read: Callable[[str], Ordered]) -> Span[Ordered]:
    """Give the span that a part of a term's value means by its operator: a value, a range, or a limit.

    Raises:
        BadInput: an end cannot be read, or a range of numbers ends before it begins.
    """

    def end(text: str) -> Ordered | None:
        return read_at(typed, read, text.replace('"', "")) if text else None

    if typed.operator in ":=" and (ends := _RANGE.fullmatch(part)) and (ends[1] or ends[2]):
        low, high = end(ends[1]), end(ends[2])
        if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high:
            raise mistaken(typed.value_at, part, "it ends before it begins")
        return Span(low, high)
    value = end(part)
    if value is None:
        raise mistaken(typed.at, typed.key + typed.operator, "a value must follow it")
    if typed.operator in ":=":
        return Span(value, value)
    if typed.operator.startswith(">"):
        return Span(low=value, above=typed.operator == ">")
    return Span(high=value, below=typed.operator == "<")


def read_at(typed: Typed, read: Callable[[str], Value], text: str) -> Value:
    """Read a value; if it is refused, say where it stands."""
    try:
        return read(text)
    except BadInput as error:
        raise BadInput(f"filter: at character {typed.value_at + 1}, {typed.key}: {error}") from error


def parts_of(typed: Typed) -> list[str]:
    """Give the alternatives of a term's value, which commas separate."""
    return _COMMA.split(typed.value)


def folded_part(typed: Typed, part: str) -> str:
    """Give a part folded, without quotes, its blanks collapsed; BadInput when nothing is left."""
    text = " ".join(fold(without_quotes(part) if typed.key or typed.quoted else part).split())
    if not text:
        raise mistaken(typed.at, typed.key + typed.operator or part, "there is nothing to look for; write a value")
    return text


def one_of(typed: Typed, what: str, part: str, among: Sequence[Choice]) -> Choice:
    """Give the one of a closed set that is meant: it itself, or its unambiguous beginning."""
    begins = [one for one in among if one.startswith(part)]
    exact = [one for one in begins if one == part]
    if len(exact or begins) == 1:
        return (exact or begins)[0]
    why = f"it could be {' or '.join(begins)}" if begins else unknown_word(what, part, among)
    raise mistaken(typed.value_at, part, why)


def unknown_word(what: str, name: str, among: Iterable[str]) -> str:
    """Say that there is no such thing, what may have been meant, and what there is."""
    from difflib import get_close_matches

    known = [str(one) for one in among]
    close = get_close_matches(name, known, n=2, cutoff=0.6)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return f"no such {what}; {hint}{what}s are {', '.join(known) or 'none'}"
