"""Today's follow-ups: overdue, due today, and those of the next days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.domain import dates, money
from funneltui.services.reports import DueKind, Why, due_deal
from funneltui.tui.painting import fit, spread
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from textual import events

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Clock
    from funneltui.tui.board_state import BoardState
    from funneltui.tui.theming import Look


class TodayPane(Painted):
    """The list of what is due, two lines an entry, with a cursor of its own while it has the keys."""

    class Chosen(Message):
        """An entry was chosen with the mouse."""

        def __init__(self, number: int) -> None:
            self.number = number
            super().__init__()

    def __init__(self, look: Look, state: BoardState, clock: Clock, *, id: str = "today") -> None:
        """Show what is due of a board's state."""
        super().__init__(look, id=id)
        self.state, self.clock = state, clock
        self.active = False
        self.place = 0
        self.top = 0
        self._shown: tuple[object, ...] = ()

    @property
    def deals(self) -> tuple[Deal, ...]:
        """The deals that are due, as many as were read."""
        return self.state.due.deals

    @property
    def deal(self) -> Deal | None:
        """The deal under the pane's cursor."""
        return self.deals[self.place] if self.place < len(self.deals) else None

    @property
    def capacity(self) -> int:
        """How many entries fit."""
        return max(1, (self.size.height - 2) // 2)

    def update(self) -> None:
        """Take over what the state says; nothing is sent when it looks the same."""
        shown = (self.state.due, self.clock.today())
        if shown != self._shown:
            self._shown = shown
            self.go(0)
            self.refresh()

    def go(self, steps: int) -> None:
        """Move the cursor by so many entries."""
        self.place = max(0, min(self.place + steps, len(self.deals) - 1))
        self.top = min(max(self.top, self.place - self.capacity + 1), self.place)
        self.refresh()

    def activate(self, *, active: bool) -> None:
        """Give the keys to the pane, or take them back."""
        self.active = active
        self.refresh()

    def line_style(self, y: int) -> Style:
        """The entry under the cursor has a ground of its own."""
        if self.active and y and self.top + (y - 1) // 2 == self.place and self.deal is not None:
            return self.palette.cursor
        return Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        due, palette = self.state.due, self.palette
        total = due.overdue + due.today + due.soon
        if y == 0:
            return [("Today ", palette.strong), (f"{total:,}" if self.state.loaded else "", palette.muted)]
        index = self.top + (y - 1) // 2
        if (y - 1) // 2 >= self.capacity:
            hidden = total - self.top - self.capacity
            return [(f"  {hidden:,} more ↓", palette.muted)] if hidden > 0 and y == 1 + 2 * self.capacity else []
        if not total and self.state.loaded and y == 1:
            return [(f"nothing due for {_span(self.state.today_days)}", palette.muted)]
        if index >= len(self.deals):
            return []
        return self._entry(self.deals[index], (y - 1) % 2, width)

    def _entry(self, deal: Deal, line: int, width: int) -> list[Piece]:
        palette = self.palette
        one = due_deal(deal, self.clock.today())
        sign = {Why.OVERDUE: "!", Why.TODAY: "•", Why.SOON: " "}[one.why]
        style = {Why.OVERDUE: palette.overdue, Why.TODAY: palette.today, Why.SOON: palette.muted}[one.why]
        if line == 0:
            amount = "" if deal.amount is None else money.format_compact(deal.amount, deal.currency, 8)
            return spread(
                [(f"{sign} ", style), (deal.title, palette.text)], [(f"{amount} ", palette.muted)], width, palette.text
            )
        what = deal.follow_up_note or ("follow up" if one.kind is DueKind.FOLLOW_UP else "expected close")
        when = dates.relative(one.due, self.clock.today()) if one.why is Why.OVERDUE else dates.weekday_and_day(one.due)
        when = "today" if one.why is Why.TODAY else when
        room = width - 3 - len(when) - 1
        return [("  ", palette.text), (fit(what, room), palette.muted), (f" {when}", style)]

    def on_click(self, event: events.Click) -> None:
        """Choose the entry that was clicked."""
        row = (event.y - 1) // 2
        index = self.top + row
        if event.y and row < self.capacity and index < len(self.deals):
            self.place = index
            self.post_message(self.Chosen(self.deals[index].number))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_entries(2)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_entries(-2)

    def scroll_entries(self, steps: int) -> None:
        """Scroll by so many entries; the cursor stays where it is seen."""
        top = max(0, min(self.top + steps, len(self.deals) - self.capacity))
        if top != self.top:
            self.top = top
            self.place = max(top, min(self.place, top + self.capacity - 1))
            self.refresh()


def _span(days: int) -> str:
    return {1: "a day", 7: "a week"}.get(days, f"{days} days")
