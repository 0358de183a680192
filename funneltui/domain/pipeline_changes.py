"""What becomes of a pipeline when it is changed: what differs, in words, and what it keeps of what it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.custom_fields import CustomField, FieldChoice, Qualifier
from funneltui.domain.gates import label_of
from funneltui.domain.pipeline import Detail, Reason, Retired, Source, Stage, StageKind
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from funneltui.domain.naming import Named
    from funneltui.domain.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Place:
    """Where deals stand: a stage, or one detail of it, by their keys."""

    stage: str
    detail: str | None = None


Moves = dict[Place, Place]
"""Where the deals go that stand in what a pipeline gives up: of a stage as a whole, or of one detail."""


@dataclass(frozen=True, slots=True)
class PipelineVersion:
    """A state that a pipeline was in, kept for good: its number, since when, by whom, and its definition as TOML.

    Who made the first one, and when, is not known of a pipeline that came with its workspace.
    """

    version: int
    at: datetime | None
    who: str | None
    is_retired: bool
    text: str


class Part(StrEnum):
    """What of a pipeline is changed."""

    PIPELINE = "pipeline"
    STAGE = "stage"
    DETAIL = "detail"
    REASON = "reason"
    SOURCE = "source"
    QUALIFIER = "qualifier"
    FIELD = "field"
    CHOICE = "choice"


class Turn(StrEnum):
    """How it is changed."""

    ADDED = "added"
    BROUGHT_BACK = "brought back"
    REMOVED = "removed"
    RENAMED = "renamed"
    REORDERED = "reordered"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Alteration:
    """One thing that differs between two states of a pipeline.

    `key` and `name` are those of the part (of a renamed one the old name), `stage` and `stage_name` those of a detail's
    stage, or of the custom field that a choice belongs to; `field` is what changed of a stage or a field, `before` and
    `after` its values in words, or the old and new order; of what is added `before` is the name of what it stands behind.
    """

    part: Part
    turn: Turn
    key: str = ""
    name: str = ""
    stage: str = ""
    stage_name: str = ""
    field: str = ""
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """It in words: "stage Offered: days until rotting 10 -> 14"."""
        named = f"{self.part.value} {self.name}" + (f" of {self.stage_name}" if self.stage else "")
        match self.turn:
            case Turn.RENAMED:
                return f"{named} is called {self.after}"
            case Turn.REORDERED:
                place = f" of {self.stage_name}" if self.stage else ""
                return f"{self.part.value}s{place} in another order: {self.after}"
            case Turn.CHANGED if self.field in _TEXTS:
                return f"{named}: {_FIELDS[self.field]} {'written anew' if self.after else 'taken away'}"
            case Turn.CHANGED:
                return f"{named}: {_FIELDS[self.field]} {self.before} -> {self.after}"
            case Turn.ADDED if self.before:
                return f"{named} is added after {self.before}"
        return f"{named} is {self.turn.value}"


_FIELDS = {
    "currency": "currency",
    "kind": "kind",
    "demands": "demanded fields",
    "question": "question",
    "guidance": "guidance",
    "entry": "entry criterion",
    "probability": "default probability",
    "rot_days": "days until rotting",
    "follow_up_days": "days until the next contact",
    "wip_limit": "limit of work in progress",
    "color": "colour",
    "help": "help",
}
_TEXTS = ("question", "guidance", "entry", "help")
_OF_A_STAGE = tuple(name for name in _FIELDS if name not in ("currency", "help"))


def compare(old: Pipeline, new: Pipeline) -> tuple[Alteration, ...]:
    """Give what differs between two states of a pipeline; things are the same by their keys, whatever they are called."""
    found: list[Alteration] = []
    if old.name != new.name:
        found.append(Alteration(Part.PIPELINE, Turn.RENAMED, old.key, old.name, after=new.name))
    if old.currency != new.currency:
        found.append(_changed(Part.PIPELINE, old.key, old.name, "currency", old.currency, new.currency))
    found += _compared(Part.STAGE, old.stages, new.stages, old.retired.stages)
    known = {stage.key: stage for stage in old.stages}
    for stage in new.stages:
        if stage.key in known:
            found += _compared_stage(old, new, known[stage.key], stage)
    found += _compared(Part.REASON, old.reasons, new.reasons, old.retired.reasons)
    found += _compared(Part.SOURCE, old.sources, new.sources, old.retired.sources)
    found += _compared(Part.QUALIFIER, old.qualifiers, new.qualifiers, old.retired.qualifiers)
    found += _compared(Part.FIELD, old.fields, new.fields, old.retired.fields)
    for field in new.fields:
        if field in old.fields or (before := old.custom_field(field.key)) is None or before not in old.fields:
            continue
        found += _compared_field(old, before, field)
    return tuple(found)


def _compared(
    part: Part,
    old: Sequence[Named],
    new: Sequence[Named],
    retired: Sequence[Named],
    of: Stage | CustomField | None = None,
) -> list[Alteration]:
    """Give what differs between two lists: removed, added and brought back, renamed, in another order."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    known = {one.key for one in retired}
    found = [Alteration(part, Turn.REMOVED, key, one.name) for key, one in before.items() if key not in after]
    last = ""
    for key, one in after.items():
        if key not in before:
            turn = Turn.BROUGHT_BACK if key in known else Turn.ADDED
            found.append(Alteration(part, turn, key, one.name, before=last))
        elif before[key].name != one.name:
            found.append(Alteration(part, Turn.RENAMED, key, before[key].name, after=one.name))
        last = one.name
    if [key for key in before if key in after] != [key for key in after if key in before]:
        names = [", ".join(one.name for one in some.values()) for some in (before, after)]
        found.append(Alteration(part, Turn.REORDERED, before=names[0], after=names[1]))
    return [replace(one, stage=of.key, stage_name=of.name) for one in found] if of else found


def _compared_stage(old: Pipeline, new: Pipeline, before: Stage, after: Stage) -> list[Alteration]:
    found = []
    for name in _OF_A_STAGE:
        old_value, new_value = getattr(before, name), getattr(after, name)
        if old_value != new_value:
            words = _in_words(old, name, old_value), _in_words(new, name, new_value)
            found.append(_changed(Part.STAGE, after.key, after.name, name, *words))
    given_up = [detail for stage, detail in old.retired.details if stage == before.key]
    return found + _compared(Part.DETAIL, before.details, after.details, given_up, after)


def _compared_field(old: Pipeline, before: CustomField, after: CustomField) -> list[Alteration]:
    found = []
    if before.help != after.help:
        found.append(_changed(Part.FIELD, after.key, after.name, "help", before.help, after.help))
    given_up = old.choices_given_up(before.key)
    return found + _compared(Part.CHOICE, before.choices, after.choices, given_up, after)


def _changed(part: Part, key: str, name: str, field: str, before: str, after: str) -> Alteration:
    return Alteration(part, Turn.CHANGED, key, name, field=field, before=before, after=after)


def _in_words(pipeline: Pipeline, field: str, value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(label_of(pipeline, str(name)) for name in value) or "none"
    if field in _TEXTS:
        return str(value)
    if field == "probability" and value is not None:
        return f"{value}%"
    return "none" if value in (None, "", 0) and field != "follow_up_days" else str(value)


def succeed(old: Pipeline, new: Pipeline) -> Pipeline:
    """Give `new` as what becomes of `old`: under its key, with whatever `old` ever offered and `new` does not as retired.

    Nothing that ever had a name loses it; what `new` offers again is retired no longer.

    Raises:
        BadInput: a custom field is of another kind than it ever was: what deals have there would be none.
    """
    _demand_same_kinds(old, new)
    known = {stage.key: stage for stage in old.stages + old.retired.stages}
    order = _order(old, new, known)
    kept = {stage.key: stage for stage in new.stages}
    details: list[tuple[str, Detail]] = []
    for key, stage in known.items():
        given_up = tuple(detail for owner, detail in old.retired.details if owner == key)
        offered = kept.get(key, stage)
        were = (stage.details if key in kept else ()) + given_up
        details += [(key, detail) for detail in were if offered.detail(detail.key) is None]
    retired = Retired(
        tuple(known[key] for key in order if key not in kept),
        tuple(details),
        _gone(old.reasons + old.retired.reasons, new.reasons),
        _gone(old.sources + old.retired.sources, new.sources),
        order if len(order) > len(kept) else (),
        _gone(old.fields + old.retired.fields, new.fields),
        _choices_given_up(old, new),
        _gone(old.qualifiers + old.retired.qualifiers, new.qualifiers),
    )
    return replace(new, key=old.key, retired=retired, is_retired=old.is_retired)


def _demand_same_kinds(old: Pipeline, new: Pipeline) -> None:
    for field in new.fields:
        before = old.custom_field(field.key)
        if before is not None and before.kind is not field.kind:
            message = (
                f'the field {before.name} (key "{field.key}") is a {before.kind} and stays one; leave kind = '
                f'"{before.kind}", or give the new field another key and take this one out'
            )
            raise BadInput(message)


def _choices_given_up(old: Pipeline, new: Pipeline) -> tuple[tuple[str, FieldChoice], ...]:
    """Give the choices of custom fields that are offered no longer; a field that is retired as a whole keeps its own."""
    found: list[tuple[str, FieldChoice]] = []
    for before in old.fields + old.retired.fields:
        offered = next((field.choices for field in new.fields if field.key == before.key), before.choices)
        keys = {one.key for one in offered}
        found += [
            (before.key, one) for one in (*before.choices, *old.choices_given_up(before.key)) if one.key not in keys
        ]
    return tuple(found)


_Choice = TypeVar("_Choice", Reason, Source, CustomField, Qualifier)


def _gone(were: Sequence[_Choice], are: Iterable[_Choice]) -> tuple[_Choice, ...]:
    keys = {one.key for one in are}
    return tuple(one for one in were if one.key not in keys)


def _order(old: Pipeline, new: Pipeline, known: Mapping[str, Stage]) -> tuple[str, ...]:
    """Give the keys of all stages: a retired one right behind the one of its kind that it stood behind."""
    order = [stage.key for stage in new.stages]
    kept = set(order)
    last: dict[StageKind, str] = {}
    for key in old.retired.order or [stage.key for stage in old.stages]:
        kind = known[key].kind
        if key not in kept:
            order.insert(order.index(last[kind]) + 1 if kind in last else 0, key)
        last[kind] = key
    return tuple(order)
