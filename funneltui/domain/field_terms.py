"""Terms of a filter that ask for custom fields, read by what the pipelines say of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from funneltui.domain import filters
from funneltui.domain.custom_fields import FieldKind, read_number
from funneltui.domain.dates import parse_date
from funneltui.domain.field_filters import AskedField, FieldContains, FieldDays, FieldIs, FieldNumbers, FieldThere
from funneltui.domain.filter_terms import folded_part, mistaken, one_of, parts_of, span_of, unknown_word
from funneltui.domain.filters import CAN_LACK, Presence
from funneltui.domain.text import fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.custom_fields import FieldChoice
    from funneltui.domain.dates import DateOrder
    from funneltui.domain.field_filters import OfField
    from funneltui.domain.filter_terms import Typed
    from funneltui.domain.filters import Node
    from funneltui.domain.pipeline import Pipeline


def asked_fields(key: str, pipelines: Sequence[Pipeline]) -> list[AskedField]:
    """Give the custom fields that a key means: one for each kind that pipelines know it of, retired fields too."""
    found: dict[FieldKind, AskedField] = {}
    for pipeline in pipelines:
        own = pipeline.custom_field(key)
        if own is not None:
            before = found.get(own.kind)
            known = before.pipelines if before else ()
            found[own.kind] = AskedField(key, before.name if before else own.name, own.kind, (*known, pipeline.key))
    return list(found.values())


def read_field(typed: Typed, name: str, pipelines: Sequence[Pipeline], today: date, order: DateOrder) -> Node | None:
    """Give what a term asks of the custom field `name`, or nothing when no pipeline has one.

    Texts and choices take several values between commas; in a number a comma may be the decimal mark, so it has one. Where
    pipelines know the key of several kinds, the term is read for each that can be read so.

    Raises:
        BadInput: the value is none that the field can have.
    """
    asked = asked_fields(name.replace("-", "_"), pipelines)
    if not asked:
        return None
    read: list[Node] = []
    refused: BadInput | None = None
    for field in asked:
        try:
            read.append(_read(typed, field, pipelines, today, order))
        except BadInput as error:
            refused = refused or error
    if not read and refused:
        raise refused
    return read[0] if len(read) == 1 else filters.Either(tuple(read))


def _read(typed: Typed, field: AskedField, pipelines: Sequence[Pipeline], today: date, order: DateOrder) -> OfField:
    if field.kind is FieldKind.NUMBER:
        return FieldNumbers(field, (span_of(typed, typed.value, lambda text: Decimal(read_number(text))),))
    if field.kind is FieldKind.DATE:
        spans = (span_of(typed, part, lambda text: parse_date(text, today, order)) for part in parts_of(typed))
        return FieldDays(field, tuple(spans))
    if typed.operator not in ":=":
        raise mistaken(typed.at, typed.key, f"it has no order; write {typed.key}:{typed.value or '...'}")
    parts = [folded_part(typed, part) for part in parts_of(typed)]
    if field.kind is FieldKind.TEXT:
        return FieldContains(field, tuple(parts))
    choices = _choices(field, pipelines)
    keys = [key for part in parts for key in _keys(typed, field, part, choices)]
    return FieldIs(field, tuple(dict.fromkeys(keys)))


def _choices(field: AskedField, pipelines: Sequence[Pipeline]) -> list[FieldChoice]:
    found: list[FieldChoice] = []
    for pipeline in pipelines:
        own = pipeline.custom_field(field.key) if pipeline.key in field.pipelines else None
        found += (*own.choices, *pipeline.choices_given_up(own.key)) if own else ()
    return found


def _keys(typed: Typed, field: AskedField, part: str, choices: Sequence[FieldChoice]) -> list[str]:
    """Give the keys that a name means: those that are it, else those that begin with it."""
    loose = part.replace("_", " ").replace("-", " ")
    named = [(one.key, fold(one.name).replace("-", " ")) for one in choices]
    exact = [key for key, name in named if fold(key) == part or name == loose]
    keys = exact or [key for key, name in named if fold(key).startswith(part) or name.startswith(loose)]
    if not keys:
        known = list(dict.fromkeys(key for key, _ in named))
        raise mistaken(typed.value_at, part, unknown_word(field.name, part, known))
    return keys


def read_presence(typed: Typed, names: Sequence[str], pipelines: Sequence[Pipeline], *, present: bool) -> Node:
    """Give what `has:` or `no:` asks for: one of the fields of these names is there, or is not.

    Raises:
        BadInput: there is no such field, or none that a deal can lack.
    """
    own = dict.fromkeys(one.key.replace("_", "-") for pipeline in pipelines for one in pipeline.fields)
    among = [*(str(field) for field in CAN_LACK), *own]
    chosen = [one_of(typed, "optional field", name, among) for name in names]
    fixed = tuple(field for field in CAN_LACK if str(field) in chosen)
    nodes: list[Node] = [Presence(fixed, present)] if fixed else []
    for name in (one for one in chosen if one in own):
        first, *others = asked_fields(name.replace("-", "_"), pipelines)
        everywhere = (key for field in (first, *others) for key in field.pipelines)
        nodes.append(FieldThere(replace(first, pipelines=tuple(everywhere)), present))
    return nodes[0] if len(nodes) == 1 else filters.Either(tuple(nodes))
