"""The values of custom fields as a deal's row keeps them, and the SQL that looks one of them up."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import NO_VALUES, FieldKind, FieldValues
from funneltui.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDED = "~"
"""Beside a value that folding changes stands its folded form, under its key with this sign: no database folds as we do."""

_EMPTY = "{}"
_SAFE = re.compile(r"[A-Za-z0-9_-]{1,60}")


def stored(values: FieldValues) -> str:
    """Give the values as JSON: one object, values by their keys."""
    if not values.pairs:
        return _EMPTY
    folded = {f"{key}{_FOLDED}": fold(text) for key, text in values.pairs if fold(text) != text}
    return json.dumps(dict(values.pairs) | folded, ensure_ascii=False, separators=(",", ":"))


def loaded(text: str) -> FieldValues:
    """Give the values that were stored."""
    if text == _EMPTY:
        return NO_VALUES
    return FieldValues.of({key: value for key, value in json.loads(text).items() if not key.endswith(_FOLDED)})


def value_sql(key: str, pipelines: Sequence[str]) -> str:
    """Give the SQL of a field's value as text, NULL where a deal has none or is of none of these pipelines.

    What stands in it is checked to be a key: nobody typed it, and it can be no more than a key.
    """
    return _within(pipelines, _looked_up(key))


def folded_sql(key: str, pipelines: Sequence[str]) -> str:
    """Give the SQL of a text's folded form; see `value_sql`."""
    return _within(pipelines, f"coalesce({_looked_up(key, _FOLDED)}, {_looked_up(key)})")


def number_sql(key: str, pipelines: Sequence[str]) -> str:
    """Give the SQL of a number, to be compared with a parameter cast to NUMERIC; see `value_sql`."""
    return _within(pipelines, f"CAST({_looked_up(key)} AS NUMERIC)")


def place_sql(key: str, pipelines: Sequence[str], choices: Sequence[str]) -> str:
    """Give the SQL of a choice's place among the choices, those unknown behind them; see `value_sql`."""
    value = _looked_up(key)
    places = " ".join(f"WHEN '{_checked(choice)}' THEN {place}" for place, choice in enumerate(choices))
    known = f"CASE {value} {places} ELSE {len(choices)} END" if places else "0"
    return _within(pipelines, f"CASE WHEN {value} IS NOT NULL THEN {known} END")


def order_sql(key: str, kind: FieldKind, pipelines: Sequence[str], choices: Sequence[str] = ()) -> str:
    """Give the SQL by which a list is sorted by a field: numbers by size, choices by their places, texts folded."""
    match kind:
        case FieldKind.NUMBER:
            return number_sql(key, pipelines)
        case FieldKind.CHOICE:
            return place_sql(key, pipelines, choices)
        case FieldKind.DATE:
            return value_sql(key, pipelines)
        case FieldKind.TEXT:
            return folded_sql(key, pipelines)


def _looked_up(key: str, sign: str = "") -> str:
    return f"json_extract(d.custom, '$.\"{_checked(key)}{sign}\"')"


def _within(pipelines: Sequence[str], sql: str) -> str:
    # CASE and no AND: of another pipeline's deals the same key may hold what is no number.
    among = ", ".join(f"'{_checked(key)}'" for key in pipelines)
    return f"CASE WHEN d.pipeline IN ({among}) THEN {sql} END"


def _checked(key: str) -> str:
    if _SAFE.fullmatch(key) is None:
        message = f"{key!r} is no key"
        raise ValueError(message)
    return key
