"""The review's ground: what it is made of, and how it reads the queue, the next deal and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError, NotFound
from funneltui.services import review_summary, reviews
from funneltui.tui.review_state import Reviewing
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH, POLL_SECONDS
from funneltui.tui.screens.deal_screen import ReadingScreen
from funneltui.tui.widgets.deal_sheet import DealSheet
from funneltui.tui.widgets.note import Note
from funneltui.tui.widgets.review_bars import ReviewFoot, ReviewHead

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class ReviewGround(ReadingScreen):
    """Shows one deal of the queue after another; reads through the worker. The keys' actions are in the class on top."""

    CSS_PATH = "review.tcss"

    def __init__(self, worker: Worker, context: Context, look: Look, pipeline: Pipeline | None) -> None:
        """Review a pipeline of the worker's workspace, or all of them."""
        super().__init__(worker, context, look)
        self.pipeline = pipeline
        self.state = Reviewing()
        only = context.pipelines[0].name if len(context.pipelines) == 1 else "all pipelines"
        self._head = ReviewHead(look, self.state, context, pipeline.name if pipeline else only)
        self._sheet = DealSheet(look, self.state, context)
        self._foot = ReviewFoot(look, self.state)
        self._note = Note(look)

    def compose(self) -> ComposeResult:
        """Lay out progress, deal, keys."""
        yield from (self._head, self._note, self._sheet, self._foot)

    def on_mount(self) -> None:
        """Read the queue; then look for other people's changes of the deal from time to time."""
        self.soon(self._begin(), "first reading")
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    def on_resize(self) -> None:
        """Say so where there is no room."""
        size = self.size or self.app.size
        small = size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self._note.display = small
        needed = f"The review needs {LEAST_WIDTH}x{LEAST_HEIGHT} cells,"
        self._note.say(needed, f"this is {size.width}x{size.height}.")

    def read_at(self) -> Position | None:
        """Give the feed's place at which the deal was read; none when no deal is shown."""
        return self.state.looked.position if self.state.looked and self.state.place else None

    async def read_once(self) -> bool:
        """Read the deal anew."""
        await self._read_again()
        return True

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._head, self._sheet, self._foot, self._note):
            widget.show_look(look)

    def _show(self) -> None:
        self._head.refresh()
        self._sheet.update()
        self._foot.refresh()

    async def _begin(self) -> None:
        try:
            self.state.begin(await self.worker.run(reviews.places, self.pipeline))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        await self._arrive()

    async def _arrive(self) -> None:
        """Show the deal that the review has come to; those that want nothing any more are passed by."""
        while place := self.state.place:
            if not await self._read():
                return
            looked = self.state.looked
            if looked is not None and looked.item.deal.number == place.number and looked.item.whys:
                self._show()
                return
            self.state.answer([place.number])
            self.state.go_on()
        await self._finish()

    async def _read(self) -> bool:
        """Read the deal of the present place; tell whether the database answered. A deal that is gone is none."""
        place = self.state.place
        if place is None:
            return True
        try:
            looked = await self.worker.run(reviews.look, place.number)
        except NotFound as error:
            self.tell(str(error))
            self.state.looked = None
            return True
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return False
        if self.state.place is place:
            self.state.looked = looked
        return True

    async def _read_again(self) -> None:
        """Show the deal as it stands now, even if it wants nothing any more; one that is gone is passed by."""
        if await self._read() and self.state.place and self.state.looked is None:
            await self._arrive()
        else:
            self._show()

    async def _finish(self) -> None:
        """Show the summary."""
        self.state.over = True
        try:
            found = await self.worker.run(review_summary.finish, self.pipeline)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        if not self.state.places:
            self.state.said = "Nothing is waiting for a review."
        self.state.summary = found.text
        self._show()
