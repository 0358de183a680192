"""What a value of a workspace's file must be beyond its type: what the program would stumble over later is refused here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.domain import money
from funneltui.domain.custom_fields import is_field_key
from funneltui.domain.history import EventKind
from funneltui.domain.rates import parse_rate
from funneltui.domain.repeats import read_repeat
from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable


def check(table: str, column: str, value: Any) -> None:
    """Look at one value.

    Raises:
        BadInput: it cannot be there.
    """
    look = _CHECKS.get((table, column)) or _CHECKS.get(("", column))
    if look is not None and value is not None:
        look(value)


def _currency(value: Any) -> None:
    money.minor_digits(value)


def _amount(value: Any) -> None:
    if value > money.MAX_MINOR:
        raise BadInput(f"{value} is out of bounds; it runs from 0 to {money.MAX_MINOR}")


def _event_kind(value: Any) -> None:
    if value not in {kind.value for kind in EventKind}:
        raise BadInput(f'there is no event "{cut(value)}"')


def _repeat(value: Any) -> None:
    if read_repeat(value) != value:
        raise BadInput(f'"{cut(value)}" is no repeat; it looks like "2 weeks"')


def _field_key(value: Any) -> None:
    if not is_field_key(value):
        raise BadInput(f'"{cut(value)}" cannot be the key of a field')


def _rate(value: Any) -> None:
    if parse_rate(value) != value:
        raise BadInput(f'"{cut(value)}" is not how a rate is written; that looks like 0.9215')


def _object(value: Any) -> None:
    if not isinstance(value, dict):
        raise BadInput("it is no JSON object")


def _texts(value: Any) -> None:
    _object(value)
    if not all(isinstance(text, str) and is_field_key(key) for key, text in value.items()):
        raise BadInput("it is no object of fields and their texts")


def _arrived(value: Any) -> None:
    _object(value)
    if not all(isinstance(text, str) for text in value.values()):
        raise BadInput("it is no object of texts")


def _history(value: Any) -> None:
    _object(value)
    for side in ("before", "after"):
        if not isinstance(value.get(side, {}), dict):
            raise BadInput(f'its "{side}" is no JSON object')


def _choices(value: Any) -> None:
    if not isinstance(value, list) or not all(_is_choice(one) for one in value):
        raise BadInput('it is no list of choices, each {"key": ..., "name": ...}')


def _is_choice(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("key"), str) and isinstance(one.get("name"), str)


_CHECKS: dict[tuple[str, str], Callable[[Any], None]] = {
    ("", "currency"): _currency,
    ("rate", "source"): _currency,
    ("rate", "target"): _currency,
    ("rate", "rate"): _rate,
    ("", "amount"): _amount,
    ("event", "kind"): _event_kind,
    ("event", "data"): _history,
    ("deal", "follow_up_repeat"): _repeat,
    ("deal", "custom"): _texts,
    ("inbox", "texts"): _arrived,
    ("field", "key"): _field_key,
    ("field", "choices"): _choices,
    ("view", "data"): _object,
}
"""The checks by table and column; without a table: of every table."""
