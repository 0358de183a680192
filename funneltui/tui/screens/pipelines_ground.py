"""The pipeline screen's ground: what it is made of, how it reads, how a step is checked, and the cursor's keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from funneltui.domain.pipeline_changes import Part, Place
from funneltui.domain.pipeline_edits import Spot
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError, NotAllowed
from funneltui.services import pipelines
from funneltui.services.people import demand_manager
from funneltui.services.pipeline_difference import difference, named_place
from funneltui.tui.keymap import hint, in_force
from funneltui.tui.pipeline_actions import PIPELINES
from funneltui.tui.pipeline_state import At, Draft, PipelinesState
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH
from funneltui.tui.screens.deal_screen import DealScreen
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.note import Note
from funneltui.tui.widgets.pipeline_page import ChangesLine, PipelinePage, PipelinesTop, PipelineTabs

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.pipeline_difference import Difference
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class PipelinesGround(DealScreen):
    """Shows the pipelines; a change is a step of a draft, which is checked at once and applied as a whole later."""

    CSS_PATH = "pipelines.tcss"
    app: FunnelApp

    def __init__(self, worker: Worker, context: Context, look: Look, pipeline: Pipeline) -> None:
        """Show the pipelines of the worker's workspace, this one first."""
        super().__init__(worker, context, look)
        known = [pipelines.Overview(one, {}, 0) for one in context.pipelines]  # until their deals are counted
        self.state = PipelinesState(known, pipeline.key, left=At(Spot(Part.STAGE, pipeline.board_order[0].key)))
        self._top, self._tabs = PipelinesTop(look, context), PipelineTabs(look, self.state)
        self._page = PipelinePage(look, self.state)
        self._changes, self._bottom = ChangesLine(look, self.state), KeysBar(look, PIPELINES)
        self._note = Note(look)
        self.applied = self._asking = False

    def compose(self) -> ComposeResult:
        """Lay out tabs, page, changes, keys."""
        yield from (self._top, self._tabs, self._note, self._page, self._changes, self._bottom)

    def on_mount(self) -> None:
        """Read the pipelines."""
        self.soon(self.reload(), "first reading", reading=True)

    def on_resize(self) -> None:
        """Say so where there is no room."""
        width, height = self.size
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self._note.display = small
        self._note.say(f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT}", f"this is {width}x{height}")

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._top, self._tabs, self._page, self._changes, self._bottom, self._note):
            widget.show_look(look)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that is shown."""
        return self.state.pipeline

    @property
    def deal(self) -> Deal | None:
        """None: here are pipelines."""
        return None

    @property
    def marked(self) -> dict[int, int]:
        """No deals."""
        return {}

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Nothing is moved here."""

    def follow(self, changed: Sequence[Deal]) -> None:
        """No deals."""

    async def reload(self) -> None:
        """Read the pipelines, and repaint."""
        try:
            self.state.take(await self.worker.run(pipelines.overviews))
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        self.show()

    async def renew(self) -> None:
        """Work with the pipelines as they are now."""
        self.context = self._top.context = await self.worker.renew(pipelines.reloaded)
        await self.reload()

    def show(self) -> None:
        """Repaint."""
        self._top.refresh()
        self._tabs.refresh()
        self._page.update()
        self._changes.refresh()

    def may_change(self) -> bool:
        """Tell whether the actor changes pipelines, and say why not."""
        try:
            demand_manager(self.context, "changes pipelines")
        except NotAllowed as error:
            self.tell(str(error))
            return False
        if self.state.pipeline.is_retired:
            back = hint(self.app, "pipelines.bring_back", "brings it back, then it can be changed")
            self.tell(f"the pipeline {self.state.pipeline.name} is retired{back}")
            return False
        return True

    async def take(self, new: Pipeline, at: At | None = None) -> None:
        """Take a step to a new definition, if it can be, the cursor to `at`; where deals go is asked in its own time."""
        if (step := await self._checked(new)) is None:
            return
        wanted, draft = step
        if wanted.unplaced(draft.moves):
            self.ask(self._ask_and_push(wanted, draft, at))
        else:
            self._push(draft, wanted, at)

    def ask(self, flow: Coroutine[Any, Any, object]) -> None:
        """Begin what asks one thing after another, unless that is under way already."""
        if self._asking:
            flow.close()
            return
        self._asking = True
        self.soon(self._asked(flow), "asking")

    async def _asked(self, flow: Coroutine[Any, Any, object]) -> None:
        try:
            await flow
        finally:
            self._asking = False

    async def step(self, new: Pipeline) -> bool:
        """Take a step, and tell whether it was taken; see `take`. Waits for what is asked: only in a worker."""
        step = await self._checked(new)
        return step is not None and await self._ask_and_push(*step)

    async def _checked(self, new: Pipeline) -> tuple[Difference, Draft] | None:
        """Give what a new definition differs in, and the draft that it makes; says why if it is none that can be.

        What a step of before said of deals that stay now is forgotten.
        """
        try:
            wanted = await self.worker.run(difference, self.state.overview.pipeline, new)
        except FunneltuiError as error:
            self.tell(str(error))
            return None
        return wanted, replace(_pruned(self.state.draft, wanted), pipeline=wanted.new)

    async def _ask_and_push(self, wanted: Difference, draft: Draft, at: At | None = None) -> bool:
        for place, count in wanted.unplaced(draft.moves).items():
            placed = await self._placed(draft, wanted, place, count)
            if placed is None:
                return False
            draft = placed
        self._push(draft, wanted, at)
        return True

    def _push(self, draft: Draft, wanted: Difference, at: At | None) -> None:
        self.state.push(draft, wanted)
        if at is not None:
            self.state.go_to(at)
        self.show()

    async def _placed(self, draft: Draft, wanted: Difference, place: Place, count: int) -> Draft | None:
        """Ask where the deals of a place go, and what the gate there wants; nothing if the user leaves."""
        from funneltui.tui.screens.move_dialog import MoveDialog
        from funneltui.tui.screens.pipeline_asking import targets
        from funneltui.tui.screens.small_dialogs import PickDialog

        left = named_place(wanted.old, place)
        offered = targets(wanted, place)
        heading = f"{counted(count)} stand{'s' if count == 1 else ''} in {left}; where to?"
        key = await self.app.push_screen_wait(PickDialog(self.look, heading, "", [one.choice for one in offered]))
        target = next((one.place for one in offered if one.choice.key == key), None)
        if target is None:
            return None
        from funneltui.services.pipeline_moves import asked_of_leaving

        try:
            missing = await self.worker.run(asked_of_leaving, wanted, place, target.stage)
        except FunneltuiError as error:
            self.tell(str(error))
            return None
        asked = [one for one in missing if not (one.field == "detail" and target.detail)]
        if not asked:
            return replace(draft, moves=draft.moves | {place: target})
        stage = wanted.new.stage(target.stage)
        dialog = MoveDialog(self.look, self.context, wanted.new, stage, counted(count), asked, several=True)
        said = await self.app.push_screen_wait(dialog)
        if said is None:
            return None
        detail = target.detail or str(said.pop("detail", "") or "") or None
        given = {**draft.given, stage.key: {**draft.given.get(stage.key, {}), **said}}
        return replace(draft, moves=draft.moves | {place: Place(stage.key, detail)}, given=given)

    def action_down(self) -> None:
        """Next line."""
        self._go(1)

    def action_up(self) -> None:
        """Previous line."""
        self._go(-1)

    def action_first(self) -> None:
        """First line."""
        self._go(-10_000)

    def action_last(self) -> None:
        """Last line."""
        self._go(10_000)

    def action_page_down(self) -> None:
        """A page down."""
        self._go(self._page.capacity - 2)

    def action_page_up(self) -> None:
        """A page up."""
        self._go(2 - self._page.capacity)

    def _go(self, steps: int) -> None:
        self.state.go(steps)
        self._page.update()

    def action_left(self) -> None:
        """To what the pipeline has."""
        self.state.side = 0
        self._page.update()

    def action_right(self) -> None:
        """To the values."""
        if self.state.right is not None:
            self.state.side = 1
            self._page.update()

    def action_next_tab(self) -> None:
        """The next pipeline."""
        self._show_other(1)

    def action_previous_tab(self) -> None:
        """The pipeline before."""
        self._show_other(-1)

    def _show_other(self, steps: int) -> None:
        keys = [one.pipeline.key for one in self.state.overviews]
        if len(keys) < 2:
            self.tell(f"there is one pipeline only{hint(self.app, 'pipelines.new', 'adds another')}")
            return
        self._show(keys[(keys.index(self.state.shown) + steps) % len(keys)])

    def _show(self, key: str) -> None:
        if self.is_clean():
            self.state.show(key)
            self.show()

    def on_pipeline_tabs_chosen(self, message: PipelineTabs.Chosen) -> None:
        """A click on a tab shows its pipeline."""
        self._show(message.key)

    def is_clean(self) -> bool:
        """Tell whether nothing waits to be applied, and say so if something does."""
        if self.state.difference is not None:
            shown = hint(self.app, "pipelines.apply", "shows them, to be applied or dropped")
            self.tell(f"your changes are not applied yet{shown}")
        return self.state.difference is None

    async def stop_typing(self) -> None:
        """Leave a value that is typed over as it was."""
        raise NotImplementedError

    async def on_pipeline_page_chosen(self, message: PipelinePage.Chosen) -> None:
        """A click chooses; a second one changes. What is being typed elsewhere is left."""
        await self.stop_typing()
        self.state.go_to(message.at)
        self._page.update()
        if message.again:
            self.soon(self.run_action("change"))

    def action_help(self) -> None:
        """Show the keys of where you are."""
        from funneltui.tui.screens.help import Help

        self.app.push_screen(Help(in_force(self.app, PIPELINES)))


def _pruned(draft: Draft, wanted: Difference) -> Draft:
    """Give a draft without the moves that have no sense any more: of deals that stay, or to what is not there."""
    left = wanted.given_up
    kept = {}
    for place, target in draft.moves.items():
        stage = next((one for one in wanted.new.stages if one.key == target.stage), None)
        there = stage is not None and (target.detail is None or stage.detail(target.detail) is not None)
        if there and left & {place, Place(place.stage)} and Place(target.stage) not in left:
            kept[place] = target
    return replace(draft, moves=kept)
