"""Paths as people type them: read, and completed while they are typed, folders, and files of some endings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 200
"""How many entries of a folder are given at the most."""


def typed_path(text: str) -> Path:
    """Give the path that was typed, "~" and "~name" read as the shell does; of a user that there is not they stay."""
    return Path(os.path.expanduser(text.strip()))  # pathlib's own raises for a user that there is not


def completions(text: str, endings: Sequence[str] = ()) -> list[str]:
    """Give the paths that go on from what is typed, folders with a slash at their end, in order: folders first.

    Files are those of the endings (".csv"), any if none are given. What begins with a dot is given once a dot is typed. A
    folder that cannot be read has nothing to offer. A "~" stays one.
    """
    folder, _, begun = text.rpartition("/")
    there = os.path.expanduser(f"{folder}/") if "/" in text else "."
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(there) as entries:
            for entry in entries:
                if _goes_on(entry.name, begun):
                    (folders if entry.is_dir() else files).append(entry.name)
    except (OSError, ValueError):  # not there, not ours to read, or no path at all
        return []
    ends = tuple(ending.lower() for ending in endings)
    shown = [name for name in files if not ends or name.lower().endswith(ends)]
    before = f"{folder}/" if "/" in text else ""
    return [*(f"{before}{name}/" for name in sorted(folders)), *(f"{before}{name}" for name in sorted(shown))][:MOST]


def _goes_on(name: str, begun: str) -> bool:
    if name.startswith(".") and not begun.startswith("."):
        return False
    return name.lower().startswith(begun.lower()) and name.isprintable()
