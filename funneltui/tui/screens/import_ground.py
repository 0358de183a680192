"""An import's ground: what its screen is made of, how one goes about in it; nothing here reads or changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.tui.import_progress import Progress
from funneltui.tui.import_results import lines_of
from funneltui.tui.import_state import ImportState
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH
from funneltui.tui.screens.list_ground import AIRY
from funneltui.tui.screens.walking import Stepping
from funneltui.tui.widgets.import_bars import ImportBottom, ImportSteps, ImportTop
from funneltui.tui.widgets.import_page import ImportDetail, ImportPage, ImportProgress
from funneltui.tui.widgets.note import Note

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class ImportGround(Stepping):
    """Shows the step where an import stands, or what is being done for it."""

    CSS_PATH = "import_file.tcss"
    AUTO_FOCUS = ""

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show an import into the worker's workspace; nothing of it is known yet."""
        super().__init__()
        self.worker, self.context, self.look = worker, context, look
        self.state = ImportState()
        self.progress: Progress | None = None
        self._top, self._steps = ImportTop(look, self.state, context), ImportSteps(look, self.state)
        self._page, self._detail = ImportPage(look, self.state), ImportDetail(look, self.state)
        self._meter, self._bottom, self._note = ImportProgress(look), ImportBottom(look, self.state), Note(look)

    def compose(self) -> ComposeResult:
        """Lay out bar, steps, lines or progress, the line in full, keys."""
        yield from (self._top, self._steps, self._note, self._page, self._meter, self._detail, self._bottom)

    def on_resize(self) -> None:
        """Keep the cursor in sight; say so where there is no room."""
        small = self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT
        self.set_class(small, "-small")
        self.set_class(self.size.height >= AIRY, "-airy")
        self._note.display = small
        self._note.say(f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT}", f"this is {self.size.width}x{self.size.height}")
        self.call_after_refresh(self.show_lines)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in self._painted:
            widget.show_look(look)
        self._note.show_look(look)

    @property
    def _painted(
        self,
    ) -> tuple[ImportTop | ImportSteps | ImportPage | ImportDetail | ImportProgress | ImportBottom, ...]:
        return (self._top, self._steps, self._page, self._detail, self._meter, self._bottom)

    @property
    def _height(self) -> int:
        return max(1, self._page.size.height)

    def show_lines(self) -> None:
        """Show the step anew, the cursor where it was."""
        self.state.show(lines_of(self.state, self.context), self._height)
        self._bottom.show_step(busy=self.progress is not None)
        self.repaint()

    def repaint(self) -> None:
        """Paint everything; what looks as before is not sent."""
        for widget in self._painted:
            widget.refresh()

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Say something under the lines, until the cursor goes on."""
        self.state.say(words, wrong=wrong)
        self._detail.refresh()

    @property
    def line_count(self) -> int:
        """How many lines the step has."""
        return len(self.state.lines)

    @property
    def page_height(self) -> int:
        """How many lines are seen."""
        return self._height

    def go(self, steps: int) -> None:
        """Let the cursor go so many lines on."""
        self.state.say("")
        self.state.step_by(steps, self._height)
        self._page.refresh()
        self._detail.refresh()
        self._bottom.refresh()

    def point_to_wanted(self) -> None:
        """Let the cursor go on to a line of which something is to be said."""
        self.state.go_on_to_wanted(self._height)
        self.repaint()
