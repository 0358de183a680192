"""What is drawn on pages of figures: bars of several parts, their legend, and parts of a page side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from funneltui.tui.painting import width_of
from funneltui.tui.report_cells import PLAIN, bar_length, blank
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style


_WIDE = 160
"""From so many cells on a page has two halves."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how much it stands for, its sign and its ink, and the figure that a click on it goes to."""

    value: int
    sign: str
    style: Style
    figure: Figure | None = None


def stacked(parts: Sequence[Part], largest: int, room: int) -> list[Cell]:
    """Give a bar of `room` cells: its parts side by side, all of it against the largest of the bars beside it."""
    total = sum(part.value for part in parts)
    whole = bar_length(total, largest, room)
    cells, done, shown = [], 0, 0
    for part in parts:
        done += part.value
        end = round(whole * done / total) if total else 0
        cells.append(Cell(part.sign * (end - shown), part.style, part.figure, drawn=True))
        shown = end
    return [*cells, blank(room - shown)]


def marked(cells: Sequence[Cell], at: int, sign: str, style: Style) -> list[Cell]:
    """Give a bar with a mark in one of its cells, such as what was to be reached."""
    found, begin = [], 0
    for cell in cells:
        place = at - begin
        begin += len(cell.text)
        if not 0 <= place < len(cell.text):
            found.append(cell)
            continue
        before, after = cell.text[:place], cell.text[place + 1 :]
        found += [
            Cell(before, cell.style, cell.figure, cell.drawn), Cell(sign, style),
            Cell(after, cell.style, cell.figure, cell.drawn),
        ]  # fmt: skip
    return found


def half_of(width: int) -> int:
    """Give the cells that a part has which may stand beside another: half of a wide page, else all of it."""
    return width // 2 if width >= _WIDE else width


def beside(first: Sequence[Line], second: Sequence[Line], width: int) -> list[Line]:
    """Give two parts side by side, each in a half of a wide page; one below the other where there is no room for that."""
    half = half_of(width)
    if half == width or not first or not second or _widest(first) >= half or _widest(second) > width - half:
        return [*first, *([[]] if first and second else []), *second]
    none: Line = []
    pairs = zip_longest(map(_bare, first), second, fillvalue=none)
    return [[*one, blank(half - sum(width_of(cell.text) for cell in one)), *other] for one, other in pairs]


def _widest(lines: Sequence[Line]) -> int:
    return max(sum(width_of(cell.text) for cell in _bare(line)) for line in lines)


def _bare(line: Line) -> Line:
    """Give a line without the blanks at its end."""
    kept = list(line)
    while kept and not kept[-1].text.strip() and kept[-1].figure is None:
        kept.pop()
    return kept


def legend(parts: Sequence[tuple[str, str, Style]], muted: Style, room: int) -> list[Cell]:
    """Give what the signs of bars mean, as many of them as fit: each a sign, what it stands for, and its ink."""
    found, used = [Cell(" ", PLAIN)], 1
    for sign, name, style in parts:
        used += len(name) + 4
        if used - 2 > room:
            break
        found += [Cell(sign, style), Cell(f" {name}  ", muted)]
    return found
