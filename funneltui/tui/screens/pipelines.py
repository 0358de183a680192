"""The pipeline screen: every pipeline with all that belongs to it, changed by key, applied as a whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType

from funneltui.domain.gates import Choice
from funneltui.domain.pipeline_changes import Part
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.services import pipelines
from funneltui.services.pipeline_difference import named_place
from funneltui.tui.actions import Action, bindings
from funneltui.tui.pipeline_actions import PIPELINES
from funneltui.tui.screens.pipelines_changing import Changing
from funneltui.tui.screens.small_dialogs import PickDialog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_FROM_FILE = "a file ..."


class PipelinesScreen(Changing):
    """Applies the draft, or drops it; and what is done to pipelines as a whole: added, put in order, retired."""

    ACTIONS: ClassVar[tuple[Action, ...]] = PIPELINES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PIPELINES)]

    async def action_apply(self) -> None:
        """Show what would change, and apply it or drop it."""
        if self.state.difference is None:
            self.tell("nothing is changed here that is not applied yet")
        else:
            await self._settle_changes(leaving=False)

    async def action_back(self) -> None:
        """Back: from the values to what there is, from the changes, to the board."""
        if self.state.side:
            self.action_left()
        elif self.state.difference is not None:
            await self._settle_changes(leaving=True)
        else:
            self._leave()

    async def _settle_changes(self, *, leaving: bool) -> None:
        """Ask what is to become of the changes, and do it; with `leaving` go to the board once none is left."""
        from funneltui.tui.screens.pipeline_dialogs import ChangesDialog, Verdict

        wanted, draft = self.state.difference, self.state.draft
        if wanted is None:
            return

        async def said(verdict: Verdict | None) -> None:
            settled = verdict is not None
            if verdict is Verdict.APPLY:
                settled = await self._apply()
            elif verdict is Verdict.DROP:
                self.state.drop()
                await self.renew()
            if settled and leaving:
                self._leave()

        goes = [
            f"deals of {named_place(wanted.old, place)} go to {named_place(wanted.new, target)}"
            for place, target in draft.moves.items()
        ]
        await self.app.push_screen(ChangesDialog(wanted.new.name, wanted.words, goes), said)

    async def _apply(self) -> bool:
        from funneltui.exchange.pipeline_writer import to_toml

        draft = self.state.draft
        try:
            done = await self.worker.run(pipelines.apply, draft.pipeline, draft.moves, to_toml, draft.given)
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        self.state.drop()
        self.applied = True
        await self.renew()
        moved = f", {counted(len(done.moved))} moved" if done.moved else ""
        self.tell(f"{done.difference.new.name} is at version {done.version}{moved}", severity="information")
        return True

    def _leave(self) -> None:
        """Back to the board; where something was applied it begins anew."""
        if not self.applied:
            self.dismiss()
            return
        known = next((one for one in self.context.in_use if one.key == self.state.shown), self.context.pipeline)
        self.app.call_later(self.app.show_pipeline, known)

    def action_text(self) -> None:
        """Change the whole pipeline as TOML, in the user's own editor."""
        if self.may_change():
            self.ask(self._edit_text())

    async def _edit_text(self) -> None:
        """Open the editor until its text is a step, or the user has enough of it."""
        from funneltui.exchange.pipeline_files import read_pipeline
        from funneltui.exchange.pipeline_writer import to_toml
        from funneltui.tui import editor

        pipeline = self.state.pipeline
        text = to_toml(pipeline)
        while True:
            try:
                text = editor.edited(cast("App[object]", self.app), text)
                new = read_pipeline(text, f"{pipeline.key}.toml", otherwise=pipeline.currency, keeps=pipeline.key)
            except FunneltuiError as error:
                self.tell(str(error))
            else:
                if new == pipeline or await self.step(new):
                    return
            choices = [Choice("again", "edit it again"), Choice("drop", "throw the text away")]
            if await self.app.push_screen_wait(PickDialog(self.look, "It is not taken", "", choices)) != "again":
                return

    def action_new(self) -> None:
        """Add a pipeline: a preset, or one from a file."""
        if self._may_arrange():
            self.ask(self._add_pipeline())

    async def _add_pipeline(self) -> None:
        from funneltui.exchange.pipeline_files import preset, preset_names
        from funneltui.tui.screens.file_dialog import FileDialog

        currency = self.context.pipeline.currency
        names = await self.worker.apart(preset_names)
        choices = [*(Choice(name, name) for name in names), Choice(_FROM_FILE, _FROM_FILE)]
        wanted = await self.app.push_screen_wait(PickDialog(self.look, "A new pipeline", "begin with", choices))
        if wanted == _FROM_FILE:
            path = await self.app.push_screen_wait(FileDialog(self.look, "A pipeline's file", "its path", (".toml",)))
            wanted = str(path) if path is not None else None
        if wanted is None:
            return
        try:
            new = await self.worker.apart(preset, wanted, otherwise=currency)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        named = await self._free(new)
        if named is not None and await self._whole(self.worker.run(pipelines.add_pipeline, named, _written())):
            self.state.show(named.key)
            self.show()

    async def _free(self, new: Pipeline) -> Pipeline | None:
        """Give a new pipeline under a name and a key that no other has; asks for the name if its own is taken."""
        from funneltui.domain.text import fold
        from funneltui.exchange.toml_places import key_for
        from funneltui.tui.screens.pipeline_dialogs import NameDialog

        known = self.context.pipelines
        name: str | None = new.name
        if any(fold(one.name) == fold(new.name) for one in known):
            name = await self.app.push_screen_wait(NameDialog("Its name", f"there is {new.name} already"))
        if name is None:
            return None
        key = new.key
        if any(one.key == key for one in known):
            key = key_for(name) or key
        return replace(new, name=name, key=key)

    async def action_retire(self) -> None:
        """Take out what the cursor is on; on the pipeline itself: retire it."""
        if self.state.at.spot.part is not Part.PIPELINE or self.state.side:
            await super().action_retire()
        elif self._may_arrange():
            await self._turn_pipeline(pipelines.retire_pipeline)

    async def action_bring_back(self) -> None:
        """Bring back what the cursor is on; of a retired pipeline itself."""
        if self.state.pipeline.is_retired and self._may_arrange():
            await self._turn_pipeline(pipelines.bring_back_pipeline)
        elif not self.state.pipeline.is_retired:
            await super().action_bring_back()

    async def _turn_pipeline(self, turn: Callable[[Context, str, Callable[[Pipeline], str]], Context]) -> None:
        await self._whole(self.worker.run(turn, self.state.shown, _written()))

    async def action_earlier(self) -> None:
        """Put the pipeline before the one at its left."""
        await self._arrange(-1)

    async def action_later(self) -> None:
        """Put it behind the one at its right."""
        await self._arrange(1)

    async def _arrange(self, steps: int) -> None:
        if not self._may_arrange():
            return
        keys = [one.key for one in self.context.in_use]
        if self.state.shown not in keys:
            self.tell("a retired pipeline stands behind those in use")
            return
        here = keys.index(self.state.shown)
        there = here + steps
        if not 0 <= there < len(keys):
            self.tell("it stands at the end already")
            return
        keys[here], keys[there] = keys[there], keys[here]
        await self._whole(self.worker.run(pipelines.arrange, keys))

    def _may_arrange(self) -> bool:
        """Tell whether pipelines can be added, ordered and retired now: by a manager, with no changes waiting."""
        from funneltui.errors import NotAllowed
        from funneltui.services.people import demand_manager

        try:
            demand_manager(self.context, "changes pipelines")
        except NotAllowed as error:
            self.tell(str(error))
            return False
        return self.is_clean()

    async def _whole(self, change: Awaitable[Context]) -> bool:
        """Make a change of pipelines as a whole, and show it; tell whether it was made."""
        try:
            await change
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        self.applied = True
        await self.renew()
        return True


def _written() -> Callable[[Pipeline], str]:
    from funneltui.exchange.pipeline_writer import to_toml

    return to_toml
