"""The orders in which a list of deals can stand, on both databases alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from funneltui.storage.custom_columns import order_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.custom_fields import FieldKind
    from funneltui.domain.pipeline import Pipeline


class ListSort(StrEnum):
    """What a list can be sorted by."""

    NUMBER = "number"
    TITLE = "title"
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE = "close"
    CREATED = "created"
    AGE = "age"
    OWNER = "owner"
    COMPANY = "company"
    DUE = "due"
    DETAIL = "detail"
    SOURCE = "source"
    CONTACT = "contact"
    EMAIL = "email"
    PHONE = "phone"
    SPAM = "spam"
    FOLLOW_UP = "follow_up"
    PROBABILITY = "probability"
    QUALIFIER = "qualifier"
    CREATED_BY = "created_by"
    CLOSED_ON = "closed_on"
    TAGS = "tags"


_STAGE_PLACE = "(SELECT s.position FROM stage s WHERE s.pipeline = d.pipeline AND s.key = d.stage)"
_OUTCOME_PLACE = "CASE d.outcome WHEN 'open' THEN 0 WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 3 END"
_SOURCE_PLACE = "(SELECT s.position FROM source s WHERE s.pipeline = d.pipeline AND s.key = d.source)"
# A detail belongs to a stage: details stand in the order of their stages, then in their own; no detail is the last one.
_DETAIL_PLACE = (
    "coalesce((SELECT 1000 * s.position + x.position FROM detail x JOIN stage s ON s.pipeline = x.pipeline "
    "AND s.key = x.stage WHERE x.pipeline = d.pipeline AND x.stage = d.stage AND x.key = d.detail), 1000000)"
)

EXPRESSIONS: MappingProxyType[ListSort, tuple[str, ...]] = MappingProxyType(
    {
        ListSort.NUMBER: (),
        # The search text begins with the folded title; the index holds as much of it.
        ListSort.TITLE: ("substr(d.search, 1, 60)",),
        ListSort.STAGE: (_OUTCOME_PLACE, _STAGE_PLACE),
        ListSort.AMOUNT: ("d.amount",),
        ListSort.CLOSE: ("d.expected_close",),
        ListSort.CREATED: ("d.created",),
        ListSort.AGE: ("-d.stage_entered",),
        ListSort.OWNER: ("o.folded",),
        ListSort.COMPANY: ("c.folded",),
        ListSort.DUE: ("d.due_on",),
        ListSort.DETAIL: (_DETAIL_PLACE,),
        ListSort.SOURCE: (_SOURCE_PLACE,),
        ListSort.CONTACT: ("nullif(k.folded, '')",),
        ListSort.EMAIL: ("nullif(lower(k.email), '')",),
        ListSort.PHONE: ("nullif(k.phone, '')",),
        ListSort.SPAM: ("CASE d.outcome WHEN 'spam' THEN 0 ELSE 1 END",),
        ListSort.FOLLOW_UP: ("d.follow_up",),
        ListSort.PROBABILITY: ("d.probability",),
        ListSort.QUALIFIER: ("nullif(lower(d.qualifier), '')",),
        ListSort.CREATED_BY: ("m.folded",),
        ListSort.CLOSED_ON: ("d.closed_on",),
        ListSort.TAGS: ("nullif(d.tags, '')",),
    }
)
"""What each sort compares, over the names of `DEAL_FROM`; the number of the deal always comes after it."""

CAN_LACK = frozenset({
    ListSort.AMOUNT, ListSort.OWNER, ListSort.COMPANY, ListSort.DUE, ListSort.CONTACT, ListSort.EMAIL,
    ListSort.PHONE, ListSort.FOLLOW_UP, ListSort.PROBABILITY, ListSort.QUALIFIER, ListSort.CREATED_BY,
    ListSort.CLOSED_ON, ListSort.TAGS,
})  # fmt: skip
"""The sorts by what a deal need not have: each compares one expression, which is NULL then."""


@dataclass(frozen=True, slots=True)
class FieldSort:
    """A list sorted by a custom field, of pipelines with these keys; of a choice with the keys of its choices in order."""

    key: str
    kind: FieldKind
    pipelines: tuple[str, ...]
    choices: tuple[str, ...] = ()


def field_sort(key: str, pipelines: Sequence[Pipeline]) -> FieldSort | None:
    """Give the sort by a custom field, or nothing when no pipeline has it; of several kinds that of the first is meant."""
    had = [(pipeline, field) for pipeline in pipelines if (field := pipeline.custom_field(key)) is not None]
    if not had:
        return None
    kind = had[0][1].kind
    same = [(pipeline, field) for pipeline, field in had if field.kind is kind]
    choices = dict.fromkeys(choice for pipeline, field in same for choice in pipeline.choice_names(field))
    return FieldSort(key, kind, tuple(pipeline.key for pipeline, _ in same), tuple(choices))


@dataclass(frozen=True, slots=True, eq=False)
class FigureSort:
    """Open deals sorted by a figure that no column holds (the chance to win): `figures` are theirs, by number.

    Open deals without a figure come after those that have one, closed ones and spam last, either way; equal ones stand in
    the order of their numbers.
    """

    figures: Mapping[int, float]

    def in_order(self, numbers: Iterable[int], *, descending: bool) -> list[int]:
        """Give the numbers of open deals in this order."""
        sign = -1 if descending else 1

        def place(number: int) -> tuple[float, int]:
            figure = self.figures.get(number)
            return math.inf if figure is None else sign * figure, number

        return sorted(numbers, key=place)


StoredSort: TypeAlias = ListSort | FieldSort
"""What the database itself can sort by."""

AnySort: TypeAlias = StoredSort | FigureSort


def expressions_of(sort: StoredSort) -> tuple[str, ...]:
    """Give what a sort compares, over the names of `DEAL_FROM`; the number of the deal always comes after it."""
    if isinstance(sort, FieldSort):
        return (order_sql(sort.key, sort.kind, sort.pipelines, sort.choices),)
    return EXPRESSIONS[sort]


def can_lack(sort: StoredSort) -> bool:
    """Tell whether a deal need not have what a sort compares, which is one expression then, NULL where it is not there."""
    return isinstance(sort, FieldSort) or sort in CAN_LACK


def list_order(sort: StoredSort, *, descending: bool = False) -> str:
    """Give the ORDER BY expression of a sort over the names of `DEAL_FROM`; deals that lack the value come last.

    The number settles ties, so that a list read page by page neither repeats nor skips a deal. Amounts are compared by their
    minor units whatever the currency: nothing is converted.
    """
    direction = " DESC" if descending else ""
    expressions = expressions_of(sort)
    parts = [f"{expression}{direction}" for expression in expressions]
    if can_lack(sort):
        # SQLite and PostgreSQL disagree on where NULL stands.
        parts.insert(0, f"{expressions[0]} IS NULL")
    return ", ".join([*parts, f"d.number{direction}"])
