"""A lane of the board: one stage, its totals and as many cards as are seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.message import Message

from funneltui.domain import dates, money
from funneltui.domain.deal import Mark, mark_of
from funneltui.domain.pipeline import StageKind
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from textual import events

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Clock
    from funneltui.tui.board_state import BoardState, Lane
    from funneltui.tui.theming import Look

HEAD = 2
"""The lines above the first card: the name with its totals, and the rule."""


class LaneView(Painted):
    """Paints one lane. The left cell of each line is the cursor's bar, the right one a gap."""

    class Chosen(Message):
        """A card was clicked."""

        def __init__(self, stage: str, place: int) -> None:
            self.stage, self.place = stage, place
            super().__init__()

    class Paged(Message):
        """The sign for more lanes beyond this one was clicked."""

        def __init__(self, stage: str, steps: int) -> None:
            self.stage, self.steps = stage, steps
            super().__init__()

    class Scrolled(Message):
        """The wheel was turned over the lane."""

        def __init__(self, stage: str, steps: int) -> None:
            self.stage, self.steps = stage, steps
            super().__init__()

    def __init__(self, look: Look, state: BoardState, lane: Lane, clock: Clock) -> None:
        """Show a lane of the board's state."""
        super().__init__(look, id=f"lane-{lane.stage.key}")
        self.state, self.lane, self.clock = state, lane, clock
        self.card_height = 2
        self.more_left = self.more_right = 0
        self.largest = 1
        self.total_beside = True
        rank = state.pipeline.rank(lane.stage.key) or 0
        self._place_in_turn = rank
        self._takes = False

    @property
    def capacity(self) -> int:
        """How many cards fit."""
        return max(1, (self.size.height - HEAD - 1) // self.card_height)

    @property
    def standing(self) -> tuple[int, int, int, bool]:
        """What it shows of the lanes around it."""
        return self.more_left, self.more_right, self.largest, self.total_beside

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor stands in this lane."""
        return self.state.cursor_stage == self.lane.stage.key

    def refresh_card(self, place: int) -> None:
        """Repaint one card and nothing else."""
        row = HEAD + (place - self.lane.top) * self.card_height
        if HEAD <= row < self.size.height:
            self.refresh(Region(0, row, self.size.width, self.card_height))

    def line_style(self, y: int) -> Style:
        """The card under the cursor has a ground of its own; so has the head, while it would take a card."""
        if self._takes and y == 0:
            return self.palette.cursor
        place = self.place_at(y)
        if self.has_cursor and place == self.state.cursor_place and self.lane.at(place) is not None:
            return self.palette.cursor
        return Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the head, a line of a card, or how many more there are."""
        if y == 0:
            return self._head(width)
        if y == 1:
            return self._rule(width)
        place = self.place_at(y)
        if place is None:
            return self._below(y, width)
        deal = self.lane.at(place)
        if deal is None:
            return [(" ···", self.palette.faint)] if place < self.lane.count else []
        return self._card(deal, place, (y - HEAD) % self.card_height, width)

    def show_that_it_takes(self, takes: bool) -> None:
        """Show that a card that is dragged here would be taken, or no longer."""
        self._takes = takes
        self.refresh(Region(0, 0, self.size.width, HEAD))

    def place_at(self, y: int) -> int | None:
        """Give the place in the lane that a line belongs to, or none below the last card that fits."""
        row = y - HEAD
        if row < 0 or row >= self.capacity * self.card_height:
            return None
        return self.lane.top + row // self.card_height

    def _head(self, width: int) -> list[Piece]:
        palette, lane = self.palette, self.lane
        left, right = self._pagers()
        left = "→ " if self._takes else left
        total = f" {self._total}" if self._total and self.total_beside else ""
        room = width - 2 - sum(map(width_of, (left, right, self._count, total))) - 1
        name = lane.stage.name if width_of(lane.stage.name) <= room else fit(lane.stage.name, max(room, 4)).rstrip()
        over = lane.stage.wip_limit and lane.count > lane.stage.wip_limit
        gap = max(0, room - width_of(name))
        return [
            (" ", palette.text), (left, palette.accent), (name, palette.strong), (" ", palette.text),
            (self._count, palette.overdue if over else palette.muted), (" " * gap, palette.text), (total, palette.muted),
            (right, palette.accent),
        ]  # fmt: skip

    def _pagers(self) -> tuple[str, str]:
        """Give the signs for the lanes that are beyond the screen."""
        return f"‹{self.more_left} " if self.more_left else "", f" {self.more_right}›" if self.more_right else ""

    @property
    def _count(self) -> str:
        limit = f"/{self.lane.stage.wip_limit}" if self.lane.stage.wip_limit else ""
        return f"{self.lane.count:,}{limit}" if self.state.loaded else ""

    @property
    def _total(self) -> str:
        figure = self.lane.figure
        total = money.format_compact(figure.amount, self.state.pipeline.currency, 8) if figure.amount else ""
        return total + ("+" if self.lane.others else "")

    def has_room_for_total(self, width: int) -> bool:
        """Tell whether the sum fits beside the name; unless it does in every lane, it ends the rule below in all of them."""
        pagers = (3 if self.more_left else 0) + (3 if self.more_right else 0)
        return width_of(self.lane.stage.name) + len(self._count) + len(self._total) + pagers + 4 <= width

    def _rule(self, width: int) -> list[Piece]:
        total = "" if self.total_beside or not self._total else f" {self._total}"
        inner = width - 2 - len(total)
        stage = self.lane.stage
        filled = round(inner * self.lane.count / self.largest) if self.largest else 0
        if self.lane.count and not filled:
            filled = 1
        color = self.look.stage_style(stage.kind.value, self._place_in_turn, stage.color)
        if self._takes:
            return [(" ", self.palette.text), ("━" * inner, self.palette.accent), (total, self.palette.muted)]
        return [
            (" ", self.palette.text), ("━" * filled, color), ("─" * (inner - filled), self.palette.faint),
            (total, self.palette.muted),
        ]  # fmt: skip

    def _below(self, y: int, width: int) -> list[Piece]:
        hidden = self.lane.count - self.lane.top - self.capacity
        if hidden > 0 and y == HEAD + self.capacity * self.card_height:
            return [(f"   {hidden:,} more ↓", self.palette.muted)]
        return []

    def _card(self, deal: Deal, place: int, line: int, width: int) -> list[Piece]:
        here = self.has_cursor and place == self.state.cursor_place
        bar: Piece = ("▌" if here else " ", self.palette.cursor_bar)
        if deal.number in self.state.marked:
            bar = ("■" if line == 0 else bar[0], self.palette.marked if line == 0 else bar[1])
        inner = width - 2
        if line == 1:
            return [bar, *self._second_line(deal, inner)]
        mark, mark_style = self._mark(deal)
        title_style = self.palette.strong if here else self.palette.text
        if self.card_height == 1:
            amount = self._amount(deal, inner)
            room = inner - 2 - (width_of(amount) + 1 if amount else 0)
            tail = [(f" {amount}", self._amount_style(deal))] if amount else []
            return [bar, (fit(deal.title, room), title_style), *tail, (f" {mark or ' '}", mark_style)]
        return [bar, (fit(deal.title, inner - 2), title_style), (f" {mark or ' '}", mark_style)]

    def _second_line(self, deal: Deal, inner: int) -> list[Piece]:
        amount, day = self._amount(deal, inner), self._day(deal)
        what = self.state.pipeline.detail_name(deal.stage, deal.detail) or self._whom(deal)
        room = inner - width_of(amount) - width_of(day) - (1 if amount else 0) - 1
        overdue = deal.is_open and deal.due is not None and deal.due < self.clock.today()
        return [
            (f"{amount} " if amount else "", self._amount_style(deal)), (fit(what, room), self.palette.muted),
            (" ", self.palette.text), (day, self.palette.overdue if overdue else self.palette.muted),
        ]  # fmt: skip

    def _whom(self, deal: Deal) -> str:
        """Give what tells most beside the title: the company, or, when the title says that, the contact or the source."""
        if deal.company and not deal.title.startswith(deal.company):
            return deal.company
        return deal.contact or self.state.pipeline.source_name(deal.source)

    def _amount(self, deal: Deal, inner: int) -> str:
        """Give the amount in full where the card is wide enough for it, else rounded."""
        if deal.amount is None:
            return ""
        full = money.format_full(deal.amount, deal.currency)
        return full if len(full) <= inner // 3 else money.format_compact(deal.amount, deal.currency, 8)

    def _amount_style(self, deal: Deal) -> Style:
        return self.palette.won if self.lane.stage.kind is StageKind.WON else self.palette.text

    def _day(self, deal: Deal) -> str:
        day: date | None = deal.due if deal.is_open else deal.closed_on
        return dates.short(day, self.clock.today()) if day else ""

    def _mark(self, deal: Deal) -> tuple[str, Style]:
        mark = mark_of(deal, self.lane.stage, self.clock.local_day(deal.touched), self.clock.today())
        styles = {
            Mark.OVERDUE: self.palette.overdue, Mark.TODAY: self.palette.today, Mark.ROTTING: self.palette.rotting,
        }  # fmt: skip
        return mark.value, styles.get(mark, self.palette.muted)

    def on_click(self, event: events.Click) -> None:
        """Choose the card that was clicked, or the lanes beyond."""
        if event.y == 0:
            left, right = self._pagers()
            if left and event.x < 1 + len(left):
                self.post_message(self.Paged(self.lane.stage.key, -1))
            elif right and event.x >= self.size.width - 1 - len(right):
                self.post_message(self.Paged(self.lane.stage.key, 1))
            return
        place = self.place_at(event.y)
        if place is not None and place < self.lane.count:
            self.post_message(self.Chosen(self.lane.stage.key, place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(self.lane.stage.key, 3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(self.lane.stage.key, -3))
