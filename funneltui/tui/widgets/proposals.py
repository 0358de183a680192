"""A line of proposals, the one that tab takes in brackets; beside them what is wrong with the text so far, or the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events

    from funneltui.tui.theming import Look

_LEAST_COMPLAINT = 24


class Proposals(Painted):
    """Shows what it is told; a click picks."""

    class Picked(Message):
        """A proposal was clicked."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    def __init__(self, look: Look) -> None:
        """Show nothing to begin with."""
        super().__init__(look, id="proposals")
        self.options: Sequence[str] = ()
        self.chosen = 0
        self.complaint = ""

    def show(self, options: Sequence[str], chosen: int, complaint: str) -> None:
        """Show proposals, and what is wrong."""
        if (options, chosen, complaint) != (self.options, self.chosen, self.complaint):
            self.options, self.chosen, self.complaint = options, chosen, complaint
            self.refresh()

    def line_style(self, y: int) -> Style:
        """The bar's ground, as under the keys whose place this takes."""
        return self.palette.bar

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the proposals that fit, the chosen one among them; a complaint takes at most half of the line from them."""
        palette = self.palette
        if not self.options:
            told = [(f" {fit(self.complaint, width - 2).rstrip()}", palette.muted)] if self.complaint else []
            return spread(told, [] if told else self.keys(), width, palette.text)
        right = self._short_complaint(width // 2) if self.complaint else []
        room = width - sum(width_of(text) for text, _ in right)
        first, last = self._shown(room)
        left: list[Piece] = [(self._take, palette.key), ("‹" if first else "", palette.accent)]
        for place in range(first, last + 1):
            here = place == self.chosen
            left += [
                ("[" if here else " ", palette.key), (self.options[place], palette.strong if here else palette.muted),
                ("]" if here else " ", palette.key),
            ]  # fmt: skip
        if last + 1 < len(self.options):
            left.append(("›", palette.accent))
        elif not right and sum(width_of(text) for text, _ in (*left, *self.keys())) <= width:
            right = self.keys()
        return spread(left, right, width, palette.text)

    def keys(self) -> list[Piece]:
        """Give the keys that go on from here, which are the filter's."""
        palette = self.palette
        following = [("filter.next", "next")] if len(self.options) > 1 else []
        keys = [(key_for(self.app, action), does) for action, does in (*following, ("filter.leave", "shows all"))]
        keys.insert(len(following), ("↵", "keeps"))
        pieces: list[Piece] = []
        for key, does in keys:
            pieces += [(f"  {key}", palette.key), (f" {does}", palette.muted)] if key else []
        return [*pieces, (" ", palette.text)]

    @property
    def _take(self) -> str:
        """The key that takes the chosen proposal; a mark if there is none."""
        return f" {key_for(self.app, 'filter.take') or '›'} "

    def _short_complaint(self, room: int) -> list[Piece]:
        """Give a complaint without its advice, as far as there is room for it."""
        text = self.complaint.split(";")[0]
        if room < _LEAST_COMPLAINT:
            return []
        return [(f"  {fit(text, min(width_of(text), room - 3))} ", self.palette.muted)]

    def _shown(self, width: int) -> tuple[int, int]:
        """Give the places of the first and the last proposal that there is room for, the chosen one among them."""
        room = width - width_of(self._take) - 2
        widths = [width_of(option) + 2 for option in self.options]
        first, last = 0, self.chosen
        while first < last and sum(widths[first : last + 1]) > room:
            first += 1
        while last + 1 < len(widths) and sum(widths[first : last + 2]) <= room:
            last += 1
        return first, last

    def on_click(self, event: events.Click) -> None:
        """Pick the proposal that was clicked."""
        if not self.options:
            return
        right = self._short_complaint(self.size.width // 2) if self.complaint else []
        first, last = self._shown(self.size.width - sum(width_of(text) for text, _ in right))
        place = width_of(self._take) + (1 if first else 0)
        for number in range(first, last + 1):
            wide = width_of(self.options[number]) + 2
            if place <= event.x < place + wide:
                self.post_message(self.Picked(number))
            place += wide
