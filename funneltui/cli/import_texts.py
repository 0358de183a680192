"""What `import` says: how a file is read, what became of its rows, which systems are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.output import Column, on_terminal, say, say_json_object, say_rows
from funneltui.domain.text import counted, cut

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.system_mappings import SystemMapping
    from funneltui.exchange.tables_in import Table

_ENOUGH = 20


def say_report_json(report: ImportReport) -> None:
    """Print a report as JSON; the rejected rows, of which there may be very many, one after another."""
    counts = {
        "rows": report.rows, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
    }  # fmt: skip
    say_json_object(counts, "rejected", ({"line": line, "why": why} for line, why in report.rejected))


def tell_reading(table: Table, mapping: ImportMapping, tell: Callable[[str], None] = say) -> None:
    """Say how a file is read: its form, its system, each field's column, and the columns that are left over."""
    system = f" as {mapping.form.name}" if mapping.form else ""
    tell(f"{table.path.name}: {table.describe()}, read{system}; ids are known again by the system {mapping.system}")
    for told in mapping.describe():
        tell(f"  {told}")
    if kept := mapping.in_notes:
        tell(f"  kept in the notes: {', '.join(cut(mapping.header[place]) for place in kept)}")
    if unread := mapping.unread():
        tell(f"  not read: {', '.join(unread)}")


def tell_report(
    report: ImportReport, rejects: Path | None, tell: Callable[[str], None] = say, *, short: bool | None = None
) -> None:
    """Say what became of the rows, and what a person should look at; of very many lines on a terminal the first."""
    tell(
        f"{report.rows:,} rows: {report.created:,} created, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected"
    )
    shown = report.rejected[:_ENOUGH] if (on_terminal() if short is None else short) else report.rejected
    for line, why in shown:
        tell(f"line {line}: {why}")
    if len(shown) < len(report.rejected):
        tell(f"... and {len(report.rejected) - len(shown):,} more")
    if report.rejected:
        tell(f"the rejected rows are in {rejects}" if rejects else "--rejects FILE writes the rejected rows down")
    for one in report.ambiguous:
        tell(f"could be read otherwise: {one.words()}; --date-order or --decimal settles it")
    if report.currency_taken:
        verb = "would be taken" if report.is_rehearsal else "were taken"
        tell(f"amounts without a currency {verb} as {report.currency_taken}; --currency CODE says another")
    for remark in report.remarks:
        tell(f"line {remark.line}, {remark.text}")
    if report.remark_count > len(report.remarks):
        tell(f"... and {report.remark_count - len(report.remarks):,} more such remarks")
    if report.like_count:
        looks = "looks" if report.like_count == 1 else "look"
        tell(f"{counted(report.like_count, 'new deal')} {looks} like one that was there already; nothing was merged:")
        for like in report.likes:
            tell(f"  line {like.line}: like deal {like.number} ({like.why})")
        if report.like_count > len(report.likes):
            tell(f"  ... and {report.like_count - len(report.likes):,} more")
    if report.both_count:
        tell(f"{counted(report.both_count, 'deal')} changed here too, the file's value was taken:")
        for both in report.both:
            tell(f"  line {both.line}: deal {both.number}, {', '.join(both.fields)}")
        if report.both_count > len(report.both):
            tell(f"  ... and {report.both_count - len(report.both):,} more")


def tell_left_over(table: Table, mapping: ImportMapping) -> None:
    """Say as what a recognised file was read, which lines above its header and which columns have no home."""
    if told := table.left_out():
        say(told)
    if mapping.form:
        say(f"read as {mapping.form.name}: --system csv reads it by common names, --dry-run shows each column")
    if unread := mapping.unread():
        say(f"not read: {', '.join(unread)}; --keep COLUMN keeps one in the notes, --keep-rest all of them")


def say_systems(known: list[SystemMapping]) -> None:
    """Print the mappings: their names for --system, the systems, what they read, whose they are."""
    columns = (Column("mapping"), Column("system"), Column("of"), Column("reads"), Column(""))
    say_rows(
        columns,
        (
            (
                one.key,
                one.system,
                cut(one.name),
                "visits, by --history" if one.is_visits else "deals",
                "your own" if one.is_own else "",
            )
            for one in known
        ),
    )


def systems_records(known: list[SystemMapping]) -> list[dict[str, object]]:
    """Give the mappings as JSON has them."""
    return [
        {
            "mapping": one.key,
            "system": one.system,
            "name": one.name,
            "reads": "visits" if one.is_visits else "deals",
            "own": one.is_own,
            "columns": {field: list(names) for field, names in one.columns.items()},
        }
        for one in known
    ]
