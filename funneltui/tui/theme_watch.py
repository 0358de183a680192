"""The themes as they lie in their folders, now and from then on: a change is seen without a restart."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.errors import BadInput
from funneltui.tui import theming

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look

INTERVAL = 2.0
"""The seconds between two looks at the folders."""

# A file's time of change, its size and its number: an editor that writes a new file over the old one changes the last.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ThemeNews:
    """What a look at the folders has brought: all themes by name as they are now, and what is wrong with changed files."""

    looks: dict[str, Look]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known of a file: the stamp that it was read at, and the last theme in it that could be read."""

    stamp: Stamp
    look: Look | None


class ThemeWatch:
    """Reads the theme files of some folders, and afterwards those that have changed. Not for the event loop."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Know nothing yet: the first poll reads every file."""
        self._folders = tuple(folders)
        self._kept: dict[Path, _Kept] = {}
        self._polled = False

    def poll(self) -> ThemeNews | None:
        """Give the news since the last poll, or nothing where no file has come, gone or changed.

        A file that cannot be read any more keeps the theme that it had; what is wrong with it is told once.
        """
        problems: list[str] = []
        kept = {path: self._read(path, stamp, problems) for path, stamp in _stamps(self._folders)}
        if self._polled and kept == self._kept:
            return None
        self._kept, self._polled = kept, True
        return ThemeNews(theming.by_name(one.look for one in kept.values() if one.look is not None), problems)

    def _read(self, path: Path, stamp: Stamp, problems: list[str]) -> _Kept:
        before = self._kept.get(path)
        if before is not None and before.stamp == stamp:
            return before
        try:
            return _Kept(stamp, theming.read_theme(path))
        except BadInput as error:
            problems.append(str(error))
            return _Kept(stamp, before.look if before is not None else None)


def _stamps(folders: Iterable[Path]) -> list[tuple[Path, Stamp]]:
    found = []
    for path in theming.files_of(folders):
        try:
            status = path.stat()
        except OSError:  # it has gone since the folder was read, or leads nowhere
            continue
        found.append((path, (status.st_mtime_ns, status.st_size, status.st_ino)))
    return found


async def follow(app: FunnelApp, watch: ThemeWatch) -> None:
    """Keep an app's themes as they lie in their folders, until it ends."""
    while True:
        news = await app.worker.apart(watch.poll)
        if news is not None:
            take(app, news)
        await asyncio.sleep(INTERVAL)


def take(app: FunnelApp, news: ThemeNews) -> None:
    """Offer an app's themes as they are now, repaint it if the one in force has changed, and tell what is wrong."""
    in_force = app.look
    for look in news.looks.values():
        if app.looks.get(look.name) != look:
            app.register_theme(look.theme)
    app.looks = {in_force.name: in_force} | news.looks  # one in force whose file has gone stays until another is chosen
    if app.looks[in_force.name] != in_force:
        app.show_theme(in_force.name)
        app.mutate_reactive(type(app).theme)  # its name is the same: Textual would see no change
    for problem in news.problems:
        app.notify(problem, severity="warning", markup=False, timeout=10)
