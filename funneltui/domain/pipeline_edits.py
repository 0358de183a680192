"""Small steps in a pipeline's definition, each giving a new one: added, renamed, moved, taken out, offered again, changed.

What comes of them is checked as a whole elsewhere (`pipeline_definitions.whole`), and applied as a whole too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, Qualifier
from funneltui.domain.money import minor_digits
from funneltui.domain.pipeline import Detail, Reason, Source, Stage, StageKind
from funneltui.domain.pipeline_changes import Part
from funneltui.domain.text import clean_line, clean_text, cut, key_from
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from funneltui.domain.naming import Named
    from funneltui.domain.pipeline import Pipeline

_LISTS = {
    Part.STAGE: "stages", Part.REASON: "reasons", Part.SOURCE: "sources", Part.QUALIFIER: "qualifiers",
    Part.FIELD: "fields",
}  # fmt: skip
_OWNED = {Part.DETAIL: "details", Part.CHOICE: "choices"}
_MADE: dict[Part, Any] = {
    Part.DETAIL: Detail, Part.REASON: Reason, Part.SOURCE: Source, Part.QUALIFIER: Qualifier, Part.CHOICE: FieldChoice,
}  # fmt: skip
_KEY_LIMIT = 60

COUNTS = {
    "rot_days": "a whole number of days, 0 for never",
    "follow_up_days": "a whole number of days",
    "wip_limit": "a whole number of deals, 0 for no limit",
}
"""The values of a stage that are numbers, and what each is."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing of a pipeline: which part it is, its key, and for a detail or a choice the key of its stage or field.

    The pipeline itself has no key here.
    """

    part: Part
    key: str = ""
    of: str = ""

    @property
    def owner(self) -> Spot | None:
        """The stage that a detail belongs to, or the field that a choice does."""
        owners = {Part.DETAIL: Part.STAGE, Part.CHOICE: Part.FIELD}
        return Spot(owners[self.part], self.of) if self.part in owners else None


def listed(pipeline: Pipeline, part: Part, of: str = "") -> tuple[Named, ...]:
    """Give the things of one part, in order; details and choices are those `of` a stage or field."""
    if part in _OWNED:
        found: tuple[Named, ...] = getattr(_owner(pipeline, part, of), _OWNED[part])
        return found
    whole: tuple[Named, ...] = getattr(pipeline, _LISTS[part])
    return whole


def retired(pipeline: Pipeline, part: Part, of: str = "") -> tuple[Named, ...]:
    """Give the things of one part that are offered no longer."""
    gone = pipeline.retired
    if part is Part.DETAIL:
        return tuple(one for key, one in gone.details if key == of)
    if part is Part.CHOICE:
        return tuple(one for key, one in gone.choices if key == of)
    found: tuple[Named, ...] = getattr(gone, _LISTS[part])
    return found


def found(pipeline: Pipeline, spot: Spot) -> Named:
    """Give the thing at a spot, a retired one too.

    Raises:
        KeyError: there is none.
    """
    for one in (*listed(pipeline, spot.part, spot.of), *retired(pipeline, spot.part, spot.of)):
        if one.key == spot.key:
            return one
    raise KeyError(spot.key)


def is_offered(pipeline: Pipeline, spot: Spot) -> bool:
    """Tell whether the thing at a spot is one of the definition, and not retired."""
    if spot.owner is not None and not is_offered(pipeline, spot.owner):
        return False
    return any(one.key == spot.key for one in listed(pipeline, spot.part, spot.of))


def added(pipeline: Pipeline, beside: Spot, name: str, *, before: bool = False) -> tuple[Pipeline, Spot]:
    """Give the pipeline with a new thing of this name after (or before) another one of its part, and its spot.

    Where there is no such other it comes last. A stage is of the kind of the one that it stands beside. The key is made
    from the name and never that of anything there was, so that nothing retired comes back by accident.

    Raises:
        BadInput: it has no name.
    """
    name = clean_line(name)
    if not name:
        raise BadInput(f"a {beside.part} needs a name")
    some = list(listed(pipeline, beside.part, beside.of))
    place = next((rank for rank, one in enumerate(some) if one.key == beside.key), len(some) - 1)
    key = _free_key(pipeline, beside, name)
    some.insert(place if before else place + 1, _new(pipeline, beside, key, name))
    return _with(pipeline, beside.part, beside.of, some), replace(beside, key=key)


def _new(pipeline: Pipeline, beside: Spot, key: str, name: str) -> Named:
    if beside.part is Part.STAGE:
        kind = next((one.kind for one in pipeline.stages if one.key == beside.key), StageKind.OPEN)
        return Stage(key, name, kind)
    if beside.part is Part.FIELD:
        return CustomField(key, name)
    made: Named = _MADE[beside.part](key, name)
    return made


def _free_key(pipeline: Pipeline, beside: Spot, name: str) -> str:
    part, of = beside.part, beside.of
    taken = {one.key for one in (*listed(pipeline, part, of), *retired(pipeline, part, of))}
    key = re.sub(r"[^a-z0-9_]", "", key_from(name))[: _KEY_LIMIT - 4] or str(part)
    if not key[0].isalpha():
        key = f"{part}_{key}"[: _KEY_LIMIT - 4]
    numbered = (key if number == 1 else f"{key}_{number}" for number in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)


def renamed(pipeline: Pipeline, spot: Spot, name: str) -> Pipeline:
    """Give the pipeline with another name for one thing, or for itself; keys stay."""
    if spot.part is Part.PIPELINE:
        return replace(pipeline, name=clean_line(name))
    return changed(pipeline, spot, "name", clean_line(name))


def changed(pipeline: Pipeline, spot: Spot, field: str, value: object) -> Pipeline:
    """Give the pipeline with another value in a field of one thing, or of itself."""
    if spot.part is Part.PIPELINE:
        return replace(pipeline, **{field: value})  # type: ignore[arg-type]
    some = listed(pipeline, spot.part, spot.of)
    new = [replace(one, **{field: value}) if one.key == spot.key else one for one in some]  # type: ignore[type-var]
    return _with(pipeline, spot.part, spot.of, new)


def moved(pipeline: Pipeline, spot: Spot, steps: int) -> Pipeline:
    """Give the pipeline with one thing so many places further down its list (up, if negative), as far as there are places.

    A stage changes places with others of its kind only: the board shows open, won and lost ones in this order.
    """
    some = list(listed(pipeline, spot.part, spot.of))
    kind = {one.key: one.kind for one in pipeline.stages} if spot.part is Part.STAGE else {}
    alike = [rank for rank, one in enumerate(some) if kind.get(one.key) == kind.get(spot.key)]
    here = next(rank for rank, place in enumerate(alike) if some[place].key == spot.key)
    there = max(0, min(here + steps, len(alike) - 1))
    for rank in range(here, there) if there > here else range(here - 1, there - 1, -1):
        one, other = alike[rank], alike[rank + 1]
        some[one], some[other] = some[other], some[one]
    return _with(pipeline, spot.part, spot.of, some)


def removed(pipeline: Pipeline, spot: Spot) -> Pipeline:
    """Give the pipeline without one thing: once applied it is retired, and no stage demands it any more."""
    some = [one for one in listed(pipeline, spot.part, spot.of) if one.key != spot.key]
    left = _with(pipeline, spot.part, spot.of, some)
    if spot.part is Part.FIELD:
        return _undemanded(left, spot.key)
    if spot.part is Part.DETAIL and not some:
        return _undemanded(left, "detail", stage=spot.of)
    return left


def _undemanded(pipeline: Pipeline, field: str, stage: str = "") -> Pipeline:
    stages = tuple(
        replace(one, demands=tuple(name for name in one.demands if name != field)) if stage in ("", one.key) else one
        for one in pipeline.stages
    )
    return replace(pipeline, stages=stages)


def offered_again(pipeline: Pipeline, spot: Spot) -> Pipeline:
    """Give the pipeline with a retired thing offered again: a stage behind the others of its kind, anything else last."""
    one = next(gone for gone in retired(pipeline, spot.part, spot.of) if gone.key == spot.key)
    some = list(listed(pipeline, spot.part, spot.of))
    place = len(some)
    if isinstance(one, Stage):
        alike = [rank for rank, other in enumerate(pipeline.stages) if other.kind is one.kind]
        place = alike[-1] + 1 if alike else place
    some.insert(place, one)
    return _with(pipeline, spot.part, spot.of, some)


def _owner(pipeline: Pipeline, part: Part, of: str) -> Stage | CustomField:
    among: tuple[Stage | CustomField, ...] = pipeline.stages if part is Part.DETAIL else pipeline.fields
    return next(one for one in among if one.key == of)


def _with(pipeline: Pipeline, part: Part, of: str, some: list[Any]) -> Pipeline:
    if part not in _OWNED:
        return replace(pipeline, **{_LISTS[part]: tuple(some)})  # type: ignore[arg-type]
    owner = Spot(part, of=of).owner
    return pipeline if owner is None else changed(pipeline, owner, _OWNED[part], tuple(some))


def read_value(field: str, text: str) -> object:
    """Give the value that a typed text stands for in a field of a stage, of a custom field or of the pipeline.

    Raises:
        BadInput: it cannot be read.
    """
    text = clean_text(text) if field in ("guidance", "entry") else clean_line(text)
    if field == "probability":
        number = text.removesuffix("%").strip()
        if not number:
            return None
        if not re.fullmatch("[0-9]{1,3}", number) or int(number) > 100:
            raise BadInput(f'"{cut(text)}" is no percentage; write a whole number from 0 to 100, or nothing')
        return int(number)
    if field in COUNTS:
        if not re.fullmatch("[0-9]{0,6}", text):
            raise BadInput(f'"{cut(text)}" is not {COUNTS[field]}')
        return int(text or 0)
    if field == "currency":
        minor_digits(text.upper())
        return text.upper()
    if field == "kind":
        return FieldKind(text)
    if field == "name" and not text:
        raise BadInput("a name is needed")
    return text
