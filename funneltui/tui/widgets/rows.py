"""What every widget of painted rows has: a click on a row and a turn of the wheel are told to its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from textual import events

WHEEL = 3
"""The rows that a turn of the wheel goes."""


class Rows(Painted):
    """Painted rows, one of them under the cursor; the screen moves the cursor and scrolls."""

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    class Scrolled(Message):
        """The wheel was turned by so many rows, down or (negative) up."""

        def __init__(self, steps: int) -> None:
            self.steps = steps
            super().__init__()

    def row_clicked(self, x: int, y: int) -> int | None:
        """Give the place of the row in a cell of the widget; none where there is no row."""
        raise NotImplementedError

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        place = self.row_clicked(event.x, event.y)
        if place is not None:
            self.post_message(self.Chosen(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(WHEEL))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.post_message(self.Scrolled(-WHEEL))
