"""The board: lanes of deals, today's follow-ups, the live funnel; every key of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from funneltui.domain.funnel import Mode
from funneltui.errors import BadInput, FunneltuiError, RuleBroken
from funneltui.services import deals, moves, reports
from funneltui.storage.boards import Sort
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.actions import BOARD, bindings
from funneltui.tui.board_state import BoardState
from funneltui.tui.widgets.bars import BottomBar, TopBar
from funneltui.tui.widgets.followups import TodayPane
from funneltui.tui.widgets.funnel import FunnelLine, FunnelPane
from funneltui.tui.widgets.lane import LaneView

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
    from funneltui.storage.deals import Condition
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

LEAST_LANE = 22
LEAST_WIDTH, LEAST_HEIGHT = 40, 10
WIDE = 100
POLL_SECONDS = 0.3


class BoardScreen(Screen[None]):
    """Shows one pipeline and takes the keys; reads and writes through the worker, never by itself."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BOARD)]

    def __init__(self, worker: Worker, context: Context, look: Look, pipeline: Pipeline) -> None:
        """Show a pipeline of the worker's workspace."""
        super().__init__()
        self.worker, self.context, self.look = worker, context, look
        self.state = BoardState.of(pipeline)
        self.first_lane = 0
        self.show_lost = False
        self.condition: Condition = EVERYTHING
        self._views = {key: LaneView(look, self.state, lane, context.clock) for key, lane in self.state.lanes.items()}
        self._top, self._bottom = TopBar(look, self.state, context), BottomBar(look, self.state, context)
        self._today = TodayPane(look, self.state, context.clock)
        self._funnel, self._line = FunnelPane(look, self.state), FunnelLine(look, self.state)
        self._reading = asyncio.Lock()
        self._stale = False
        self._filter_turn = 0

    # -- laying out ---------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out bar, lanes, panes, bar."""
        yield self._top
        yield Static(id="empty")
        with Container(id="middle"):
            with Container(id="lanes"):
                yield from self._views.values()
            with Container(id="side"):
                yield self._today
                yield self._funnel
        yield self._line
        field = Input(
            id="filter", placeholder="words, owner:me, stage:offered, is:overdue ... enter keeps, esc shows all"
        )
        field.cursor_blink = False
        yield field
        yield self._bottom

    def on_mount(self) -> None:
        """Read the board, then look for other people's changes from time to time."""
        self._lay_out()
        self.run_worker(self.reload(), name="first reading")
        self.set_interval(POLL_SECONDS, self._look_for_changes)

    def on_resize(self) -> None:
        """Show as many lanes as fit."""
        self._lay_out()
        if self.state.loaded:
            self.state.settle_cursor(self.capacity)
            self.run_worker(self.reload(), name="reading after a resize", group="resize", exclusive=True)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (*self._views.values(), self._top, self._bottom, self._today, self._funnel, self._line):
            widget.show_look(look)

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

    def _lanes_that_fit(self) -> int:
        width = self.size.width - (self._side_width() if self.size.width >= WIDE else 0)
        return max(1, min(len(self.shown_stages), width // LEAST_LANE))

    def _side_width(self) -> int:
        return 42 if self.size.width >= 160 else 32

    def _lay_out(self) -> None:
        small = self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(self.size.width >= WIDE, "-wide")
        if self.size.width >= WIDE:
            self.query_one("#side").styles.width = self._side_width()
            self._funnel.styles.height = self._funnel.wanted_height(self.size.height - 2)
        else:
            self.query_one("#side").styles.width = None
        stages, fit = self.shown_stages, self._lanes_that_fit()
        place = stages.index(self.state.cursor_stage) if self.state.cursor_stage in stages else 0
        self.first_lane = max(0, min(self.first_lane, place, len(stages) - fit))
        self.first_lane = max(self.first_lane, place - fit + 1)
        for key, view in self._views.items():
            view.display = key in self.visible_stages
        visible = self.visible_stages
        for key in visible:
            view = self._views[key]
            left = self.first_lane if key == visible[0] else 0
            right = len(stages) - self.first_lane - fit if key == visible[-1] else 0
            if (left, right) != (view.more_left, view.more_right):
                view.more_left, view.more_right = left, right
                view.refresh()
        self._say_empty(small=small)

    def _say_empty(self, *, small: bool) -> None:
        empty = self.query_one("#empty", Static)
        if small:
            empty.update(
                Content(
                    f"The board needs {LEAST_WIDTH}x{LEAST_HEIGHT} cells;\nthis is {self.size.width}x{self.size.height}."
                )
            )
            return
        nothing = self.state.loaded and not any(lane.count for lane in self.state.lanes.values())
        empty.display = nothing
        self.query_one("#middle").display = not nothing
        if nothing and self.state.filter_text:
            empty.update(Content.assemble("No deal matches.\n\n", ("esc", "bold"), " shows all again"))
        elif nothing:
            empty.update(
                Content.assemble(
                    "There are no deals yet.\n\n", ("n", "bold"), " adds the first one\n",
                    "funneltui import FILE.csv", " brings those of another system\n\n", ("?", "bold"), " shows the keys",
                )
            )  # fmt: skip

    # -- reading ------------------------------------------------------------------------------------------------------

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

    def take(self, answer: reports.BoardAnswer) -> None:
        """Take over a reading and repaint what differs."""
        first = not self.state.loaded
        changed = self.state.take(answer, self.capacity)
        largest = max([lane.count for key, lane in self.state.lanes.items() if key in self.shown_stages], default=1)
        for key in self.visible_stages:
            view = self._views[key]
            if key in changed or view.largest != largest or first:
                view.largest = largest
                view.refresh()
        self._today.update()
        self._funnel.update()
        self._line.refresh()
        self._top.refresh()
        self._bottom.refresh()
        self._say_empty(small=self.has_class("-small"))
        if first:
            self._find_first_deal()

    def _find_first_deal(self) -> None:
        if self.state.deal is None:
            filled = next((key for key in self.shown_stages if self.state.lanes[key].count), None)
            if filled:
                self._go_to_lane(filled)

    async def _look_for_changes(self) -> None:
        if self.state.position is None or self._reading.locked():
            return
        try:
            new = await self.worker.run(reports.changed_since, self.state.position)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if new is not None:
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

    # -- going about --------------------------------------------------------------------------------------------------

    def _go(self, place: int) -> None:
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
            self.run_worker(self.reload(), name="reading other lanes")
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
            self._go(self.state.cursor_place + 1)

    def action_up(self) -> None:
        """Previous deal."""
        if self._today.active:
            self._today.go(-1)
        else:
            self._go(self.state.cursor_place - 1)

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
            self._go(0)

    def action_last(self) -> None:
        """Last deal."""
        if self._today.active:
            self._today.go(len(self._today.deals))
        else:
            self._go(self.state.cursor_lane.count - 1)

    def action_page_down(self) -> None:
        """A page down."""
        if self._today.active:
            self._today.go(self._today.capacity)
        else:
            self._go(self.state.cursor_place + self.capacity)

    def action_page_up(self) -> None:
        """A page up."""
        if self._today.active:
            self._today.go(-self._today.capacity)
        else:
            self._go(self.state.cursor_place - self.capacity)

    def on_lane_view_chosen(self, message: LaneView.Chosen) -> None:
        """A card was clicked: the cursor goes there; a second click opens it."""
        if message.stage == self.state.cursor_stage and message.place == self.state.cursor_place:
            self.action_open()
            return
        self._go_to_lane(message.stage, message.place)
        self._go(message.place)

    def on_lane_view_scrolled(self, message: LaneView.Scrolled) -> None:
        """The wheel scrolls a lane; the cursor stays where it is seen."""
        lane = self.state.lanes[message.stage]
        top = max(0, min(lane.top + message.steps, lane.count - self.capacity))
        if top == lane.top:
            return
        lane.top = top
        if message.stage == self.state.cursor_stage:
            self._go(max(top, min(self.state.cursor_place, top + self.capacity - 1)))
        self._views[message.stage].refresh()
        self._ensure_window(message.stage)

    def on_today_pane_chosen(self, message: TodayPane.Chosen) -> None:
        """An entry of the today pane was clicked."""
        self._open(message.number)

    # -- looking ------------------------------------------------------------------------------------------------------

    def action_funnel(self) -> None:
        """Switch the funnel's mode."""
        self.state.mode = Mode.STANDARD if self.state.mode is Mode.CONVERSION else Mode.CONVERSION
        self._funnel.update()
        self._line.refresh()

    def action_sort(self) -> None:
        """The next order of the lanes."""
        orders = list(Sort)
        self.state.sort = orders[(orders.index(self.state.sort) + 1) % len(orders)]
        self.tell(f"lanes by {_SORT_WORDS[self.state.sort]}", severity="information")
        self.run_worker(self.reload())

    def action_today(self) -> None:
        """Give the keys to the today pane, or take them back; on a small screen it lies over the board."""
        active = not self._today.active
        self._today.activate(active=active)
        if not self.has_class("-wide") or self.has_class("-today"):
            self.set_class(active, "-today")

    def action_lost(self) -> None:
        """Show or hide the lanes of lost deals."""
        self.show_lost = not self.show_lost
        if self.state.cursor_stage not in self.shown_stages:
            self._go_to_lane(self.shown_stages[-1])
        self._lay_out()
        self.run_worker(self.reload())

    def action_density(self) -> None:
        """Cards of one line, or of two."""
        for view in self._views.values():
            view.card_height = 3 - view.card_height
        self.state.settle_cursor(self.capacity)
        for view in self._views.values():
            view.refresh()
        self.run_worker(self.reload())

    def action_filter(self) -> None:
        """Type a filter."""
        field = self.query_one("#filter", Input)
        field.display = True
        self._bottom.display = False
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter in place, as it is typed."""
        if event.input.id == "filter":
            self._filter_turn += 1
            self.set_timer(0.06, lambda turn=self._filter_turn: self._apply_filter(turn, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the board."""
        if event.input.id == "filter":
            self._filter_turn += 1
            self._apply_filter(self._filter_turn, event.value)
            self._leave_filter()

    def on_key(self, event: events.Key) -> None:
        """Escape in the filter shows all again; a digit after `m` chooses the stage."""
        if event.key == "escape" and self.query_one("#filter", Input).has_focus:
            event.stop()
            self.action_back()
        elif self._bottom.choosing_stage:
            event.stop()
            self._choose_stage(event.character or "")

    def _leave_filter(self) -> None:
        self.query_one("#filter", Input).display = False
        self._bottom.display = True
        self.set_focus(None)

    def _apply_filter(self, turn: int, text: str) -> None:
        if turn != self._filter_turn or text == self.state.filter_text:
            return
        try:
            self.condition = self._condition_of(text)
        except BadInput as error:
            if not self.query_one("#filter", Input).has_focus or text.endswith(" "):
                self.tell(str(error))
            return
        self.state.filter_text = text.strip()
        for lane in self.state.lanes.values():
            lane.top = 0
        self.run_worker(self.reload())

    def _condition_of(self, text: str) -> Condition:
        if not text.strip():
            return EVERYTHING
        from funneltui.domain import filter_parser
        from funneltui.storage import filtering

        today = self.context.clock.today()
        pipeline = self.state.pipeline
        parsed = filter_parser.parse(text, today, self.context.order, pipeline.currency, pipelines=(pipeline,))
        return filtering.condition(
            parsed, actor_id=self.context.actor.id, today=today, zone=self.context.clock.zone,
            pipelines=(self.state.pipeline,),
        )  # fmt: skip

    def action_back(self) -> None:
        """Out of whatever one is in: the choice of a stage, the today pane, the filter, the marks."""
        field = self.query_one("#filter", Input)
        if self._bottom.choosing_stage:
            self._choose_stage("")
        elif field.display or self.state.filter_text:
            self._filter_turn += 1
            field.value = ""
            self._leave_filter()
            self._filter_turn += 1
            self._apply_filter(self._filter_turn, "")
        elif self._today.active:
            self.action_today()
        elif self.state.marked:
            self.state.marked.clear()
            for view in self._views.values():
                view.refresh()
            self._top.refresh()

    # -- deals --------------------------------------------------------------------------------------------------------

    def tell(self, message: str, severity: str = "warning") -> None:
        """Say something in a corner of the screen."""
        self.app.notify(message, severity=severity, markup=False, timeout=6)  # type: ignore[arg-type]

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
            self._open(deal.number)

    def _open(self, number: int) -> None:
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

        self.app.push_screen(FollowUpDialog(self.context, self.state.pipeline, deal), said)

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

    # -- moving -------------------------------------------------------------------------------------------------------

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

    def _choose_stage(self, digit: str) -> None:
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

        await self._do(move, f"{len(numbers)} deals moved to {stage.name}" if len(numbers) > 1 else "")


_SORT_WORDS = {
    Sort.DUE: "due date",
    Sort.AMOUNT: "amount",
    Sort.TITLE: "title",
    Sort.AGE: "time in stage",
    Sort.CREATED: "newest first",
}
