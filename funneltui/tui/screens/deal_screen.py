"""What every screen on which deals are worked shares: its deal, its marks, and the one way in which a change is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from funneltui.domain.deal import Deal
from funneltui.errors import FunneltuiError, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.changes import Versions
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class DealScreen(Screen[None]):
    """A screen with a deal under its cursor. It reads and writes through the worker, never by itself.

    Board, list and opened deal say what their deal and their marks are, how they read anew and how the cursor follows;
    the keys that change deals are the same in all of them, in the classes on top of this one.
    """

    AUTO_FOCUS = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    """What keys do here: bindings, palette and help are made from it."""

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Work in the worker's workspace."""
        super().__init__()
        self.worker, self.context, self.look = worker, context, look

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

    async def reload(self) -> None:
        """Read what is seen, and repaint."""
        raise NotImplementedError

    def follow(self, changed: Sequence[Deal]) -> None:
        """Let the cursor go with a deal that was changed."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Repaint after the marks have changed."""

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Show the digits of the stages, or no longer."""
        raise NotImplementedError

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        raise NotImplementedError

    def tell(self, message: str, severity: str = "warning") -> None:
        """Say something in a corner of the screen, in the place of what was said before."""
        self.app.clear_notifications()
        self.app.notify(message, severity=severity, markup=False, timeout=6)  # type: ignore[arg-type]

    def here(self) -> Deal | None:
        """Give the deal that a key is meant for, or say why there is none."""
        if self.deal is None:
            self.tell("there is no deal here; n adds one")
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

    async def do(self, change: Awaitable[Deal | Sequence[Deal]], done: str = "") -> None:
        """Make a change, say what became of it, and show it; nothing was changed when it is refused."""
        try:
            answer = await change
        except RuleBroken as error:
            self.tell(str(error))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
        else:
            changed = [answer] if isinstance(answer, Deal) else list(answer)
            for deal in changed:
                self.marked.pop(deal.number, None)
            self.follow(changed)
            if done:
                self.tell(done, severity="information")
        await self.reload()


def counted(number: int) -> str:
    """Give a number of deals in words: "1 deal", "12 deals"."""
    return f"{number:,} deal{'' if number == 1 else 's'}"
