"""The pipeline screen's page: what a pipeline has at the left, the values of one thing at the right; and its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.domain.text import strip_controls
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.pipeline_lines import LABEL, PageLine, PipelineLines
from funneltui.tui.widgets.screen_bars import HeadLine, Tab, TabsLine

if TYPE_CHECKING:
    from textual import events

    from funneltui.tui.pipeline_state import At, PipelinesState
    from funneltui.tui.theming import Look

NARROW = 66
_LEAST_LEFT, _MOST_LEFT = 30, 44


class PipelinePage(Painted):
    """Paints a state in two columns, where there is room for one only that with the cursor."""

    class Chosen(Message):
        """A line was clicked that stands for something."""

        def __init__(self, at: At, *, again: bool) -> None:
            self.at, self.again = at, again
            super().__init__()

    def __init__(self, look: Look, state: PipelinesState) -> None:
        """Show a state; `update` after each change of it."""
        super().__init__(look, id="page")
        self.state = state
        self._columns: tuple[list[PageLine], list[PageLine]] = ([], [])
        self._tops = [0, 0]
        self._made_for = (-1, -1)

    def update(self) -> None:
        """Make the lines anew, and repaint."""
        self._made_for = (-1, -1)
        self.refresh()

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self._made_for = (-1, -1)
        super().show_look(look)

    @property
    def _left_width(self) -> int:
        width = self.size.width
        if width < NARROW:
            return 0 if self.state.side else width
        return max(_LEAST_LEFT, min(_MOST_LEFT, width // 3))

    @property
    def capacity(self) -> int:
        """How many lines are seen."""
        return max(1, self.size.height)

    def value_place(self) -> tuple[int, int, int]:
        """Give where the value under the cursor is painted: column, line, cells."""
        self._make()
        left = self._left_width
        begin = left + LABEL + (4 if left else 2)
        line = self._line_of(1)
        return begin, max(0, line - self._tops[1]), max(8, self.size.width - begin - 1)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        self._make()
        left = self._left_width
        if not left:
            return self._shown(1, y, width)
        if left == width:
            return self._shown(0, y, width)
        pieces = self._shown(0, y, left)
        gap = left - sum(width_of(text) for text, _ in pieces)
        rule: Piece = ("│ ", self.palette.faint)
        return [*pieces, (" " * max(0, gap), Style.null()), rule, *self._shown(1, y, width - left - 2)]

    def _shown(self, column: int, y: int, width: int) -> list[Piece]:
        lines, at = self._columns[column], self._tops[column] + y
        below = len(lines) - self._tops[column] - self.size.height
        if y == self.size.height - 1 and below > 0:
            return [(fit(f"  {below + 1} more lines", width), self.palette.muted)]
        if at >= len(lines):
            return []
        line, state = lines[at], self.state
        mine = state.left if column == 0 else state.right
        here = line.at is not None and line.at == mine and (column == state.side or column == 0)
        if not here:
            return [(" ", self.palette.text), *line.pieces]
        active = column == state.side
        ground = self.palette.cursor if active else Style.null()
        bar: Piece = ("▌", self.palette.cursor_bar if active else self.palette.faint)
        text = [(words, ground if self.look.ansi and active else ground + style) for words, style in line.pieces]
        used = 1 + sum(width_of(words) for words, _ in text)
        return [bar, *text, (" " * max(0, width - used), ground)]

    def _make(self) -> None:
        size = (self.size.width, self.size.height)
        if self._made_for == size or not size[0]:
            return
        self._made_for = size
        lines = PipelineLines(self.state, self.look)
        left = self._left_width
        right = size[0] - left - 3 if left and left < size[0] else size[0] - 1
        self._columns = (lines.left((left or size[0]) - 1), lines.right(right))
        for column in (0, 1):
            self._scroll(column)

    def _line_of(self, column: int) -> int:
        at = self.state.left if column == 0 else self.state.right
        return next((place for place, line in enumerate(self._columns[column]) if line.at == at), 0)

    def _scroll(self, column: int) -> None:
        """Scroll a column to its cursor, with what heads the first lines."""
        height, line, count = max(1, self.size.height), self._line_of(column), len(self._columns[column])
        first = 0 if line <= 2 else line
        last = min(count - 1, line + 1)
        top = min(max(self._tops[column], last - height + 1), first)
        self._tops[column] = max(0, min(top, count - height))

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked; a second click on it changes it."""
        left = self._left_width
        column = 0 if left and event.x < left else 1
        place = self._tops[column] + event.y
        lines = self._columns[column]
        at = lines[place].at if place < len(lines) else None
        if at is not None:
            self.post_message(self.Chosen(at, again=at == self.state.at))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the column under the mouse."""
        self._wheel(event.x, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the column under the mouse."""
        self._wheel(event.x, -3)

    def _wheel(self, x: int, lines: int) -> None:
        column = 0 if self._left_width and x < self._left_width else 1
        most = max(0, len(self._columns[column]) - self.size.height)
        self._tops[column] = max(0, min(self._tops[column] + lines, most))
        self.refresh()


class PipelinesTop(HeadLine):
    """Where you are; who acts, and the day."""

    def where(self) -> list[Piece]:
        """Name the screen."""
        return [("  Pipelines", self.palette.strong)]


class PipelineTabs(TabsLine[str]):
    """The pipelines, each with its open deals; a retired one recedes."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            self.key = key
            super().__init__()

    def __init__(self, look: Look, state: PipelinesState) -> None:
        """Show a state."""
        super().__init__(look)
        self.state = state

    def tabs(self) -> list[Tab[str]]:
        """Give all of them."""
        pipelines = [(one.pipeline, one.open) for one in self.state.overviews]
        return [
            Tab(one.key, fit(one.name, 24).rstrip(), "retired" if one.is_retired else f"{count:,}", one.is_retired)
            for one, count in pipelines
        ]

    def shown_tab(self) -> str:
        """Give the key of the pipeline that is shown."""
        return self.state.shown

    def chosen(self, key: str) -> Message:
        """Tell which one was clicked."""
        return self.Chosen(key)


class ChangesLine(Painted):
    """One line: the changes that are not applied yet, or what a value may be."""

    def __init__(self, look: Look, state: PipelinesState) -> None:
        """Show a state."""
        super().__init__(look, id="changes")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the line."""
        palette, difference = self.palette, self.state.difference
        if difference is None:
            return []
        count = self.state.changes
        told = f" * {count} change{'' if count == 1 else 's'}, not applied yet: "
        words = "; ".join(one.words for one in difference.alterations)
        return spread([(told, palette.today), (strip_controls(words), palette.muted)], [], width, palette.text)
