"""The dialogs of an import: one of many things found by typing, one of a few by its digit, the path of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.text import cut, fold
from funneltui.tui.painting import fit
from funneltui.tui.screens.base import Dialog
from funneltui.tui.screens.file_dialog import FileDialog
from funneltui.tui.screens.small_dialogs import PickDialog
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.domain.gates import Choice
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
"""What files of deals are called at their end."""

PATH_HINT = "the path of a CSV file or of a spreadsheet"
"""What such a file's path is asked for with."""

_DIGITS = 10
_ROOM = 44


class FoundList(ChoiceList):
    """Choices without digits: what is typed looks for them. It keeps the room of all of them: nothing jumps meanwhile."""

    def __init__(self, look: Look, choices: tuple[Choice, ...]) -> None:
        """Show the choices among which something is looked for."""
        super().__init__(look, choices)
        self._all = len(choices)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line for each of all choices, as long as the screen has room."""
        return max(1, min(self._all, viewport.height - 12))

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a choice."""
        index = self.top + y
        if not self.choices and y == 0:
            return [(fit(" nothing has that in its name", width), self.palette.muted)]
        if index >= len(self.choices):
            return []
        style = self.palette.strong if index == self.picked else self.palette.text
        return [(" ", style), (fit(self.choices[index].name, width - 1), style)]


class FindDialog(Dialog[str | None]):
    """Gives the key of one of many choices, found by a part of its name, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("pagedown", "step(8)", show=False, priority=True),
        Binding("pageup", "step(-8)", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, look: Look, title: str, about: str, choices: Sequence[Choice], picked: str = "") -> None:
        """Ask for one of the choices, under a title; `about` says of what, `picked` is the key of the one that holds."""
        super().__init__(classes="dialog")
        self.heading, self.about, self.choices, self.now = title, about, tuple(choices), picked
        self._list = FoundList(look, self.choices)

    def compose(self) -> ComposeResult:
        """Lay out the line that is typed into, and the choices."""
        with Vertical(classes="box"):
            yield Static(
                Content.assemble(cut(self.heading, _ROOM), ("  " + cut(self.about, _ROOM), "dim")), classes="title"
            )
            words = LineInput(classes="words")
            words.placeholder = "a part of the name"
            yield words
            yield Static(Content(""))
            yield self._list
            keys = (("↓ ↑", "bold"), " choose  ", ("↵", "bold"), " take  ", ("esc", "bold"), " not at all")
            yield Static(Content.assemble(*keys), classes="hint")

    def on_mount(self) -> None:
        """Begin with the choice that holds."""
        self.call_after_refresh(self._pick_first)

    def _pick_first(self) -> None:
        place = next((place for place, one in enumerate(self._list.choices) if one.key == self.now), 0)
        if self._list.choices:
            self._list.pick(place)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show the choices that have what is typed; those that begin with it first."""
        message.stop()
        wanted = fold(message.value.strip())
        found = [one for one in self.choices if wanted in fold(one.name)]
        found.sort(key=lambda one: not fold(one.name).startswith(wanted))
        self._list.ask(tuple(found))
        if found:
            self._list.pick(0)

    def action_step(self, steps: int) -> None:
        """Choose another one."""
        if self._list.choices:
            self._list.pick((self._list.picked or 0) + steps)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the one that is chosen."""
        message.stop()
        if self._list.choices and self._list.key is not None:
            self.dismiss(self._list.key)

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Take a choice by mouse."""
        self.dismiss(self._list.choices[message.index].key)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


def picking(look: Look, title: str, about: str, choices: Sequence[Choice], picked: str = "") -> PickDialog | FindDialog:
    """Give the dialog that asks for one of the choices: by its digit, or found by typing where there are many."""
    kind = PickDialog if len(choices) <= _DIGITS else FindDialog
    return kind(look, title, about, choices, picked)


class ImportFileDialog(FileDialog):
    """Gives the path of a file of deals, or nothing when the user leaves; it begins with a path that is known already."""

    def __init__(self, look: Look, title: str, text: str = "") -> None:
        """Ask for a file under a title."""
        super().__init__(look, title, PATH_HINT, ENDINGS)
        self.text = text

    def on_show(self) -> None:
        """Begin with the path."""
        if self.text:
            self._type(self.text)
            self.text = ""
