"""The board as it stood on a day of the past: to be looked at, day by day; nothing of it can be changed (G4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain import dates
from funneltui.errors import BadInput, FunneltuiError
from funneltui.services import as_of, past_boards, views
from funneltui.services.context import Clock
from funneltui.tui.actions import PAST, bindings
from funneltui.tui.screens.board import BoardScreen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Stage
    from funneltui.services.as_of import Point
    from funneltui.services.changes import Versions
    from funneltui.services.past_boards import PastBoard
    from funneltui.services.reports import BoardAnswer, LaneAnswer, LaneRequest
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action

_FOOTER = ("open", "earlier", "later", "as_of", "filter", "funnel", "back", "help")


class PastBoardScreen(BoardScreen, inherit_bindings=False):
    """Takes the keys that look, and none that changes something. The days are counted from the day that is shown."""

    ACTIONS: ClassVar[tuple[Action, ...]] = PAST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PAST)]

    def __init__(self, board: BoardScreen, point: Point) -> None:
        """Show the pipeline of a board as it stood at a point in time."""
        now = board.context
        self.now = now
        then = replace(now, clock=Clock(now.clock.zone, point.moment))
        super().__init__(board.worker, then, board.look, board.pipeline, preferences=board.preferences)
        self.point = point
        self.state.mode, self.state.sort = board.state.mode, board.state.sort
        self.state.filter_text = board.state.filter_text
        self.state.as_of = dates.echo(self._day, now.clock.today())
        by_name = {action.name: action for action in PAST if action.label}
        self._bottom.actions = [by_name[name] for name in _FOOTER]
        self._past: PastBoard | None = None
        self._past_of = ""

    @property
    def _day(self) -> date:
        return self.point.day or self.now.clock.local_day(self.point.moment)

    def read_at(self) -> Position | None:
        """Give none: the past waits for nobody's change."""
        return None

    async def _replayed(self) -> PastBoard:
        """Give the board as it stood, replayed once for the filter that is looked through."""
        text = self.state.filter_text
        if self._past is None or self._past_of != text:
            wanted = views.table_filter(self.context, self.pipeline, text)
            self._past = await self.worker.run(past_boards.past_board, self.pipeline, self.point, wanted)
            self._past_of = text
        return self._past

    async def ask_board(self, requests: Sequence[LaneRequest]) -> BoardAnswer:
        """Give what the board showed then."""
        past, days = await self._replayed(), self.state.today_days
        return await self.worker.run(past_boards.shown, past, requests, self.state.sort, due_days=days)

    async def ask_lane(self, wanted: LaneRequest) -> LaneAnswer:
        """Give a window of a lane."""
        past, sort = await self._replayed(), self.state.sort
        return await self.worker.run(
            lambda _: past_boards.lane(past, wanted, sort)
        )  # a lane of thousands is put in order

    def chosen(self) -> Versions | None:
        """Give none, and say why: the past is not changed."""
        self.tell("this is how it stood; go back to now to change something")
        return None

    async def move_into(self, stage: Stage, versions: Versions | None = None) -> None:
        """Move nothing, and say why."""
        self.chosen()

    async def action_open(self) -> None:
        """Open the deal as it is now: its history tells the rest."""
        deal: Deal | None = self.deal
        if deal is not None:
            await self.open_deal(deal.number)

    async def action_earlier(self) -> None:
        """The day before."""
        await self._go_to(self._day - timedelta(days=1))

    async def action_later(self) -> None:
        """The day after; from yesterday back to now."""
        await self._go_to(self._day + timedelta(days=1))

    async def _go_to(self, day: date) -> None:
        if day >= self.now.clock.today():
            self.dismiss()
            return
        await self.show_as_of(day.isoformat())

    async def show_as_of(self, text: str) -> None:
        """Show another point in time instead of this one."""
        try:
            point = as_of.read_point(self.now, text)
        except BadInput as error:
            self.tell(str(error))
            return
        self.point = point
        self.context = replace(self.now, clock=Clock(self.now.clock.zone, point.moment))
        self.state.as_of = dates.echo(self._day, self.now.clock.today())
        self._past = None
        for view in self._views.values():
            view.clock = self.context.clock
        self._today.clock = self.context.clock
        self._top.context = self._bottom.context = self.context
        self._unpainted.update(self._views)
        try:
            await self.reload()
        except FunneltuiError as error:
            self.tell(str(error))

    async def action_back(self) -> None:
        """Out of the filter or the pane; then back to now."""
        if self.filtered or self._today.active:
            await super().action_back()
        else:
            self.dismiss()
