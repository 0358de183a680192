"""An import before it is carried out: a file, what a person has said of it, and the mapping that follows from both."""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.text import fold
from funneltui.errors import BadInput
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.importer import run_import
from funneltui.exchange.stage_histories import StageHistories
from funneltui.exchange.system_mappings import form_for
from funneltui.exchange.tables_in import open_table
from funneltui.exchange.typed_paths import typed_path
from funneltui.exchange.watched_tables import watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.system_mappings import SystemMapping
    from funneltui.exchange.tables_in import Table
    from funneltui.services.context import Context

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a file; see `build_mapping` for the pairs. Of two pairs for one word the later wins.

    `system` names the mapping, or the system in whose ids the deals are known again; `mapping` a mapping or a file of one;
    `history` a file of visits; `kept` columns for the notes, nothing: those that the mapping keeps.
    """

    file: Path
    maps: Pairs = ()
    stages: Pairs = ()
    sources: Pairs = ()
    reasons: Pairs = ()
    sets: Pairs = ()
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    order: DateOrder | None = None
    decimal: str | None = None
    system: str | None = None
    mapping: str | None = None
    history: Path | None = None
    pipeline: str | None = None
    kept: tuple[str, ...] | None = None
    keep_rest: bool = False


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file will be taken in: what was said, the file, its system's form if it is known, the pipeline, the mapping."""

    said: Said
    table: Table
    form: SystemMapping | None
    pipeline: Pipeline
    mapping: ImportMapping = field(repr=False)

    @property
    def lacks_titles(self) -> bool:
        """Whether nothing gives new deals their titles."""
        return "title" not in self.mapping.columns and not self.mapping.sets.get("title")

    def saying(self, said: Said, *, without_title: bool = False) -> ImportPlan:
        """Give the plan with the same file when something else is said of its fields and words; see `plan_import`.

        Raises:
            BadInput, NotFound: see `build_mapping`.
        """
        mapping = _mapping(self.table, self.form, self.pipeline, said, without_title=without_title)
        return replace(self, said=said, mapping=mapping)

    def watched(self, watch: Callable[[int, int], bool]) -> ImportPlan:
        """Give the plan with its file watched while it is read; see `WatchedTable`."""
        return replace(self, table=watched(self.table, watch))

    def carry_out(
        self,
        context: Context,
        *,
        dry_run: bool = False,
        rejects: Path | None = None,
        force: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Take the file in, or only say what that would do; see `run_import`. No file that the plan reads is written over.

        Raises:
            BadInput, RuleBroken, StorageError: see `run_import`; the file of visits cannot be read, see `StageHistories`.
        """
        read = [self.said.history] if self.said.history else []
        read += [typed_path(self.said.mapping)] if self.said.mapping else []
        told = self._histories(context)
        with closing(told) if told else nullcontext() as histories:
            return run_import(
                context,
                self.table,
                self.mapping,
                dry_run=dry_run,
                rejects=rejects,
                force=force,
                progress=progress,
                histories=histories,
                others=read,
            )

    def _histories(self, context: Context) -> StageHistories | None:
        """Give the visits of the file that was named, if one was: it is written as was said of the deals' file."""
        said, order = self.said, self.mapping.order or context.order
        if said.history is None:
            return None
        return StageHistories(said.history, order, delimiter=said.delimiter, encoding=said.encoding)


def plan_import(context: Context, said: Said, *, without_title: bool = False) -> ImportPlan:
    """Look at a file and give how it would be taken in; reads its beginning, and all of it for its encoding.

    `without_title` lets a plan begin of which the column of the titles is still to be said.

    Raises:
        BadInput, NotFound, StorageError: it is no table, or what is said of it does not fit.
    """
    table = open_table(said.file, delimiter=said.delimiter, encoding=said.encoding, sheet=said.sheet)
    return plan_of(context, table, said, without_title=without_title)


def plan_of(context: Context, table: Table, said: Said, *, without_title: bool = False) -> ImportPlan:
    """Give how a file that was looked at already would be taken in; see `plan_import`.

    Raises:
        BadInput, NotFound: what is said of it does not fit.
    """
    pipeline = context.pipeline_of(said.pipeline) if said.pipeline else context.pipeline
    form = form_for(table.header, said.system, said.mapping)
    try:
        mapping = _mapping(table, form, pipeline, said, without_title=without_title)
    except BadInput as error:
        message = f"{table.path.name}: {error}"
        raise BadInput(message) from error
    return ImportPlan(said, table, form, pipeline, mapping)


def _mapping(
    table: Table, form: SystemMapping | None, pipeline: Pipeline, said: Said, *, without_title: bool
) -> ImportMapping:
    try:
        return _built(table, form, pipeline, said)
    except BadInput:
        if not without_title:
            raise
        # With an empty text for the titles only a title that is lacking is forgiven: all else is refused again.
        return _built(table, form, pipeline, replace(said, sets=(("title", ""), *said.sets)))


def _built(table: Table, form: SystemMapping | None, pipeline: Pipeline, said: Said) -> ImportMapping:
    # A mapping's own name means its system; any other is a name for ids only.
    own = form is not None and said.system is not None and fold(said.system.strip()) in (form.key, fold(form.name))
    return build_mapping(
        table.header, pipeline, said.maps, said.stages, said.sets, system=None if own else said.system, order=said.order,
        decimal=said.decimal, form=form, sources=said.sources, reasons=said.reasons, kept=said.kept,
        keep_rest=said.keep_rest,
    )  # fmt: skip
