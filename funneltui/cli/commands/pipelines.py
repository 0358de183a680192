"""`pipeline`: the workspace's pipelines, shown, listed, and changed by a file or in the user's own editor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.completion import choices
from funneltui.cli.frame import Command, CommandGroup, command
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.pipelines import Overview

_NAME = click.argument("name", required=False, shell_complete=choices("pipeline"))
_PIPELINE = click.argument("key", shell_complete=choices("pipeline"))
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

    _say_list(session, pipelines.overviews(context))


def _say_list(session: Session, found: Sequence[Overview]) -> None:
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
    from funneltui.exchange.toml_places import key_for

    if all(known.key != key for known in context.pipelines):
        return key
    return key_for(name) or key


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


@command("add", short_help="add a pipeline")
@click.argument("file", metavar="FILE|PRESET")
@click.option("--name", metavar="NAME", help="Its name, if the one in the file is taken or does not fit.")
@click.option("--dry-run", is_flag=True, help="Say what would be added and change nothing.")
def add(session: Session, file: str, name: str | None, dry_run: bool) -> None:
    """Add a pipeline of its own, behind the others: a preset by its name, or the TOML FILE; only a manager can.

    Amounts are in the currency of the file, else in that of the first pipeline. `init --list` names the presets.
    """
    _add(session, session.workspace(), file, name, dry_run=dry_run)


@command("retire", short_help="take a pipeline out of use")
@_PIPELINE
def retire(session: Session, key: str) -> None:
    """Take the pipeline KEY out of use: no deal begins or goes on in it, closed ones stay as they are; only a manager can.

    Open deals leave it first: `move NUMBER... STAGE --pipeline KEY`. `pipeline bring-back` takes it into use again.
    """
    context = session.workspace()
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import pipelines

    chosen = context.pipeline_of(key)
    _tell_turn(session, pipelines.retire_pipeline(context, chosen.key, to_toml), chosen.key)


@command("bring-back", short_help="take a retired pipeline into use again")
@_PIPELINE
def bring_back(session: Session, key: str) -> None:
    """Take the retired pipeline KEY into use again; only a manager can."""
    context = session.workspace()
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import pipelines

    chosen = context.pipeline_of(key)
    _tell_turn(session, pipelines.bring_back_pipeline(context, chosen.key, to_toml), chosen.key)


@command("rename", short_help="give a pipeline another name")
@_PIPELINE
@click.argument("name")
def rename(session: Session, key: str, name: str) -> None:
    """Give the pipeline KEY another NAME; its key, and with that its history, stays. Only a manager can."""
    context = session.workspace()
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import pipelines

    chosen = context.pipeline_of(key)
    _tell_turn(session, pipelines.rename(context, chosen.key, name, to_toml), chosen.key)


@command("order", short_help="put the pipelines in order")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True, shell_complete=choices("pipeline"))
def order(session: Session, keys: tuple[str, ...]) -> None:
    """Put the pipelines in use into this order; the first is meant where none is named. Only a manager can."""
    context = session.workspace()
    from funneltui.services import pipelines

    wanted = [context.pipeline_of(key).key for key in keys]
    _say_list(session, pipelines.overviews(pipelines.arrange(context, wanted)))


def _tell_turn(session: Session, now: Context, key: str) -> None:
    """Tell of a pipeline what it is now."""
    known = now.pipeline_of(key)
    if session.json:
        from funneltui.exchange.pipeline_records import overview_record
        from funneltui.services import pipelines

        say_json(next(overview_record(one) for one in pipelines.overviews(now) if one.pipeline.key == key))
        return
    say(f"pipeline {known.name} ({known.key}) is {'retired' if known.is_retired else 'in use'}")


pipeline = CommandGroup(
    "pipeline", "Show, list and change the pipelines of the workspace.", show,
    (list_pipelines, apply, edit, add, rename, order, retire, bring_back),
)  # fmt: skip
