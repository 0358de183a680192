"""The board's ground: what it is made of, how it is laid out, how it reads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.containers import Container

from funneltui.errors import FunneltuiError
from funneltui.services import reports
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.board_state import BoardState
from funneltui.tui.screens.working import Working
from funneltui.tui.widgets.bars import BottomBar, TopBar
from funneltui.tui.widgets.followups import TodayPane
from funneltui.tui.widgets.funnel import FunnelLine, FunnelPane
from funneltui.tui.widgets.lane import LaneView
from funneltui.tui.widgets.note import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.storage.deals import Condition
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

LEAST_LANE = 22
LEAST_WIDTH, LEAST_HEIGHT = 40, 10
WIDE = 100
POLL_SECONDS = 0.3
_LIKELY_CAPACITY = 16


class BoardGround(Working):
    """Shows one pipeline; reads through the worker, never by itself. The keys' actions are in the classes on top of it."""

    def __init__(
        self, worker: Worker, context: Context, look: Look, pipeline: Pipeline, first: BoardAnswer | None = None
    ) -> None:
        """Show a pipeline of the worker's workspace, from a first reading if there is one."""
        super().__init__(worker, context, look)
        self.state = BoardState.of(pipeline)
        self.first_lane = 0
        self.show_lost = False
        self.condition: Condition = EVERYTHING
        self._views = {key: LaneView(look, self.state, lane, context.clock) for key, lane in self.state.lanes.items()}
        self._top, self._bottom = TopBar(look, self.state, context), BottomBar(look, self.state, context)
        self._today = TodayPane(look, self.state, context.clock)
        self._funnel, self._line = FunnelPane(look, self.state), FunnelLine(look, self.state)
        self._note = Note(look)
        self._side = Container(self._today, self._funnel, id="side")
        self._middle = Container(Container(*self._views.values(), id="lanes"), self._side, id="middle")
        self._laid_out_for: tuple[int, int] = (0, 0)
        self._reading = asyncio.Lock()
        self._stale = self._silent = False
        if first is not None:
            self.state.take(first, _LIKELY_CAPACITY)
            self._begin_where_deals_are()

    def compose(self) -> ComposeResult:
        """Lay out bar, lanes, panes, bar."""
        self._lay_out()
        yield from (self._top, self._note, self._middle, self._line, self._bottom)

    def on_mount(self) -> None:
        """Read the board, if that was not done yet; then look for other people's changes from time to time."""
        if not self.state.loaded or (self.state.deal is None and self.state.cursor_lane.count):
            self.run_worker(self.reload(), name="first reading")
        self.set_interval(POLL_SECONDS, self._look_for_changes)

    def on_resize(self) -> None:
        """Show as many lanes as fit."""
        if self._laid_out_for == tuple(self.cells):
            return
        self._lay_out()
        if self.state.loaded:
            self.call_after_refresh(self._settle_after_resize)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (
            *self._views.values(),
            self._top,
            self._bottom,
            self._today,
            self._funnel,
            self._line,
            self._note,
        ):
            widget.show_look(look)

    @property
    def pipeline(self) -> Pipeline:
        """The board's pipeline."""
        return self.state.pipeline

    @property
    def deal(self) -> Deal | None:
        """The deal under the cursor, of the lanes or of the today pane."""
        return self._today.deal if self._today.active else self.state.deal

    @property
    def marked(self) -> dict[int, int]:
        """The marks; in the today pane they are out of sight and mean nothing."""
        return {} if self._today.active else self.state.marked

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Show the digits of the stages in the bottom bar, or the keys again."""
        self._bottom.choose_stage(pipeline)

    def follow(self, changed: Sequence[Deal]) -> None:
        """Let the cursor go with a deal that was changed."""
        if len(changed) == 1 and changed[0].stage in self.shown_stages and not self._today.active:
            deal = changed[0]
            if deal.stage != self.state.cursor_stage:
                self._views[self.state.cursor_stage].refresh_card(self.state.cursor_place)
                self.state.cursor_stage = deal.stage
                self._lay_out()
            self.state.cursor_number = deal.number

    @property
    def shown_stages(self) -> list[str]:
        """The keys of the stages that the board has lanes for, in order."""
        pipeline = self.state.pipeline
        stages = pipeline.board_order if self.show_lost else pipeline.open_stages + pipeline.won_stages
        return [stage.key for stage in stages]

    @property
    def visible_stages(self) -> list[str]:
        """The keys of the lanes that are on the screen now."""
        return self.shown_stages[self.first_lane : self.first_lane + self._lanes_that_fit()]

    @property
    def capacity(self) -> int:
        """How many cards a lane shows."""
        return self._views[self.state.cursor_stage].capacity

    @property
    def cells(self) -> Size:
        """The size of the screen in cells, before it is laid out as well."""
        return self.size or self.app.size

    def _lanes_that_fit(self) -> int:
        width = self.cells.width - (self._side_width() if self.cells.width >= WIDE else 0)
        return max(1, min(len(self.shown_stages), width // LEAST_LANE))

    def _side_width(self) -> int:
        return 42 if self.cells.width >= 160 else 32

    def _lay_out(self) -> None:
        width, height = self._laid_out_for = self.cells
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(width >= WIDE, "-wide")
        if width >= WIDE:
            self._side.styles.width = self._side_width()
            self._funnel.styles.height = self._funnel.wanted_height(height - 2)
        else:
            self._side.styles.width = None
        self._lay_out_lanes()
        self._say_what_is_empty(small=small)

    def _lay_out_lanes(self) -> None:
        """Show the lanes that fit, the cursor's among them, and tell the outer ones how many more there are."""
        stages, fit = self.shown_stages, self._lanes_that_fit()
        place = stages.index(self.state.cursor_stage) if self.state.cursor_stage in stages else 0
        self.first_lane = max(0, min(self.first_lane, place, len(stages) - fit))
        self.first_lane = max(self.first_lane, place - fit + 1)
        visible = self.visible_stages
        largest = max([self.state.lanes[key].count for key in stages], default=1)
        for key, view in self._views.items():
            view.display = key in visible
            left = self.first_lane if key == visible[0] else 0
            right = len(stages) - self.first_lane - fit if key == visible[-1] else 0
            if (left, right, largest) != (view.more_left, view.more_right, view.largest):
                view.more_left, view.more_right, view.largest = left, right, largest
                view.refresh()

    def _say_what_is_empty(self, *, small: bool) -> None:
        nothing = self.state.loaded and not any(lane.count for lane in self.state.lanes.values())
        self._note.display = small or nothing
        self._middle.display = not nothing and not small
        if small:
            self._note.say(
                f"The board needs {LEAST_WIDTH}x{LEAST_HEIGHT} cells,",
                f"this is {self.cells.width}x{self.cells.height}.",
            )
        elif nothing and self.state.filter_text:
            self._note.say("No deal matches.", "", "[esc] shows all again")
        elif nothing:
            self._note.say(
                "There are no deals yet.", "", "[n] adds the first one",
                "[funneltui import FILE.csv] brings those of another system", "", "[?] shows the keys",
            )  # fmt: skip

    async def reload(self) -> None:
        """Read what is seen, and repaint what differs; a call during another one makes that one read once more."""
        self._stale = True
        if self._reading.locked():
            return
        async with self._reading:
            while self._stale:
                self._stale = False
                requests = [self.state.request(key, self.capacity) for key in self.visible_stages]
                try:
                    answer = await self.worker.run(
                        reports.board, self.state.pipeline, requests, self.state.sort, self.condition
                    )
                except FunneltuiError as error:
                    self.tell(str(error))
                    return
                self.take(answer)

    def take(self, answer: BoardAnswer) -> None:
        """Take over a reading and repaint what differs."""
        first = not self.state.loaded
        changed = self.state.take(answer, self.capacity)
        if first or self.state.filter_text:
            self._begin_where_deals_are()
            self._stale = self._stale or (self.state.deal is None and self.state.cursor_lane.count > 0)
        self._lay_out_lanes()
        for key in self.visible_stages:
            if key in changed or first or key == self.state.cursor_stage:
                self._views[key].refresh()
        self._today.update()
        self._funnel.update()
        self._line.refresh()
        self._top.refresh()
        self._bottom.refresh()
        self._say_what_is_empty(small=self.has_class("-small"))

    def _begin_where_deals_are(self) -> None:
        """Put the cursor on the first deal, in whatever lane that is."""
        if self.state.deal is None:
            filled = next((key for key in self.shown_stages if self.state.lanes[key].count), None)
            if filled:
                self.state.cursor_stage, self.state.cursor_place = filled, 0
                self.state.settle_cursor(self.capacity)

    async def _settle_after_resize(self) -> None:
        """Keep the cursor in sight, and read on only where a lane now shows more than was read."""
        self.state.settle_cursor(self.capacity)
        for key in self.visible_stages:
            self._views[key].refresh()
        for key in self.visible_stages:
            lane = self.state.lanes[key]
            if lane.wants(self.capacity) is not None or (lane.count and not lane.deals):
                await self.reload()
                return

    async def _look_for_changes(self) -> None:
        if self.state.position is None or self._reading.locked():
            return
        try:
            new = await self.worker.run(reports.changed_since, self.state.position)
        except FunneltuiError as error:
            if not self._silent:  # told once, not three times a second
                self.tell(str(error), severity="error")
            self._silent = True
            return
        if self._silent:
            self._silent = False
            self.tell("the database answers again", severity="information")
        if new is not None and new.pipelines != self.context.pipelines_version:
            self.app.call_later(self.app.renew_pipelines, self.pipeline.key)  # type: ignore[attr-defined]
        elif new is not None:
            await self.reload()

    def _ensure_window(self, stage: str) -> None:
        """Read on when scrolling nears the end of what is read of a lane."""
        lane = self.state.lanes[stage]
        start = lane.wants(self.capacity)
        if start is not None:
            self.run_worker(self._read_window(stage, start), group=f"window-{stage}", exclusive=True)

    async def _read_window(self, stage: str, start: int) -> None:
        request = self.state.request(stage, self.capacity)
        wanted = reports.LaneRequest(stage, start, request.size)
        try:
            answer = await self.worker.run(
                reports.lane_window, self.state.pipeline, wanted, self.state.sort, self.condition
            )
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if self.state.take_lane(answer, self.capacity):
            self._views[stage].refresh()
            self._bottom.refresh()
