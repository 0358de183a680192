"""Imports a file: reads its rows, hands them over in batches, counts, and writes down what was rejected."""

from __future__ import annotations

import csv
import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from funneltui.errors import BadInput, FunneltuiError, RuleBroken, StorageError
from funneltui.exchange.file_dates import Ambiguous, survey
from funneltui.exchange.files_out import demand_own_file, is_database
from funneltui.exchange.formula_guard import guarded
from funneltui.exchange.rejections import Rejected as Rejected
from funneltui.exchange.rejections import Rejections
from funneltui.exchange.row_ids import RowIds
from funneltui.exchange.row_reader import RowReader
from funneltui.exchange.tables_in import WHY, open_table
from funneltui.services.import_runs import as_one_change, origin_of, rehearsal
from funneltui.services.imports import BATCH, Fate, ImportRow, Origin, RowResult, import_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.stage_histories import StageHistories
    from funneltui.exchange.tables_in import Row, Table
    from funneltui.services.context import Context


class Like(NamedTuple):
    """A new deal that looks like one that was there before: its line, that one's number, and in what."""

    line: int
    number: int
    why: str


class Remark(NamedTuple):
    """A value that was not taken in as it stands in the file: the row's line, the field and what was done."""

    line: int
    text: str


class Both(NamedTuple):
    """An updated deal in which people had changed the same as the file: the row's line, its number, the fields."""

    line: int
    number: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file's rows: `created` + `updated` + `unchanged` + the rejected are all the `rows`.

    `ambiguous` is what could be read otherwise too; `likes` are the first of `like_count` new deals that look like others,
    `lacking` counts by field the rows that a gate stopped because they lacked it. `both` are the first of `both_count`
    updated deals in which the file's value stands now in place of one that people had given meanwhile.
    `remarks` are the first of `remark_count` values that were not taken as they stand in the file. `currency_taken` is the
    currency of the pipeline, if amounts were read in it whose rows name none.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: Sequence[Rejected]
    is_rehearsal: bool = False
    ambiguous: tuple[Ambiguous, ...] = ()
    likes: tuple[Like, ...] = ()
    like_count: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)
    both: tuple[Both, ...] = ()
    both_count: int = 0
    remarks: tuple[Remark, ...] = ()
    remark_count: int = 0
    currency_taken: str | None = None


LIKES_SHOWN = 20
"""So many deals that look like others or were changed here too, and so many remarks, are shown; the rest is counted."""


def run_import(
    context: Context,
    table: Table,
    mapping: ImportMapping,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
    histories: StageHistories | None = None,
    others: Sequence[Path] = (),
) -> ImportReport:
    """Take a file's rows in and report on each; see `services.imports.import_batch` for the rules.

    Each batch of rows is one transaction; an import that is cut short leaves whole batches, and running it again goes on
    from there: rows without an id are known again by what stands in them. A dry run does everything in one transaction and
    takes it back. Rejected rows are written to `rejects` with the reason in a last column, over an earlier file of such
    rows; over another with `force`, but never over the file itself or `others` that the import reads. `progress` is told
    the bytes done and the bytes of the file. `histories` are the visits of the file's deals, from a file of their own.

    Raises:
        BadInput: something set cannot be read, dates are written in another order, or `rejects` is a file that is read.
        RuleBroken: `rejects` is there already, and no file of rejected rows.
        StorageError: the database or a file cannot be used; what was stored before stays.
    """
    pipeline = context.pipeline_of(mapping.pipeline)
    seen = survey(context, table, mapping)
    visits = histories.of if histories else None
    reader = RowReader(context, pipeline, mapping, mapping.decimal or seen.decimal, visits, shares=seen.shares)
    tally = _Tally()
    origin = origin_of(context, mapping.system, table.path.name, pipeline)
    as_a_whole = rehearsal(context) if dry_run else as_one_change(context)
    with _RejectsFile(table, rejects, others, force=force) as out, closing(RowIds()) as ids, as_a_whole:
        rows = _without_footer(table, mapping)
        while batch := list(islice(rows, BATCH)):
            with _says_what_is_stored(tally, dry_run=dry_run):
                _take(context, batch, reader, ids, origin, tally, out)
            if progress:
                progress(batch[-1].read, table.size)
    if progress:
        progress(table.size, table.size)
    return ImportReport(
        tally.rows, tally.fates[Fate.CREATED], tally.fates[Fate.UPDATED], tally.fates[Fate.UNCHANGED],
        tally.rejected, dry_run, seen.ambiguous, tuple(tally.likes), tally.like_count, tally.lacking, tuple(tally.both),
        tally.both_count, tuple(tally.remarks), tally.remark_count, reader.currency_taken,
    )  # fmt: skip


@contextmanager
def _says_what_is_stored(tally: _Tally, *, dry_run: bool) -> Iterator[None]:
    """Add to a refusal of the database or the disk how much of the file is stored already."""
    try:
        yield
    except StorageError as error:
        if dry_run or not tally.rows:
            raise
        message = f"the first {tally.rows:,} rows are stored, the same import again goes on; then: {error}"
        raise StorageError(message) from error


def _without_footer(table: Table, mapping: ImportMapping) -> Iterator[Row]:
    """Give the rows of a table without the lines that its system writes behind them."""
    footer = mapping.form.footer if mapping.form else ()
    for row in table.rows():
        if not (footer and row.cells[0].startswith(footer) and not any(row.cells[1:])):
            yield row


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    rejected: Rejections = field(default_factory=Rejections)
    likes: list[Like] = field(default_factory=list)
    like_count: int = 0
    lacking: dict[str, int] = field(default_factory=dict)
    both: list[Both] = field(default_factory=list)
    both_count: int = 0
    remarks: list[Remark] = field(default_factory=list)
    remark_count: int = 0

    def note(self, result: RowResult, remarks: Sequence[str]) -> None:
        """Count what became of a row that could be read, and keep what is remarked of it if it was taken."""
        self.fates[result.fate] += 1
        if result.fate in (Fate.CREATED, Fate.UPDATED):
            self.remark_count += len(remarks)
            self.remarks += [Remark(result.line, one) for one in remarks[: LIKES_SHOWN - len(self.remarks)]]
        for name in result.lacking:
            self.lacking[name] = self.lacking.get(name, 0) + 1
        if result.like is not None:
            self.like_count += 1
            if len(self.likes) < LIKES_SHOWN:
                self.likes.append(Like(result.line, result.like, result.like_why))
        if result.both and result.number is not None:
            self.both_count += 1
            if len(self.both) < LIKES_SHOWN:
                self.both.append(Both(result.line, result.number, result.both))


def _take(
    context: Context,
    batch: list[Row],
    reader: RowReader,
    ids: RowIds,
    origin: Origin,
    tally: _Tally,
    out: _RejectsFile,
) -> None:
    why: dict[int, str] = {}
    readable: list[ImportRow] = []
    for row in batch:
        made = None if reader.has_id(row) else ids.next(row.cells)  # of rejected rows too: the others keep their ids
        try:
            read = reader.read(row)
            readable.append(replace(read, external_id=made) if made else read)
        except FunneltuiError as error:  # the row is rejected, and says so
            why[row.line] = str(error)
    for read, result in zip(readable, import_batch(context, readable, origin), strict=True):
        tally.note(result, read.remarks)
        if result.fate is Fate.REJECTED:
            why[result.line] = result.why
    tally.rows += len(batch)
    for row in batch:
        if row.line in why:
            tally.rejected.add(row.line, why[row.line])
            out.write(row, why[row.line])


class _RejectsFile:
    """The file of rejected rows: made when the first one comes, for the owner's eyes only, in the form of the input."""

    def __init__(self, table: Table, path: Path | None, others: Sequence[Path], *, force: bool) -> None:
        if path is not None:
            _refuse_to_overwrite(path, (table.path, *others), force=force)
        self._table = table
        self._path = path
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> _RejectsFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, row: Row, why: str) -> None:
        """Write a row, its cells harmless for a spreadsheet, and the reason in the column after the header's last."""
        if self._path is None:
            return
        try:
            if self._file is None:
                self._begin(self._path)
            width = len(self._table.header)
            # What lacks cells goes behind the reason: padded, and read again as it is, it would pass for a row.
            cells = ("",) * width + row.cells if row.why and len(row.cells) < width else row.cells
            padded = cells[:width] + ("",) * (width - len(cells))
            self._writer.writerow([guarded(cell) for cell in (*padded, why, *cells[width:])])
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _begin(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(descriptor, 0o600)
        # With the mark by which a spreadsheet knows UTF-8: in one the rows will be corrected.
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="replace", newline="")
        self._writer = csv.writer(self._file, delimiter=self._table.delimiter)
        self._writer.writerow([*(guarded(name) for name in self._table.header), WHY])


def _refuse_to_overwrite(path: Path, read: Sequence[Path], *, force: bool) -> None:
    """Refuse, before anything is done, a place for rejected rows that would destroy something or cannot be written.

    Raises:
        BadInput: it is one that the import reads, a folder, a link, a database or part of one. RuleBroken: another file is
            there. StorageError: it cannot be written.
    """
    try:
        exists = path.exists()
        if exists and any(one.exists() and path.samefile(one) for one in read):
            message = f"{path} is a file that the import reads; name another for the rejected rows"
            raise BadInput(message)
        demand_own_file(path)
        if exists and is_database(path):
            message = f"{path} is a database; name another file for the rejected rows"
            raise BadInput(message)
        if exists and not force and not _holds_rejected_rows(path):
            message = f"{path} is there already, with no rejected rows in it; name another file, or say --force"
            raise RuleBroken(message)
    except OSError as error:
        raise _unwritable(path, error) from error
    if not os.access(path if exists else path.absolute().parent, os.W_OK):
        message = f"cannot write the rejected rows to {path}: check the folder and its rights"
        raise StorageError(message)


def _holds_rejected_rows(path: Path) -> bool:
    """Tell whether a file is one of ours: its header ends in the column of the reasons."""
    try:
        return open_table(path).is_rejects
    except FunneltuiError:  # no table at all
        return False


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(f"cannot write the rejected rows to {path}: {error.strerror or error}")
