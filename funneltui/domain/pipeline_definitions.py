"""What any definition of a pipeline must be, wherever it comes from; of a file `exchange` tells it with its lines."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import KEY_RULE, CustomField, FieldChoice, FieldKind, Qualifier, is_field_key
from funneltui.domain.deal import Deal
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.text import clean_line, clean_text, cut, fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.naming import Named

_ONLY_OF_LOST = ("reason", "reason_note")
_MORE_WORDS = (
    "pipeline", "currency", "closed", "close", "won", "id", "field", "fields", "stage_name", "due", "spam", "entered", "set",
    "or", "reached", "visited", "touched",
)  # fmt: skip


def whole(pipeline: Pipeline) -> Pipeline:
    """Give a definition with every text cleaned, if it is one that a pipeline can have.

    Raises:
        BadInput: a kind of stage, a reason or a source is missing, two of a list share a key or a name, a number is out of
            its bounds, a custom field is none that can be, or a stage demands what there is not.
    """
    cleaned = _cleaned(pipeline)
    if not cleaned.name:
        message = "a pipeline needs a name"
        raise BadInput(message)
    for kind in StageKind:
        if not any(stage.kind is kind for stage in cleaned.stages):
            message = f"there is no {kind} stage; a pipeline has at least one open, one won and one lost stage"
            raise BadInput(message)
    for what, some in (("reason", cleaned.reasons), ("source", cleaned.sources)):
        if not some:
            message = f"there is no {what}; a pipeline has at least one"
            raise BadInput(message)
    _demand_own_names("stage", cleaned.stages)
    _demand_own_names("reason", cleaned.reasons)
    _demand_own_names("source", cleaned.sources)
    _demand_own_names("qualifier", cleaned.qualifiers)
    _demand_own_names("field", cleaned.fields)
    for field in cleaned.fields:
        if why := wrong_with(field):
            raise BadInput(f"the field {field.name}: {why[1]}")
    for stage in cleaned.stages:
        _demand_possible(cleaned, stage)
    return cleaned


def _cleaned(pipeline: Pipeline) -> Pipeline:
    stages = tuple(
        replace(
            stage, name=clean_line(stage.name), question=clean_line(stage.question), guidance=clean_text(stage.guidance),
            entry=clean_text(stage.entry), details=tuple(Detail(one.key, clean_line(one.name)) for one in stage.details),
        )
        for stage in pipeline.stages
    )  # fmt: skip
    return replace(
        pipeline,
        name=clean_line(pipeline.name),
        stages=stages,
        reasons=tuple(Reason(one.key, clean_line(one.name)) for one in pipeline.reasons),
        sources=tuple(Source(one.key, clean_line(one.name)) for one in pipeline.sources),
        qualifiers=tuple(Qualifier(one.key, clean_line(one.name)) for one in pipeline.qualifiers),
        fields=tuple(_cleaned_field(one) for one in pipeline.fields),
    )


def _cleaned_field(field: CustomField) -> CustomField:
    choices = tuple(FieldChoice(one.key, clean_line(one.name)) for one in field.choices)
    return replace(field, name=clean_line(field.name), help=clean_line(field.help), choices=choices)


def _demand_own_names(what: str, some: Sequence[Named]) -> None:
    seen: set[str] = set()
    for one in some:
        if not one.key or not one.name:
            message = f"a {what} has no {'name' if one.key else 'key'}"
            raise BadInput(message)
        words = (f'key "{one.key}"', f'name "{one.name}"')
        if twice := [word for word in words if word.casefold() in seen]:
            message = f"another {what} has the {twice[0]} already; each needs its own"
            raise BadInput(message)
        seen |= {word.casefold() for word in words}


def wrong_with(field: CustomField) -> tuple[str, str] | None:
    """Give what of a custom field cannot be ("key", "name" or "choices") and why, or nothing.

    A key that means something already in a form, a filter, a column or a file is taken, and so is the name of a field that
    every deal has; a choice has choices, and nothing else has.
    """
    if not is_field_key(field.key):
        return "key", f'"{cut(field.key)}" is no key of a field; expected {KEY_RULE}'
    if field.key in _taken():
        return "key", f'"{field.key}" means something of every deal already; expected another key'
    if fold(field.name) in {*map(fold, FIELD_LABELS.values()), *FIELD_LABELS}:
        return "name", f'every deal has the field "{field.name}" already; expected another name'
    if field.kind is FieldKind.CHOICE and not field.choices:
        return "choices", 'a choice needs something to choose from; expected choices = [{ key = "...", name = "..." }]'
    if field.kind is not FieldKind.CHOICE and field.choices:
        return "choices", f'only a choice has choices, and this is a {field.kind}; expected kind = "choice", or none'
    try:
        _demand_own_names("choice", field.choices)
    except BadInput as error:
        return "choices", str(error)
    return None


def _taken() -> set[str]:
    """Give the words that mean something where the key of a custom field is typed, hyphens as underscores."""
    from funneltui.domain import filters, views
    from funneltui.domain.filter_parser import ALIASES, SPECIAL

    filtered = (str(one) for one in (*filters.Field, *ALIASES, *SPECIAL))
    own = (one.name for one in fields(Deal))
    words = (*FIELD_LABELS, *own, *filtered, *(str(column) for column in views.Column), *_MORE_WORDS)
    return {word.replace("-", "_") for word in words}


def _demand_possible(pipeline: Pipeline, stage: Stage) -> None:
    _demand_own_names(f"detail of {stage.name}", stage.details)
    if "detail" in stage.demands and not stage.details:
        message = f"{stage.name} demands a detail but has none to choose from"
        raise BadInput(message)
    known = (*FIELD_LABELS, *(field.key for field in pipeline.fields))
    if unknown := [name for name in stage.demands if name not in known]:
        message = f'{stage.name} demands an unknown field "{cut(unknown[0])}"; choose from: {", ".join(known)}'
        raise BadInput(message)
    never = [name for name in stage.demands if name in _ONLY_OF_LOST and stage.kind is not StageKind.LOST]
    never += [name for name in stage.demands if name == "closed_on" and stage.is_open]
    if never:
        message = f"{stage.name} demands the {FIELD_LABELS[never[0]]}, which no deal has that stands there"
        raise BadInput(message)
    if not 0 <= (stage.probability or 0) <= 100:
        message = f"{stage.name}: {stage.probability} is no probability; it runs from 0 to 100 percent"
        raise BadInput(message)
    if min(stage.rot_days, stage.follow_up_days, stage.wip_limit) < 0:
        message = f"{stage.name}: days and limits are whole numbers from 0 on"
        raise BadInput(message)
