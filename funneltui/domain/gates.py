"""Gates: what must be known before a deal may enter a stage. The one copy of the rule, for key, mouse, command, import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from funneltui.domain.pipeline import Pipeline, Stage

FIELD_LABELS = {
    "title": "title",
    "company": "company",
    "contact": "contact",
    "email": "e-mail",
    "phone": "phone",
    "source": "source",
    "owner": "owner",
    "amount": "amount",
    "probability": "probability",
    "detail": "detail",
    "expected_close": "expected close",
    "follow_up": "follow-up date",
    "follow_up_note": "follow-up note",
    "follow_up_repeat": "follow-up repeats",
    "qualifier": "qualifier",
    "tags": "tags",
    "notes": "notes",
    "reason": "rejection reason",
    "reason_note": "note on the reason",
    "closed_on": "close date",
}
"""Every field that a gate can demand, with the words for it."""

ALWAYS = ("title", "source", "expected_close")
"""What every deal has from its first day (D5); no edit takes it away."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a gate takes: its key and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a gate wants: the field, its words, and the answers it takes (none: free text or a date)."""

    field: str
    label: str
    choices: tuple[Choice, ...] = ()
    unknown: str = ""

    def sentence(self) -> str:
        """Say it in words: what is missing, or that what was given is unknown, and what to choose from."""
        options = ", ".join(choice.key for choice in self.choices)
        if self.unknown:
            return f'"{self.unknown}" is no {self.label}; choose one of: {options}'
        article = "an" if self.label[0] in "aeio" else "a"
        return f"{article} {self.label} ({options})" if options else f"{article} {self.label}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The gate is open."""

    missing: tuple[Missing, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gate is shut; `missing` is what the dialog asks for, `message` what the command line prints."""

    missing: tuple[Missing, ...]
    message: str


Gate = Allowed | Blocked


def demands_of(stage: Stage) -> tuple[str, ...]:
    """Give the fields that `stage` demands, in the order in which to ask; a loss always demands its reason (D4)."""
    if stage.kind is StageKind.LOST and "reason" not in stage.demands:
        return ("reason", *stage.demands)
    return stage.demands


def check_entry(pipeline: Pipeline, stage: Stage, values: Mapping[str, object]) -> Gate:
    """Tell whether a deal with these `values` may stand in `stage`.

    `values` are the deal's fields as they would be after the move: detail and reason as given for this very stage. A
    detail, reason or source that the pipeline does not know is as good as none. A retired reason or source it knows: old
    deals keep theirs, and `check_retired` stops new ones. Changes nothing.
    """
    wanted = [_lacking(pipeline, stage, name, values) for name in demands_of(stage)]
    if "detail" not in stage.demands and values.get("detail"):
        wanted.append(_unknown_choice("detail", _choices(pipeline, stage, "detail"), values))
    if "reason" not in demands_of(stage) and values.get("reason"):
        wanted.append(
            _unknown_choice("reason", _choices(pipeline, stage, "reason"), values, _retired(pipeline, "reason"))
        )
    missing = tuple(one for one in wanted if one is not None)
    if not missing:
        return Allowed()
    return Blocked(missing, f"{stage.name} demands {_sentence(missing)}")


def check_new(pipeline: Pipeline, stage: Stage, values: Mapping[str, object]) -> Gate:
    """Tell whether a deal with these `values` may begin, or go on, in `stage`: what every deal must have (D5), then
    the gate of the stage. The open stages of a retired pipeline let nobody in.
    """
    if pipeline.is_retired and stage.is_open:
        return Blocked((), f"the pipeline {pipeline.name} is retired; no deal goes on in it")
    basic = [_lacking(pipeline, stage, name, values) for name in ALWAYS]
    missing = tuple(one for one in basic if one is not None)
    entry = check_entry(pipeline, stage, values)
    if not missing:
        return entry
    missing += tuple(one for one in entry.missing if one.field not in {known.field for known in missing})
    return Blocked(missing, f"a deal demands {_sentence(missing)}")


def check_retired(pipeline: Pipeline, stage: Stage, values: Mapping[str, object], before: Mapping[str, object]) -> Gate:
    """Tell whether `values` give a deal no reason or source that the pipeline has retired, unless it had that `before`."""
    new = [name for name in ("source", "reason") if values.get(name) and values[name] != before.get(name)]
    asked = (_unknown_choice(name, _choices(pipeline, stage, name), values) for name in new)
    missing = tuple(one for one in asked if one is not None)
    return Blocked(missing, _sentence(missing)) if missing else Allowed()


def _sentence(missing: Iterable[Missing]) -> str:
    return " and ".join(one.sentence() for one in missing)


def _choices(pipeline: Pipeline, stage: Stage, name: str) -> tuple[Choice, ...]:
    known: Iterable[tuple[str, str]] = ()
    if name == "detail":
        known = ((one.key, one.name) for one in stage.details)
    elif name == "reason":
        known = ((one.key, one.name) for one in pipeline.reasons)
    elif name == "source":
        known = ((one.key, one.name) for one in pipeline.sources)
    return tuple(Choice(key, label) for key, label in known)


def _lacking(pipeline: Pipeline, stage: Stage, name: str, values: Mapping[str, object]) -> Missing | None:
    choices = _choices(pipeline, stage, name)
    value = values.get(name)
    if value is None or value in ("", ()):
        return Missing(name, FIELD_LABELS[name], choices)
    if name in ("detail", "reason", "source"):
        return _unknown_choice(name, choices, values, _retired(pipeline, name))
    return None


def _retired(pipeline: Pipeline, name: str) -> tuple[str, ...]:
    """Give the keys that old deals may keep."""
    if name == "reason":
        return tuple(one.key for one in pipeline.retired.reasons)
    return tuple(one.key for one in pipeline.retired.sources) if name == "source" else ()


def _unknown_choice(
    name: str, choices: tuple[Choice, ...], values: Mapping[str, object], also: tuple[str, ...] = ()
) -> Missing | None:
    value = str(values.get(name) or "")
    if value in also or any(choice.key == value for choice in choices):
        return None
    return Missing(name, FIELD_LABELS[name], choices, unknown=value)
