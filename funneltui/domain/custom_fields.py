"""Custom fields: what a pipeline asks of its deals beyond what every deal has; their values read, checked, told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY_RULE = "letters a-z, digits and _, a letter first, at most 60 of them"
"""What the key of a custom field must be: it is typed in filters, options and files."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,10})(?:\.(?:[0-9]{0,1}[1-9]|[0-9]{3}[0-9]))?")
_TYPED_NUMBER = re.compile(r"(?P<sign>[-+\u2212]?)\s*(?P<amount>[0-9][0-9.,'\u2019\s]*[kKmM]?)")
_LIKE = "CLF"
"""Numbers are read as amounts of this currency are: it has four decimals, and so have they at most."""

_BY_LOCALE = "locale"
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)


class FieldKind(StrEnum):
    """What the values of a custom field are."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One of the values that a choice takes."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One of the qualifiers that a pipeline lists."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that a pipeline has of its own; `choices` are those of a choice, `help` a line for whoever fills it in."""

    key: str
    name: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[FieldChoice, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The values of a deal's custom fields by their keys, sorted, each as canonical text; one that is empty is not there.

    Canonical is: a text as it is, a number as `read_number` gives it, a date as ISO text, a choice as its key.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, str]) -> FieldValues:
        """Give the values of a mapping."""
        return cls(tuple(sorted((key, text) for key, text in values.items() if text)))

    def get(self, key: str) -> str:
        """Give the value of a field, or nothing."""
        return next((text for one, text in self.pairs if one == key), "")

    def changed(self, values: Mapping[str, str]) -> FieldValues:
        """Give the values with these in the place of what they were; an empty one takes a value away."""
        return FieldValues.of({**dict(self.pairs), **values})

    def differing(self, other: FieldValues) -> list[str]:
        """Give the keys of the fields in which two deals differ."""
        mine, others = dict(self.pairs), dict(other.pairs)
        return sorted(key for key in mine.keys() | others.keys() if mine.get(key) != others.get(key))

    @property
    def texts(self) -> Iterable[str]:
        """The values without their keys."""
        return (text for _, text in self.pairs)


NO_VALUES = FieldValues()


def is_field_key(text: str) -> bool:
    """Tell whether a custom field can have this key; see `KEY_RULE`."""
    return _KEY.fullmatch(text) is not None


def read_number(text: str, decimal: str | None = _BY_LOCALE) -> str:
    """Give a number as canonical text: `12500`, `-0.25`, `1.5`; read as an amount is: `12,500`, `12.500,5`, `12.5k`.

    `decimal` is the decimal mark of a file whose writer is known, or none for a file: see `money.parse_amount`.

    Canonical is the shortest form that is read back as the same number: three decimals get a fourth ("1.1250"), for
    "1.125" would be read as 1125.

    Raises:
        BadInput: it is no number, has more than four decimals, or is not below 100,000,000,000.
    """
    from funneltui.domain import money

    found = _TYPED_NUMBER.fullmatch(text.strip())
    if found is None:
        raise _no_number(text)
    try:
        exact = money.to_decimal_string(money.parse_amount(found["amount"], _LIKE, decimal=decimal), _LIKE)
    except BadInput as error:
        raise _no_number(text) from error
    whole, _, fraction = exact.partition(".")
    if len(whole) > 11:
        raise _no_number(text)
    fraction = fraction.rstrip("0")
    fraction = fraction.ljust(4, "0") if len(fraction) == 3 else fraction
    sign = "" if found["sign"] in ("", "+") or exact.strip("0.") == "" else "-"
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _no_number(text: str) -> BadInput:
    shape = "write it like 12500, 12.5 or -3, with at most four decimals and below 100,000,000,000"
    return BadInput(f'can\'t read "{cut(text)}" as a number; {shape}')


def checked(field: CustomField, value: object, known: Iterable[str]) -> str:
    """Give a value as it is kept, if it is one of the field's; `known` are the keys that a choice takes.

    Raises:
        BadInput: it is none.
    """
    text = clean_line(value.isoformat() if isinstance(value, date) else str(value or ""))
    if not text or field.kind is FieldKind.TEXT:
        return text
    if field.kind is FieldKind.NUMBER and _NUMBER.fullmatch(text) and text != "-0":
        return text
    if field.kind is FieldKind.DATE and (day := _day(text)):
        if _FIRST_DAY <= day <= _LAST_DAY:
            return text
        message = f"{field.name}: {day} is out of bounds; dates run from {_FIRST_DAY.year} to {_LAST_DAY.year}"
        raise BadInput(message)
    if field.kind is FieldKind.CHOICE and text in known:
        return text
    among = f"; choose one of: {', '.join(one.key for one in field.choices)}" if field.choices else ""
    message = f'{field.name}: "{cut(text)}" is no {field.kind}{among}'
    raise BadInput(message)


def told(field: CustomField, value: str, names: Mapping[str, str], today: date | None = None) -> str:
    """Give a value as people read it: a choice by its name, numbers and dates in the forms in force.

    `names` are those of the choices by their keys. With `today` a date is told by its weekday, without it is ISO text.
    What is shown of a number is read back as the same number.
    """
    if field.kind is FieldKind.CHOICE:
        return names.get(value, value)
    if field.kind is FieldKind.NUMBER and _NUMBER.fullmatch(value):
        return _number_shown(value)
    if field.kind is FieldKind.DATE and today is not None and (day := _day(value)):
        from funneltui.domain import dates

        return dates.echo(day, today)
    return value


def _number_shown(value: str) -> str:
    from funneltui.domain import forms

    used = forms.shown()
    sign, digits = ("-", value[1:]) if value.startswith("-") else ("", value)
    whole, _, fraction = digits.partition(".")
    # Four digits may well be a year.
    groups = f"{int(whole):,}".replace(",", used.group) if len(whole) > 4 else whole
    return f"{sign}{groups}{used.decimal}{fraction}" if fraction else f"{sign}{groups}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:  # no day of the calendar
        return None
