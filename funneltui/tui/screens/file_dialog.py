"""A dialog that asks for a file: its path is typed, tab completes folders and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.errors import BadInput
from funneltui.exchange.first_import import demand_file
from funneltui.exchange.typed_paths import completions
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.proposals import Proposals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece


class PathProposals(Proposals):
    """Folders and files; the dialog itself says which keys there are."""

    def keys(self) -> list[Piece]:
        """Give none."""
        return []


class FileDialog(Dialog[Path | None]):
    """Gives the path of a file that is there, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]
    app: FunnelApp

    def __init__(self, look: Look, title: str, hint: str, endings: Sequence[str]) -> None:
        """Ask for a file of one of the endings, under a title; `hint` says what for."""
        super().__init__(classes="dialog")
        self.heading, self.hint, self.endings = title, hint, tuple(endings)
        self._proposals = PathProposals(look)
        self._proposals.styles.height = 1
        self._found: list[str] = []
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """Lay out the line, and what it could go on with."""
        with Vertical(classes="box wide"):
            yield Static(Content(self.heading), classes="title")
            words = Input(placeholder=self.hint, classes="words", select_on_focus=False)
            words.cursor_blink = False
            yield words
            yield self._proposals
            yield Static(Content(""), classes="problem")
            keys = (("tab", "bold"), " completes  ", ("↓ ↑", "bold"), " choose  ", ("↵", "bold"), " opens it  ",
                    ("esc", "bold"), " back")  # fmt: skip
            yield Static(Content.assemble(*keys), classes="hint")

    def on_mount(self) -> None:
        """Propose what is in the folder where the program was started."""
        self.query_one(".problem").display = False
        self._look("")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Propose what goes on from what is typed."""
        message.stop()
        self.query_one(".problem").display = False
        self._look(message.value)

    def _look(self, text: str) -> None:
        self.run_worker(self._find(text), name="completion")

    async def _find(self, text: str) -> None:
        found = await self.app.worker.apart(completions, text, self.endings)
        if not self.is_left and text == self.query_one(Input).value:
            self._found, self._chosen = found, 0
            self._propose()

    def _propose(self) -> None:
        names = [path.rstrip("/").rpartition("/")[2] + ("/" if path.endswith("/") else "") for path in self._found]
        self._proposals.show(names, self._chosen, "" if names else "nothing here goes on so")

    def action_take(self) -> None:
        """Take the proposal."""
        if self._found:
            self._type(self._found[self._chosen])

    def on_proposals_picked(self, message: Proposals.Picked) -> None:
        """Take a proposal by mouse."""
        self._type(self._found[message.place])

    def _type(self, text: str) -> None:
        words = self.query_one(Input)
        words.value, words.cursor_position = text, len(text)

    def action_step(self, steps: int) -> None:
        """Choose another proposal."""
        if self._found:
            self._chosen = (self._chosen + steps) % len(self._found)
            self._propose()

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Give the file, if it is there."""
        message.stop()
        try:
            path = await self.app.worker.apart(demand_file, message.value)
        except BadInput as error:
            problem = self.query_one(".problem", Static)
            problem.display = True
            problem.update(Content(str(error)))
        else:
            self.dismiss(path)

    def action_leave(self) -> None:
        """Leave without a file."""
        self.dismiss(None)
