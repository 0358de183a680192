"""What pages of figures are built from: columns of numbers, bars, sparklines, headings; one way for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style

from funneltui.domain import money
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from funneltui.domain.metrics import Metrics
    from funneltui.tui.theming import Palette

PLAIN = Style.null()
NOTHING = "–"
"""What stands where there is no figure."""
_SPARKS = "▁▂▃▄▅▆▇"
"""The tallest leaves a gap, so that lines of them stay apart."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its heading, which stands above its end, and its width, the blanks before it included.

    Where there is no room for all columns those of the highest `rank` are left out first.
    """

    head: str
    width: int
    rank: int = 0


Told = tuple[str, Style, "Figure | None"]
"""What stands in a column: a text, its ink, and the figure that it is."""


def fitting(columns: Sequence[Column], room: int) -> tuple[Column, ...]:
    """Give the columns that fit into so many cells, in their order."""
    kept = list(columns)
    while len(kept) > 1 and sum(column.width for column in kept) > room:
        kept.remove(max(reversed(kept), key=lambda column: column.rank))
    return tuple(kept)


def row(told: Mapping[str, Told], columns: Iterable[Column]) -> list[Cell]:
    """Give the cells of a line: what it tells in each of the columns that are shown, by their headings."""
    return [cell for column in columns for cell in right(told[column.head][0], column, *told[column.head][1:])]


def right(text: str, column: Column, style: Style, figure: Figure | None = None) -> list[Cell]:
    """Give a number at the end of its column; the cursor stops at the number, not at the blanks before it."""
    text = text or NOTHING
    return [blank(max(1, column.width - width_of(text))), Cell(text, style, figure)]


def left(text: str, width: int, style: Style, figure: Figure | None = None) -> list[Cell]:
    """Give a text at the beginning of its column, cut to its width."""
    shown = fit(text, width)
    bare = shown.rstrip()
    return [Cell(bare, style, figure), blank(width - width_of(bare))]


def counted_in(its: Metrics, outcome: str) -> int:
    """Give how many of the open, won or lost deals are in the currency of the sums."""
    place = ("open", "won", "lost").index(outcome)
    return (its.open, its.won, its.lost)[place].count - sum(other[place].count for other in its.others.values())


def named(key: str, says: str, opens: str, n: int | None, *, can_be_named: bool) -> Figure:
    """Give a figure of a group; without a filter where none can name the group, see `services.figures.can_be_named`."""
    if can_be_named:
        return Figure(key, says, opens, n)
    return Figure(key, says, n=n, why="there is a quote in the group's name: no filter can list it")


def blank(width: int) -> Cell:
    """Give so many blanks."""
    return Cell(" " * max(0, width), PLAIN)


def heads(columns: Iterable[Column], style: Style) -> list[Cell]:
    """Give the headings of columns of numbers."""
    return [Cell(f"{column.head:>{column.width}}", style) for column in columns]


def title(text: str, palette: Palette, beside: str = "") -> Line:
    """Give the heading of a section, with quieter words beside it."""
    return [Cell(f" {text}", palette.strong), Cell(f"  {beside}" if beside else "", palette.muted)]


def words(text: str, width: int, style: Style) -> list[Line]:
    """Give a sentence as lines that break between words."""
    import textwrap

    return [[Cell(f" {line}", style)] for line in textwrap.wrap(text, max(20, width - 2))]


def no_deals(width: int, palette: Palette) -> list[Line]:
    """Give what stands on a page of figures of a workspace without deals: that there are none, and how they come."""
    first = Cell("adds the first one", palette.muted, action="deal.new")
    return [*words("There are no deals yet.", width, palette.text), [blank(1), first]]


def bar_length(value: int, largest: int, room: int) -> int:
    """Give how many cells of `room` stand for a value; what is not nothing has at least one."""
    length = round(room * value / largest) if largest else 0
    return 1 if value and not length else min(length, room)


def sparkline(values: Sequence[int], largest: int) -> str:
    """Give one sign a value, the higher the larger, against the largest of all that stand beside it; nothing is a blank."""
    most = len(_SPARKS)
    return "".join(_SPARKS[max(1, round(most * value / largest)) - 1] if value else " " for value in values)


def percent(rate: float | None) -> str:
    """Give a share as people read it, or what stands for none."""
    return NOTHING if rate is None else f"{rate * 100:.0f}%"


def compact(amount: int, currency: str, width: int = 8) -> str:
    """Give an amount in minor units as short as its column, or what stands for none."""
    return money.format_compact(amount, currency, width) if amount else NOTHING


def days(length: Fraction | None) -> str:
    """Give a length in days as people read it, or what stands for none."""
    return NOTHING if length is None else f"{float(length):.1f}"


def rounded(amount: Fraction, currency: str) -> str:
    """Give an amount that was worked out, such as a mean, in whole units: its cents say nothing."""
    unit = 10 ** money.minor_digits(currency)
    return money.format_full(round(amount / unit) * unit, currency)
