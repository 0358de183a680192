"""Workspaces of any size, filled by the importer, so that their histories are as true as a user's."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks import generated_deals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Import:
    """How long it took to take so many rows in, in seconds."""

    rows: int
    seconds: float


@dataclass(slots=True)
class Workspaces:
    """Makes workspaces in a folder, each when it is first asked for; those of today that are there are used again."""

    folder: Path
    imports: dict[int, Import] = field(default_factory=dict)

    def of(self, size: int, closed: int | None = None) -> Path:
        """Give the database with so many open deals, and a quarter as many closed ones unless told."""
        path = self.csv(size, closed).with_suffix(".db")
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            remove(unfinished)
            self.imports[size] = filled(unfinished, self.csv(size, closed))
            unfinished.rename(path)
            remove(unfinished)
        return path

    def copy_of(self, size: int) -> Path:
        """Give a copy of it to change."""
        path = self.folder / f"changed-{size}.db"
        remove(path)
        shutil.copy2(self.of(size), path)
        return path

    def csv(self, size: int, closed: int | None = None) -> Path:
        """Give the file of so many open deals, and of a quarter as many closed ones unless told."""
        name = f"{size}-deals" if closed is None else f"{size}-open-{closed}-closed"
        path = self.folder / f"{name}-{date.today()}.csv"
        if not path.exists():
            details = {stage.key: [detail.key for detail in stage.details] for stage in pipeline().stages}
            generated_deals.write(path, size, details, date.today(), closed)
        return path


def remove(database: Path) -> None:
    """Remove a database with all that SQLite and the program keep beside it: a log left there would be read again."""
    for suffix in ("", "-wal", "-shm", "-journal", ".lock"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def pipeline() -> Pipeline:
    """Give the pipeline of all workspaces: the default preset."""
    from funneltui.exchange.pipeline_files import preset

    return preset("acquisition")


def filled(path: Path, csv: Path) -> Import:
    """Make a workspace from a file by the importer, and tell how long that took; a rejected row is an error."""
    from funneltui.exchange.import_mapping import build_mapping
    from funneltui.exchange.importer import run_import
    from funneltui.exchange.tables_in import open_table
    from funneltui.services import workspaces
    from funneltui.services.context import Clock

    context = workspaces.create(str(path), pipeline(), generated_deals.USER, Clock())
    try:
        start = perf_counter()
        table = open_table(csv)
        report = run_import(context, table, build_mapping(table.header, context.pipeline))
        seconds = perf_counter() - start
    finally:
        context.database.close()
    if report.rejected:
        message = f"line {report.rejected[0].line} of the generated file was rejected: {report.rejected[0].why}"
        raise RuntimeError(message)
    return Import(report.rows, seconds)


@contextmanager
def opened(path: Path) -> Iterator[Context]:
    """Open a workspace in this process as the manager."""
    from funneltui.services import workspaces
    from funneltui.services.context import Clock

    context = workspaces.open_workspace(str(path), generated_deals.USER, Clock(), chosen=True)
    try:
        yield context
    finally:
        context.database.close()
