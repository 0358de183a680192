"""A file of deals before there is a workspace: which pipeline fits it, how it would be read, what is still to be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.pipeline import Source
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.file_dates import survey
from funneltui.exchange.file_words import OTHERS, counted_words, known_word, words_for
from funneltui.exchange.import_mapping import build_mapping, outcome_of_word
from funneltui.exchange.importer import run_import
from funneltui.exchange.system_mappings import recognised
from funneltui.exchange.tables_in import open_table
from funneltui.exchange.toml_places import key_for
from funneltui.exchange.typed_paths import typed_path

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.system_mappings import SystemMapping
    from funneltui.exchange.tables_in import Table
    from funneltui.services.context import Context

CLOSE = "+30d"
"""The expected close of an open deal whose row tells none."""

_MOST_SOURCES = 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said of a file: the preset's key, if not that which fits best, the column of the titles, and which
    stage (its key) a word of the file stands for.
    """

    preset: str = ""
    title: str = ""
    stages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FirstImport:
    """How a file would become the first deals of a workspace.

    `pipeline` is a preset with the file's own sources added (`added`); `strange` are words of its stage column that the
    pipeline does not know, with the rows that have them; `has_title` tells whether a column gives the titles.
    """

    table: Table
    pipeline: Pipeline
    mapping: ImportMapping
    strange: tuple[tuple[str, int], ...]
    added: tuple[str, ...]
    has_title: bool
    said: Said

    @property
    def told(self) -> list[str]:
        """What is read from where, and what is filled in, in words."""
        named = {name: text for name, text in self.mapping.sets.items() if text}
        return replace(self.mapping, sets=named).describe()

    def dated(self, context: Context) -> FirstImport:
        """Give it with the order in which the file writes its dates: the user's own, else the first that reads them all.

        Raises:
            BadInput: they are written in none.
        """
        orders = (context.order, *(order for order in DateOrder if order is not context.order))
        refused: list[BadInput] = []
        for order in orders:
            mapping = replace(self.mapping, order=order)
            try:
                survey(context, self.table, mapping)
            except BadInput as error:
                refused.append(error)
            else:
                return replace(self, mapping=mapping)
        raise refused[0]

    def carry_out(
        self,
        context: Context,
        *,
        dry_run: bool = False,
        rejects: Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Take the file into a workspace that was made with its pipeline, or only say what that would do.

        Raises:
            BadInput, StorageError: see `run_import`.
        """
        return run_import(context, self.table, self.mapping, dry_run=dry_run, rejects=rejects, progress=progress)


def foresee(path: Path, presets: Sequence[Pipeline], said: Said | None = None) -> FirstImport:
    """Look at a file and tell how it would be taken in; reads the file twice and changes nothing.

    The file of a system that is recognised is read as its mapping says. Of the presets the one is taken that knows most of
    the file's words for stages, of several the one that demands least; the first, if the file tells no stages. Sources that
    the file names and the preset does not know are added to it. What every deal must have and no row tells is filled in: a
    source, an expected close, the reason of a loss, which is kept as a note in the file's words; no title, though.

    Raises:
        BadInput, StorageError: the file is no table, or cannot be read.
    """
    said = said or Said()
    table = open_table(path)
    form = recognised(table.header)
    maps = [("title", said.title)] if said.title else []
    columns = build_mapping(table.header, presets[0], maps, sets=[("title", "-")], form=form).columns
    counted = counted_words(table, columns, "stage", "source")
    words, sources = counted["stage"], counted["source"]
    chosen = next((one for one in presets if one.key == said.preset), None) or _fitting(presets, words, form)
    pipeline, added = _with_sources(chosen, sources, form)
    stages = [(word, key) for word, key in said.stages if any(stage.key == key for stage in pipeline.stages)]
    filled = [("source", _other(pipeline)), ("expected_close", CLOSE), ("reason", pipeline.reasons[-1].key)]
    has_title = "title" in columns
    sets = filled if has_title else [*filled, ("title", "")]
    others = [(OTHERS, pipeline.reasons[-1].key)]
    mapping = build_mapping(table.header, pipeline, maps, stages, sets, form=form, reasons=others)
    strange = tuple((word, count) for word, count in words.most_common() if not _known(word, mapping.stages, form))
    return FirstImport(table, pipeline, mapping, strange, added, has_title, said)


def _known(word: str, stages: Mapping[str, str], form: SystemMapping | None) -> bool:
    return known_word(word, stages) in stages or outcome_of_word(word, form) is not None


def _fitting(presets: Sequence[Pipeline], words: Counter[str], form: SystemMapping | None) -> Pipeline:
    def fit(pipeline: Pipeline) -> tuple[int, int]:
        names = words_for(pipeline, form).stages
        known = sum(count for word, count in words.items() if _known(word, names, form))
        return known, -sum(len(stage.demands) for stage in pipeline.open_stages)

    return max(presets, key=fit) if words else presets[0]


def _with_sources(
    pipeline: Pipeline, words: Counter[str], form: SystemMapping | None
) -> tuple[Pipeline, tuple[str, ...]]:
    """Give a pipeline that knows the sources of these words too; of very many none is added: that is no list of sources."""
    new: list[Source] = []
    known = words_for(pipeline, form).sources
    for word in words:
        if known_word(word, known) in known:
            continue
        try:
            replace(pipeline, sources=(*pipeline.sources, *new)).find_source(word)
        except NotFound:
            key = key_for(word)
            taken = {one.key for one in (*pipeline.sources, *new)}
            number = next(rank for rank in range(1, len(taken) + 2) if _numbered(key, rank) not in taken)
            new.append(Source(_numbered(key, number), word))
    if len(new) > _MOST_SOURCES:
        return pipeline, ()
    return replace(pipeline, sources=(*pipeline.sources, *new)), tuple(one.name for one in new)


def _numbered(key: str, number: int) -> str:
    return (key or "source") + (f"_{number}" if number > 1 else "")


def _other(pipeline: Pipeline) -> str:
    """Give the source of deals whose source is not known: the one that says so, else the first."""
    return next((one.key for one in pipeline.sources if one.key == "other"), pipeline.sources[0].key)


def demand_file(text: str) -> Path:
    """Give the file at a typed path.

    Raises:
        BadInput: nothing was typed, or there is no such file.
    """
    path = typed_path(text)
    if not text.strip():
        message = "type the path of a CSV file or a spreadsheet; tab completes it"
        raise BadInput(message)
    if not path.is_file():
        message = f"there is no file {path}"
        raise BadInput(message)
    return path
