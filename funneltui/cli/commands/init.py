"""`init`: makes a workspace from a preset, or from one that was written out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command
from funneltui.cli.location import shown_location
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session


@command("init")
@click.option("--preset", metavar="NAME|PATH", help="The pipeline: a preset or a TOML file. [default: acquisition]")
@click.option(
    "--currency",
    metavar="CODE",
    help="The currency of the amounts, by ISO 4217. [default: the file's, that of your settings, else EUR]",
)
@click.option("--list", "listing", is_flag=True, help="List the presets and make nothing.")
@click.option(
    "--from", "written", metavar="FILE", type=click.Path(path_type=Path),
    help="Make the very workspace that `funneltui export --what workspace` has written, with its users.",
)  # fmt: skip
def init(session: Session, preset: str | None, currency: str | None, listing: bool, written: Path | None) -> None:
    """Make a workspace, with you as its manager, and say where it is."""
    from funneltui.exchange import pipeline_files

    if listing:
        _list_presets(session)
        return
    if written is not None:
        if preset or currency:
            message = "--from brings its pipelines and their currencies along: leave --preset and --currency out"
            raise click.UsageError(message)
        _found(session, written)
        return
    wanted = preset or pipeline_files.DEFAULT_PRESET
    # What is typed wins over the file, the file over the settings: our presets leave it to whoever makes the workspace.
    usual = session.config().currency or pipeline_files.DEFAULT_CURRENCY
    pipeline = pipeline_files.preset(wanted, currency, otherwise=usual)
    made = session.new_workspace(pipeline)
    where = shown_location(session.config().location)
    if session.json:
        say_json(
            {
                "location": where,
                "pipeline": pipeline.key,
                "name": pipeline.name,
                "currency": pipeline.currency,
                "stages": [stage.key for stage in pipeline.stages],
                "user": made.actor.name,
                "role": made.actor.role.value,
            }
        )
        return
    say(f"workspace made: {where}")
    say(f"pipeline: {pipeline.name}, {pipeline.currency}: {', '.join(stage.name for stage in pipeline.board_order)}")
    say(f"you are: {made.actor.name}, {made.actor.role.value}")
    say(f'next: funneltui add "First deal" --source {pipeline.sources[0].key} --close +30d')
    say("      funneltui import FILE.csv --dry-run")
    say("      funneltui")


def _found(session: Session, path: Path) -> None:
    from funneltui.exchange.workspace_in import found_workspace

    config = session.config()
    session.problems = config.problems
    made = found_workspace(config.location, path)
    where = shown_location(config.location)
    if session.json:
        users = [{"name": user.name, "role": user.role.value} for user in made.users]
        say_json({"location": where, "users": users, "rows": dict(made.counts)})
        return
    counts = made.counts
    say(f"workspace made: {where}")
    say(f"in it: {counts['deal']:,} deals with {counts['event']:,} events, {counts['company']:,} companies, "
        f"{counts['contact']:,} contacts")  # fmt: skip
    say(f"users: {', '.join(f'{user.name} ({user.role.value})' for user in made.users)}")
    say("next: funneltui --user NAME, as one of them")


def _list_presets(session: Session) -> None:
    from funneltui.exchange.pipeline_files import describe_preset, preset_names

    described = [(name, describe_preset(name)) for name in preset_names()]
    if session.json:
        say_json_array({"name": name, "description": text} for name, text in described)
        return
    say_rows((Column("preset"), Column("what it is")), described)
