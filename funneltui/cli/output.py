"""What commands print: lines, tables and JSON, every text of it harmless for a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

_PAGE = 200
_GAP = 2
_LABEL_WIDTH = 15


_END = "\n}"
"""What a JSON object of several lines ends with."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading; whether it holds numbers, which stand to the right and are never cut; the width
    down to which a text is cut when there is no room, by which it is also weighed against the others.
    """

    heading: str
    number: bool = False
    least: int = 6


def on_terminal() -> bool:
    """Tell whether a person reads what is printed: then tables have headings and fit the width."""
    return sys.stdout.isatty()


def say(text: str = "") -> None:
    """Print text, line by line, without anything that acts on a terminal."""
    for line in text.split("\n"):
        print(strip_controls(line))


def say_facts(*facts: tuple[str, str]) -> None:
    """Print labelled texts, a line each; what is empty is left out."""
    for label, text in facts:
        if text:
            say(f"  {label:<{_LABEL_WIDTH}} {text}")


def remark(text: str) -> None:
    """Print lines for people beside the output, on standard error."""
    print("\n".join(strip_controls(line) for line in text.splitlines()), file=sys.stderr)


def say_json(value: Any) -> None:
    """Print a value as JSON."""
    print(_json(value, indent=2))


def say_json_array(values: Iterable[Any]) -> None:
    """Print values as a JSON array, one a line, without holding them all."""
    opening = "["
    for value in values:
        print(f"{opening}\n{_json(value)}", end="")
        opening = ","
    print("[]" if opening == "[" else "\n]")


def say_json_object(fields: dict[str, Any], name: str, values: Iterable[Any]) -> None:
    """Print a JSON object of some fields and, as the last one, an array, one value a line, without holding them all."""
    print(f"{_json(fields, indent=2).removesuffix(_END)},\n  {_json(name)}: [", end="")
    between = ""
    for value in values:
        print(f"{between}\n    {_json(value)}", end="")
        between = ","
    print(f"{_END[0] + '  ' if between else ''}]{_END}")


def _json(value: Any, indent: int | None = None) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    if unicode and all(strip_controls(line) == line for line in text.split("\n")):
        return text
    # Escaped it means the same and does nothing to a terminal; JSON itself leaves DEL as it is.
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def say_rows(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: on a terminal a table that fits its width, else tab-separated lines without headings."""
    clean = ([strip_controls(cell) for cell in row] for row in rows)
    columns = [replace(column, heading=strip_controls(column.heading)) for column in columns]
    if on_terminal():
        _say_table(columns, clean)
        return
    for row in clean:
        print("\t".join(row))


def _say_table(columns: Sequence[Column], rows: Iterator[list[str]]) -> None:
    console = plain_console()
    widths: list[int] = []
    while page := list(islice(rows, _PAGE)):
        first = not widths
        widths = _wide_enough(columns, page, widths or _widths(columns, page, console.width))
        console.print(_table(columns, page, widths, headed=first))


def _wide_enough(columns: Sequence[Column], page: Sequence[Sequence[str]], widths: Sequence[int]) -> list[int]:
    """Give the widths with those of numbers as wide as the numbers of this page: none of them is ever cut."""
    from rich.cells import cell_len

    return [
        max(width, *(cell_len(row[place]) for row in page)) if column.number else width
        for place, (column, width) in enumerate(zip(columns, widths, strict=True))
    ]


def plain_console() -> Console:
    """Give a Rich console that takes nothing in a text for markup, and colours only as the environment wants it."""
    from rich.console import Console

    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, soft_wrap=False)


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int], *, headed: bool) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, show_header=headed, header_style="bold")
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.heading), justify="right" if column.number else "left", width=width, no_wrap=True,
            overflow="ellipsis",
        )  # fmt: skip
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Give the columns' widths: as wide as they need, the widest texts narrowed until all fit the room."""
    from rich.cells import cell_len

    widths = [
        max(cell_len(text) for text in (column.heading, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    texts = [place for place, column in enumerate(columns) if not column.number]
    excess = sum(widths) + _GAP * (len(columns) - 1) - room
    while excess > 0 and texts:
        widest = max(texts, key=lambda place: widths[place] / columns[place].least)
        if widths[widest] <= columns[widest].least:
            break
        widths[widest] -= 1
        excess -= 1
    return widths
