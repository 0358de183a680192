"""The half of `restore` that puts a backup in the place of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.commands.backup import LARGE, contents_record, holds_words
from funneltui.cli.location import shown_location
from funneltui.cli.output import say, say_json
from funneltui.cli.progress_bar import progress
from funneltui.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.cli.session import Session
    from funneltui.services.context import Clock, Context
    from funneltui.services.restoring import Restored


def restore_backup(session: Session, file: Path, *, dry_run: bool) -> None:
    """Put the backup FILE in the place of the workspace, or only say what it holds, and tell what became of it.

    Raises:
        NotAllowed, NotFound, BadInput, StorageError: see `services.restoring.restore`.
    """
    present = _present(session)
    from funneltui.services.context import Clock
    from funneltui.services.restoring import restore

    location = session.config().location
    clock = Clock() if isinstance(present, StorageError) else present.clock
    now = clock.now()
    with progress("restore", least=LARGE) as told:
        done = restore(present, location, file, now, told, dry_run=dry_run)
    if session.json:
        say_json(
            {
                "file": str(file),
                "location": shown_location(location),
                "holds": contents_record(done.holds),
                "before": contents_record(done.before),
                "aside": str(done.aside) if done.aside else None,
                "applied": list(done.applied),
                "dry_run": done.is_rehearsal,
            }
        )
        return
    _tell(done, file, shown_location(location), clock)


def _present(session: Session) -> Context | StorageError:
    """Give the workspace that would be replaced, or why it cannot be opened."""
    try:
        return session.workspace()
    except StorageError as error:
        return error


def _tell(done: Restored, file: Path, where: str, clock: Clock) -> None:
    say(f"{file} is sound: {holds_words(done.holds, clock)}")
    if done.applied:
        say(f"  it is of an older version and is brought up to date ({', '.join(done.applied)})")
    if done.is_rehearsal:
        stands = holds_words(done.before, clock) if done.before else "nothing that can be opened"
        say(f"  in the workspace now: {stands}; nothing was changed")
        return
    say(f"restored: {where}")
    if done.aside is not None:
        say(f"  what was there is kept: {done.aside}")
        if done.before is not None:
            say(f"  it holds {holds_words(done.before, clock)}; funneltui restore {done.aside} goes back to it")
