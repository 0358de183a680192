"""Filters as people type them: one grammar for the screen and the command line, read and completed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from funneltui.domain import filters
from funneltui.domain.dates import DateOrder, parse_date
from funneltui.domain.deal import Outcome
from funneltui.domain.field_terms import read_field, read_presence
from funneltui.domain.filter_terms import (
    QUOTES,
    Ordered,
    Typed,
    folded_part,
    mistaken,
    one_of,
    parts_of,
    read_at,
    span_of,
    terms_in,
    unknown_word,
)
from funneltui.domain.filters import DAYS, PAST_DAYS, PEOPLE, STAGES, Field, Filter, Flag, Node, Span
from funneltui.domain.money import minor_digits, parse_amount
from funneltui.domain.text import cut, fold, strip_controls
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage

LONGEST = 1000
"""The most characters of a filter: what it becomes stays far below the databases' limits on nesting."""

SPECIAL = ("is", "no", "has")
"""The words before a colon that are no fields."""

ALIASES = MappingProxyType(
    {
        "expected-close": Field.CLOSE, "followup": Field.FOLLOW_UP, "subject": Field.TITLE, "tags": Field.TAG,
        "created-by": Field.CREATED_BY, "creator": Field.CREATED_BY, "e-mail": Field.EMAIL, "mail": Field.EMAIL,
        "stage-entered": Field.ENTERED, "closed-on": Field.CLOSED,
    }
)  # fmt: skip
"""Other names of fields; an underscore counts as a hyphen."""

_NAMED = (Field.PIPELINE, Field.DETAIL, Field.SOURCE, Field.REASON)
"""The fields beside those of stages whose values are keys with names."""

_COUNT = re.compile(r"[0-9]{1,9}")
_BARE_AMOUNT = re.compile(r"[0-9., ']+[kKmM]?")
_PHONE_SEPARATORS = re.compile(r"[\s()/.-]+")
_MOST_DAYS = 99_999
_CHARACTERS = str.maketrans(dict.fromkeys(QUOTES, '"'))


def parse(
    text: str,
    today: date,
    order: DateOrder = DateOrder.DMY,
    currency: str = "EUR",
    *,
    pipelines: Sequence[Pipeline] = (),
) -> Filter:
    """Give the filter that `text` means on the day `today`; nothing typed is the empty filter.

    Terms stand between blanks and must all hold; `or` separates alternatives and binds weakest; `-` before a term turns
    it round. A term is a word or a "quoted phrase" looked for in the deal's texts, `#12`, `field:value,value`,
    `field<value` (also <=, >, >=, =), `field:low..high` with either end left out, or `is:`, `no:`, `has:`. A text such as
    `company:acme` is a part of the deal's, `company="Acme Ltd"` the whole of it. Dates are read as by `parse_date`,
    amounts as by `parse_amount` in `currency`. With `pipelines`, their names and those of stages, details, sources and
    reasons are resolved to keys, and unknown ones refused; without, keys that begin so are meant. Only a stage
    that leads to a sale can be reached; a lost or retired one was visited. The custom fields of the pipelines are fields
    like the others, by their keys.

    Raises BadInput that says at which character what is wrong.
    """
    if len(text) > LONGEST:
        raise BadInput(f"filter: it is {len(text)} characters long; {LONGEST} is the most")
    reader = _Reader(today, order, currency, pipelines)
    alternatives: list[list[Node]] = [[]]
    for typed in terms_in(strip_controls(re.sub(r"\s", " ", text)).translate(_CHARACTERS)):
        if not typed.is_or:
            node = reader.read(typed)
            alternatives[-1].append(filters.Not(node) if typed.negated else node)
        elif alternatives[-1]:
            alternatives.append([])
        else:
            raise mistaken(typed.at, typed.value, "a term must stand before it")
        last = typed
    if alternatives == [[]]:
        return Filter()
    if not alternatives[-1]:
        raise mistaken(last.at, last.value, "a term must follow it")
    nodes = [one[0] if len(one) == 1 else filters.All(tuple(one)) for one in alternatives]
    return Filter(nodes[0] if len(nodes) == 1 else filters.Either(tuple(nodes)))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one term after the other by the same day, order, currency and pipelines."""

    today: date
    order: DateOrder
    currency: str
    pipelines: Sequence[Pipeline]

    def read(self, typed: Typed) -> Node:
        """Give what a term means."""
        if not typed.key:
            if not typed.quoted and typed.value.startswith("#") and _COUNT.fullmatch(typed.value[1:]):
                number = int(typed.value[1:])
                return filters.Numbers(Field.NUMBER, (Span(number, number),))
            return filters.Word(folded_part(typed, typed.value))
        name = fold(typed.key).replace("_", "-")
        if name in SPECIAL:
            return self._special(typed, name)
        field = ALIASES.get(name) or _fields().get(name)
        if field is None:
            own = read_field(typed, name, self.pipelines, self.today, self.order)
            if own is not None:
                return own
            known = (one.key.replace("_", "-") for pipeline in self.pipelines for one in pipeline.fields)
            raise mistaken(typed.at, typed.key, unknown_word("field", name, [*_fields(), *SPECIAL, *known]))
        if field in DAYS:
            return filters.Days(field, self._spans(typed, lambda text: self._day(field, text)))
        if field is Field.AMOUNT:
            return self._amount(typed)
        if field in (Field.NUMBER, Field.PROBABILITY, Field.AGE):
            return filters.Numbers(field, self._spans(typed, lambda text: _count(field, text)))
        if typed.operator not in ":=":
            raise mistaken(typed.at, typed.key, f"it has no order; write {typed.key}:{typed.value or '...'}")
        return self._values(typed, field)

    def _values(self, typed: Typed, field: Field) -> Node:
        parts = [folded_part(typed, part) for part in parts_of(typed)]
        if field in PEOPLE:
            names = tuple(part for part in parts if part not in ("me", "none", "nobody"))
            return filters.People(field, names, "me" in parts, bool({"none", "nobody"}.intersection(parts)))
        if field is Field.OUTCOME:
            return filters.Outcomes(tuple(one_of(typed, "outcome", part, tuple(Outcome)) for part in parts))
        if field is Field.CURRENCY:
            return filters.Currencies(tuple(read_at(typed, _currency, part) for part in parts))
        if field is Field.TAG:
            return filters.Tags(tuple(parts))
        if field in STAGES or field in _NAMED:
            if not self.pipelines:
                return filters.Keys(field, tuple(parts), begins=True)
            keys = [key for part in parts for key in self._keys(typed, field, part)]
            return filters.Keys(field, tuple(dict.fromkeys(keys)))
        whole = typed.operator == "="
        if field is Field.QUALIFIER:
            return self._qualifiers(parts, whole=whole)
        if field is Field.PHONE:
            parts = [folded_part(typed, _PHONE_SEPARATORS.sub("", part)) for part in parts]
        return filters.Contains(field, tuple(parts), whole)

    def _qualifiers(self, parts: Sequence[str], *, whole: bool) -> Node:
        """Give what qualifiers mean: keys where the pipelines list them, a part of the text where they are free."""

        def means(part: str, text: str) -> bool:
            return text == part if whole else text.startswith(part)

        named = [[*pipeline.qualifiers, *pipeline.retired.qualifiers] for pipeline in self.pipelines]
        known = [(one.key, fold(one.name)) for some in named for one in some]
        keys = [[key for key, name in known if means(part, fold(key)) or means(part, name)] for part in parts]
        listed = filters.Keys(Field.QUALIFIER, tuple(dict.fromkeys(key for some in keys for key in some)))
        if self.pipelines and all(keys) and all(pipeline.qualifiers for pipeline in self.pipelines):
            return listed
        free = filters.Contains(Field.QUALIFIER, tuple(parts), whole)
        return filters.Either((listed, free)) if listed.keys else free

    def _special(self, typed: Typed, name: str) -> Node:
        if typed.operator not in ":=":
            raise mistaken(typed.at, typed.key, f"write {name}: and what you mean")
        parts = [folded_part(typed, part) for part in parts_of(typed)]
        if name == "is":
            return filters.Flags(tuple(one_of(typed, "state", part, tuple(Flag)) for part in parts))
        names = [part.replace("_", "-").replace("followup", "follow-up") for part in parts]
        return read_presence(typed, names, self.pipelines, present=name == "has")

    def _keys(self, typed: Typed, field: Field, part: str) -> list[str]:
        """Give the keys that a name means in each pipeline: the key itself, else names that are it, else what begins so.

        What was one's key before another was called so still means it: figures and saved views go by keys.
        """
        keys: list[str] = []
        known: list[str] = []
        loose = part.replace("_", " ").replace("-", " ")
        for some in [self.pipelines] if field is Field.PIPELINE else [_named(one, field) for one in self.pipelines]:
            named = [(one.key, fold(one.name).replace("-", " ")) for one in some]
            known += [key for key, _ in named]
            exact = [key for key, _ in named if fold(key) == part] or [key for key, name in named if name == loose]
            keys += exact or [key for key, name in named if fold(key).startswith(part) or name.startswith(loose)]
        if not keys:
            if field is Field.REACHED and (why := self._never_reached(part)):
                raise mistaken(typed.value_at, part, why)
            what = "stage" if field in STAGES else field.value
            raise mistaken(typed.value_at, part, unknown_word(what, part, list(dict.fromkeys(known))))
        return keys

    def _never_reached(self, part: str) -> str:
        """Say why a stage of this name is none that is reached, if there is one."""
        loose = part.replace("_", " ").replace("-", " ")
        for pipeline in self.pipelines:
            for stage in pipeline.stages + pipeline.retired.stages:
                if fold(stage.key) == part or fold(stage.name).replace("-", " ") == loose:
                    what = "a lost stage" if stage in pipeline.stages else "a stage no more"
                    return (
                        f"{cut(stage.name)} is {what}, and none that is reached; visited:{stage.key} asks who was there"
                    )
        return ""

    def _day(self, field: Field, text: str) -> date:
        return parse_date(text, self.today, self.order, past=field in PAST_DAYS)

    def _amount(self, typed: Typed) -> filters.Amounts:
        # A comma groups thousands here, so an amount cannot have several values.
        span = span_of(typed, typed.value, lambda text: parse_amount(text, self.currency))
        written = [text.strip() for text in typed.value.replace('"', "").split("..")]
        return filters.Amounts(span, self.currency, not all(_BARE_AMOUNT.fullmatch(text) for text in written if text))

    @staticmethod
    def _spans(typed: Typed, read: Callable[[str], Ordered]) -> tuple[Span[Ordered], ...]:
        return tuple(span_of(typed, part, read) for part in parts_of(typed))


def _fields() -> dict[str, Field]:
    return {field.value.replace("_", "-"): field for field in Field}


def _named(pipeline: Pipeline, field: Field) -> Sequence[Stage | Detail | Source | Reason]:
    """Give what a field's values may be called; old deals still have what the pipeline has retired."""
    gone = pipeline.retired
    if field is Field.DETAIL:
        stages = pipeline.stages + gone.stages
        return [detail for stage in stages for detail in stage.details] + [detail for _, detail in gone.details]
    if field is Field.REACHED:
        return pipeline.ranked_stages
    if field in STAGES:
        return pipeline.stages + gone.stages
    return pipeline.sources + gone.sources if field is Field.SOURCE else pipeline.reasons + gone.reasons


def _count(field: Field, text: str) -> int:
    bare = text.removesuffix("%") if field is Field.PROBABILITY else text.removesuffix("d")
    if not _COUNT.fullmatch(bare) or (field is Field.AGE and int(bare) > _MOST_DAYS):
        raise BadInput(f'can\'t read "{cut(text)}" as a whole number')
    return int(bare)


def _currency(text: str) -> str:
    minor_digits(text.upper())
    return text.upper()
