"""What the screens share: how they read and notice others' changes; their deal, its marks, the one way to make a change."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from funneltui.domain.deal import Deal
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import reports
from funneltui.tui.keymap import hint
from funneltui.tui.screens.base import BaseScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.changes import Versions
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class ReadingScreen(BaseScreen[None]):
    """A screen of the worker's workspace, which it reads through the worker; it notices what others change meanwhile."""

    AUTO_FOCUS = ""

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show something of the worker's workspace."""
        super().__init__()
        self.worker, self.context, self.look = worker, context, look
        self._reading = asyncio.Lock()
        self._stale = self._silent = False

    def read_at(self) -> Position | None:
        """Give the feed's place at which this was read; none before, and where nobody looks for changes."""
        return None

    async def read_once(self) -> bool:
        """Read what is seen, and repaint what differs; tell whether that was possible."""
        raise NotImplementedError

    async def reload(self) -> None:
        """Read what is seen; a call during another one makes that one read once more, and waits for that."""
        self._stale = True
        async with self._reading:
            while self._stale:
                self._stale = done = False
                try:
                    done = await self.read_once()
                finally:
                    self._stale = self._stale or not done  # whoever waits for a reading tries it himself
                if not done:
                    return

    async def look_for_changes(self) -> None:
        """Look once whether others have changed something; screens do it several times a second."""
        position = self.read_at()
        if position is None or self._reading.locked() or self._lies_beneath():
            return
        try:
            new = await self.worker.run(reports.changed_since, position)
        except FunneltuiError as error:
            if not self._silent:  # told once, not three times a second
                self.tell(str(error), severity="error")
            self._silent = True
            return
        if self._silent:
            self._silent = False
            self.tell("the database answers again", severity="information")
        # What was read last tells it too: a reading of one's own may have come before this look.
        pipelines = (new or position).pipelines
        if pipelines != self.context.pipelines_version:
            self.app.call_later(self.app.renew_pipelines, pipelines)  # type: ignore[attr-defined]
        elif new is not None:
            await self.reload()

    def _lies_beneath(self) -> bool:
        """Tell whether another screen that looks for changes lies over this one, which is read anew when that is left."""
        stack = self.app.screen_stack
        over = stack[stack.index(self) + 1 :] if self in stack else ()
        return any(isinstance(one, ReadingScreen) and one.read_at() is not None for one in over)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        raise NotImplementedError

    def later(self, work: Callable[[], Awaitable[None]], group: str) -> None:
        """Do in the background what may be given up for a newer one of its group.

        It is called only when its turn comes: given up before, or by a screen that goes, it leaves nothing unawaited.
        """
        self.run_worker(work, group=group, exclusive=True)

    def tell(self, message: str, severity: str = "warning") -> None:
        """Say something in a corner of the screen, in the place of what was said before."""
        self.app.clear_notifications()
        self.app.notify(message, severity=severity, markup=False, timeout=6)  # type: ignore[arg-type]


class DealScreen(ReadingScreen):
    """A screen with a deal under its cursor. It reads and writes through the worker, never by itself.

    Board, list and opened deal say what their deal and their marks are, how they read anew and how the cursor follows;
    the keys that change deals are the same in all of them, in the classes on top of this one.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    """What keys do here: bindings, palette and help are made from it."""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that is shown."""
        raise NotImplementedError

    @property
    def deal(self) -> Deal | None:
        """The deal that a key is meant for."""
        raise NotImplementedError

    @property
    def marked(self) -> dict[int, int]:
        """The versions of the marked deals, by number; what holds them may be changed."""
        raise NotImplementedError

    @property
    def place(self) -> int:
        """The place of the cursor among the deals that are seen one after another."""
        return 0

    def go(self, place: int) -> None:
        """Put the cursor on a place, as far as there are places."""

    def follow(self, changed: Sequence[Deal]) -> None:
        """Let the cursor go with a deal that was changed."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Repaint after the marks have changed."""

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Show the digits of the stages, or no longer."""
        raise NotImplementedError

    def here(self) -> Deal | None:
        """Give the deal that a key is meant for, or say why there is none."""
        if self.deal is None:
            self.tell(f"there is no deal here{hint(self.app, 'deal.new', 'adds one')}")
        return self.deal

    def chosen(self) -> Versions | None:
        """Give the versions of the deals that a change is meant for: the marked ones, else the one here, else none."""
        if self.marked:
            return dict(self.marked)
        deal = self.here()
        return None if deal is None else {deal.number: deal.version}

    def name_of(self, versions: Versions) -> str:
        """Give what a dialog calls the deals: the title of the one, else how many they are."""
        deal = self.deal
        if deal is not None and list(versions) == [deal.number]:
            return deal.title
        return counted(len(versions))

    async def do(self, change: Awaitable[Deal | Sequence[Deal]], done: str = "") -> bool:
        """Make a change, say what became of it, and show it; tell whether it was made: a refused one changes nothing."""
        made = False
        try:
            answer = await change
        except RuleBroken as error:
            self.tell(str(error))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
        else:
            made = True
            changed = [answer] if isinstance(answer, Deal) else list(answer)
            before = len(self.marked)
            for deal in changed:
                self.marked.pop(deal.number, None)
            if len(self.marked) != before:
                self.show_marks()
            self.follow(changed)
            if done:
                self.tell(done, severity="information")
        await self.reload()
        return made
