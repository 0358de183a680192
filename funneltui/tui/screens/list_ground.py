"""The list's ground: what it is made of, how it reads windows of its deals, how it learns of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError
from funneltui.services import views
from funneltui.services.open_chances import OpenChances
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.list_actions import LIST
from funneltui.tui.list_state import ListState
from funneltui.tui.row_window import window_size
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH, POLL_SECONDS
from funneltui.tui.screens.list_estimating import ListEstimating
from funneltui.tui.widgets.list_bars import ListBottom, ListTop, Tabs
from funneltui.tui.widgets.note import Note
from funneltui.tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.views import View
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition
    from funneltui.storage.feed import Position
    from funneltui.tui.list_state import Behind
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

AIRY = 30
"""From so many lines on there is one to spare between the tabs and the table."""


class ListGround(ListEstimating):
    """Shows the deals of one pipeline as a table; reads through the worker, never by itself."""

    def __init__(
        self,
        worker: Worker,
        context: Context,
        look: Look,
        pipeline: Pipeline,
        filter_text: str = "",
        behind: Behind | None = None,
    ) -> None:
        """Show a pipeline of the worker's workspace, at first through a filter; or only the deals behind a figure."""
        super().__init__(worker, context, look)
        self.state = ListState(pipeline)
        self.kept = OpenChances(pipeline)
        self.state.view = replace(self.state.view, filter_text=filter_text)
        self.opened_with, self.state.behind = filter_text, behind
        self.condition: Condition = EVERYTHING
        self.saved: list[View] = []
        self._table = Table(look, self.state, context.clock)
        self._top, self._tabs = ListTop(look, self.state, context), Tabs(look, self.state)
        self._bottom = ListBottom(look, self.state, LIST)
        self._note = Note(look)

    def compose(self) -> ComposeResult:
        """Lay out bar, tabs, table, bar."""
        yield from (self._top, self._tabs, self._note, self._table, self._bottom)

    def on_mount(self) -> None:
        """Read the list; then look for other people's changes from time to time."""
        self.condition = self.condition_of(self.state.view.filter_text)
        self.soon(self.reload(), "first reading of the list", reading=True)
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    def on_resize(self) -> None:
        """Show as many rows as fit."""
        small = self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(self.size.height >= AIRY, "-airy")
        self._note.display = small
        if small:
            self._note.say(
                f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT}", f"this is {self.size.width}x{self.size.height}"
            )
        if self.state.loaded:
            self.call_after_refresh(self._settle_anew)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._table, self._top, self._tabs, self._bottom, self._note):
            widget.show_look(look)

    @property
    def pipeline(self) -> Pipeline:
        """The list's pipeline."""
        return self.state.pipeline

    def read_at(self) -> Position | None:
        """Give the feed's place at which the list was read."""
        return self.state.position

    @property
    def deal(self) -> Deal | None:
        """The deal under the cursor."""
        return self.state.deal

    @property
    def marked(self) -> dict[int, int]:
        """The marks."""
        return self.state.marked

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Show the digits of the stages in the bottom bar, or the keys again."""
        self._bottom.choose_stage(pipeline)

    def follow(self, changed: Sequence[Deal]) -> None:
        """Let the cursor go to a deal that was changed."""
        if len(changed) == 1:
            self.state.number = changed[0].number

    def show_marks(self) -> None:
        """Repaint the rows with their marks."""
        self._table.refresh()
        self._top.refresh()

    def condition_of(self, text: str) -> Condition:
        """Give the condition of a filter; BadInput when it cannot be read."""
        wanted = views.table_condition(self.context, self.state.pipeline, text)
        return wanted if self.state.behind is None else self.state.behind.condition & wanted

    async def read_once(self) -> bool:
        """Read what is seen with the counts, and repaint."""
        state, visible = self.state, self._table.capacity
        turn = state.turn
        try:
            await self.put_in_order()
            answer = await self.worker.run(
                views.list_window, state.pipeline, self.condition, state.sort, state.view.descending,
                state.first_start(visible), window_size(visible), tab=state.view.tab, anchor=state.number,
            )  # fmt: skip
            chances = await self.chances_of(answer.deals)
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        if turn == state.turn:
            state.chances = chances
            state.take(answer, self._table.capacity)
            self.repaint()
            self._read_on()
        self.estimate_on()
        return True

    def say_of_chances(self) -> None:
        """Repaint the bar that says what there is to say of the chances."""
        self._top.refresh()

    def repaint(self) -> None:
        """Paint everything; what looks as before is not sent."""
        for widget in (self._table, self._top, self._tabs, self._bottom):
            widget.refresh()

    def _settle_anew(self) -> None:
        self.state.go(self.state.place, self._table.capacity)
        self.repaint()
        self._read_on()

    def _read_on(self) -> None:
        """Read further when what is seen comes near the end of what is read."""
        start = self.state.wanted_start(self._table.capacity)
        if start is not None:
            self.soon(self._read_rows(start), group="rows", exclusive=True, reading=True)

    async def _read_rows(self, start: int) -> None:
        state, turn = self.state, self.state.turn
        try:
            rows = await self.worker.run(
                views.list_rows, state.pipeline, self.condition, state.sort, state.view.descending, start,
                window_size(self._table.capacity), tab=state.view.tab,
            )  # fmt: skip
            chances = await self.chances_of(rows)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if turn == state.turn:
            state.chances = chances
            state.take_rows(start, rows)
            self._table.refresh()
            self._bottom.refresh()
