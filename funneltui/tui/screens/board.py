"""The board: lanes of deals, today's follow-ups, the live funnel; here are the keys that change deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.errors import FunneltuiError
from funneltui.services import activities, deals, reports, undo
from funneltui.tui.actions import BOARD, bindings
from funneltui.tui.screens.board_moving import Moving, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.fields import Values


class BoardScreen(Moving):
    """Takes every key of the board; a change is a service called in the worker, then the board read anew."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD)]

    def action_open(self) -> None:
        """Open the deal."""
        if (deal := self._here()) is not None:
            self.open_deal(deal.number)

    def open_deal(self, number: int) -> None:
        """Open a deal by its number."""
        self.run_worker(self._show(number), group="open", exclusive=True)

    async def _show(self, number: int) -> None:
        from funneltui.tui.screens.opened_deal import OpenedDeal

        try:
            opened = await self.worker.run(deals.show, number)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        wish = await self.app.push_screen_wait(OpenedDeal(self.context, self.state.pipeline, opened))
        if wish == "new":
            await self.action_new()
        if wish == "edit":
            await self._edit(opened.deal)

    async def action_new(self) -> None:
        """Add a deal."""
        from funneltui.tui.screens.deal_form import DealForm

        await self.app.push_screen(DealForm(self.context, self.state.pipeline), self._added)

    def _added(self, values: Values | None) -> None:
        if values is not None:
            pipeline = self.state.pipeline.key

            async def add() -> list[Deal]:
                return [await self.worker.run(deals.add, values, None, pipeline)]

            self.run_worker(self._do(add))

    async def action_edit(self) -> None:
        """Edit the deal."""
        if (deal := self._here()) is not None:
            await self._edit(deal)

    async def _edit(self, deal: Deal) -> None:
        from funneltui.tui.screens.deal_form import DealForm

        def edited(values: Values | None) -> None:
            if values:

                async def edit() -> list[Deal]:
                    return [await self.worker.run(deals.edit, deal.number, values, None, {deal.number: deal.version})]

                self.run_worker(self._do(edit))

        await self.app.push_screen(DealForm(self.context, self.state.pipeline, deal), edited)

    async def action_follow_up(self) -> None:
        """Set the follow-up."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.follow_up_dialog import FollowUpDialog

        def said(values: Values | None) -> None:
            if values is not None:

                async def edit() -> list[Deal]:
                    return [await self.worker.run(deals.edit, deal.number, values, None, {deal.number: deal.version})]

                self.run_worker(self._do(edit))

        await self.app.push_screen(FollowUpDialog(self.look, self.context, self.state.pipeline, deal), said)

    async def action_activity(self) -> None:
        """Write a note, or log a contact."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.activity_dialog import NOTE, Activity, ActivityDialog

        def said(activity: Activity | None) -> None:
            if activity is not None:

                async def write() -> list[Deal]:
                    if activity.kind == NOTE:
                        return [await self.worker.run(activities.note, deal.number, activity.text)]
                    by = activities.ContactBy(activity.kind)
                    return [await self.worker.run(activities.log, deal.number, by, activity.text)]

                self.run_worker(self._do(write, f"{activity.kind} kept in the history of #{deal.number}"))

        await self.app.push_screen(ActivityDialog(self.look, deal.title), said)

    def action_done(self) -> None:
        """Finish the follow-up."""
        deal = self._here()
        if deal is None:
            return

        async def finish() -> list[Deal]:
            return [await self.worker.run(activities.finish_follow_up, deal.number, "", {deal.number: deal.version})]

        self.run_worker(self._do(finish, f"follow-up of #{deal.number} done"))

    def action_spam(self) -> None:
        """Mark as spam what is marked, or the deal under the cursor."""
        deal = self._here()
        if deal is None:
            return
        versions = dict(self.state.marked) or {deal.number: deal.version}

        async def mark() -> list[Deal]:
            return await self.worker.run(activities.spam, list(versions), versions)

        self.run_worker(self._do(mark, f"{counted(len(versions))} marked as spam; u takes that back"))

    def action_undo(self) -> None:
        """Take back one's last change."""
        self.run_worker(self._turn(undo.undo, "undone"), group="undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.run_worker(self._turn(undo.redo, "redone"), group="undo")

    async def _turn(self, service: Callable[[Context], undo.Step], word: str) -> None:
        try:
            step = await self.worker.run(service)
        except FunneltuiError as error:
            self.tell(str(error))
        else:
            self.tell(f"{word}: {step.what}", severity="information")
            self._follow(step.deals)
        await self.reload()

    def action_mark_all(self) -> None:
        """Mark all deals that the lane shows, with the filter as it is, or take all marks away."""
        if self.state.marked:
            self._show_marks({})
            return
        self.run_worker(self._mark_lane(), group="mark", exclusive=True)

    async def _mark_lane(self) -> None:
        lane = self.state.cursor_lane
        try:
            versions = await self.worker.run(reports.lane_versions, self.state.pipeline, lane.stage.key, self.condition)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        self._show_marks(versions)

    def _show_marks(self, versions: dict[int, int]) -> None:
        self.state.marked = versions
        for view in self._views.values():
            view.refresh()
        self._top.refresh()

    def action_mark(self) -> None:
        """Mark the deal, or take its mark away, and go to the next one."""
        deal = self.state.deal
        if deal is None or self._today.active:
            return
        if self.state.marked.pop(deal.number, None) is None:
            self.state.marked[deal.number] = deal.version
        self._views[self.state.cursor_stage].refresh_card(self.state.cursor_place)
        self._top.refresh()
        self._go(self.state.cursor_place + 1)
