"""Moving deals on the board: by a key or a digit, one or all that are marked, through the gate's dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import moves
from funneltui.tui.screens.board_looking import Looking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Stage
    from funneltui.services.changes import Versions
    from funneltui.services.fields import Values


class Moving(Looking):
    """The keys that move deals. What the gate wants is asked for before anything is written.

    These actions wait for their dialog to stand: keys that were typed ahead then reach it.
    """

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

    async def action_move_right(self) -> None:
        """Move to the next stage."""
        await self._move_by(1)

    async def action_move_left(self) -> None:
        """Move to the stage before."""
        await self._move_by(-1)

    async def _move_by(self, steps: int) -> None:
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
        await self._move(self.state.pipeline.stage(stages[index]))

    def action_move_to(self) -> None:
        """Choose the stage by its digit."""
        if self._chosen() is not None:
            self._bottom.choosing_stage = True
            self._bottom.refresh()

    async def choose_stage(self, digit: str) -> None:
        """Move to the stage of a digit (0 is the tenth), or nowhere."""
        self._bottom.choosing_stage = False
        self._bottom.refresh()
        stages = self.state.pipeline.board_order
        place = "1234567890".find(digit) if digit else -1
        if 0 <= place < len(stages):
            await self._move(stages[place])

    async def action_win(self) -> None:
        """Won."""
        await self._move(self.state.pipeline.won_stages[0])

    async def action_lose(self) -> None:
        """Lost."""
        await self._move(self.state.pipeline.lost_stages[0])

    def _chosen(self) -> Versions | None:
        """Give the versions of the deals that a move is meant for: the marked ones, else the one here, else none."""
        if self.state.marked and not self._today.active:
            return dict(self.state.marked)
        deal = self._here()
        return None if deal is None else {deal.number: deal.version}

    async def _move(self, stage: Stage) -> None:
        versions = self._chosen()
        if versions is None:
            return
        deal = self._today.deal if self._today.active else self.state.deal
        if deal is not None and list(versions) == [deal.number]:
            if deal.stage == stage.key and not stage.details:
                self.tell(f"it stands in {stage.name} already")
                return
            missing = moves.asked_of(self.context, deal, stage)
            title = deal.title
        else:
            try:
                missing = await self.worker.run(moves.asked_of_all, list(versions), stage.key)
            except FunneltuiError as error:
                self.tell(str(error))
                return
            title = counted(len(versions))
        if missing:
            await self._ask(stage, title, versions, missing)
        else:
            self.run_worker(self._moved(stage, versions, {}))

    async def _ask(self, stage: Stage, title: str, versions: Versions, missing: Sequence[Missing]) -> None:
        from funneltui.tui.screens.move_dialog import MoveDialog

        def said(given: Values | None) -> None:
            if given is not None:
                self.run_worker(self._moved(stage, versions, given))

        dialog = MoveDialog(
            self.look, self.context, self.state.pipeline, stage, title, missing, several=len(versions) > 1
        )
        await self.app.push_screen(dialog, said)

    async def _moved(self, stage: Stage, versions: Versions, given: Values) -> None:
        numbers = list(versions)

        async def move() -> list[Deal]:
            return await self.worker.run(moves.move, numbers, stage.key, given, versions)

        await self._do(move, f"{counted(len(numbers))} moved to {stage.name}" if len(numbers) > 1 else "")


def counted(number: int) -> str:
    """Give a number of deals in words: "1 deal", "12 deals"."""
    return f"{number:,} deal{'' if number == 1 else 's'}"
