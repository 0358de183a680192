"""A dialog of several things of which some are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from funneltui.domain.text import cut
from funneltui.tui.painting import fit
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.domain.gates import Choice
    from funneltui.tui.theming import Look


class ManyList(Painted):
    """Choices of which several can be taken, those that are with a mark."""

    def __init__(self, look: Look, choices: Sequence[Choice], taken: Sequence[str]) -> None:
        """Show the choices; the taken ones first, in their order."""
        super().__init__(look, id="many")
        first = [one for key in taken for one in choices if one.key == key]
        self.choices = [*first, *(one for one in choices if one not in first)]
        self.taken = list(taken)
        self.place = self.top = 0
        self.styles.height = "auto"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a choice, as long as the screen has room."""
        return max(1, min(len(self.choices), viewport.height - 8))

    def go(self, place: int) -> None:
        """Put the cursor on a choice."""
        self.place = max(0, min(place, len(self.choices) - 1))
        self.top = min(max(self.top, self.place - max(1, self.size.height) + 1), self.place)
        self.refresh()

    def switch(self) -> None:
        """Take the choice under the cursor, or take it no more."""
        key = self.choices[self.place].key
        if key in self.taken:
            self.taken.remove(key)
        else:
            self.taken.append(key)
        self.refresh()

    def line_style(self, y: int) -> Style:
        """The line under the cursor has a ground of its own."""
        return self.palette.cursor if self.top + y == self.place else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a choice."""
        if self.top + y >= len(self.choices):
            return []
        one = self.choices[self.top + y]
        taken = one.key in self.taken
        ink = self.palette.strong if taken else self.palette.muted
        return [(" [x] " if taken else " [ ] ", self.palette.key), (fit(one.name, width - 5), ink)]

    def on_click(self, event: events.Click) -> None:
        """Take the choice that was clicked, or take it no more."""
        if self.top + event.y < len(self.choices):
            self.go(self.top + event.y)
            self.switch()


class ManyDialog(Dialog[tuple[str, ...] | None]):
    """Gives the keys of the choices that are taken, in the order in which they were, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space,x", "switch", show=False),
        Binding("enter", "go", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(
        self,
        look: Look,
        title: str,
        choices: Sequence[Choice],
        taken: Sequence[str],
        *,
        about: str = "",
        takes: str = "choose",
        does: str = "set",
        needed: str = "",
    ) -> None:
        """Show choices, under a title; `about` says of what, `takes` and `does` what space and enter do.

        `needed` is what is said where nothing is taken; with an empty one that is an answer too.
        """
        super().__init__(classes="dialog")
        self.heading, self.about, self.takes, self.does, self.needed = title, about, takes, does, needed
        self._list = ManyList(look, choices, taken)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        about = [(f"  {cut(self.about, 36)}", "dim")] if self.about else []
        with Vertical(classes="box"):
            yield Static(Content.assemble(self.heading, *about), classes="title")
            yield self._list
            yield Static(Content(""), classes="problem")
            keys = (
                ("space", "bold"),
                f" {self.takes}  ",
                ("↵", "bold"),
                f" {self.does}  ",
                ("esc", "bold"),
                " not at all",
            )
            yield Static(Content.assemble(*keys), classes="hint")

    def on_mount(self) -> None:
        """Nothing is wrong to begin with."""
        self.query_one(".problem").display = False

    def action_step(self, steps: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.place + steps)

    def action_switch(self) -> None:
        """Take the choice, or take it no more."""
        self._list.switch()

    def action_go(self) -> None:
        """Give what is taken."""
        if self.needed and not self._list.taken:
            problem = self.query_one(".problem", Static)
            problem.display = True
            problem.update(Content(self.needed))
            return
        self.dismiss(tuple(self._list.taken))

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)
