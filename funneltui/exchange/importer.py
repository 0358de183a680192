"""Imports a file: reads its rows, hands them over in batches, counts, and writes down what was rejected."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from funneltui.errors import BadInput, FunneltuiError, StorageError
from funneltui.exchange.row_reader import RowReader, survey
from funneltui.exchange.tables_in import WHY, guarded
from funneltui.services.imports import BATCH, Fate, ImportRow, Origin, as_one_change, import_batch, rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.tables_in import Row, Table
    from funneltui.services.context import Context


class Rejected(NamedTuple):
    """A row that was not taken in: its line in the file, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file's rows: `created` + `updated` + `unchanged` + the rejected are all the `rows`."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    is_rehearsal: bool = False


def run_import(
    context: Context,
    table: Table,
    mapping: ImportMapping,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take a file's rows in and report on each; see `services.imports.import_batch` for the rules.

    Each batch of rows is one transaction; an import that is cut short leaves whole batches, and running it again goes on
    from there if rows have ids. A dry run does everything in one transaction and takes it back. Rejected rows are written
    to `rejects` with the reason in a last column. `progress` is told the bytes done and the bytes of the file.

    Raises:
        BadInput: something set cannot be read, dates are written in another order, or `rejects` is the file itself.
        StorageError: the database or a file cannot be used; what was stored before stays.
    """
    pipeline = context.pipeline_of(mapping.pipeline)
    reader = RowReader(context, pipeline, mapping, mapping.decimal or survey(context, table, mapping))
    tally = _Tally()
    as_a_whole = rehearsal(context) if dry_run else as_one_change(context)
    with _RejectsFile(table, rejects) as out, as_a_whole:
        rows = table.rows()
        while batch := list(islice(rows, BATCH)):
            _take(context, batch, reader, Origin(mapping.system, table.path.name, pipeline), tally, out)
            if progress:
                progress(batch[-1].read, table.size)
    if progress:
        progress(table.size, table.size)
    return ImportReport(
        tally.rows, tally.fates[Fate.CREATED], tally.fates[Fate.UPDATED], tally.fates[Fate.UNCHANGED],
        tuple(tally.rejected), dry_run,
    )  # fmt: skip


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    rejected: list[Rejected] = field(default_factory=list)


def _take(
    context: Context, batch: list[Row], reader: RowReader, origin: Origin, tally: _Tally, out: _RejectsFile
) -> None:
    why: dict[int, str] = {}
    readable: list[ImportRow] = []
    for row in batch:
        try:
            readable.append(reader.read(row))
        except FunneltuiError as error:  # the row is rejected, and says so
            why[row.line] = str(error)
    for result in import_batch(context, readable, origin):
        tally.fates[result.fate] += 1
        if result.fate is Fate.REJECTED:
            why[result.line] = result.why
    tally.rows += len(batch)
    for row in batch:
        if row.line in why:
            tally.rejected.append(Rejected(row.line, why[row.line]))
            out.write(row, why[row.line])


class _RejectsFile:
    """The file of rejected rows: made when the first one comes, for the owner's eyes only, in the form of the input."""

    def __init__(self, table: Table, path: Path | None) -> None:
        if path is not None:
            _refuse_to_overwrite(path, table)
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
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._file, delimiter=self._table.delimiter)
        self._writer.writerow([*(guarded(name) for name in self._table.header), WHY])


def _refuse_to_overwrite(path: Path, table: Table) -> None:
    """Refuse, before anything is done, a place for rejected rows that would destroy something or cannot be written.

    Raises:
        BadInput: it is the input, a folder or a database. StorageError: it cannot be written.
    """
    try:
        exists = path.exists()
        if exists and path.samefile(table.path):
            message = f"{path} is the file that is imported; name another for the rejected rows"
            raise BadInput(message)
        if exists and not path.is_file():
            message = f"{path} is no file; name one for the rejected rows"
            raise BadInput(message)
        if exists:
            with path.open("rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    message = f"{path} is a database; name another file for the rejected rows"
                    raise BadInput(message)
    except OSError as error:
        raise _unwritable(path, error) from error
    if not os.access(path if exists else path.absolute().parent, os.W_OK):
        message = f"cannot write the rejected rows to {path}: check the folder and its rights"
        raise StorageError(message)


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(f"cannot write the rejected rows to {path}: {error.strerror or error}")
