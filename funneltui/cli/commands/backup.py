"""`backup`: copies the workspace while others work in it, checks the copy, and lists the copies that there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command
from funneltui.cli.moments import stamp
from funneltui.cli.output import Column, say, say_json, say_json_array, say_rows
from funneltui.cli.progress_bar import progress
from funneltui.domain.text import counted

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.backups import Backup
    from funneltui.services.context import Clock
    from funneltui.storage.backups import Contents

LARGE = 32 * 1024 * 1024
"""The bytes from which a bar is worth showing."""


@command("backup")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Write over FILE if it is there already.")
@click.option("--list", "listing", is_flag=True, help="List the backups that there are, and make none.")
def backup(session: Session, file: Path | None, force: bool, listing: bool) -> None:
    """Copy the whole workspace to FILE, or into its folder of backups, and check the copy.

    The copy is as of one moment, whoever writes meanwhile, and for your account only (mode 0600). The folder stands beside
    the workspace: its name and ".backups". One backup a day is made by itself when the board is opened or something is
    changed (settings backup.daily and backup.keep). Of a database on a
    PostgreSQL server the rows are copied: no other program is needed, and rights given on its tables outlast a restore.
    """
    if listing:
        _list(session)
        return
    context = session.workspace()
    from funneltui.exchange.files_out import demand_place
    from funneltui.services import backups

    if file is not None:
        demand_place(file)
    with progress("backup", least=LARGE) as told:
        made = backups.make(context, session.config().location, file, told, force=force)
    if session.json:
        say_json(_record(made))
        return
    say(f"backup made: {made.path}")
    say(f"  {size_words(made.size)}; {holds_words(made.holds, context.clock)}; checked")
    say(f"  funneltui restore {made.path} puts it back")


def _list(session: Session) -> None:
    from funneltui.services.backups import folder_of, listed
    from funneltui.services.context import Clock

    location = session.config().location
    found = listed(location)
    if session.json:
        say_json_array(map(_record, found))
        return
    clock = Clock()
    columns = (Column("made"), Column("kind"), Column("size", number=True), Column("holds"), Column("file", least=30))
    say_rows(
        columns,
        (
            (
                stamp(clock, one.made), one.kind.value, size_words(one.size),
                one.wrong or holds_words(one.holds, clock), str(one.path),
            )
            for one in found
        ),
    )  # fmt: skip
    if not found:
        say(f"there are no backups in {folder_of(location)} yet; `funneltui backup` makes one")


def _record(one: Backup) -> dict[str, object]:
    return {
        "file": str(one.path),
        "kind": one.kind.value,
        "made": one.made.isoformat(),
        "size": one.size,
        "holds": contents_record(one.holds),
        "wrong": one.wrong or None,
    }


def contents_record(holds: Contents | None) -> dict[str, object] | None:
    """Give what a backup holds as JSON keeps it."""
    if holds is None:
        return None
    return {
        "users": holds.users,
        "deals": holds.deals,
        "events": holds.events,
        "last_event": None if holds.last_event is None else holds.last_event.isoformat(),
        "schema": holds.schema,
    }


def holds_words(holds: Contents | None, clock: Clock) -> str:
    """Give what a backup holds in words, its last event in the user's zone."""
    if holds is None:
        return "-"
    last = "nothing happened yet"
    if holds.last_event is not None:
        last = f"last event {stamp(clock, holds.last_event)}"
    return f"{counted(holds.deals, 'deal')}, {counted(holds.events, 'event')}, {last}"


def size_words(size: int) -> str:
    """Give a size in bytes as people read it."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024**2:,.1f} MB" if size < 1024**3 else f"{size / 1024**3:,.1f} GB"
