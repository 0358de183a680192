"""Filters as people type them: one grammar for the screen and the command line, read and completed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain import filters
from funneltui.domain.dates import DateOrder, parse_date
from funneltui.domain.deal import Outcome
from funneltui.domain.filters import CAN_LACK, DAYS, PAST_DAYS, PEOPLE, Field, Filter, Flag, Node, Span, Term
from funneltui.domain.money import minor_digits, parse_amount
from funneltui.domain.text import cut, fold, strip_controls
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage

LONGEST = 1000
"""The most characters of a filter: what it becomes stays far below the databases' limits on nesting."""

SPECIAL = ("is", "no", "has")
"""The words before a colon that are no fields."""

ALIASES = MappingProxyType(
    {
        "expected-close": Field.CLOSE, "followup": Field.FOLLOW_UP, "subject": Field.TITLE, "tags": Field.TAG,
        "created-by": Field.CREATED_BY, "creator": Field.CREATED_BY, "e-mail": Field.EMAIL, "mail": Field.EMAIL,
        "stage-entered": Field.ENTERED, "closed-on": Field.CLOSED,
    }
)  # fmt: skip
"""Other names of fields; an underscore counts as a hyphen."""

_KEY = r"(?:(?P<key>[^\W\d][\w-]*)(?P<operator><=|>=|[:<>=]))?"
_START = re.compile(rf"(?P<minus>-?){_KEY}")
_VALUE = re.compile(r'(?:"[^"]*"|[^\s"])*')
_WORD = re.compile(r"[^ ]+")
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
# Two dots that a third one follows: the first of the three belongs to the date before ("15.12...eom").
_RANGE = re.compile(r'((?:"[^"]*"|[^"])*?)\.\.(?!\.)(.*)')
_COUNT = re.compile(r"[0-9]{1,9}")
_BARE_AMOUNT = re.compile(r"[0-9., ']+[kKmM]?")
_PHONE_SEPARATORS = re.compile(r"[\s()/.-]+")
_MOST_DAYS = 99_999
_CHARACTERS = str.maketrans("“”„", '"""')

Value = TypeVar("Value")
Ordered = TypeVar("Ordered", int, date)
Choice = TypeVar("Choice", bound=StrEnum)


def parse(
    text: str,
    today: date,
    order: DateOrder = DateOrder.DMY,
    currency: str = "EUR",
    *,
    pipelines: Sequence[Pipeline] = (),
) -> Filter:
    """Give the filter that `text` means on the day `today`; nothing typed is the empty filter.

    Terms stand between blanks and must all hold; `or` separates alternatives and binds weakest; `-` before a term turns
    it round. A term is a word or a "quoted phrase" looked for in the deal's texts, `#12`, `field:value,value`,
    `field<value` (also <=, >, >=, =), `field:low..high` with either end left out, or `is:`, `no:`, `has:`. Dates are read
    as by `parse_date`, amounts as by `parse_amount` in `currency`. With `pipelines`, the names of stages, details,
    sources and reasons are resolved to keys, and unknown ones refused; without, keys that begin so are meant.

    Raises BadInput that says at which character what is wrong.
    """
    if len(text) > LONGEST:
        raise BadInput(f"filter: it is {len(text)} characters long; {LONGEST} is the most")
    reader = _Reader(today, order, currency, pipelines)
    alternatives: list[list[Node]] = [[]]
    for typed in _split(strip_controls(re.sub(r"\s", " ", text)).translate(_CHARACTERS)):
        if not typed.is_or:
            node = reader.read(typed)
            alternatives[-1].append(filters.Not(node) if typed.negated else node)
        elif alternatives[-1]:
            alternatives.append([])
        else:
            raise _wrong(typed.at, typed.value, "a term must stand before it")
        last = typed
    if alternatives == [[]]:
        return Filter()
    if not alternatives[-1]:
        raise _wrong(last.at, last.value, "a term must follow it")
    nodes = [one[0] if len(one) == 1 else filters.All(tuple(one)) for one in alternatives]
    return Filter(nodes[0] if len(nodes) == 1 else filters.Either(tuple(nodes)))


@dataclass(frozen=True, slots=True)
class _Typed:
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
        return not (self.key or self.quoted or self.negated) and self.value.lower() == "or"


def _wrong(at: int, shown: str, why: str) -> BadInput:
    return BadInput(f'filter: at character {at + 1}, "{cut(shown)}": {why}')


def _split(text: str) -> Iterator[_Typed]:
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        found = _START.match(text, place)
        assert found is not None  # every part of it may be absent
        start, negated = found.end("minus"), bool(found["minus"])
        if negated and text[start : start + 1] in ("", " ", "-"):
            raise _wrong(place, "-", "a term must follow it, as in -tag:old")
        quoted = not found["key"] and text[start] == '"'
        pattern = _VALUE if found["key"] or quoted else _WORD
        value = pattern.match(text, found.end())
        assert value is not None  # it may be empty, and a word is not at a blank
        place = value.end()
        if pattern is _VALUE and text[place : place + 1] == '"':
            raise _wrong(place, text[place:], "the quote is never closed")
        yield _Typed(start, negated, found["key"] or "", found["operator"] or "", value[0], found.end(), quoted)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one term after the other by the same day, order, currency and pipelines."""

    today: date
    order: DateOrder
    currency: str
    pipelines: Sequence[Pipeline]

    def read(self, typed: _Typed) -> Term:
        """Give what a term means."""
        if not typed.key:
            if not typed.quoted and typed.value.startswith("#") and _COUNT.fullmatch(typed.value[1:]):
                number = int(typed.value[1:])
                return filters.Numbers(Field.NUMBER, (Span(number, number),))
            return filters.Word(_folded(typed, typed.value))
        name = fold(typed.key).replace("_", "-")
        if name in SPECIAL:
            return self._special(typed, name)
        field = ALIASES.get(name) or _fields().get(name)
        if field is None:
            raise _wrong(typed.at, typed.key, _unknown("field", name, [*_fields(), *SPECIAL]))
        if field in DAYS:
            return filters.Days(field, self._spans(typed, lambda text: self._day(field, text)))
        if field is Field.AMOUNT:
            return self._amount(typed)
        if field in (Field.NUMBER, Field.PROBABILITY, Field.AGE):
            return filters.Numbers(field, self._spans(typed, lambda text: _count(field, text)))
        if typed.operator not in ":=":
            raise _wrong(typed.at, typed.key, f"it has no order; write {typed.key}:{typed.value or '...'}")
        return self._values(typed, field)

    def _values(self, typed: _Typed, field: Field) -> Term:
        parts = [_folded(typed, part) for part in _parts(typed)]
        if field in PEOPLE:
            names = tuple(part for part in parts if part not in ("me", "none", "nobody"))
            return filters.People(field, names, "me" in parts, bool({"none", "nobody"}.intersection(parts)))
        if field is Field.OUTCOME:
            return filters.Outcomes(tuple(_choice(typed, "outcome", part, tuple(Outcome)) for part in parts))
        if field is Field.CURRENCY:
            return filters.Currencies(tuple(_located(typed, _currency, part) for part in parts))
        if field is Field.TAG:
            return filters.Tags(tuple(parts))
        if field in (Field.STAGE, Field.DETAIL, Field.SOURCE, Field.REASON):
            if not self.pipelines:
                return filters.Keys(field, tuple(parts), begins=True)
            keys = [key for part in parts for key in self._keys(typed, field, part)]
            return filters.Keys(field, tuple(dict.fromkeys(keys)))
        if field is Field.PHONE:
            parts = [_folded(typed, _PHONE_SEPARATORS.sub("", part)) for part in parts]
        return filters.Contains(field, tuple(parts))

    def _special(self, typed: _Typed, name: str) -> Term:
        if typed.operator not in ":=":
            raise _wrong(typed.at, typed.key, f"write {name}: and what you mean")
        parts = [_folded(typed, part) for part in _parts(typed)]
        if name == "is":
            return filters.Flags(tuple(_choice(typed, "state", part, tuple(Flag)) for part in parts))
        names = [part.replace("_", "-").replace("followup", "follow-up") for part in parts]
        return filters.Presence(tuple(_choice(typed, "optional field", one, CAN_LACK) for one in names), name == "has")

    def _keys(self, typed: _Typed, field: Field, part: str) -> list[str]:
        """Give the keys that a name means in each pipeline: those that are it, else those that begin with it."""
        keys: list[str] = []
        known: list[str] = []
        loose = part.replace("_", " ").replace("-", " ")
        for pipeline in self.pipelines:
            named = [(one.key, fold(one.name).replace("-", " ")) for one in _named(pipeline, field)]
            known += [key for key, _ in named]
            exact = [key for key, name in named if key == part or name == loose]
            keys += exact or [key for key, name in named if key.startswith(part) or name.startswith(loose)]
        if not keys:
            raise _wrong(typed.value_at, part, _unknown(field.value, part, list(dict.fromkeys(known))))
        return keys

    def _day(self, field: Field, text: str) -> date:
        return parse_date(text, self.today, self.order, past=field in PAST_DAYS)

    def _amount(self, typed: _Typed) -> filters.Amounts:
        # A comma groups thousands here, so an amount cannot have several values.
        span = _span(typed, typed.value, lambda text: parse_amount(text, self.currency))
        written = [text.strip() for text in typed.value.replace('"', "").split("..")]
        return filters.Amounts(span, self.currency, not all(_BARE_AMOUNT.fullmatch(text) for text in written if text))

    @staticmethod
    def _spans(typed: _Typed, read: Callable[[str], Ordered]) -> tuple[Span[Ordered], ...]:
        return tuple(_span(typed, part, read) for part in _parts(typed))


def _span(typed: _Typed, part: str, read: Callable[[str], Ordered]) -> Span[Ordered]:
    def end(text: str) -> Ordered | None:
        return _located(typed, read, text.replace('"', "")) if text else None

    if typed.operator in ":=" and (ends := _RANGE.fullmatch(part)) and (ends[1] or ends[2]):
        low, high = end(ends[1]), end(ends[2])
        if isinstance(low, int) and isinstance(high, int) and low > high:
            raise _wrong(typed.value_at, part, "it ends before it begins")
        return Span(low, high)
    value = end(part)
    if value is None:
        raise _wrong(typed.at, typed.key + typed.operator, "a value must follow it")
    if typed.operator in ":=":
        return Span(value, value)
    if typed.operator.startswith(">"):
        return Span(low=value, above=typed.operator == ">")
    return Span(high=value, below=typed.operator == "<")


def _located(typed: _Typed, read: Callable[[str], Value], text: str) -> Value:
    """Ordered a value; if it is refused, say where it stands."""
    try:
        return read(text)
    except BadInput as error:
        raise BadInput(f"filter: at character {typed.value_at + 1}, {typed.key}: {error}") from error


def _parts(typed: _Typed) -> list[str]:
    return _COMMA.split(typed.value)


def _folded(typed: _Typed, part: str) -> str:
    folded = " ".join(fold(part.replace('"', "") if typed.key or typed.quoted else part).split())
    if not folded:
        raise _wrong(typed.at, typed.key + typed.operator or part, "there is nothing to look for; write a value")
    return folded


def _fields() -> dict[str, Field]:
    return {field.value.replace("_", "-"): field for field in Field}


def _named(pipeline: Pipeline, field: Field) -> Sequence[Stage | Detail | Source | Reason]:
    """Give what a field's values may be called; old deals still have what the pipeline has retired."""
    gone = pipeline.retired
    if field is Field.DETAIL:
        stages = pipeline.stages + gone.stages
        return [detail for stage in stages for detail in stage.details] + [detail for _, detail in gone.details]
    if field is Field.STAGE:
        return pipeline.stages + gone.stages
    return pipeline.sources + gone.sources if field is Field.SOURCE else pipeline.reasons + gone.reasons


def _count(field: Field, text: str) -> int:
    bare = text.removesuffix("%") if field is Field.PROBABILITY else text.removesuffix("d")
    if not _COUNT.fullmatch(bare) or (field is Field.AGE and int(bare) > _MOST_DAYS):
        raise BadInput(f'can\'t read "{cut(text)}" as a whole number')
    return int(bare)


def _currency(text: str) -> str:
    minor_digits(text.upper())
    return text.upper()


def _choice(typed: _Typed, what: str, part: str, among: Sequence[Choice]) -> Choice:
    """Give the one of a closed set that is meant: it itself, or its unambiguous beginning."""
    begins = [one for one in among if one.value.startswith(part)]
    exact = [one for one in begins if one.value == part]
    if len(exact or begins) == 1:
        return (exact or begins)[0]
    why = f"it could be {' or '.join(begins)}" if begins else _unknown(what, part, among)
    raise _wrong(typed.value_at, part, why)


def _unknown(what: str, name: str, among: Iterable[str]) -> str:
    from difflib import get_close_matches

    known = [str(one) for one in among]
    close = get_close_matches(name, known, n=2, cutoff=0.6)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return f"no such {what}; {hint}{what}s are {', '.join(known) or 'none'}"
