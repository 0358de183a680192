"""Looking at the board in other ways: the funnel's mode, the order of lanes, density, lost deals, the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.funnel import Mode
from funneltui.errors import BadInput
from funneltui.storage.boards import Sort
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.screens.board_navigation import Navigation

if TYPE_CHECKING:
    from textual import events
    from textual.widgets import Input

    from funneltui.storage.deals import Condition

_TYPING_PAUSE = 0.06


class Looking(Navigation):
    """What changes the picture and no deal."""

    _filter_turn = 0

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

    async def action_list(self) -> None:
        """Show the deals as a table, and read the board anew afterwards."""
        from funneltui.tui.screens.list import ListScreen

        async def left(_: object) -> None:
            await self.reload()

        await self.app.push_screen(ListScreen(self.worker, self.context, self.look, self.state.pipeline), left)

    def action_review(self) -> None:
        """Review what waits."""
        self.app.show_review(self.state.pipeline)  # type: ignore[attr-defined]

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

    async def action_filter(self) -> None:
        """Type a filter; the line for it comes with its first use."""
        from textual.widgets import Input

        if self._filter is None:
            hint = "words, owner:me, stage:offered, is:overdue ...   enter keeps it, esc shows all"
            self._filter = Input(self.state.filter_text, id="filter", placeholder=hint, select_on_focus=False)
            self._filter.cursor_blink = False
            await self.mount(self._filter, before=self._bottom)
        self._filter.display = True
        self._bottom.display = False
        self.set_focus(self._filter)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter in place, as it is typed."""
        self._filter_turn += 1
        turn, text = self._filter_turn, event.value
        self.set_timer(_TYPING_PAUSE, lambda: self._apply_filter(turn, text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the board."""
        self._filter_turn += 1
        self._apply_filter(self._filter_turn, event.value, finished=True)
        self._leave_filter()

    async def on_key(self, event: events.Key) -> None:
        """Escape in the filter shows all again; a digit after `m` chooses the stage."""
        if event.key == "escape" and self._filter is not None and self._filter.has_focus:
            event.stop()
            await self.action_back()
        elif self._bottom.choosing_stage:
            event.stop()
            await self.choose_stage(event.character or "")

    async def choose_stage(self, digit: str) -> None:
        """Take the digit of a stage; the class that moves deals says how."""
        raise NotImplementedError

    def _leave_filter(self) -> None:
        if self._filter is not None:
            self._filter.display = False
        self._bottom.display = True
        self.set_focus(None)

    def _apply_filter(self, turn: int, text: str, *, finished: bool = False) -> None:
        if turn != self._filter_turn or text.strip() == self.state.filter_text:
            return
        try:
            self.condition = self._condition_of(text)
        except BadInput as error:
            if finished:  # while it is being typed a filter is wrong most of the time
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

        today, pipeline = self.context.clock.today(), self.state.pipeline
        parsed = filter_parser.parse(text, today, self.context.order, pipeline.currency, pipelines=(pipeline,))
        return filtering.condition(
            parsed, actor_id=self.context.actor.id, today=today, zone=self.context.clock.zone, pipelines=(pipeline,)
        )

    async def action_back(self) -> None:
        """Out of whatever one is in: the choice of a stage, the filter, the today pane, the marks."""
        typing = self._filter is not None and self._filter.display
        if self._bottom.choosing_stage:
            await self.choose_stage("")
        elif typing or self.state.filter_text:
            if self._filter is not None:
                self._filter.value = ""
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


_SORT_WORDS = {
    Sort.DUE: "due date",
    Sort.AMOUNT: "amount",
    Sort.TITLE: "title",
    Sort.AGE: "time in stage",
    Sort.CREATED: "newest first",
}
