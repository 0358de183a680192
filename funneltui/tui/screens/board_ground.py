"""The board's ground: what it is made of, how it is laid out, how it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container

from funneltui.errors import FunneltuiError
from funneltui.services import reports
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.board_state import BoardState
from funneltui.tui.preferences import DEFAULT
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
    from funneltui.domain.funnel import Mode
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer, LaneAnswer, LaneRequest
    from funneltui.storage.deals import Condition
    from funneltui.storage.feed import Position
    from funneltui.tui.preferences import Preferences
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
        self,
        worker: Worker,
        context: Context,
        look: Look,
        pipeline: Pipeline,
        first: BoardAnswer | None = None,
        preferences: Preferences = DEFAULT,
    ) -> None:
        """Show a pipeline of the worker's workspace as the user prefers it, from a first reading if there is one."""
        super().__init__(worker, context, look)
        self.preferences = preferences
        self.state = BoardState.of(pipeline, preferences.funnel, preferences.today_days)
        self.first_lane = 0
        self.show_lost = False
        self.condition: Condition = EVERYTHING
        self._views = {key: LaneView(look, self.state, lane, context.clock) for key, lane in self.state.lanes.items()}
        for view in self._views.values():
            view.card_height = preferences.card_height
        self._top, self._bottom = TopBar(look, self.state, context), BottomBar(look, self.state, context)
        self._today = TodayPane(look, self.state, context.clock)
        self._funnel, self._line = FunnelPane(look, self.state), FunnelLine(look, self.state)
        self._note = Note(look)
        self._side = Container(self._today, self._funnel, id="side")
        self._middle = Container(Container(*self._views.values(), id="lanes"), self._side, id="middle")
        self._laid_out_for: tuple[int, int] = (0, 0)
        self._unpainted: set[str] = set()  # lanes that look different with the next reading, whatever that brings
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
            self.soon(self.reload(), "first reading", reading=True)
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    def on_resize(self) -> None:
        """Show as many lanes as fit."""
        if self._laid_out_for == tuple(self.cells):
            return
        self._lay_out()
        if self.state.loaded:
            self.call_after_refresh(self.settle)

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
                self._unpainted.add(deal.stage)
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
        width = self.cells.width - (self.side_width if self.has_side else 0)
        return max(1, min(len(self.shown_stages), width // LEAST_LANE))

    @property
    def has_side(self) -> bool:
        """Whether today and the funnel stand beside the lanes; hidden ones do for as long as today has the keys."""
        return self.cells.width >= WIDE and (self.preferences.side or self._today.active)

    @property
    def side_width(self) -> int:
        """The columns of the panes beside the lanes: as they are preferred, but no wider than leaves two lanes."""
        width = self.cells.width
        return min(self.preferences.side_width or (42 if width >= 160 else 32), self.most_side_width)

    @property
    def most_side_width(self) -> int:
        """The most columns that the panes beside the lanes can take."""
        return self.cells.width - 2 * LEAST_LANE

    def _lay_out(self) -> None:
        width, height = self._laid_out_for = self.cells
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(self.has_side, "-side")
        self.set_class(self._today.active and not self.has_side, "-today")
        if self.has_side:
            self._side.styles.width = self.side_width
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
        looked = {key: view.standing for key, view in self._views.items()}
        for key, view in self._views.items():
            view.display = key in visible
            view.more_left = self.first_lane if key == visible[0] else 0
            view.more_right = len(stages) - self.first_lane - fit if key == visible[-1] else 0
            view.largest = largest
        width = self.cells.width - (self.side_width if self.has_side else 0)
        beside = all(self._views[key].has_room_for_total(width // fit) for key in visible)
        for key, view in self._views.items():
            view.total_beside = beside
            if view.standing != looked[key]:
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
            back = "past.back" if self.state.as_of else "board.back"
            self._note.say("No deal matches.", "", f"[{back}] shows all again")
        elif nothing and self.state.as_of:
            self._note.say("No deal stood here then.", "", "[past.back] goes back to now")
        elif nothing:
            self._note.say(
                "There are no deals yet.", "", "[deal.new] adds the first one",
                "[app.import_file] brings those of another system", "", "[app.help] shows the keys",
            )  # fmt: skip

    def read_at(self) -> Position | None:
        """Give the feed's place at which the board was read."""
        return self.state.position

    async def ask_board(self, requests: Sequence[LaneRequest]) -> BoardAnswer:
        """Read what a board shows, with these windows of lanes."""
        state = self.state
        return await self.worker.run(
            reports.board, state.pipeline, requests, state.sort, self.condition, due_days=state.today_days
        )

    async def ask_lane(self, wanted: LaneRequest) -> LaneAnswer:
        """Read a window of a lane."""
        return await self.worker.run(reports.lane_window, self.state.pipeline, wanted, self.state.sort, self.condition)

    async def read_once(self) -> bool:
        """Read what is seen, and repaint what differs."""
        state = self.state
        requests = [state.request(key, self.capacity) for key in self.visible_stages]
        try:
            answer = await self.ask_board(requests)
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        self.take(answer)
        return True

    def take(self, answer: BoardAnswer) -> None:
        """Take over a reading and repaint what differs."""
        first = not self.state.loaded
        changed = self.state.take(answer, self.capacity)
        if first or self.state.filter_text:
            self._begin_where_deals_are()
            self._stale = self._stale or (self.state.deal is None and self.state.cursor_lane.count > 0)
        self._lay_out_lanes()
        for key in self.visible_stages:
            if key in changed or key in self._unpainted or first:
                self._views[key].refresh()
        self._unpainted.clear()
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
                self._unpainted.add(filled)

    def show_funnel(self, mode: Mode) -> None:
        """Draw the funnel in a mode."""
        self.state.mode = mode
        self._funnel.update()
        self._line.refresh()

    async def settle(self) -> None:
        """Keep the cursor in sight, and read on only where a lane now shows more than was read."""
        self.state.settle_cursor(self.capacity)
        for key in self.visible_stages:
            self._views[key].refresh()
        for key in self.visible_stages:
            lane = self.state.lanes[key]
            if lane.wanted_start(self.capacity) is not None or (lane.count and not lane.deals):
                await self.reload()
                return
