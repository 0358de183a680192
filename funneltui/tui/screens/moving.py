"""Moving deals, on whatever screen they are seen: by a key or a digit, one or all marked ones, through the gate's dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import moves
from funneltui.tui.keymap import hint
from funneltui.tui.screens.deal_screen import DealScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Stage
    from funneltui.services.changes import Versions
    from funneltui.services.fields import Values


class Moving(DealScreen):
    """The keys that move deals. What the gate wants is asked for before anything is written."""

    choosing = False
    """Whether the next key is the digit of a stage."""

    async def on_key(self, event: events.Key) -> None:
        """Take the digit of a stage, once it is waited for; any other key does nothing else then."""
        if self.choosing:
            event.stop()
            event.prevent_default()
            await self.choose_stage(event.character or "")

    async def action_move_right(self) -> None:
        """Move to the next stage."""
        await self._move_by(1)

    async def action_move_left(self) -> None:
        """Move to the stage before."""
        await self._move_by(-1)

    async def _move_by(self, steps: int) -> None:
        deal = self.here()
        if deal is None:
            return
        stages = [stage.key for stage in self.pipeline.open_stages + self.pipeline.won_stages]
        if deal.stage not in stages:
            how = hint(self.app, "deal.move_to", "and a digit do it")
            self.tell(f"a lost deal is reopened by a move to an open stage{how}")
            return
        index = stages.index(deal.stage) + steps
        if not 0 <= index < len(stages):
            self.tell("there is no stage further on" if steps > 0 else "this is the first stage")
            return
        await self.move_into(self.pipeline.stage(stages[index]))

    def action_move_to(self) -> None:
        """Choose the stage by its digit."""
        if self.chosen() is not None:
            self.choosing = True
            self.choose_stage_of(self.pipeline)

    async def choose_stage(self, digit: str) -> None:
        """Move to the stage of a digit (0 is the tenth); any other key chooses nothing."""
        self.choosing = False
        self.choose_stage_of(None)
        stages = self.pipeline.board_order
        place = "1234567890".find(digit) if digit else -1
        if 0 <= place < len(stages):
            await self.move_into(stages[place])

    async def action_win(self) -> None:
        """Won."""
        await self._close_into(StageKind.WON)

    async def action_lose(self) -> None:
        """Lost."""
        await self._close_into(StageKind.LOST)

    async def _close_into(self, kind: StageKind) -> None:
        try:
            stage = self.pipeline.first_of(kind)
        except RuleBroken as error:
            self.tell(str(error))
            return
        await self.move_into(stage)

    async def move_into(self, stage: Stage, versions: Versions | None = None) -> None:
        """Move these deals, else those that a key is meant for, into a stage; what its gate wants is asked for first."""
        versions = versions or self.chosen()
        if versions is None:
            return
        deal = self.deal
        if deal is not None and list(versions) == [deal.number]:
            if deal.stage == stage.key and not stage.details:
                self.tell(f"it stands in {stage.name} already")
                return
            missing = moves.asked_of(self.context, deal, stage)
            warning = moves.warning_of(self.context, deal, stage)
        else:
            try:
                missing = await self.worker.run(moves.asked_of_all, list(versions), stage.key)
                warning = await self.worker.run(moves.warnings_of_all, list(versions), stage.key)
            except FunneltuiError as error:
                self.tell(str(error))
                return
        if missing:
            await self._ask(stage, versions, missing, warning)
        else:
            await self._moved(stage, versions, {}, warning)

    async def _ask(self, stage: Stage, versions: Versions, missing: Sequence[Missing], warning: str) -> None:
        from funneltui.tui.screens.move_dialog import MoveDialog

        def said(given: Values | None) -> None:
            if given is not None:
                self.soon(self._moved(stage, versions, given))

        dialog = MoveDialog(
            self.look, self.context, self.pipeline, stage, self.name_of(versions), missing,
            several=len(versions) > 1, warning=warning,
        )  # fmt: skip
        await self.app.push_screen(dialog, said)

    async def _moved(self, stage: Stage, versions: Versions, given: Values, warning: str = "") -> None:
        """Move; a warning (E2) that no dialog has shown is told afterwards."""
        moved = f"{counted(len(versions))} moved to {stage.name}" if len(versions) > 1 else ""
        done = ": ".join(part for part in (moved, warning) if part)
        await self.do(self.worker.run(moves.move, list(versions), stage.key, given, versions), done)
