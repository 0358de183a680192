"""Moving deals to another pipeline: which one, which stage of it, and what the gate there wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.gates import Choice
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.tui.keymap import hint
from funneltui.tui.screens.working import Working

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.changes import Versions
    from funneltui.services.fields import Values


class Transferring(Working):
    """The key that takes the deal, or all marked ones, to another pipeline; each dialog waits for the one before."""

    async def action_transfer(self) -> None:
        """Choose the pipeline; the only other one is meant without asking."""
        from funneltui.tui.screens.small_dialogs import PickDialog

        versions = self.chosen()
        others = [one for one in self.context.in_use if one.key != self.pipeline.key]
        if not others:
            where = hint(self.app, "board.pipelines", "leads to where others are added")
            self.tell(f"there is one pipeline only{where}")
            return
        if versions is None:
            return
        if len(others) == 1:
            await self._choose_stage(versions, others[0])
            return

        async def said(key: str | None) -> None:
            if key is not None:
                await self._choose_stage(versions, self.context.pipeline_of(key))

        choices = [Choice(one.key, one.name) for one in others]
        await self.app.push_screen(PickDialog(self.look, "To which pipeline?", self.name_of(versions), choices), said)

    async def _choose_stage(self, versions: Versions, joined: Pipeline) -> None:
        from funneltui.tui.screens.small_dialogs import PickDialog

        async def said(key: str | None) -> None:
            if key is not None:
                await self._ask_there(versions, joined, joined.stage(key))

        choices = [Choice(stage.key, stage.name) for stage in joined.board_order]
        heading = f"To which stage of {joined.name}?"
        await self.app.push_screen(PickDialog(self.look, heading, self.name_of(versions), choices), said)

    async def _ask_there(self, versions: Versions, joined: Pipeline, stage: Stage) -> None:
        from funneltui.services import transfers
        from funneltui.tui.screens.move_dialog import MoveDialog

        try:
            missing = await self.worker.run(transfers.asked_of_all, list(versions), joined.key, stage.key)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if not missing:
            self.soon(self._transferred(versions, joined, stage, {}))
            return

        def said(given: Values | None) -> None:
            if given is not None:
                self.soon(self._transferred(versions, joined, stage, given))

        dialog = MoveDialog(
            self.look, self.context, joined, stage, self.name_of(versions), missing, several=len(versions) > 1
        )
        await self.app.push_screen(dialog, said)

    async def _transferred(self, versions: Versions, joined: Pipeline, stage: Stage, given: Values) -> None:
        from funneltui.services import transfers

        gone = self.worker.run(transfers.move_to_pipeline, list(versions), joined.key, stage.key, given, versions)
        await self.do(gone, f"{counted(len(versions))} moved to {joined.name}: {stage.name}")
