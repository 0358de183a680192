"""Files that get their name only once they are whole: each is made in a hidden folder beside its place, which is held.

A program that is killed leaves that folder, which nobody holds any more: whoever makes the next one there takes it away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import RuleBroken, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = ".funneltui-part"
"""How the folder of an unfinished file ends: nothing else is ever called so, as it is taken away with all that is in it."""

_STALE = 24 * 3600
"""The seconds after which one counts as left on a disk that cannot tell who holds it."""

_TRIES = 5
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def part_beside(target: Path, *, make_folder: bool = True) -> Iterator[Path]:
    """Give the place of an empty private file, in which `target` is made; it is gone afterwards, with what lies beside it.

    The folder of `target` is made, if that is not refused by `make_folder`.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        if make_folder:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        forget_parts(target.parent)
        folder, held = _begun(target)
    except (OSError, ValueError) as error:  # a path that cannot be
        message = f"cannot write in {target.parent}: {getattr(error, 'strerror', None) or error}"
        raise StorageError(message) from error
    try:
        yield _empty(folder / target.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _empty(part: Path) -> Path:
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        message = f"cannot write in {part.parent.parent}: {error.strerror}"
        raise StorageError(message) from error
    return part


def _begun(target: Path) -> tuple[Path, int]:
    """Make the folder and hold it; another program may have taken it for left in the very moment between the two."""
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=_PART, dir=target.parent))
        held = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a disk that cannot tell who holds what
            fcntl.flock(held, fcntl.LOCK_EX)
        if folder.exists():
            return folder, held
        os.close(held)
    raise FileNotFoundError(2, "its folder is taken away again and again", str(target.parent))


def meant_by(part: Path) -> Path:
    """Give the file that an unfinished one is to become, for messages: nobody has ever seen the other; else itself."""
    return part.parent.parent / part.name if part.parent.name.endswith(_PART) else part


def forget_parts(folder: Path) -> None:
    """Take away what programs that were killed have left unfinished in a folder."""
    for part in folder.glob(f".*{_PART}"):
        with suppress(OSError):  # somebody else was quicker, or it is not ours
            if _is_left(part):
                shutil.rmtree(part)


def _is_left(part: Path) -> bool:
    """Tell whether nobody holds a part any more."""
    looking = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(looking, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return part.stat().st_mtime < time.time() - _STALE
    finally:
        os.close(looking)
    return True


def put_in_place(part: Path, target: Path, *, force: bool) -> None:
    """Give a finished file its name, so that a loss of power leaves all of it or nothing.

    Raises:
        RuleBroken: something of that name is there, and `force` is not set. StorageError: the disk refuses.
    """
    try:
        _sync(part)
        if force:
            part.replace(target)
        else:
            _link(part, target)
        with suppress(OSError):  # a file system on which folders cannot be synced
            _sync(target.parent)
    except FileExistsError:
        raise taken(target) from None
    except OSError as error:
        raise unwritable(target, error) from error


def _link(part: Path, target: Path) -> None:
    """Name a file, unless the name is taken: no other program can come in between."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError from None
        part.rename(target)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def taken(target: Path) -> RuleBroken:
    """Give what is said when a file would be written over."""
    return RuleBroken(f"{target} is there already; name another file, or write over it with --force")


def unwritable(target: Path, error: Exception) -> StorageError:
    """Give what is said when a file cannot be written, or its path cannot be."""
    if getattr(error, "errno", None) in _FULL:
        return StorageError(
            f"cannot write {target}: the disk is full; make room and try again; what was there before stays"
        )
    return StorageError(f"cannot write {target}: {getattr(error, 'strerror', None) or error}")
