"""What stands at the top of every screen: the line that says where one is, and the line of tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from rich.style import Style

from funneltui.domain import dates
from funneltui.tui.painting import spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.message import Message

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look

Key = TypeVar("Key")


class HeadLine(Painted):
    """The program and where one is; at the right who acts, and the day. Who, then the day, give way to a long left side."""

    def __init__(self, look: Look, context: Context, *, id: str = "top") -> None:
        """Tell of who acts and of his day in `context`."""
        super().__init__(look, id=id)
        self.context = context

    def where(self) -> list[Piece]:
        """Give what stands after the program's name: the screen, and what is chosen on it."""
        raise NotImplementedError

    def who(self) -> str:
        """Give the words for who acts."""
        return self.context.actor.name

    def below(self, y: int, width: int) -> list[Piece]:
        """Give the pieces of line `y`, 1 or more, where a head has more lines than the bar."""
        return []

    def line_style(self, y: int) -> Style:
        """The first line is a bar."""
        return self.palette.bar if y == 0 else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        if y:
            return self.below(y, width)
        palette, today = self.palette, self.context.clock.today()
        left: list[Piece] = [(" funneltui", palette.key), *self.where()]
        right: list[Piece] = [(f"  {self.who()}", palette.text), (f"  {dates.echo(today, today)} ", palette.muted)]
        while right and sum(width_of(text) for text, _ in (*left, *right)) > width:
            right.pop(0)
        return spread(left, right, width, palette.text)


@dataclass(frozen=True, slots=True)
class Tab(Generic[Key]):
    """One tab: what it stands for, its name, and how many it holds, in words or empty; a faint one is out of use."""

    key: Key
    name: str
    count: str = ""
    faint: bool = False

    @property
    def width(self) -> int:
        """The cells that it takes: a bracket or blank at either side, and a blank to the next one."""
        return width_of(self.name) + (width_of(self.count) + 1 if self.count else 0) + 3


class TabsLine(Painted, Generic[Key]):
    """Tabs with their counts, as many as fit; the one that is shown stands in brackets and is always among them."""

    def __init__(self, look: Look) -> None:
        """Paint with a look."""
        super().__init__(look, id="tabs")

    def tabs(self) -> Sequence[Tab[Key]]:
        """Give all tabs in their order."""
        raise NotImplementedError

    def shown_tab(self) -> Key:
        """Give the key of the tab that is shown."""
        raise NotImplementedError

    def chosen(self, key: Key) -> Message:
        """Give the message that a click on a tab sends."""
        raise NotImplementedError

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the tabs that fit; arrows tell of more at either side."""
        if y:
            return []
        palette, shown = self.palette, self.shown_tab()
        tabs, first, more = self._that_fit(width)
        pieces: list[Piece] = [("‹" if first else " ", palette.accent)]
        for tab in tabs:
            here = tab.key == shown
            ink = palette.strong if here else palette.faint if tab.faint else palette.muted
            pieces += [
                ("[" if here else " ", palette.key), (tab.name, ink), (f" {tab.count}" if tab.count else "", palette.muted),
                ("]" if here else " ", palette.key), (" ", palette.text),
            ]  # fmt: skip
        if more:
            pieces.append(("›", palette.accent))
        return pieces

    def _that_fit(self, width: int) -> tuple[Sequence[Tab[Key]], int, bool]:
        """Give the tabs that fit, the place of the first one, and whether more follow."""
        tabs, shown = self.tabs(), self.shown_tab()
        last = next((place for place, tab in enumerate(tabs) if tab.key == shown), 0)
        first = 0
        while first < last and sum(tab.width for tab in tabs[first : last + 1]) + 2 > width:
            first += 1
        while last + 1 < len(tabs) and sum(tab.width for tab in tabs[first : last + 2]) + 2 <= width:
            last += 1
        return tabs[first : last + 1], first, last + 1 < len(tabs)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked."""
        place = 1
        for tab in self._that_fit(self.size.width)[0]:
            if place <= event.x < place + tab.width:
                self.post_message(self.chosen(tab.key))
            place += tab.width
