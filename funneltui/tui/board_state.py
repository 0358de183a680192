"""What the board knows, without a screen: lanes as windows, a cursor that holds on to its deal, marks, totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.domain import funnel
from funneltui.domain.funnel import Figure, Mode
from funneltui.services.reports import LaneRequest
from funneltui.storage.boards import Due, Sort
from funneltui.tui.row_window import RowWindow, window_size

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.funnel import Funnel, Tally
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.reports import BoardAnswer, LaneAnswer
    from funneltui.storage.feed import Position


@dataclass(slots=True)
class Lane(RowWindow["Deal"]):
    """One lane: how many deals it holds and their sum, and the window of them that is read.

    `others` tells that deals in other currencies stand here too, whose amounts are not in the sum.
    """

    stage: Stage
    figure: Figure = field(default_factory=Figure)
    others: bool = False

    @property
    def count(self) -> int:
        """How many deals stand in the lane."""
        return self.figure.count

    @property
    def total(self) -> int:
        """As many: the whole list of a lane."""
        return self.count

    @property
    def deals(self) -> tuple[Deal, ...]:
        """The deals that are read."""
        return self.rows


@dataclass(slots=True)
class BoardState:
    """The board of one pipeline, as last read; today's follow-ups are those of so many days ahead.

    `waiting` is how many entries of the inbox wait.
    """

    pipeline: Pipeline
    lanes: dict[str, Lane]
    cursor_stage: str
    cursor_place: int = 0
    cursor_number: int | None = None
    marked: dict[int, int] = field(default_factory=dict)
    sort: Sort = Sort.DUE
    mode: Mode = Mode.CONVERSION
    today_days: int = 7
    filter_text: str = ""
    as_of: str = ""
    due: Due = field(default_factory=lambda: Due((), 0, 0, 0))
    position: Position | None = None
    tallies: tuple[Tally, ...] = ()
    waiting: int = 0
    loaded: bool = False

    @classmethod
    def of(cls, pipeline: Pipeline, mode: Mode, today_days: int) -> BoardState:
        """Give the state of a board that has read nothing yet."""
        lanes = {stage.key: Lane(stage) for stage in pipeline.board_order}
        return cls(pipeline, lanes, pipeline.first.key, mode=mode, today_days=today_days)

    @property
    def cursor_lane(self) -> Lane:
        """The lane that the cursor stands in."""
        return self.lanes[self.cursor_stage]

    @property
    def deal(self) -> Deal | None:
        """The deal under the cursor."""
        return self.cursor_lane.at(self.cursor_place)

    @property
    def funnel(self) -> Funnel:
        """The funnel in the mode chosen."""
        return funnel.compute(self.pipeline, self.tallies, self.mode)

    def request(self, stage: str, visible: int) -> LaneRequest:
        """Give what to ask of a lane: its window, around the cursor's deal where the cursor is."""
        lane = self.lanes[stage]
        anchor = self.cursor_number if stage == self.cursor_stage else None
        size = window_size(visible)
        start = max(0, lane.top - (size - visible) // 2)
        return LaneRequest(stage, start, size, anchor)

    def take(self, answer: BoardAnswer, visible: int) -> set[str]:
        """Take over a new reading of the board, and give the lanes that look different now."""
        totals = lane_figures(answer.pipeline, answer.tallies)
        changed: set[str] = set()
        self.tallies, self.due, self.position, self.loaded = answer.tallies, answer.due, answer.position, True
        self.waiting = answer.waiting
        for key, lane in self.lanes.items():
            figure, others = totals.get(key, (Figure(), False))
            if (figure, others) != (lane.figure, lane.others):
                lane.figure, lane.others = figure, others
                changed.add(key)
        for one in answer.lanes:
            if self.take_lane(one, visible):
                changed.add(one.stage)
        return changed

    def take_lane(self, answer: LaneAnswer, visible: int) -> bool:
        """Take over a new window of one lane, keep the cursor on its deal, and tell whether the lane looks different."""
        lane = self.lanes[answer.stage]
        before = (lane.start, lane.deals, lane.top, self.cursor_place)
        lane.start, lane.rows = answer.window.start, answer.window.deals
        lane.top = max(0, min(lane.top, lane.count - visible))
        if answer.stage == self.cursor_stage:
            if answer.anchor_place is not None:
                self.cursor_place = answer.anchor_place
            self.settle_cursor(visible)
        return before != (lane.start, lane.deals, lane.top, self.cursor_place)

    def settle_cursor(self, visible: int) -> None:
        """Hold the cursor within its lane, scroll to it, and remember the deal under it."""
        lane = self.cursor_lane
        self.cursor_place = max(0, min(self.cursor_place, lane.count - 1))
        lane.scroll_to(self.cursor_place, visible)
        deal = self.deal
        if deal is not None:
            self.cursor_number = deal.number
        elif not lane.count:
            self.cursor_number = None


def lane_figures(pipeline: Pipeline, tallies: tuple[Tally, ...]) -> dict[str, tuple[Figure, bool]]:
    """Give each stage's deals, with their sum in the pipeline's currency, and whether others stand beside them."""
    kinds = {stage.key: stage.kind.value for stage in pipeline.stages}
    figures: dict[str, tuple[Figure, bool]] = {}
    for tally in tallies:
        if kinds.get(tally.stage) != tally.outcome.value:
            continue
        figure, others = figures.get(tally.stage, (Figure(), False))
        same = tally.currency == pipeline.currency
        amount = figure.amount + (tally.amount if same else 0)
        figures[tally.stage] = (Figure(figure.count + tally.count, amount), others or not same)
    return figures
