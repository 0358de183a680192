"""The words of a file for stages, sources and reasons: what each stands for in a pipeline, and how often it is there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.naming import is_called
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage
    from funneltui.exchange.system_mappings import SystemMapping
    from funneltui.exchange.tables_in import Table

OTHERS = "*"
"""The word that stands for every word of a file that nothing else is said of."""

_MOST_WORDS = 1000
_BRACKET = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(slots=True)
class PipelineWords:
    """What a file's words stand for in a pipeline, by the words' `stage_word`: keys of stages, details, sources, reasons.

    `first_of` has the first stage of each kind.
    """

    stages: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    first_of: dict[StageKind, str] = field(default_factory=dict)

    def stage_of(self, text: str) -> str | None:
        """Give the key of the stage for which a word stands, or nothing; "Offer (Sales Pipeline)" is "Offer"."""
        return self.stages.get(known_word(text, self.stages))


def stage_word(text: str) -> str:
    """Give the form in which a file's words are compared."""
    return fold(clean_line(text)).replace("_", " ").replace("-", " ")


def without_bracket(text: str) -> str:
    """Give a word without a bracket at its end: some systems write the pipeline there."""
    return _BRACKET.sub("", text)


def known_word(text: str, words: Mapping[str, str]) -> str:
    """Give the form of a word under which it is among these: as it is, else without a bracket at its end, else as it is."""
    word = stage_word(text)
    bare = stage_word(without_bracket(text))
    return bare if word not in words and bare in words else word


Pair = tuple[str, str]
"""A word of a file, and what it is said to stand for."""

_Found = TypeVar("_Found")


def words_for(
    pipeline: Pipeline,
    form: SystemMapping | None,
    stages: Iterable[Pair] = (),
    sources: Iterable[Pair] = (),
    reasons: Iterable[Pair] = (),
) -> PipelineWords:
    """Give what words stand for: what is said, else the pipeline's own keys and names, else what the system's form says.

    Raises:
        NotFound: something is said to stand for a stage, detail, source or reason that the pipeline does not have.
    """
    words = PipelineWords()
    words.first_of = {stage.kind: stage.key for stage in reversed(pipeline.stages)}
    if form:
        for word, candidates in form.stages.items():
            if place := _first_place(pipeline, candidates):
                _note_stage(words, word, place)
        for word, candidates in form.sources.items():
            if key := _first_known(pipeline.sources, candidates):
                words.sources[stage_word(word)] = key
        for word, candidates in form.reasons.items():
            if key := _first_known(pipeline.reasons, candidates):
                words.reasons[stage_word(word)] = key
    for stage in pipeline.stages:
        _note_stage(words, stage.key, (stage, None))
        _note_stage(words, stage.name, (stage, None))
    for word, text in stages:
        with_option = _Told("--stage", word, text)
        _note_stage(words, word, with_option.found(lambda one: place_called(pipeline, one)))
    for word, text in sources:
        words.sources[stage_word(word)] = _Told("--source", word, text).found(pipeline.find_source).key
    for word, text in reasons:
        words.reasons[stage_word(word)] = _Told("--reason", word, text).found(pipeline.find_reason).key
    return words


def key_meant(pipeline: Pipeline, name: str, text: str, words: Mapping[str, str]) -> str:
    """Give the key of the source or reason for which a word stands: as is said, as the pipeline calls it, or as "*" does.

    Raises:
        NotFound: it stands for none.
    """
    if known := words.get(known_word(text, words)):
        return known
    try:
        return (pipeline.find_source(text) if name == "source" else pipeline.find_reason(text)).key
    except NotFound:
        if OTHERS in words:
            return words[OTHERS]
        raise


Place = tuple["Stage", "Detail | None"]


def place_called(pipeline: Pipeline, text: str) -> Place:
    """Give the stage, and the detail after a "/", that a person means: by key, name or beginning.

    Raises:
        NotFound: there is no such stage, or it has no such detail.
    """
    for stage in pipeline.stages:
        if is_called(stage, text):  # a stage's own name may have the sign
            return stage, None
    name, _, detail = text.partition("/")
    stage = pipeline.find_stage(name.strip())
    return stage, pipeline.find_detail(stage, detail.strip()) if detail.strip() else None


def _note_stage(words: PipelineWords, word: str, place: Place) -> None:
    stage, detail = place
    words.stages[stage_word(word)] = stage.key
    words.details.pop(stage_word(word), None)
    if detail:
        words.details[stage_word(word)] = detail.key


def _first_place(pipeline: Pipeline, candidates: Sequence[str]) -> Place | None:
    """Give the first of these stages that the pipeline has, by its whole key or name; a detail that it lacks is left out."""
    for one in candidates:
        name, _, detail = one.partition("/")
        stage = next((stage for stage in pipeline.stages if is_called(stage, name)), None)
        if stage:
            return stage, next((its for its in stage.details if detail and is_called(its, detail)), None)
    return None


def _first_known(among: Sequence[Source] | Sequence[Reason], candidates: Sequence[str]) -> str | None:
    return next((one.key for text in candidates for one in among if is_called(one, text)), None)


@dataclass(frozen=True, slots=True)
class _Told:
    """A word, what it is said to stand for, and the option with which that was said."""

    option: str
    word: str
    text: str

    def found(self, find: Callable[[str], _Found]) -> _Found:
        """Give what it stands for; NotFound names the option and the word."""
        try:
            return find(self.text)
        except NotFound as error:
            message = f'{self.option} "{cut(self.word)}={cut(self.text)}": {error}'
            raise NotFound(message) from error


def counted_words(table: Table, columns: Mapping[str, int], *names: str) -> dict[str, Counter[str]]:
    """Give the words of these fields' columns with the rows that have them; of very many different ones the first."""
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in table.rows():
        if row.why:
            continue
        for name, counts in found.items():
            place = columns.get(name)
            word = clean_line(row.cells[place]) if place is not None and place < len(row.cells) else ""
            if word and (word in counts or len(counts) < _MOST_WORDS):
                counts[word] += 1
    return found
