"""What filters ask of custom fields, as SQL: the same on SQLite and PostgreSQL, whatever was typed only ever a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.field_filters import FieldContains, FieldDays, FieldIs, FieldNumbers, FieldThere
from funneltui.storage.custom_columns import folded_sql, number_sql, value_sql
from funneltui.storage.deals import Condition
from funneltui.storage.matching import contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from funneltui.domain.field_filters import AskedField, OfField
    from funneltui.domain.spans import Span


def of_field(node: OfField) -> Condition:
    """Give the condition of what is asked of a custom field, in brackets; unknown (NULL) of a deal without a value."""
    field = node.field
    match node:
        case FieldContains(_, texts):
            column = folded_sql(field.key, field.pipelines)
            return _any(contains(column, text) for text in texts)
        case FieldIs(_, keys):
            column = value_sql(field.key, field.pipelines)
            return Condition(f"({column} IN ({', '.join('?' * len(keys))}))", keys)
        case FieldNumbers(_, numbers):
            return _spans(number_sql(field.key, field.pipelines), "CAST(? AS NUMERIC)", numbers)
        case FieldDays(_, days):
            return _spans(value_sql(field.key, field.pipelines), "?", days)
        case FieldThere(_, present):
            return _there(field, present=present)


def _there(field: AskedField, *, present: bool) -> Condition:
    return Condition(f"({value_sql(field.key, field.pipelines)} IS {'NOT ' * present}NULL)")


def _spans(column: str, mark: str, spans: Sequence[Span[Decimal]] | Sequence[Span[date]]) -> Condition:
    return _any(_between(column, mark, span) for span in spans)


def _between(column: str, mark: str, span: Span[Decimal] | Span[date]) -> Condition:
    ends: list[tuple[str, str]] = []
    if span.low is not None:
        ends.append((f"{column} {'>' if span.above else '>='} {mark}", str(span.low)))
    if span.high is not None:
        ends.append((f"{column} {'<' if span.below else '<='} {mark}", str(span.high)))
    if not ends:
        return Condition(f"{column} IS NOT NULL")
    return Condition(f"({' AND '.join(sql for sql, _ in ends)})", tuple(value for _, value in ends))


def _any(conditions: Iterable[Condition]) -> Condition:
    some = list(conditions)
    return Condition(f"({' OR '.join(one.sql for one in some)})", tuple(value for one in some for value in one.values))
