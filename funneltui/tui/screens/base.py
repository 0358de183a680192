"""What all screens and dialogs share: each is left once, and keys wait for what it has set going."""

from __future__ import annotations

from collections.abc import Awaitable

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType

from funneltui.tui.typed_ahead import hold


class BaseScreen(Screen[ScreenResultType]):
    """A screen that is left once, and works beside the keys."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave, with what was said; do nothing where this is not the screen on top, or no longer.

        Textual takes away whatever is on top: of two clicks in one packet the second would leave what lies beneath.
        """
        return super().dismiss(result) if self.is_current else AwaitComplete()

    @property
    def is_left(self) -> bool:
        """Whether it is no longer there: what comes late for it finds nothing to write on."""
        return self not in self.app.screen_stack

    def soon(
        self,
        work: Awaitable[object],
        name: str = "",
        group: str = "default",
        *,
        exclusive: bool = False,
        reading: bool = False,
    ) -> None:
        """Do in the background what keys that are typed after it wait for: a change, the reading of what is chosen from.

        With `exclusive` what still runs of its group is given up for it. Escape does not wait for a `reading`.
        """
        # From now on: a worker begins a moment later, or never, if another one of its group is quicker.
        end = hold(self, group if exclusive else "", reading=reading)

        async def done() -> None:
            try:
                await work
            finally:
                end()

        self.run_worker(done(), name=name, group=group, exclusive=exclusive)


class Dialog(BaseScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A question over a screen."""
