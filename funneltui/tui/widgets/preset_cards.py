"""The first start's two halves: what one can begin with, and what that is: a preset with its stages and their demands."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.domain.gates import ALWAYS, FIELD_LABELS, demands_of
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, spread
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.tui.theming import Look

Line = list[Piece]

_WIDEST = 100
_AFTER = "\u00a0· "
"""What stands between the items of a list: a line breaks behind the dot only."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to begin: its words, a few more at the right, and the heading of the group that it opens, if it does."""

    name: str
    more: str = ""
    heading: str = ""


class WayList(Painted):
    """Shows the ways to begin with their digits; the owner moves the cursor."""

    class Chosen(Message):
        """A way was clicked."""

        def __init__(self, place: int) -> None:
            self.place = place
            super().__init__()

    def __init__(self, look: Look, ways: Sequence[Way]) -> None:
        """Show these, the cursor on the first."""
        super().__init__(look, id="ways")
        self.ways = tuple(ways)
        self.place = 0

    def go(self, place: int) -> None:
        """Put the cursor on a way, as far as there are ways."""
        self.place = max(0, min(place, len(self.ways) - 1))
        self.refresh()

    def _rows(self) -> list[int | str]:
        """Give what each line shows: a way's place, a heading, or nothing; headings first go where there is no room."""
        rows: list[int | str] = []
        for place, way in enumerate(self.ways):
            if way.heading:
                rows += ["", way.heading] if rows else [way.heading]
            rows.append(place)
        return rows if len(rows) <= self.size.height else [*range(len(self.ways))]

    def line_style(self, y: int) -> Style:
        """The way under the cursor has a ground of its own."""
        rows = self._rows()
        return self.palette.cursor if y < len(rows) and rows[y] == self.place else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a way, or a heading."""
        rows, palette = self._rows(), self.palette
        row = rows[y] if y < len(rows) else ""
        if isinstance(row, str):
            return [(f" {row}", palette.strong)]
        here, way = row == self.place, self.ways[row]
        left: Line = [
            ("▌" if here else " ", palette.cursor_bar), (f"{row + 1} ", palette.key),
            (way.name, palette.strong if here else palette.text),
        ]  # fmt: skip
        return spread(left, [(f"{way.more} ", palette.muted)] if way.more else [], width, palette.text)

    def on_click(self, event: events.Click) -> None:
        """Choose the way that was clicked."""
        rows = self._rows()
        if event.y < len(rows) and isinstance(row := rows[event.y], int):
            self.post_message(self.Chosen(row))


class WayPage(Painted):
    """Shows what a way is about; scrolls where there is no room for all of it."""

    def __init__(self, look: Look) -> None:
        """Show nothing yet."""
        super().__init__(look, id="about")
        self._pipeline: Pipeline | None = None
        self._heading = self._more = ""
        self._paragraphs: tuple[str, ...] = ()
        self._lines: list[Line] = []
        self._made_for = (0, 0)
        self.top = 0

    def show_pipeline(self, pipeline: Pipeline, description: str) -> None:
        """Show a preset: what it is called, its stages, what they demand, its sources."""
        self._take(pipeline, pipeline.name, f"amounts in {pipeline.currency}", (description,))

    def show_text(self, heading: str, *paragraphs: str) -> None:
        """Show a few words of our own."""
        self._take(None, heading, "", paragraphs)

    def _take(self, pipeline: Pipeline | None, heading: str, more: str, paragraphs: tuple[str, ...]) -> None:
        self._pipeline, self._heading, self._more, self._paragraphs = pipeline, heading, more, paragraphs
        self._made_for, self.top = (0, 0), 0
        self.refresh()

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self._made_for = (0, 0)
        super().show_look(look)

    def page(self, steps: int) -> None:
        """Scroll so many pages."""
        self._make(self.size.width)
        height = max(1, self.size.height - 1)
        self.top = max(0, min(self.top + steps * height, len(self._lines) - self.size.height))
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        self.page(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.page(-1)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line, after the rule that parts it from the ways."""
        self._make(width)
        rule: Piece = ("│ ", self.palette.faint)
        below = len(self._lines) - self.top - self.size.height
        if y == self.size.height - 1 and below > 0:
            on = key_for(self.app, "first.page_down")
            return [rule, (f"{below + 1} more lines  {on}", self.palette.muted)]
        at = self.top + y
        return [rule, *self._lines[at]] if at < len(self._lines) else [rule]

    def _make(self, width: int) -> None:
        if self._made_for == (width, self.size.height) or width < 10:
            return
        self._made_for = (width, self.size.height)
        palette, room = self.palette, min(width, _WIDEST) - 3
        head = spread([(self._heading, palette.strong)], [(self._more, palette.muted)], room, palette.text)
        words = [[(line, palette.muted)] for text in self._paragraphs for line in (*_wrap(text, room), "")]
        self._lines = [head, *words]
        if self._pipeline is not None:
            whole = pipeline_lines(self._pipeline, self.look, room)
            fits = len(self._lines) + len(whole) <= self.size.height
            self._lines += whole if fits else pipeline_lines(self._pipeline, self.look, room, entries=False)


def pipeline_lines(pipeline: Pipeline, look: Look, room: int, *, entries: bool = True) -> list[Line]:
    """Give a pipeline in lines of so many cells: each stage with what it demands, then the sources.

    With `entries` each stage also says what a deal must fulfil to stand there.
    """
    palette = look.palette
    lines: list[Line] = []
    for rank, stage in enumerate(pipeline.board_order):
        color = look.stage_style(stage.kind.value, rank, stage.color)
        kind: Line = [] if stage.is_open else [(stage.kind.value, color)]
        lines.append(
            spread([("■ ", color), (fit(stage.name, room - 8).rstrip(), palette.text)], kind, room, palette.text)
        )
        for words in _wants(pipeline, stage):
            lead, _, rest = words.partition(" ")
            first, *more = _wrap(rest, room - 2 - len(lead) - 1) or [""]
            lines.append([(f"  {lead} ", palette.muted), (first, palette.text)])
            lines += [[(" " * (len(lead) + 3) + line, palette.text)] for line in more]
        if entries:
            lines += [[(f"  {line}", palette.muted)] for line in _wrap(stage.entry, room - 2)]
    sources = _wrap(f"sources {_AFTER.join(one.name for one in pipeline.sources)}", room)
    always = _wrap(f"Every deal has {_listed([_article(FIELD_LABELS[name]) for name in ALWAYS])}.", room)
    return [*lines, [], *([(line, palette.muted)] for line in (*sources, *always))]


def _wants(pipeline: Pipeline, stage: Stage) -> list[str]:
    """Say what a stage demands, and which details it has without demanding one."""
    choices = {
        "detail": [one.name for one in stage.details],
        "reason": [one.name for one in pipeline.reasons],
    }
    demanded = demands_of(stage)
    said = [
        f"demands {_article(FIELD_LABELS[name])}{': ' + _AFTER.join(choices[name]) if choices.get(name) else ''}"
        for name in demanded
    ]
    if stage.details and "detail" not in demanded:
        said.append(f"details {_AFTER.join(choices['detail'])}")
    return said


def _article(label: str) -> str:
    return f"{'an' if label[0] in 'aeio' else 'a'} {label}"


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _wrap(text: str, room: int) -> list[str]:
    """Give a text in lines of at most so many cells."""
    return [line.replace("\u00a0", " ") for line in textwrap.wrap(text, room, break_on_hyphens=False)]
