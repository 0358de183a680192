"""How a file's rows become deals: which column is which field, which of its words is which stage, source and reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.money import minor_digits
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput
from funneltui.exchange.column_names import (
    CLOSE_OF_BOTH,
    SETTABLE,
    bare_name,
    field_named,
    listed_names,
    place_of,
    places_of,
    plain_name,
)
from funneltui.exchange.file_words import OTHERS, PipelineWords, known_word, without_bracket, words_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.dates import DateOrder
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.system_mappings import SystemMapping

OUTCOME_WORDS: dict[str, StageKind] = {
    "open": StageKind.OPEN, "won": StageKind.WON, "closedwon": StageKind.WON, "win": StageKind.WON,
    "lost": StageKind.LOST, "closedlost": StageKind.LOST, "lose": StageKind.LOST,
}  # fmt: skip
"""Words for an outcome, as systems write them in a stage's or a status' column."""


class Meant(NamedTuple):
    """What a file's word for a stage means: a stage and its detail (keys), or only an outcome; nothing, if it is unknown."""

    stage: str | None = None
    detail: str | None = None
    outcome: StageKind | None = None


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How a file's rows become deals of a pipeline.

    `columns` is the place of each field's column; `stages` gives the stage's key for a folded word, `details` the detail's
    where the word tells one; `sources` and `reasons` do the same, "*" being any other word; `sets` are the texts that fill
    what a row lacks; `close_is_both` says that the expected close's column also holds the date on which a closed deal
    closed. `order` and `decimal` are how dates and amounts are written, if that was said. Deals are known again by `system`
    and the id of their row. `form` is the system whose columns were recognised, if one was; `stays` are places of columns
    that tell when a stage (its key) was entered; `closings` are columns of the close date where the first one has none (one
    for won and one for lost deals); `own_dates` are those of the pipeline's own fields that hold dates. `kept` are columns
    whose texts are kept in the notes; `keep_rest`: so is all else that no field is read from.
    """

    pipeline: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    stages: Mapping[str, str]
    sets: Mapping[str, str]
    close_is_both: bool = False
    system: str = "csv"
    order: DateOrder | None = None
    decimal: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    form: SystemMapping | None = None
    stays: tuple[tuple[int, str], ...] = ()
    closings: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    keep_rest: bool = False
    own_dates: tuple[int, ...] = ()

    def describe(self) -> list[str]:
        """Say it in words for people, one line a field: what is read from which column, what is filled in."""
        read = [f"{name} from {_quoted(self.header[place])}" for name, place in self.columns.items()]
        if self.close_is_both:
            read.append(f"closed from {_quoted(self.header[self.columns['expected_close']])}, of won and lost deals")
        read += [f"closed, else from {_quoted(self.header[place])}" for place in self.closings]
        read += [f"entered {stage} from {_quoted(self.header[place])}" for place, stage in self.stays]
        filled = [f"{name} set to {_quoted(text)} where there is none" for name, text in self.sets.items()]
        return read + filled

    def unread(self) -> list[str]:
        """Give the names of the columns from which nothing is read and nothing kept."""
        return [cut(self.header[place]) for place in self.rest if place not in self.in_notes]

    @property
    def in_notes(self) -> tuple[int, ...]:
        """The places of the columns that are kept in the notes, in their order."""
        return tuple(sorted({*self.kept, *(self.rest if self.keep_rest else ())}))

    @property
    def rest(self) -> tuple[int, ...]:
        """The places of the columns with a name from which nothing is read."""
        used = {*self.columns.values(), *self.closings, *(place for place, _ in self.stays)}
        return tuple(place for place, name in enumerate(self.header) if place not in used and name.strip())

    @property
    def closed_is_expected(self) -> bool:
        """Whether one column was said to hold both the expected close and the close date."""
        return self.columns.get("closed") == self.columns.get("expected_close")

    def meant_by(self, text: str) -> Meant:
        """Give what a word for a stage means: as is said or known of it, else its outcome, else as "*" does."""
        word = known_word(text, self.stages)
        if word not in self.stages:
            if outcome := self.outcome_of(text):
                return Meant(outcome=outcome)
            word = OTHERS
        return Meant(self.stages.get(word), self.details.get(word))

    def outcome_of(self, text: str) -> StageKind | None:
        """Give the outcome for which a word stands, by the system's own words first, or nothing."""
        return outcome_of_word(text, self.form)


def build_mapping(
    header: Sequence[str],
    pipeline: Pipeline,
    maps: Sequence[tuple[str, str]] = (),
    stages: Sequence[tuple[str, str]] = (),
    sets: Sequence[tuple[str, str]] = (),
    *,
    system: str | None = None,
    order: DateOrder | None = None,
    decimal: str | None = None,
    form: SystemMapping | None = None,
    sources: Sequence[tuple[str, str]] = (),
    reasons: Sequence[tuple[str, str]] = (),
    kept: Sequence[str] | None = None,
    keep_rest: bool = False,
) -> ImportMapping:
    """Give the mapping of a file with this header: what is said, else what its `form` says, else what is recognised.

    `maps` are fields and columns; a field mapped to the empty name is not read. A column that bears the key or the name of
    one of the pipeline's custom fields is that field. `stages`, `sources` and `reasons` are words of the file with what
    they stand for (key, name or beginning; a stage also with a detail, "offered/contract"); "*" is any other word. `sets`
    are fields with the text that fills them where a row of a new deal has nothing. `kept` are columns for the notes, all of
    one name; without it those of the `form`.

    Raises:
        BadInput: there is no such field or column, a column's name is not the only one, nothing gives a title.
        NotFound: there is no such stage, detail, source or reason.
    """
    columns = places_of(header, maps, pipeline, form.columns if form else None)
    texts = _texts(form, pipeline) | {field_named(name, SETTABLE, pipeline): text for name, text in sets}
    if "title" not in columns and "title" not in texts and "external_id" not in columns:
        message = "no column is recognised as the title; say which is with --map title=COLUMN"
        raise BadInput(f"{message}. The columns are: {listed_names(header)}")
    decimal = decimal or (form.decimal if form else None)
    if decimal not in (None, ".", ","):
        message = f'the decimal mark must be "." or ",", not "{cut(decimal or "")}"'
        raise BadInput(message)
    if "stage" in texts:
        texts["stage"] = pipeline.find_stage(texts["stage"]).key
    if "currency" in texts:
        texts["currency"] = texts["currency"].strip().upper()
        minor_digits(texts["currency"])
    words = words_for(pipeline, form, stages, sources, reasons)
    return ImportMapping(
        pipeline.key, tuple(header), columns, words.stages, texts, _close_is_both(header, columns, form),
        clean_line(system or (form.system if form else ""), 60) or "csv", order or (form.order if form else None), decimal,
        words.details, words.sources, words.reasons, form, _stay_columns(header, columns, form, words),
        _closings(header, columns, form), _kept(header, kept, form), keep_rest,
        tuple(columns[one.key] for one in pipeline.fields if one.kind is FieldKind.DATE and one.key in columns),
    )  # fmt: skip


def _texts(form: SystemMapping | None, pipeline: Pipeline) -> dict[str, str]:
    return {field_named(name, SETTABLE, pipeline): text for name, text in form.sets.items()} if form else {}


def _close_is_both(header: Sequence[str], columns: Mapping[str, int], form: SystemMapping | None) -> bool:
    close = columns.get("expected_close")
    if close is None or "closed" in columns:
        return False
    return form.close_is_both if form else bare_name(plain_name(header[close])) in CLOSE_OF_BOTH


def _closings(header: Sequence[str], columns: Mapping[str, int], form: SystemMapping | None) -> tuple[int, ...]:
    """Give the other columns of the system's that hold a close date, in the order of its mapping."""
    if form is None or "closed" not in columns:
        return ()
    names = [name.strip() for name in header]
    found = (names.index(one) for one in form.columns.get("closed", ()) if names.count(one) == 1)
    return tuple(place for place in found if place not in columns.values())


def _kept(header: Sequence[str], said: Sequence[str] | None, form: SystemMapping | None) -> tuple[int, ...]:
    """Give the places of the columns that are kept in the notes; a system's own columns may be missing."""
    names = [name.strip() for name in header]
    wanted = set(form.kept if form else ()) if said is None else {names[place_of(header, one)] for one in said if one}
    return tuple(place for place, name in enumerate(names) if name and name in wanted)


def _stay_columns(
    header: Sequence[str], columns: Mapping[str, int], form: SystemMapping | None, words: PipelineWords
) -> tuple[tuple[int, str], ...]:
    """Give the columns that tell when a stage was entered, by the system's pattern, of stages that the pipeline knows."""
    patterns = [re.escape(one).replace(re.escape("{stage}"), "(.+)") for one in (form.entered_columns if form else ())]
    found: list[tuple[int, str]] = []
    for place, name in enumerate(header):
        match = next((hit for one in patterns if (hit := re.fullmatch(one, name.strip()))), None)
        key = words.stage_of(match[1]) if match else None
        if key is None and match and (kind := outcome_of_word(match[1], form)):
            key = words.first_of.get(kind)
        if key and place not in columns.values():
            found.append((place, key))
    return tuple(found)


def outcome_of_word(text: str, form: SystemMapping | None = None) -> StageKind | None:
    """Give the outcome for which a word stands ("Closed Won"), by the system's own words first, or nothing."""
    for word in (text, without_bracket(text)):
        own = form.outcomes.get(fold(clean_line(word))) if form else None
        if kind := own or OUTCOME_WORDS.get(plain_name(word)):
            return kind
    return None


def _quoted(text: str) -> str:
    return f'"{cut(text)}"'
