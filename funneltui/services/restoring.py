"""A backup put back in the place of a workspace: checked before, the present state kept, nobody's change lost unseen."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import BadInput, NotFound, StorageError
from funneltui.services import backups as making
from funneltui.services.context import Context
from funneltui.services.people import demand_manager
from funneltui.services.workspaces import is_absent
from funneltui.storage import backups, copying
from funneltui.storage.backups import Contents
from funneltui.storage.database import Damaged, Unsound, close, connect, writing
from funneltui.storage.database_places import file_of, is_server
from funneltui.storage.parts import part_beside, put_in_place
from funneltui.storage.pipelines import version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from funneltui.storage.copying import Told

_TRIES = 5
"""How often the present state is kept anew because somebody has changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup holds, what stood in its place (none: there was none, or it could not be read), and where that is kept.

    `applied` are the migrations that brought an older backup up to date. Nothing was changed if it was only a rehearsal.
    """

    holds: Contents
    before: Contents | None
    aside: Path | None
    applied: tuple[str, ...]
    is_rehearsal: bool = False


Present = Context | StorageError
"""A workspace that is to be replaced, or why it cannot be opened."""


def restore(
    present: Present,
    location: str,
    file: Path,
    now: datetime,
    told: Told | None = None,
    *,
    dry_run: bool = False,
) -> Restored:
    """Put a backup in the place of the workspace at a location; `present` is that workspace, or why it cannot be opened.

    The backup is copied and the copy examined from end to end and brought to this program's schema; then the present state
    is kept as a backup of its own; then the copy takes its place in one step: all of it or nothing, whatever happens.
    Others who have the workspace open go on with it: their screens read anew, and what they would write on the strength
    of what they had read is refused. A file so damaged that it cannot even be written to is itself kept aside.

    Raises:
        NotAllowed: the actor is no manager. NotFound: there is no such file. BadInput: it is the workspace itself, or a
            folder.
        StorageError: it is no sound backup of funneltui, is newer than this program, or the disk refuses; or the present
            workspace can neither be opened nor is it damaged: somebody has locked it, or it is another program's.
    """
    opened = _opened(present, location)
    if opened is not None:
        demand_manager(opened, "restores a backup, which replaces everybody's deals")
    if file.is_dir():
        message = f"{file} is a folder; name a file in it: `funneltui backup --list` names the backups that there are"
        raise BadInput(message)
    if not file.is_file():
        message = f"there is no file {file}; `funneltui backup --list` names the backups that there are"
        raise NotFound(message)
    if is_server(location):
        return _restore_server(opened, location, file, dry_run=dry_run)
    return _restore_file(opened, location, file, now, told, dry_run=dry_run)


def _opened(present: Present, location: str) -> Context | None:
    """Give the workspace that is to be replaced; none if there is none, or only a damaged file."""
    if not isinstance(present, StorageError):
        return present
    if isinstance(present, Damaged) or is_absent(location):
        return None
    raise present


def _restore_file(
    present: Context | None, location: str, file: Path, now: datetime, told: Told | None, *, dry_run: bool
) -> Restored:
    from funneltui.storage.dumps import is_dump

    path = file_of(location)
    if path.exists() and file.samefile(path):
        message = f"{file} is the workspace itself; name one of its backups: `funneltui backup --list`"
        raise BadInput(message)
    if is_dump(file):
        message = f"{file} is a backup of a PostgreSQL database; name that one with --db"
        raise BadInput(message)
    with part_beside(path) as part:
        with _of_a_backup(file):
            copying.copy_of(file, part)
            holds = backups.check(part)
        seen = 0 if present is None else version(present.database)
        applied = tuple(backups.bring_up(part, seen))
        before = _contents(present)
        if dry_run:
            return Restored(holds, before, None, applied, is_rehearsal=True)
        aside = _replace(present, location, part, now, told)
    return Restored(holds, before, aside, applied)


@contextmanager
def _of_a_backup(file: Path) -> Iterator[None]:
    """Say of what is wrong that it is wrong with a backup: the workspace itself is as it was."""
    try:
        yield
    except Unsound as error:
        message = f"{file} is no sound backup: {error}; nothing was changed"
        raise StorageError(message) from error
    except Damaged as error:
        message = (
            f"{file} is no sound backup: it is damaged, or no workspace; nothing was changed; `funneltui backup --list` "
            "names the others"
        )
        raise StorageError(message) from error


def _contents(present: Context | None) -> Contents | None:
    try:
        return None if present is None else backups.contents(present.database)
    except Damaged:
        return None


def _replace(present: Context | None, location: str, part: Path, now: datetime, told: Told | None) -> Path | None:
    """Put a checked file in the place of a workspace's, and give where the present one is kept (none: there was none).

    One that can be written is kept as a backup and written over in one transaction; else it is itself moved aside.
    """
    path = file_of(location)
    if not path.exists():
        put_in_place(part, path, force=False)
        return None
    if present is None and _is_empty(location):
        copying.put_back(part, path)
        return None
    if present is not None:
        try:
            return _write_over(present, location, part, told)
        except StorageError:
            if not _is_damaged(present):
                raise
    aside = making.place_for(location, making.Kind.DAMAGED, now)
    if present is not None:
        close(present.database)
    backups.swap(part, path, aside)
    return aside


def _is_empty(location: str) -> bool:
    try:
        return is_absent(location)
    except StorageError:
        return False


def _is_damaged(present: Context) -> bool:
    from funneltui.storage.health import damages

    try:
        return bool(damages(present.database, whole=True))
    except StorageError as error:
        return isinstance(error, Damaged)


def _write_over(present: Context, location: str, part: Path, told: Told | None) -> Path:
    path = file_of(location)
    for _ in range(_TRIES):
        with copying.watched(path) as look:
            aside = making.keep(present, location, making.Kind.BEFORE_RESTORE)
            first = True

            def stepped(done: int, size: int) -> None:
                nonlocal first
                if first:  # from now on nobody else can write: was everything kept?
                    look()
                first = False
                if told is not None:
                    told(done, size)

            try:
                copying.put_back(part, path, stepped)
            except copying.Changed:
                continue
            return aside
    message = "others change the workspace all the time: nothing was restored; ask them to pause, and try again"
    raise StorageError(message)


def _restore_server(present: Context | None, location: str, file: Path, *, dry_run: bool) -> Restored:
    from funneltui.storage import dumps

    if not dumps.is_dump(file):
        message = f"{file} is no backup of a PostgreSQL database, as `funneltui backup` makes them"
        raise BadInput(message)
    with _of_a_backup(file):
        holds = dumps.check(file)
    if present is not None:
        dumps.demand_fitting(present.database, holds.schema)
    before = _contents(present)
    if dry_run:
        return Restored(holds, before, None, (), is_rehearsal=True)
    database = connect(location) if present is None else present.database
    try:
        with writing(database):  # who writes waits, who reads does not notice
            seen = 0 if present is None else version(database)
            aside = None if present is None else making.keep(present, location, making.Kind.BEFORE_RESTORE)
            applied = tuple(dumps.put_back(database, file))
            backups.count_beyond(database, seen)
    finally:
        if present is None:
            close(database)
    return Restored(holds, before, aside, applied)
