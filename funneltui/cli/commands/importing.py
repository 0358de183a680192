"""`import`: deals from a CSV file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command
from funneltui.cli.output import on_terminal, say, say_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.cli.session import Session
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.tables_in import Table

Pairs = list[tuple[str, str]]
_ENOUGH = 20


def _pairs(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> Pairs:
    split = []
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.strip():
            message = f'"{word}" is not written {param.metavar}'
            raise click.BadParameter(message, ctx, param)
        split.append((name.strip(), text))
    return split


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "maps",
    metavar="FIELD=COLUMN",
    multiple=True,
    callback=_pairs,
    help="Read a field from a column; with no column: from none. What is not said is recognised by common names.",
)
@click.option(
    "--stage",
    "stages",
    metavar="VALUE=STAGE",
    multiple=True,
    callback=_pairs,
    help="The stage that a word of the file stands for.",
)
@click.option(
    "--set",
    "sets",
    metavar="FIELD=VALUE",
    multiple=True,
    callback=_pairs,
    help="Fill a field where a row of a new deal has nothing; dates as typed anywhere (+30d).",
)
@click.option("--created", metavar="DATE", help="The day on which deals began whose row tells no date of that.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--rejects", metavar="FILE", type=click.Path(path_type=Path), help="Write the rejected rows there.")
@click.option("--currency", metavar="CODE", help="The currency of amounts whose row names none.")
@click.option("--delimiter", metavar="C", help='What parts the columns: ",", ";", "|" or tab. Else found out.')
@click.option("--encoding", metavar="NAME", help="What the file is written in, such as cp1250. Else found out.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates with slashes are read.")
@click.option("--decimal", type=click.Choice([",", "."]), help="The decimal mark of the amounts. Else found out.")
@click.option("--system", metavar="NAME", default="csv", show_default=True, help="Where the file's ids come from.")
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
def import_file(
    session: Session,
    file: Path,
    maps: Pairs,
    stages: Pairs,
    sets: Pairs,
    created: str | None,
    dry_run: bool,
    rejects: Path | None,
    currency: str | None,
    delimiter: str | None,
    encoding: str | None,
    date_order: str | None,
    decimal: str | None,
    system: str,
    pipeline: str | None,
) -> int:
    """Read deals from the CSV FILE; every row goes through the same gates as a typed deal.

    Rows that break a gate or cannot be read are listed with their lines, everything else goes in. A second run of a file
    with ids changes only what differs. The exit status is 1 when nothing but rejected rows was found.
    """
    context = session.workspace()
    from funneltui.domain.dates import DateOrder
    from funneltui.exchange.import_mapping import build_mapping
    from funneltui.exchange.importer import run_import
    from funneltui.exchange.tables_in import open_table

    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    table = open_table(file, delimiter=delimiter, encoding=encoding)
    filled = [*sets, *((name, text) for name, text in (("currency", currency), ("created", created)) if text)]
    order = DateOrder(date_order) if date_order else None
    mapping = build_mapping(table.header, chosen, maps, stages, filled, system=system, order=order, decimal=decimal)
    with _progress(file.name) as progress:
        report = run_import(context, table, mapping, dry_run=dry_run, rejects=rejects, progress=progress)
    if session.json:
        say_json(_record(report))
    else:
        _tell(report, table, mapping, rejects)
    return 1 if report.rows and len(report.rejected) == report.rows else 0


def _record(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": [{"line": line, "why": why} for line, why in report.rejected],
    }


def _tell(report: ImportReport, table: Table, mapping: ImportMapping, rejects: Path | None) -> None:
    if report.is_rehearsal:
        say(f"dry run of {table.path.name} ({table.describe()}); nothing was changed")
        for told in mapping.describe():
            say(f"  {told}")
        if unread := mapping.unread():
            say(f"  not read: {', '.join(unread)}")
    say(
        f"{report.rows:,} rows: {report.created:,} created, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected"
    )
    shown = report.rejected[:_ENOUGH] if on_terminal() else report.rejected
    for line, why in shown:
        say(f"line {line}: {why}")
    if len(shown) < len(report.rejected):
        say(f"... and {len(report.rejected) - len(shown):,} more")
    if report.rejected:
        say(f"the rejected rows are in {rejects}" if rejects else "--rejects FILE writes the rejected rows down")


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give what draws a bar of the bytes done, on standard error, if a person looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from funneltui.domain.text import cut

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(cut(name), total=None)
        yield lambda done, size: bar.update(task, completed=done, total=size)
