"""The beginning: what the first start is given to make a workspace with, and the storage thread before there is one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.errors import StorageError
from funneltui.tui.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Preset:
    """A pipeline that one can begin with, and the line that says what it is."""

    pipeline: Pipeline
    description: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the first start offers, and how it is made.

    `worker` is the thread in which it is made, `place` where, for showing; `user` who will be its manager;
    `currency` (ISO 4217) what is proposed. `create` makes it with a pipeline, `demo` a throw-away one of a currency, full of
    deals; `scratch` one in which an import is tried, gone afterwards. They wait for a disk: only in the worker's thread.
    """

    worker: UnopenedWorker
    place: str
    user: str
    currency: str
    presets: tuple[Preset, ...]
    create: Callable[[Pipeline], Context]
    demo: Callable[[str], Context]
    scratch: Callable[[Pipeline], AbstractContextManager[Context]]


class UnopenedWorker(Worker):
    """The storage thread while there is no workspace: files can be read in it; `open` makes one and stays with it."""

    def __init__(self) -> None:
        """Start the thread."""
        super().__init__(_nothing_yet)

    async def open(self, opener: Callable[[], Context]) -> Context:
        """Make or open a workspace, work in it from now on, and give it; what that raises leaves everything as it was."""
        self._opened = self._pool.submit(opener)
        return await asyncio.wrap_future(self._opened)


def _nothing_yet() -> Context:
    message = "there is no workspace yet"
    raise StorageError(message)
