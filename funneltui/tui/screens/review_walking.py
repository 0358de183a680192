"""Going through a review: skipping, back, undo and redo, the summary and out of it. No key here answers a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError
from funneltui.services import undo
from funneltui.tui.keymap import hint
from funneltui.tui.screens.review_ground import ReviewGround

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.undo import Step


class Walking(ReviewGround):
    """The keys that lead from deal to deal."""

    def _here(self) -> Deal | None:
        """Give the deal that a key is meant for, or say why there is none."""
        deal = self.state.deal
        if deal is None and self.state.loaded:
            back = hint(self.app, "review.back", "goes back")
            self.tell(f"the review is at its end{back}" if self.state.places else "there is nothing to review")
        return deal

    async def action_skip(self) -> None:
        """Leave the deal as it is."""
        deal = self._here()
        if deal is not None:
            self.state.said = f"{deal.title}: skipped"
            self.state.skip()
            self.state.go_on()
            await self._arrive()

    async def action_back(self) -> None:
        """Back to the deal before."""
        if self.state.go_back():
            self.state.said = ""
            await self._read_again()
        else:
            self.tell("this is the first one" if self.state.places else "there is nothing to go back to")

    async def action_undo(self) -> None:
        """Take the last change back, and show its deal."""
        step = await self._turn(undo.undo)
        if step is not None:
            self.state.said = f"undone: {step.what}"
            self.state.take_back(deal.number for deal in step.deals)
            if self.state.over:
                await self._finish()
            else:
                await self._read_again()

    async def action_redo(self) -> None:
        """Do again what was undone."""
        step = await self._turn(undo.redo)
        if step is not None:
            self.state.said = f"done again: {step.what}"
            self.state.answer(deal.number for deal in step.deals)
            place = self.state.place
            if place and place.number in self.state.answered:
                self.state.go_on()
            await self._arrive()

    async def _turn(self, service: Callable[[Context], Step]) -> Step | None:
        try:
            return await self.worker.run(service)
        except FunneltuiError as error:
            self.tell(str(error))
            return None

    def action_down(self) -> None:
        """Scroll down."""
        self._sheet.scroll_by(2)

    def action_up(self) -> None:
        """Scroll up."""
        self._sheet.scroll_by(-2)

    def action_copy(self) -> None:
        """Copy the summary; it stays on the screen for terminals that do not let a program copy."""
        if not self.state.over:
            self.tell(f"the summary comes at the end{hint(self.app, 'review.end', 'goes there')}")
            return
        self.app.copy_to_clipboard(self.state.summary)
        self.state.said = "The summary was sent to the clipboard."
        self._foot.refresh()

    async def action_end(self) -> None:
        """To the summary, and from there out; straight out when nothing was answered."""
        if self.state.over or not self.state.answered:
            self.dismiss(None)
        else:
            await self._finish()
