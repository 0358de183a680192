"""Filters of deals as values: what is asked for, told to people, and completed while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain.deal import Outcome
from funneltui.domain.field_filters import (
    FieldContains,
    FieldDays,
    FieldIs,
    FieldNumbers,
    FieldThere,
    OfField,
    told_of_field,
)
from funneltui.domain.money import format_full, to_decimal_string
from funneltui.domain.spans import Span as Span
from funneltui.domain.spans import either, told_span

if TYPE_CHECKING:
    from collections.abc import Iterator


class Field(StrEnum):
    """What of a deal a filter can ask for, by the name that is typed before the colon."""

    STAGE = "stage"
    REACHED = "reached"
    VISITED = "visited"
    DETAIL = "detail"
    SOURCE = "source"
    REASON = "reason"
    OWNER = "owner"
    CREATED_BY = "created_by"
    COMPANY = "company"
    CONTACT = "contact"
    EMAIL = "email"
    PHONE = "phone"
    TITLE = "title"
    QUALIFIER = "qualifier"
    TAG = "tag"
    PIPELINE = "pipeline"
    OUTCOME = "outcome"
    CURRENCY = "currency"
    NUMBER = "number"
    PROBABILITY = "probability"
    AGE = "age"
    AMOUNT = "amount"
    CLOSE = "close"
    FOLLOW_UP = "follow-up"
    CREATED = "created"
    TOUCHED = "touched"
    ENTERED = "entered"
    CLOSED = "closed"


PAST_DAYS = frozenset({Field.CREATED, Field.TOUCHED, Field.ENTERED, Field.CLOSED})
"""The dates of what has happened: a weekday there is the last one, not the next."""

DAYS = PAST_DAYS | {Field.CLOSE, Field.FOLLOW_UP}
"""The fields that are compared with dates."""

STAGES = frozenset({Field.STAGE, Field.REACHED, Field.VISITED})
"""The fields that name stages: where a deal stands, how far it got, which it ever entered."""

PEOPLE = frozenset({Field.OWNER, Field.CREATED_BY})
"""The fields that hold a user."""

CAN_LACK = (
    Field.FOLLOW_UP, Field.AMOUNT, Field.OWNER, Field.COMPANY, Field.CONTACT, Field.EMAIL, Field.PHONE, Field.DETAIL,
    Field.TAG, Field.QUALIFIER,
)  # fmt: skip
"""The fields that `no:` and `has:` can ask about."""

_SPOKEN = MappingProxyType(
    {
        Field.CLOSE: "expected close",
        Field.CREATED_BY: "created by",
        Field.ENTERED: "in its stage since",
        Field.AGE: "days in its stage",
        Field.TOUCHED: "last touched",
        Field.EMAIL: "e-mail",
    }
)


class Flag(StrEnum):
    """What `is:` can ask for."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    SPAM = "spam"
    CLOSED = "closed"
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    ROTTING = "rotting"
    UNASSIGNED = "unassigned"


_ON_OUTCOME = frozenset({Flag.OPEN, Flag.WON, Flag.LOST, Flag.SPAM, Flag.CLOSED})

SOON_DAYS = 7
"""How many days after today are soon."""


@dataclass(frozen=True, slots=True)
class Word:
    """The folded search text contains `text`, folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The key of a pipeline, stage, detail, source, reason or qualifier is one of `keys`, or begins with one where not
    resolved.

    Of stages reached or visited one is enough; spam has reached and visited none, as in the funnel.
    """

    field: Field
    keys: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """The user is one of those named (folded, quotes aside), or the actor (`me`), or none at all (`nobody`)."""

    field: Field
    names: tuple[str, ...] = ()
    me: bool = False
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Contains:
    """A text of the deal contains one of `texts`, both folded; of a phone number only what is no separator counts.

    With `whole` it is one of them from end to end. Quotes do not count then: they cannot be typed in a value.
    """

    field: Field
    texts: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Tags:
    """The deal has one of these tags, folded."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome is one of these."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency is one of these ISO 4217 codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number, the deal's own probability in percent, or the days in its stage lie in one of `spans`."""

    field: Field
    spans: tuple[Span[int], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A date, or the local day of a moment, lies in one of `spans`."""

    field: Field
    spans: tuple[Span[date], ...]


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amount lies in `span`, given in minor units of `currency`.

    Without `only` the number is compared with every deal's amount in that deal's own currency (nothing is converted);
    with it, because the currency was written, deals in other currencies do not match.
    """

    span: Span[int]
    currency: str
    only: bool = False


@dataclass(frozen=True, slots=True)
class Flags:
    """One of these holds."""

    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """One of `fields` is there, or is not."""

    fields: tuple[Field, ...]
    present: bool


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold; a deal about which nothing is known is among those."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every one holds; an empty one always does."""

    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one holds."""

    nodes: tuple[Node, ...]


Term: TypeAlias = (
    Word
    | Keys
    | People
    | Contains
    | Tags
    | Outcomes
    | Currencies
    | Numbers
    | Days
    | Amounts
    | Flags
    | Presence
    | OfField
)
Node: TypeAlias = Term | Not | All | Either


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deals are asked for. Made by `filter_parser.parse`, turned into SQL by the storage."""

    root: Node = All()

    def __and__(self, other: Filter) -> Filter:
        """Give the filter that wants what both want."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        return Filter(All((self.root, other.root)))

    @property
    def is_empty(self) -> bool:
        """Whether it lets every deal through because nothing was asked."""
        return self.root == All()

    @property
    def mentions_outcome(self) -> bool:
        """Whether it says anything of outcomes, at any depth: then a caller's own default must not apply."""
        return any(
            isinstance(term, Outcomes) or (isinstance(term, Flags) and bool(_ON_OUTCOME.intersection(term.flags)))
            for term in _terms(self.root)
        )

    def describe(self) -> str:
        """Give the filter in words: for the line under a list, and for a saved view."""
        return "every deal" if self.is_empty else _told(self.root)


EMPTY = Filter()


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Not(inner):
            yield from _terms(inner)
        case All(nodes) | Either(nodes):
            for one in nodes:
                yield from _terms(one)
        case _:
            yield node


def _told(node: Node) -> str:
    match node:
        case Not(inner):
            return f"not {_told(inner)}"
        case All(nodes):
            return ", ".join(f"({_told(one)})" if isinstance(one, Either) else _told(one) for one in nodes)
        case Either(nodes):
            return "; or ".join(_told(one) for one in nodes)
        case Word(text):
            return f'"{text}"'
        case FieldContains() | FieldIs() | FieldNumbers() | FieldDays() | FieldThere():
            return told_of_field(node)
        case Contains(field, texts, whole):
            quoted = [f'"{text}"' for text in texts]
            return f"{_spoken(field)} {'exactly ' if whole else ''}{either(quoted)}"
        case Keys(field, keys, begins):
            return f"{_spoken(field)} {'like ' if begins else ''}{either(list(keys))}"
        case People(field, names, me, nobody):
            return f"{_spoken(field)} {either([*names, *['me'] * me, *['nobody'] * nobody])}"
        case Amounts(span, currency, only):
            return f"amount {told_span(span, lambda minor: _money(minor, currency, only=only))}"
        case Numbers(field, spans):
            return f"{_spoken(field)} {either([told_span(span, str) for span in spans])}"
        case Days(field, dates):
            return f"{_spoken(field)} {either([told_span(span, date.isoformat, 'after', 'before') for span in dates])}"
        case Presence(fields, present):
            return ("with " if present else "without ") + either([_spoken(field) for field in fields])
        case Tags(tags):
            return f"tag {either(list(tags))}"
        case Currencies(codes):
            return f"in {either(list(codes))}"
        case Outcomes(values) | Flags(values):
            return either([str(value) for value in values])


def _spoken(field: Field) -> str:
    return _SPOKEN.get(field, field.value)


def _money(minor: int, currency: str, *, only: bool) -> str:
    return format_full(minor, currency) if only else to_decimal_string(minor, currency).removesuffix(".00")
