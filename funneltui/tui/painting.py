"""Painting lines of cells: text cut and padded to a width, pieces joined into a strip."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_INK = Style(color="default")
# Joined and modified emoji take different widths in different terminals: on cards they are left out.
_UNSURE = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=4096)
def fit(text: str, width: int) -> str:
    """Give `text` in exactly `width` cells: padded with blanks, or cut with an ellipsis."""
    if width <= 0:
        return ""
    text = plain(text)
    length = cell_len(text)
    if length == width:
        return text
    if length < width:
        return text + " " * (width - length)
    kept = set_cell_size(text, width - 1).rstrip(" –-") + "…"
    return kept + " " * (width - cell_len(kept))


def width_of(text: str) -> int:
    """Give the number of cells that a text takes once it is fitted."""
    return cell_len(plain(text))


def plain(text: str) -> str:
    """Give a text as it will be painted, so that it is measured as it will be seen: nothing invisible, no doubtful width."""
    return text if text.isascii() and text.isprintable() else _UNSURE.sub("", strip_controls(text))


def strip(pieces: Iterable[tuple[str, Style]], width: int, blank: Style) -> Strip:
    """Give a strip of exactly `width` cells from pieces of text with their styles, filled up with `blank`."""
    segments = [
        Segment(part, style)
        for text, ink in pieces
        if text
        for part, style in _without_lined_blanks(plain(text), _in_a_row(ink))
    ]
    length = sum(cell_len(segment.text) for segment in segments)
    if length < width:
        segments.append(Segment(" " * (width - length), blank))
        return Strip(segments, width)
    return Strip(segments, length).crop(0, width) if length > width else Strip(segments, width)


def _without_lined_blanks(text: str, style: Style) -> list[tuple[str, Style]]:
    """Give a text with its style; the blanks around an underlined one by themselves, with no line under them."""
    if not style.underline:
        return [(text, style)]
    words, bare = text.strip(" "), _not_underlined(style)
    before = text[: text.index(words)] if words else text
    after = text[len(before) + len(words) :]
    return [(part, ink) for part, ink in ((before, bare), (words, style), (after, bare)) if part]


@lru_cache(maxsize=256)
def _not_underlined(style: Style) -> Style:
    return style + Style(underline=False)


@lru_cache(maxsize=256)
def _in_a_row(style: Style) -> Style:
    """Give a style; without its ink on a reversed row, which 16 colours have under the cursor: there it would be a patch."""
    return style + _NO_INK if style.reverse and style.color else style


def wrapped(text: str, width: int) -> list[str]:
    """Give a text in lines of at most so many cells, as plain text; its own line breaks stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        clean = strip_controls(paragraph)
        lines += [one.plain for one in Content(clean).wrap(max(1, width))] if clean.strip() else [""]
    return lines


def spread(
    left: list[tuple[str, Style]], right: list[tuple[str, Style]], width: int, blank: Style
) -> list[tuple[str, Style]]:
    """Give pieces with the right ones pushed to the end; the left ones are cut when there is no room for both."""
    room = width - sum(width_of(text) for text, _ in right)
    used = 0
    kept: list[tuple[str, Style]] = []
    for text, style in left:
        free = room - used - (1 if right else 0)
        if free <= 0:
            break
        piece = text if width_of(text) <= free else fit(text, free)
        kept.append((piece, style))
        used += width_of(piece)
    return [*kept, (" " * max(0, room - used), blank), *right]
