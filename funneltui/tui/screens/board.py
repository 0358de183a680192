"""The board: lanes of deals, today's follow-ups, the live funnel; here are the keys that change deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import activities, deals, moves, reports, undo
from funneltui.tui.actions import BOARD, bindings
from funneltui.tui.screens.board_looking import Looking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values


class BoardScreen(Looking):
    """Takes every key of the board; a change is a service called in the worker, then the board read anew."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD)]

    def _here(self) -> Deal | None:
        """Give the deal that a key is meant for, or say why there is none."""
        deal = self._today.deal if self._today.active else self.state.deal
        if deal is None:
            self.tell("there is no deal here; n adds one")
        return deal

    async def _do(self, service: Callable[[], Awaitable[Sequence[Deal]]], done: str = "") -> None:
        """Run a change, say what became of it, and show it; what a gate still wants is asked for."""
        try:
            changed = await service()
        except RuleBroken as error:
            self.tell(str(error))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
        else:
            self._follow(changed)
            if done:
                self.tell(done, severity="information")
        await self.reload()

    def _follow(self, changed: Sequence[Deal]) -> None:
        """Let the cursor go with the deal that was changed."""
        for deal in changed:
            self.state.marked.pop(deal.number, None)
        if len(changed) == 1 and changed[0].stage in self.shown_stages and not self._today.active:
            deal = changed[0]
            if deal.stage != self.state.cursor_stage:
                self._views[self.state.cursor_stage].refresh_card(self.state.cursor_place)
                self.state.cursor_stage = deal.stage
                self._lay_out()
            self.state.cursor_number = deal.number

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
        if wish == "edit":
            self._edit(opened.deal)

    def action_new(self) -> None:
        """Add a deal."""
        from funneltui.tui.screens.deal_form import DealForm

        self.app.push_screen(DealForm(self.context, self.state.pipeline), self._added)

    def _added(self, values: Values | None) -> None:
        if values is not None:
            pipeline = self.state.pipeline.key

            async def add() -> list[Deal]:
                return [await self.worker.run(deals.add, values, None, pipeline)]

            self.run_worker(self._do(add))

    def action_edit(self) -> None:
        """Edit the deal."""
        if (deal := self._here()) is not None:
            self._edit(deal)

    def _edit(self, deal: Deal) -> None:
        from funneltui.tui.screens.deal_form import DealForm

        def edited(values: Values | None) -> None:
            if values:

                async def edit() -> list[Deal]:
                    return [await self.worker.run(deals.edit, deal.number, values, None, {deal.number: deal.version})]

                self.run_worker(self._do(edit))

        self.app.push_screen(DealForm(self.context, self.state.pipeline, deal), edited)

    def action_follow_up(self) -> None:
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

        self.app.push_screen(FollowUpDialog(self.look, self.context, self.state.pipeline, deal), said)

    def action_activity(self) -> None:
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

        self.app.push_screen(ActivityDialog(self.look, deal.title), said)

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

        self.run_worker(self._do(mark, f"{_deals(len(versions))} marked as spam; u takes that back"))

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

    def action_move_right(self) -> None:
        """Move to the next stage."""
        self._move_by(1)

    def action_move_left(self) -> None:
        """Move to the stage before."""
        self._move_by(-1)

    def _move_by(self, steps: int) -> None:
        deal = self._here()
        if deal is None:
            return
        stages = [stage.key for stage in self.state.pipeline.open_stages + self.state.pipeline.won_stages]
        if deal.stage not in stages:
            self.tell("a lost deal is reopened with m and the digit of an open stage")
            return
        index = stages.index(deal.stage) + steps
        if not 0 <= index < len(stages):
            self.tell("there is no stage further on" if steps > 0 else "this is the first stage")
            return
        self._move(self.state.pipeline.stage(stages[index]))

    def action_move_to(self) -> None:
        """Choose the stage by its digit."""
        if self._here() is not None:
            self._bottom.choosing_stage = True
            self._bottom.refresh()

    def choose_stage(self, digit: str) -> None:
        """Move to the stage of a digit, or nowhere."""
        self._bottom.choosing_stage = False
        self._bottom.refresh()
        stages = self.state.pipeline.board_order
        if digit.isdigit() and 1 <= int(digit) <= len(stages):
            self._move(stages[int(digit) - 1])

    def action_win(self) -> None:
        """The deal is won."""
        if self._here() is not None:
            self._move(self.state.pipeline.won_stages[0])

    def action_lose(self) -> None:
        """The deal is lost."""
        if self._here() is not None:
            self._move(self.state.pipeline.lost_stages[0])

    def _move(self, stage: Stage) -> None:
        """Move the marked deals, or the one under the cursor; what the gate wants is asked for first."""
        deal = self._here()
        if deal is None:
            return
        marked = dict(self.state.marked) if not self._today.active else {}
        versions = marked or {deal.number: deal.version}
        if not marked and deal.stage == stage.key and not stage.details:
            self.tell(f"it stands in {stage.name} already")
            return
        gate = moves.gate_for(self.context, deal, stage)
        missing = gate.missing
        if not marked and deal.stage == stage.key:
            missing = moves.detail_question(self.state.pipeline, stage)
        if missing:
            self._ask(stage, deal, versions, missing)
        else:
            self.run_worker(self._moved(stage, versions, {}))

    def _ask(self, stage: Stage, deal: Deal, versions: dict[int, int], missing: Sequence[Missing]) -> None:
        from funneltui.tui.screens.move_dialog import MoveDialog

        def said(given: Values | None) -> None:
            if given is not None:
                self.run_worker(self._moved(stage, versions, given))

        some = [deal] * len(versions)
        self.app.push_screen(MoveDialog(self.look, self.context, self.state.pipeline, stage, some, missing), said)

    async def _moved(self, stage: Stage, versions: dict[int, int], given: Values) -> None:
        numbers = list(versions)

        async def move() -> list[Deal]:
            return await self.worker.run(moves.move, numbers, stage.key, given, versions)

        await self._do(move, f"{_deals(len(numbers))} moved to {stage.name}" if len(numbers) > 1 else "")


def _deals(number: int) -> str:
    return f"{number:,} deal{'' if number == 1 else 's'}"
