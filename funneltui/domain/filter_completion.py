"""What helps while a filter is typed: what can stand where the cursor is, and where a mistake stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.deal import Outcome
from funneltui.domain.filter_parser import ALIASES, SPECIAL
from funneltui.domain.filter_terms import QUOTES
from funneltui.domain.filters import CAN_LACK, DAYS, PEOPLE, Field, Flag
from funneltui.domain.text import fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from funneltui.domain.pipeline import Pipeline

Value = TypeVar("Value")

Vocabulary: TypeAlias = "Mapping[str, Sequence[str | tuple[str, ...]]]"
"""The known values by the names of `Field`, and by the keys of custom fields, each of which is named there.

Of a value with several spellings the first that fits is proposed.
"""

_LAST_TERM = re.compile(r'(?:"[^"]*"|[^\s"])*(?:"[^"]*)?$')
_TERM = re.compile(r'(?:"[^"]*"?|[^\s"])*')
_KEY = re.compile(r"-?([^\W\d][\w-]*)(<=|>=|[:<>=])")
_BETWEEN_VALUES = re.compile(r'"[^"]*"?|(,|\.\.)')
_REST = re.compile(r'[^\s,"]*')
_QUOTES = re.compile(f"[{QUOTES}]")
_MESSAGE = re.compile(r"(?:filter: )?(?:at character (\d+), )?(.*)", re.DOTALL)

_MOST_MISTAKES = 8
_DATES = ("today", "yesterday", "tomorrow", "mon", "fri", "eow", "eom", "eoq", "eoy", "-7d", "-30d")
_CLOSED_SETS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"is": tuple(Flag), "no": CAN_LACK, "has": CAN_LACK, "outcome": tuple(Outcome)}
)

# Those that are asked for most come first. The rejection reason is in no table and on no card, so not in a filter (D4).
_FIRST = (
    Field.STAGE, "is", Field.OWNER, Field.CLOSE, Field.AMOUNT, Field.COMPANY, Field.TAG, Field.SOURCE, Field.DETAIL,
    Field.FOLLOW_UP, "no", "has",
)  # fmt: skip
_FIELDS = MappingProxyType({field.value.replace("_", "-"): field for field in Field if field is not Field.REASON})
_NAMES = tuple(dict.fromkeys([*(str(name) for name in _FIRST), *_FIELDS, *SPECIAL]))


@dataclass(frozen=True, slots=True)
class Completion:
    """What may replace the text from `start` to `end` (counted from 0); the options are ready to be put in.

    `field` is the field whose value stands there, if one does, and `typed` what of it is typed already, folded: for
    whoever knows more of its values than the vocabulary.
    """

    start: int
    end: int
    options: tuple[str, ...]
    field: Field | None = None
    typed: str = ""

    def put_in(self, text: str, option: str) -> tuple[str, int]:
        """Give the text with an option in its place, and the place of the cursor after it."""
        return text[: self.start] + option + text[self.end :], self.start + len(option)


def vocabulary(pipeline: Pipeline) -> Vocabulary:
    """Give the values that a pipeline knows of itself by key and by name: stages, details, sources, qualifiers, its currency
    and the choices of its custom fields, all of which are named.
    """
    own = {
        field.key: _DATES if field.kind is FieldKind.DATE else [(one.key, one.name) for one in field.choices]
        for field in pipeline.fields
    }
    return {
        Field.PIPELINE.value: [(pipeline.key, pipeline.name)],
        Field.STAGE.value: [(stage.key, stage.name) for stage in pipeline.board_order],
        Field.REACHED.value: [(stage.key, stage.name) for stage in pipeline.ranked_stages],
        Field.VISITED.value: [(stage.key, stage.name) for stage in pipeline.board_order],
        Field.DETAIL.value: [(one.key, one.name) for stage in pipeline.board_order for one in stage.details],
        Field.SOURCE.value: [(source.key, source.name) for source in pipeline.sources],
        Field.QUALIFIER.value: [(one.key, one.name) for one in pipeline.qualifiers],
        Field.CURRENCY.value: [pipeline.currency],
        **own,
    }


def completions(text: str, cursor: int, known: Vocabulary) -> Completion:
    """Give what may stand at the cursor: fields (with their colon), or after a colon the field's values.

    `known` holds the known values by the names of `Field` ("stage", "owner", ...); what `is:`, `no:`, `has:`,
    `outcome:` and dates know is added here. Matched is any beginning, whatever its case and accents; a value with a blank
    comes in quotes; what stands there already is not proposed. A text that cannot be parsed yet is fine.
    """
    cursor = max(0, min(cursor, len(text)))
    rest = _REST.match(text, cursor)
    end = rest.end() if rest else cursor
    term = _LAST_TERM.search(text[:cursor])
    start = term.start() if term else cursor
    key = _KEY.match(text, start, cursor)
    if key is None:
        start += text[start:cursor].startswith("-")
        return Completion(start, end, tuple(_names(fold(text[start:cursor]).replace("_", "-"), _own(known))))
    ends = [found.end() for found in _BETWEEN_VALUES.finditer(text, key.end(), cursor) if found[1]]
    start = ends[-1] if ends else key.end()
    typed = fold(text[start:cursor].replace('"', ""))
    name = fold(key[1]).replace("_", "-")
    field = ALIASES.get(name) or _FIELDS.get(name)
    options = dict.fromkeys(_quoted(value) for value in _beginning(typed, _known(name, field, known)))
    there = fold(text[start:end])
    return Completion(start, end, tuple(one for one in options if fold(one) != there), field, typed)


def _own(known: Vocabulary) -> list[str]:
    """Give the keys of the custom fields that are known."""
    return [name for name in known if name.replace("_", "-") not in _FIELDS and name != Field.REASON.value]


def _names(typed: str, own: Sequence[str]) -> list[str]:
    """Give the names that begin with what is typed; other names of fields only where there are none of those."""
    begun = [name for name in (*_NAMES, *own) if name.replace("_", "-").startswith(typed)]
    return [f"{name}:" for name in begun or [alias for alias in ALIASES if alias.startswith(typed)]]


def _known(name: str, field: Field | None, vocabulary: Vocabulary) -> Sequence[str | tuple[str, ...]]:
    if name in _CLOSED_SETS:
        return [*(str(one) for one in _CLOSED_SETS[name]), *(_own(vocabulary) if name in ("no", "has") else ())]
    if field is None:
        return next((vocabulary[key] for key in _own(vocabulary) if key.replace("_", "-") == name), ())
    if field in DAYS:
        return _DATES
    return [*(("me", "nobody") if field in PEOPLE else ()), *vocabulary.get(field.value, ())]


def _beginning(typed: str, known: Sequence[str | tuple[str, ...]]) -> Iterator[str]:
    for value in known:
        spellings = (value,) if isinstance(value, str) else value
        first = next((one for one in spellings if fold(one).startswith(typed)), None)
        if first is not None:
            yield first


def _quoted(value: str) -> str:
    """Give a value as it is typed; of one with a quote, which cannot be typed, what comes before."""
    plain = _QUOTES.split(value)[0].rstrip() or _QUOTES.sub("", value)
    return f'"{plain}"' if re.search(r"[\s,]|\.\.", plain) else plain


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a filter, and where: from `start` to `end` (counted from 0), all of it where no place is said."""

    start: int
    end: int
    why: str


def mistake(text: str, error: BadInput) -> Mistake:
    """Give where in a filter's text that is what the parser refused, and why, short enough to stand beside it."""
    found = _MESSAGE.fullmatch(str(error))
    assert found is not None  # every part of it may be absent
    if found[1] is None:
        return Mistake(0, len(text), found[2])
    # Characters that the parser drops may lie before the place that it counts to.
    start = max(0, min(int(found[1]) - 1, len(text) - 1))
    term = _TERM.match(text, start)
    return Mistake(start, max(start + 1, term.end() if term else 0), f"at {found[1]}, {found[2]}")


def readable(text: str, read: Callable[[str], Value]) -> tuple[str, Value, BadInput | None]:
    """Give the part of a filter's text that can be read, what `read` makes of it, and what is wrong with the whole first.

    A term that cannot be read yet is left out, so that a filter that is being typed does what its other terms say; with
    too many of them, all of it. Nothing typed must be readable.
    """
    part, first = text, None
    for _ in range(_MOST_MISTAKES):
        try:
            return part, read(part), first
        except BadInput as error:
            first = first or error
            wrong = mistake(part, error)
            part = part[: wrong.start] + part[wrong.end :]
    return "", read(""), first
