"""What the list knows, without a screen: a window of its deals, a cursor that holds on to its deal, how it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.domain.views import FIRST_VIEW, ROOM_LEFT, AnyColumn, Column, FieldColumn, Placed, View
from funneltui.services.open_chances import UNKNOWN
from funneltui.storage.list_orders import AnySort, ListSort, field_sort
from funneltui.tui.row_window import CursorWindow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.chances import Chance
    from funneltui.services.views import ListWindow
    from funneltui.storage.deals import Condition
    from funneltui.storage.feed import Position
    from funneltui.storage.list_orders import FigureSort

GUTTER = 3
"""The cells before the first column: the cursor's bar, the mark, a blank."""

GAP = 2
"""The cells between two columns."""

_LEAST_ROOM_LEFT = 29
"""So the first view shows all columns up to the expected close in 120 cells, and every one in 200."""

_LEAST_PART = 8


def more(columns: int) -> str:
    """Give the sign that so many columns stand further to the right; none for none."""
    return f" {columns}›" if columns else ""


@dataclass(frozen=True, slots=True)
class Behind:
    """The deals behind a figure: those of a condition, and words for what they have in common."""

    words: str
    condition: Condition


@dataclass(slots=True)
class ListState(CursorWindow["Deal"]):
    """The list of one pipeline, as last read. `turn` grows whenever what is shown becomes another list.

    `chances` are those of the deals that are read, as far as they are known; `by_chance` is the order by the chances of all,
    and `chance_words` says what there is to say of them: that they are being estimated, or why there are none.
    """

    pipeline: Pipeline
    view: View = FIRST_VIEW
    column: AnyColumn = FIRST_VIEW.sort
    left: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    marked: dict[int, int] = field(default_factory=dict)
    position: Position | None = None
    turn: int = 0
    loaded: bool = False
    behind: Behind | None = None
    chances: Mapping[int, Chance] = field(default_factory=dict)
    by_chance: FigureSort = UNKNOWN
    chance_words: str = ""
    _seen: tuple[View, AnyColumn, int, list[Placed]] | None = None

    @property
    def total(self) -> int:
        """How many deals the list holds on its tab."""
        return self.count_of(self.view.tab)

    def count_of(self, tab: str) -> int:
        """Give how many deals a tab holds: a stage's, or with an empty key all."""
        return self.counts.get(tab, 0) if tab else sum(self.counts.values())

    @property
    def tabs(self) -> list[tuple[str, str]]:
        """The tabs, each a stage's key with its name; the first one is all (D10)."""
        return [("", "All"), *((stage.key, stage.name) for stage in self.pipeline.board_order)]

    @property
    def sort(self) -> AnySort:
        """What the storage sorts by."""
        column = self.view.sort
        if isinstance(column, FieldColumn):
            return field_sort(column.key, [self.pipeline]) or ListSort.NUMBER
        return self.by_chance if column is Column.CHANCE else ListSort(column.value)

    @property
    def is_by_chance(self) -> bool:
        """Whether the list is sorted by the chance to win."""
        return self.view.sort is Column.CHANCE

    @property
    def wants_chances(self) -> bool:
        """Whether chances are shown, or sorted by."""
        return self.is_by_chance or self.view.shows(Column.CHANCE)

    @property
    def deal(self) -> Deal | None:
        """The deal under the cursor."""
        return self.row

    @property
    def deals(self) -> tuple[Deal, ...]:
        """The deals that are read."""
        return self.rows

    def number_of(self, row: Deal) -> int:
        """Give a deal's number."""
        return row.number

    def look(self, view: View) -> None:
        """Look at the list in another way, as far as its pipeline can be; the cursor stays with a column that is shown."""
        view = view.within(self.pipeline)
        if (view.sort, view.descending, view.filter_text, view.tab) != (
            self.view.sort, self.view.descending, self.view.filter_text, self.view.tab,
        ):  # fmt: skip
            self.turn += 1
            self.top = self.place = 0
        self.view = view
        if not view.shows(self.column):
            self.column = view.columns[min(self.left, len(view.columns) - 1)].column

    def change_pipeline(self, pipeline: Pipeline) -> None:
        """Show the pipeline as it is now, or another one; a tab whose stage is gone gives way to that of all deals."""
        self.pipeline = pipeline
        self.look(self.view)

    def take(self, answer: ListWindow, visible: int) -> None:
        """Take over a new reading, and keep the cursor on its deal."""
        self.counts, self.position, self.loaded = answer.counts, answer.position, True
        self.take_window(answer.start, answer.deals, answer.anchor_place, visible)

    def step_column(self, steps: int) -> None:
        """Put the column cursor so many columns further on, as far as there are columns."""
        columns = self.view.columns
        place = max(0, min(self.view.place_of(self.column) + steps, len(columns) - 1))
        self.column = columns[place].column

    def step_tab(self, steps: int) -> str:
        """Give the tab so many further on, round and round."""
        keys = [key for key, _ in self.tabs]
        return keys[(keys.index(self.view.tab) + steps) % len(keys)]

    def width_of(self, column: AnyColumn, width: int) -> int:
        """Give the width of a column on a screen of so many cells."""
        placed = self.view.columns[self.view.place_of(column)]
        return placed.width if placed.width != ROOM_LEFT else self._room_left(width)

    def seen_columns(self, width: int) -> list[Placed]:
        """Give the columns that a screen of so many cells shows, with their widths; the column cursor's is among them.

        The last one may be cut, unless it is the cursor's.
        """
        known = self._seen
        if known is None or known[0] is not self.view or known[1:3] != (self.column, width):
            known = self._seen = (self.view, self.column, width, self._columns_for(width))
        return known[3]

    def _columns_for(self, width: int) -> list[Placed]:
        cursor, last = self.view.place_of(self.column), len(self.view.columns) - 1
        # The heading of the cursor's column is not covered by the sign that more columns stand further right.
        room = width - len(more(last - cursor))
        self.left = min(self.left, cursor)
        while self.left < cursor and self._end_of(self.left, cursor, width) > room:
            self.left += 1
        # What stood further left comes back as soon as there is room for everything from there on.
        while self.left and self._end_of(self.left - 1, last, width) <= width:
            self.left -= 1
        seen: list[Placed] = []
        used = GUTTER
        for placed in self.view.columns[self.left :]:
            room = width - used
            wide = self.width_of(placed.column, width)
            if seen and room < min(wide, _LEAST_PART):
                break
            wide = min(wide, room)
            seen.append(Placed(placed.column, wide))
            used += wide + GAP
        return seen

    def _end_of(self, first: int, last: int, width: int) -> int:
        """Give where the column at the place `last` ends when the one at `first` is the leftmost."""
        columns = self.view.columns[first : last + 1]
        return GUTTER + sum(self.width_of(one.column, width) for one in columns) + GAP * (len(columns) - 1)

    def _room_left(self, width: int) -> int:
        columns = self.view.columns
        fixed = [placed.width for placed in columns if placed.width != ROOM_LEFT]
        greedy = len(columns) - len(fixed)
        left = width - GUTTER - sum(fixed) - GAP * (len(columns) - 1)
        return max(_LEAST_ROOM_LEFT, left // max(1, greedy))
