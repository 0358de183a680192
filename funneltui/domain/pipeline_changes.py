"""What becomes of a pipeline when it is changed: what differs, in words, and what it keeps of what it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.pipeline import Detail, Reason, Retired, Source, Stage, StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from funneltui.domain.pipeline import Pipeline

    Named = Stage | Detail | Reason | Source


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
    stage; `field` is what changed of a stage, `before` and `after` its values in words, or the old and new order; of what
    is added `before` is the name of what it stands behind.
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
}
_TEXTS = ("question", "guidance", "entry")
_OF_A_STAGE = tuple(name for name in _FIELDS if name != "currency")


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
            found += _compared_stage(old, known[stage.key], stage)
    found += _compared(Part.REASON, old.reasons, new.reasons, old.retired.reasons)
    found += _compared(Part.SOURCE, old.sources, new.sources, old.retired.sources)
    return tuple(found)


def _compared(
    part: Part, old: Sequence[Named], new: Sequence[Named], retired: Sequence[Named], stage: Stage | None = None
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
    return [replace(one, stage=stage.key, stage_name=stage.name) for one in found] if stage else found


def _compared_stage(old: Pipeline, before: Stage, after: Stage) -> list[Alteration]:
    found = []
    for name in _OF_A_STAGE:
        old_value, new_value = getattr(before, name), getattr(after, name)
        if old_value != new_value:
            words = _in_words(name, old_value), _in_words(name, new_value)
            found.append(_changed(Part.STAGE, after.key, after.name, name, *words))
    given_up = [detail for stage, detail in old.retired.details if stage == before.key]
    return found + _compared(Part.DETAIL, before.details, after.details, given_up, after)


def _changed(part: Part, key: str, name: str, field: str, before: str, after: str) -> Alteration:
    return Alteration(part, Turn.CHANGED, key, name, field=field, before=before, after=after)


def _in_words(field: str, value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(FIELD_LABELS.get(str(name), str(name)) for name in value) or "none"
    if field in _TEXTS:
        return str(value)
    if field == "probability" and value is not None:
        return f"{value}%"
    return "none" if value in (None, "", 0) and field != "follow_up_days" else str(value)


def succeed(old: Pipeline, new: Pipeline) -> Pipeline:
    """Give `new` as what becomes of `old`: under its key, with whatever `old` ever offered and `new` does not as retired.

    Nothing that ever had a name loses it; what `new` offers again is retired no longer.
    """
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
    )
    return replace(new, key=old.key, retired=retired, is_retired=old.is_retired)


_Choice = TypeVar("_Choice", Reason, Source)


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
