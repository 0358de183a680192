"""The fields of a deal as they are typed: read into values, cleaned, checked. One reader for form, command and import."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.custom_fields import NO_VALUES, FieldKind, FieldValues, checked, is_field_key, read_number
from funneltui.domain.dates import parse_date
from funneltui.domain.gates import FIELD_LABELS, label_of
from funneltui.domain.repeats import read_repeat
from funneltui.domain.text import clean_line, clean_text, cut, fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context

Values = dict[str, object]
"""Values of a deal's fields by the names of `FIELD_LABELS`, "currency"; of custom fields canonical text by their keys."""

DATES = ("expected_close", "follow_up", "closed_on")
LINES = ("title", "company", "contact", "email", "phone", "follow_up_note", "qualifier", "reason_note")
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+")


def read(
    context: Context, texts: Mapping[str, str], pipeline: Pipeline, stage: Stage, deal: Deal | None = None
) -> Values:
    """Give the values that typed texts stand for; an empty text clears the field.

    Details are looked up in `stage`; amounts are read in the currency given among the texts, else the deal's, else the
    pipeline's.

    Raises:
        BadInput: a text cannot be read; the message names the field. NotFound: no such source, detail, reason, listed
            qualifier or choice.
    """
    currency = _currency(texts, pipeline, deal)
    values: Values = {"currency": currency} if texts.get("currency", "").strip() else {}
    for name, text in texts.items():
        if name == "currency":
            continue
        own = None if name in FIELD_LABELS else pipeline.field_called(name)
        name = own.key if own else name
        values[name] = read_one(context, name, text, pipeline, stage, currency)
    return values


def read_one(context: Context, name: str, text: str, pipeline: Pipeline, stage: Stage, currency: str) -> object:
    """Give the value that one typed text stands for; see `read`."""
    own = None if name in FIELD_LABELS else pipeline.field_called(name)
    if own is None and name not in FIELD_LABELS:
        raise _unknown(name, pipeline)
    text = text.strip() if name == "notes" else clean_line(text)
    if name == "tags":
        return read_tags(text)
    if not text:
        return None if name in _NULLABLE else ""
    try:
        if own is not None:
            return _read_custom(context, own, text, pipeline)
        return _read_filled(context, name, text, pipeline, stage, currency)
    except BadInput as error:
        message = f"{label_of(pipeline, name)}: {error}"
        raise BadInput(message) from error


def _read_custom(context: Context, field: CustomField, text: str, pipeline: Pipeline) -> str:
    match field.kind:
        case FieldKind.NUMBER:
            return read_number(text)
        case FieldKind.DATE:
            return parse_date(text, context.clock.today(), context.order).isoformat()
        case FieldKind.CHOICE:
            return pipeline.find_choice(field, text).key
        case FieldKind.TEXT:
            return text


def _unknown(name: str, pipeline: Pipeline) -> BadInput:
    if (gone := pipeline.custom_field(name)) is not None:
        return BadInput(f"{gone.name} is no field of {pipeline.name} any more")
    known = (*FIELD_LABELS, *(field.key for field in pipeline.fields))
    return BadInput(f'there is no field "{cut(name)}"; the fields are: {", ".join(known)}')


def _read_filled(context: Context, name: str, text: str, pipeline: Pipeline, stage: Stage, currency: str) -> object:
    if name in DATES:
        return parse_date(text, context.clock.today(), context.order, past=name == "closed_on")
    if name == "amount":
        return money.parse_amount(text, currency)
    if name == "probability":
        return read_percent(text)
    if name == "follow_up_repeat":
        return read_repeat(text)
    if name == "source":
        return pipeline.find_source(text).key
    if name == "reason":
        return pipeline.find_reason(text).key
    if name == "detail":
        return pipeline.find_detail(stage, text).key
    if name == "qualifier" and pipeline.qualifiers:
        return pipeline.find_qualifier(text).key
    if name == "email" and not _MAIL.fullmatch(text):
        message = f'"{cut(text)}" is no e-mail address; it looks like name@example.com'
        raise BadInput(message)
    return clean_text(text) if name == "notes" else text


_NULLABLE = ("amount", "probability", "detail", "reason", "source", "owner", *DATES)


def read_percent(text: str) -> int:
    """Give a probability in percent, 0..100, from "60", "60%" or "60 %"."""
    match = re.fullmatch(r"([0-9]{1,3})\s*%?", text.strip())
    if match is None or int(match[1]) > 100:
        message = f'"{cut(text)}" is no probability; give a whole number of percent, 0 to 100'
        raise BadInput(message)
    return int(match[1])


def read_tags(text: str) -> tuple[str, ...]:
    """Give the tags of a blank- or comma-separated text: folded, each once, sorted."""
    words = {word.lstrip("#") for word in re.split(r"[\s,;]+", fold(clean_line(text)))}
    return tuple(sorted(word for word in words if word))


def settle(values: Values) -> Values:
    """Give values as they are stored: every text cleaned, a repeat in its one written form, whoever brought it.

    Which custom fields there are, only a deal's pipeline knows: `packed` asks it.

    Raises:
        BadInput: a value is out of its bounds.
    """
    settled: Values = {}
    unknown = [cut(name) for name in values if name not in FIELD_LABELS and not is_field_key(name)]
    if unknown:
        message = f'there is no field "{unknown[0]}"; the fields are: {", ".join(FIELD_LABELS)}'
        raise BadInput(message)
    if values.get("currency"):
        money.minor_digits(str(values["currency"]))
    for name, value in values.items():
        if isinstance(value, str):
            value = clean_text(value) if name == "notes" else clean_line(value)
            if name in _NULLABLE and not value:
                value = None
        elif name == "tags" and isinstance(value, tuple):
            value = read_tags(" ".join(map(str, value)))
        settled[name] = value
    for name, most in (("amount", money.MAX_MINOR), ("probability", 100)):
        number = settled.get(name)
        if isinstance(number, int) and not 0 <= number <= most:
            message = f"{FIELD_LABELS[name]}: {number} is out of bounds; it runs from 0 to {most}"
            raise BadInput(message)
    for name in DATES:
        day = settled.get(name)
        if isinstance(day, date) and not date(1970, 1, 1) <= day <= date(2200, 12, 31):
            message = f"{FIELD_LABELS[name]}: {day} is out of bounds; dates run from 1970 to 2200"
            raise BadInput(message)
    if isinstance(repeat := settled.get("follow_up_repeat"), str):
        try:
            settled["follow_up_repeat"] = read_repeat(repeat)
        except BadInput as error:
            message = f"{FIELD_LABELS['follow_up_repeat']}: {error}"
            raise BadInput(message) from error
    return settled


def values_of(deal: Deal) -> Values:
    """Give a deal's fields as a gate looks at them, the custom ones among them."""
    return {name: getattr(deal, name) for name in FIELD_LABELS} | dict(deal.custom.pairs)


def value_of(deal: Deal, name: str) -> object:
    """Give one field of a deal, a custom one too."""
    return getattr(deal, name) if name in FIELD_LABELS or name == "currency" else deal.custom.get(name)


def packed(pipeline: Pipeline, values: Values, had: FieldValues = NO_VALUES) -> Values:
    """Give values under the names of a deal's own fields: those of custom fields, checked, together under "custom".

    `had` is what the deal has there: of a deal that comes from another pipeline, what this one does not know stays behind.

    Raises:
        BadInput: the pipeline has no such field (any more), or the value is none that it can have.
    """
    own = {name: value for name, value in values.items() if name not in FIELD_LABELS and name != "currency"}
    fixed = {name: value for name, value in values.items() if name not in own}
    if not own:
        return fixed
    kept: dict[str, str] = {}
    for key, value in own.items():
        carried = value == had.get(key)
        try:
            kept[key] = _checked(pipeline, key, value, carried=carried)
        except BadInput:
            if not carried:
                raise
    return fixed | {"custom": FieldValues.of(kept)}


def _checked(pipeline: Pipeline, key: str, value: object, *, carried: bool) -> str:
    field = pipeline.custom_field(key)
    if field is None or (field not in pipeline.fields and not carried and value):
        raise _unknown(key, pipeline)
    return checked(field, value, pipeline.choice_names(field))


def _currency(texts: Mapping[str, str], pipeline: Pipeline, deal: Deal | None) -> str:
    text = texts.get("currency", "").strip().upper()
    if text:
        money.minor_digits(text)
        return text
    return deal.currency if deal else pipeline.currency
