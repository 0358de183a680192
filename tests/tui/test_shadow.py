"""The shadow of the screen: a terminal that gets only the differences shows what one does that gets everything."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate

from funneltui.tui.shadow import Difference, Shadow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import ConsoleOptions, RenderResult

WIDTH, HEIGHT = 16, 4
STYLES = [Style.parse(text) for text in ("red", "bold", "on blue", "reverse", "#7aa2f7 on #202c4a", "none")]
CELLS = st.sampled_from([*"abc █", "漢", "\U0001f600", "e\u0301", "字"])


class Writing(CompositorUpdate):
    """An update as the compositor makes them: runs of styled texts, each at a place."""

    def __init__(self, runs: Iterable[tuple[int, int, list[tuple[str, Style]]]]) -> None:
        self.runs = list(runs)

    def _segments(self) -> Iterator[Segment]:
        for x, y, texts in self.runs:
            yield Control.move_to(x, y).segment
            for text, style in texts:
                yield Segment(text, style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._segments()

    def render_segments(self, console: Console) -> str:
        return console._render_buffer(list(self._segments()))


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, int, list[tuple[str, Style]]]:
    """Give a run that stays within its line; a wide character is never cut in two."""
    x, y = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    room, texts = WIDTH - x, []
    for cells in draw(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=4)):
        kept = ""
        for cell in cells:
            if cell_len(cell) <= room:
                kept += cell
                room -= cell_len(cell)
        if kept:
            texts.append((kept, draw(st.sampled_from(STYLES))))
    return x, y, texts


def whole_lines(update: Writing, lines: dict[int, list[tuple[str, Style]]]) -> Writing:
    """Give an update of whole lines, so that no character is ever overwritten in half: what the compositor sends."""
    for x, y, texts in update.runs:
        cells = [("", Style.null())] * WIDTH
        place = 0
        for text, style in lines.get(y, [(" ", Style.null())] * WIDTH):
            cells[place] = (text, style)
            place += max(1, cell_len(text))
        place = x
        for text, style in texts:
            for cell in graphemes(text):
                wide = cell_len(cell)
                for covered in range(place, place + wide):
                    unpair(cells, covered)
                cells[place] = (cell, style)
                for covered in range(place + 1, place + wide):
                    cells[covered] = ("", style)
                place += wide
        lines[y] = [cell for cell in cells if cell[0]]
    touched = sorted({y for _, y, _ in update.runs})
    return Writing((0, y, lines[y]) for y in touched if y in lines)


def graphemes(text: str) -> list[str]:
    cells: list[str] = []
    for character in text:
        if cells and not cell_len(character):
            cells[-1] += character
        else:
            cells.append(character)
    return cells


def unpair(cells: list[tuple[str, Style]], place: int) -> None:
    """Blank both halves of a wide character that is about to be covered in part."""
    text, style = cells[place]
    if not text:
        start = place - 1
        cells[start], cells[place] = (" ", cells[start][1]), (" ", style)
    elif cell_len(text) == 2:
        cells[place], cells[place + 1] = (" ", style), (" ", cells[place + 1][1])


def console() -> Console:
    return Console(file=io.StringIO(), width=WIDTH, height=HEIGHT, color_system="truecolor", force_terminal=True)


def cells_of(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [[seen(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """Give what a person sees of a cell: of a blank nothing but its ground and the lines through it."""
    drawn = cell.underscore or cell.strikethrough or cell.reverse
    return (" ", cell.bg) if cell.data == " " and not drawn else tuple(cell)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.lists(runs(), min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_differences_show_what_everything_would_show(
    updates: list[list[tuple[int, int, list[tuple[str, Style]]]]],
) -> None:
    shadow, terminal = Shadow(), console()
    # A column more than is written to: pyte wraps an accent that follows the last one, as no terminal does.
    spared, full = pyte.Screen(WIDTH + 1, HEIGHT), pyte.Screen(WIDTH + 1, HEIGHT)
    narrow, wide = pyte.Stream(spared), pyte.Stream(full)
    lines: dict[int, list[tuple[str, Style]]] = {}
    for one in updates:
        update = whole_lines(Writing(one), lines)
        narrow.feed(Difference(shadow, update).render_segments(terminal))
        wide.feed(update.render_segments(terminal))
        assert cells_of(spared) == cells_of(full)


@settings(deadline=None)
@given(st.lists(runs(), min_size=1, max_size=4))
def test_what_is_shown_already_is_not_sent_again(one: list[tuple[int, int, list[tuple[str, Style]]]]) -> None:
    shadow, terminal = Shadow(), console()
    update = whole_lines(Writing(one), {})
    Difference(shadow, update).render_segments(terminal)
    assert Difference(shadow, update).render_segments(terminal) == ""


def test_one_cell_that_differs_costs_a_jump_and_a_cell() -> None:
    shadow, terminal = Shadow(), console()
    Difference(shadow, Writing([(0, 0, [("a" * WIDTH, Style.null())])])).render_segments(terminal)
    sent = Difference(shadow, Writing([(0, 0, [("a" * 9 + "b" + "a" * 6, Style.null())])])).render_segments(terminal)
    assert sent == "\x1b[1;10Hb"


def test_after_forgetting_everything_is_sent_again() -> None:
    shadow, terminal = Shadow(), console()
    update = Writing([(0, 1, [("abc", STYLES[0])])])
    first = Difference(shadow, update).render_segments(terminal)
    shadow.forget()
    assert Difference(shadow, update).render_segments(terminal) == first


def test_what_lies_outside_of_the_screen_is_left_out() -> None:
    shadow, terminal = Shadow(), console()
    assert Difference(shadow, Writing([(0, HEIGHT, [("abc", STYLES[0])])])).render_segments(terminal) == ""
    assert Difference(shadow, Writing([(WIDTH + 3, 0, [("abcdef", STYLES[0])])])).render_segments(terminal) == ""
    sent = Difference(shadow, Writing([(WIDTH - 2, 0, [("abc", Style.null())])])).render_segments(terminal)
    assert sent == f"\x1b[1;{WIDTH - 1}Hab"
