"""`import`: deals from a CSV file or a spreadsheet, of any system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import command
from funneltui.cli.output import remark, say, say_json
from funneltui.cli.progress_bar import progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.cli.session import Session
    from funneltui.exchange.import_plan import Said

Pairs = list[tuple[str, str]]


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
@click.argument("file", type=click.Path(path_type=Path), required=False)
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
    metavar="VALUE=STAGE[/DETAIL]",
    multiple=True,
    callback=_pairs,
    help='The stage, and its detail, that a word of the file stands for; "*" is any other word.',
)
@click.option(
    "--source",
    "sources",
    metavar="VALUE=SOURCE",
    multiple=True,
    callback=_pairs,
    help='The source that a word of the file stands for; "*" is any other word.',
)
@click.option(
    "--reason",
    "reasons",
    metavar="VALUE=REASON",
    multiple=True,
    callback=_pairs,
    help='The same of reasons; the word of "*" is kept as the note on the reason.',
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
@click.option("--ask", is_flag=True, help="Ask, step by step, how the file is to be read and what it lacks.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--rejects", metavar="FILE", type=click.Path(path_type=Path), help="Write the rejected rows there.")
@click.option("--force", is_flag=True, help="Write the rejected rows over whatever file is there.")
@click.option(
    "--keep", metavar="COLUMN", multiple=True, help="Keep what stands in a column in the notes; may be repeated."
)
@click.option("--keep-rest", is_flag=True, help="Keep what stands in all columns that no field takes in the notes.")
@click.option("--currency", metavar="CODE", help="The currency of amounts whose row names none.")
@click.option("--delimiter", metavar="C", help='What parts the columns: ",", ";", "|" or tab. Else found out.')
@click.option("--encoding", metavar="NAME", help="What the file is written in, such as cp1250. Else found out.")
@click.option("--sheet", metavar="NAME", help="The sheet of a spreadsheet. Else the first.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates with slashes are read.")
@click.option("--decimal", type=click.Choice([",", "."]), help="The decimal mark of the amounts. Else found out.")
@click.option("--system", metavar="NAME", help="Where the file and its ids come from. Else recognised, or csv.")
@click.option("--mapping", metavar="NAME|FILE", help="Read it by this mapping, one of your own or a file.")
@click.option("--save-mapping", "save_as", metavar="NAME", help="Keep how the file is read as a mapping of your own.")
@click.option(
    "--history",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file of its deals' visits: the past of those that are new.",
)
@click.option("--list-systems", is_flag=True, help="List the systems whose files are known, and leave.")
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
def import_file(session: Session, file: Path | None, **options: Any) -> int:
    """Read deals from FILE (CSV, or a spreadsheet); every row goes through the same gates as a typed deal.

    Exports of other systems are recognised by their columns (--list-systems). Rows that break a gate or cannot be read are
    listed with their lines, everything else goes in. A second run of a file takes only what the file changed since its last
    run; what people changed here stays. Rows are known again by their ids, else by what stands in them. The exit status is
    1 when nothing but rejected rows was found.
    """
    if options["list_systems"]:
        return _list_systems(session)
    if file is None:
        message = "name the FILE to be read, or --list-systems"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.cli.import_dialogue import ask, can_ask
    from funneltui.cli.import_texts import say_report_json, tell_left_over, tell_reading, tell_report
    from funneltui.exchange.import_plan import plan_import
    from funneltui.exchange.mapping_files import mapping_key, save_mapping

    if options["save_as"]:
        mapping_key(options["save_as"])  # refused before anything is taken in
    said = _said(file, options)
    if options["ask"] and not can_ask():
        remark("there is no terminal to ask on; what is not said is found out")
    plan = ask(context, said) if options["ask"] and can_ask() else plan_import(context, said)
    if plan is None:
        remark("nothing was changed")
        return 1
    if options["save_as"] and not options["dry_run"]:  # if it cannot be kept, nothing is taken in
        remark(f"the mapping is kept in {save_mapping(options['save_as'], plan.mapping)}")
    try:
        with progress(file.name) as told:
            report = plan.carry_out(
                context, dry_run=options["dry_run"], rejects=options["rejects"], force=options["force"], progress=told
            )
    except KeyboardInterrupt:
        remark(
            "interrupted" + ("" if options["dry_run"] else "; whole batches are stored, the same import again goes on")
        )
        raise
    if session.json:
        say_report_json(report)
    else:
        if report.is_rehearsal:
            say("dry run; nothing was changed")
            tell_reading(plan.table, plan.mapping)
        tell_report(report, options["rejects"])
        if not report.is_rehearsal:
            tell_left_over(plan.table, plan.mapping)
    return 1 if report.rows and len(report.rejected) == report.rows else 0


def _said(file: Path, options: Mapping[str, Any]) -> Said:
    from funneltui.domain.dates import DateOrder
    from funneltui.exchange.import_plan import Said

    filled = [(name, text) for name in ("currency", "created") if (text := options[name])]
    order = DateOrder(options["date_order"]) if options["date_order"] else None
    taken: dict[str, Any] = {name: options[name] for name in _TAKEN}
    taken |= {name: tuple(options[name]) for name in ("maps", "stages", "sources", "reasons")}
    kept = options["keep"] or None
    return Said(file, sets=(*options["sets"], *filled), order=order, kept=kept, **taken)


def _list_systems(session: Session) -> int:
    from funneltui.cli.import_texts import say_systems, systems_records
    from funneltui.exchange.system_mappings import mappings

    if session.json:
        say_json(systems_records(mappings()))
    else:
        say_systems(mappings())
    return 0


_TAKEN = ("delimiter", "encoding", "sheet", "decimal", "system", "mapping", "history", "pipeline", "keep_rest")
"""The options that a plan takes as they are."""
