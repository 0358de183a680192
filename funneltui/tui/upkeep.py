"""What is done behind the board once it stands: the day's backup; said once if it fails, in nobody's way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from funneltui.tui.worker import Leaving

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context
    from funneltui.tui.app import FunnelApp


async def look_after(app: FunnelApp, upkeep: Callable[[Context], str]) -> None:
    """Do it in the worker's thread, and tell what went wrong with it."""
    with suppress(Leaving):
        told = await app.worker.run(upkeep)
        if told:
            app.notify(told, severity="warning", markup=False, timeout=10)
