"""The page of an opened company or contact: its lines in one or two columns, and a cursor over those that open something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.record_lines import RecordLines, RecordPageLine, RecordSpot

if TYPE_CHECKING:
    from textual import events

    from funneltui.services.context import Context
    from funneltui.services.record_windows import Sheet
    from funneltui.tui.theming import Look

WIDE = 110
_LEAST_FACTS, _WIDEST_FACTS, _WIDEST_DEALS = 54, 64, 110


class RecordPage(Painted):
    """Paints a sheet in one column, or in two where there is room; the cursor goes from spot to spot through both."""

    class Chosen(Message):
        """A line was clicked that stands for something."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    def __init__(self, look: Look, context: Context, sheet: Sheet) -> None:
        """Show a sheet."""
        super().__init__(look, id="page")
        self.context, self.sheet = context, sheet
        self.place = 0
        self.tops = [0, 0]
        self._columns: list[list[RecordPageLine]] = [[], []]
        self._spots: list[tuple[int, int, RecordSpot]] = []
        self._sections: list[int] = []
        self._made_for = -1

    def take(self, sheet: Sheet, *, same: bool) -> None:
        """Show another sheet; of the same record with the cursor on what it was on."""
        held = self.spot if same else None
        self.sheet = sheet
        self._made_for = -1
        self._make(self.size.width)
        room = [max(0, len(lines) - self.size.height) for lines in self._columns]
        self.tops = [min(top, most) if same else 0 for top, most in zip(self.tops, room, strict=True)]
        spots = [spot for _, _, spot in self.spots]
        if held in spots:
            self.go(spots.index(held))
        else:
            self.go(self.place if same else 0)

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self._made_for = -1
        super().show_look(look)

    @property
    def spots(self) -> list[tuple[int, int, RecordSpot]]:
        """The lines that stand for something: column, line in it, what it stands for."""
        self._make(self.size.width)
        return self._spots

    @property
    def spot(self) -> RecordSpot | None:
        """What the cursor is on."""
        spots = self.spots
        return spots[min(self.place, len(spots) - 1)][2] if spots else None

    @property
    def deals(self) -> list[int]:
        """The numbers of the deals, as they are seen one after another."""
        return [spot.deal for _, _, spot in self.spots if spot.deal]

    @property
    def line_on_screen(self) -> int:
        """The line of the page on which the cursor is seen."""
        spots = self.spots
        column, at, _ = spots[min(self.place, len(spots) - 1)]
        return at - self.tops[column]

    @property
    def left_width(self) -> int:
        """The cells of the column with the texts."""
        width = self.size.width
        return max(_LEAST_FACTS, min(_WIDEST_FACTS, width * 2 // 5)) if width >= WIDE else width

    def go(self, place: int) -> None:
        """Put the cursor on a spot, as far as there are spots, and scroll to it; at either end to what stands beyond it."""
        spots = self.spots
        if not spots:
            return
        self.place = max(0, min(place, len(spots) - 1))
        column, at, _ = spots[self.place]
        its = [line for one, line, _ in spots if one == column]
        first = 0 if at == its[0] else at
        last = len(self._columns[column]) - 1 if at == its[-1] else at + 1  # the last line may tell how many follow
        self.tops[column] = min(max(self.tops[column], last - self.size.height + 1, 0), first)
        self.refresh()

    def go_to(self, spot: RecordSpot) -> None:
        """Put the cursor on what stands for something, if it is there."""
        for place, (_, _, one) in enumerate(self.spots):
            if one == spot:
                self.go(place)

    def next_section(self) -> None:
        """Go on to the first spot of the next section that has one, round and round."""
        self._make(self.size.width)
        self.go(next((place for place in self._sections if place > self.place), 0))

    def page(self, steps: int) -> None:
        """Go so many pages of spots on."""
        self.go(self.place + steps * max(1, self.size.height - 3))

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        column = 1 if event.x >= self.left_width else 0
        for place, (its, at, _) in enumerate(self.spots):
            if its == column and at == self.tops[column] + event.y:
                self.post_message(self.Chosen(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the column under the mouse."""
        event.stop()
        self._wheel(event.x, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the column under the mouse."""
        event.stop()
        self._wheel(event.x, -3)

    def _wheel(self, x: int, lines: int) -> None:
        column = 1 if x >= self.left_width else 0
        most = max(0, len(self._columns[column]) - self.size.height)
        self.tops[column] = max(0, min(self.tops[column] + lines, most))
        self.refresh()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        self._make(width)
        if width < WIDE:
            return self._shown(0, y, width)
        room = self.left_width
        left = self._shown(0, y, room)
        gap = room - sum(width_of(text) for text, _ in left)
        rule: Piece = ("│ ", self.palette.faint)
        return [*left, (" " * max(0, gap), Style.null()), rule, *self._shown(1, y, width - room - 2)]

    def _shown(self, column: int, y: int, width: int) -> list[Piece]:
        lines, at = self._columns[column], self.tops[column] + y
        below = len(lines) - self.tops[column] - self.size.height
        if y == self.size.height - 1 and below > 0:
            on = key_for(self.app, "record.page_down")
            return [(fit(f"  {below + 1:,} more lines  {on}", width), self.palette.muted)]
        if at >= len(lines):
            return []
        spots = self.spots
        here = bool(spots) and spots[min(self.place, len(spots) - 1)][:2] == (column, at)
        bar: Piece = ("▌" if here else " ", self.palette.cursor_bar)
        ground = self.palette.cursor if here else Style.null()
        pieces = lines[at].pieces
        if here and self.look.ansi:  # the line is reversed: a colour would be a patch in it
            return [bar, *((text, ground) for text, _ in pieces)]
        return [bar, *((text, ground + style) for text, style in pieces)]

    def _make(self, width: int) -> None:
        if self._made_for == width or not width:
            return
        self._made_for = width
        wide = width >= WIDE
        room = self.left_width - 2
        made = RecordLines(self.palette, self.context, self.sheet)
        left = made.about(room)
        deals = made.deals(min(_WIDEST_DEALS, width - self.left_width - 4) if wide else room)
        self._columns = [left, deals] if wide else [[*left, RecordPageLine(), *deals], []]
        self._spots, self._sections = [], []
        begins = False
        for column, lines in enumerate(self._columns):
            for at, line in enumerate(lines):
                begins = begins or line.section
                if line.spot is not None:
                    if begins:
                        self._sections.append(len(self._spots))
                    self._spots.append((column, at, line.spot))
                    begins = False
