"""Who keeps a file locked, as far as the system tells: for the message to whoever waits in vain."""

from __future__ import annotations

import os
import re
from pathlib import Path

_LOCKS = Path("/proc/locks")
_LOCK = re.compile(r"^\d+: POSIX +\S+ +(?P<kind>READ|WRITE) +(?P<process>\d+) +(?P<disk>\w+:\w+):(?P<inode>\d+) ")


def holder_of(path: Path) -> str:
    """Give the program that locks a database's file, "sqlite3 (process 1234)"; empty where the system does not tell."""
    wanted = _marks(path)
    found: dict[str, int] = {}
    try:
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # not Linux
        return ""
    for line in lines:
        seen = _LOCK.match(line)
        if seen and (seen["disk"], seen["inode"]) in wanted and int(seen["process"]) not in (0, os.getpid()):
            found.setdefault(seen["kind"], int(seen["process"]))
    process = found.get("WRITE") or found.get("READ")
    return "" if process is None else f"{_name_of(process)} (process {process})"


def _marks(path: Path) -> set[tuple[str, str]]:
    """Give the disks and inodes of a file and of what SQLite locks beside it, as the system's list of locks writes them."""
    marks = set()
    for one in (path, Path(f"{path}-shm")):
        try:
            seen = one.stat()
        except OSError:
            continue
        marks.add((f"{os.major(seen.st_dev):02x}:{os.minor(seen.st_dev):02x}", str(seen.st_ino)))
    return marks


def _name_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace").strip() or "a program"
    except OSError:
        return "a program"
