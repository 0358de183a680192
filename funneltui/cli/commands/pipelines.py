"""`pipeline`: the workspace's pipelines, shown, listed, and changed by a file or in the user's own editor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import Command, CommandGroup, command
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_NAME = click.argument("name", required=False)
_MOVES = click.option(
    "--move", "moves", metavar="OLD=NEW[:DETAIL]", multiple=True,
    help="Where the deals go of a stage or STAGE:DETAIL that is given up.",
)  # fmt: skip


class _ShowCommand(Command):
    """`pipeline show`: its --version is that of the pipeline; the program's own is asked for before any command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [param for param in self.params if param.name != "version"]


@command("show", cls=_ShowCommand, short_help="show a pipeline")
@_NAME
@click.option("--toml", is_flag=True, help="Print its definition as TOML, for `pipeline apply`.")
@click.option("--version", "number", metavar="N", type=click.IntRange(min=1), help="Print an earlier version as TOML.")
def show(session: Session, name: str | None, toml: bool, number: int | None) -> None:
    """Show the pipeline NAME, by key or name, else the first one: its stages, reasons, sources and versions."""
    context = session.workspace()
    from funneltui.cli.pipeline_texts import say_pipeline, say_toml
    from funneltui.services import pipelines

    pipeline = _chosen(context, name)
    versions = pipelines.versions(context, pipeline.key)
    if toml or number is not None:
        say_toml(session, pipeline, versions, number)
        return
    overview = next(one for one in pipelines.overviews(context) if one.pipeline.key == pipeline.key)
    if session.json:
        from funneltui.exchange.pipeline_records import pipeline_record

        say_json(pipeline_record(overview, versions))
        return
    say_pipeline(context, overview, versions)


_COLUMNS = (
    Column("key"), Column("name", least=12), Column("currency"), Column("stages", number=True),
    Column("open deals", number=True), Column(""),
)  # fmt: skip


@command("list", short_help="list the pipelines")
def list_pipelines(session: Session) -> None:
    """List the pipelines of the workspace: those in use in their order, then retired ones."""
    context = session.workspace()
    from funneltui.services import pipelines

    found = pipelines.overviews(context)
    if session.json:
        from funneltui.exchange.pipeline_records import overview_record

        say_json_array(overview_record(one) for one in found)
        return
    rows = []
    for one in found:
        known = one.pipeline
        counts = str(len(known.stages)), str(one.open)
        rows.append((known.key, known.name, known.currency, *counts, "retired" if known.is_retired else ""))
    say_rows(_COLUMNS, rows)


@command("apply", short_help="change a pipeline by a file, or add one")
@click.argument("file", metavar="FILE")
@click.option(
    "--name", metavar="NAME", help="The pipeline to change, else that of the file's key; with --new its name."
)
@_MOVES
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
@click.option("--new", is_flag=True, help="Add it as a pipeline of its own; FILE may be a preset's name then.")
def apply(session: Session, file: str, name: str | None, moves: tuple[str, ...], dry_run: bool, new: bool) -> None:
    """Change a pipeline to what the TOML FILE says, with the deals that this moves, in one go; only a manager can.

    Keys are kept: what keeps its key keeps its history. What the file leaves out is retired; deals that stand there go where
    --move says. `pipeline show --toml` prints a file to begin with.
    """
    if new and moves:
        message = "a new pipeline has no deals to move: --new goes without --move"
        raise click.UsageError(message)
    context = session.workspace()
    if new:
        _add(session, context, file, name, dry_run=dry_run)
        return
    from pathlib import Path

    from funneltui.cli.pipeline_applying import apply_to
    from funneltui.exchange.pipeline_files import read_pipeline_file

    read = read_pipeline_file(Path(file), otherwise="")
    old = _chosen(context, name) if name else _of_key(context, read.key)
    apply_to(session, context, old, replace(read, key=old.key, currency=read.currency or old.currency), moves,
             dry_run=dry_run)  # fmt: skip


def _of_key(context: Context, key: str) -> Pipeline:
    for known in context.pipelines:
        if known.key == key:
            return known
    keys = ", ".join(known.key for known in context.pipelines)
    message = f'there is no pipeline with the key "{key}" ({keys}); --name says which one to change, --new adds one'
    raise NotFound(message)


def _add(session: Session, context: Context, file: str, name: str | None, *, dry_run: bool) -> None:
    from contextlib import nullcontext

    from funneltui.exchange.pipeline_files import preset
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import imports, pipelines

    read = preset(file, otherwise=context.pipeline.currency)
    new = read if name is None else replace(read, name=name, key=_free_key(context, read.key, name))
    with imports.rehearsal(context) if dry_run else nullcontext():
        added = pipelines.add_pipeline(context, new, to_toml).pipeline_of(new.key)
    if session.json:
        stages = [stage.key for stage in added.stages]
        say_json({"pipeline": added.key, "name": added.name, "stages": stages, "dry_run": dry_run})
        return
    done = "would be added" if dry_run else "added"
    say(f"pipeline {added.name} ({added.key}) {done}: {', '.join(stage.name for stage in added.board_order)}")


def _free_key(context: Context, key: str, name: str) -> str:
    """Give a new pipeline's key: the file's own, or, if that is taken, one from the name."""
    from funneltui.domain.text import key_from

    if all(known.key != key for known in context.pipelines):
        return key
    return "".join(sign for sign in key_from(name) if sign.isascii())[:60] or key


@command("edit", short_help="change a pipeline in your own editor")
@_NAME
@_MOVES
def edit(session: Session, name: str | None, moves: tuple[str, ...]) -> int:
    """Open the pipeline NAME, else the first one, as TOML in $VISUAL or $EDITOR; what you leave is applied.

    A mistake is told with its line, and you go on with your text. Before anything changes you see what would change and for
    how many deals, and are asked where the deals go of what you took out. Text that is not applied is kept in a file.
    """
    context = session.workspace()
    from funneltui.cli.pipeline_editing import edit_pipeline

    return edit_pipeline(session, context, _chosen(context, name), moves)


def _chosen(context: Context, name: str | None) -> Pipeline:
    return context.pipeline_of(name) if name else context.pipeline


pipeline = CommandGroup(
    "pipeline", "Show, list and change the pipelines of the workspace.", show, (list_pipelines, apply, edit)
)
