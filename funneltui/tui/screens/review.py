"""The review: a deal at a time, a key an answer, the next one comes by itself; at the end a summary to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain import dates
from funneltui.domain.pipeline import StageKind
from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import activities, deals, moves, reviews
from funneltui.services.reviews import Snooze
from funneltui.tui.actions import bindings
from funneltui.tui.drafts import saving
from funneltui.tui.review_actions import REVIEW
from funneltui.tui.screens.review_opening import Opening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Stage
    from funneltui.services.fields import Values
    from funneltui.tui.actions import Action


class ReviewScreen(Opening):
    """Takes every key of the review; an answer is the very service that the board calls.

    The actions are awaited one after another, until their dialog stands or the next deal is read: keys that come in one
    packet reach the dialog that they are meant for, or answer one deal each.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = REVIEW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVIEW)]

    async def _do(self, deal: Deal, service: Callable[[], Awaitable[Deal]], words: str = "") -> None:
        """Give an answer and go on; a refusal is told, and the deal read again."""
        try:
            after = await service()
        except FunneltuiError as error:
            self._refuse(error)
            await self._read_again()
            return
        self.state.said = f"{deal.title}: {words or self._told(deal, after)}"
        self.state.answer([deal.number])
        self.state.go_on()
        await self._arrive()

    def _told(self, before: Deal, after: Deal) -> str:
        pipeline, today = self.context.pipeline_of(after.pipeline), self.context.clock.today()
        if (before.stage, before.detail) != (after.stage, after.detail):
            point = pipeline.detail_name(after.stage, after.detail)
            return f"→ {pipeline.stage(after.stage).name}{f' · {point}' if point else ''}"
        if before.expected_close != after.expected_close:
            return f"expected close {dates.echo(after.expected_close, today)}"
        return f"follow-up {dates.echo(after.follow_up, today)}" if after.follow_up else "no follow-up"

    async def _edited(self, deal: Deal, values: Values) -> None:
        async def edit() -> Deal:
            return await self.worker.run(deals.edit, deal.number, values, None, {deal.number: deal.version})

        await self._do(deal, edit)

    async def _snooze(self, until: Snooze) -> None:
        deal = self._here()
        if deal is None:
            return

        async def snooze() -> Deal:
            return await self.worker.run(reviews.snooze, deal.number, until, {deal.number: deal.version})

        await self._do(deal, snooze)

    async def action_tomorrow(self) -> None:
        """Put it off until tomorrow."""
        await self._snooze(Snooze.TOMORROW)

    async def action_three_days(self) -> None:
        """Put it off for three days."""
        await self._snooze(Snooze.THREE_DAYS)

    async def action_next_week(self) -> None:
        """Put it off until Monday."""
        await self._snooze(Snooze.NEXT_WEEK)

    async def action_date(self) -> None:
        """Type the follow-up."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.follow_up_dialog import FollowUpDialog

        async def said(values: Values | None) -> None:
            if values is not None:
                await self._edited(deal, values)

        await self.app.push_screen(
            FollowUpDialog(self.look, self.context, self._pipeline(deal), deal.title, deal), said
        )

    async def action_done(self) -> None:
        """Finish the follow-up; where the stage demands one, the next one is asked for (D3)."""
        deal = self._here()
        if deal is None:
            return
        if not activities.wants_next(self.context, deal):
            await self._finished(deal, {})
            return
        from funneltui.tui.screens.follow_up_dialog import FollowUpDialog

        async def said(values: Values | None) -> None:
            if values is not None:
                await self._finished(deal, values)

        dialog = FollowUpDialog(self.look, self.context, self._pipeline(deal), deal.title, deal, following=True)
        await self.app.push_screen(dialog, said)

    async def _finished(self, deal: Deal, following: Values) -> None:
        async def finish() -> Deal:
            seen = {deal.number: deal.version}
            return await self.worker.run(activities.finish_follow_up, deal.number, "", seen, following)

        await self._do(deal, finish, "follow-up done")

    async def action_activity(self) -> None:
        """Write a note, or log a contact."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.activity_dialog import NOTE, Activity, ActivityDialog, keep_activity

        async def said(activity: Activity | None) -> None:
            if activity is not None:

                async def keep() -> Deal:
                    return await self.worker.run(saving(self.app, activity, keep_activity), activity, deal.number)

                await self._do(deal, keep, "noted" if activity.kind == NOTE else activity.kind)

        await self.app.push_screen(ActivityDialog(self.look, deal.title, deal.number), said)

    async def action_close(self) -> None:
        """Set another expected close."""
        await self._ask("expected_close", "Expected close", "when", self._postponed)

    async def _postponed(self, deal: Deal, day: object) -> None:
        await self._edited(deal, {"expected_close": day})

    async def _ask(self, name: str, title: str, label: str, then: Callable[[Deal, object], Awaitable[None]]) -> None:
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.review_dialogs import LineDialog

        async def said(value: object) -> None:
            if value is not None:
                await then(deal, value)

        await self.app.push_screen(LineDialog(self.context, self._pipeline(deal), deal, name, title, label), said)

    async def action_next_stage(self) -> None:
        """Move to the next stage."""
        deal = self._here()
        if deal is None:
            return
        pipeline = self._pipeline(deal)
        stages = [stage.key for stage in pipeline.open_stages + pipeline.won_stages]
        index = stages.index(deal.stage) + 1 if deal.stage in stages else len(stages)
        if index < len(stages):
            await self._move(deal, pipeline.stage(stages[index]))
        else:
            self.tell("there is no stage further on")

    async def action_move_to(self) -> None:
        """Choose the stage by its digit."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.review_dialogs import StageDialog

        async def said(key: str | None) -> None:
            if key is not None:
                await self._move(deal, self._pipeline(deal).stage(key))

        await self.app.push_screen(StageDialog(self.look, self._pipeline(deal), deal), said)

    async def action_win(self) -> None:
        """The deal is won."""
        await self._close_into(StageKind.WON)

    async def action_lose(self) -> None:
        """The deal is lost."""
        await self._close_into(StageKind.LOST)

    async def _close_into(self, kind: StageKind) -> None:
        deal = self._here()
        if deal is None:
            return
        try:
            stage = self._pipeline(deal).first_of(kind)
        except RuleBroken as error:
            self._refuse(error)
            return
        await self._move(deal, stage)

    async def _move(self, deal: Deal, stage: Stage) -> None:
        """Move the deal; what the gate wants is asked for first."""
        if deal.stage == stage.key and not stage.details:
            self.tell(f"it stands in {stage.name} already")
            return
        missing, warning = moves.asked_of(self.context, deal, stage), moves.warning_of(self.context, deal, stage)
        if missing:
            await self._ask_for(deal, stage, missing, warning)
        else:
            if warning:
                self.tell(warning)
            await self._moved(deal, stage, {})

    async def _ask_for(self, deal: Deal, stage: Stage, missing: Sequence[Missing], warning: str) -> None:
        from funneltui.tui.screens.move_dialog import MoveDialog

        async def said(given: Values | None) -> None:
            if given is not None:
                await self._moved(deal, stage, given)

        pipeline = self._pipeline(deal)
        dialog = MoveDialog(self.look, self.context, pipeline, stage, deal.title, missing, warning=warning)
        await self.app.push_screen(dialog, said)

    async def _moved(self, deal: Deal, stage: Stage, given: Values) -> None:
        async def move() -> Deal:
            return (await self.worker.run(moves.move, [deal.number], stage.key, given, {deal.number: deal.version}))[0]

        await self._do(deal, move)

    async def action_help(self) -> None:
        """Show the keys."""
        from funneltui.tui.screens.help import Help

        await self.app.push_screen(Help(self.ACTIONS))
