"""`init`: makes a workspace from a preset."""

from __future__ import annotations

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
    help="The currency of the amounts, by ISO 4217. [default: that of your settings, else EUR]",
)
@click.option("--list", "listing", is_flag=True, help="List the presets and make nothing.")
def init(session: Session, preset: str | None, currency: str | None, listing: bool) -> None:
    """Make a workspace, with you as its manager, and say where it is."""
    from funneltui.exchange import pipeline_files

    if listing:
        _list_presets(session)
        return
    wanted = preset or pipeline_files.DEFAULT_PRESET
    # A file of one's own says its currency itself; our presets leave it to whoever makes the workspace.
    usual = session.config().currency if wanted in pipeline_files.preset_names() else ""
    pipeline = pipeline_files.preset(wanted, currency or usual)
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


def _list_presets(session: Session) -> None:
    from funneltui.exchange.pipeline_files import describe_preset, preset_names

    described = [(name, describe_preset(name)) for name in preset_names()]
    if session.json:
        say_json_array({"name": name, "description": text} for name, text in described)
        return
    say_rows((Column("preset"), Column("what it is")), described)
