"""A pipeline's change at the command line: told, done or only tried, and what it did."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from funneltui.cli.output import say, say_json
from funneltui.cli.pipeline_moves import read_moves, with_hint
from funneltui.domain.text import counted
from funneltui.errors import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context
    from funneltui.services.pipeline_difference import Difference
    from funneltui.services.pipelines import Applied


def apply_to(
    session: Session, context: Context, old: Pipeline, new: Pipeline, typed: Sequence[str], *, dry_run: bool
) -> None:
    """Let `new` take the place of `old`, and tell what that did; of a dry run what it would do, refusals included."""
    from funneltui.services.pipeline_difference import difference

    wanted = difference(context, old, new)
    moves = read_moves(wanted, typed)
    if dry_run and not session.json:
        say_difference(wanted)
    done = carry_out(context, wanted, new, moves, dry_run=dry_run)
    tell(session, done, dry_run=dry_run)


def carry_out(context: Context, wanted: Difference, new: Pipeline, moves: Moves, *, dry_run: bool = False) -> Applied:
    """Apply a change, a dry run of which is taken back at once; a refusal names the options that would mend it."""
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services import imports, pipelines

    try:
        with imports.rehearsal(context) if dry_run else nullcontext():
            done = pipelines.apply(context, new, moves, to_toml)
    except RuleBroken as error:
        raise with_hint(error, wanted, moves) from error
    return done


def say_difference(wanted: Difference) -> None:
    """Print what would change, a sentence a line."""
    for words in wanted.words:
        say(words)


def tell(session: Session, done: Applied, *, dry_run: bool = False) -> None:
    """Tell what a change did, or, in a dry run, would do."""
    wanted = done.difference
    if session.json:
        from funneltui.exchange.pipeline_records import difference_record

        numbers = [deal.number for deal in done.moved]
        say_json(difference_record(wanted) | {"version": done.version, "moved": numbers, "dry_run": dry_run})
        return
    moved = f", {counted(len(done.moved))} moved" if done.moved else ""
    if wanted.is_empty:
        say(f"{wanted.old.name} is as it was")
    elif dry_run:
        say(f"{wanted.new.name} would be at version {done.version}{moved}; nothing was changed")
    else:
        say_difference(wanted)
        say(f"{wanted.new.name} is at version {done.version}{moved}")
