"""Backups of a workspace: made by hand and once a day, listed with what they hold; so many of the daily ones are kept."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import RuleBroken, StorageError
from funneltui.services.people import demand_manager
from funneltui.storage import backups
from funneltui.storage.backups import Contents
from funneltui.storage.database_places import file_of, is_server
from funneltui.storage.health import counts
from funneltui.storage.parts import forget_parts, part_beside, put_in_place, taken

if TYPE_CHECKING:
    from datetime import date

    from funneltui.services.context import Context
    from funneltui.storage.copying import Told


class Kind(StrEnum):
    """Why a backup was made."""

    DAILY = "daily"
    BY_HAND = "backup"
    BEFORE_RESTORE = "before-restore"
    BEFORE_REPAIR = "before-repair"
    BEFORE_UPGRADE = "before-upgrade"
    DAMAGED = "damaged"
    """The very file that was found damaged and replaced."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: when it was written, its size in bytes, and what it holds, or what is wrong with it."""

    path: Path
    kind: Kind
    made: datetime
    size: int
    holds: Contents | None = None
    wrong: str = ""


def folder_of(location: str) -> Path:
    """Give the folder of a workspace's backups: beside its file, for all who share it; for a server the user's own.

    A server's is called by host, port unless it is PostgreSQL's usual one, and database.
    """
    if not is_server(location):
        path = file_of(location)
        return path.with_name(f"{path.name}.backups")
    from urllib.parse import urlsplit

    from funneltui.paths import state_dir

    parts = urlsplit(location)
    server = parts.netloc.rpartition("@")[2].lower().removesuffix(":5432")
    name = re.sub(r"[^\w.-]+", "-", f"{server or 'local'}{parts.path}")
    return state_dir() / "backups" / name


def place_for(location: str, kind: Kind, now: datetime) -> Path:
    """Give the file of a backup that is made at a moment (shown in UTC): one that is not there yet."""
    ending = "dump" if is_server(location) else "db"
    name = f"{kind.value}-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    places = (folder_of(location) / f"{one}.{ending}" for one in names)
    return next(place for place in places if not place.exists())


def make(
    context: Context, location: str, target: Path | None = None, told: Told | None = None, *, force: bool = False
) -> Backup:
    """Make a backup of the workspace as it is at one moment, while others go on writing, and check it.

    It goes to `target`, or into the folder of backups; mode 0600. A file is copied by SQLite's own means, of a server's
    database the rows. `told` is told the bytes done and in all.

    Raises:
        NotAllowed: the actor is no manager: a backup holds everybody's deals. RuleBroken: `target` is there already, and
            `force` is not set. StorageError: it cannot be written, or the workspace is damaged.
    """
    demand_manager(context, "makes backups, which hold everybody's deals")
    target = target or place_for(location, Kind.BY_HAND, context.clock.now())
    if is_server(location):
        return _seen(target, _dumped(context, target, force=force))
    _refuse_itself(location, target)
    return _seen(target, backups.make(context.database, target, told, force=force))


def keep(context: Context, location: str, kind: Kind) -> Path:
    """Keep the state of a workspace that is about to be replaced, sound or not, and give where.

    Raises:
        StorageError: the disk refuses.
    """
    target = place_for(location, kind, context.clock.now())
    if is_server(location):
        _dumped(context, target, force=True)
    else:
        backups.keep(context.database, target)
    return target


def _dumped(context: Context, target: Path, *, force: bool) -> Contents:
    from funneltui.storage import dumps

    if not force and target.exists():
        raise taken(target)
    with part_beside(target) as part:
        dumps.dump(context.database, part)
        holds = dumps.check(part)
        put_in_place(part, target, force=force)
    return holds


def _refuse_itself(location: str, target: Path) -> None:
    """Refuse to write a backup over the workspace, even with --force."""
    path = file_of(location)
    beside = {
        path.absolute(),
        *(Path(f"{path.absolute()}{ending}") for ending in ("-wal", "-shm", "-journal", ".lock")),
    }
    if target.absolute() in beside or (target.exists() and path.exists() and target.samefile(path)):
        message = f"{target} is the workspace itself; name another file for the backup"
        raise StorageError(message)


def daily(context: Context, location: str, keep: int, told: Told | None = None) -> Backup | None:
    """Make the backup of this day, unless there is one, and take away all but the newest `keep` of the daily ones.

    Of a workspace on a server none is made: whoever keeps the server does that, once and not from every desk.

    Raises:
        StorageError: it cannot be written, or the workspace is damaged; older ones are left as they are.
    """
    if is_server(location):
        return None
    folder = folder_of(location)
    target = _daily(folder, context.clock.today())
    if target.exists() or not counts(context.database)["events"]:  # an empty one would be the only one of its day
        return None
    try:
        holds = backups.make(context.database, target, told)
    except RuleBroken:  # another board began in the same moment, and was quicker
        return None
    for place in (folder, file_of(location).parent):  # what was killed has left it there
        forget_parts(place)
    for old in sorted(folder.glob(_daily(folder, "*").name), reverse=True)[keep:]:
        with suppress(OSError):  # another session was quicker
            old.unlink()
    return _seen(target, holds)


def daily_or_why(context: Context, location: str, keep: int, told: Told | None = None) -> str:
    """Make the backup of this day (see `daily`) and give why it could not be made: once a day, then nothing more is said."""
    try:
        daily(context, location, keep, told)
    except StorageError as error:
        return "" if _was_told(location, context.clock.today()) else f"today's backup could not be made: {error}"
    return ""


def _was_told(location: str, day: date) -> bool:
    """Tell whether that was said on this day already, and note that it is now."""
    from funneltui.paths import state_dir

    noted = state_dir() / "backup-failed" / re.sub(r"[^\w.-]+", "-", str(file_of(location).absolute()))[-120:]
    with suppress(OSError):  # then it is said again
        if noted.exists() and noted.read_text(encoding="utf-8") == day.isoformat():
            return True
        noted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        noted.write_text(day.isoformat(), encoding="utf-8")
    return False


def _daily(folder: Path, day: date | str) -> Path:
    return folder / f"{Kind.DAILY.value}-{day}.db"


def listed(location: str) -> list[Backup]:
    """Give the backups that there are of a workspace, the newest first, each with what it holds or what is wrong with it."""
    path = None if is_server(location) else file_of(location)
    found = list(folder_of(location).glob("[!.]*"))
    if path is not None:
        found += path.parent.glob(f"{path.name}.before-upgrade-*[0-9]")
    seen = [_examined(one) for one in found if one.is_file() and not one.name.endswith(("-wal", "-shm", "-journal"))]
    return sorted(seen, key=lambda one: (one.made, one.path.name), reverse=True)


def _examined(path: Path) -> Backup:
    from funneltui.storage import dumps

    try:
        return _seen(path, dumps.glance(path) if dumps.is_dump(path) else backups.glance(path))
    except StorageError as error:
        return _seen(path, None, str(error))


def _seen(path: Path, holds: Contents | None, wrong: str = "") -> Backup:
    seen = path.stat()
    kind = next((one for one in Kind if f"{one.value}-" in path.name), Kind.BY_HAND)
    return Backup(path, kind, datetime.fromtimestamp(seen.st_mtime, UTC), seen.st_size, holds, wrong)
