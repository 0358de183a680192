"""What a file leaves to be said before it is imported, and saying it: the one core of the dialogue and of the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from funneltui.domain.gates import Choice, choices_of, demands_of
from funneltui.errors import NotFound
from funneltui.exchange.column_names import FIELDS
from funneltui.exchange.file_words import key_meant

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from funneltui.domain.pipeline import Detail, Pipeline, Stage, StageKind
    from funneltui.exchange.import_plan import ImportPlan, Pairs, Said
    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Context

_OPTION = re.compile(r"; [^;]*--[a-z].*$")
_FROM_OPTION = re.compile(r"^--[a-z]+ \"[^\"]*\": ")

LISTED = ("source", "reason")
"""The fields beside the stage whose words of a file stand for one of the pipeline's."""

Words = dict[str, "Counter[str]"]
"""The words of a file by field, with the rows that have them."""


class Open(Enum):
    """What is still to be said of a word for a stage."""

    NOTHING = "nothing"
    STAGE = "stage"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the deals of a word will stand: in a stage, with its detail if that is told, or as an outcome says; nowhere,
    if nothing is known of the word: such rows are rejected.
    """

    stage: Stage | None = None
    detail: Detail | None = None
    outcome: StageKind | None = None

    @property
    def name(self) -> str:
        """Say it in words; nothing, if they stand nowhere."""
        if self.stage is None:
            return f"{self.outcome}" if self.outcome else ""
        return f"{self.stage.name}, {self.detail.name}" if self.detail else self.stage.name


def standing_of(plan: ImportPlan, word: str) -> Standing:
    """Tell where the deals of a word for a stage will stand."""
    meant = plan.mapping.meant_by(word)
    if meant.stage is None:
        return Standing(outcome=meant.outcome)
    stage = plan.pipeline.stage(meant.stage)
    return Standing(stage, stage.detail(meant.detail) if meant.detail else None)


def open_question(plan: ImportPlan, word: str) -> Open:
    """Tell what is still to be said of a word for a stage: which it is, or the detail that the stage demands."""
    standing, mapping = standing_of(plan, word), plan.mapping
    if standing.stage is None:
        return Open.NOTHING if standing.outcome else Open.STAGE
    has_detail = standing.detail is not None or "detail" in mapping.columns or "detail" in mapping.sets
    return Open.DETAIL if "detail" in demands_of(standing.stage) and not has_detail else Open.NOTHING


def meaning_of(plan: ImportPlan, name: str, word: str) -> str:
    """Give the name of the source or reason for which a word stands; nothing, if it is known by none."""
    is_source, pipeline = name == "source", plan.pipeline
    try:
        key = key_meant(pipeline, name, word, plan.mapping.sources if is_source else plan.mapping.reasons)
    except NotFound:
        return ""
    return pipeline.source_name(key) if is_source else pipeline.reason_name(key)


def with_word(said: Said, name: str, word: str, key: str) -> Said:
    """Say what a word stands for: a stage, "stage/detail", a source or a reason."""
    return _saying(said, name, (*_without(_pairs(said, name), word), (word, key)))


def without_word(said: Said, name: str, word: str) -> Said:
    """Say nothing more of a word for a stage, source or reason."""
    return _saying(said, name, _without(_pairs(said, name), word))


def is_said(said: Said, name: str, word: str) -> bool:
    """Tell whether a person has said what a word for a stage, source or reason stands for."""
    return any(one == word for one, _ in _pairs(said, name))


def _pairs(said: Said, name: str) -> Pairs:
    return {"stage": said.stages, "source": said.sources, "reason": said.reasons}[name]


def _saying(said: Said, name: str, pairs: Pairs) -> Said:
    if name == "stage":
        return replace(said, stages=pairs)
    return replace(said, sources=pairs) if name == "source" else replace(said, reasons=pairs)


def set_to(said: Said, name: str, text: str) -> Said:
    """Say what fills a field where a row has nothing; an empty text: nothing does any more."""
    rest = _without(said.sets, name)
    return replace(said, sets=(*rest, (name, text)) if text else rest)


def text_set(said: Said, name: str) -> str:
    """Give what was said to fill a field, or nothing."""
    return next((text for one, text in reversed(said.sets) if one == name), "")


def _without(pairs: Pairs, word: str) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] != word)


def stage_choices(pipeline: Pipeline) -> list[Choice]:
    """Give the stages, and each with each of its details, as answers for a word of a file."""
    found: list[Choice] = []
    for stage in pipeline.board_order:
        if "detail" not in demands_of(stage):
            found.append(Choice(stage.key, stage.name))
        found += [Choice(f"{stage.key}/{one.key}", f"{stage.name}, {one.name}") for one in stage.details]
    return found


def choices_for_all(pipeline: Pipeline, name: str) -> tuple[Choice, ...]:
    """Give the answers that a field takes in some stage or other; none: any text, or a date."""
    if name != "detail":
        return choices_of(pipeline, pipeline.first, name)
    return tuple(
        Choice(one.key, f"{stage.name}: {one.name}") for stage in pipeline.board_order for one in stage.details
    )


def field_at(plan: ImportPlan, place: int) -> str:
    """Give the field that is read from a column, or nothing."""
    return next((name for name, at in plan.mapping.columns.items() if at == place), "")


def fields_of(pipeline: Pipeline) -> tuple[str, ...]:
    """Give the fields that a column can be read into, the pipeline's own too."""
    return (*FIELDS, *(one.key for one in pipeline.fields))


def with_field(plan: ImportPlan, place: int, name: str) -> Said:
    """Say into which field a column is read; what was read into that field before is read no more.

    With no field the column is left out, also of the notes.
    """
    said, before = plan.said, field_at(plan, place)
    maps = said.maps
    if before and before != name:
        maps = (*_without(maps, before), (before, ""))
    if name:
        maps = (*_without(maps, name), (name, plan.table.header[place].strip()))
    if name and place in plan.mapping.kept:
        said = replace(said, kept=_named(plan, plan.mapping.kept, without=place))
    elif not name and (said.keep_rest or place in plan.mapping.kept):  # all others go on to be kept
        said = replace(said, kept=_named(plan, plan.mapping.in_notes, without=place), keep_rest=False)
    return replace(said, maps=maps)


def kept_in_notes(plan: ImportPlan, place: int) -> Said:
    """Say that what stands in a column is kept in the notes, and read into no field."""
    return replace(
        with_field(plan, place, ""), kept=_named(plan, (*plan.mapping.kept, place)), keep_rest=plan.said.keep_rest
    )


def _named(plan: ImportPlan, places: Sequence[int], without: int | None = None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plan.table.header[place].strip() for place in places if place != without))


def as_recognised(plan: ImportPlan, place: int) -> Said:
    """Say nothing more of a column, of the field that was taken from it, and of the one into which it was to be read."""
    header, maps = plan.table.header[place].strip(), plan.said.maps
    untouched = plan.saying(replace(plan.said, maps=()), without_title=True)
    gone = {name for name, column in maps if column == header} | {field_at(untouched, place)}
    kept = tuple(name for name in plan.said.kept or () if name != header) or None
    return replace(plan.said, maps=tuple(pair for pair in maps if pair[0] not in gone), kept=kept)


def gaps_of(plan: ImportPlan, report: ImportReport) -> dict[str, int]:
    """Give the fields that gates miss with the rows that lack them, and those that were filled already, with none."""
    filled = {name: 0 for name, _ in plan.said.sets if name in _GAPS or plan.pipeline.field_called(name)}
    return filled | dict(report.lacking)


_GAPS = (
    "title", "company", "contact", "email", "phone", "source", "owner", "amount", "probability", "detail",
    "expected_close", "follow_up", "follow_up_note", "qualifier", "tags", "notes", "reason", "reason_note",
)  # fmt: skip


def check_filling(context: Context, plan: ImportPlan, name: str, text: str) -> object:
    """Give what a text for a field is read as; the detail is checked with the whole plan.

    Raises:
        BadInput, NotFound: it cannot be read.
    """
    from funneltui.services.fields import read_one

    if name == "detail":
        return text
    return read_one(context, name, text, plan.pipeline, plan.pipeline.first, plan.pipeline.currency)


def without_options(message: str) -> str:
    """Give what an error says without its advice of options, which are the command line's."""
    return _FROM_OPTION.sub("", _OPTION.sub("", message))
