"""Going about the board: by key and by mouse, along lanes and in the today pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError
from funneltui.services import reports
from funneltui.tui.screens.board_ground import BoardGround

if TYPE_CHECKING:
    from funneltui.tui.widgets.followups import TodayPane
    from funneltui.tui.widgets.lane import LaneView


class Navigation(BoardGround):
    """The cursor's keys; a step repaints two cards and the line that tells of the deal."""

    def action_today(self) -> None:
        """Give the keys to the today pane, or take them back; where it is not beside the lanes it comes for that long."""
        self._today.activate(active=not self._today.active)
        self._lay_out()

    def show_today(self) -> None:
        """Give the keys to the today pane, if it has them not yet."""
        if not self._today.active:
            self.action_today()

    def leave_today(self) -> None:
        """Take the keys back from the today pane, if it has them."""
        if self._today.active:
            self.action_today()

    @property
    def place(self) -> int:
        """The place of the cursor in its lane."""
        return self.state.cursor_place

    async def step_from(self, number: int, steps: int) -> int | None:
        """Step along the lane, or along today's follow-ups when the cursor is there."""
        if not self._today.active:
            return await super().step_from(number, steps)
        before = self._today.deal
        self._today.go(steps)
        deal = self._today.deal
        return deal.number if deal is not None and deal != before else None

    def go(self, place: int) -> None:
        """Put the cursor on a place of its lane, as far as there are places."""
        state, view = self.state, self._views[self.state.cursor_stage]
        before = state.cursor_place
        place = max(0, min(place, state.cursor_lane.count - 1))
        scrolled = state.cursor_lane.scroll_to(place, self.capacity)
        state.cursor_place = place
        deal = state.deal
        state.cursor_number = deal.number if deal else None
        if scrolled:
            view.refresh()
        elif place != before:
            view.refresh_card(before)
            view.refresh_card(place)
        self._bottom.refresh()
        self._ensure_window(state.cursor_stage)

    def _go_to_lane(self, stage: str, place: int | None = None) -> None:
        state = self.state
        if stage == state.cursor_stage:
            return
        row = state.cursor_place - state.cursor_lane.top
        self._views[state.cursor_stage].refresh_card(state.cursor_place)
        state.cursor_stage = stage
        state.cursor_place = max(
            0, min(state.cursor_lane.top + row if place is None else place, state.cursor_lane.count - 1)
        )
        deal = state.deal
        state.cursor_number = deal.number if deal else None
        if stage not in self.visible_stages:
            self._lay_out()
            self.soon(self.reload(), "reading other lanes", reading=True)
        self._views[stage].refresh_card(state.cursor_place)
        self._bottom.refresh()

    def _step_lane(self, steps: int) -> None:
        stages = self.shown_stages
        index = stages.index(self.state.cursor_stage) + steps
        if 0 <= index < len(stages):
            self._go_to_lane(stages[index])

    def action_down(self) -> None:
        """Next deal."""
        if self._today.active:
            self._today.go(1)
        else:
            self.go(self.state.cursor_place + 1)

    def action_up(self) -> None:
        """Previous deal."""
        if self._today.active:
            self._today.go(-1)
        else:
            self.go(self.state.cursor_place - 1)

    def action_left(self) -> None:
        """Lane to the left."""
        if self._today.active:
            self.action_today()
        else:
            self._step_lane(-1)

    def action_right(self) -> None:
        """Lane to the right."""
        if not self._today.active:
            self._step_lane(1)

    def action_first(self) -> None:
        """First deal."""
        if self._today.active:
            self._today.go(-len(self._today.deals))
        else:
            self.go(0)

    def action_last(self) -> None:
        """Last deal."""
        if self._today.active:
            self._today.go(len(self._today.deals))
        else:
            self.go(self.state.cursor_lane.count - 1)

    def action_page_down(self) -> None:
        """A page down."""
        if self._today.active:
            self._today.go(self._today.capacity)
        else:
            self.go(self.state.cursor_place + self.capacity)

    def action_page_up(self) -> None:
        """A page up."""
        if self._today.active:
            self._today.go(-self._today.capacity)
        else:
            self.go(self.state.cursor_place - self.capacity)

    async def on_lane_view_chosen(self, message: LaneView.Chosen) -> None:
        """A card was clicked: the cursor goes there; a second click opens it."""
        self.leave_today()
        if message.stage == self.state.cursor_stage and message.place == self.state.cursor_place:
            if self.state.cursor_number is not None:
                await self.open_deal(self.state.cursor_number)
            return
        self._go_to_lane(message.stage, message.place)
        self.go(message.place)

    def on_lane_view_scrolled(self, message: LaneView.Scrolled) -> None:
        """The wheel scrolls a lane; the cursor stays where it is seen."""
        lane = self.state.lanes[message.stage]
        top = max(0, min(lane.top + message.steps, lane.count - self.capacity))
        if top == lane.top:
            return
        lane.top = top
        if message.stage == self.state.cursor_stage:
            self.go(max(top, min(self.state.cursor_place, top + self.capacity - 1)))
        self._views[message.stage].refresh()
        self._ensure_window(message.stage)

    def on_lane_view_paged(self, message: LaneView.Paged) -> None:
        """The sign for more lanes was clicked."""
        stages = self.shown_stages
        self.leave_today()
        self._go_to_lane(stages[max(0, min(stages.index(message.stage) + message.steps, len(stages) - 1))])

    async def on_today_pane_chosen(self, message: TodayPane.Chosen) -> None:
        """An entry of the today pane was clicked."""
        await self.open_deal(message.number)

    def _ensure_window(self, stage: str) -> None:
        """Read on when scrolling nears the end of what is read of a lane."""
        lane = self.state.lanes[stage]
        start = lane.wanted_start(self.capacity)
        if start is not None:
            self.soon(self._read_window(stage, start), group=f"window-{stage}", exclusive=True, reading=True)

    async def _read_window(self, stage: str, start: int) -> None:
        request = self.state.request(stage, self.capacity)
        wanted = reports.LaneRequest(stage, start, request.size)
        try:
            answer = await self.ask_lane(wanted)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if self.state.take_lane(answer, self.capacity):
            self._views[stage].refresh()
            self._bottom.refresh()
