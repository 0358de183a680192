"""Gates: what must be known before a deal may enter a stage. The one copy of the rule, for key, mouse, command, import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
"""Every field that each deal has and a gate can demand, with the words for it; a pipeline's own fields come to them."""

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
            way_out = f"choose one of: {options}" if options else "leave it out"
            return f'"{self.unknown}" is no {self.label}; {way_out}'
        # The name that somebody gave to a field of his own may be in the plural, or in any language.
        article = "" if self.field not in FIELD_LABELS else "an " if self.label[0] in "aeio" else "a "
        return f"{article}{self.label} ({options})" if options else f"{article}{self.label}"


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


def label_of(pipeline: Pipeline, name: str) -> str:
    """Give the words for a field of a deal: of one that every deal has, or the name of the pipeline's own one."""
    own = None if name in FIELD_LABELS else pipeline.custom_field(name)
    return own.name if own else FIELD_LABELS.get(name, name)


def demands_of(stage: Stage) -> tuple[str, ...]:
    """Give the fields that `stage` demands, in the order in which to ask; a loss always demands its reason (D4)."""
    if stage.kind is StageKind.LOST and "reason" not in stage.demands:
        return ("reason", *stage.demands)
    return stage.demands


def check_entry(pipeline: Pipeline, stage: Stage, values: Mapping[str, object]) -> Gate:
    """Tell whether a deal with these `values` may stand in `stage`.

    `values` are the deal's fields as they would be after the move: detail and reason as given for this very stage. A
    detail, reason, source, listed qualifier or choice that the pipeline does not know is as good as none. What it has
    retired, except details, it knows: old deals keep theirs, and `check_retired` stops new ones. Changes nothing.
    """
    wanted = [_lacking(pipeline, stage, name, values) for name in demands_of(stage)]
    if "detail" not in stage.demands and values.get("detail"):
        wanted.append(_unknown_choice(pipeline, "detail", choices_of(pipeline, stage, "detail"), values))
    if "reason" not in demands_of(stage) and values.get("reason"):
        wanted.append(
            _unknown_choice(
                pipeline, "reason", choices_of(pipeline, stage, "reason"), values, _retired(pipeline, "reason")
            )
        )
    missing = tuple(one for one in wanted if one is not None)
    if not missing:
        return Allowed()
    return Blocked(missing, _message(stage.name, missing, f"{stage.name}: "))


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
    return Blocked(missing, _message("a deal", missing))


def check_retired(pipeline: Pipeline, stage: Stage, values: Mapping[str, object], before: Mapping[str, object]) -> Gate:
    """Tell whether `values` give a deal nothing that the pipeline does not offer (any more), unless it had that `before`:
    no reason, source, listed qualifier or choice of a custom field.
    """
    choosable = ["source", "reason", *["qualifier"] * bool(pipeline.qualifiers)]
    choosable += [field.key for field in pipeline.fields if field.kind is FieldKind.CHOICE]
    new = [name for name in choosable if values.get(name) and values[name] != before.get(name)]
    asked = (_unknown_choice(pipeline, name, choices_of(pipeline, stage, name), values) for name in new)
    missing = tuple(one for one in asked if one is not None)
    return Blocked(missing, _message("", missing)) if missing else Allowed()


def _message(who: str, missing: Sequence[Missing], where: str = "") -> str:
    """Say what `who` demands and does not get, then what was given and is unknown; `where` begins if that is all."""
    lacking = " and ".join(one.sentence() for one in missing if not one.unknown)
    unknown = "; ".join(one.sentence() for one in missing if one.unknown)
    if not lacking:
        return f"{where}{unknown}"
    return f"{who} demands {lacking}; {unknown}" if unknown else f"{who} demands {lacking}"


def choices_of(pipeline: Pipeline, stage: Stage, name: str) -> tuple[Choice, ...]:
    """Give the answers that a field takes, of a deal that stands or is to stand in `stage`; none: any text, or a date."""
    known: Iterable[tuple[str, str]] = ()
    if name == "detail":
        known = ((one.key, one.name) for one in stage.details)
    elif name == "reason":
        known = ((one.key, one.name) for one in pipeline.reasons)
    elif name == "source":
        known = ((one.key, one.name) for one in pipeline.sources)
    elif name == "qualifier":
        known = ((one.key, one.name) for one in pipeline.qualifiers)
    elif name not in FIELD_LABELS and (own := pipeline.custom_field(name)):
        known = ((one.key, one.name) for one in own.choices)
    return tuple(Choice(key, label) for key, label in known)


def _lacking(pipeline: Pipeline, stage: Stage, name: str, values: Mapping[str, object]) -> Missing | None:
    choices = choices_of(pipeline, stage, name)
    value = values.get(name)
    if value is None or value in ("", ()):
        return Missing(name, label_of(pipeline, name), choices)
    if choices or name in ("detail", "reason", "source"):
        return _unknown_choice(pipeline, name, choices, values, _retired(pipeline, name))
    return None


def _retired(pipeline: Pipeline, name: str) -> tuple[str, ...]:
    """Give the keys that old deals may keep."""
    gone = pipeline.retired
    if name == "reason":
        return tuple(one.key for one in gone.reasons)
    if name == "source":
        return tuple(one.key for one in gone.sources)
    if name == "qualifier":
        return tuple(one.key for one in gone.qualifiers)
    return tuple(one.key for one in pipeline.choices_given_up(name))


def _unknown_choice(
    pipeline: Pipeline, name: str, choices: tuple[Choice, ...], values: Mapping[str, object], also: tuple[str, ...] = ()
) -> Missing | None:
    value = str(values.get(name) or "")
    if value in also or any(choice.key == value for choice in choices):
        return None
    return Missing(name, label_of(pipeline, name), choices, unknown=value)
