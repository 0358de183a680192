"""The page of an opened company or contact: its lines in one or two columns, and a cursor over those that open something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.tui.keymap import key_for
from funneltui.tui.widgets.record_lines import RecordLine, RecordLines, RecordSpot
from funneltui.tui.widgets.spot_page import PageLine, SpotPage

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.services.record_windows import Sheet
    from funneltui.tui.theming import Look

_LEAST_FACTS, _WIDEST_FACTS, _WIDEST_DEALS = 54, 64, 110


class RecordPage(SpotPage[RecordSpot]):
    """Paints a sheet: what it is called and its contacts, and beside or beneath them the deals."""

    def __init__(self, look: Look, context: Context, sheet: Sheet) -> None:
        """Show a sheet."""
        super().__init__(look)
        self.context, self.sheet = context, sheet

    def take(self, sheet: Sheet, *, same: bool) -> None:
        """Show another sheet; of the same record with the cursor on what it was on."""
        held = self.spot if same else None
        self.sheet = sheet
        self.make_anew()
        spots = self.spots
        for column in (0, 1):
            if not same:
                self.tops[column] = 0
            self.scroll_column(column, 0)  # there may be fewer lines now
        if held in spots:
            self.go(spots.index(held))
        else:
            self.go(self.place if same else 0)

    @property
    def deals(self) -> list[int]:
        """The numbers of the deals, as they are seen one after another."""
        return [spot.deal for spot in self.spots if spot.deal]

    @property
    def left_width(self) -> int:
        """The cells of the column with the texts."""
        width = self.size.width
        return max(_LEAST_FACTS, min(_WIDEST_FACTS, width * 2 // 5)) if self.is_wide else width

    def page(self, steps: int) -> None:
        """Go so many pages of spots on."""
        self.go(self.place + steps * max(1, self.size.height - 3))

    def more_key(self, column: int) -> str:
        """Give the key that goes a page on."""
        return key_for(self.app, "record.page_down")

    def columns_for(self, width: int) -> tuple[list[RecordLine], list[RecordLine]]:
        """Make the lines of the texts and of the deals."""
        room = self.left_width - 2
        made = RecordLines(self.palette, self.context, self.sheet)
        left = made.about(room)
        if not self.is_wide:
            return [*left, PageLine(), *made.deals(room)], []
        return left, made.deals(min(_WIDEST_DEALS, width - self.left_width - 4))
