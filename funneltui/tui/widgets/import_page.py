"""The lines of a step of an import, and under them what the one under the cursor is; a long piece of work while it runs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.style import Style

from funneltui.domain.text import strip_controls
from funneltui.tui.import_state import Step, Tone
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from funneltui.tui.import_progress import Progress
    from funneltui.tui.import_state import ImportState, Line
    from funneltui.tui.theming import Look

_INDENT, _ROWS, _LEAST = 2, 10, 8
_WIDEST_NAME, _WIDEST_VALUE, _WIDEST = 44, 36, 150
_BAR = 60


class ImportPage(Rows):
    """Paints the lines: what it is, rows at the right of their column, what it stands for, a note."""

    def __init__(self, look: Look, state: ImportState) -> None:
        """Show a state."""
        super().__init__(look, id="page")
        self.state = state

    def line_style(self, y: int) -> Style:
        """The line under the cursor has a ground of its own."""
        return self.palette.cursor if self._is_here(y) else Style.null()

    def _is_here(self, y: int) -> bool:
        place = self.state.top + y
        return place == self.state.place and place < len(self.state.lines)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        place = self.state.top + y
        if place >= len(self.state.lines):
            return []
        line = self.state.lines[place]
        name, rows, value = self._widths(width)
        if line.tone is Tone.HEADING:
            words = [(line.name, name), ("", rows), (line.value, value)]
            told = "".join(fit(text, cells) for text, cells in words) if line.value or line.note else line.name
            return [(" " * _INDENT + told + line.note, self._ink(line))]
        here = self._is_here(y)
        bar: Piece = ("▌ " if here else "  ", self.palette.cursor_bar)
        ink, quiet = self._ink(line), self.palette.muted
        if here and self.look.ansi:  # the line is reversed: a colour would be a patch in it
            ink = quiet = self.palette.cursor
        count = f"{line.rows:,}" if line.rows is not None else ""
        label = ink if line.tone is Tone.QUIET else self.palette.text if not (here and self.look.ansi) else ink
        pieces: list[Piece] = [bar, (_apart(line.name, name), label)]
        if rows:
            pieces.append((f"{count:>{rows - 2}}  ", ink if not line.value else quiet))
        left = width - _INDENT - name - rows - 1
        if not line.note:
            return [*pieces, (fit(line.value, left), ink)]
        return [*pieces, (_apart(line.value, value), ink), (fit(line.note, left - value), self._note_ink(line, quiet))]

    def _note_ink(self, line: Line, quiet: Style) -> Style:
        return self.palette.today if line.tone is Tone.WANTED and quiet is self.palette.muted else quiet

    def _ink(self, line: Line) -> Style:
        palette = self.palette
        return {
            Tone.PLAIN: palette.text, Tone.QUIET: palette.muted, Tone.SAID: palette.accent, Tone.WANTED: palette.today,
            Tone.GOOD: palette.won, Tone.HEADING: palette.muted,
        }[line.tone]  # fmt: skip

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Give the cells of the names, of the rows (0: none has any), and of the values where notes stand behind them."""
        lines = [line for line in self.state.lines if line.tone is not Tone.HEADING]
        room = min(width, _WIDEST) - _INDENT
        rows = _ROWS if any(line.rows is not None for line in lines) else 0
        names = max((width_of(line.name) for line in lines), default=0)
        name = max(_LEAST, min(names + 2, _WIDEST_NAME, room * 2 // 5))
        noted = any(line.note for line in lines)
        values = max(
            (width_of(line.value) for line in self.state.lines if noted or line.tone is Tone.HEADING), default=0
        )
        return name, rows, max(_LEAST, min(values + 2, _WIDEST_VALUE, (room - name - rows) * 3 // 5))

    def row_clicked(self, x: int, y: int) -> int | None:
        """Give the place of the line, unless that is a heading."""
        place = self.state.top + y
        return place if place < len(self.state.lines) and self.state.lines[place].tone is not Tone.HEADING else None


def _apart(text: str, cells: int) -> str:
    """Give a text in so many cells, the last two of them blank: what comes next stands apart from it."""
    return f"{fit(text, cells - 2)}  "


class ImportDetail(Painted):
    """The line under the cursor in full, or what was said last: two lines of text."""

    def __init__(self, look: Look, state: ImportState) -> None:
        """Show a state."""
        super().__init__(look, id="detail")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        words, style = self._said()
        lines = textwrap.wrap(strip_controls(words), max(10, width - 3), max_lines=self.size.height, placeholder=" …")
        return [("  ", style), (fit(lines[y], width - 3), style)] if y < len(lines) else []

    def _said(self) -> Piece:
        state, palette = self.state, self.palette
        if state.message:
            return state.message, palette.overdue if state.wrong else palette.strong
        if state.problem and state.step is Step.FILE:
            return state.problem, palette.overdue
        line = state.line
        return (line.about, palette.muted) if line else ("", palette.muted)


class ImportProgress(Painted):
    """What is being done, how far it is, how fast, and how long it will still take."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__(look, id="progress")
        self.progress: Progress | None = None
        self.display = False

    def show(self, progress: Progress | None) -> None:
        """Show a piece of work, or none any more."""
        self.progress, self.display = progress, progress is not None
        self.refresh()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line: what is done, a bar, the figures."""
        one, palette = self.progress, self.palette
        if one is None:
            return []
        cells = min(width - 4, _BAR)
        if y == 0:
            stopping = "  stopping after this batch" if one.stopped else ""
            return [("  ", palette.text), (one.words, palette.strong), (stopping, palette.today)]
        if not one.size:
            return []
        if y == 2:
            done = round(one.share * cells)
            return [("  ", palette.text), ("█" * done, palette.accent), ("░" * (cells - done), palette.faint)]
        if y == 4:
            return [("  ", palette.text), *self._figures(one)]
        return []

    def _figures(self, one: Progress) -> list[Piece]:
        palette = self.palette
        of = f" of {one.rows_in_all:,}" if one.rows_in_all else ""
        told: list[Piece] = [(f"{one.rows:,}", palette.strong), (f"{of} rows", palette.text)]
        if one.a_second:
            told.append((f"   {one.a_second:,} a second", palette.muted))
        if one.seconds_left > 1:
            told.append((f"   {one.seconds_left:,} s left", palette.muted))
        return told
