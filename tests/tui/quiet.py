"""Waits for the app to come to rest, exactly: no message, no storage work and no repainting is left; then time is skipped.

Textual's pilot sleeps 20 ms at a time until the process uses no CPU. That was more than half of a screen test's time, and
under load it ends too late or, worse, too early.
"""

from __future__ import annotations

import asyncio
import time
from asyncio import BaseEventLoop
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from textual._context import active_app
from textual.pilot import Pilot
from textual.screen import Screen

if TYPE_CHECKING:
    from concurrent.futures import Future

    import pytest
    from textual.app import App

_compositor_refresh = Screen._compositor_refresh
_LOOK_AGAIN = 0.02
_HELD_UP = 0.1
_IDLE = 0.1
"""The storage thread is held up, by a test that wants it so, if the process has used less than this share of `_HELD_UP`
seconds: on a busy machine it gets more than that."""


class Quiet:
    """Knows when nothing is left to do but what a timer or another program may bring."""

    def __init__(self) -> None:
        self.submitted = self.rested = 0
        self.due: list[Screen[Any]] = []
        self.skipped = 0.0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Let the pilot wait for this after each key and in each pause, and all timers go by a clock that can be put on."""
        self.due.clear()
        submit = ThreadPoolExecutor.submit

        def clock(_: object = None) -> float:
            return time.monotonic() + self.skipped

        def counted(pool: ThreadPoolExecutor, *work: Any, **values: Any) -> Future[Any]:
            self.submitted += 1
            return submit(pool, *work, **values)

        def frame(screen: Screen[Any]) -> None:
            if screen not in self.due:
                self.due.append(screen)

        patch.setattr(ThreadPoolExecutor, "submit", counted)
        patch.setattr(Screen, "_compositor_refresh", frame)
        patch.setattr(BaseEventLoop, "time", clock)
        patch.setattr("textual._time.get_time", clock)
        patch.setattr("textual.app.wait_for_idle", self.wait)
        patch.setattr("textual.pilot.wait_for_idle", self.wait)
        patch.setattr(Pilot, "_wait_for_screen", self._wait_for_screen)

    async def wait(self, _: float = 0.0, longest: float = 5.0) -> None:
        """Wait until everything that has begun is done and seen, or the storage thread is held up."""
        app, loop = active_app.get(), asyncio.get_running_loop()
        ready = vars(loop)["_ready"]
        begin = now = since = time.monotonic()
        used = time.process_time()
        while now - begin < longest:
            while ready or self._lay_out(app) or self._paint(app):
                await asyncio.sleep(0)
            if self.submitted == self.rested:
                return
            before = self.submitted
            rests = await _storage_rests(app)
            now = time.monotonic()
            # What the thread's answers set going has had its turn by now: it is here, or it has asked the thread again.
            if rests and self.submitted <= before + 1:
                self.rested = self.submitted
            elif now - since >= _HELD_UP:
                since_then, since, used_then, used = now - since, now, used, time.process_time()
                if used - used_then < _IDLE * since_then:
                    return

    async def _wait_for_screen(self) -> bool:
        """Do without the messages by which the pilot asks every widget whether it has handled all others."""
        await self.wait()
        return True

    async def skip(self) -> None:
        """Put the clock on to the next timer, instead of waiting for it; without one, wait a moment for other programs."""
        loop = asyncio.get_running_loop()
        due = [timer.when() for timer in vars(loop)["_scheduled"] if not timer.cancelled()]
        if due:
            self.skipped += max(0.0, min(due) - loop.time())
        await asyncio.sleep(0 if due else _LOOK_AGAIN)

    def _lay_out(self, app: App[Any]) -> bool:
        """Let the screen do at once what it would do at its next tick; tell whether there was anything."""
        if app._resize_timer is not None:
            app._check_resize()
            return True
        screen = app.screen_stack[-1] if app.screen_stack else None
        if screen is None or app._batch_count or not (
            screen._layout_required or screen._scroll_required or screen._repaint_required or screen._recompose_required
            or screen._callbacks or (screen._dirty_widgets and screen not in self.due)
        ):  # fmt: skip
            return False
        screen._on_timer_update()
        return True

    def _paint(self, app: App[Any]) -> bool:
        """Paint what has changed, once for all that was done; tell whether there was anything."""
        due = [screen for screen in self.due if screen.is_running and not app._batch_count]
        self.due.clear()
        for screen in due:
            _compositor_refresh(screen)
        return bool(due)


QUIET = Quiet()
"""The one of the process: its clock never goes back."""


async def _storage_rests(app: App[Any]) -> bool:
    """Wait a moment until the storage thread has done what it was asked to; tell whether it has."""
    worker = getattr(app, "worker", None)
    if worker is None:
        return True
    try:
        last = worker._pool.submit(int)
    except RuntimeError:  # it has ended
        return True
    done, _ = await asyncio.wait([asyncio.wrap_future(last)], timeout=_LOOK_AGAIN)
    return bool(done) or not last.cancel()
