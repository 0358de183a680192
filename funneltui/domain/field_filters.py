"""What a filter can ask of custom fields, as values: each can be told in words, and says itself whether a deal is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.spans import Span, either, told_span
from funneltui.domain.text import fold

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal


@dataclass(frozen=True, slots=True)
class AskedField:
    """A custom field as it is asked for; `pipelines` are the keys of those that have it under this key and of this kind."""

    key: str
    name: str
    kind: FieldKind
    pipelines: tuple[str, ...]

    def of(self, deal: Deal) -> str:
        """Give a deal's value, or nothing."""
        return deal.custom.get(self.key) if deal.pipeline in self.pipelines else ""


@dataclass(frozen=True, slots=True)
class FieldContains:
    """A text contains one of `texts`, both folded."""

    field: AskedField
    texts: tuple[str, ...]

    def holds(self, deal: Deal) -> bool:
        """Tell whether a deal is meant."""
        value = fold(self.field.of(deal))
        return any(text in value for text in self.texts)


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A choice is one of those with these keys."""

    field: AskedField
    keys: tuple[str, ...]

    def holds(self, deal: Deal) -> bool:
        """Tell whether a deal is meant."""
        return self.field.of(deal) in self.keys


@dataclass(frozen=True, slots=True)
class FieldNumbers:
    """A number lies in one of `spans`."""

    field: AskedField
    spans: tuple[Span[Decimal], ...]

    def holds(self, deal: Deal) -> bool:
        """Tell whether a deal is meant."""
        value = self.field.of(deal)
        return bool(value) and any(span.holds(Decimal(value)) for span in self.spans)


@dataclass(frozen=True, slots=True)
class FieldDays:
    """A date lies in one of `spans`."""

    field: AskedField
    spans: tuple[Span[date], ...]

    def holds(self, deal: Deal) -> bool:
        """Tell whether a deal is meant."""
        value = self.field.of(deal)
        return bool(value) and any(span.holds(date.fromisoformat(value)) for span in self.spans)


@dataclass(frozen=True, slots=True)
class FieldThere:
    """There is a value, or there is none."""

    field: AskedField
    present: bool

    def holds(self, deal: Deal) -> bool:
        """Tell whether a deal is meant; one of a pipeline without the field lacks it."""
        return bool(self.field.of(deal)) is self.present


OfField: TypeAlias = FieldContains | FieldIs | FieldNumbers | FieldDays | FieldThere


def told_of_field(node: OfField) -> str:
    """Give what is asked of a custom field in words: "Budget above 500", "without Segment"."""
    name = node.field.name
    match node:
        case FieldContains(_, texts):
            return f"{name} {either([chr(34) + text + chr(34) for text in texts])}"
        case FieldIs(_, keys):
            return f"{name} {either(list(keys))}"
        case FieldNumbers(_, numbers):
            return f"{name} {either([told_span(span, str) for span in numbers])}"
        case FieldDays(_, days):
            return f"{name} {either([told_span(span, date.isoformat, 'after', 'before') for span in days])}"
        case FieldThere(_, present):
            return f"{'with' if present else 'without'} {name}"
