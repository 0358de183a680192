"""The file that a connection has open: made, known again, and whether it is still the one that its path names."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from funneltui.errors import StorageError


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it was when it was opened: its path, and what the disk knows it by."""

    path: Path
    device: int
    inode: int


def make(path: Path) -> None:
    """Make an empty file for its owner's eyes only, with the folders that it lacks.

    Raises:
        StorageError: it cannot be made, or another program was quicker.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        message = f"cannot make the database file {path}: {error.strerror}"
        raise StorageError(message) from error


def unmake(path: Path) -> None:
    """Take away a file that was made in vain, and what SQLite and an upgrade keep beside it."""
    for ending in ("", "-wal", "-shm", "-journal", ".lock"):
        with suppress(OSError):
            Path(f"{path}{ending}").unlink()


def of(path: Path) -> OpenedFile:
    """Give what a file is known by."""
    seen = path.stat()
    return OpenedFile(path.absolute(), seen.st_dev, seen.st_ino)


def demand(opened: OpenedFile) -> None:
    """Refuse what is no longer where it was opened.

    Raises:
        StorageError: it was moved, deleted or replaced, or its folder is gone.
    """
    path = opened.path
    try:
        seen = path.stat()
    except OSError as error:
        if isinstance(error, PermissionError):
            what = f"the folder {path.parent} may no longer be entered: check its rights"
        elif not path.parent.exists():
            what = (
                f"the folder {path.parent} is gone: it was moved or deleted, or its disk was taken away; bring it back"
            )
        else:
            what = f"the database file {path} is gone: it was moved or deleted; bring it back, or restore a backup"
        message = f"{what}; nothing was changed, and what was done before was saved"
        raise StorageError(message) from error
    if (seen.st_dev, seen.st_ino) != (opened.device, opened.inode):
        message = (
            f"another file has taken the place of {path} while it was open, by a copy or a synchronisation; nothing was "
            "written into either: leave and start again to go on with the new one"
        )
        raise StorageError(message)
