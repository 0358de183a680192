"""The one storage thread with its one connection: everything of the database runs here, nothing on the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from funneltui.storage import database as storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

_PATIENCE = 0.3
"""The seconds that leaving the program waits for a query that still runs."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Worker:
    """Runs services one after another in its thread, with the workspace that it opened there."""

    def __init__(self, open_workspace: Callable[[], Context]) -> None:
        """Start the thread and open the workspace in it; whatever that raises, the first `run` raises."""
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._renewed: Context | None = None
        self._opened: Future[Context] = self._pool.submit(open_workspace)

    @property
    def context(self) -> Context:
        """The open workspace; waits for it to be open."""
        return self._renewed or self._opened.result()

    async def renew(self, service: Callable[[Context], Context]) -> Context:
        """Work in the workspace that a service gives from now on, and give it: its pipelines were changed."""
        self._renewed = await self.run(service)
        return self._renewed

    def submit(
        self, service: Callable[Concatenate[Context, Given], Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Queue a service with the workspace as its first argument, and give its future."""
        return self._pool.submit(lambda: service(self.context, *args, **kwargs))

    async def run(
        self, service: Callable[Concatenate[Context, Given], Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Answer:
        """Run a service in the thread and give its answer, or raise what it raised."""
        return await asyncio.wrap_future(self.submit(service, *args, **kwargs))

    async def apart(self, work: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        """Run other work that waits (files) in the same thread."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    def close(self) -> None:
        """Close the connection in its own thread, and end the thread; a query that takes long is stopped."""
        if self._opened.done() and self._opened.exception() is None:
            closing = self._pool.submit(storage.close, self.context.database)
            if not wait([closing], timeout=_PATIENCE).done:
                # Only then: SQLite leaves its journal lying when it is interrupted while it closes.
                storage.interrupt(self.context.database)
        self._pool.shutdown(wait=True)
