"""A pipeline in the user's own editor: opened, checked, told and asked, then applied as a whole or kept in a file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from funneltui.cli.output import remark
from funneltui.cli.pipeline_applying import carry_out, tell
from funneltui.cli.pipeline_moves import read_moves, read_target
from funneltui.domain.text import counted, strip_controls
from funneltui.errors import BadInput, FunneltuiError, NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from funneltui.cli.session import Session
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.context import Context
    from funneltui.services.pipeline_difference import Difference
    from funneltui.services.pipelines import Applied

_DONE, _REFUSED = 0, 1


def edit_pipeline(session: Session, context: Context, pipeline: Pipeline, typed: Sequence[str]) -> int:
    """Let the user edit a pipeline, and apply what he leaves if he wants it; gives the exit status.

    Whatever stops it, a text that was not applied is kept, and its file named.

    Raises:
        NotAllowed: the actor is no manager. BadInput: there is no editor, it failed, or a move is not written so.
        Conflict: the pipelines were changed meanwhile.
    """
    from funneltui.exchange import editor
    from funneltui.exchange.pipeline_writer import to_toml
    from funneltui.services.people import demand_manager

    demand_manager(context, "changes pipelines")
    words, begun = editor.command(), to_toml(pipeline)
    path = _file_for(pipeline, begun)
    done = None
    try:
        done = _edited(context, pipeline, words, path, typed)
    finally:
        if done is not None or _is_still(path, begun):
            path.unlink(missing_ok=True)
        else:
            remark(f"your text is kept; apply it with: funneltui pipeline apply {shlex.quote(str(path))}")
    if done is None:
        return _REFUSED
    tell(session, done)
    return _DONE


def _file_for(pipeline: Pipeline, text: str) -> Path:
    """Make the file that is edited, for the user alone; it outlives the program unless its text is applied."""
    import os
    import tempfile
    from pathlib import Path

    from funneltui.paths import state_dir

    folder = state_dir() / "pipelines"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f"{pipeline.key}-", suffix=".toml", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def _is_still(path: Path, text: str) -> bool:
    """Tell whether a file holds nothing that anybody has written."""
    return path.is_file() and path.read_bytes() == text.encode()


def _edited(
    context: Context, pipeline: Pipeline, words: Sequence[str], path: Path, typed: Sequence[str]
) -> Applied | None:
    """Open the editor until its text is applied, or the user has enough: then nothing is given."""
    from funneltui.exchange import editor

    while True:
        if problem := editor.run(words, path):
            raise BadInput(problem)
        try:
            return _applied(context, pipeline, editor.left_in(path), path, typed)
        except (BadInput, NotFound, RuleBroken) as error:
            for line in str(error).splitlines():
                remark(f"funneltui: {line}")
        if not _agreed("edit it again?"):
            return None


def _applied(context: Context, pipeline: Pipeline, text: str, path: Path, typed: Sequence[str]) -> Applied | None:
    """Read what the user left, tell what it would change, ask what is to be asked, and apply it if he agrees."""
    from funneltui.exchange.pipeline_files import read_pipeline
    from funneltui.services.pipeline_difference import difference

    new = read_pipeline(text, path.name, otherwise=pipeline.currency, keeps=pipeline.key)
    wanted = difference(context, pipeline, new)
    for words in wanted.words:
        remark(words)
    moves = _placed(wanted, read_moves(wanted, typed))
    if not (wanted.is_empty or _agreed("apply this?")):
        return None
    return carry_out(context, wanted, new, moves)


def _placed(wanted: Difference, moves: Moves) -> Moves:
    """Give the moves with a place for all deals that have none yet, each asked for until there is such a place."""
    from funneltui.services.pipeline_difference import named_place

    for place, count in wanted.unplaced(moves).items():
        stands = f"{counted(count)} {'stands' if count == 1 else 'stand'}"
        question = strip_controls(f"{stands} in {named_place(wanted.old, place)}; where to? ({_choices(wanted)})")
        while place not in moves:
            try:
                moves[place] = read_target(wanted.new, place, click.prompt(question, err=True))
            except FunneltuiError as error:
                remark(f"funneltui: {error}")
    return moves


def _choices(wanted: Difference) -> str:
    left = {place.stage for place in wanted.given_up if place.detail is None}
    return ", ".join(
        stage.key + (f"[:{'|'.join(detail.key for detail in stage.details)}]" if stage.details else "")
        for stage in wanted.new.board_order
        if stage.key not in left
    )


def _agreed(question: str) -> bool:
    return click.confirm(question, err=True)
