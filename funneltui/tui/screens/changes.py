"""What changed since yesterday, since the last review, since any date: the sum, and the deals of every kind (G4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain import dates
from funneltui.errors import BadInput, FunneltuiError
from funneltui.services import as_of, changes_since, report_pages
from funneltui.tui.actions import bindings
from funneltui.tui.report_actions import CHANGES
from funneltui.tui.report_changes import ChangesPage
from funneltui.tui.screens.report import ReportScreen

if TYPE_CHECKING:
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.report_page import Builder

YESTERDAY = "yesterday"
_HINT = "yesterday, mon, -2w, 1.11., or: last review"


class ChangesScreen(ReportScreen):
    """Takes every key of the changes."""

    TITLE = "Changes"
    ACTIONS: ClassVar[tuple[Action, ...]] = CHANGES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CHANGES)]
    FOOTER = ("open", "since", "last_review", "new", "back", "help")

    since = YESTERDAY

    @property
    def state_words(self) -> str:
        """Since when."""
        return f"since {self.since}"

    async def read(self) -> tuple[Builder, Position]:
        """Read what changed."""
        read = await self.worker.run(report_pages.changes_page, self.pipeline, self.since)
        return ChangesPage(read.changes, self.context.clock), read.position

    async def action_since(self) -> None:
        """Type since when."""
        from funneltui.tui.screens.small_dialogs import WordsDialog

        def said(text: str | None) -> None:
            if text and text.strip():
                self.soon(self._look_since(" ".join(text.split())), "since")

        def check(text: str) -> str:
            if not text.strip() or text.strip() == changes_since.LAST_REVIEW:
                return ""
            try:
                point = as_of.read_beginning(self.context, text)
            except BadInput as error:
                return str(error)
            moment = self.context.clock.local(point.moment)
            return f"from {dates.full(moment)} {moment:%H:%M}"

        await self.app.push_screen(WordsDialog("Since when?", self.since, _HINT, check), said)

    async def action_last_review(self) -> None:
        """Since the last review that one has finished."""
        await self._look_since(changes_since.LAST_REVIEW)

    async def _look_since(self, text: str) -> None:
        """Look at what changed since a moment as it was typed; one that cannot be is told, and nothing changes here."""
        try:
            await self.worker.run(report_pages.changes_page, self.pipeline, text)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        self.since = text
        self.read_anew()
